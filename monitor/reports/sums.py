"""The sums that need nothing but what was counted. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median

from monitor.domain import OPEN_STATES, CaseState, CaseStep, DocumentKind, Issue
from monitor.reports.counts import CountedCase, Counts

DECIDING = frozenset({CaseStep.ACCEPT, CaseStep.REFER, CaseStep.NOT_A_CLAIM})
"""The steps by which somebody says whether a case is one."""

UNDECIDED = frozenset({CaseState.NEW, CaseState.REOPENED})


def count_workers(cases: Iterable[CountedCase]) -> int:
    """Add up the workers that cases name; what is not said counts as nothing."""
    return sum(each.case.workers or 0 for each in cases)


def sum_amount(cases: Iterable[CountedCase]) -> float:
    """Add up the sums that cases name, in yuan; what is not said counts as nothing."""
    return round(sum(each.case.amount_yuan or 0.0 for each in cases), 2)


def share_of(part: int, whole: int) -> float | None:
    """A share in per cent, to a tenth; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def find_median(waits: Sequence[timedelta], unit: timedelta) -> float | None:
    """The median wait in a unit, to a tenth; None when there is none."""
    return round(median(each / unit for each in waits), 1) if waits else None


def find_median_minutes(waits: Sequence[timedelta]) -> float | None:
    """The median wait in minutes; None when there is none."""
    return find_median(waits, timedelta(minutes=1))


def told_after(counts: Counts) -> list[timedelta]:
    """How long after its publication each case was told of."""
    return [each.wait for each in counts.told if each.wait is not None]


def acknowledged_after(counts: Counts) -> list[timedelta]:
    """How long after the sending each alert was acknowledged in this time."""
    return [wait for _, wait in list_answered(counts)]


def list_answered(counts: Counts) -> list[tuple[int, timedelta]]:
    """The case of each alert acknowledged in this time, and how long after the sending."""
    return [
        (each.case_id, each.acknowledged_at - each.sent_at)
        for each in counts.alerts
        if each.acknowledged_at is not None
        and counts.since <= each.acknowledged_at < counts.until
        and each.sent_at is not None
        and each.sent_at <= each.acknowledged_at
    ]


def paid_after(counts: Counts) -> list[timedelta]:
    """How long after its opening each case was first recorded as paid in this time."""
    first: dict[int, timedelta] = {}
    for each in counts.steps:
        if each.step is CaseStep.RECORD_PAID:
            first.setdefault(each.case_id, each.at - each.opened_at)
    return [*first.values()]


def cases_of_step(counts: Counts, step: CaseStep) -> list[int]:
    """The cases on which a step was made, each once, in order of the making."""
    return [*dict.fromkeys(each.case_id for each in counts.steps if each.step is step)]


def count_documents(counts: Counts, kind: DocumentKind | None = None) -> int:
    """How many documents, of one kind or of all."""
    return sum(each.documents for each in counts.documents if kind in {None, each.kind})


def by_kind(counts: Counts) -> Mapping[DocumentKind | None, int]:
    """Documents by kind."""
    found: dict[DocumentKind | None, int] = {}
    for each in counts.documents:
        found[each.kind] = found.get(each.kind, 0) + each.documents
    return found


def count_unacknowledged(counts: Counts) -> int:
    """What was raised and nobody had acknowledged at the end."""
    return sum(each.is_waiting for each in counts.raised)


def list_new_issues(counts: Counts) -> list[Issue]:
    """The issues that were not open before."""
    return [each for each in counts.issues if each.opened_at >= counts.since]


def sum_gap_hours(counts: Counts) -> float:
    """Hours in which a duty had nobody, over all duties."""
    return round(sum(in_hours(each.ends_at - each.starts_at) for each in counts.gaps), 1)


def in_hours(span: timedelta) -> float:
    """A length of time in hours."""
    return span / timedelta(hours=1)


def find_overdue(standing: Iterable[CountedCase], until: datetime, within: timedelta) -> set[int]:
    """Cases on which nobody has decided within our own clock."""
    return {
        each.case.case_id
        for each in standing
        if each.case.state in UNDECIDED and each.case.opened_at + within <= until
    }


def is_open(state: CaseState) -> bool:
    """The case is not put down."""
    return state in OPEN_STATES
