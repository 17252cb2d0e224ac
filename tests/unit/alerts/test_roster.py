"""Who is on duty, and when nobody is."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.roster import find_double_bookings, find_gaps, on_duty
from monitor.domain import DutyGap, DutyRole, Shift
from tests.unit.alerts.makers import HOUR, NOON, make_shift

OFFICER, BACKUP = DutyRole.OFFICER, DutyRole.BACKUP
WEEK = 7 * 24 * HOUR
hours = st.integers(0, 7 * 24).map(lambda number: NOON + number * HOUR)


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    starts_at = draw(hours)
    return Shift(
        draw(st.sampled_from([OFFICER, BACKUP])),
        draw(st.sampled_from(["wang", "li", "zhao"])),
        starts_at,
        starts_at + draw(st.integers(1, 48)) * HOUR,
    )


rosters = st.lists(shifts(), max_size=12)


def test_the_person_of_the_shift_is_on_duty() -> None:
    assert on_duty([make_shift(person="wang")], OFFICER, NOON) == "wang"


def test_nobody_is_on_duty_outside_every_shift() -> None:
    assert on_duty([], OFFICER, NOON) is None
    assert on_duty([make_shift(starts_at=NOON + HOUR)], OFFICER, NOON) is None


def test_a_shift_of_another_duty_does_not_count() -> None:
    assert on_duty([make_shift(BACKUP)], OFFICER, NOON) is None


def test_a_hand_over_leaves_no_instant_without_anybody_and_none_with_two() -> None:
    night = make_shift(person="wang", starts_at=NOON - 12 * HOUR, ends_at=NOON)
    day = make_shift(person="li", starts_at=NOON, ends_at=NOON + 12 * HOUR)
    assert on_duty([night, day], OFFICER, NOON - timedelta(microseconds=1)) == "wang"
    assert on_duty([night, day], OFFICER, NOON) == "li"
    assert find_double_bookings([night, day]) == []


def test_a_shift_over_midnight_is_one_shift() -> None:
    night = make_shift(
        person="wang",
        starts_at=datetime(2026, 11, 23, 10, tzinfo=UTC),  # 18:00 in Shanghai
        ends_at=datetime(2026, 11, 24, 0, tzinfo=UTC),  # 08:00 the next morning
    )
    assert on_duty([night], OFFICER, datetime(2026, 11, 23, 16, 30, tzinfo=UTC)) == "wang"


def test_what_was_put_over_a_shift_holds() -> None:
    usual = make_shift(person="wang", starts_at=NOON - 4 * HOUR, ends_at=NOON + 20 * HOUR)
    swap = make_shift(person="li", starts_at=NOON - HOUR, ends_at=NOON + HOUR)
    assert on_duty([swap, usual], OFFICER, NOON) == "li"
    assert on_duty([swap, usual], OFFICER, NOON + HOUR) == "wang"


def test_a_gap_between_two_shifts_is_found() -> None:
    roster = [
        make_shift(starts_at=NOON, ends_at=NOON + HOUR),
        make_shift(starts_at=NOON + 2 * HOUR, ends_at=NOON + 3 * HOUR),
    ]
    assert find_gaps(roster, [OFFICER], NOON, NOON + 3 * HOUR) == [
        DutyGap(OFFICER, NOON + HOUR, NOON + 2 * HOUR)
    ]


def test_an_empty_roster_is_one_gap_a_duty() -> None:
    assert find_gaps([], [OFFICER, BACKUP], NOON, NOON + HOUR) == [
        DutyGap(OFFICER, NOON, NOON + HOUR),
        DutyGap(BACKUP, NOON, NOON + HOUR),
    ]


def test_a_gap_is_cut_to_the_time_that_was_asked_about() -> None:
    roster = [make_shift(starts_at=NOON + 5 * HOUR, ends_at=NOON + 6 * HOUR)]
    assert find_gaps(roster, [OFFICER], NOON, NOON + HOUR) == [DutyGap(OFFICER, NOON, NOON + HOUR)]


def test_two_people_in_one_duty_clash_for_as_long_as_both_are_there() -> None:
    first = make_shift(person="wang", starts_at=NOON, ends_at=NOON + 4 * HOUR)
    second = make_shift(person="li", starts_at=NOON + HOUR, ends_at=NOON + 2 * HOUR)
    [clash] = find_double_bookings([second, first])
    assert {clash.first.person, clash.second.person} == {"wang", "li"}
    assert (clash.starts_at, clash.ends_at) == (NOON + HOUR, NOON + 2 * HOUR)


def test_one_person_in_two_duties_clashes() -> None:
    assert len(find_double_bookings([make_shift(OFFICER), make_shift(BACKUP)])) == 1


@pytest.mark.parametrize(
    "other", [make_shift(BACKUP, "li"), make_shift(OFFICER, "wang", NOON, NOON + HOUR)]
)
def test_two_shifts_that_can_both_be_meant_do_not_clash(other: Shift) -> None:
    assert find_double_bookings([make_shift(OFFICER, "wang"), other]) == []


@given(rosters, hours, st.randoms())
def test_the_answer_does_not_depend_on_the_order_of_the_rows(
    roster: list[Shift], at: datetime, chance: Random
) -> None:
    mixed = list(roster)
    chance.shuffle(mixed)
    assert on_duty(roster, OFFICER, at) == on_duty(mixed, OFFICER, at)


@given(rosters, hours)
def test_at_every_instant_somebody_has_the_duty_or_a_gap_was_found(
    roster: list[Shift], at: datetime
) -> None:
    gaps = find_gaps(roster, [OFFICER], NOON, NOON + 2 * WEEK)
    in_gap = any(gap.starts_at <= at < gap.ends_at for gap in gaps)
    assert (on_duty(roster, OFFICER, at) is None) == in_gap


@given(rosters)
def test_gaps_are_apart_and_in_order_and_not_empty(roster: list[Shift]) -> None:
    gaps = find_gaps(roster, [OFFICER], NOON, NOON + WEEK)
    assert all(gap.starts_at < gap.ends_at for gap in gaps)
    assert all(before.ends_at < after.starts_at for before, after in pairwise(gaps))


@given(rosters, hours)
def test_whoever_is_told_is_one_of_those_who_have_the_shift(
    roster: list[Shift], at: datetime
) -> None:
    holding = {
        shift.person
        for shift in roster
        if shift.duty is OFFICER and shift.starts_at <= at < shift.ends_at
    }
    person = on_duty(roster, OFFICER, at)
    assert (person in holding) if holding else person is None


@given(rosters)
def test_every_clash_that_a_slow_count_finds_is_found(roster: list[Shift]) -> None:
    expected = sum(
        first.starts_at < second.ends_at
        and second.starts_at < first.ends_at
        and (first.duty is second.duty) != (first.person == second.person)
        for number, first in enumerate(roster)
        for second in roster[number + 1 :]
    )
    assert len(find_double_bookings(roster)) == expected
