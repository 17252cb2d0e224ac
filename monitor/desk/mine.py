"""What waits for one person: offers, deadlines, payments to confirm, visits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.casework import Clock, Offer
from monitor.clocks import day_of
from monitor.domain import OPEN_STATES, Case, CaseState, Person, Role
from monitor.storage.case_lists import CaseQuery
from monitor.storage.repositories import Rows

_FEW = 20
_AHEAD = timedelta(days=7)
_CONFIRMING = frozenset({Role.REVIEWER, Role.LEADER})


@dataclass(frozen=True, slots=True)
class MineView:
    """Lists of one person, the most pressing first; the leader's deadlines are everybody's."""

    offers: Sequence[tuple[Case, Offer]]
    deadlines: Sequence[tuple[Case, Clock]]
    to_witness: Sequence[Case]
    visits_due: int
    today: date


def view_mine(rows: Rows, person: Person, now: datetime) -> MineView:
    """Collect what waits for a person."""
    today = day_of(now)
    offers = rows.casework.list_offers_to(person.username)
    offered = {each.case_id: each for each in rows.cases.get_many([o.case_id for o in offers])}
    owner = None if person.role is Role.LEADER else person.username
    due = rows.casework.list_running_of(owner, OPEN_STATES, today + _AHEAD, _FEW)
    cases = {each.case_id: each for each in rows.cases.get_many([case_id for case_id, _ in due])}
    paid = CaseQuery(states=(CaseState.PAID,))
    to_witness = (
        list(rows.case_lists.list_page(paid, offset=0, limit=_FEW))
        if person.role in _CONFIRMING
        else []
    )
    return MineView(
        offers=[(offered[each.case_id], each) for each in offers],
        deadlines=[(cases[case_id], clock) for case_id, clock in due],
        to_witness=[each for each in to_witness if each.owner != person.username],
        visits_due=rows.patrols.count_due_patrols(today),
        today=today,
    )
