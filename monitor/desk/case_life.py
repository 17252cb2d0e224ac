"""What a case's page shows of its life: record, deadlines with their computation, who must pay."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from monitor.cases import ACTING_ROLES
from monitor.casework import CaseRecord, Clock, Offer, Party
from monitor.clocks import (
    CLOCK_SOURCES,
    LIMITATION_SOURCE,
    Stretch,
    day_of,
    explain,
    is_past_limitation,
)
from monitor.desk.registering import RegisterRules, read_record
from monitor.domain import Case, CaseState, Person, Role
from monitor.errors import IllegalStepError, NotAllowedError
from monitor.steps import (
    ClosingNeeds,
    check_owner,
    check_second_officer,
    find_closing_needs,
)
from monitor.storage.repositories import Rows
from monitor.who_pays import MustPay, suggest_who_pays

_EARLIER_SHOWN = 10


@dataclass(frozen=True, slots=True)
class ClockView:
    """A deadline, its source, and how it was counted."""

    clock: Clock
    source: str
    stretches: Sequence[Stretch]
    is_overdue: bool
    days_left: int


@dataclass(frozen=True, slots=True)
class CaseLife:
    """One case's life as one person may see it and go on with it.

    `may_offer` and the rest say what this person may do beside the steps of the case. `receivers`
    are the officers who could take the case over.
    """

    record: CaseRecord
    clocks: Sequence[ClockView]
    needs: ClosingNeeds
    must_pay: Sequence[MustPay]
    employer: Party | None
    project: Party | None
    earlier: Sequence[Case]
    is_past_limitation: bool
    limitation_source: str
    receivers: Sequence[Person]
    numbers: Mapping[int, str]
    paid_workers: int
    paid_yuan: float
    open_offer: Offer | None
    is_owner: bool
    may_lead: bool
    may_witness_second: bool
    is_open: bool
    today: date


def view_life(
    rows: Rows, case: Case, person: Person, now: datetime, rules: RegisterRules
) -> CaseLife:
    """Collect everything beside the case itself."""
    record = read_record(rows, case, rules)
    details = record.details
    wanted = [each for each in (details.employer_party, details.project_party) if each]
    parties = rows.parties.get_many(wanted)
    employer = parties.get(details.employer_party or 0)
    project = parties.get(details.project_party or 0)
    today = day_of(now)
    standing = record.standing_payments
    merged = {each.from_case for each in record.merges} | {m.into_case for m in record.merges}
    return CaseLife(
        record=record,
        clocks=[_view_clock(each, today, rules) for each in record.clocks],
        needs=find_closing_needs(record),
        must_pay=suggest_who_pays(employer, project, details),
        employer=employer,
        project=project,
        earlier=_find_earlier(rows, case, wanted),
        is_past_limitation=is_past_limitation(details, today, rules.clocks),
        limitation_source=LIMITATION_SOURCE,
        receivers=[
            each
            for each in rows.users.list_all()
            if not each.disabled and each.role in ACTING_ROLES and each.username != case.owner
        ],
        numbers={each.case_id: each.number for each in rows.cases.get_many(sorted(merged))},
        paid_workers=sum(each.new.workers for each in standing),
        paid_yuan=sum(each.new.amount_yuan for each in standing),
        open_offer=record.open_offer,
        is_owner=_may(lambda: check_owner(case, person)),
        may_lead=person.role is Role.LEADER,
        may_witness_second=_may(lambda: check_second_officer(case, record, person)),
        is_open=case.state not in {CaseState.CLOSED, CaseState.MERGED, CaseState.NOT_A_CLAIM},
        today=today,
    )


def _may(check: Callable[[], None]) -> bool:
    try:
        check()
    except (NotAllowedError, IllegalStepError):
        return False
    return True


def _view_clock(clock: Clock, today: date, rules: RegisterRules) -> ClockView:
    return ClockView(
        clock=clock,
        source=CLOCK_SOURCES[clock.kind],
        stretches=explain(clock, rules.calendar),
        is_overdue=clock.stopped_on is None and clock.due_on < today,
        days_left=(clock.due_on - today).days,
    )


def _find_earlier(rows: Rows, case: Case, parties: Sequence[int]) -> list[Case]:
    ids = {
        each
        for party_id in parties
        for each in rows.parties.list_case_ids(party_id, _EARLIER_SHOWN + 1)
    }
    return rows.cases.get_many(sorted(ids - {case.case_id}, reverse=True)[:_EARLIER_SHOWN])
