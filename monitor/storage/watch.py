"""The watch over the watch: what is wrong, who was told, and every minute of ninety days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy import text as sql

from monitor.storage.duty_tables import ContinuityRow, WatchFindingRow
from monitor.storage.tables import DUE_DELIVERY, DeliveryRow


@dataclass(frozen=True, slots=True)
class StoredFinding:
    """Something wrong that is still so; `told_at` None when nobody was told yet."""

    key: str
    code: str
    message: str
    first_seen_at: datetime
    told_at: datetime | None
    told_to: str | None
    told_through: str | None


class WatchRepository:
    """The tables `watch_findings` and `continuity`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- findings

    def see(self, key: str, code: str, message: str, now: datetime) -> None:
        """Write down that something is wrong, or that it still is."""
        seen = self._db.execute(
            update(WatchFindingRow)
            .where(WatchFindingRow.key == key, WatchFindingRow.gone_at.is_(None))
            .values(last_seen_at=now, message=message[:1000], code=code)
        )
        if seen.rowcount == 0:
            self._db.execute(
                insert(WatchFindingRow).values(
                    key=key,
                    code=code,
                    message=message[:1000],
                    first_seen_at=now,
                    last_seen_at=now,
                )
            )

    def tell(self, keys: Iterable[str], to: str, through: str, now: datetime) -> None:
        """Write down who was told of these, and through what."""
        self._db.execute(
            update(WatchFindingRow)
            .where(WatchFindingRow.key.in_([*keys]), WatchFindingRow.gone_at.is_(None))
            .values(told_at=now, told_to=to, told_through=through)
        )

    def clear(self, codes: Iterable[str], still: Iterable[str], now: datetime) -> int:
        """End the findings with these codes that are not among `still`; return how many."""
        ended = self._db.execute(
            update(WatchFindingRow)
            .where(
                WatchFindingRow.code.in_([*codes]),
                WatchFindingRow.gone_at.is_(None),
                WatchFindingRow.key.not_in([*still]),
            )
            .values(gone_at=now)
        )
        return ended.rowcount

    def list_open(self) -> list[StoredFinding]:
        """Everything that is wrong now, oldest first."""
        rows = self._db.execute(
            select(
                WatchFindingRow.key,
                WatchFindingRow.code,
                WatchFindingRow.message,
                WatchFindingRow.first_seen_at,
                WatchFindingRow.told_at,
                WatchFindingRow.told_to,
                WatchFindingRow.told_through,
            )
            .where(WatchFindingRow.gone_at.is_(None))
            .order_by(WatchFindingRow.first_seen_at, WatchFindingRow.id)
        )
        return [StoredFinding(*row) for row in rows]

    def count_stuck(self, due_before: datetime) -> int:
        """How many messages should have left before an instant and wait for no try of their own.

        A message whose channel fails is put off by each try and is not counted; its ladder moves.
        """
        return (
            self._db.scalar(
                select(func.count())
                .select_from(DeliveryRow)
                .where(sql(DUE_DELIVERY), DeliveryRow.due_at <= due_before)
            )
            or 0
        )

    # ---- continuity

    def get_bits(self, day: date, subject: str) -> tuple[bytes, bytes] | None:
        """Read one day of one subject: what was looked at, and what was well."""
        row = self._db.execute(
            select(ContinuityRow.observed, ContinuityRow.good).where(
                ContinuityRow.day == day, ContinuityRow.subject == subject
            )
        ).first()
        return None if row is None else (row[0], row[1])

    def set_bits(self, day: date, subject: str, observed: bytes, good: bytes) -> None:
        """Write one day of one subject."""
        which = (ContinuityRow.day == day, ContinuityRow.subject == subject)
        changed = self._db.execute(
            update(ContinuityRow).where(*which).values(observed=observed, good=good)
        )
        if changed.rowcount == 0:
            self._db.execute(
                insert(ContinuityRow).values(day=day, subject=subject, observed=observed, good=good)
            )

    def list_bits(
        self, since: date, subject: str | None = None
    ) -> list[tuple[date, str, bytes, bytes]]:
        """Every day of every subject, or of one, from a day on; oldest first."""
        wanted = select(
            ContinuityRow.day, ContinuityRow.subject, ContinuityRow.observed, ContinuityRow.good
        ).where(ContinuityRow.day >= since)
        if subject is not None:
            wanted = wanted.where(ContinuityRow.subject == subject)
        rows = self._db.execute(wanted.order_by(ContinuityRow.day, ContinuityRow.subject))
        return [(day, name, observed, good) for day, name, observed, good in rows]

    def find_first_day(self, since: date) -> date | None:
        """The first day from one on that was looked at; None when none was."""
        return self._db.scalar(
            select(func.min(ContinuityRow.day)).where(ContinuityRow.day >= since)
        )

    def forget_before(self, day: date) -> None:
        """Forget the days before one."""
        self._db.execute(delete(ContinuityRow).where(ContinuityRow.day < day))
