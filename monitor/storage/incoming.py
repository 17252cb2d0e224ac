"""What vendors say later: receipts and answers, each written down once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from monitor.domain import AlertState, DeliveryState
from monitor.storage.tables import (
    AlertRow,
    BundledDeliveryRow,
    BundleRow,
    DeliveryAttemptRow,
    DeliveryRow,
    IncomingRow,
    VendorMessageRow,
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """One receipt or answer. `key` is the same when it comes a second time."""

    key: str
    channel: str
    kind: str
    at: datetime
    received_at: datetime
    delivery_id: int | None
    outcome: str
    answer: str


@dataclass(frozen=True, slots=True)
class Told:
    """A message that went to an address, and the alert that it carried."""

    delivery_id: int
    alert_id: int
    person: str
    state: DeliveryState


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A message that was taken and of which no receipt has come."""

    vendor_id: str
    address: str
    sent_at: datetime


class IncomingRepository:
    """The tables `incoming` and `vendor_messages`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def add(self, incoming: Incoming) -> bool:
        """Write one down; False when it is known already."""
        known = self._db.scalar(select(IncomingRow.key).where(IncomingRow.key == incoming.key))
        if known is not None:
            return False
        self._db.execute(
            insert(IncomingRow).values(
                key=incoming.key,
                channel=incoming.channel,
                kind=incoming.kind,
                at=incoming.at,
                received_at=incoming.received_at,
                delivery_id=incoming.delivery_id,
                outcome=incoming.outcome,
                answer=incoming.answer[:500],
            )
        )
        return True

    def find_told(self, channel: str, vendor_id: str, out_id: str) -> list[Told]:
        """Find the deliveries of a vendor's number, or of our own key where that is unknown."""
        by_number = self._told(
            DeliveryRow.id.in_(
                select(VendorMessageRow.delivery_id).where(
                    VendorMessageRow.channel == channel, VendorMessageRow.vendor_id == vendor_id
                )
            )
        )
        if by_number or not out_id:
            return by_number
        bundled = (
            select(BundledDeliveryRow.delivery_id)
            .join(BundleRow, BundleRow.id == BundledDeliveryRow.bundle_id)
            .where(BundleRow.idempotency_key == out_id)
        )
        return self._told(
            or_(DeliveryRow.idempotency_key == out_id, DeliveryRow.id.in_(bundled)),
            DeliveryRow.channel == channel,
        )

    def find_last_told(self, channel: str, address: str, before: datetime) -> list[Told]:
        """Find what the last message said that went to an address before an instant."""
        last = self._db.scalar(
            select(DeliveryRow.id)
            .where(
                DeliveryRow.channel == channel,
                DeliveryRow.address.in_(_spellings(address)),
                DeliveryRow.sent_at <= before,
            )
            .order_by(DeliveryRow.sent_at.desc(), DeliveryRow.id.desc())
            .limit(1)
        )
        if last is None:
            return []
        bundle = select(BundledDeliveryRow.bundle_id).where(BundledDeliveryRow.delivery_id == last)
        together = select(BundledDeliveryRow.delivery_id).where(
            BundledDeliveryRow.bundle_id.in_(bundle)
        )
        return self._told(or_(DeliveryRow.id == last, DeliveryRow.id.in_(together)))

    def list_unconfirmed(self, channel: str, since: datetime, limit: int) -> list[Unconfirmed]:
        """The messages taken since an instant without a receipt, oldest first."""
        rows = self._db.execute(
            select(VendorMessageRow.vendor_id, DeliveryRow.address, DeliveryRow.sent_at)
            .join(DeliveryRow, DeliveryRow.id == VendorMessageRow.delivery_id)
            .outerjoin(
                IncomingRow,
                (IncomingRow.delivery_id == DeliveryRow.id) & (IncomingRow.kind == "receipt"),
            )
            .where(
                VendorMessageRow.channel == channel,
                DeliveryRow.sent_at >= since,
                IncomingRow.key.is_(None),
            )
            .order_by(DeliveryRow.sent_at)
            .limit(limit)
        )
        # Several alerts in one message have one number.
        return [*dict.fromkeys(Unconfirmed(row[0], row[1], row[2]) for row in rows if row[2])]

    def was_delivered(self, delivery_id: int) -> bool:
        """Say whether a receipt has told that a message arrived."""
        return (
            self._db.scalar(
                select(IncomingRow.key)
                .where(
                    IncomingRow.delivery_id == delivery_id,
                    IncomingRow.kind == "receipt",
                    IncomingRow.outcome == "delivered",
                )
                .limit(1)
            )
            is not None
        )

    def list_delivered(self, delivery_ids: Sequence[int]) -> dict[int, datetime]:
        """When each of these messages arrived, for those of which that is known."""
        rows = self._db.execute(
            select(IncomingRow.delivery_id, IncomingRow.at).where(
                IncomingRow.delivery_id.in_(delivery_ids),
                IncomingRow.kind == "receipt",
                IncomingRow.outcome == "delivered",
            )
        )
        return {number: at for number, at in rows if number is not None}

    def record_delivered(self, told: Told, at: datetime, answer: str) -> None:
        """It arrived: that is the truth, whatever was believed before."""
        self._db.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.id == told.delivery_id,
                DeliveryRow.state.in_((DeliveryState.DUE.value, DeliveryState.FAILED.value)),
            )
            .values(state=DeliveryState.SENT.value, sent_at=at, due_at=at)
        )
        self._db.execute(
            update(AlertRow)
            .where(AlertRow.id == told.alert_id, AlertRow.state == AlertState.DUE.value)
            .values(state=AlertState.SENT.value, sent_at=at)
        )
        self._add_attempt(told, at, "delivered", answer)

    def record_not_delivered(self, told: Told, at: datetime, answer: str) -> None:
        """It was taken and did not arrive: this way to the person has failed."""
        self._db.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.id == told.delivery_id,
                DeliveryRow.state.in_((DeliveryState.DUE.value, DeliveryState.SENT.value)),
            )
            .values(state=DeliveryState.FAILED.value)
        )
        self._add_attempt(told, at, "not_delivered", answer)

    def _add_attempt(self, told: Told, at: datetime, outcome: str, answer: str) -> None:
        self._db.execute(
            insert(DeliveryAttemptRow).values(
                delivery_id=told.delivery_id, at=at, outcome=outcome, answer=answer[:500]
            )
        )

    def _told(self, *which: ColumnElement[bool]) -> list[Told]:
        rows = self._db.execute(
            select(DeliveryRow.id, DeliveryRow.alert_id, DeliveryRow.person, DeliveryRow.state)
            .where(*which)
            .order_by(DeliveryRow.id)
        )
        return [Told(row[0], row[1], row[2], DeliveryState(row[3])) for row in rows]


def _spellings(number: str) -> tuple[str, ...]:
    """How a contact may have written a mobile number."""
    spaced = (
        f"{number[:3]} {number[3:7]} {number[7:]}",
        f"{number[:3]}-{number[3:7]}-{number[7:]}",
    )
    return (number, f"+86{number}", f"86{number}", f"+86 {number}", *spaced)
