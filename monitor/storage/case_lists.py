"""Cases as lists: pages of a filter, and how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    func,
    or_,
    select,
)
from sqlalchemy import text as sql

from monitor.domain import (
    Case,
    CaseState,
    UrgencyLevel,
)
from monitor.storage.mapping import load_case
from monitor.storage.tables import (
    OPEN_ALERT,
    AlertRow,
    CaseRow,
)


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases to list; None means no restriction. Times are bounds on `opened_at`."""

    states: tuple[CaseState, ...] | None = None
    level: UrgencyLevel | None = None
    owner: str | None = None
    unacknowledged: bool = False
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    text: str = ""


class CaseListRepository:
    """The table `cases`, for looking at many."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def list_page(self, query: CaseQuery, *, offset: int, limit: int) -> list[Case]:
        """One page of cases, most urgent first, then oldest first."""
        rows = self._db.execute(
            select(CaseRow.__table__)
            .where(_where(query))
            .order_by(CaseRow.level.desc(), CaseRow.opened_at, CaseRow.id)
            .offset(offset)
            .limit(limit)
        ).mappings()
        return [load_case(row) for row in rows]

    def find_page(self, query: CaseQuery, *, offset: int, limit: int) -> tuple[list[Case], int]:
        """One page as `list_page` gives it, and how many there are in all.

        A phrase has to be looked for in every case: that is done once for both answers.
        """
        if not query.text:
            return self.list_page(query, offset=offset, limit=limit), self.count(query)
        hits = select(
            CaseRow.id, CaseRow.level, CaseRow.opened_at, func.count().over().label("total")
        ).where(_where(query))
        found = self._db.execute(
            hits.order_by(CaseRow.level.desc(), CaseRow.opened_at, CaseRow.id)
            .offset(offset)
            .limit(limit)
        ).all()
        if not found:
            return [], self.count(query) if offset else 0
        numbers = [row[0] for row in found]
        rows = self._db.execute(select(CaseRow.__table__).where(CaseRow.id.in_(numbers))).mappings()
        by_id = {row["id"]: load_case(row) for row in rows}
        return [by_id[row[0]] for row in found], found[0][3]

    def count(self, query: CaseQuery) -> int:
        """How many cases a query finds."""
        return self._db.scalar(select(func.count()).select_from(CaseRow).where(_where(query))) or 0

    def count_by_level(self, query: CaseQuery) -> dict[UrgencyLevel, int]:
        """How many cases of each level a query finds."""
        rows = self._db.execute(
            select(CaseRow.level, func.count()).where(_where(query)).group_by(CaseRow.level)
        )
        return {UrgencyLevel(level): count for level, count in rows}

    def count_by_state(self) -> dict[CaseState, int]:
        """How many cases there are in each state."""
        rows = self._db.execute(select(CaseRow.state, func.count()).group_by(CaseRow.state))
        return {CaseState(state): count for state, count in rows}

    def list_unacknowledged(self, case_ids: Sequence[int]) -> set[int]:
        """Which of these cases have an alert that nobody acknowledged."""
        return {
            case_id
            for case_id in self._db.scalars(
                select(AlertRow.case_id)
                .where(AlertRow.case_id.in_(case_ids), sql(OPEN_ALERT))
                .distinct()
            )
            if case_id is not None
        }


def _where(query: CaseQuery) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [CaseRow.id > 0]
    if query.states is not None:
        wanted.append(CaseRow.state.in_([state.value for state in query.states]))
    if query.level is not None:
        wanted.append(CaseRow.level == int(query.level))
    if query.owner is not None:
        wanted.append(CaseRow.owner == query.owner)
    if query.unacknowledged:
        wanted.append(
            CaseRow.id.in_(
                select(AlertRow.case_id).where(sql(OPEN_ALERT), AlertRow.case_id.is_not(None))
            )
        )
    if query.opened_from is not None:
        wanted.append(CaseRow.opened_at >= query.opened_from)
    if query.opened_before is not None:
        wanted.append(CaseRow.opened_at < query.opened_before)
    if query.text:
        columns = (CaseRow.employer, CaseRow.project, CaseRow.place, CaseRow.number)
        wanted.append(or_(*(each.contains(query.text, autoescape=True) for each in columns)))
    return and_(*wanted)
