"""Run the sample county and the collector as processes, on ports that the system gives."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.integration.collect_sink import JournalSink

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class CountyProcess:
    """A sample county of our own; its marker was checked."""

    address: str
    process: "subprocess.Popen[str]"

    def ask(self, path: str, method: str = "GET") -> Any:
        url = f"{self.address}/.well-known/qingxin-sample{path}"
        request = urllib.request.Request(url, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            body = answer.read()
        return json.loads(body) if body else None


@contextmanager
def run_county(folder: Path, *, pace: float) -> Iterator[CountyProcess]:
    """Serve a county until the block ends."""
    command = [sys.executable, "-m", "sample_county", "--data", str(folder), "--pace", str(pace)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            told = json.loads(process.stdout.readline())
            county = CountyProcess(told["address"], process)
            assert county.ask("")["marker"] == told["marker"]
            yield county
        finally:
            process.terminate()


@dataclass
class CollectorProcess:
    """The collector, and what it tells line by line."""

    process: "subprocess.Popen[str]"
    journal: Path

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def sink(self) -> JournalSink:
        """What is stored by now, read from the journal without disturbing it."""
        copy = self.journal.with_suffix(f".{time.monotonic_ns()}")
        copy.write_bytes(self.journal.read_bytes() if self.journal.exists() else b"")
        return JournalSink.open(copy)


@contextmanager
def run_collector(
    sources: Path, journal: Path, *, lease: float = 30, failing: str = "none"
) -> Iterator[CollectorProcess]:
    """Run the collector until the block ends."""
    module = "tests.integration.collect_process"
    command = [sys.executable, "-m", module, str(sources), str(journal), str(lease), failing]
    log = journal.with_suffix(f".{time.monotonic_ns()}.log")
    with (
        log.open("w", encoding="utf-8") as out,
        subprocess.Popen(command, stdout=out, stderr=out, text=True, cwd=ROOT) as process,
    ):
        try:
            yield CollectorProcess(process, journal)
        finally:
            if process.poll() is None:
                process.terminate()


def wait_until(condition: Callable[[], bool], *, seconds: float, what: str) -> None:
    """Wait for a condition, or fail naming it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.3)
    raise AssertionError(f"not within {seconds} s: {what}")


def write_source(folder: Path, name: str, **keys: Any) -> None:
    """Write a source file; values are TOML literals of Python values."""
    folder.mkdir(parents=True, exist_ok=True)
    keys = {
        "title": "测试",
        "family": "discuz",
        "basis": "help_section",
        "poll_every": "PT1S",
        "delay": "PT0S",
        "local": True,
        **keys,
    }
    rules = keys.pop("rules", {})
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items()]
    if rules:
        lines += ["[rules]", *(f"{key} = {json.dumps(rule)}" for key, rule in rules.items())]
    (folder / f"{name}.toml").write_text("\n".join(lines) + "\n", "utf-8")
