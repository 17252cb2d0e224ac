"""The crash matrix: a sender killed with SIGKILL at named points, on both databases.

QINGXIN_CRASHES sets how often each point is tried (3; the full scale is 100). Whatever happens,
nothing is lost; at most one message a crash goes out twice, and then with the same bytes.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain import DeliveryState
from monitor.storage.session import Storage
from tests.crash.sender import ANY_MOMENT, CHANNEL, DOUBLING, LEASE, POINTS, ForkServer, Order
from tests.gateways.serving import Window, running
from tests.gateways.wecom import FakeWecom
from tests.messages import link_of, put_message

pytestmark = [pytest.mark.crash, pytest.mark.slow, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CRASHES = int(os.environ.get("QINGXIN_CRASHES", "3"))
TOGETHER = 7
"""So many alerts to one address that they go out as one message."""

MESSAGES = 3


def start_fork_server() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.crash.sender"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )


@pytest.fixture(scope="module")
def senders() -> Iterator[ForkServer]:
    server = ForkServer(start_fork_server)
    yield server
    server.close()


@dataclass
class Matrix:
    """One database, one gateway, and what must have arrived."""

    storage: Storage
    address: str
    gateway: FakeWecom
    now: datetime = NOON
    made: int = 0
    links: set[str] = field(default_factory=set)
    alerts: list[int] = field(default_factory=list)

    def add(self, address: str) -> None:
        """Put one urgent alert into the outbox."""
        self.made += 1
        with self.storage.work() as rows:
            alert_id = put_message(rows, self.made, now=self.now, channel=CHANNEL, address=address)
        self.links.add(link_of(self.made))
        self.alerts.append(alert_id)

    def order(self, **more: object) -> Order:
        return Order(self.address, self.gateway.url, self.now.isoformat(), **more)  # type: ignore[arg-type]

    def count_by_link(self) -> Counter[str]:
        """How many messages named each alert."""
        texts = [message["markdown"]["content"] for message in self.gateway.taken]
        return Counter({link: sum(link in text for text in texts) for link in self.links})

    def unsent(self) -> list[DeliveryState]:
        with self.storage.look() as rows:
            found = rows.alerts.list_deliveries(self.alerts)
        return [each.state for each in found if each.state is not DeliveryState.SENT]

    def begin(self) -> None:
        """Forget the last crash; its messages are done with."""
        self.gateway.taken.clear()
        self.gateway.bodies.clear()
        self.links.clear()
        self.alerts.clear()
        self.now += timedelta(hours=1)


@pytest.fixture
def matrix(database_address: str) -> Iterator[Matrix]:
    storage = Storage(database_address)
    storage.migrate()
    gateway = FakeWecom(minute=Window(10**9, 60))
    with running(gateway):
        yield Matrix(storage, database_address, gateway)
    storage.close()


def crash_once(matrix: Matrix, senders: ForkServer, point: str, chance: random.Random) -> int:
    """Kill a sender at a point, let another finish; say how many messages went out twice."""
    matrix.begin()
    for address in ("li", "zhao", *["wang"] * TOGETHER):
        matrix.add(address)
    if point.startswith("refused"):
        matrix.gateway.mode = "http_429" if "rest" in point else "busy"
    nth = 1 if "rest" in point else chance.randint(1, MESSAGES)
    delay = chance.uniform(0.0, 0.06) if point == ANY_MOMENT else 0.0
    ended = senders.run(matrix.order(point=point, nth=nth, after_seconds=delay))
    assert ended == -9 or (point == ANY_MOMENT and ended == 0), f"{point} was never reached"
    matrix.gateway.mode = "normal"
    wait_until_quiet(matrix.gateway)
    matrix.now += LEASE
    assert senders.run(matrix.order()) == 0
    counts = matrix.count_by_link()
    assert [link for link in matrix.links if counts[link] == 0] == [], f"lost at {point}"
    assert matrix.unsent() == [], f"taken but not recorded at {point}"
    twice = [body for body, times in Counter(matrix.gateway.bodies).items() if times > 1]
    # Whatever came twice came with the same bytes: no alert stands in two different messages.
    assert sum(counts.values()) == sum(body.count(b"/a/0") for body in matrix.gateway.bodies)
    assert len(matrix.gateway.bodies) == MESSAGES + len(twice), "doubled, but not recognisable"
    return len(twice)


def wait_until_quiet(gateway: FakeWecom) -> None:
    """Wait until the gateway has dealt with what the dead sender had put on the line."""
    seen, until = -1, time.monotonic() + 5
    while time.monotonic() < until:
        with gateway.lock:
            now = len(gateway.asked) + gateway.hung_up
        if now == seen and gateway.serving == 0:
            return
        seen = now
        time.sleep(0.005)


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_sender_loses_nothing_and_doubles_at_most_one(
    matrix: Matrix, senders: ForkServer, point: str
) -> None:
    chance = random.Random(point)
    doubled = [crash_once(matrix, senders, point, chance) for _ in range(CRASHES)]
    assert set(doubled) == {int(point in DOUBLING)}


def test_a_sender_killed_at_any_moment_loses_nothing_and_doubles_at_most_one(
    matrix: Matrix, senders: ForkServer
) -> None:
    chance = random.Random(20261125)
    doubled = [crash_once(matrix, senders, ANY_MOMENT, chance) for _ in range(CRASHES)]
    assert set(doubled) <= {0, 1}


def test_two_senders_at_once_send_nothing_twice(matrix: Matrix, senders: ForkServer) -> None:
    second = ForkServer(start_fork_server)
    try:
        for _ in range(max(2, CRASHES // 10)):
            matrix.begin()
            for number in range(40):
                matrix.add(f"member{number}" if number % 2 else "wang")
            senders.order(matrix.order())
            second.order(matrix.order())
            assert (senders.wait(), second.wait()) == (0, 0)
            assert set(matrix.count_by_link().values()) == {1}
            assert matrix.unsent() == []
    finally:
        second.close()


def test_one_of_two_senders_is_killed_and_nothing_is_lost(
    matrix: Matrix, senders: ForkServer
) -> None:
    second = ForkServer(start_fork_server)
    chance = random.Random(7)
    try:
        for _ in range(max(2, CRASHES // 10)):
            matrix.begin()
            for number in range(20):
                matrix.add(f"member{number}")
            point = chance.choice(POINTS[:-3])
            senders.order(matrix.order(point=point, nth=chance.randint(1, 4)))
            second.order(matrix.order())
            assert second.wait() == 0
            assert senders.wait() in {0, -9}
            wait_until_quiet(matrix.gateway)
            matrix.now += LEASE
            assert second.run(matrix.order()) == 0
            counts = matrix.count_by_link()
            assert min(counts.values()) == 1
            assert sum(counts.values()) <= len(counts) + 1
            assert matrix.unsent() == []
    finally:
        second.close()
