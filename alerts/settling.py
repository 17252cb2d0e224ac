"""The roster as it holds: plan, swaps, overrides and absences settled into one answer. Pure.

From below: rotations, the duty table, changes (overrides and agreed swaps, the newest holds), and
absences over all of them. What comes out has at most one person for a duty at any instant, so that
`alerts.roster.on_duty` and everything that asks it honours every swap.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import pairwise
from typing import Generic, Protocol, TypeVar

from alerts.day_calendar import DayCalendar
from alerts.roster import DoubleBooking, find_double_bookings, find_gaps, find_shift
from alerts.rotation import expand
from monitor.domain import DutyGap, DutyRole, Shift
from monitor.duty_nouns import Absence, RosterChange, RosterTables


@dataclass(frozen=True, slots=True)
class RosterRules:
    """How the plan is understood: the calendar, and when a duty day begins (local time)."""

    calendar: DayCalendar = field(default_factory=DayCalendar)
    day_starts: time = time(8)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Who has a duty in [starts_at, ends_at), and which planned shift that came from."""

    person: str
    planned: Shift | None
    note: str


def settle(
    tables: RosterTables, rules: RosterRules, starts_at: datetime, ends_at: datetime
) -> list[Shift]:
    """Settle every duty in [starts_at, ends_at).

    Args:
        tables: At least everything that touches that time.
        rules: How the plan is understood.
        starts_at: From when; shifts that began before are cut to it.
        ends_at: Until when; as above.

    Returns:
        Shifts that do not overlap within a duty, oldest first. A planned shift of which nobody
        changed anything is one shift; neighbouring pieces of one are joined again.
    """
    rotated = [
        shift
        for rotation in sorted(tables.rotations, key=lambda each: each.rotation_id)
        for shift in expand(
            rotation,
            rules.calendar,
            day_starts=rules.day_starts,
            starts_at=starts_at,
            ends_at=ends_at,
        )
    ]
    settled: list[Shift] = []
    for duty in DutyRole:
        layers = _Layers(
            [each for each in tables.shifts if each.duty is duty],
            [each for each in rotated if each.duty is duty],
            [each for each in tables.changes if each.duty is duty],
            tables.absences,
        )
        settled += _settle_duty(duty, layers, starts_at, ends_at)
    return sorted(settled, key=lambda each: (each.starts_at, each.duty))


@dataclass(frozen=True, slots=True)
class _Layers:
    """What may say who has one duty."""

    shifts: Sequence[Shift]
    rotated: Sequence[Shift]
    changes: Sequence[RosterChange]
    absences: Sequence[Absence]


class _Timed(Protocol):
    """Something that holds in [starts_at, ends_at)."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime: ...


T = TypeVar("T", bound=_Timed)


class _Sweep(Generic[T]):
    """Goes through stretches of time once, and says at each instant which of them hold."""

    def __init__(self, stretches: Sequence[T]) -> None:
        self._coming = deque(sorted(stretches, key=lambda each: each.starts_at))
        self._open: list[T] = []

    def at(self, instant: datetime) -> list[T]:
        """Instants may only rise from call to call."""
        while self._coming and self._coming[0].starts_at <= instant:
            self._open.append(self._coming.popleft())
        self._open = [each for each in self._open if each.ends_at > instant]
        return self._open


def _settle_duty(
    duty: DutyRole, layers: _Layers, starts_at: datetime, ends_at: datetime
) -> list[Shift]:
    shifts, rotated = _Sweep(layers.shifts), _Sweep(layers.rotated)
    changes, absences = _Sweep(layers.changes), _Sweep(layers.absences)
    settled: list[tuple[_Piece, datetime, datetime]] = []
    for begins, ends in pairwise(_cuts(layers, starts_at, ends_at)):
        planned = find_shift(shifts.at(begins), duty, begins) or _newest(rotated.at(begins))
        piece = _hold(planned, changes.at(begins), absences.at(begins))
        if piece is None:
            continue
        since = begins
        if settled and settled[-1][0] == piece and settled[-1][2] == begins:
            since = settled.pop()[1]
        settled.append((piece, since, ends))
    return [Shift(duty, piece.person, begins, ends, piece.note) for piece, begins, ends in settled]


def _cuts(layers: _Layers, starts_at: datetime, ends_at: datetime) -> list[datetime]:
    """Every instant at which somebody else may come, ascending."""
    every: list[_Timed] = [*layers.shifts, *layers.rotated, *layers.changes, *layers.absences]
    borders = {at for each in every for at in (each.starts_at, each.ends_at)}
    return sorted({starts_at, ends_at} | {at for at in borders if starts_at < at < ends_at})


def _newest(rotated: Sequence[Shift]) -> Shift | None:
    """Of several rotations the one that was set up last; they come in that order."""
    return rotated[-1] if rotated else None


def _hold(
    planned: Shift | None, changes: Sequence[RosterChange], absences: Sequence[Absence]
) -> _Piece | None:
    change = max(changes, key=lambda each: each.change_id, default=None)
    person = change.person if change else planned.person if planned else None
    if person is not None:
        person = _present(person, absences)
    return None if person is None else _Piece(person, planned, planned.note if planned else "")


def _present(person: str, absences: Sequence[Absence]) -> str | None:
    """Follow substitutes until one is there; None when nobody is."""
    seen: set[str] = set()
    while away := [each for each in absences if each.person == person]:
        seen.add(person)
        substitute = max(away, key=lambda each: each.absence_id).substitute
        if substitute is None or substitute in seen:
            return None
        person = substitute
    return person


# ---------------------------------------------------------------- what is wrong with it


@dataclass(frozen=True, slots=True)
class Troubles:
    """What is wrong with a roster: nobody there, or more than one thing asked of somebody."""

    gaps: Sequence[DutyGap] = ()
    doubles: Sequence[DoubleBooking] = ()

    def __bool__(self) -> bool:
        """Say whether anything is wrong."""
        return bool(self.gaps or self.doubles)


def find_troubles(
    tables: RosterTables,
    rules: RosterRules,
    duties: Sequence[DutyRole],
    starts_at: datetime,
    ends_at: datetime,
) -> Troubles:
    """Find the gaps and double bookings of [starts_at, ends_at).

    A double booking is one person in two of the duties at once (as settled), or two people whom the
    duty table itself names for one duty; the newer shift holds then, and somebody should say
    whether that is meant.
    """
    settled = settle(tables, rules, starts_at, ends_at)
    wanted = [each for each in settled if each.duty in duties]
    in_table = [
        clash
        for clash in find_double_bookings(
            [each for each in tables.shifts if each.duty in duties and each.ends_at > starts_at]
        )
        if clash.first.duty is clash.second.duty and clash.starts_at < ends_at
    ]
    return Troubles(
        find_gaps(settled, duties, starts_at, ends_at),
        sorted([*find_double_bookings(wanted), *in_table], key=lambda each: each.starts_at),
    )
