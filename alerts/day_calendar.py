"""Working days and days off, with 调休; a year that is not published yet is provisional. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from monitor import public_days


@dataclass(frozen=True, slots=True)
class DayCalendar:
    """Which days are off. `rest_days` and `work_days` come from the settings and hold above all.

    They are how an office enters the State Council's notice before the library has it.
    """

    rest_days: Collection[date] = frozenset()
    work_days: Collection[date] = frozenset()

    def is_rest(self, day: date) -> bool:
        """Say whether a day is off: a weekend or holiday that is not worked in exchange.

        For a year that is not published: weekends and the days of the law, the lunar ones computed
        (see `is_provisional`).
        """
        if day in self.rest_days:
            return True
        if day in self.work_days:
            return False
        return public_days.is_off(day)

    def is_provisional(self, day: date) -> bool:
        """Say whether the answer for a day may still change, as its year is not published."""
        return not (is_published(day.year) or day in self.rest_days or day in self.work_days)


def is_published(year: int) -> bool:
    """Say whether the State Council's notice for a year is known."""
    return public_days.is_announced(year)
