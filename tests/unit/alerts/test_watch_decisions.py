"""Continuity bit by bit, quiet hours, copies, whoever comes on duty late, and hand-overs."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.continuity import (
    EMPTY,
    MINUTES,
    Break,
    DayBits,
    cover,
    find_breaks,
    mark,
    place,
)
from alerts.escalation import find_next_due_at, next_alerts
from alerts.handover import find_changes, is_late, stays
from alerts.ladder import COPY
from alerts.policy import copies_for
from alerts.quiet import QuietHours, find_release
from alerts.wording import word_alert
from monitor.domain import (
    SHANGHAI,
    AlertState,
    CaseState,
    DutyRole,
    LadderStep,
    Shift,
    UrgencyLevel,
)
from monitor.duty_nouns import Handover, HandoverItem
from tests.unit.alerts.makers import (
    LADDER,
    MINUTE,
    NOON,
    make_alert,
    make_case,
    make_new_alert,
    make_roster,
    make_shift,
)

DAY = date(2026, 11, 23)
MIDNIGHT = datetime.combine(DAY, time(0), SHANGHAI)
REPEAT = 10 * MINUTE

# ---------------------------------------------------------------- continuity


def test_a_minute_lies_on_the_day_of_the_county() -> None:
    assert place(datetime(2026, 11, 22, 16, 0, 59, tzinfo=UTC)) == (DAY, 0)
    assert place(datetime(2026, 11, 23, 15, 59, tzinfo=UTC)) == (DAY, MINUTES - 1)


def test_what_nobody_looked_at_is_not_claimed() -> None:
    bits = mark(DayBits(), range(10), is_good=True)
    counted = cover({DAY: bits}, MIDNIGHT, MIDNIGHT + 20 * MINUTE)
    assert (counted.minutes, counted.observed, counted.good) == (20, 10, 10)
    assert counted.share == 0.5
    assert find_breaks({DAY: bits}, MIDNIGHT, MIDNIGHT + 20 * MINUTE) == [
        Break(MIDNIGHT + 10 * MINUTE, MIDNIGHT + 20 * MINUTE, is_unseen=True)
    ]


def test_a_minute_that_was_seen_broken_stays_broken() -> None:
    bits = mark(mark(DayBits(), range(5, 6), is_good=False), range(5, 6), is_good=True)
    assert bits.good == EMPTY
    bits = mark(mark(DayBits(), range(5, 6), is_good=True), range(5, 6), is_good=False)
    assert bits.good == EMPTY


def test_a_break_over_midnight_is_one_break() -> None:
    whole = mark(DayBits(), range(MINUTES), is_good=True)
    first = mark(whole, range(1430, 1440), is_good=False)
    second = mark(whole, range(5), is_good=False)
    days = {DAY: first, DAY + timedelta(days=1): second}
    [found] = find_breaks(days, MIDNIGHT, MIDNIGHT + timedelta(days=2))
    assert found.ends_at - found.starts_at == 15 * MINUTE
    assert not found.is_unseen


minutes = st.integers(0, MINUTES - 1)


@given(st.lists(st.tuples(minutes, st.booleans()), max_size=60), minutes, minutes)
def test_every_minute_is_counted_once(seen: list[tuple[int, bool]], first: int, last: int) -> None:
    bits, slow = DayBits(), dict[int, bool]()
    for minute, is_good in seen:
        bits = mark(bits, range(minute, minute + 1), is_good=is_good)
        slow[minute] = slow.get(minute, True) and is_good
    first, last = min(first, last), max(first, last)
    starts, ends = MIDNIGHT + first * MINUTE, MIDNIGHT + last * MINUTE
    counted = cover({DAY: bits}, starts, ends)
    inside = [is_good for minute, is_good in slow.items() if first <= minute < last]
    assert (counted.minutes, counted.observed, counted.good) == (
        last - first,
        len(inside),
        sum(inside),
    )
    broken = sum(
        (
            (each.ends_at - each.starts_at) / MINUTE
            for each in find_breaks({DAY: bits}, starts, ends)
        ),
        0.0,
    )
    assert broken == counted.minutes - counted.good


# ---------------------------------------------------------------- quiet hours


@pytest.mark.parametrize(
    ("local", "released"),
    [
        ("2026-11-23T21:59", None),
        ("2026-11-23T22:00", "2026-11-24T07:00"),
        ("2026-11-24T06:59", "2026-11-24T07:00"),
        ("2026-11-24T07:00", None),
    ],
)
def test_what_is_not_urgent_is_held_until_the_morning(local: str, released: str | None) -> None:
    quiet = QuietHours({UrgencyLevel.ROUTINE}, time(22), time(7))
    at = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI)
    found = find_release(UrgencyLevel.ROUTINE, at, quiet)
    assert found == (
        datetime.fromisoformat(released).replace(tzinfo=SHANGHAI) if released else None
    )
    assert find_release(UrgencyLevel.HIGH, at, quiet) is None
    assert find_release(UrgencyLevel.ROUTINE, at, QuietHours()) is None


@given(st.integers(0, 2 * MINUTES), st.times(), st.times())
def test_a_hold_ends_within_a_day_and_never_in_quiet_hours(
    minute: int, starts: time, ends: time
) -> None:
    quiet = QuietHours({UrgencyLevel.ROUTINE}, starts, ends)
    at = MIDNIGHT + minute * MINUTE
    released = find_release(UrgencyLevel.ROUTINE, at, quiet)
    if released is not None:
        assert at < released <= at + timedelta(days=1)
        assert find_release(UrgencyLevel.ROUTINE, released, quiet) is None


# ---------------------------------------------------------------- copies


def test_whoever_is_responsible_gets_one_copy_and_nobody_gets_two() -> None:
    first = make_new_alert()
    copies = copies_for([first], ["sun", "sun", "wang"])
    assert [(copy.person, copy.step) for copy in copies] == [("sun", COPY)]


def test_a_copy_moves_no_step_and_holds_none_up() -> None:
    copy = make_alert(replace(make_new_alert(), step=COPY, person="sun"))
    alone = [make_alert()]
    both = [*alone, copy]
    due = find_next_due_at(alone, repeat_every=REPEAT)
    assert find_next_due_at(both, repeat_every=REPEAT) == due
    [told] = next_alerts(both, make_roster(), NOON + 6 * MINUTE, repeat_every=REPEAT)
    assert (told.step, told.person) == (1, "li")
    [told] = next_alerts(both, make_roster(), NOON + MINUTE, repeat_every=REPEAT, failed_steps={0})
    assert told.step == 1


def test_acknowledging_a_copy_ends_the_ladder() -> None:
    copy = make_alert(
        replace(make_new_alert(), step=COPY, person="sun"), state=AlertState.ACKNOWLEDGED
    )
    later = NOON + timedelta(days=1)
    assert next_alerts([make_alert(), copy], make_roster(), later, repeat_every=REPEAT) == []


def test_a_copy_says_that_it_is_one() -> None:
    card = word_alert(
        make_case(),
        replace(make_new_alert(), step=COPY, person="sun"),
        desk_url="http://desk",
        ack_code="c",
        now=NOON,
        shown_person_name="孙丽",
    )
    assert any("包保" in line and "孙丽" in line for line in card.lines)


# ---------------------------------------------------------------- whoever comes on duty meanwhile


def test_whoever_comes_on_duty_while_an_alert_waits_is_told_at_once() -> None:
    swapped = [*make_roster(DutyRole.OFFICER), make_shift(person="sun")]
    [told] = next_alerts([make_alert()], swapped, NOON + MINUTE, repeat_every=REPEAT)
    assert (told.step, told.person) == (0, "sun")
    known = [make_alert(), make_alert(told)]
    assert next_alerts(known, swapped, NOON + 2 * MINUTE, repeat_every=REPEAT) == []


def test_whoever_comes_on_duty_after_the_acknowledgement_is_not_told() -> None:
    swapped = [*make_roster(DutyRole.OFFICER), make_shift(person="sun")]
    done = make_alert(state=AlertState.ACKNOWLEDGED)
    assert next_alerts([done], swapped, NOON + MINUTE, repeat_every=REPEAT) == []


def test_a_step_that_names_its_person_is_told_to_nobody_else() -> None:
    ladder = (LadderStep(timedelta(0), DutyRole.OFFICER, person="chen"), LADDER[2])
    alert = make_alert(make_new_alert(ladder=ladder, person="chen"))
    assert next_alerts([alert], make_roster(), NOON + MINUTE, repeat_every=REPEAT) == []
    [told] = next_alerts([alert], make_roster(), NOON + 10 * MINUTE, repeat_every=REPEAT)
    assert told.person == "zhao"


# ---------------------------------------------------------------- hand-over


def test_a_change_of_person_is_a_hand_over_and_a_longer_shift_is_none() -> None:
    hour = 60 * MINUTE
    shifts = [
        make_shift(person="wang", starts_at=NOON - 24 * hour, ends_at=NOON - 2 * hour),
        make_shift(person="wang", starts_at=NOON - 2 * hour, ends_at=NOON),
        make_shift(person="li", starts_at=NOON + hour, ends_at=NOON + 9 * hour),
        make_shift(DutyRole.LEADER, "zhao", NOON, NOON + 9 * hour),
    ]
    [change] = find_changes(shifts, (DutyRole.OFFICER,), NOON - 3 * hour, NOON + 3 * hour)
    assert (change.leaving, change.coming, change.at) == ("wang", "li", NOON + hour)
    assert find_changes(shifts, (DutyRole.OFFICER,), NOON - 3 * hour, NOON + hour) == []


SHEET = Handover(1, DutyRole.OFFICER, "wang", "li", NOON)


@pytest.mark.parametrize(
    ("item", "stays_behind"),
    [
        (HandoverItem(make_case(), is_acknowledged=True), True),
        (HandoverItem(make_case(), is_acknowledged=True, accepted_at=NOON), False),
        (HandoverItem(replace(make_case(), state=CaseState.ACCEPTED), is_acknowledged=True), False),
    ],
)
def test_what_nobody_accepted_or_decided_stays_with_the_one_who_left(
    item: HandoverItem, *, stays_behind: bool
) -> None:
    within = 30 * MINUTE
    assert stays(item) is stays_behind
    assert is_late(SHEET, [item], NOON + within, within) is stays_behind
    assert not is_late(SHEET, [item], NOON + within - MINUTE, within)


def test_a_note_that_nobody_read_is_late_too_and_an_empty_sheet_never() -> None:
    within = 30 * MINUTE
    noted = replace(SHEET, note="包工头明天来")
    assert is_late(noted, [], NOON + within, within)
    assert not is_late(replace(noted, accepted_at=NOON), [], NOON + within, within)
    assert not is_late(SHEET, [], NOON + within, within)


def test_shifts_of_one_person_that_meet_are_handed_over_to_nobody() -> None:
    shifts = [Shift(DutyRole.OFFICER, "wang", NOON, NOON + MINUTE)]
    assert find_changes(shifts, tuple(DutyRole), NOON - MINUTE, NOON + MINUTE) == []
