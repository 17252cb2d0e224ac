"""The part of a day that a shift takes: 白班, 夜班, 18:00-次日8:00, or the whole day. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from monitor.domain import SHANGHAI

_RANGE = re.compile(
    r"(\d{1,2})[:点时](\d{2})?分?(?:-|—+|–|~|至|到)+(次日|第二天|翌日|次)?(\d{1,2})[:点时](\d{2})?"
)
_DAY = re.compile(r"[白日早]班?")
_NIGHT = re.compile(r"[夜晚]班?")
_WHOLE = re.compile(r"|全天|全日|整天|24小时|全天班|昼夜")
_MIDNIGHT_AT_THE_END = 24


@dataclass(frozen=True, slots=True)
class DayHours:
    """When a duty day begins, and when its night shift does; local times, Asia/Shanghai."""

    day_starts: time
    night_starts: time


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when, counted from midnight of the day; the end may lie on the next day."""

    starts: timedelta
    ends: timedelta


def parse_hours(text: str, day: DayHours) -> Hours | None:
    """Read a shift's hours.

    Args:
        text: 白班, 夜班, 全天, a range such as 18:00-次日8:00, or nothing for the whole duty day.
        day: What 白班 and 夜班 mean here.

    Returns:
        Hours that last from one minute to 24 hours; None when the text is none of these.
    """
    squeezed = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if found := _RANGE.search(squeezed):
        return _from_range(found)
    starts, night = _since_midnight(day.day_starts), _since_midnight(day.night_starts)
    next_day = starts + timedelta(days=1)
    if _WHOLE.fullmatch(squeezed):
        return Hours(starts, next_day)
    if _DAY.match(squeezed):
        return Hours(starts, night)
    if _NIGHT.match(squeezed):
        return Hours(night, next_day)
    return None


def instants(on: date, hours: Hours) -> tuple[datetime, datetime]:
    """Turn hours of a day into instants; the zone of the answer is Asia/Shanghai."""
    # China has had no daylight saving since 1991, so adding to midnight is adding on the clock.
    midnight = datetime.combine(on, time(0), SHANGHAI)
    return midnight + hours.starts, midnight + hours.ends


def _from_range(found: re.Match[str]) -> Hours | None:
    starts = timedelta(hours=int(found[1]), minutes=int(found[2] or 0))
    ends = timedelta(hours=int(found[4]), minutes=int(found[5] or 0))
    latest = timedelta(hours=_MIDNIGHT_AT_THE_END)
    if starts >= latest or ends > latest:
        return None
    if found[3] or ends <= starts:
        ends += timedelta(days=1)
    return Hours(starts, ends) if ends - starts <= timedelta(days=1) else None


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute)
