"""Nouns of the duty stage with a default for every field, so that a test names what matters."""

from datetime import UTC, datetime, timedelta

from monitor.domain import (
    Alert,
    AlertReason,
    AlertState,
    Case,
    CaseState,
    DutyRole,
    LadderStep,
    NewAlert,
    Shift,
    UrgencyLevel,
)

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

LADDER = (
    LadderStep(timedelta(0), DutyRole.OFFICER),
    LadderStep(6 * MINUTE, DutyRole.BACKUP),
    LadderStep(10 * MINUTE, DutyRole.LEADER),
    LadderStep(20 * MINUTE, DutyRole.BUREAU_LEADER),
)
LADDERS = dict.fromkeys(UrgencyLevel, LADDER)

PEOPLE = {
    DutyRole.OFFICER: "wang",
    DutyRole.BACKUP: "li",
    DutyRole.LEADER: "zhao",
    DutyRole.BUREAU_LEADER: "qian",
}


def make_shift(
    duty: DutyRole = DutyRole.OFFICER,
    person: str = "wang",
    starts_at: datetime = NOON - 4 * HOUR,
    ends_at: datetime = NOON + 20 * HOUR,
) -> Shift:
    return Shift(duty, person, starts_at, ends_at)


def make_roster(*absent: DutyRole) -> list[Shift]:
    """A full day of everybody, without the duties that are named."""
    return [make_shift(duty, person) for duty, person in PEOPLE.items() if duty not in absent]


def make_case(
    *,
    level: UrgencyLevel = UrgencyLevel.HIGH,
    employer: str | None = "平原第二建筑公司",
    project: str | None = "安置房三期",
    place: str | None = "平原县城关镇",
    workers: int | None = 23,
    amount_yuan: float | None = 345_600.0,
    danger_to_life: bool = False,
    reasons: tuple[str, ...] = ("二十人以上被拖欠", "欠薪超过三个月"),
) -> Case:
    return Case(
        case_id=12,
        number="2026-0012",
        state=CaseState.NEW,
        opened_at=NOON,
        changed_at=NOON,
        level=level,
        points=62,
        reasons=reasons,
        employer=employer,
        project=project,
        place=place,
        workers=workers,
        amount_yuan=amount_yuan,
        danger_to_life=danger_to_life,
        owner=None,
        model="test",
        threshold=0.5,
        version=1,
    )


def make_new_alert(  # an empty person: whoever the usual roster names for the step
    *,
    step: int = 0,
    person: str | None = "",
    raised_at: datetime = NOON,
    reason: AlertReason = AlertReason.CASE_OPENED,
    ladder: tuple[LadderStep, ...] = LADDER,
) -> NewAlert:
    if person == "":
        person = PEOPLE[ladder[step].duty]
    return NewAlert(
        case_id=12,
        ladder_key="case-12-1",
        reason=reason,
        step=step,
        person=person,
        duty=ladder[step].duty,
        ladder=ladder,
        raised_at=raised_at,
        level=UrgencyLevel.HIGH,
    )


def make_alert(
    new: NewAlert | None = None,
    *,
    state: AlertState = AlertState.SENT,
    ladder_started_at: datetime = NOON,
) -> Alert:
    new = new or make_new_alert()
    return Alert(1 + new.step, new, state, ladder_started_at)
