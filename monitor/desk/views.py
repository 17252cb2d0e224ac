"""What the desk's pages need from the rest of the project: one protocol and the views it returns.

The pages hold no rule, no SQL and no clock. Everything that is decided (what is overdue, who may do
what, how healthy a source is) arrives decided, in the frozen views of this module.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from monitor.desk.report_views import Reports
from monitor.desk.watch_views import Counts, DutyView, RoleView, SourceHealthView
from monitor.domain import (
    Case,
    CaseFile,
    CaseState,
    CaseStep,
    DeliveryState,
    Issue,
    Person,
    ReferralBody,
    Through,
    UrgencyLevel,
)
from monitor.duty_nouns import CallOff, Notice


class WaitingGroup(StrEnum):
    """A list on the first page; each is also a filter of the ledger, so that a count can be opened.

    UNDECIDED: state `new` or `reopened`: nobody has said whose it is. UNACKNOWLEDGED: at least one
    alert that is due or sent and that nobody has acknowledged. OVERDUE: past its internal clock.
    MINE: open cases whose owner is the person who asks.
    """

    UNACKNOWLEDGED = "unacknowledged"
    UNDECIDED = "undecided"
    OVERDUE = "overdue"
    MINE = "mine"


class AgeBand(StrEnum):
    """How long ago a case was opened."""

    UNDER_AN_HOUR = "under_an_hour"
    UNDER_A_DAY = "under_a_day"
    UNDER_A_WEEK = "under_a_week"
    OLDER = "older"


AGE_BANDS: Mapping[AgeBand, tuple[timedelta, timedelta]] = {
    AgeBand.UNDER_AN_HOUR: (timedelta.min, timedelta(hours=1)),
    AgeBand.UNDER_A_DAY: (timedelta(hours=1), timedelta(days=1)),
    AgeBand.UNDER_A_WEEK: (timedelta(days=1), timedelta(days=7)),
    AgeBand.OLDER: (timedelta(days=7), timedelta.max),
}
"""For each band the ages [from, to) of `now - opened_at`; together they cover every age once."""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases the ledger lists; None and empty mean no restriction. `page` counts from 1.

    `text` is looked for in employer, project, place and number, as a plain substring.
    """

    state: CaseState | None = None
    level: UrgencyLevel | None = None
    group: WaitingGroup | None = None
    age: AgeBand | None = None
    text: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list.

    `owner_name` is the owner's display name, None while the duty desk owns it. `due_at` is the end
    of the internal clock, None when none runs.
    """

    case: Case
    owner_name: str | None = None
    is_unacknowledged: bool = False
    is_overdue: bool = False
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseList:
    """One page of the ledger, most urgent first, then oldest first; `total` counts all pages."""

    lines: Sequence[CaseLine]
    total: int
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class WaitingList:
    """How many cases are in a group, and the first few of them (most urgent first)."""

    total: int
    lines: Sequence[CaseLine]


@dataclass(frozen=True, slots=True)
class WaitingView:
    """What waits for one person. The two pictures count the group UNDECIDED; absent keys are 0."""

    groups: Mapping[WaitingGroup, WaitingList]
    by_level: Mapping[UrgencyLevel, int]
    by_age: Mapping[AgeBand, int]
    open_issues: int


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One message of an alert on one channel. Never holds the address it went to."""

    channel: str
    state: DeliveryState
    tries: int
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AcknowledgementLine:
    """One act of acknowledging: by whom, when, through what; `channel` is empty from the desk."""

    person: str
    at: datetime
    through: Through
    channel: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case as one person may see it.

    `names` maps every user name in the file (owner, actors, alerted people) to a display name;
    `source_titles` every source's name to its title; `deliveries` an alert's number to its
    messages. `allowed` holds the steps that this person may make in this state;
    `may_acknowledge` is false when nothing waits for an acknowledgement or the person may not;
    `may_remove` when the person may not remove a text on request. `acknowledgements` is oldest
    first; `called_off` says by a ladder's key when and why it ended without anybody.
    """

    file: CaseFile
    names: Mapping[str, str]
    source_titles: Mapping[str, str]
    deliveries: Mapping[int, Sequence[DeliveryLine]]
    allowed: frozenset[CaseStep]
    may_acknowledge: bool
    is_overdue: bool = False
    due_at: datetime | None = None
    may_remove: bool = False
    acknowledgements: Sequence[AcknowledgementLine] = ()
    called_off: Mapping[str, tuple[datetime, CallOff]] = field(default_factory=dict)


class CodeState(StrEnum):
    """What a link in an alert can still do."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CALLED_OFF = "called_off"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class AcknowledgementView:
    """What the page behind an alert's link shows: the case, never a sentence of a message.

    `case` is None for a notice about the watch itself, and for a test message, which has no
    `notice` either. `person_name` is whom the alert was sent to.
    `acknowledged_by` is a display name. `acted` is true only in the answer to the one call that
    acknowledged.
    """

    state: CodeState
    case: Case | None
    person_name: str
    raised_at: datetime
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    acted: bool = False
    notice: Notice | None = None


class Desk(Protocol):
    """Everything the pages ask for and do. May be called from several threads at once.

    Any method may raise StorageBusyError or StorageFullError.
    """

    def sign_in(self, username: str, password: str, now: datetime) -> Person | None:
        """Return the person if the password is right and the person is not disabled."""

    def redeem_sign_in_code(self, code: str, now: datetime) -> Person | None:
        """Use up a one-time sign-in; None when it is unknown, used or too old."""

    def find_person(self, username: str) -> Person | None:
        """Look a person up; asked at every request, so that disabling ends a session at once."""

    def waiting(self, person: Person, now: datetime) -> WaitingView:
        """What waits for this person."""

    def list_cases(self, wanted: CaseFilter, person: Person, now: datetime) -> CaseList:
        """One page of the ledger; a page past the end is empty and still tells the total."""

    def get_case(self, case_id: int, person: Person, now: datetime) -> CaseView:
        """Open one case.

        Raises:
            NotFoundError: There is no such case.
        """

    def acknowledge_case(self, case_id: int, person: Person, now: datetime) -> None:
        """Acknowledge every alert of the case that waits; harmless when none does.

        Raises:
            NotFoundError: There is no such case.
            NotAllowedError: This person only reads.
        """

    def accept(self, case_id: int, person: Person, version: int, now: datetime) -> None:
        """Take the case over.

        Raises:
            NotFoundError: There is no such case.
            NotAllowedError: This person only reads.
            IllegalStepError: The state does not allow it, or the case is not `version` any more.
        """

    def refer(
        self,
        case_id: int,
        person: Person,
        version: int,
        *,
        body: ReferralBody,
        reason: str,
        now: datetime,
    ) -> None:
        """Pass the case on to a named body, with a reason that is not empty.

        Raises:
            NotFoundError: There is no such case.
            NotAllowedError: This person only reads.
            IllegalStepError: The state does not allow it, or the case is not `version` any more.
        """

    def not_a_claim(
        self, case_id: int, person: Person, version: int, *, reason: str, now: datetime
    ) -> None:
        """Say that the case is not about unpaid wages, with a reason that is not empty.

        Raises:
            NotFoundError: There is no such case.
            NotAllowedError: This person only reads.
            IllegalStepError: The state does not allow it, or the case is not `version` any more.
        """

    def remove_document(
        self, case_id: int, document_id: int, person: Person, now: datetime, *, whole_item: bool
    ) -> None:
        """Remove a text of a case at once, or the whole thread; it is never read again.

        Raises:
            NotFoundError: There is no such text in this case.
            NotAllowedError: This person's role may not.
            InputError: A hold keeps the texts of the case; the message says until when.
        """

    def find_acknowledgement(self, code: str, now: datetime) -> AcknowledgementView | None:
        """What a link's code stands for; changes nothing. None when the code is unknown."""

    def acknowledge_by_code(self, code: str, now: datetime) -> AcknowledgementView:
        """Acknowledge once; a used, called-off or expired code changes nothing and says so.

        Raises:
            NotFoundError: The code is unknown.
        """

    def sources(self, now: datetime) -> Sequence[SourceHealthView]:
        """Every source; those in trouble first."""

    def source_titles(self) -> Mapping[str, str]:
        """Every source's title by its name."""

    def open_issues(self) -> Sequence[Issue]:
        """Every open issue, newest first."""

    def duty(self, now: datetime) -> DutyView:
        """Who is on duty."""

    def roles(self, now: datetime) -> Sequence[RoleView]:
        """The newest sign of life of each role on each host."""

    @property
    def reports(self) -> Reports:
        """The kept reports."""

    def counts(self) -> Counts:
        """What the metrics count."""
