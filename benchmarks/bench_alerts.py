"""How fast alerts leave: draining 10,000 that wait, and from a written case to the channel's hands.

`python -m benchmarks.bench_alerts [--waiting N] [--cases N]` prints Markdown. The vendors are fakes
that keep the real limits and would answer one message too many as the vendors do.
"""

import argparse
import math
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

import structlog
from pydantic import SecretStr
from sqlalchemy import text

from alerts.buckets import Limit
from alerts.channels.dingtalk import DingtalkChannel, DingtalkSettings
from alerts.channels.feishu import FeishuChannel, FeishuSettings
from alerts.channels.port import Channel
from alerts.channels.wecom_app import WecomAppChannel, WecomAppSettings
from alerts.channels.wecom_bot import WecomBotChannel, WecomBotSettings
from alerts.grouping import Gathering
from alerts.outbox import RetryPolicy, deliver_due
from alerts.rules import ChannelRule
from benchmarks.machine import ROOT, as_table, load_average, quantile, say
from monitor.bootstrap import read_clock
from monitor.sending import StoringOutbox
from monitor.storage.outbox import Which
from monitor.storage.session import Storage
from tests.conftest import write_settings
from tests.gateways.dingtalk import FakeDingtalk
from tests.gateways.feishu import FakeFeishu
from tests.gateways.serving import Asked, Gateway, Window, running
from tests.gateways.wecom import FakeWecom
from tests.gateways.wecom_app import FakeWecomApp
from tests.messages import link_of, put_message

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = MINUTE
CHANNELS = 10
MEMBER = "wangfang"


@dataclass
class PushedClock:
    """Moves only when it is pushed."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """The time now."""
        return self.now

    def seconds(self) -> float:
        """Since the start."""
        return (self.now - NOON).total_seconds()


@dataclass
class Vendor:
    """A gateway, our channel to it, its limit and what we let ourselves use of it."""

    gateway: Gateway
    channel: Channel
    most: int
    shipped: int
    own: bool = False


@contextmanager
def run_vendors(clock: PushedClock) -> Iterator[dict[str, Vendor]]:
    """Ten channels of four kinds, each with a gateway of its own on a port of its own."""
    with ExitStack() as stack:
        vendors: dict[str, Vendor] = {}
        for number in range(CHANNELS):
            kind = ("wecom_bot", "dingtalk", "feishu", "wecom_app")[number % 4]
            vendors[f"{kind}{number}"] = _make_vendor(kind, clock, stack)
        yield vendors


def _make_vendor(kind: str, clock: PushedClock, stack: ExitStack) -> Vendor:
    def seconds() -> float:
        return clock.now.timestamp()

    if kind == "wecom_bot":
        bot = stack.enter_context(running(FakeWecom(clock=clock.seconds)))
        return Vendor(bot, WecomBotChannel(WecomBotSettings(SecretStr(bot.url))), 20, 15)
    if kind == "dingtalk":
        ding = stack.enter_context(
            running(FakeDingtalk(clock=clock.seconds, wall_clock=seconds, secret=None))
        )
        channel = DingtalkChannel(DingtalkSettings(SecretStr(ding.url)), clock)
        return Vendor(ding, channel, 20, 15)
    if kind == "feishu":
        feishu = stack.enter_context(
            running(FakeFeishu(clock=clock.seconds, wall_clock=seconds, secret=None))
        )
        return Vendor(feishu, FeishuChannel(FeishuSettings(SecretStr(feishu.url)), clock), 100, 75)
    app = stack.enter_context(
        running(FakeWecomApp(clock=clock.seconds, members=frozenset({MEMBER})))
    )
    settings = WecomAppSettings(
        app.corp_id, app.agent_id, SecretStr(app.secret), endpoint=app.origin
    )
    return Vendor(app, WecomAppChannel(settings), 30, 25, own=True)


def make_rule(vendor: Vendor, *, most: int, gathers: bool) -> ChannelRule:
    """What the channel may do: a number a minute, and Feishu's second."""
    limits = [Limit(most, MINUTE)]
    if isinstance(vendor.gateway, FakeFeishu):
        limits.append(Limit(4, timedelta(seconds=1)))
    rule = ChannelRule(
        gathering=Gathering() if gathers else None,
        fits=getattr(vendor.channel, "fits", lambda _card: True),
    )
    if vendor.own:  # WecomApp counts a member, and an hour beside the minute
        limits.append(Limit(1_000, timedelta(hours=1)))
        return replace(rule, address_limits=tuple(limits))
    return replace(rule, limits=tuple(limits))


def ideal_seconds(vendor: Vendor, messages: int, most: int) -> float:
    """The shortest time in which a vendor takes so many: a full window at once, then the next.

    Feishu's second holds inside its minute, WeCom's hour (for one member) above it.
    """
    windows = max(0, math.ceil(messages / most) - 1)
    seconds = windows * 60.0
    if isinstance(vendor.gateway, FakeFeishu) and messages:
        seconds += (messages - windows * most - 1) // 5
    if vendor.own and messages > 1_000:
        seconds = max(seconds, (math.ceil(messages / 1_000) - 1) * 3_600.0)
    return seconds


def drain(address: str, waiting: int, *, shipped: bool) -> str:
    """Let so many alerts wait on ten channels, and send them all on a pushed clock."""
    clock = PushedClock()
    storage = Storage(address)
    storage.migrate()
    with run_vendors(clock) as vendors:
        names = [*vendors]
        with storage.work() as rows:
            for number in range(waiting):
                put_message(
                    rows, number, now=NOON, channel=names[number % CHANNELS], address=MEMBER
                )
        rules = {
            name: make_rule(each, most=each.shipped if shipped else each.most, gathers=shipped)
            for name, each in vendors.items()
        }
        began = perf_counter()
        ended = _send_all(storage, vendors, rules, clock)
        took = perf_counter() - began
        lines = [
            _describe(name, vendors[name], ended[name], shipped=shipped, waiting=waiting)
            for name in names
        ]
    storage.close()
    head = ["channel", "alerts", "messages", "vendor's limit a minute", "ours", "drained in (s)"]
    head += ["shortest that ours allows (s)", "share of it", "refused or dropped", "alerts missing"]
    total = sum(len(vendors[name].gateway.taken) for name in names)
    return (
        f"{as_table(head, lines)}\n\n{waiting:,} alerts left in {total:,} messages; the pushed "
        f"clock stood at {clock.seconds():,.0f} s; by the real clock {took:.0f} s "
        f"({took / max(1, total) * 1000:.1f} ms a message, claim and record included)."
    )


def _send_all(
    storage: Storage,
    vendors: Mapping[str, Vendor],
    rules: Mapping[str, ChannelRule],
    clock: PushedClock,
) -> dict[str, float]:
    """Send round after round; the clock jumps to when something is due again."""
    channels = {name: each.channel for name, each in vendors.items()}
    ended = dict.fromkeys(vendors, 0.0)
    while True:
        for name in vendors:
            outbox = StoringOutbox(storage, rules, Which(only=name))
            done = deliver_due(
                outbox, channels, clock=clock, lease=LEASE, retry=RetryPolicy(), limit=10_000
            )
            if done.sent:
                ended[name] = clock.seconds()
        with storage.engine.connect() as connection:
            due = connection.execute(
                text("SELECT MIN(due_at) FROM deliveries WHERE state = 'due'")
            ).scalar()
        if due is None:
            return ended
        at = datetime.fromisoformat(due) if isinstance(due, str) else due
        clock.now = max(clock.now, at if at.tzinfo else at.replace(tzinfo=UTC))


def _describe(
    name: str, vendor: Vendor, seconds: float, *, shipped: bool, waiting: int
) -> list[str]:
    used = vendor.shipped if shipped else vendor.most
    messages = len(vendor.gateway.taken)
    ideal = ideal_seconds(vendor, messages, used)
    told = str(vendor.gateway.taken)
    mine = [n for n in range(waiting) if list_channel(n) == int(name[-1])]
    missing = sum(link_of(n) not in told for n in mine)
    refused = vendor.gateway.refused + getattr(vendor.gateway, "dropped", 0)
    share = f"{ideal / seconds:.1%}" if seconds else "at once"
    cells = [len(mine), messages, vendor.most, used]
    return [
        name,
        *map(str, cells),
        f"{seconds:.0f}",
        f"{ideal:.0f}",
        share,
        str(refused),
        str(missing),
    ]


def list_channel(number: int) -> int:
    """The channel that an alert waits on."""
    return number % CHANNELS


# ---------------------------------------------------------------- from the case to the channel


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


def main() -> None:
    """Measure, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=10_000, help="alerts that wait")
    parser.add_argument("--cases", type=int, default=120, help="cases written, one a second")
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    print("## Alerts: draining a queue, and from the case to the channel\n")
    print("Command: `python -m benchmarks.bench_alerts` (`--waiting N`, `--cases N`).\n")
    with tempfile.TemporaryDirectory(prefix="qingxin-bench-") as folder:
        for shipped in (True, False):
            say(f"draining {options.waiting:,} alerts, {'as shipped' if shipped else 'one by one'}")
            kind = "as shipped" if shipped else "one message an alert, at the vendors' full limits"
            print(f"### {options.waiting:,} alerts wait on ten channels, SQLite: {kind}\n")
            address = f"sqlite:///{folder}/drain-{shipped}.db"
            print(drain(address, options.waiting, shipped=shipped), "\n")
        say(f"writing {options.cases} cases beside a real worker")
        found = measure_latency(f"sqlite:///{folder}/latency.db", Path(folder), options.cases)
    print(
        "### From a case that is written to the message in the channel's hands, SQLite\n\n"
        f"`qingxin work` as shipped (a look every 0.5 s), one case a second, each told through ten "
        f"bots over HTTP; limits lifted. {found}. Goal: p99 ≤ 2 s."
    )


if __name__ == "__main__":
    main()
