"""The outboxes that must keep the promises, and how a test puts messages into each.

To add one, write a function that yields an `OutboxCase` and name it in `OUTBOX_CASES`.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from alerts.outbox import Outbox
from monitor.domain import DeliveryState, Through
from monitor.sending import StoringOutbox
from monitor.storage.session import Storage
from tests.fakes_outbox import FakeOutbox
from tests.messages import put_message


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
def fake_case(_address: str) -> Iterator[OutboxCase]:
    fake = FakeOutbox()
    yield OutboxCase(fake, fake.add, fake.end_alert, fake.state_of)


@contextmanager
def stored_case(address: str) -> Iterator[OutboxCase]:
    storage = Storage(address)
    storage.migrate()
    alert_of: dict[int, int] = {}

    def seed(due_at: datetime) -> int:
        key = secrets.token_hex(6)
        with storage.work() as rows:
            alert_id = put_message(rows, 1, now=due_at, channel="terminal", address="", key=key)
            number = rows.alerts.list_deliveries([alert_id])[0].delivery_id
        alert_of[number] = alert_id
        return number

    def end_alert(delivery_id: int) -> None:
        with storage.work() as rows:
            alert = rows.alerts.find(alert_of[delivery_id])
            assert alert is not None
            rows.alerts.acknowledge_alert_only(
                alert.alert_id, "zhou", Through.DESK, alert.new.raised_at
            )

    def state_of(delivery_id: int) -> DeliveryState:
        with storage.look() as rows:
            return rows.alerts.list_deliveries([alert_of[delivery_id]])[0].state

    try:
        yield OutboxCase(StoringOutbox(storage), seed, end_alert, state_of)
    finally:
        storage.close()


OUTBOX_CASES: dict[str, Callable[[str], AbstractContextManager[OutboxCase]]] = {
    "fake": fake_case,
    "sqlite": stored_case,
    "postgres": stored_case,
}
