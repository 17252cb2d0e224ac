"""Where the watch was silent, told by what was read and what went wrong. Pure.

Until the collector keeps a record of its polls, a gap in the watch is known from two things: an
issue of the source (it did not answer, its layout changed), and a stretch without any document that
is too long to be chance at the pace of the weeks before. A source that brings little can be silent
for long without meaning anything, and then nothing is said of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

NIGHT = timedelta(hours=9)
"""Nights are quiet: so much is allowed beside what chance allows at the mean pace."""

_CHANCE = 1e-9
"""How seldom chance alone may make a stretch that long, at the mean pace."""

UNREAD_CODES = frozenset(
    {"S401", "S402", "S403", "S404", "S405", "S407", "S409", "S411", "S412", "S413", "S415", "S420"}
)
"""Issues during which a source is not read."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A length of time in UTC: [starts_at, ends_at)."""

    starts_at: datetime
    ends_at: datetime

    @property
    def hours(self) -> float:
        """Its length."""
        return (self.ends_at - self.starts_at) / timedelta(hours=1)


def longest_quiet(documents: int, hours: float) -> timedelta | None:
    """The longest silence that may be chance at a pace; None where the pace tells nothing.

    Args:
        documents: How many came in a time before.
        hours: How long that time was.
    """
    if documents <= 0 or hours <= 0:
        return None
    return NIGHT + timedelta(hours=-log(_CHANCE) * hours / documents)


def find_silences(
    read: Iterable[tuple[datetime, datetime]], since: datetime, until: datetime, quiet: timedelta
) -> list[Stretch]:
    """Find every stretch of [since, until) that is longer than `quiet` without a document.

    Args:
        read: For each hour with a document the first and the last of it, in order.
        since: Where to begin; a silence that began before is cut there.
        until: Where to end.
        quiet: The longest stretch that means nothing.
    """
    found, last = [], since
    for first_at, last_at in read:
        if first_at - last > quiet:
            found.append(Stretch(last, min(first_at, until)))
        last = max(last, last_at)
    if until - last > quiet:
        found.append(Stretch(last, until))
    return found


def join_stretches(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Put together what overlaps or touches, in order."""
    joined: list[Stretch] = []
    for each in sorted(stretches, key=lambda one: (one.starts_at, one.ends_at)):
        if joined and each.starts_at <= joined[-1].ends_at:
            joined[-1] = Stretch(joined[-1].starts_at, max(joined[-1].ends_at, each.ends_at))
        else:
            joined.append(each)
    return joined


def cut(stretches: Iterable[Stretch], since: datetime, until: datetime) -> list[Stretch]:
    """The parts that lie in [since, until)."""
    return [
        Stretch(max(each.starts_at, since), min(each.ends_at, until))
        for each in stretches
        if each.starts_at < until and each.ends_at > since
    ]


def sum_hours(stretches: Sequence[Stretch]) -> float:
    """How long they are together."""
    return sum(each.hours for each in stretches)
