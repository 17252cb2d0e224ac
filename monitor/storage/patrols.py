"""Visits to parties: what is due, to whom, and what was found."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    Connection,
    RowMapping,
    func,
    insert,
    select,
    update,
)

from monitor.casework import (
    Patrol,
    PatrolResult,
)
from monitor.domain import OPEN_STATES, CaseState
from monitor.errors import IllegalStepError, NotFoundError
from monitor.storage.ledger_tables import (
    PartyRow,
    PatrolRow,
)

_OPEN = tuple(state.value for state in OPEN_STATES)
_NOT_COUNTED = (CaseState.NOT_A_CLAIM.value, CaseState.MERGED.value)


@dataclass(frozen=True, slots=True)
class DueVisits:
    """How many visits wait for one person (empty: nobody in particular), and since when."""

    person: str
    count: int
    oldest: date


class PatrolRepository:
    """The table `patrols`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def list_patrols(self, party_id: int, limit: int = 20) -> list[Patrol]:
        """The visits to a party, newest first."""
        rows = self._db.execute(
            select(PatrolRow.__table__)
            .where(PatrolRow.party_id == party_id)
            .order_by(PatrolRow.due_on.desc(), PatrolRow.id.desc())
            .limit(limit)
        ).mappings()
        return [_load_patrol(row) for row in rows]

    def list_due_patrols(self, until: date, limit: int = 50) -> list[Patrol]:
        """The visits that are due up to a day and not done, oldest first."""
        rows = self._db.execute(
            select(PatrolRow.__table__)
            .where(PatrolRow.done_on.is_(None), PatrolRow.due_on <= until)
            .order_by(PatrolRow.due_on, PatrolRow.id)
            .limit(limit)
        ).mappings()
        return [_load_patrol(row) for row in rows]

    def count_due_by_person(self, until: date) -> list[DueVisits]:
        """Visits that are due, by whom they were given to; nobody in particular comes first."""
        whose = func.coalesce(PatrolRow.assigned_to, "")
        rows = self._db.execute(
            select(whose, func.count(), func.min(PatrolRow.due_on))
            .join(PartyRow, PartyRow.id == PatrolRow.party_id)
            .where(
                PatrolRow.done_on.is_(None),
                PatrolRow.due_on <= until,
                PartyRow.merged_into.is_(None),
            )
            .group_by(whose)
        )
        found = [DueVisits(row[0], row[1], row[2]) for row in rows]
        return sorted(found, key=lambda each: each.person)

    def list_due_names(self, person: str, until: date, limit: int) -> list[str]:
        """Whom one person has to visit, class C and the oldest first."""
        is_theirs = (
            func.coalesce(PatrolRow.assigned_to, "") == ""
            if not person
            else PatrolRow.assigned_to == person
        )
        return [
            *self._db.scalars(
                select(PartyRow.name)
                .join(PatrolRow, PatrolRow.party_id == PartyRow.id)
                .where(
                    PatrolRow.done_on.is_(None),
                    PatrolRow.due_on <= until,
                    PartyRow.merged_into.is_(None),
                    is_theirs,
                )
                .order_by(PartyRow.party_class.desc(), PatrolRow.due_on, PartyRow.id)
                .limit(limit)
            )
        ]

    def count_due_patrols(self, until: date) -> int:
        """How many visits are due up to a day and not done."""
        return (
            self._db.scalar(
                select(func.count())
                .select_from(PatrolRow)
                .where(PatrolRow.done_on.is_(None), PatrolRow.due_on <= until)
            )
            or 0
        )

    def plan_patrol(self, party_id: int, due_on: date, assigned_to: str | None) -> None:
        """Plan the next visit, or move the one that is planned to an earlier day and a new person.

        Nobody's name takes nobody's visit away: `assigned_to` None leaves the person as it is.
        """
        planned = self._db.execute(
            select(PatrolRow.id, PatrolRow.due_on, PatrolRow.assigned_to).where(
                PatrolRow.party_id == party_id, PatrolRow.done_on.is_(None)
            )
        ).first()
        if planned is None:
            self._db.execute(
                insert(PatrolRow).values(
                    party_id=party_id, due_on=due_on, assigned_to=assigned_to, note=""
                )
            )
        elif due_on < planned[1] or (assigned_to and assigned_to != planned[2]):
            self._db.execute(
                update(PatrolRow)
                .where(PatrolRow.id == planned[0])
                .values(due_on=min(due_on, planned[1]), assigned_to=assigned_to or planned[2])
            )

    def end_patrol(
        self, party_id: int, patrol_id: int, *, by: str, on: date, result: PatrolResult, note: str
    ) -> None:
        """Write what a visit found, once.

        Raises:
            NotFoundError: There is no such visit.
            IllegalStepError: It is done already.
        """
        ended = self._db.execute(
            update(PatrolRow)
            .where(
                PatrolRow.id == patrol_id,
                PatrolRow.party_id == party_id,
                PatrolRow.done_on.is_(None),
            )
            .values(done_on=on, done_by=by, result=result.value, note=note)
        )
        if ended.rowcount == 1:
            return
        if self._db.scalar(
            select(PatrolRow.id).where(PatrolRow.id == patrol_id, PatrolRow.party_id == party_id)
        ):
            raise IllegalStepError("这次巡查已经登记过结果。")
        raise NotFoundError


def _load_patrol(row: RowMapping) -> Patrol:
    values = {("patrol_id" if name == "id" else name): value for name, value in row.items()}
    return Patrol(**values | {"result": PatrolResult(row["result"]) if row["result"] else None})
