"""What is counted of a period, and the sums that need nothing else. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from monitor.casework import ClockKind
from monitor.domain import (
    CASE_KINDS,
    Case,
    CaseStep,
    DocumentKind,
    DutyGap,
    Issue,
    ReferralBody,
    TimePrecision,
)
from monitor.reports.rates import Tally
from monitor.reports.silence import Stretch, sum_hours


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
class Paid:
    """One payment of the ledger: of which case, on which day, to how many, how much in yuan."""

    case_id: int
    number: str
    paid_on: date
    workers: int
    amount_yuan: float


@dataclass(frozen=True, slots=True)
class Payments:
    """What was paid in the period, by the ledger of payments."""

    lines: Sequence[Paid] = ()

    @property
    def workers(self) -> int:
        """To how many; somebody who was paid twice counts twice."""
        return sum(each.workers for each in self.lines)

    @property
    def amount_yuan(self) -> float:
        """How much together."""
        return round(sum(each.amount_yuan for each in self.lines), 2)


@dataclass(frozen=True, slots=True)
class WatchedParty:
    """A party in class C: checked by a dedicated person; `open_cases` at the end of the period."""

    name: str
    person: str | None
    open_cases: Sequence[int]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline of a case; `met_on` is None where it was not met by the end of the period.

    Days are those of Asia/Shanghai. `provisional`: it leans on a calendar not yet published.
    """

    case_id: int
    number: str
    kind: ClockKind
    starts_on: date
    due_on: date
    met_on: date | None
    provisional: bool = False

    @property
    def is_kept(self) -> bool:
        """What it waits for was done in time."""
        return self.met_on is not None and self.met_on <= self.due_on


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What a reviewer said of one document: does it say that somebody is owed pay?

    `kind` is what the model had made of it; None where that reading is gone.
    """

    at: datetime
    model: str
    kind: DocumentKind | None
    is_claim: bool

    @property
    def was_called(self) -> bool | None:
        """The model called it a claim; None where its reading is gone."""
        return None if self.kind is None else self.kind in CASE_KINDS

    @property
    def is_corrected(self) -> bool:
        """The reviewer said otherwise than the model."""
        return self.was_called not in {None, self.is_claim}


@dataclass(frozen=True, slots=True)
class ReadingCheck:
    """How the reader did: by what people decided on cases, and by what reviewers said."""

    confirmed: int
    not_claims: int
    reviewed: Sequence[Reviewed] = ()
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
    a result in this time, with the body that they came back from. `deadlines` fell in
    this time, were past at its end, or come within two weeks of it. `payments` and `class_c` are
    None where nothing of the kind is recorded.
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
    deadlines: Sequence[Deadline] = ()

    @property
    def raised(self) -> list[Raised]:
        """What was raised in this time."""
        return [each for each in self.alerts if self.since <= each.started_at < self.until]
