"""Keeps what is known beside a case in step with it: parties, marks, deadlines, classes, visits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.casework import CaseDetails, CaseRecord, Clock, Order, PartyKind
from monitor.clocks import ClockRules, WorkCalendar, day_of, reckon_clocks
from monitor.domain import Assessment, Case, CaseEvent
from monitor.parties import (
    ClassRules,
    LargeRules,
    classify,
    find_large_reasons,
    next_visit_on,
)
from monitor.storage.repositories import Rows


def _same(name: str) -> str:
    return name.strip()


@dataclass(frozen=True, slots=True)
class RegisterRules:
    """What the ledger's computations depend on, from the settings."""

    clocks: ClockRules = field(default_factory=ClockRules)
    calendar: WorkCalendar = field(default_factory=WorkCalendar)
    classes: ClassRules = field(default_factory=ClassRules)
    large: LargeRules = field(default_factory=LargeRules)
    normalise: Callable[[str], str] = _same


def register_case(rows: Rows, case: Case, rules: RegisterRules, now: datetime) -> CaseDetails:
    """Bring everything beside a case up to date; doing it twice changes nothing."""
    before = rows.casework.get_details(case.case_id)
    readings = [assessment for _, assessment in rows.cases.list_documents(case.case_id)]
    employer = _find_party(rows, PartyKind.EMPLOYER, case.employer, rules, now)
    project = _find_party(rows, PartyKind.PROJECT, case.project, rules, now)
    details = replace(
        before,
        employer_party=employer,
        project_party=project,
        public_money=_is_public(rows, readings, employer, project),
        fled=_any_says(readings, "employer_fled"),
        owed_since=min(_say(readings, "owed_from"), default=None),
        large_reasons=find_large_reasons(case, rules.large),
    )
    rows.casework.save_details(details, case.version)
    refresh_clocks(rows, case, details, rules)
    for party_id, town in ((employer, ""), (project, case.place or "")):
        if party_id is not None:
            rows.parties.fill_card(
                party_id, sector=next(iter(_say(readings, "sector")), ""), town=town
            )
            class_party(rows, party_id, rules, now)
    if details.large_reasons and not before.large_reasons:
        note = "；".join(details.large_reasons)
        rows.cases.add_event(CaseEvent(case.case_id, now, "system", "became_large", note))
    return details


def refresh_clocks(rows: Rows, case: Case, details: CaseDetails, rules: RegisterRules) -> None:
    """Compute the deadlines of a case anew."""
    orders = rows.casework.list_orders(case.case_id)
    clocks = _reckon(rows, case, details, orders, rules)
    rows.casework.save_clocks(case.case_id, clocks, rules.calendar.edition)


def read_record(rows: Rows, case: Case, rules: RegisterRules) -> CaseRecord:
    """What is kept about a case, with its deadlines by today's rules.

    Deadlines are kept for lists and reminders, as they were when the case last changed. Whoever
    reads one case is told what holds by the rules and the calendar of now; a case that is not
    registered yet has none.
    """
    record = rows.casework.get_record(case.case_id)
    if not record.clocks:
        return record
    clocks = _reckon(rows, case, record.details, record.orders, rules)
    return replace(record, clocks=tuple(clocks))


def _reckon(
    rows: Rows, case: Case, details: CaseDetails, orders: Sequence[Order], rules: RegisterRules
) -> list[Clock]:
    return reckon_clocks(
        case,
        details,
        orders,
        rows.cases.list_events(case.case_id),
        rules=rules.clocks,
        calendar=rules.calendar,
    )


def _find_party(
    rows: Rows, kind: PartyKind, name: str | None, rules: RegisterRules, now: datetime
) -> int | None:
    key = rules.normalise(name)[:200] if name else ""
    return rows.parties.find_or_add(kind, name, key, now) if name and key else None


def _say(readings: Sequence[Assessment], fact: str) -> list[str]:
    found = (getattr(each.reading.facts, fact) for each in readings)
    return [str(each.value) for each in found if each is not None]


def _any_says(readings: Sequence[Assessment], fact: str) -> bool:
    return "True" in _say(readings, fact)


def _is_public(
    rows: Rows, readings: Sequence[Assessment], employer: int | None, project: int | None
) -> bool:
    """What an officer wrote of the project or the employer holds before what a text says."""
    known = rows.parties.get_many([each for each in (project, employer) if each is not None])
    for party_id in (project, employer):
        if party_id is not None and known[party_id].card.public_money is not None:
            return bool(known[party_id].card.public_money)
    return _any_says(readings, "public_project")


def class_party(rows: Rows, party_id: int, rules: RegisterRules, now: datetime) -> None:
    """Compute a party's class and plan its next visit; a class that an officer chose stays."""
    party = rows.parties.get(party_id)
    today = day_of(now)
    if not party.chosen:
        since = now - timedelta(days=rules.classes.look_back_days)
        history = rows.parties.find_history(party_id, since, today)
        if party.card.public_money is not None:
            history = replace(history, public_money=party.card.public_money)
        found, reasons = classify(history, rules.classes)
        if (found, reasons) != (party.party_class, party.class_reasons):
            rows.parties.save_class(party_id, found, reasons, now, chosen=False)
            party = replace(party, party_class=found, class_reasons=reasons)
    last = [each.done_on for each in rows.patrols.list_patrols(party_id) if each.done_on]
    due_on = next_visit_on(party.party_class, max(last, default=today), rules.classes)
    rows.patrols.plan_patrol(party_id, due_on, party.card.inspector or None)


def register_changed(
    rows: Rows, rules: RegisterRules, since: datetime, now: datetime, limit: int
) -> int:
    """Register the cases that changed; then what leaned on a calendar that is published by now."""
    changed = rows.cases.list_changed(since, limit)
    for case in changed:
        register_case(rows, case, rules, now)
    for case_id in rows.casework.list_provisional(rules.calendar.edition, limit):
        case = rows.cases.get(case_id)
        refresh_clocks(rows, case, rows.casework.get_details(case_id), rules)
    return len(changed)
