"""An outbox in memory that keeps the promises of `tests/contracts/test_outbox_promises.py`."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from threading import Lock

from monitor.domain import AlertCard, Contact, Delivery, DeliveryState, Receipt
from monitor.errors import DeliveryError

CARD = AlertCard("【清薪】测试", ("用人单位：未说明",), "http://127.0.0.1/a/code", urgent=False)


@dataclass(frozen=True)
class Try:
    """One line of the record of tries."""

    delivery_id: int
    at: datetime
    outcome: str
    text: str = ""


@dataclass
class FakeOutbox:
    """Keeps deliveries in a dictionary; several senders may use it at once."""

    deliveries: dict[int, Delivery] = field(default_factory=dict)
    ended_alerts: set[int] = field(default_factory=set)
    tries: list[Try] = field(default_factory=list)
    rests: dict[str, datetime] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))
    _lock: Lock = field(default_factory=Lock)

    def add(
        self,
        due_at: datetime,
        *,
        channel: str = "fake",
        card: AlertCard = CARD,
        person: str = "wang",
        address: str = "",
        case_number: str = "",
    ) -> int:
        """Put one message in; return its number."""
        number = next(self._numbers)
        self.deliveries[number] = Delivery(
            delivery_id=number,
            alert_id=number,
            person=person,
            contact=Contact(channel, address),
            card=card,
            idempotency_key=f"delivery-{number}",
            state=DeliveryState.DUE,
            due_at=due_at,
            case_number=case_number,
        )
        return number

    def claim_next_due(self, now: datetime, lease: timedelta) -> Delivery | None:
        with self._lock:
            due = [
                each
                for each in self.deliveries.values()
                if each.state is DeliveryState.DUE
                and each.due_at <= now
                and self.rests.get(each.contact.channel, now) <= now
            ]
            if not due:
                return None
            first = min(due, key=lambda each: (each.card.lane, each.due_at, each.delivery_id))
            claimed = replace(first, due_at=now + lease, tries=first.tries + 1)
            self.deliveries[first.delivery_id] = claimed
            return claimed

    def is_still_wanted(self, delivery: Delivery) -> bool:
        kept = self.deliveries[delivery.delivery_id]
        return kept.state is DeliveryState.DUE and kept.alert_id not in self.ended_alerts

    def record_sent(self, delivery: Delivery, receipt: Receipt, now: datetime) -> None:
        self._set(delivery, state=DeliveryState.SENT)
        self.tries.append(Try(delivery.delivery_id, now, "sent", receipt.answer))

    def record_failure(
        self,
        delivery: Delivery,
        error_text: str,
        answer: str,
        *,
        permanent: bool,
        next_due_at: datetime | None,
        now: datetime,
    ) -> None:
        self.tries.append(Try(delivery.delivery_id, now, "failed", f"{error_text} {answer}"))
        if self.deliveries[delivery.delivery_id].state is not DeliveryState.DUE:
            return
        if permanent or next_due_at is None:
            self._set(delivery, state=DeliveryState.FAILED)
        else:
            kept = self.deliveries[delivery.delivery_id]
            self.deliveries[delivery.delivery_id] = replace(kept, due_at=next_due_at)

    def record_called_off(self, delivery: Delivery, now: datetime) -> None:
        if self.deliveries[delivery.delivery_id].state is DeliveryState.DUE:
            self._set(delivery, state=DeliveryState.CALLED_OFF)

    def rest(self, channel: str, until: datetime) -> None:
        self.rests[channel] = max(until, self.rests.get(channel, until))

    def end_alert(self, delivery_id: int) -> None:
        """Somebody acknowledged the alert of this delivery."""
        self.ended_alerts.add(self.deliveries[delivery_id].alert_id)

    def state_of(self, delivery_id: int) -> DeliveryState:
        return self.deliveries[delivery_id].state

    def _set(self, delivery: Delivery, *, state: DeliveryState) -> None:
        kept = self.deliveries[delivery.delivery_id]
        self.deliveries[delivery.delivery_id] = replace(kept, state=state)


@dataclass
class FakeChannel:
    """Takes every message, or fails with the errors that it was given, one a message."""

    name: str = "fake"
    failures: list[DeliveryError] = field(default_factory=list)
    taken: list[tuple[AlertCard, str, str]] = field(default_factory=list)

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append((card, address, idempotency_key))
        return Receipt("taken")
