"""How long it takes from a case that is written until every channel has its message in hand."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.machine import ROOT, load_average, quantile
from monitor.bootstrap.app import read_clock
from monitor.storage.session import Storage
from tests.conftest import write_settings
from tests.gateways.serving import Asked, Window, running
from tests.gateways.wecom import FakeWecom
from tests.messages import put_message

CHANNELS = 10
MEMBER = "wangfang"


@dataclass
class Arrivals(FakeWecom):
    """A bot without a limit that remembers when each alert was handed over."""

    minute: Window = field(default_factory=lambda: Window(10**9, 60))
    at: dict[str, float] = field(default_factory=dict)

    def judge(self, asked: Asked) -> dict[str, Any]:
        """Take everything, and note when."""
        answer = super().judge(asked)
        link = self.taken[-1]["markdown"]["content"].partition("/a/")[2][:24]
        self.at[link] = perf_counter()
        return answer


def measure_latency(database: str, folder: Path, cases: int) -> str:
    """Run the real `qingxin work` and write cases beside it, one after another."""
    with ExitStack() as stack:
        bots = [stack.enter_context(running(Arrivals())) for _ in range(CHANNELS)]
        settings = write_settings(
            folder,
            database__address=f'"{database}"',
            sample__enabled="false",
            alerts__urgent_singles="50",
        )
        with settings.open("a", encoding="utf-8") as file:
            for number in range(CHANNELS):
                file.write(f'\n[channels.bot{number}]\nkind = "wecom_bot"\nper_minute = 1000\n')
        environment = {
            f"MONITOR_CHANNELS__BOT{number}__URL": bot.url for number, bot in enumerate(bots)
        }
        storage = Storage(database)
        storage.migrate()
        worker = _start_worker(settings, folder, environment)
        try:
            waits = _write_cases(storage, bots, cases)
        finally:
            worker.terminate()
            worker.wait(timeout=60)
            storage.close()
    shown = [f"{quantile(waits, share):.2f}" for share in (0.5, 0.95, 0.99)]
    return (
        ", ".join(
            f"{name} {value} s" for name, value in zip(("p50", "p95", "p99"), shown, strict=True)
        )
        + f", longest {max(waits):.2f} s, over {len(waits):,} messages (load {load_average():.1f})"
    )


def _start_worker(
    settings: Path, folder: Path, environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    log = (folder / "work.log").open("wb")
    worker = subprocess.Popen(
        [sys.executable, "-m", "monitor.cli", "work", "--settings", settings],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=log,
        stderr=log,
    )
    log.close()
    _wait_for(
        lambda: b"role.started" in (folder / "work.log").read_bytes(), 120, "the worker starts"
    )
    return worker


def _write_cases(storage: Storage, bots: list[Arrivals], cases: int) -> list[float]:
    """One case a second, each told through all ten channels; seconds until each was handed over."""
    written: dict[int, float] = {}
    for number in range(cases):
        with storage.work() as rows:
            for channel in range(CHANNELS):
                put_message(
                    rows,
                    number,
                    now=read_clock(),
                    channel=f"bot{channel}",
                    address=MEMBER,
                    key=f"{number}-{channel}",
                )
        written[number] = perf_counter()
        time.sleep(1.0)
    expected = {f"{number:024}" for number in range(cases)}
    _wait_for(
        lambda: all(expected <= set(bot.at) for bot in bots), 120, "every message is handed over"
    )
    return [bot.at[f"{number:024}"] - at for number, at in written.items() for bot in bots]


def _wait_for(what: Callable[[], bool], seconds: float, why: str) -> None:
    end = perf_counter() + seconds
    while not what():
        if perf_counter() > end:
            raise SystemExit(f"waited {seconds:.0f} s in vain: {why}")
        time.sleep(0.05)
