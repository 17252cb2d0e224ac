"""The deadlines of cases as they were computed: kept, listed, told once."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from monitor.casework import (
    Clock,
    ClockKind,
)
from monitor.domain import CaseState
from monitor.storage.ledger_tables import (
    CaseClockRow,
)
from monitor.storage.tables import CaseRow


class Deadlines:
    """The table `case_clocks`; a part of `CaseworkRepository`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def list_clocks(self, case_id: int) -> list[Clock]:
        """The deadlines of a case, as they were computed last."""
        rows = self._db.execute(
            select(CaseClockRow.__table__)
            .where(CaseClockRow.case_id == case_id)
            .order_by(CaseClockRow.due_on)
        ).mappings()
        return [_load_clock(row) for row in rows]

    def save_clocks(self, case_id: int, clocks: Sequence[Clock], edition: str) -> None:
        """Replace the deadlines of a case; who was reminded of an unchanged one stays known."""
        reminded = {
            (row["kind"], row["due_on"]): row["reminded_on"]
            for row in self._db.execute(
                select(CaseClockRow.__table__).where(CaseClockRow.case_id == case_id)
            ).mappings()
        }
        self._db.execute(delete(CaseClockRow).where(CaseClockRow.case_id == case_id))
        if clocks:
            self._db.execute(
                insert(CaseClockRow),
                [
                    {
                        "case_id": case_id,
                        "kind": each.kind.value,
                        "starts_on": each.starts_on,
                        "due_on": each.due_on,
                        "working_days": each.working_days,
                        "provisional": each.provisional,
                        "edition": edition,
                        "stopped_on": each.stopped_on,
                        "reminded_on": reminded.get((each.kind.value, each.due_on)),
                    }
                    for each in clocks
                ],
            )

    def list_provisional(self, edition: str, limit: int) -> list[int]:
        """Cases whose deadlines leaned on a calendar that was not published, and now may be."""
        return list(
            self._db.scalars(
                select(CaseClockRow.case_id)
                .where(CaseClockRow.provisional, CaseClockRow.edition != edition)
                .distinct()
                .limit(limit)
            )
        )

    def list_running_until(self, until: date, limit: int) -> list[tuple[int, Clock]]:
        """Deadlines up to a day that still run and that nobody was reminded of."""
        rows = self._db.execute(
            select(CaseClockRow.__table__)
            .where(
                CaseClockRow.stopped_on.is_(None),
                CaseClockRow.due_on <= until,
                CaseClockRow.reminded_on.is_(None),
            )
            .order_by(CaseClockRow.due_on)
            .limit(limit)
        ).mappings()
        return [(row["case_id"], _load_clock(row)) for row in rows]

    def list_running_of(
        self, owner: str | None, states: Collection[CaseState], until: date, limit: int
    ) -> list[tuple[int, Clock]]:
        """Deadlines up to a day that still run, of one owner's cases or (None) of all."""
        query = (
            select(CaseClockRow.__table__)
            .join(CaseRow, CaseRow.id == CaseClockRow.case_id)
            .where(
                CaseClockRow.stopped_on.is_(None),
                CaseClockRow.due_on <= until,
                CaseRow.state.in_([state.value for state in states]),
            )
            .order_by(CaseClockRow.due_on, CaseClockRow.case_id)
            .limit(limit)
        )
        if owner is not None:
            query = query.where(CaseRow.owner == owner)
        return [(row["case_id"], _load_clock(row)) for row in self._db.execute(query).mappings()]

    def mark_reminded(self, case_id: int, kind: ClockKind, on: date) -> None:
        """Remember that somebody was reminded of a deadline."""
        self._db.execute(
            update(CaseClockRow)
            .where(CaseClockRow.case_id == case_id, CaseClockRow.kind == kind.value)
            .values(reminded_on=on)
        )

    def find_next_due(self, case_ids: Sequence[int]) -> dict[int, Clock]:
        """For each of these cases the running deadline that comes first."""
        rows = self._db.execute(
            select(CaseClockRow.__table__)
            .where(CaseClockRow.case_id.in_(case_ids), CaseClockRow.stopped_on.is_(None))
            .order_by(CaseClockRow.due_on.desc())
        ).mappings()
        return {row["case_id"]: _load_clock(row) for row in rows}


def _load_clock(row: RowMapping) -> Clock:
    return Clock(
        ClockKind(row["kind"]),
        row["starts_on"],
        row["due_on"],
        row["working_days"],
        row["provisional"],
        row["stopped_on"],
    )
