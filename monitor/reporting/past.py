"""Cases as they stood at a past instant: state by the history, facts by what had been told."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.cases import merge_facts, read_case_facts
from monitor.domain import CASE_KINDS, Assessment, Case, CaseFacts, CaseState, LikelyCase
from monitor.reports.counts import CountedCase
from monitor.reports.sums import is_open
from monitor.storage.repositories import Rows
from monitor.storage.tallied import PastCase, Told

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


class CaseLog:
    """Cases at past instants; what their documents told is looked up once for all instants."""

    def __init__(self, rows: Rows) -> None:
        """Nothing is looked up yet; the transaction must stay one."""
        self._rows = rows
        self._told: dict[int, list[Told]] = {}

    def count(
        self, since: datetime, until: datetime
    ) -> tuple[list[CountedCase], list[CountedCase]]:
        """The cases opened in [since, until), and those open at `until`."""
        tallies = self._rows.tallies
        past = tallies.list_past_cases(since, until)
        numbers = [each.case.case_id for each in past]
        self._load(numbers)
        late = tallies.find_late_joined(numbers, until)
        then = tallies.list_assessments(sorted(late), until)
        counted = [
            _count(each, self._told_by(each.case, until), then.get(each.case.case_id, ()))
            for each in past
        ]
        opened = [each for each in counted if each.case.opened_at >= since]
        return opened, [each for each in counted if is_open(each.case.state)]

    def _load(self, case_ids: Sequence[int]) -> None:
        missing = [each for each in case_ids if each not in self._told]
        for each in missing:
            self._told[each] = []
        for told in self._rows.tallies.list_told(missing):
            self._told[told.case_id].append(told)

    def _told_by(self, case: Case, until: datetime) -> list[Told]:
        return [each for each in self._told[case.case_id] if each.joined_at < until]


def _count(
    past: PastCase, told: Sequence[Told], then: Sequence[tuple[Assessment, str]]
) -> CountedCase:
    return CountedCase(
        case=tell_as_then(past.case, [each for each, _ in then]) if then else past.case,
        sector=next((each.sector for each in told if each.sector), None),
        public_project=next(
            (each.public_project for each in told if each.public_project is not None), None
        ),
        referred_at=past.stepped_at if past.case.state is CaseState.REFERRED else None,
        text_is_gone=not told,
    )


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
