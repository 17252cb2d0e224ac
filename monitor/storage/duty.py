"""The duty table."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select

from monitor.domain import DutyRole, Shift
from monitor.storage.tables import ShiftRow


class DutyRepository:
    """The table `shifts`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def replace(self, shifts: Sequence[Shift]) -> None:
        """Replace the shifts of each duty in the time that the new ones cover.

        A shift that reaches out of that time keeps the part outside: hours served stay served.
        """
        for duty in {each.duty for each in shifts}:
            of_duty = [each for each in shifts if each.duty is duty]
            starts_at = min(each.starts_at for each in of_duty)
            ends_at = max(each.ends_at for each in of_duty)
            touched = [each for each in self.list_between(starts_at, ends_at) if each.duty is duty]
            self._db.execute(
                delete(ShiftRow).where(
                    ShiftRow.duty == duty.value,
                    ShiftRow.starts_at < ends_at,
                    ShiftRow.ends_at > starts_at,
                )
            )
            self._add([part for each in touched for part in _outside(each, starts_at, ends_at)])
        self._add(shifts)

    def _add(self, shifts: Sequence[Shift]) -> None:
        if not shifts:
            return
        self._db.execute(
            insert(ShiftRow),
            [
                {
                    "duty": each.duty.value,
                    "person": each.person,
                    "starts_at": each.starts_at,
                    "ends_at": each.ends_at,
                    "note": each.note,
                }
                for each in shifts
            ],
        )

    def clear(self) -> None:
        """Forget the whole duty table."""
        self._db.execute(delete(ShiftRow))

    def list_between(self, starts_at: datetime, ends_at: datetime) -> list[Shift]:
        """Every shift that touches [starts_at, ends_at), oldest first."""
        rows = self._db.execute(
            select(ShiftRow.__table__)
            .where(ShiftRow.ends_at > starts_at, ShiftRow.starts_at < ends_at)
            .order_by(ShiftRow.starts_at, ShiftRow.id)
        ).mappings()
        return [
            Shift(
                duty=DutyRole(row["duty"]),
                person=row["person"],
                starts_at=row["starts_at"],
                ends_at=row["ends_at"],
                note=row["note"],
            )
            for row in rows
        ]

    def count(self) -> int:
        """How many shifts are stored."""
        return self._db.scalar(select(func.count()).select_from(ShiftRow)) or 0


def _outside(shift: Shift, starts_at: datetime, ends_at: datetime) -> list[Shift]:
    """The parts of a shift before and after a stretch of time."""
    parts = []
    if shift.starts_at < starts_at:
        parts.append(replace(shift, ends_at=starts_at))
    if shift.ends_at > ends_at:
        parts.append(replace(shift, starts_at=ends_at))
    return parts
