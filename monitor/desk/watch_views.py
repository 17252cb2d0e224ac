"""What the pages show of the watch itself: sources, duty, roles, counts; all of it decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from monitor.domain import (
    AlertState,
    CaseState,
    DeliveryState,
    DutyGap,
    DutyRole,
    Heartbeat,
    Issue,
    Source,
    SourceHealth,
)


class SourceState(StrEnum):
    """How a source is doing, worst first where several hold.

    OFF: not enabled. FAILING: the newest attempt failed. QUIET: attempts succeed but nothing new
    came for longer than it promises. STARTING: never succeeded yet and never failed. WELL: else.
    """

    WELL = "well"
    STARTING = "starting"
    QUIET = "quiet"
    FAILING = "failing"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class FaultPage:
    """The newest page that shows an issue: tags and numbers of characters, in nobody's words.

    `status` is 0 when no answer came.
    """

    seen_at: datetime
    address: str
    status: int
    outline: str


@dataclass(frozen=True, slots=True)
class GapView:
    """Time of which posts may be missing; `until` is None when its length is not known."""

    since: datetime
    until: datetime | None
    found_at: datetime


@dataclass(frozen=True, slots=True)
class SourceHealthView:
    """One source, how it is, and its open issues (newest first).

    `pages` holds, by an issue's code, the page that shows it; `gaps` those of the last week.
    """

    source: Source
    health: SourceHealth
    state: SourceState
    issues: Sequence[Issue]
    pages: Mapping[str, FaultPage] = field(default_factory=dict)
    gaps: Sequence[GapView] = ()


@dataclass(frozen=True, slots=True)
class DutyLine:
    """Who has a duty; `person_name` is None for a gap, `ends_at` None when nothing follows."""

    duty: DutyRole
    person_name: str | None
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class DutyView:
    """Who is on duty now, who follows, and what is not filled in the coming days."""

    on_duty: Sequence[DutyLine]
    following: Sequence[DutyLine]
    gaps: Sequence[DutyGap]


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role's newest sign of life; `is_late` when its success is older than the settings allow."""

    heartbeat: Heartbeat
    is_late: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are of each, for the metrics; absent keys are 0.

    `documents` counts by the kind of the newest assessment, and `unassessed`.
    """

    cases: Mapping[CaseState, int] = field(default_factory=dict)
    alerts: Mapping[AlertState, int] = field(default_factory=dict)
    deliveries: Mapping[DeliveryState, int] = field(default_factory=dict)
    documents: Mapping[str, int] = field(default_factory=dict)
    open_issues: int = 0
