"""The deadlines of a case, counted in working days with 调休, and how each was counted. Pure.

Which days are worked is asked of `alerts.day_calendar`, as everywhere. A deadline that leans on a
year whose calendar is not published says that it is provisional, and is computed anew when it is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from alerts.day_calendar import DayCalendar, is_published
from monitor.casework import CaseDetails, Clock, ClockKind, Order
from monitor.domain import SHANGHAI, Case, CaseEvent, CaseState, CaseStep
from monitor.errors import mark
from monitor.public_days import find_last_announced, find_spring_festival

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The office's days (`alerts.day_calendar`), and which years are known as a whole.

    `entered_years` are those that the office has entered into the settings from the State
    Council's notice before the library has them.
    """

    days: DayCalendar = field(default_factory=DayCalendar)
    entered_years: frozenset[int] = frozenset()

    def is_published(self, year: int) -> bool:
        """Say whether the State Council's notice for this year is known."""
        return is_published(year) or year in self.entered_years

    def is_worked(self, day: date) -> bool:
        """Say whether a day is worked."""
        return not self.days.is_rest(day)

    @property
    def edition(self) -> str:
        """What a computation leans on; differs once another year is known."""
        added = ",".join(str(year) for year in sorted(self.entered_years))
        return f"{find_last_announced()}+{added}" if added else str(find_last_announced())


def add_working_days(start: date, days: int, calendar: WorkCalendar) -> tuple[date, bool]:
    """Count working days from the day after `start` (the day itself does not count).

    Returns:
        The last day, and whether any counted year is not published.
    """
    day, provisional = start, False
    while days > 0:
        day += timedelta(days=1)
        provisional = provisional or not calendar.is_published(day.year)
        days -= calendar.is_worked(day)
    return day, provisional


def walk_working_days(
    start: date, until: date, calendar: WorkCalendar
) -> Iterator[tuple[date, bool]]:
    """Every day after `start` up to `until`, and whether it is worked: the computation, shown."""
    day = start
    while day < until:
        day += timedelta(days=1)
        yield day, calendar.is_worked(day)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a computation that people can check: days in a row of one sort."""

    first: date
    last: date
    worked: bool
    days: int
    unusual: bool


def explain(clock: Clock, calendar: WorkCalendar) -> list[Stretch]:
    """Cut a computation in working days into stretches; empty for a fixed day.

    `unusual` marks what a calendar without 调休 would get wrong: weekdays off, weekend days worked.
    """
    if clock.working_days is None:
        return []
    stretches: list[Stretch] = []
    for day, worked in walk_working_days(clock.starts_on, clock.due_on, calendar):
        unusual = worked != (day.weekday() < _SATURDAY)
        newest = stretches[-1] if stretches else None
        if newest and newest.worked == worked and (newest.unusual == unusual or not worked):
            stretches[-1] = replace(
                newest, last=day, days=newest.days + 1, unusual=newest.unusual or unusual
            )
        else:
            stretches.append(Stretch(day, day, worked, 1, unusual))
    return stretches


# ---------------------------------------------------------------- a case's clocks


@dataclass(frozen=True, slots=True)
class ClockRules:
    """What the settings say of deadlines.

    `accept_days` and `investigate_days` in working days. `public_deadline` is (month, day).
    `spring_festival_days_before` moves the other campaign deadline ahead of the festival.
    """

    accept_days: int = 5
    investigate_days: int = 60
    extension_days: int = 30
    public_deadline: tuple[int, int] = (12, 31)
    spring_festival_days_before: int = 1
    limitation_years: int = 2


CLOCK_SOURCES: Mapping[ClockKind, str] = {
    ClockKind.ACCEPT: mark("《关于实施〈劳动保障监察条例〉若干规定》第十八条"),
    ClockKind.INVESTIGATE: mark("《劳动保障监察条例》第十七条"),
    ClockKind.CAMPAIGN: mark("本县根治欠薪冬季专项行动方案"),
    ClockKind.PAY_ORDER: mark("责令支付文书"),
    ClockKind.LISTED: mark("挂牌督办"),
}
"""Where each deadline comes from; shown beside it."""

LIMITATION_SOURCE = mark("《劳动保障监察条例》第二十条")

_DECIDED = frozenset(set(CaseState) - {CaseState.NEW, CaseState.REOPENED})
_DONE = frozenset(
    {CaseState.PAID, CaseState.CLOSED, CaseState.NOT_A_CLAIM, CaseState.MERGED, CaseState.REFERRED}
)
_CLEARED = frozenset({CaseState.PAID, CaseState.CLOSED, CaseState.NOT_A_CLAIM, CaseState.MERGED})


def day_of(at: datetime) -> date:
    """The day in Asia/Shanghai."""
    return at.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class Stops:
    """When a case did what its deadlines wait for, by its history; None where it has not.

    `decided_on`: somebody said whose it is. `ended_on`: paid, closed, no claim, merged or given to
    another body. `cleared_on`: as that, but what another body has is not cleared.
    """

    decided_on: date | None = None
    ended_on: date | None = None
    cleared_on: date | None = None


_CLEARING = frozenset({CaseStep.RECORD_PAID, CaseStep.CLOSE, CaseStep.NOT_A_CLAIM, CaseStep.MERGE})
_STEPS = frozenset(each.value for each in CaseStep)


def find_stops(events: Iterable[CaseEvent]) -> Stops:
    """Read a case's history, oldest first: the first day counts, not that of a later step.

    Opening a case again undoes all; accepting back or ordering undoes that it had ended.
    """
    stops = Stops()
    for event in events:
        if event.action not in _STEPS:
            continue
        step, day = CaseStep(event.action), day_of(event.at)
        if step is CaseStep.REOPEN:
            stops = Stops()
            continue
        ended_on = stops.ended_on or day
        stops = Stops(
            stops.decided_on or day,
            ended_on if step in _CLEARING or step is CaseStep.REFER else None,
            (stops.cleared_on or day) if step in _CLEARING else None,
        )
    return stops


def find_campaign_deadline(opened_on: date, *, public_money: bool, rules: ClockRules) -> date:
    """The next deadline of the winter campaign on or after the day a case was opened.

    Projects with government or state-enterprise money: 31 December; all others: before the Spring
    Festival (the county's plan; both are settings).
    """
    for year in (opened_on.year, opened_on.year + 1):
        if public_money:
            due_on = date(year, *rules.public_deadline)
        else:
            before = timedelta(days=rules.spring_festival_days_before)
            due_on = find_spring_festival(year) - before
        if due_on >= opened_on:
            return due_on
    raise AssertionError("a year holds one of each")


def reckon_clocks(
    case: Case,
    details: CaseDetails,
    orders: Sequence[Order],
    events: Iterable[CaseEvent],
    *,
    rules: ClockRules,
    calendar: WorkCalendar,
) -> list[Clock]:
    """Every deadline of a case as it stands.

    The first is an internal clock: the law writes it for a complaint, and this is a lead that we
    found. The second runs from the day the case was accepted (filed). A deadline stops on the day
    of the step that it waits for, by the history in `events` (oldest first); where the history
    lacks it, on the day of the last change.
    """
    stops, changed_on = find_stops(events), day_of(case.changed_at)
    begun_on = day_of(details.reopened_at or case.opened_at)
    stopped = (stops.ended_on or changed_on) if case.state in _DONE else None
    due_on, provisional = add_working_days(begun_on, rules.accept_days, calendar)
    clocks = [
        Clock(
            ClockKind.ACCEPT,
            begun_on,
            due_on,
            rules.accept_days,
            provisional,
            (stops.decided_on or changed_on) if case.state in _DECIDED else None,
        )
    ]
    if details.accepted_at is not None:
        days = rules.investigate_days + (rules.extension_days if details.extended_by else 0)
        filed_on = day_of(details.accepted_at)
        due_on, provisional = add_working_days(filed_on, days, calendar)
        clocks.append(Clock(ClockKind.INVESTIGATE, filed_on, due_on, days, provisional, stopped))
    cleared = (stops.cleared_on or changed_on) if case.state in _CLEARED else None
    campaign = find_campaign_deadline(begun_on, public_money=details.public_money, rules=rules)
    clocks.append(Clock(ClockKind.CAMPAIGN, begun_on, campaign, stopped_on=cleared))
    if orders:
        newest = orders[-1]
        clocks.append(
            Clock(ClockKind.PAY_ORDER, newest.ordered_on, newest.pay_by, stopped_on=cleared)
        )
    if details.listed_until is not None:
        clocks.append(Clock(ClockKind.LISTED, begun_on, details.listed_until, stopped_on=cleared))
    return clocks


def is_past_limitation(details: CaseDetails, today: date, rules: ClockRules) -> bool:
    """Say whether the debt began more than two years ago: a mark for the officer, never a refusal.

    A continuing act counts from its end, which only a person can judge.
    """
    if details.owed_since is None:
        return False
    year, month = (int(part) for part in details.owed_since.split("-"))
    return date(year + rules.limitation_years, month, 1) < today.replace(day=1)
