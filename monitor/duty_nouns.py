"""The nouns of the roster: what was planned, what was changed, who is away, who takes over.

Times (`…_at`) are aware datetimes in UTC; days (`…_on`) are dates in Asia/Shanghai.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.domain import AlertReason, Case, DutyRole, Shift


class CallOff(StrEnum):
    """Why alerts were called off before anybody acknowledged them.

    REPLACED: a newer change of the case is told instead. OVER: what a notice was about is mended or
    answered.
    """

    MERGED = "merged"
    CLOSED = "closed"
    NOT_A_CLAIM = "not_a_claim"
    REPLACED = "replaced"
    OVER = "over"


class DayKind(StrEnum):
    """Which days a rotation takes part in: all of them, working days, or days off."""

    EVERY = "every"
    WORKDAY = "workday"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Rotation:
    """People who have one duty in turn; it fills what the duty table leaves open.

    `days_each` counts days of the rotation's own kind, so that three officers on days off follow
    each other over the weeks. `ends_on` is the last day; None while it goes on. `people` is not
    empty, and the first of them has the first day of that kind on or after `starts_on`.
    """

    rotation_id: int
    duty: DutyRole
    people: tuple[str, ...]
    starts_on: date
    ends_on: date | None
    days_each: int
    days: DayKind


@dataclass(frozen=True, slots=True)
class RosterChange:
    """In [starts_at, ends_at) this person has the duty, whatever the plan says; the newest holds.

    `person` None takes everybody off. `swap_id` is None unless a swap made it.
    """

    change_id: int
    duty: DutyRole
    person: str | None
    starts_at: datetime
    ends_at: datetime
    made_by: str
    made_at: datetime
    note: str = ""
    swap_id: int | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """A person cannot be on duty in [starts_at, ends_at).

    `substitute` takes every duty of theirs in that time; None leaves gaps, which are announced.
    Why somebody is away is nobody's business here, so there is no field for it.
    """

    absence_id: int
    person: str
    starts_at: datetime
    ends_at: datetime
    substitute: str | None
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """One duty in [starts_at, ends_at): what a swap is about."""

    duty: DutyRole
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SwapOffer:
    """What a person asks another for: take `given`, and give `taken` (None: nothing) in return."""

    other: str
    given: Stretch
    taken: Stretch | None = None
    note: str = ""


class SwapState(StrEnum):
    """Where a swap stands. Only AGREED changes who is on duty."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Swap:
    """One person gives a stretch of duty to another and may take one in return.

    Proposing is the proposer's confirmation; `answered_at` is the other's answer, None before it.
    `taken` is None where nothing is given back.
    """

    swap_id: int
    proposer: str
    other: str
    given: Stretch
    taken: Stretch | None
    state: SwapState
    proposed_at: datetime
    answered_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class RosterTables:
    """Everything that says who is on duty in one stretch of time, each in any order."""

    shifts: Sequence[Shift] = ()
    rotations: Sequence[Rotation] = ()
    changes: Sequence[RosterChange] = ()
    absences: Sequence[Absence] = ()


# ---------------------------------------------------------------- hand-over


@dataclass(frozen=True, slots=True)
class HandoverItem:
    """One matter that is handed over. `accepted_at` None: it stays with the one who left."""

    case: Case
    is_acknowledged: bool
    accepted_at: datetime | None = None
    accepted_by: str | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """The change from one person to the next in one duty, at `at`.

    `note` is what the leaving person wrote for the next one; `noted_at` None: nothing yet.
    `accepted_at` is when the coming person took over note and items; None before that.
    """

    handover_id: int
    duty: DutyRole
    leaving: str
    coming: str
    at: datetime
    note: str = ""
    noted_at: datetime | None = None
    accepted_at: datetime | None = None
    accepted_by: str | None = None


# ---------------------------------------------------------------- what is told without a case


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the watch itself that a person must see and acknowledge.

    `lines` are the message; `path` is the page of the desk where it is dealt with. `key` is its
    ladder's key: the same thing told twice is one ladder.
    """

    key: str
    reason: AlertReason
    title: str
    lines: tuple[str, ...]
    path: str
    urgent: bool = False
