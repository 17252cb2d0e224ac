"""Weeks as people count them: Monday to Sunday in Asia/Shanghai. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from monitor.domain import SHANGHAI
from monitor.errors import InputError

_WEEK = re.compile(r"([0-9]{4})-W([0-9]{2})")
_FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """Monday to Sunday in Asia/Shanghai, named as ISO 8601 does: 2026-W47."""

    starts_on: date

    @property
    def name(self) -> str:
        """Such as 2026-W47."""
        year, number, _ = self.starts_on.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def ends_on(self) -> date:
        """Its Sunday."""
        return self.starts_on + timedelta(days=6)

    @property
    def starts_at(self) -> datetime:
        """Monday 00:00 in Asia/Shanghai, in UTC."""
        return datetime.combine(self.starts_on, time(), SHANGHAI).astimezone(UTC)

    @property
    def ends_at(self) -> datetime:
        """The next Monday 00:00; not part of the week."""
        return self.next.starts_at

    @property
    def next(self) -> "Week":
        """The week after."""
        return Week(self.starts_on + timedelta(days=7))

    @property
    def before(self) -> "Week":
        """The week before."""
        return Week(self.starts_on - timedelta(days=7))


def week_of(at: datetime) -> Week:
    """The week that an instant is in, by the calendar of Asia/Shanghai."""
    day = at.astimezone(SHANGHAI).date()
    return Week(day - timedelta(days=day.weekday()))


def parse_week(given: str | None, now: datetime) -> Week:
    """Read a week's name; without one, take the last week that is over.

    Raises:
        InputError: It is no week, or has not begun.
    """
    last = week_of(now).before
    if given is None:
        return last
    found = _WEEK.fullmatch(given.strip())
    week = _find_week(int(found[1]), int(found[2])) if found else None
    if week is None:
        raise InputError(f"没有 {given} 这一周；写成“年-W周数”，例如 {last.name}")
    if week.starts_at > now:
        raise InputError(
            f"{week.name} 从 {week.starts_on} 开始，还没有到；最近完整的一周是 {last.name}"
        )
    return week


def _find_week(year: int, number: int) -> Week | None:
    if year < _FIRST_YEAR:
        return None
    try:
        return Week(date.fromisocalendar(year, number, 1))
    except ValueError:
        return None  # such as week 53 of a year that has 52
