"""What kind of day it is in China: whether people work, and how sure that is. Pure.

Source:
    `monitor.public_days`: the days off and the working weekends that the State Council has
    announced, and, for years of which nothing is announced yet, the days of the law alone.
"""

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from monitor.public_days import is_announced, list_festivals

_SPRING_FESTIVAL_AROUND = (timedelta(days=3), timedelta(days=6))
_OTHERS_AROUND = (timedelta(days=2), timedelta(days=5))
_SATURDAY = 5
_SPRING_FESTIVAL = "春节"


class DayKind(StrEnum):
    """How many people write on a day."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@lru_cache(maxsize=4096)
def kind_of(day: date) -> DayKind:
    """Say what kind of day this is.

    A weekend day on which people work in exchange is taken for a weekend, and of a year that is not
    announced yet every day around a festival for a holiday: expecting less is the safe side.
    """
    if _is_off(day):
        return DayKind.HOLIDAY
    if day.weekday() < _SATURDAY:
        return DayKind.WORKDAY
    # A weekend beside or within a festival belongs to it.
    around = (day + timedelta(days=n) for n in (-2, -1, 1, 2))
    return DayKind.HOLIDAY if any(_is_off(each) for each in around) else DayKind.WEEKEND


def _is_off(day: date) -> bool:
    return day in list_festivals(day.year) or day in _perhaps_off(day.year)


@lru_cache(maxsize=64)
def _perhaps_off(year: int) -> frozenset[date]:
    """The days around the festivals of a year that is not announced; the blocks are moved a bit."""
    if is_announced(year):
        return frozenset()
    days: set[date] = set()
    for day, name in list_festivals(year).items():
        before, after = _SPRING_FESTIVAL_AROUND if name == _SPRING_FESTIVAL else _OTHERS_AROUND
        first = day - before
        days |= {first + timedelta(days=n) for n in range((before + after).days + 1)}
    return frozenset(days)
