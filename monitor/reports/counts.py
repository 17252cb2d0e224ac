"""What is counted of a period, and the sums that need nothing else. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from monitor.domain import (
    OPEN_STATES,
    Case,
    CaseState,
    CaseStep,
    DocumentKind,
    DutyGap,
    Issue,
    ReferralBody,
    TimePrecision,
)
from monitor.reports.rates import Tally
from monitor.reports.silence import Stretch, sum_hours

UNDECIDED = frozenset({CaseState.NEW, CaseState.REOPENED})


@dataclass(frozen=True, slots=True)
class CountedCase:
    """A case as it stood at the end of the period; facts are those told by then.

    `sector` and `public_project` are None where no document says. `referred_at` is the newest
    referral by then. `text_is_gone`: retention has removed every text of it.
    """

    case: Case
    sector: str | None = None
    public_project: bool | None = None
    referred_at: datetime | None = None
    text_is_gone: bool = False


@dataclass(frozen=True, slots=True)
class StepTaken:
    """What somebody did to a case; `body` is where it was referred to, None for other steps."""

    case_id: int
    number: str
    opened_at: datetime
    step: CaseStep
    at: datetime
    body: ReferralBody | None = None


@dataclass(frozen=True, slots=True)
class DocumentTally:
    """How many documents of one source and one kind; `kind` is None while nobody has read them."""

    source: str
    kind: DocumentKind | None
    documents: int


@dataclass(frozen=True, slots=True)
class ToldCase:
    """A case first told of in the period; `wait` is None where it cannot be known."""

    case_id: int
    number: str
    published_at: datetime | None
    precision: TimePrecision
    sent_at: datetime
    wait: timedelta | None


@dataclass(frozen=True, slots=True)
class Raised:
    """One thing to acknowledge; None where it has not happened by the end of the period.

    `climbed`: the next step of its ladder had to be told, because nobody answered in time.
    """

    case_id: int
    number: str
    started_at: datetime
    sent_at: datetime | None
    acknowledged_at: datetime | None
    is_called_off: bool
    climbed: bool

    @property
    def is_waiting(self) -> bool:
        """Nobody has acknowledged it and it still stands."""
        return self.acknowledged_at is None and not self.is_called_off


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How a source held. `unread` are its gaps in the period, as far as they can be known."""

    title: str
    documents: int
    hours: float
    unread: Sequence[Stretch] = ()
    is_known: bool = False

    @property
    def coverage(self) -> float | None:
        """The share of its time in which it was read; None where nothing can be said."""
        if not self.hours or not (self.is_known or self.unread):
            return None
        return max(0.0, 1 - sum_hours(self.unread) / self.hours)


@dataclass(frozen=True, slots=True)
class Cluster:
    """One employer or project named by several messages within four weeks, first in this period."""

    name: str
    is_project: bool
    messages: int
    sources: int
    case_ids: Sequence[int]
    first_at: datetime
    reached_at: datetime


@dataclass(frozen=True, slots=True)
class Payments:
    """What was paid in the period, from the ledger of payments: to how many, and how much."""

    workers: int
    amount_yuan: float


@dataclass(frozen=True, slots=True)
class WatchedParty:
    """A party in class C: checked by a dedicated person; `open_cases` at the end of the period."""

    name: str
    person: str | None
    open_cases: Sequence[int]


@dataclass(frozen=True, slots=True)
class ReadingCheck:
    """How the reader did; None where nothing of the kind is recorded.

    `corrected` documents whose reading a person changed. `drifted` is what the reading branch says
    of drift, as issues' codes.
    """

    confirmed: int
    not_claims: int
    corrected: int | None = None
    claims_before: int = 0
    documents_before: int = 0


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """One week of the course; `missing_hours` is how long the gaps are that touch it."""

    name: str
    starts_at: datetime
    opened: int
    closed: int
    hours: float
    missing_hours: float

    @property
    def tally(self) -> Tally:
        """New cases over watched hours."""
        return Tally(self.opened, self.hours)


@dataclass(frozen=True, slots=True)
class Watched:
    """How much of a stretch was watched: hours of it, hours in gaps, hours of gaps that touch it.

    A gap that began before counts whole in `touching_hours`: what stood there meanwhile is read
    when it ends, and swells the counts then.
    """

    hours: float
    missing_hours: float
    touching_hours: float

    def is_fit(self, most_missing: float) -> bool:
        """Fit to be compared: it was watched but for a small share, and no backlog fell into it."""
        return self.hours > 0 and self.touching_hours <= most_missing * (
            self.hours + self.missing_hours
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """Everything that is counted between two instants in UTC: [since, until).

    `until` is before the period's end while it runs. `standing` are the cases open at the end by
    their history. `steps` are all of the period, a case may be there several times. `raised` holds
    what was raised or acknowledged in this time. `issues` were open at some time in between.
    `silences` are gaps of the whole watch. `returned` are cases that were with another body and had
    a result in this time, with the body that they came back from. `payments` and `class_c` are None
    where nothing of the kind is recorded.
    """

    since: datetime
    until: datetime
    opened: Sequence[CountedCase] = ()
    standing: Sequence[CountedCase] = ()
    overdue: frozenset[int] = frozenset()
    steps: Sequence[StepTaken] = ()
    documents: Sequence[DocumentTally] = ()
    told: Sequence[ToldCase] = ()
    alerts: Sequence[Raised] = ()
    issues: Sequence[Issue] = ()
    gaps: Sequence[DutyGap] = ()
    sources: Sequence[SourceCount] = ()
    silences: Sequence[Stretch] = ()
    watched: Watched = field(default_factory=lambda: Watched(0, 0, 0))
    clusters: Sequence[Cluster] = ()
    reading: ReadingCheck = field(default_factory=lambda: ReadingCheck(0, 0))
    returned: Mapping[int, ReferralBody | None] = field(default_factory=dict)
    payments: Payments | None = None
    class_c: Sequence[WatchedParty] | None = None

    @property
    def raised(self) -> list[Raised]:
        """What was raised in this time."""
        return [each for each in self.alerts if self.since <= each.started_at < self.until]


def count_workers(cases: Iterable[CountedCase]) -> int:
    """Add up the workers that cases name; what is not said counts as nothing."""
    return sum(each.case.workers or 0 for each in cases)


def sum_amount(cases: Iterable[CountedCase]) -> float:
    """Add up the sums that cases name, in yuan; what is not said counts as nothing."""
    return round(sum(each.case.amount_yuan or 0.0 for each in cases), 2)


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
