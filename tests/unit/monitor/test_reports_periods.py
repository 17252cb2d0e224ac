"""Weeks, months, quarters and campaigns as people count them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.reports.periods import (
    Campaign,
    PeriodKind,
    campaign_at,
    last_over,
    list_weeks,
    parse_period,
    period_of,
    period_of_week,
)
from monitor.reports.weeks import Week, parse_week, week_of

WEEK = Week(date(2026, 11, 16))
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
WINTER = Campaign(
    "2026-winter",
    "2026 年冬季专项行动",
    date(2026, 11, 15),
    date(2027, 2, 5),
    date(2026, 12, 31),
    date(2027, 2, 5),
)


def test_a_week_begins_on_monday_in_shanghai_not_in_utc() -> None:
    sunday_evening_in_utc = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # Monday 00:30 there

    assert week_of(sunday_evening_in_utc).name == "2026-W48"
    assert WEEK.starts_at == datetime(2026, 11, 15, 16, 0, tzinfo=UTC)
    assert WEEK.ends_at - WEEK.starts_at == timedelta(days=7)
    assert WEEK.ends_on == date(2026, 11, 22)


def test_without_a_name_the_last_week_that_is_over_is_meant() -> None:
    assert parse_week(None, NOW).name == "2026-W47"


def test_the_running_week_may_be_asked_for() -> None:
    assert parse_week("2026-W48", NOW).name == "2026-W48"


@pytest.mark.parametrize(
    "given_name",
    [
        "",
        "2026W47",
        "2026-47",
        "2026-W00",
        "2026-W54",
        "2025-W53",
        "last",
        "1999-W10",
        "２０２６-W47",
    ],
)
def test_what_is_no_week_is_refused_with_an_example(given_name: str) -> None:
    with pytest.raises(InputError, match="2026-W47"):
        parse_week(given_name, NOW)


def test_a_week_that_has_not_begun_is_refused_and_says_which_one_can_be_had() -> None:
    with pytest.raises(InputError, match=r"还没有到.*2026-W47"):
        parse_week("2026-W49", NOW)


@given(
    st.integers(1_000_000_000, 4_000_000_000).map(
        lambda seconds: datetime.fromtimestamp(seconds, UTC)
    )
)
def test_every_instant_is_in_exactly_the_week_that_its_name_leads_back_to(at: datetime) -> None:
    week = week_of(at)

    assert week.starts_at <= at < week.ends_at
    assert week.before.ends_at == week.starts_at
    assert parse_week(week.name, at) == week


@given(st.dates(date(2001, 1, 1), date(2090, 1, 1)), st.sampled_from([*PeriodKind][:3]))
def test_every_day_is_in_one_period_and_the_periods_follow_each_other(
    day: date, kind: PeriodKind
) -> None:
    period = period_of(kind, day)
    before = period.before

    assert period.starts_on <= day <= period.ends_on
    assert before is not None
    assert before.ends_on + timedelta(days=1) == period.starts_on
    assert before.ends_at == period.starts_at
    assert parse_period(kind, period.name, datetime(2091, 1, 1, tzinfo=UTC)) == period
    assert period.last_year is not None
    assert period.last_year.kind is kind
    assert 350 < (period.starts_on - period.last_year.starts_on).days < 380


def test_week_53_stands_beside_week_52_of_a_year_that_has_no_53() -> None:
    last_year = period_of_week(Week(date(2026, 12, 28))).last_year

    assert last_year is not None
    assert last_year.name == "2025-W52"


@pytest.mark.parametrize(
    ("kind", "name"), [(PeriodKind.MONTH, "2026-10"), (PeriodKind.QUARTER, "2026-Q3")]
)
def test_without_a_name_the_last_that_is_over_is_meant(kind: PeriodKind, name: str) -> None:
    assert parse_period(kind, None, NOW).name == name
    assert last_over(kind, NOW).ends_at <= NOW


@pytest.mark.parametrize(
    ("kind", "name", "says"),
    [
        (PeriodKind.MONTH, "2026-13", "例如 2026-10"),
        (PeriodKind.MONTH, "2026-12", "还没有到"),
        (PeriodKind.QUARTER, "2026-Q5", "例如 2026-Q3"),
        (PeriodKind.QUARTER, "2027-Q1", "还没有到"),
        (PeriodKind.CAMPAIGN, "summer", "有的是 2026-winter"),
    ],
)
def test_what_is_no_period_is_refused(kind: PeriodKind, name: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        parse_period(kind, name, NOW, [WINTER])


def test_a_campaign_is_found_by_its_name_or_as_the_newest_that_has_begun() -> None:
    assert parse_period(PeriodKind.CAMPAIGN, None, NOW, [WINTER]).name == "2026-winter"
    assert parse_period(PeriodKind.CAMPAIGN, "2026-winter", NOW, [WINTER]).before is None
    with pytest.raises(InputError, match="设置里没有专项行动"):
        parse_period(PeriodKind.CAMPAIGN, None, NOW, [])
    with pytest.raises(InputError, match="还没有到"):
        parse_period(PeriodKind.CAMPAIGN, None, NOW - timedelta(days=30), [WINTER])


def test_a_campaign_runs_on_its_first_and_its_last_day() -> None:
    assert campaign_at([WINTER], date(2026, 11, 15)) == WINTER
    assert campaign_at([WINTER], date(2027, 2, 5)) == WINTER
    assert campaign_at([WINTER], date(2027, 2, 6)) is None


def test_weeks_are_listed_from_the_first_to_the_last() -> None:
    first, last = period_of_week(WEEK), period_of_week(WEEK.next)

    assert [each.name for each in list_weeks(first, last)] == ["2026-W47", "2026-W48"]
    assert list_weeks(last, first) == []
