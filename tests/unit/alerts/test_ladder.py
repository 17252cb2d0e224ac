"""Who is told first, who is next, and that nothing is put down in silence."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.escalation import find_next_due_at, next_alerts
from alerts.ladder import check_ladders
from alerts.policy import alerts_for
from monitor.domain import (
    Alert,
    AlertReason,
    AlertState,
    DutyRole,
    LadderStep,
    NewAlert,
    Shift,
    UrgencyLevel,
)
from tests.unit.alerts.makers import (
    LADDER,
    LADDERS,
    MINUTE,
    NOON,
    PEOPLE,
    make_alert,
    make_case,
    make_new_alert,
    make_roster,
)

REPEAT = 15 * MINUTE
NOW_STEP = timedelta(0)


def first_alerts(shifts: Sequence[Shift], fallback: str | None = None) -> list[NewAlert]:
    return alerts_for(
        make_case(),
        reason=AlertReason.CASE_OPENED,
        change_number=3,
        shifts=shifts,
        ladders=LADDERS,
        now=NOON,
        fallback=fallback,
    )


def then(
    alerts: Sequence[Alert], now: datetime, shifts: Sequence[Shift] | None = None, **more: object
) -> list[NewAlert]:
    roster = make_roster() if shifts is None else shifts
    return next_alerts(alerts, roster, now, repeat_every=REPEAT, **more)  # type: ignore[arg-type]


# ---------------------------------------------------------------- the first message


def test_the_officer_on_duty_is_told_first() -> None:
    [alert] = first_alerts(make_roster())
    assert (alert.person, alert.duty, alert.step) == ("wang", DutyRole.OFFICER, 0)


def test_an_alert_carries_its_ladder_its_case_and_its_reason() -> None:
    [alert] = first_alerts(make_roster())
    assert alert.ladder == LADDER
    assert (alert.case_id, alert.ladder_key) == (12, "case-12-3")
    assert (alert.reason, alert.level) == (AlertReason.CASE_OPENED, UrgencyLevel.HIGH)
    assert alert.raised_at == NOON


def test_a_gap_in_the_roster_is_shown_and_the_next_person_is_told_at_once() -> None:
    told = first_alerts(make_roster(DutyRole.OFFICER))
    assert [(alert.step, alert.person) for alert in told] == [(0, None), (1, "li")]


def test_with_nobody_on_the_roster_every_step_shows_its_gap() -> None:
    told = first_alerts([])
    assert [(alert.step, alert.person) for alert in told] == [(n, None) for n in range(4)]


def test_with_nobody_on_the_roster_the_person_of_last_resort_is_told() -> None:
    told = first_alerts([], fallback="sun")
    assert [alert.person for alert in told] == [None, None, None, "sun"]


def test_steps_that_wait_for_nothing_are_told_together() -> None:
    both = (LADDER[0], replace(LADDER[1], wait=NOW_STEP), LADDER[2])
    told = alerts_for(
        make_case(level=UrgencyLevel.CRITICAL),
        reason=AlertReason.CASE_WORSENED,
        change_number=1,
        shifts=make_roster(),
        ladders={UrgencyLevel.CRITICAL: both},
        now=NOON,
    )
    assert [alert.person for alert in told] == ["wang", "li"]


@pytest.mark.parametrize(
    ("told_before", "people"),
    [
        (-1, ["wang"]),
        (0, ["wang"]),
        (2, ["wang", "li", "zhao"]),
        (9, ["wang", "li", "zhao", "qian"]),
    ],
)
def test_whoever_was_told_before_hears_at_once_that_it_got_worse(
    told_before: int, people: list[str]
) -> None:
    told = alerts_for(
        make_case(),
        reason=AlertReason.CASE_WORSENED,
        change_number=2,
        shifts=make_roster(),
        ladders=LADDERS,
        now=NOON,
        told_before=told_before,
    )
    assert [alert.person for alert in told] == people


def test_when_none_of_those_told_before_is_on_duty_the_next_is_told_too() -> None:
    told = alerts_for(
        make_case(),
        reason=AlertReason.CASE_WORSENED,
        change_number=2,
        shifts=make_roster(DutyRole.OFFICER, DutyRole.BACKUP),
        ladders=LADDERS,
        now=NOON,
        told_before=1,
    )
    assert [alert.person for alert in told] == [None, None, "zhao"]


# ---------------------------------------------------------------- nobody answers


def test_before_the_wait_is_over_nobody_else_is_told() -> None:
    assert then([make_alert()], NOON + 6 * MINUTE - timedelta(seconds=1)) == []


def test_the_next_step_is_told_when_nobody_acknowledged() -> None:
    [alert] = then([make_alert()], NOON + 6 * MINUTE)
    assert (alert.step, alert.person, alert.raised_at) == (1, "li", NOON + 6 * MINUTE)
    assert alert.ladder_key == "case-12-1"


def test_waits_count_from_the_raising_not_from_the_step_before() -> None:
    late = make_alert(make_new_alert(step=1, person="li", raised_at=NOON + 9 * MINUTE))
    [alert] = then([make_alert(), late], NOON + 10 * MINUTE)
    assert alert.step == 2


def test_after_a_down_time_every_step_that_fell_due_is_told() -> None:
    told = then([make_alert()], NOON + 25 * MINUTE)
    assert [alert.person for alert in told] == ["li", "zhao", "qian"]


@pytest.mark.parametrize("state", [AlertState.ACKNOWLEDGED, AlertState.CALLED_OFF])
def test_one_acknowledgement_or_calling_off_ends_the_whole_ladder(state: AlertState) -> None:
    alerts = [make_alert(), make_alert(make_new_alert(step=1), state=state)]
    assert then(alerts, NOON + 24 * 60 * MINUTE) == []
    assert find_next_due_at(alerts, repeat_every=REPEAT) is None


def test_no_alert_is_no_ladder() -> None:
    assert then([], NOON) == []


def test_a_step_whose_messages_all_failed_moves_on_at_once() -> None:
    [alert] = then([make_alert()], NOON + timedelta(seconds=1), failed_steps={0})
    assert alert.person == "li"


def test_a_step_that_was_given_up_moves_on_at_once() -> None:
    [alert] = then([make_alert(state=AlertState.GIVEN_UP)], NOON + timedelta(seconds=1))
    assert alert.person == "li"


def test_a_failure_of_a_step_long_passed_hurries_nobody() -> None:
    alerts = [make_alert(), make_alert(make_new_alert(step=1, raised_at=NOON + 6 * MINUTE))]
    assert then(alerts, NOON + 7 * MINUTE, failed_steps={0}) == []


def test_a_gap_on_the_way_up_is_climbed_over_at_once() -> None:
    told = then([make_alert()], NOON + 6 * MINUTE, make_roster(DutyRole.BACKUP))
    assert [(alert.step, alert.person) for alert in told] == [(1, None), (2, "zhao")]


def test_whoever_is_on_duty_at_the_time_of_the_step_is_told() -> None:
    swapped = [*make_roster(), Shift(DutyRole.BACKUP, "sun", NOON, NOON + 60 * MINUTE)]
    [alert] = then([make_alert()], NOON + 6 * MINUTE, swapped)
    assert alert.person == "sun"


def top_alerts() -> list[Alert]:
    raised = [(0, 0), (1, 6), (2, 10), (3, 20)]
    return [make_alert(make_new_alert(step=n, raised_at=NOON + m * MINUTE)) for n, m in raised]


def test_the_last_step_is_told_again_until_somebody_acknowledges() -> None:
    alerts = top_alerts()
    assert then(alerts, NOON + 34 * MINUTE) == []
    [again] = then(alerts, NOON + 35 * MINUTE)
    assert (again.step, again.person) == (3, "qian")
    alerts.append(make_alert(again))
    assert then(alerts, NOON + 49 * MINUTE) == []
    assert len(then(alerts, NOON + 50 * MINUTE)) == 1


def test_a_last_step_that_fails_is_repeated_at_its_interval_and_not_in_a_loop() -> None:
    assert then(top_alerts(), NOON + 21 * MINUTE, failed_steps={3}) == []
    assert len(then(top_alerts(), NOON + 35 * MINUTE, failed_steps={3})) == 1


def test_a_gap_on_the_last_step_is_filled_by_the_person_of_last_resort() -> None:
    told = then(
        [make_alert()],
        NOON + 20 * MINUTE,
        make_roster(DutyRole.BUREAU_LEADER),
        fallback="sun",
    )
    assert told[-1].person == "sun"


# ---------------------------------------------------------------- laws

waits = st.lists(st.integers(0, 60), min_size=0, max_size=4).map(sorted)
duties = st.sampled_from(DutyRole)


@st.composite
def ladders(draw: st.DrawFn) -> tuple[LadderStep, ...]:
    minutes = [0, *draw(waits)]
    return tuple(LadderStep(minute * MINUTE, draw(duties)) for minute in minutes)


ticks = st.lists(st.integers(1, 90), min_size=1, max_size=15)
absences = st.sets(duties)
failures = st.sets(st.integers(0, 4))


def play(
    ladder: tuple[LadderStep, ...], minutes: list[int], absent: set[DutyRole], failed: set[int]
) -> list[list[Alert]]:
    """Raise a ladder and ask again at each tick; return what was raised at each."""
    roster = [replace(shift, ends_at=NOON + timedelta(days=9)) for shift in make_roster(*absent)]
    start = alerts_for(
        make_case(),
        reason=AlertReason.CASE_OPENED,
        change_number=1,
        shifts=roster,
        ladders=dict.fromkeys(UrgencyLevel, ladder),
        now=NOON,
    )
    rounds = [[make_alert(new) for new in start]]
    now = NOON
    for minute in minutes:
        now += minute * MINUTE
        known = [alert for told in rounds for alert in told]
        rounds.append([make_alert(new) for new in then(known, now, roster, failed_steps=failed)])
    return rounds


@given(ladders(), ticks, absences, failures)
def test_a_ladder_never_goes_backwards_and_leaves_no_step_out(
    ladder: tuple[LadderStep, ...], minutes: list[int], absent: set[DutyRole], failed: set[int]
) -> None:
    steps = [alert.new.step for told in play(ladder, minutes, absent, failed) for alert in told]
    assert steps == sorted(steps)
    assert set(steps) == set(range(max(steps) + 1))


@given(ladders(), ticks, absences, failures)
def test_only_the_last_step_is_ever_told_twice(
    ladder: tuple[LadderStep, ...], minutes: list[int], absent: set[DutyRole], failed: set[int]
) -> None:
    steps = [alert.new.step for told in play(ladder, minutes, absent, failed) for alert in told]
    below = [step for step in steps if step < len(ladder) - 1]
    assert len(below) == len(set(below))


@given(ladders(), ticks, absences)
def test_asking_twice_at_one_instant_raises_nothing_twice(
    ladder: tuple[LadderStep, ...], minutes: list[int], absent: set[DutyRole]
) -> None:
    doubled = [step for minute in minutes for step in (minute, 0)]
    rounds = play(ladder, doubled, absent, set())
    assert not any(rounds[2::2])


@given(ladders(), ticks, absences)
def test_while_nobody_acknowledges_there_is_always_a_next_time(
    ladder: tuple[LadderStep, ...], minutes: list[int], absent: set[DutyRole]
) -> None:
    known = [alert for told in play(ladder, minutes, absent, set()) for alert in told]
    due_at = find_next_due_at(known, repeat_every=REPEAT)
    assert due_at is not None
    roster = [replace(shift, ends_at=NOON + timedelta(days=9)) for shift in make_roster(*absent)]
    assert then(known, due_at, roster)
    assert not then(known, due_at - timedelta(microseconds=1), roster)


@given(ladders(), absences)
def test_somebody_is_told_at_once_if_anybody_on_the_ladder_is_on_duty(
    ladder: tuple[LadderStep, ...], absent: set[DutyRole]
) -> None:
    [told, *_] = play(ladder, [1], absent, set())
    anybody = any(step.duty not in absent for step in ladder)
    assert any(alert.new.person is not None for alert in told) == anybody


@given(ladders(), ticks)
def test_every_step_is_told_by_the_first_tick_after_its_wait(
    ladder: tuple[LadderStep, ...], minutes: list[int]
) -> None:
    rounds = play(ladder, minutes, set(), set())
    reached = {alert.new.step for told in rounds for alert in told}
    elapsed = sum(minutes) * MINUTE
    assert reached == {n for n, step in enumerate(ladder) if step.wait <= elapsed}
    assert {alert.new.person for told in rounds for alert in told} <= set(PEOPLE.values())


@given(ladders(), ticks, st.sampled_from([AlertState.ACKNOWLEDGED, AlertState.CALLED_OFF]))
def test_an_ended_ladder_stays_ended(
    ladder: tuple[LadderStep, ...], minutes: list[int], state: AlertState
) -> None:
    known = [alert for told in play(ladder, minutes, set(), set()) for alert in told]
    known[-1] = replace(known[-1], state=state)
    assert then(known, NOON + timedelta(days=8)) == []


# ---------------------------------------------------------------- a ladder that cannot be used


def test_a_ladder_that_can_be_used_has_no_problem() -> None:
    assert check_ladders(LADDERS, channels=["email"]) == []


@pytest.mark.parametrize(
    ("ladder", "code"),
    [
        ((), "R201"),
        ((LadderStep(MINUTE, DutyRole.OFFICER),), "R202"),
        ((LADDER[0], LadderStep(-MINUTE, DutyRole.BACKUP)), "R203"),
        ((LADDER[0], LADDER[2], LADDER[1]), "R204"),
        ((LadderStep(NOW_STEP, DutyRole.OFFICER, ("pigeon",)),), "R205"),
    ],
)
def test_what_is_wrong_with_a_ladder_is_named(ladder: tuple[LadderStep, ...], code: str) -> None:
    problems = check_ladders({**LADDERS, UrgencyLevel.RAISED: ladder}, channels=["email"])
    assert code in {problem.code for problem in problems}
    assert all("ladder.raised" in problem.where for problem in problems)
