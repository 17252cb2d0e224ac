"""The lists of cases: what waits, and the ledger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.desk.views import (
    AGE_BANDS,
    AgeBand,
    CaseFilter,
    CaseLine,
    CaseList,
    WaitingGroup,
    WaitingList,
    WaitingView,
)
from monitor.domain import OPEN_STATES, Case, CaseState, Person
from monitor.storage.case_lists import CaseQuery
from monitor.storage.repositories import Rows

_FIRST_FEW = 8
_UNDECIDED = (CaseState.NEW, CaseState.REOPENED)
_OPEN = tuple(sorted(OPEN_STATES))
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def find_due_at(case: Case, triage_within: timedelta) -> datetime | None:
    """When somebody must have decided on a case, by our own clock; None when it is decided."""
    return case.opened_at + triage_within if case.state in _UNDECIDED else None


def _group_query(
    group: WaitingGroup, person: Person, now: datetime, within: timedelta
) -> CaseQuery:
    match group:
        case WaitingGroup.UNACKNOWLEDGED:
            return CaseQuery(unacknowledged=True)
        case WaitingGroup.UNDECIDED:
            return CaseQuery(states=_UNDECIDED)
        case WaitingGroup.OVERDUE:
            return CaseQuery(states=_UNDECIDED, opened_before=now - within)
        case WaitingGroup.MINE:
            return CaseQuery(states=_OPEN, owner=person.username)


def _lines(rows: Rows, cases: Sequence[Case], now: datetime, within: timedelta) -> list[CaseLine]:
    unacknowledged = rows.case_lists.list_unacknowledged([each.case_id for each in cases])
    names = {each.username: each.display_name for each in rows.users.list_all()}
    lines = []
    for case in cases:
        due_at = find_due_at(case, within)
        lines.append(
            CaseLine(
                case=case,
                owner_name=names.get(case.owner, case.owner) if case.owner else None,
                is_unacknowledged=case.case_id in unacknowledged,
                is_overdue=due_at is not None and due_at < now,
                due_at=due_at,
            )
        )
    return lines


def view_waiting(rows: Rows, person: Person, now: datetime, within: timedelta) -> WaitingView:
    """What waits for a person: the groups, and two pictures of what is undecided."""
    groups = {}
    for group in WaitingGroup:
        query = _group_query(group, person, now, within)
        cases = rows.case_lists.list_page(query, offset=0, limit=_FIRST_FEW)
        groups[group] = WaitingList(rows.case_lists.count(query), _lines(rows, cases, now, within))
    undecided = CaseQuery(states=_UNDECIDED)
    return WaitingView(
        groups=groups,
        by_level=rows.case_lists.count_by_level(undecided),
        by_age={band: rows.case_lists.count(_of_age(undecided, band, now)) for band in AgeBand},
        open_issues=rows.operations.count_open_issues(),
    )


def _of_age(query: CaseQuery, band: AgeBand, now: datetime) -> CaseQuery:
    youngest, oldest = AGE_BANDS[band]
    before = now - youngest if youngest > timedelta.min else None
    since = now - oldest if oldest < timedelta.max else _EVER
    # Ages are [youngest, oldest): opened at or before the one, after the other.
    tick = timedelta(microseconds=1)
    return replace(
        query,
        opened_before=min(
            filter(None, (before and before + tick, query.opened_before)), default=None
        ),
        opened_from=max(since + tick, query.opened_from or _EVER),
    )


def view_list(
    rows: Rows,
    wanted: CaseFilter,
    person: Person,
    now: datetime,
    *,
    within: timedelta,
    page_size: int,
) -> CaseList:
    """One page of the ledger, most urgent first, then oldest first."""
    query = CaseQuery() if wanted.group is None else _group_query(wanted.group, person, now, within)
    if wanted.state is not None:
        allowed = query.states is None or wanted.state in query.states
        query = replace(query, states=(wanted.state,) if allowed else ())
    query = replace(query, level=wanted.level, text=wanted.text.strip())
    if wanted.age is not None:
        query = _of_age(query, wanted.age, now)
    page = max(wanted.page, 1)
    cases, total = rows.case_lists.find_page(query, offset=(page - 1) * page_size, limit=page_size)
    return CaseList(_lines(rows, cases, now, within), total, page, page_size)
