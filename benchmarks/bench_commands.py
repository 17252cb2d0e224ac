"""How long a command takes from its start to its end: `python -m benchmarks.bench_commands`.

Every command is started anew, several times, as somebody types it, on an installation of its own in
a folder that is thrown away. What is measured is nearly all loading: each is given as little to do
as it can have.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import ROOT, as_table, load_average, say

_LINE = '{"id": 1, "title": "问一下", "text": "工地干了半年一分钱没见着，包工头电话打不通"}\n'
_COMMANDS = (
    ("--help",),
    ("report", "--help"),
    ("source", "list"),
    ("mask", "-"),
    ("assess", "-"),
    ("check", "--json"),
    ("roster", "show"),
    ("user", "list"),
    ("report", "list"),
    ("disclose",),
)
_WITHOUT_SETTINGS = frozenset({("--help",), ("report", "--help"), ("mask", "-")})


def write_settings(folder: Path) -> Path:
    """The shipped settings with a database and data of their own."""
    text = (ROOT / "settings.toml").read_text("utf-8")
    for name in ("spiders/sources", "models/artefacts"):
        text = text.replace(f'"{name}"', f'"{ROOT}/{name}"')
    text = text.replace("sqlite:///data/qingxin.db", f"sqlite:///{folder}/qingxin.db")
    text = text.replace('folder = "data"', f'folder = "{folder}/data"')
    path = folder / "settings.toml"
    path.write_text(text, "utf-8")
    return path


def run(words: tuple[str, ...], settings: Path) -> tuple[float, float, float]:
    """Run a command once; seconds by the clock, seconds of processor, megabytes at the most."""
    own = () if words in _WITHOUT_SETTINGS else ("--settings", str(settings))
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", *words, *own],
        cwd=settings.parent,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdin is not None
    process.stdin.write(_LINE.encode())
    process.stdin.close()
    _, status, used = os.wait4(process.pid, 0)
    # `check` ends with 1 where this installation has something to mend; nothing may end by a fault.
    if os.waitstatus_to_exitcode(status) not in {0, 1}:
        raise SystemExit(f"qingxin {' '.join(words)} failed")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="qingxin-commands-") as name:
        settings = write_settings(Path(name))
        run(("user", "list"), settings)  # the first command of an installation makes the database
        for words in _COMMANDS:
            say(" ".join(words))
            runs = [run(words, settings) for _ in range(options.rounds)]
            clocks, processors, memories = zip(*runs, strict=True)
            rows.append(
                (
                    f"`qingxin {' '.join(words)}`",
                    f"{min(clocks):.2f}",
                    f"{max(clocks):.2f}",
                    f"{min(processors):.2f}",
                    f"{max(memories):.0f}",
                )
            )
    print(
        "## Commands\n\nCommand: `python -m benchmarks.bench_commands`. Each with as little to do "
        f"as it\ncan have, started {options.rounds} times; load {load_average():.1f}.\n"
    )
    head = ("command", "best, s", "worst, s", "processor (best), s", "memory, MB")
    print(as_table(head, rows))


if __name__ == "__main__":
    main()
