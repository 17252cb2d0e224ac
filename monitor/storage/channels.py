"""What went through each channel lately, and the test messages of the desk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from monitor.domain import AlertState, DeliveryState
from monitor.storage.tables import AlertRow, DeliveryAttemptRow, DeliveryRow, IncomingRow

TEST_LADDER = "desk-test-"
"""How the ladder of a test message begins; it ends by itself when the message has left."""


@dataclass(frozen=True, slots=True)
class ChannelCounts:
    """Messages of one channel: waiting now; since an instant sent, failed and arrived."""

    waiting: int = 0
    sent: int = 0
    failed: int = 0
    delivered: int = 0


@dataclass(frozen=True, slots=True)
class TestLine:
    """A test message: to whom, through what, and what became of it; `said` is masked."""

    person: str
    channel: str
    raised_at: datetime
    state: DeliveryState
    said: str


class ChannelRepository:
    """Reads `deliveries`, `delivery_attempts` and `incoming` by channel."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def count(self, channel: str, since: datetime) -> ChannelCounts:
        """Count what waits and what became of the messages since an instant."""
        waiting = self._db.scalar(
            select(func.count()).where(
                DeliveryRow.channel == channel, DeliveryRow.state == DeliveryState.DUE.value
            )
        )
        tried = (
            select(DeliveryAttemptRow.outcome, func.count(DeliveryRow.id.distinct()))
            .join(DeliveryRow, DeliveryRow.id == DeliveryAttemptRow.delivery_id)
            .where(DeliveryRow.channel == channel, DeliveryAttemptRow.at >= since)
            .group_by(DeliveryAttemptRow.outcome)
        )
        counts = {row[0]: row[1] for row in self._db.execute(tried)}
        arrived = self._db.scalar(
            select(func.count()).where(
                IncomingRow.channel == channel,
                IncomingRow.kind == "receipt",
                IncomingRow.outcome == "delivered",
                IncomingRow.received_at >= since,
            )
        )
        return ChannelCounts(
            waiting=waiting or 0,
            sent=counts.get("sent", 0),
            failed=counts.get("failed", 0) + counts.get("not_delivered", 0),
            delivered=arrived or 0,
        )

    def list_tests(self, limit: int) -> list[TestLine]:
        """The newest test messages, newest first."""
        newest = (
            select(DeliveryAttemptRow.answer)
            .where(DeliveryAttemptRow.delivery_id == DeliveryRow.id)
            .order_by(DeliveryAttemptRow.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        rows = self._db.execute(
            select(
                DeliveryRow.person,
                DeliveryRow.channel,
                AlertRow.raised_at,
                DeliveryRow.state,
                newest,
            )
            .join(AlertRow, AlertRow.id == DeliveryRow.alert_id)
            .where(AlertRow.ladder_key.like(f"{TEST_LADDER}%"))
            .order_by(DeliveryRow.id.desc())
            .limit(limit)
        )
        return [
            TestLine(row[0], row[1], row[2], DeliveryState(row[3]), row[4] or "") for row in rows
        ]

    def end_test(self, alert_id: int) -> None:
        """Let a test's alert end once none of its messages waits; others are not touched."""
        waits = select(DeliveryRow.id).where(
            DeliveryRow.alert_id == alert_id, DeliveryRow.state == DeliveryState.DUE.value
        )
        self._db.execute(
            update(AlertRow)
            .where(
                AlertRow.id == alert_id,
                AlertRow.ladder_key.like(f"{TEST_LADDER}%"),
                ~waits.exists(),
            )
            .values(state=AlertState.CALLED_OFF.value)
        )
