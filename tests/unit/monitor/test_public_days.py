"""Days off in mainland China: the published years to the day, and what is known of the others."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.public_days import (
    find_last_announced,
    find_spring_festival,
    is_announced,
    is_off,
    list_festivals,
)

# 国务院办公厅关于 2025 年、2026 年部分节假日安排的通知: first and last day off, and what is worked.
NOTICES = {
    2025: (
        ["01-01 01-01", "01-28 02-04", "04-04 04-06", "05-01 05-05", "05-31 06-02", "10-01 10-08"],
        ["01-26", "02-08", "04-27", "09-28", "10-11"],
    ),
    2026: (
        [
            "01-01 01-03",
            "02-15 02-23",
            "04-04 04-06",
            "05-01 05-05",
            "06-19 06-21",
            "09-25 09-27",
            "10-01 10-07",
        ],
        ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    ),
}


@pytest.mark.parametrize("year", NOTICES)
def test_every_day_of_a_published_year_is_as_the_notice_says(year: int) -> None:
    blocks, worked = NOTICES[year]
    off = set()
    for block in blocks:
        first, last = (date.fromisoformat(f"{year}-{each}") for each in block.split())
        off |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    exchanged = {date.fromisoformat(f"{year}-{each}") for each in worked}
    day = date(year, 1, 1)
    while day.year == year:
        expected = day in off or (day.weekday() >= 5 and day not in exchanged)
        assert is_off(day) is expected, day
        day += timedelta(days=1)


def test_a_year_that_is_not_announced_has_the_days_of_the_law_and_no_other() -> None:
    year = find_last_announced() + 1
    assert is_announced(year - 1)
    assert not is_announced(year)
    assert set(list_festivals(year).values()) == {
        "元旦",
        "农历除夕",
        "春节",
        "清明节",
        "劳动节",
        "端午节",
        "中秋节",
        "国庆节",
    }
    assert is_off(find_spring_festival(year))


@given(st.integers(1950, 2099))
def test_the_spring_festival_lies_between_the_21st_of_january_and_february(year: int) -> None:
    assert date(year, 1, 20) < find_spring_festival(year) < date(year, 2, 22)
