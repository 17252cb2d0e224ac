"""Days off and days worked in exchange (调休) in mainland China, and whether a year is known. Pure.

The one place that asks `holidays` (python-holidays); see `docs/decisions/0012-holidays.md`. The
library answers for any year: what the State Council has announced where it has, else the days of
the law alone, with the lunar ones computed. `is_announced` tells the two apart.
"""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

from holidays import HolidayBase, country_holidays

FIRST_YEAR, LAST_YEAR = 1950, 2099
"""The years of which the library computes the lunar days."""

_SPRING_FESTIVAL = "春节"
_SURELY_ANNOUNCED = 2025


@lru_cache(maxsize=256)
def _calendar(year: int) -> HolidayBase:
    announced = _ask(year, observed=True)
    # Without a notice nothing makes good for a festival on a Sunday; what the library adds is a
    # guess.
    return announced if _has_exchanged(announced, year) else _ask(year, observed=False)


def _ask(year: int, *, observed: bool) -> HolidayBase:
    return country_holidays("CN", years=year, observed=observed, language="zh_CN")


def _has_exchanged(calendar: HolidayBase, year: int) -> bool:
    return any(day.year == year for day in calendar.weekend_workdays)


@cache
def is_announced(year: int) -> bool:
    """Tell whether the State Council's notice for a year is known, and not only the law.

    Every notice of the last twenty years moves days; the law alone moves none.
    """
    return _has_exchanged(_calendar(year), year)


@cache
def find_last_announced() -> int:
    """The last year whose notice is known; rises with a new release of the library."""
    year = _SURELY_ANNOUNCED
    while year < LAST_YEAR and is_announced(year + 1):
        year += 1
    return year


def is_off(day: date) -> bool:
    """Say whether a day is off, weekends included, as far as its year is known."""
    return not _calendar(day.year).is_working_day(day)


@lru_cache(maxsize=64)
def list_festivals(year: int) -> Mapping[date, str]:
    """The days off of a year by name, in Chinese; without the weekends."""
    return dict(_calendar(year))


@cache
def find_spring_festival(year: int) -> date:
    """The first day of the first lunar month that begins in this (solar) year, 1950 to 2099."""
    return min(_calendar(year).get_named(_SPRING_FESTIVAL, lookup="exact"))
