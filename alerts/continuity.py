"""Unbroken, minute by minute: one bit says whether it was looked at, one whether it was well. Pure.

A minute that nobody looked at counts as broken: what cannot be shown is not claimed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from monitor.domain import SHANGHAI

MINUTES = 1440
BYTES = MINUTES // 8
EMPTY = bytes(BYTES)

DUTY = "duty"
"""The subject "somebody who can be reached is on duty"."""

SENDING = "sending"
"""The subject "alerts can leave"."""

SOURCE = "source:"
"""The subject "this source is read" is this and the source's name."""


Part = tuple[date, int, int]
"""Minutes of one day: the day, the first minute, and the one after the last."""


@dataclass(frozen=True, slots=True)
class DayBits:
    """One subject's day: minute m of the day (Asia/Shanghai) is bit m % 8 of byte m // 8."""

    observed: bytes = EMPTY
    good: bytes = EMPTY


@dataclass(frozen=True, slots=True)
class Break:
    """[starts_at, ends_at) was broken; `is_unseen` when nobody looked, so that nobody can say."""

    starts_at: datetime
    ends_at: datetime
    is_unseen: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """Minutes of a stretch of time: all, those looked at, those that were well."""

    minutes: int
    observed: int
    good: int

    @property
    def share(self) -> float:
        """Share in [0, 1] of all minutes that were shown to be well; 1 of none."""
        return self.good / self.minutes if self.minutes else 1.0


def place(at: datetime) -> tuple[date, int]:
    """Say on which day and in which of its minutes, from 0, an instant lies (Asia/Shanghai)."""
    local = at.astimezone(SHANGHAI)
    return local.date(), local.hour * 60 + local.minute


def mark(bits: DayBits, minutes: range, *, is_good: bool) -> DayBits:
    """Write an observation for some minutes of one day.

    A minute that was seen broken once stays broken.
    """
    observed, good = bytearray(bits.observed), bytearray(bits.good)
    for minute in minutes:
        byte, bit = minute // 8, 1 << minute % 8
        was_seen = observed[byte] & bit
        if is_good and not was_seen:
            good[byte] |= bit
        elif not is_good:
            good[byte] &= ~bit & 0xFF
        observed[byte] |= bit
    return DayBits(bytes(observed), bytes(good))


def cover(days: Mapping[date, DayBits], starts_at: datetime, ends_at: datetime) -> Coverage:
    """Count the minutes of [starts_at, ends_at), both cut to whole minutes."""
    return count(days, cut(starts_at, ends_at))


def count(days: Mapping[date, DayBits], parts: Sequence[Part]) -> Coverage:
    """Count the minutes of these parts; whoever counts many subjects cuts once."""
    minutes = observed = good = 0
    for day, first, last in parts:
        minutes += last - first
        bits = days.get(day)
        if bits is None:
            continue
        mask = ((1 << (last - first)) - 1) << first
        observed += (int.from_bytes(bits.observed, "little") & mask).bit_count()
        good += (int.from_bytes(bits.good, "little") & mask).bit_count()
    return Coverage(minutes, observed, good)


def find_breaks(
    days: Mapping[date, DayBits], starts_at: datetime, ends_at: datetime
) -> list[Break]:
    """Find every stretch of [starts_at, ends_at) that was not shown to be well, oldest first."""
    breaks: list[Break] = []
    for day, first, last in cut(starts_at, ends_at):
        bits = days.get(day, DayBits())
        mask = ((1 << (last - first)) - 1) << first
        broken = ~int.from_bytes(bits.good, "little") & mask
        observed = int.from_bytes(bits.observed, "little")
        midnight = datetime.combine(day, time(0), SHANGHAI)
        runs = [
            *((run, False) for run in _runs(broken & observed)),
            *((run, True) for run in _runs(broken & ~observed)),
        ]
        for run, is_unseen in sorted(runs, key=lambda each: each[0].start):
            begins = midnight + timedelta(minutes=run.start)
            ends = midnight + timedelta(minutes=run.stop)
            if breaks and breaks[-1].ends_at == begins and breaks[-1].is_unseen is is_unseen:
                breaks[-1] = Break(breaks[-1].starts_at, ends, is_unseen)
            else:
                breaks.append(Break(begins, ends, is_unseen))
    return breaks


def _runs(bits: int) -> Iterator[range]:
    """The stretches of ones in a number, lowest bit first."""
    while bits:
        first = (bits & -bits).bit_length() - 1
        carried = bits + (1 << first)  # the carry runs up to the first zero above
        last = (carried & ~bits).bit_length() - 1
        yield range(first, last)
        bits &= ~((1 << last) - 1)


def cut(starts_at: datetime, ends_at: datetime) -> list[Part]:
    """Cut [starts_at, ends_at) into days, oldest first."""
    first_day, first = place(starts_at)
    last_day, last = place(ends_at)
    parts: list[Part] = []
    day = first_day
    while day <= last_day:
        begins = first if day == first_day else 0
        ends = last if day == last_day else MINUTES
        if begins < ends:
            parts.append((day, begins, ends))
        day += timedelta(days=1)
    return parts
