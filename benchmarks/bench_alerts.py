"""How fast alerts leave: draining 10,000 that wait, and from a written case to the channel's hands.

`python -m benchmarks.bench_alerts [--waiting N] [--cases N]` prints Markdown. The vendors are fakes
that keep the real limits and would answer one message too many as the vendors do.
"""

import argparse
import math
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import psycopg
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
from benchmarks.case_to_channel import CHANNELS, MEMBER, measure_latency
from benchmarks.machine import as_table, say
from benchmarks.office import find_postgres, run_postgres
from monitor.sending import StoringOutbox
from monitor.storage.outbox import Which
from monitor.storage.session import Storage
from tests.gateways.dingtalk import FakeDingtalk
from tests.gateways.feishu import FakeFeishu
from tests.gateways.serving import Gateway, running
from tests.gateways.wecom import FakeWecom
from tests.gateways.wecom_app import FakeWecomApp
from tests.messages import link_of, put_message

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = MINUTE


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
    longest = max(
        ideal_seconds(each, len(each.gateway.taken), each.shipped if shipped else each.most)
        for each in vendors.values()
    )
    return (
        f"{as_table(head, lines)}\n\n{waiting:,} alerts left in {total:,} messages; the pushed "
        f"clock stood at {clock.seconds():,.0f} s where the limits allow {longest:,.0f} s "
        f"({longest / max(1.0, clock.seconds()):.1%}); by the real clock {took:.0f} s "
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


def main() -> None:
    """Measure, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waiting", type=int, default=10_000, help="alerts that wait")
    parser.add_argument("--cases", type=int, default=120, help="cases written, one a second")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    print("## Alerts: draining a queue, and from the case to the channel\n")
    print("Command: `python -m benchmarks.bench_alerts` (`--waiting N`, `--cases N`, `--only`).\n")
    print(
        "Feishu allows 5 a second and we use 4: a refusal would still the bot for a minute; the "
        "margin costs a second and a half in a storm.\n"
    )
    if options.only != "postgresql":
        with tempfile.TemporaryDirectory(prefix="qingxin-bench-") as folder:
            measure("SQLite", lambda name: f"sqlite:///{folder}/{name}.db", options)
    binaries = find_postgres()
    if options.only != "sqlite" and binaries is not None:
        with run_postgres(binaries) as server:
            measure("PostgreSQL", lambda name: make_database(server, name), options)


def measure(shown: str, make: Callable[[str], str], options: argparse.Namespace) -> None:
    """Drain as shipped and at the full limits, then follow cases to the channels."""
    for shipped in (True, False):
        kind = "as shipped" if shipped else "one message an alert, at the vendors' full limits"
        say(f"{shown}: draining {options.waiting:,} alerts, {kind}")
        print(f"### {options.waiting:,} alerts wait on ten channels, {shown}: {kind}\n")
        found = drain(make(f"drain_{shipped}".lower()), options.waiting, shipped=shipped)
        print(found, "\n", flush=True)
    say(f"{shown}: writing {options.cases} cases beside a real worker")
    with tempfile.TemporaryDirectory(prefix="qingxin-bench-") as folder:
        found = measure_latency(make("latency"), Path(folder), options.cases)
    print(
        f"### From a case that is written to the message in the channel's hands, {shown}\n\n"
        f"`qingxin work` as shipped (a look every 0.5 s), one case a second, each told through ten "
        f"bots over HTTP; limits lifted. {found}. Goal: p99 ≤ 2 s.\n",
        flush=True,
    )


def make_database(server: str, name: str) -> str:
    """Make an empty database beside the server's own; give its address."""
    root = server.rpartition("/")[0]
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    return f"{root}/{name}"


if __name__ == "__main__":
    main()
