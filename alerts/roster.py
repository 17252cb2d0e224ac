"""Who is on duty: the one place that answers this question. Pure.

Shifts are half-open, [starts_at, ends_at), in UTC; they may pass midnight. Everything that tells a
person something asks `on_duty` about the shifts that `alerts.settling.settle` made of plan, swaps
and absences, so that a swap or an override is honoured everywhere at once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice, takewhile

from monitor.domain import DutyGap, DutyRole, Shift


@dataclass(frozen=True, slots=True)
class DoubleBooking:
    """Two shifts that cannot both be meant, in [starts_at, ends_at).

    Either two people have one duty, or one person has two duties and is told the same thing twice.
    """

    first: Shift
    second: Shift
    starts_at: datetime
    ends_at: datetime


def on_duty(shifts: Iterable[Shift], duty: DutyRole, at: datetime) -> str | None:
    """Say who has a duty at an instant.

    Where two shifts overlap, the one that began last holds: it was put over the other. Of two that
    began together the shorter one holds, then the name that sorts first, so that the answer never
    depends on the order of the rows.

    Args:
        shifts: In any order; shifts of other duties are passed over.
        duty: The column of the duty table that is asked about.
        at: An aware instant.

    Returns:
        The user name, or None when nobody has this duty at that instant.
    """
    shift = find_shift(shifts, duty, at)
    return shift.person if shift else None


def find_shift(shifts: Iterable[Shift], duty: DutyRole, at: datetime) -> Shift | None:
    """Find the shift by which somebody has a duty at an instant; see `on_duty`."""
    holding = [
        shift for shift in shifts if shift.duty is duty and shift.starts_at <= at < shift.ends_at
    ]
    if not holding:
        return None
    latest = max(shift.starts_at for shift in holding)
    began_last = [shift for shift in holding if shift.starts_at == latest]
    return min(began_last, key=lambda shift: (shift.ends_at, shift.person))


def find_gaps(
    shifts: Iterable[Shift], duties: Sequence[DutyRole], start: datetime, end: datetime
) -> list[DutyGap]:
    """Find every stretch of [start, end) in which nobody has a duty that somebody must have.

    Returns:
        Gaps in the order of `duties`, each duty's oldest first; empty when every instant is held.
    """
    known = list(shifts)
    return [gap for duty in duties for gap in _gaps_of(known, duty, start, end)]


def _gaps_of(
    shifts: Sequence[Shift], duty: DutyRole, start: datetime, end: datetime
) -> list[DutyGap]:
    gaps: list[DutyGap] = []
    held_until = start
    own = (shift for shift in shifts if shift.duty is duty and shift.ends_at > shift.starts_at)
    for shift in sorted(own, key=lambda shift: shift.starts_at):
        if shift.starts_at > held_until and held_until < end:
            gaps.append(DutyGap(duty, held_until, min(shift.starts_at, end)))
        held_until = max(held_until, shift.ends_at)
    if held_until < end:
        gaps.append(DutyGap(duty, held_until, end))
    return gaps


def find_double_bookings(shifts: Iterable[Shift]) -> list[DoubleBooking]:
    """Find every pair of shifts in which two people have one duty, or one person two duties.

    Returns:
        Oldest first; may be empty. The same person in the same duty twice is not a clash.
    """
    ordered = sorted(shifts, key=lambda shift: (shift.starts_at, shift.duty, shift.person))
    clashes = [
        DoubleBooking(first, second, second.starts_at, min(first.ends_at, second.ends_at))
        for number, first in enumerate(ordered)
        # Sorted by start, so the first that begins after the end is the end of what can overlap.
        for second in takewhile(partial(_begins_within, first), islice(ordered, number + 1, None))
        # Exactly one of the two is shared: two people in one duty, or one person in two duties.
        if (first.duty is second.duty) != (first.person == second.person)
    ]
    return sorted(clashes, key=lambda clash: clash.starts_at)


def _begins_within(first: Shift, second: Shift) -> bool:
    return second.starts_at < first.ends_at
