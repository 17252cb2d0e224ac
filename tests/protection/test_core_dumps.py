"""A process that dies leaves nothing of what it held."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

ENDS_BADLY = """
import ctypes, os, resource, sys
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
held = "电话" + "".join(map(str, range(3000)))
sys.argv = ["qingxin", *{words!r}]
try:
    from monitor.cli import main
    {call}
except SystemExit:
    pass
dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
print(resource.getrlimit(resource.RLIMIT_CORE)[0], dumpable, flush=True)
os.abort()
"""


def die(folder: Path, call: str) -> tuple[str, list[Path]]:
    """Abort a process that has run a command; what it said of itself, and the files it left."""
    done = subprocess.run(
        [sys.executable, "-c", ENDS_BADLY.format(words=["--help"], call=call)],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.splitlines()[-1], sorted(folder.iterdir())


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_a_command_that_dies_writes_no_core(tmp_path: Path) -> None:
    said, files = die(tmp_path, "main()")
    assert said == "0 0"
    assert files == []


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux's")
def test_the_question_finds_a_process_that_may_dump(tmp_path: Path) -> None:
    said, _files = die(tmp_path, "pass")
    assert said.endswith(" 1")
