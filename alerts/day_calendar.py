"""Working days and days off, with 调休; a year that is not published yet is provisional. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache

import chinese_calendar

_SATURDAY = 5
_FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Month and day of the public holidays whose date does not move.

Source: 全国年节及纪念日放假办法 (State Council, as amended from 2025-01-01), article 2.
"""


@dataclass(frozen=True, slots=True)
class DayCalendar:
    """Which days are off. `rest_days` and `work_days` come from the settings and hold above all.

    They are how an office enters the State Council's notice before the library has it.
    """

    rest_days: Collection[date] = frozenset()
    work_days: Collection[date] = frozenset()

    def is_rest(self, day: date) -> bool:
        """Say whether a day is off: a weekend or holiday that is not worked in exchange.

        For an unpublished year: weekends and the holidays with a fixed date (see
        `is_provisional`).
        """
        if day in self.rest_days:
            return True
        if day in self.work_days:
            return False
        if is_published(day.year):
            return bool(chinese_calendar.is_holiday(day))
        return day.weekday() >= _SATURDAY or (day.month, day.day) in _FIXED

    def is_provisional(self, day: date) -> bool:
        """Say whether the answer for a day may still change, as its year is not published."""
        return not (is_published(day.year) or day in self.rest_days or day in self.work_days)


@cache
def is_published(year: int) -> bool:
    """Say whether the library holds the State Council's calendar of a year.

    It refuses a year that it does not hold; others answer for any year, silently wrong.
    """
    try:
        chinese_calendar.is_holiday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
