"""What kind of day it is, from the announced calendar and, where there is none yet, with care."""

from datetime import date

import pytest

from monitor.public_days import is_announced
from spiders.days import DayKind, kind_of


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (date(2026, 11, 23), DayKind.WORKDAY),
        (date(2026, 11, 21), DayKind.WEEKEND),
        (date(2026, 2, 20), DayKind.HOLIDAY),  # announced, beyond the days of the law
        (date(2026, 2, 14), DayKind.HOLIDAY),  # worked in exchange, on the eve of a festival
        (date(2026, 10, 4), DayKind.HOLIDAY),  # a Sunday within a festival
        (date(2026, 9, 20), DayKind.WEEKEND),  # worked in exchange: expecting less is safe
    ],
)
def test_an_announced_year(day: date, kind: DayKind) -> None:
    assert is_announced(2026)
    assert kind_of(day) is kind


def test_a_year_that_nobody_has_announced_is_taken_with_care() -> None:
    year = 2035
    assert not is_announced(year)
    # Spring Festival on 8 February 2035, by the lunar calendar.
    assert {kind_of(date(year, 2, day)) for day in range(6, 15)} == {DayKind.HOLIDAY}
    assert {kind_of(date(year, 10, day)) for day in range(1, 8)} == {DayKind.HOLIDAY}
    assert kind_of(date(year, 3, 14)) is DayKind.WORKDAY
