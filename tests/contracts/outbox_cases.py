"""The outboxes that must keep the promises, and how a test puts messages into each.

To add one, write a function that yields an `OutboxCase` and name it in `OUTBOX_CASES`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alerts.outbox import Outbox
from monitor.domain import DeliveryState
from tests.fakes_outbox import FakeOutbox


@dataclass(frozen=True)
class OutboxCase:
    """An outbox and the three things that a promise needs beside its port.

    `seed` adds a message that is due at an instant and returns its delivery number; `end_alert`
    acknowledges the alert of a delivery, leaving the delivery itself to the sender.
    """

    outbox: Outbox
    seed: Callable[[datetime], int]
    end_alert: Callable[[int], None]
    state_of: Callable[[int], DeliveryState]


@contextmanager
def fake_case(_folder: Path) -> Iterator[OutboxCase]:
    fake = FakeOutbox()
    yield OutboxCase(fake, fake.add, fake.end_alert, fake.state_of)


OUTBOX_CASES: dict[str, Callable[[Path], AbstractContextManager[OutboxCase]]] = {
    "fake": fake_case,
}
