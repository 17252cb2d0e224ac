"""Quiet hours: what is not urgent waits for the morning, and nothing else does. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from monitor.domain import SHANGHAI, UrgencyLevel


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when to when (local time, may pass midnight) alerts of these levels are held."""

    levels: Collection[UrgencyLevel] = frozenset()
    starts: time = time(22)
    ends: time = time(7)


def find_release(level: UrgencyLevel, now: datetime, quiet: QuietHours) -> datetime | None:
    """Say until when an alert of this level is held.

    Returns:
        The end of the quiet hours, in UTC; None when it is told at once.
    """
    if level not in quiet.levels or quiet.starts == quiet.ends:
        return None
    local = now.astimezone(SHANGHAI)
    today = local.date()
    # Quiet hours that began yesterday or today may hold now.
    for day in (today - timedelta(days=1), today):
        starts = datetime.combine(day, quiet.starts, SHANGHAI)
        ends = datetime.combine(day, quiet.ends, SHANGHAI)
        if quiet.ends < quiet.starts:
            ends += timedelta(days=1)
        if starts <= local < ends:
            return ends.astimezone(UTC)
    return None
