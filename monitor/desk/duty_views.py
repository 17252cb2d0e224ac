"""What the duty pages show and do: the roster, swaps, hand-overs, continuity; one protocol.

Everything arrives decided, as in `monitor.desk.views`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from alerts.continuity import Break, Coverage
from monitor.desk.roster_import import TableDraft
from monitor.domain import DutyRole, Person, Shift
from monitor.duty_nouns import (
    Absence,
    Handover,
    HandoverItem,
    RosterChange,
    Rotation,
    Stretch,
    Swap,
    SwapOffer,
)


@dataclass(frozen=True, slots=True)
class DutyCell:
    """Somebody in one duty on one duty day; times are None when it is the whole of it."""

    person_name: str
    is_me: bool
    starts_at: datetime | None
    ends_at: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RosterDay:
    """One duty day. A duty without a cell, or whose cells leave time open, has a gap."""

    day: date
    is_rest: bool
    is_provisional: bool
    is_today: bool
    cells: Mapping[DutyRole, Sequence[DutyCell]]
    gaps: frozenset[DutyRole]


@dataclass(frozen=True, slots=True)
class RosterView:
    """The roster from a day on, what is wrong with the next weeks, and what changes the plan.

    `calendar_since` is when the person's calendar got its address; None when it has none.
    """

    days: Sequence[RosterDay]
    duties: Sequence[DutyRole]
    troubles: Sequence[str]
    look_ahead_days: int
    changes: Sequence[RosterChange]
    absences: Sequence[Absence]
    rotations: Sequence[Rotation]
    people: Sequence[Person]
    names: Mapping[str, str]
    may_keep: bool
    earlier: date
    later: date
    calendar_since: datetime | None


@dataclass(frozen=True, slots=True)
class OwnedStretch:
    """A shift that may be exchanged: whose it is, and which."""

    person: str
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class SwapLine:
    """One swap, and what this person may do with it."""

    swap: Swap
    may_answer: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class SwapsView:
    """The swaps, newest first, and what this person could exchange in the coming weeks."""

    lines: Sequence[SwapLine]
    mine: Sequence[OwnedStretch]
    others: Sequence[OwnedStretch]
    people: Sequence[Person]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HandoverView:
    """One sheet. `left` counts what still stays with the one who left."""

    handover: Handover
    items: Sequence[HandoverItem]
    left: int
    is_late: bool
    may_note: bool
    may_accept: bool
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SubjectView:
    """The continuity of one subject: coverage by window in days, and each day's, oldest first."""

    subject: str
    windows: Mapping[int, Coverage]
    days: Sequence[tuple[date, Coverage]]


@dataclass(frozen=True, slots=True)
class FindingView:
    """Something that is wrong with the watch now, and who was told."""

    code: str
    message: str
    first_seen_at: datetime
    told_at: datetime | None
    told_to: str | None
    told_through: str | None


@dataclass(frozen=True, slots=True)
class ContinuityView:
    """What can be shown of the last 90 days; `since` is the first day that was looked at."""

    subjects: Sequence[SubjectView]
    findings: Sequence[FindingView]
    since: date | None


@dataclass(frozen=True, slots=True)
class BreaksView:
    """Every stretch of the last 90 days in which a subject was not shown to be well, newest first.

    `unwatched` is what lies before the first day that was looked at.
    """

    subject: str
    coverage: Coverage
    breaks: Sequence[Break]
    total: int


class DutyDesk(Protocol):
    """Everything the duty pages ask for and do. May be called from several threads at once.

    Any method may raise StorageBusyError or StorageFullError; those that act raise NotAllowedError,
    NotFoundError, IllegalStepError and InputError as `monitor.desk.rostering` says.
    """

    def roster(self, person: Person, first: date | None, now: datetime) -> RosterView:
        """The roster from a day on; from today when None."""

    def put_person(
        self, by: Person, stretch: Stretch, username: str | None, note: str, now: datetime
    ) -> None:
        """Put somebody into a stretch of duty."""

    def withdraw_change(self, by: Person, change_id: int, now: datetime) -> None:
        """Let the plan hold again."""

    def add_absence(
        self,
        by: Person,
        username: str,
        starts_at: datetime,
        ends_at: datetime,
        *,
        substitute: str | None,
        now: datetime,
    ) -> None:
        """Say that somebody is away."""

    def end_absence(self, by: Person, absence_id: int, now: datetime) -> None:
        """Say that somebody is back."""

    def read_table(self, by: Person, content: bytes, name: str, now: datetime) -> TableDraft:
        """Read a duty table and say what it would change; changes nothing."""

    def take_table(
        self, by: Person, shifts: Sequence[Shift], basis: str, name: str, now: datetime
    ) -> None:
        """Let a duty table take effect that was shown before."""

    def swaps(self, person: Person, now: datetime) -> SwapsView:
        """The swaps, and what could be exchanged."""

    def propose_swap(self, person: Person, offer: SwapOffer, now: datetime) -> None:
        """Ask somebody to take a stretch."""

    def answer_swap(self, person: Person, swap_id: int, *, agree: bool, now: datetime) -> None:
        """Agree or decline."""

    def withdraw_swap(self, person: Person, swap_id: int, now: datetime) -> None:
        """Take a proposal back."""

    def handovers(self, person: Person, now: datetime) -> Sequence[HandoverView]:
        """The hand-overs of the last days, newest first."""

    def handover(self, handover_id: int, person: Person, now: datetime) -> HandoverView:
        """One hand-over."""

    def write_note(self, handover_id: int, person: Person, note: str, now: datetime) -> None:
        """Write what the next person must know, as the one who leaves."""

    def accept_handover(
        self, handover_id: int, person: Person, case_id: int | None, now: datetime
    ) -> None:
        """Take over one case, or all of them and the note, as the one who comes."""

    def continuity(self, now: datetime) -> ContinuityView:
        """What can be shown of the last 90 days."""

    def breaks(self, subject: str, now: datetime) -> BreaksView:
        """The breaks of one subject."""

    def make_calendar_address(self, person: Person, now: datetime) -> str:
        """Give this person's calendar a new secret address; the one before stops working."""

    def read_calendar(self, token: str, now: datetime) -> bytes | None:
        """The calendar behind an address; None when no such address works."""
