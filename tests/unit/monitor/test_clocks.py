"""Deadlines in working days: through 调休, over years published and not, shown day by day."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.day_calendar import DayCalendar
from monitor.casework import CaseDetails, Clock, ClockKind
from monitor.clocks import (
    ClockRules,
    Stops,
    WorkCalendar,
    add_working_days,
    explain,
    find_campaign_deadline,
    find_stops,
    is_past_limitation,
    reckon_clocks,
)
from monitor.domain import CaseEvent, CaseState
from monitor.public_days import find_spring_festival
from tests.factories import make_case

CALENDAR = WorkCalendar()
RULES = ClockRules()


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # 国务院办公厅 2025: 春节 1-28 to 2-4 off, 1-26 and 2-8 worked.
        (date(2025, 1, 24), 5, date(2025, 2, 7)),
        (date(2025, 1, 24), 6, date(2025, 2, 8)),
        # 2025: 国庆、中秋 10-1 to 10-8 off, 9-28 and 10-11 worked.
        (date(2025, 9, 26), 5, date(2025, 10, 10)),
        # 2026: 春节 2-15 to 2-23 off, 2-14 and 2-28 worked.
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2026, 2, 13), 6, date(2026, 2, 28)),
        # 2026: 国庆 10-1 to 10-7 off, 9-20 and 10-10 worked.
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 11, 23), 5, date(2026, 11, 30)),
    ],
)
def test_working_days_go_through_the_moved_days(start: date, days: int, due: date) -> None:
    assert add_working_days(start, days, CALENDAR) == (due, False)


def test_weekends_alone_would_be_wrong_as_often_as_measured() -> None:
    """In 2026 the 5-day deadline is wrong for 74 start dates when 调休 is not known."""

    class Weekends(WorkCalendar):
        def is_worked(self, day: date) -> bool:
            return day.weekday() < 5

    wrong = 0
    day = date(2026, 1, 1)
    while day.year == 2026:
        due, provisional = add_working_days(day, 5, CALENDAR)
        if not provisional:
            wrong += due != add_working_days(day, 5, Weekends())[0]
        day += timedelta(days=1)
    assert wrong == 74


def test_a_year_that_is_not_published_is_provisional_and_right_once_it_is() -> None:
    start = date(2026, 11, 25)
    due, provisional = add_working_days(start, 60, CALENDAR)
    assert provisional
    spring = [date(2027, 2, 5) + timedelta(days=each) for each in range(8)]
    days = DayCalendar([date(2027, 1, 1), *spring], [date(2027, 1, 31)])
    known = WorkCalendar(days, frozenset({2027}))
    later, still = add_working_days(start, 60, known)
    assert not still
    # Six weekdays fell away up to the day, one Sunday is worked.
    assert later > due
    assert known.edition != CALENDAR.edition


@given(st.dates(date(2010, 1, 1), date(2025, 11, 1)), st.integers(1, 60))
def test_the_computation_that_is_shown_counts_to_the_same_day(start: date, days: int) -> None:
    due, _ = add_working_days(start, days, CALENDAR)
    stretches = explain(Clock(ClockKind.ACCEPT, start, due, days), CALENDAR)
    assert sum(each.days for each in stretches if each.worked) == days
    assert stretches[0].first == start + timedelta(days=1)
    assert stretches[-1].last == due
    for one, other in itertools.pairwise(stretches):
        assert other.first == one.last + timedelta(days=1)


@given(st.dates(date(2010, 1, 1), date(2025, 11, 1)), st.integers(1, 30))
def test_a_later_start_never_ends_earlier(start: date, days: int) -> None:
    assert add_working_days(start, days, CALENDAR) <= add_working_days(
        start + timedelta(days=1), days, CALENDAR
    )


def test_the_spring_festival_is_where_it_is() -> None:
    assert [find_spring_festival(year) for year in (2024, 2025, 2026, 2027)] == [
        date(2024, 2, 10),
        date(2025, 1, 29),
        date(2026, 2, 17),
        date(2027, 2, 6),
    ]


def test_public_projects_are_cleared_by_the_year_s_end_and_others_by_the_festival() -> None:
    day = date(2026, 11, 25)
    assert find_campaign_deadline(day, public_money=True, rules=RULES) == date(2026, 12, 31)
    assert find_campaign_deadline(day, public_money=False, rules=RULES) == date(2027, 2, 5)
    assert find_campaign_deadline(date(2027, 2, 6), public_money=False, rules=RULES) == date(
        2028, 1, 25
    )


def test_the_clocks_of_a_case_run_and_stop() -> None:
    opened = datetime(2026, 11, 23, 4, tzinfo=UTC)
    new = make_case(state=CaseState.NEW, opened_at=opened, changed_at=opened)
    clocks = {
        each.kind: each
        for each in reckon_clocks(new, CaseDetails(1), [], [], rules=RULES, calendar=CALENDAR)
    }
    assert set(clocks) == {ClockKind.ACCEPT, ClockKind.CAMPAIGN}
    assert clocks[ClockKind.ACCEPT].due_on == date(2026, 11, 30)
    assert clocks[ClockKind.ACCEPT].stopped_on is None
    accepted = make_case(state=CaseState.ACCEPTED, opened_at=opened, changed_at=opened)
    details = CaseDetails(1, accepted_at=opened, listed_until=date(2026, 12, 20))
    clocks = {
        each.kind: each
        for each in reckon_clocks(accepted, details, [], [], rules=RULES, calendar=CALENDAR)
    }
    assert clocks[ClockKind.ACCEPT].stopped_on == date(2026, 11, 23)
    assert clocks[ClockKind.INVESTIGATE].provisional
    assert clocks[ClockKind.INVESTIGATE].stopped_on is None
    assert clocks[ClockKind.LISTED].due_on == date(2026, 12, 20)


@pytest.mark.parametrize(
    ("actions", "stops"),
    [
        ([], (None, None, None)),
        (["opened", "viewed"], (None, None, None)),
        (["accept", "corrected", "order"], (1, None, None)),
        (["accept", "order", "record_paid", "payment_voided", "close"], (1, 3, 3)),
        (["refer", "refer"], (1, 1, None)),
        (["refer", "accept"], (1, None, None)),
        (["refer", "receipt", "record_paid"], (1, 1, 3)),
        (["accept", "record_paid", "reopen"], (None, None, None)),
        (["accept", "record_paid", "reopen", "accept"], (4, None, None)),
        (["not_a_claim"], (1, 1, 1)),
    ],
)
def test_the_day_of_the_step_that_a_deadline_waits_for_counts(
    actions: list[str], stops: tuple[int | None, ...]
) -> None:
    """Days of November: the first action on the 1st, the next on the 2nd, …"""
    events = [
        CaseEvent(1, datetime(2026, 11, day, 4, tzinfo=UTC), "zheng", action)
        for day, action in enumerate(actions, start=1)
    ]
    found = find_stops(events)
    assert found == Stops(*(date(2026, 11, day) if day else None for day in stops))


def test_a_day_begins_in_shanghai() -> None:
    evening = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # Monday 00:30 there
    case = make_case(state=CaseState.NEW, opened_at=evening, changed_at=evening)
    accept = reckon_clocks(case, CaseDetails(1), [], [], rules=RULES, calendar=CALENDAR)[0]
    assert accept.starts_on == date(2026, 11, 23)


def test_a_debt_of_more_than_two_years_is_marked() -> None:
    today = date(2026, 11, 25)
    assert is_past_limitation(CaseDetails(1, owed_since="2024-10"), today, RULES)
    assert not is_past_limitation(CaseDetails(1, owed_since="2024-11"), today, RULES)
    assert not is_past_limitation(CaseDetails(1), today, RULES)
