"""Cases as they stood at a past instant: state by the history, facts by what had been told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.cases import merge_facts, read_case_facts
from monitor.domain import CASE_KINDS, Assessment, Case, CaseFacts, CaseState, LikelyCase
from monitor.reports.counts import CountedCase, is_open
from monitor.storage.repositories import Rows
from monitor.storage.tallies import PastCase, Told

_FACTS = (
    "level",
    "points",
    "reasons",
    "employer",
    "project",
    "place",
    "workers",
    "amount_yuan",
    "danger_to_life",
)


def count_cases(
    rows: Rows, since: datetime, until: datetime
) -> tuple[list[CountedCase], list[CountedCase]]:
    """The cases opened in [since, until), and those open at `until`."""
    past = rows.tallies.list_past_cases(since, until)
    numbers = [each.case.case_id for each in past]
    told = _by_case(rows.tallies.list_told(numbers, until))
    late = rows.tallies.find_late_joined(numbers, until)
    then = rows.tallies.list_assessments(sorted(late), until)
    counted = [
        _count(each, told.get(each.case.case_id, ()), then.get(each.case.case_id, ()))
        for each in past
    ]
    opened = [each for each in counted if each.case.opened_at >= since]
    return opened, [each for each in counted if is_open(each.case.state)]


def _by_case(told: Sequence[Told]) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = {}
    for each in told:
        found.setdefault(each.case_id, []).append(each)
    return found


def _count(
    past: PastCase, told: Sequence[Told], then: Sequence[tuple[Assessment, str]]
) -> CountedCase:
    sector, public = _first(told, "sector"), _first(told, "public_project")
    return CountedCase(
        case=tell_as_then(past.case, [each for each, _ in then]) if then else past.case,
        sector=None if sector is None else str(sector),
        public_project=None if public is None else bool(public),
        referred_at=past.stepped_at if past.case.state is CaseState.REFERRED else None,
        text_is_gone=not told,
    )


def _first(told: Sequence[Told], fact: str) -> object:
    """The value that the oldest document with this fact gives."""
    return next((each.facts[fact]["value"] for each in told if each.facts.get(fact)), None)


def tell_as_then(case: Case, assessments: Sequence[Assessment]) -> Case:
    """Put a case's facts together again from what had been told, as the pipeline does."""
    first_of: dict[int, Assessment] = {}
    for each in assessments:
        if each.reading.kind in CASE_KINDS:
            first_of.setdefault(each.document_id, each)
    facts: CaseFacts | None = None
    for each in first_of.values():
        told = read_case_facts(each, employer_key=None, project_key=None)
        facts = told if facts is None else merge_facts(case, LikelyCase(case, None, None), told)
        case = replace(case, **{name: getattr(facts, name) for name in _FACTS})
    return case
