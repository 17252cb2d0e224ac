"""The sender's side of the outbox: claims, results, and one row for every try."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update
from sqlalchemy import text as sql

from monitor.domain import AlertState, Contact, Delivery, DeliveryState
from monitor.storage.mapping import load_card
from monitor.storage.tables import DUE_DELIVERY, AlertRow, CaseRow, DeliveryAttemptRow, DeliveryRow


class OutboxRepository:
    """The tables `deliveries` and `delivery_attempts`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def claim_next_due(self, now: datetime, lease: timedelta) -> Delivery | None:
        """Take the message that has waited longest; it comes back when the lease ends."""
        rows = self._db.execute(
            select(DeliveryRow.__table__, CaseRow.number)
            .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
            .outerjoin(CaseRow, CaseRow.id == AlertRow.case_id)
            .where(sql(DUE_DELIVERY), DeliveryRow.due_at <= now)
            .order_by(DeliveryRow.due_at, DeliveryRow.id)
            .limit(20)
        ).mappings()
        for row in rows.all():
            # Portable: only the one whose update still finds `due_at` as it was read owns the row.
            taken = self._db.execute(
                update(DeliveryRow)
                .where(
                    DeliveryRow.id == row["id"],
                    DeliveryRow.due_at == row["due_at"],
                    DeliveryRow.state == DeliveryState.DUE.value,
                )
                .values(due_at=now + lease, tries=DeliveryRow.tries + 1)
            )
            if taken.rowcount == 1:
                return Delivery(
                    delivery_id=row["id"],
                    alert_id=row["alert_id"],
                    person=row["person"],
                    contact=Contact(row["channel"], row["address"]),
                    card=load_card(row["card"]),
                    idempotency_key=row["idempotency_key"],
                    state=DeliveryState.DUE,
                    due_at=now + lease,
                    tries=row["tries"] + 1,
                    case_number=row["number"] or "",
                )
        return None

    def has_due(self, now: datetime) -> bool:
        """Say whether anything is due, without taking it."""
        return (
            self._db.scalar(
                select(DeliveryRow.id).where(sql(DUE_DELIVERY), DeliveryRow.due_at <= now).limit(1)
            )
            is not None
        )

    def record_called_off(self, delivery: Delivery, now: datetime) -> None:
        """Write down that a message is not wanted any more."""
        self._db.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.id == delivery.delivery_id,
                DeliveryRow.state == DeliveryState.DUE.value,
            )
            .values(state=DeliveryState.CALLED_OFF.value)
        )
        self._add_attempt(delivery, now, "called_off", "")

    def is_still_wanted(self, delivery: Delivery) -> bool:
        """Read the state again: neither acknowledged nor called off in the meantime."""
        row = self._db.execute(
            select(DeliveryRow.state, AlertRow.state)
            .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
            .where(DeliveryRow.id == delivery.delivery_id)
        ).first()
        return (
            row is not None
            and row[0] == DeliveryState.DUE.value
            and row[1]
            in {
                AlertState.DUE.value,
                AlertState.SENT.value,
            }
        )

    def record_sent(self, delivery: Delivery, answer: str, now: datetime) -> None:
        """Write down that the channel took the message."""
        self._db.execute(
            update(DeliveryRow)
            .where(DeliveryRow.id == delivery.delivery_id)
            .values(state=DeliveryState.SENT.value, sent_at=now, due_at=now)
        )
        self._db.execute(
            update(AlertRow)
            .where(AlertRow.id == delivery.alert_id, AlertRow.state == AlertState.DUE.value)
            .values(state=AlertState.SENT.value, sent_at=now)
        )
        self._add_attempt(delivery, now, "sent", answer)

    def record_failure(
        self, delivery: Delivery, answer: str, next_due_at: datetime | None, now: datetime
    ) -> None:
        """Write down a failed try; `next_due_at` None gives this channel up for this message."""
        values: dict[str, object] = (
            {"state": DeliveryState.FAILED.value}
            if next_due_at is None
            else {"due_at": next_due_at}
        )
        self._db.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.id == delivery.delivery_id,
                DeliveryRow.state == DeliveryState.DUE.value,
            )
            .values(**values)
        )
        self._add_attempt(delivery, now, "failed" if next_due_at is None else "put_off", answer)

    def _add_attempt(self, delivery: Delivery, now: datetime, outcome: str, answer: str) -> None:
        self._db.execute(
            insert(DeliveryAttemptRow).values(
                delivery_id=delivery.delivery_id, at=now, outcome=outcome, answer=answer[:500]
            )
        )
