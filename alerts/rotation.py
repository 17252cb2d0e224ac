"""People who have one duty in turn, written out as shifts. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from alerts.day_calendar import DayCalendar
from monitor.domain import SHANGHAI, Shift
from monitor.duty_nouns import DayKind, Rotation

_DAY = timedelta(days=1)
PROVISIONAL = "暂定"
"""The note of a shift on a day whose calendar is not published yet."""


def expand(
    rotation: Rotation,
    calendar: DayCalendar,
    *,
    day_starts: time,
    starts_at: datetime,
    ends_at: datetime,
) -> list[Shift]:
    """Write a rotation out as shifts of one duty day each.

    Args:
        rotation: Who, from when, and on which days.
        calendar: Which days are off.
        day_starts: When a duty day begins, local time.
        starts_at: Shifts that end at or before this are left out.
        ends_at: Shifts that begin at or after this are left out.

    Returns:
        Oldest first. A shift whose turn depends on an unpublished calendar has the note
        PROVISIONAL: it may fall to somebody else once the calendar is known.
    """
    shifts = []
    for day, person, is_provisional in _turns(rotation, calendar, ends_at):
        begins = datetime.combine(day, day_starts, SHANGHAI).astimezone(UTC)
        if begins >= ends_at:
            break
        if begins + _DAY > starts_at:
            note = PROVISIONAL if is_provisional else ""
            shifts.append(Shift(rotation.duty, person, begins, begins + _DAY, note))
    return shifts


def _turns(
    rotation: Rotation, calendar: DayCalendar, ends_at: datetime
) -> Iterator[tuple[date, str, bool]]:
    """Count the days of the rotation's kind from its beginning: whose day is which."""
    last = ends_at.astimezone(SHANGHAI).date()
    last = min(last, rotation.ends_on) if rotation.ends_on else last
    counted = 0
    is_provisional = False
    for number in range((last - rotation.starts_on).days + 1):
        day = rotation.starts_on + number * _DAY
        if rotation.days is not DayKind.EVERY:
            # One wrong day off shifts everybody's turn after it.
            is_provisional = is_provisional or calendar.is_provisional(day)
            if calendar.is_rest(day) is not (rotation.days is DayKind.REST):
                continue
        turn = counted // rotation.days_each % len(rotation.people)
        yield day, rotation.people[turn], is_provisional
        counted += 1
