"""What is counted of a week, and the sums that need nothing else. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from monitor.domain import Case, CaseState, CaseStep, DocumentKind, DutyGap, Issue


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """A case of the week; `sector` is None where no document names a trade."""

    case: Case
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How a source held; `last_success_at` is as of the making, None when it never succeeded."""

    title: str
    documents: int
    last_success_at: datetime | None


@dataclass(frozen=True, slots=True)
class WeekCounts:
    """Everything that is counted between two instants in UTC: [since, until).

    `until` is before the week's end while the week runs. `told_after` holds, for each case first
    told of in this time, how long after its publication that was; `told_unmeasured` counts those
    where the time of publication is not known well enough or lies before the watch began.
    `raised`, `acknowledged` and `called_off` count things to acknowledge that were raised in this
    time, as they stood at its end; `acknowledged_after` those acknowledged in this time, counted
    from the sending. `issues` were open at some time in between.
    """

    since: datetime
    until: datetime
    opened: Sequence[OpenedCase] = ()
    open_at_end: Mapping[CaseState, int] = field(default_factory=dict)
    steps: Mapping[CaseStep, int] = field(default_factory=dict)
    documents: Mapping[DocumentKind | None, int] = field(default_factory=dict)
    told_after: Sequence[timedelta] = ()
    told_unmeasured: int = 0
    raised: int = 0
    acknowledged: int = 0
    called_off: int = 0
    acknowledged_after: Sequence[timedelta] = ()
    issues: Sequence[Issue] = ()
    gaps: Sequence[DutyGap] = ()
    sources: Sequence[SourceCount] = ()


def count_workers(opened: Iterable[OpenedCase]) -> int:
    """Add up the workers that cases name; what is not said counts as nothing."""
    return sum(each.case.workers or 0 for each in opened)


def sum_amount(opened: Iterable[OpenedCase]) -> float:
    """Add up the sums that cases name, in yuan; what is not said counts as nothing."""
    return round(sum(each.case.amount_yuan or 0.0 for each in opened), 2)


def find_median_minutes(waits: Sequence[timedelta]) -> float | None:
    """The median wait in minutes; None when there is none."""
    minutes = [each / timedelta(minutes=1) for each in waits]
    return round(median(minutes), 1) if minutes else None


def count_unacknowledged(counts: WeekCounts) -> int:
    """What was raised and nobody had acknowledged at the end."""
    return counts.raised - counts.acknowledged - counts.called_off


def list_new_issues(counts: WeekCounts) -> list[Issue]:
    """The issues that were not open before."""
    return [each for each in counts.issues if each.opened_at >= counts.since]


def sum_gap_hours(counts: WeekCounts) -> float:
    """Hours in which a duty had nobody, over all duties."""
    return round(sum(in_hours(each.ends_at - each.starts_at) for each in counts.gaps), 1)


def in_hours(span: timedelta) -> float:
    """A length of time in hours."""
    return span / timedelta(hours=1)
