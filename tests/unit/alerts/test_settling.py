"""The laws of the roster: one person a duty or an announced gap, and swaps that hold."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.day_calendar import DayCalendar
from alerts.duty_calendar import write_calendar
from alerts.ladder import people_of
from alerts.roster import find_double_bookings, find_gaps, on_duty
from alerts.rotation import PROVISIONAL, expand
from alerts.settling import RosterRules, find_troubles, settle
from alerts.swaps import check_swap, exchange
from monitor.domain import SHANGHAI, DutyRole, LadderStep, Shift
from monitor.duty_nouns import (
    Absence,
    DayKind,
    RosterChange,
    RosterTables,
    Rotation,
    Stretch,
    SwapOffer,
)
from tests.unit.alerts.makers import HOUR, NOON, make_roster, make_shift

OFFICER, BACKUP, LEADER = DutyRole.OFFICER, DutyRole.BACKUP, DutyRole.LEADER
NEEDED = (OFFICER, BACKUP, LEADER)
DAY = 24 * HOUR
WEEK = 7 * DAY
RULES = RosterRules()
PEOPLE = ["wang", "li", "zhao", "qian", "sun"]


def change(
    person: str | None, starts_at: datetime, ends_at: datetime, number: int = 1
) -> RosterChange:
    return RosterChange(number, OFFICER, person, starts_at, ends_at, "han", NOON)


def away(person: str, starts_at: datetime, ends_at: datetime, substitute: str | None) -> Absence:
    return Absence(1, person, starts_at, ends_at, substitute, "han", NOON)


# ---------------------------------------------------------------- examples


def test_an_override_holds_over_the_plan_and_only_for_its_time() -> None:
    tables = RosterTables(make_roster(), changes=[change("sun", NOON, NOON + HOUR)])
    settled = settle(tables, RULES, NOON - HOUR, NOON + 3 * HOUR)
    holders = [on_duty(settled, OFFICER, NOON + n * HOUR) for n in (-1, 0, 1)]
    assert holders == ["wang", "sun", "wang"]


def test_the_newest_override_holds() -> None:
    tables = RosterTables(
        make_roster(),
        changes=[change("qian", NOON, NOON + HOUR, 2), change("sun", NOON, NOON + HOUR, 1)],
    )
    assert on_duty(settle(tables, RULES, NOON, NOON + HOUR), OFFICER, NOON) == "qian"


def test_taking_everybody_off_leaves_a_gap_that_is_found() -> None:
    tables = RosterTables(make_roster(), changes=[change(None, NOON, NOON + HOUR)])
    [gap] = find_troubles(tables, RULES, NEEDED, NOON - HOUR, NOON + 2 * HOUR).gaps
    assert (gap.duty, gap.starts_at, gap.ends_at) == (OFFICER, NOON, NOON + HOUR)


def test_whoever_is_away_is_replaced_in_every_duty_or_leaves_a_gap() -> None:
    tables = RosterTables(make_roster(), absences=[away("wang", NOON, NOON + HOUR, "sun")])
    assert on_duty(settle(tables, RULES, NOON, NOON + HOUR), OFFICER, NOON) == "sun"
    alone = RosterTables(make_roster(), absences=[away("wang", NOON, NOON + HOUR, None)])
    assert find_troubles(alone, RULES, NEEDED, NOON, NOON + HOUR).gaps


def test_substitutes_who_are_away_in_a_circle_leave_a_gap_and_no_loop() -> None:
    tables = RosterTables(
        make_roster(),
        absences=[away("wang", NOON, NOON + HOUR, "sun"), away("sun", NOON, NOON + HOUR, "wang")],
    )
    assert on_duty(settle(tables, RULES, NOON, NOON + HOUR), OFFICER, NOON) is None


def test_an_absence_holds_against_an_override_too() -> None:
    tables = RosterTables(
        make_roster(),
        changes=[change("sun", NOON, NOON + HOUR)],
        absences=[away("sun", NOON, NOON + HOUR, None)],
    )
    assert on_duty(settle(tables, RULES, NOON, NOON + HOUR), OFFICER, NOON) is None


def test_two_people_whom_the_table_names_for_one_duty_are_told() -> None:
    tables = RosterTables([make_shift(person="wang"), make_shift(person="li")])
    [double] = find_troubles(tables, RULES, (OFFICER,), NOON, NOON + HOUR).doubles
    assert {double.first.person, double.second.person} == {"wang", "li"}


def test_one_person_whom_a_change_puts_into_two_duties_is_told() -> None:
    tables = RosterTables(make_roster(), changes=[change("zhao", NOON, NOON + HOUR)])
    [double] = find_troubles(tables, RULES, NEEDED, NOON, NOON + HOUR).doubles
    assert (double.first.person, double.second.person) == ("zhao", "zhao")


# ---------------------------------------------------------------- rotations, holidays, 调休


def turn(days: DayKind = DayKind.EVERY, **more: object) -> Rotation:
    usual = Rotation(1, OFFICER, ("wang", "li", "zhao"), date(2026, 1, 1), None, 1, days)
    return replace(usual, **more)  # type: ignore[arg-type]


def days_of(rotation: Rotation, first: date, last: date) -> dict[date, tuple[str, str]]:
    starts_at = datetime.combine(first, time(8), SHANGHAI)
    ends_at = datetime.combine(last + timedelta(days=1), time(8), SHANGHAI)
    shifts = expand(
        rotation, DayCalendar(), day_starts=time(8), starts_at=starts_at, ends_at=ends_at
    )
    return {each.starts_at.astimezone(SHANGHAI).date(): (each.person, each.note) for each in shifts}


def test_everybody_in_turn_has_a_day() -> None:
    found = days_of(turn(), date(2026, 1, 1), date(2026, 1, 6))
    assert [person for person, _ in found.values()] == ["wang", "li", "zhao"] * 2


def test_everybody_may_have_a_week() -> None:
    found = days_of(turn(days_each=7), date(2026, 1, 1), date(2026, 1, 21))
    assert [person for person, _ in found.values()] == ["wang"] * 7 + ["li"] * 7 + ["zhao"] * 7


def test_a_rotation_asked_about_in_the_middle_goes_on_where_it_was() -> None:
    whole = days_of(turn(), date(2026, 1, 1), date(2026, 6, 30))
    part = days_of(turn(), date(2026, 5, 1), date(2026, 6, 30))
    assert part.items() <= whole.items()


def test_worked_weekends_belong_to_the_working_days() -> None:
    # 2026-02-14, a Saturday, is worked in exchange for the Spring Festival.
    working = days_of(turn(DayKind.WORKDAY), date(2026, 2, 13), date(2026, 2, 25))
    resting = days_of(turn(DayKind.REST), date(2026, 2, 13), date(2026, 2, 25))
    assert date(2026, 2, 14) in working
    assert date(2026, 2, 17) in resting
    assert not working.keys() & resting.keys()
    assert len(working) + len(resting) == 13


def test_an_unpublished_year_is_provisional_and_says_so() -> None:
    found = days_of(turn(DayKind.REST), date(2026, 12, 25), date(2027, 1, 10))
    assert all(note == "" for day, (_, note) in found.items() if day.year == 2026)
    assert all(note == PROVISIONAL for day, (_, note) in found.items() if day.year == 2027)
    assert found.keys() >= {date(2027, 1, 1), date(2027, 1, 2)}
    assert all(
        note == "" for _, note in days_of(turn(), date(2027, 1, 1), date(2027, 1, 9)).values()
    )


def test_an_office_may_enter_the_notice_before_the_library_has_it() -> None:
    calendar = DayCalendar(rest_days={date(2027, 1, 4)}, work_days={date(2027, 1, 9)})
    assert calendar.is_rest(date(2027, 1, 4))
    assert not calendar.is_rest(date(2027, 1, 9))
    assert not calendar.is_provisional(date(2027, 1, 4))


def test_the_duty_table_holds_over_a_rotation_and_a_newer_rotation_over_an_older() -> None:
    tables = RosterTables(
        [make_shift(person="sun", starts_at=NOON, ends_at=NOON + HOUR)],
        rotations=[turn(rotation_id=2, people=("qian",)), turn(rotation_id=1)],
    )
    settled = settle(tables, RULES, NOON, NOON + DAY)
    assert on_duty(settled, OFFICER, NOON) == "sun"
    assert on_duty(settled, OFFICER, NOON + HOUR) == "qian"


# ---------------------------------------------------------------- laws

hours = st.integers(0, 10 * 24).map(lambda number: NOON + number * HOUR)
people = st.sampled_from(PEOPLE)
duties = st.sampled_from(NEEDED)


@st.composite
def spans(draw: st.DrawFn) -> tuple[datetime, datetime]:
    starts_at = draw(hours)
    return starts_at, starts_at + draw(st.integers(1, 60)) * HOUR


@st.composite
def rosters(draw: st.DrawFn) -> RosterTables:
    shifts = [
        Shift(draw(duties), draw(people), *draw(spans())) for _ in range(draw(st.integers(0, 10)))
    ]
    changes = [
        RosterChange(number, draw(duties), draw(st.none() | people), *draw(spans()), "han", NOON)
        for number in range(draw(st.integers(0, 5)))
    ]
    absences = [
        Absence(number, draw(people), *draw(spans()), draw(st.none() | people), "han", NOON)
        for number in range(draw(st.integers(0, 3)))
    ]
    rotations = [
        Rotation(
            number,
            draw(duties),
            tuple(draw(st.lists(people, min_size=1, max_size=4))),
            date(2026, 11, 20) + timedelta(days=draw(st.integers(0, 8))),
            None,
            draw(st.integers(1, 3)),
            draw(st.sampled_from(DayKind)),
        )
        for number in range(draw(st.integers(0, 2)))
    ]
    return RosterTables(shifts, rotations, changes, absences)


END = NOON + 12 * DAY


@given(rosters(), hours)
@settings(deadline=None)
def test_at_every_instant_each_duty_has_exactly_one_person_or_a_gap_that_is_announced(
    tables: RosterTables, at: datetime
) -> None:
    settled = settle(tables, RULES, NOON, END)
    troubles = find_troubles(tables, RULES, NEEDED, NOON, END)
    for duty in NEEDED:
        holding = [
            each for each in settled if each.duty is duty and each.starts_at <= at < each.ends_at
        ]
        announced = any(
            gap.duty is duty and gap.starts_at <= at < gap.ends_at for gap in troubles.gaps
        )
        assert len(holding) == (0 if announced else 1)
        assert on_duty(settled, duty, at) == (None if announced else holding[0].person)


@given(rosters(), hours)
@settings(deadline=None)
def test_the_settled_answer_is_that_of_somebody_who_reads_the_papers_one_by_one(
    tables: RosterTables, at: datetime
) -> None:
    # Without sweeps: the newest change, else the table, else the turn; then who is away.
    settled = settle(tables, RULES, NOON, END)
    for duty in NEEDED:
        assert on_duty(settled, duty, at) == read_slowly(tables, duty, at)


def read_slowly(tables: RosterTables, duty: DutyRole, at: datetime) -> str | None:
    person = on_duty(tables.shifts, duty, at)
    if person is None:
        for rotation in sorted(tables.rotations, key=lambda each: each.rotation_id):
            for shift in expand(
                rotation, DayCalendar(), day_starts=time(8), starts_at=at, ends_at=at + HOUR
            ):
                if shift.duty is duty and shift.starts_at <= at < shift.ends_at:
                    person = shift.person
    for each in sorted(tables.changes, key=lambda each: each.change_id):
        if each.duty is duty and each.starts_at <= at < each.ends_at:
            person = each.person
    seen = set()
    while person is not None:
        absences = [
            each
            for each in tables.absences
            if each.person == person and each.starts_at <= at < each.ends_at
        ]
        if not absences:
            return person
        seen.add(person)
        person = absences[-1].substitute
        if person in seen:
            return None
    return None


@given(rosters(), st.integers(0, 10), st.integers(1, 6))
@settings(deadline=None)
def test_the_answer_does_not_depend_on_the_time_that_was_asked_about(
    tables: RosterTables, first: int, length: int
) -> None:
    whole = settle(tables, RULES, NOON, END)
    starts_at = NOON + first * DAY
    part = settle(tables, RULES, starts_at, starts_at + length * HOUR)
    for number in range(length):
        at = starts_at + number * HOUR
        assert [on_duty(part, duty, at) for duty in NEEDED] == [
            on_duty(whole, duty, at) for duty in NEEDED
        ]


def needed(one: Shift, other: Shift) -> bool:
    return one.duty is OFFICER and other.duty is BACKUP


@st.composite
def swaps(draw: st.DrawFn) -> tuple[RosterTables, list[RosterChange], Stretch, Stretch]:
    """A roster without absences, and two of its shifts that belong to different people."""
    tables = replace(draw(rosters()), absences=())
    settled = [each for each in settle(tables, RULES, NOON, END) if each.duty in NEEDED]
    pairs = [
        (one, other)
        for number, one in enumerate(settled)
        for other in settled[number + 1 :]
        if one.person != other.person
    ]
    if not pairs:
        tables = RosterTables(make_roster())
        settled = settle(tables, RULES, NOON, NOON + HOUR)
        pairs = [(each, other) for each in settled for other in settled if needed(each, other)]
    one, other = draw(st.sampled_from(pairs))
    given_away = Stretch(one.duty, one.starts_at, one.ends_at)
    taken = Stretch(other.duty, other.starts_at, other.ends_at)
    both = [
        RosterChange(
            100 + number, stretch.duty, person, stretch.starts_at, stretch.ends_at, "han", NOON
        )
        for number, (stretch, person) in enumerate(
            [
                *exchange(one.person, other.person, given_away, taken),
                *exchange(other.person, one.person, given_away, taken),
            ]
        )
    ]
    return tables, both, given_away, taken


@given(swaps())
@settings(deadline=None)
def test_a_swap_made_twice_is_nothing(
    swapped: tuple[RosterTables, list[RosterChange], Stretch, Stretch],
) -> None:
    tables, both, _, _ = swapped
    twice = replace(tables, changes=[*tables.changes, *both])
    assert settle(twice, RULES, NOON, END) == settle(tables, RULES, NOON, END)


@given(swaps(), st.integers(0, 4))
@settings(deadline=None)
def test_a_swap_is_honoured_in_every_message_and_touches_nothing_else(
    swapped: tuple[RosterTables, list[RosterChange], Stretch, Stretch], hour: int
) -> None:
    tables, both, given_away, taken = swapped
    once = settle(replace(tables, changes=[*tables.changes, *both[:2]]), RULES, NOON, END)
    before = settle(tables, RULES, NOON, END)
    ladder = tuple(LadderStep(timedelta(0), duty) for duty in NEEDED)
    for stretch, person in ((given_away, both[0].person), (taken, both[1].person)):
        at = min(stretch.starts_at + hour * HOUR, stretch.ends_at - HOUR)
        told = people_of(ladder, once, at, None)
        assert told[NEEDED.index(stretch.duty)] == person
        for duty in NEEDED:
            touched = any(
                each.duty is duty and each.starts_at <= at < each.ends_at
                for each in (given_away, taken)
            )
            if not touched:
                assert told[NEEDED.index(duty)] == on_duty(before, duty, at)


@given(rosters())
@settings(deadline=None)
def test_no_two_settled_shifts_of_a_duty_overlap(tables: RosterTables) -> None:
    for duty in DutyRole:
        own = [each for each in settle(tables, RULES, NOON, END) if each.duty is duty]
        assert (
            find_double_bookings([replace(each, person=str(n)) for n, each in enumerate(own)]) == []
        )
        held = sum((each.ends_at - each.starts_at for each in own), timedelta(0))
        gaps = sum(
            (gap.ends_at - gap.starts_at for gap in find_gaps(own, [duty], NOON, END)), timedelta(0)
        )
        assert held + gaps == END - NOON


# ---------------------------------------------------------------- may they swap?

TONIGHT = Stretch(OFFICER, NOON + 20 * HOUR, NOON + 44 * HOUR)
TOMORROW = Stretch(OFFICER, NOON + 44 * HOUR, NOON + 68 * HOUR)
WEEK_OF_DUTY = [
    make_shift(person="wang", starts_at=TONIGHT.starts_at, ends_at=TONIGHT.ends_at),
    make_shift(person="li", starts_at=TOMORROW.starts_at, ends_at=TOMORROW.ends_at),
    make_shift(LEADER, "zhao", NOON, NOON + WEEK),
]


def codes(other: str = "li", given_away: Stretch = TONIGHT, **more: object) -> list[str]:
    arguments: dict[str, object] = {
        "shifts": WEEK_OF_DUTY,
        "absences": [],
        "able": PEOPLE,
        "now": NOON,
        **more,
    }
    taken = arguments.pop("taken", TOMORROW)
    return [
        each.code for each in check_swap("wang", SwapOffer(other, given_away, taken), **arguments)
    ]  # type: ignore[arg-type]


def test_two_who_exchange_their_shifts_may() -> None:
    assert codes() == []
    assert codes("sun", taken=None) == []


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (codes("wang"), "R401"),
        (codes(able=["wang"]), "R402"),
        (codes(now=TONIGHT.starts_at), "R403"),
        (codes(given_away=replace(TONIGHT, ends_at=NOON)), "R403"),
        (codes(given_away=TOMORROW, taken=None), "R404"),
        (codes(given_away=replace(TONIGHT, ends_at=TOMORROW.ends_at), taken=None), "R404"),
        (codes("sun"), "R404"),
        (codes(absences=[away("li", NOON, NOON + WEEK, None)]), "R405"),
        (codes("zhao", taken=None), "R406"),
    ],
)
def test_what_speaks_against_a_swap_is_named(found: list[str], code: str) -> None:
    assert code in found


# ---------------------------------------------------------------- the calendar on a phone


def test_a_persons_calendar_holds_their_shifts_as_swapped_and_nobody_elses() -> None:
    from icalendar import Calendar

    tables = RosterTables(
        WEEK_OF_DUTY, changes=[replace(change("sun", *span(TONIGHT)), change_id=9)]
    )
    settled = settle(tables, RULES, NOON, NOON + WEEK)

    def entries(person: str) -> list[tuple[datetime, datetime]]:
        file = write_calendar(settled, person, "王芳", desk_url="https://desk", now=NOON)
        assert file.count(b"\r\n") > 5
        return [
            (event["dtstart"].dt, event["dtend"].dt)
            for event in Calendar.from_ical(file.decode()).walk("VEVENT")
        ]

    assert entries("wang") == []
    assert entries("sun") == [span(TONIGHT)]
    assert entries("zhao") == [(NOON, NOON + WEEK)]


def span(stretch: Stretch) -> tuple[datetime, datetime]:
    return stretch.starts_at.astimezone(UTC), stretch.ends_at.astimezone(UTC)
