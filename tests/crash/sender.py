"""A sender that kills itself with SIGKILL at a named point: real processes, made by fork.

`python -m tests.crash.sender` is a fork server: it loads everything once, reads an order a line
from standard input (JSON, see `Order`), forks a sender for it, waits for its end, and answers with
how it ended. The points inside the HTTP line and inside a transaction are reached from outside:
nothing in the product knows of them.
"""

import json
import os
import random
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from httpcore._backends import sync
from pydantic import SecretStr
from sqlalchemy import event

from alerts.buckets import Limit
from alerts.channels.wecom_bot import WecomBotChannel, WecomBotSettings
from alerts.grouping import Gathering
from alerts.outbox import RetryPolicy, deliver_due
from alerts.rules import ChannelRule
from monitor.sending import StoringOutbox
from monitor.storage.session import Storage

LEASE = timedelta(seconds=60)
CHANNEL = "bot"

DOUBLING = ("body_sent", "answer_begun", "after_send", "before_record", "record_commit")
"""Where the vendor has taken the message and we have not written so: it goes out once more."""

POINTS = (
    "claim_commit",
    "after_claim",
    "before_send",
    "before_connect",
    "connected",
    "half_head",
    "half_body",
    *DOUBLING,
    "after_record",
    "refused_before_record",
    "refused_record_commit",
    "refused_rest_commit",
)
"""In the order in which a sender passes them; the last three when the vendor refuses."""

ANY_MOMENT = "any_moment"


@dataclass(frozen=True)
class Order:
    """One sender: its database and gateway, when it wakes (ISO), and where it dies."""

    address: str
    url: str
    now: str
    point: str = ""
    nth: int = 1
    after_seconds: float = 0.0


class Deadly:
    """Kills this very process when the point is reached for the n-th time."""

    def __init__(self, point: str, nth: int) -> None:
        self.point = point.removeprefix("refused_")
        self.nth = nth
        self.phase = "claim"

    def reached(self, point: str) -> None:
        if point == self.point:
            self.nth -= 1
            if self.nth == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def at(self, point: str) -> None:
        """A point of the sender itself."""
        self.phase = {"before_record": "record", "after_record": "claim"}.get(point, self.phase)
        self.reached(point)

    def before_commit(self, _connection: Any) -> None:
        """A transaction has done everything but commit."""
        self.reached(f"{self.phase}_commit")

    def watch_line(self) -> None:
        """Put the points of the HTTP line around the library's own calls."""
        connect, write, read = (
            sync.SyncBackend.connect_tcp,
            sync.SyncStream.write,
            sync.SyncStream.read,
        )
        deadly = self

        def watched_connect(backend: Any, *args: Any, **more: Any) -> Any:
            deadly.reached("before_connect")
            line = connect(backend, *args, **more)
            deadly.reached("connected")
            return line

        def watched_write(line: Any, content: bytes, timeout: float | None = None) -> None:
            part = "head" if content.startswith(b"POST ") else "body"
            if content and deadly.point == f"half_{part}":
                write(line, content[: len(content) // 2], timeout)
                deadly.reached(f"half_{part}")
                content = content[len(content) // 2 :]
            write(line, content, timeout)
            if part == "body" and content:
                deadly.reached("body_sent")

        def watched_read(line: Any, most: int, timeout: float | None = None) -> bytes:
            content = read(line, most, timeout)
            if content.startswith(b"HTTP/1.1"):
                deadly.reached("answer_begun")
            return content

        setattr(sync.SyncBackend, "connect_tcp", watched_connect)  # noqa: B010 - a test's own
        setattr(sync.SyncStream, "write", watched_write)  # noqa: B010
        setattr(sync.SyncStream, "read", watched_read)  # noqa: B010


class WatchedOutbox(StoringOutbox):
    """Says when the transaction begins that lets a channel rest."""

    deadly: Deadly

    def rest(self, channel: str, until: datetime) -> None:
        self.deadly.phase = "rest"
        super().rest(channel, until)
        self.deadly.phase = "claim"


def send(order: Order) -> None:
    """Send everything that is due, or die trying."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    deadly = Deadly(order.point, order.nth)
    if order.point:
        deadly.watch_line()
    if order.point == ANY_MOMENT:
        killer = threading.Timer(order.after_seconds, os.kill, (os.getpid(), signal.SIGKILL))
        killer.daemon = True
        killer.start()
    channel = WecomBotChannel(WecomBotSettings(SecretStr(order.url), name=CHANNEL))
    rule = ChannelRule(
        limits=(Limit(100_000, timedelta(minutes=1)),),
        gathering=Gathering(urgent_singles=2),
        fits=channel.fits,
    )
    storage = Storage(order.address)
    event.listen(storage.engine, "commit", deadly.before_commit)
    now = datetime.fromisoformat(order.now)
    outbox = WatchedOutbox(storage, {CHANNEL: rule})
    outbox.deadly = deadly
    deliver_due(
        outbox,
        {CHANNEL: channel},
        clock=lambda: now,
        lease=LEASE,
        retry=RetryPolicy(),
        limit=10_000,
        at=deadly.at,
    )
    storage.close()


class ForkServer:
    """The test's side: hands orders over and waits for how the senders ended."""

    def __init__(self, start: Callable[[], Any]) -> None:
        self.process = start()

    def order(self, order: Order) -> None:
        """Start a sender."""
        self.process.stdin.write(json.dumps(asdict(order)).encode() + b"\n")
        self.process.stdin.flush()

    def wait(self) -> int:
        """Wait for its end: 0, or the negative number of the signal that ended it."""
        return int(self.process.stdout.readline())

    def run(self, order: Order) -> int:
        """Start a sender and wait for its end."""
        self.order(order)
        return self.wait()

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def serve() -> None:
    """Fork a sender for every order."""
    for line in sys.stdin:
        order = Order(**json.loads(line))
        child = os.fork()
        if child == 0:
            status = 1
            try:
                random.seed()
                send(order)
                status = 0
            except BaseException:
                traceback.print_exc()
                raise
            finally:
                os._exit(status)
        _, ended = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(ended), flush=True)


if __name__ == "__main__":
    serve()
