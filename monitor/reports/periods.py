"""What a report is about: a week, a month, a quarter or a campaign, as Shanghai counts. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from monitor.domain import SHANGHAI
from monitor.errors import InputError
from monitor.reports.weeks import Week, parse_week, week_of

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])")
_FIRST_YEAR = 2000
_MONTHS_IN_QUARTER, _MONTHS = 3, 12


class PeriodKind(StrEnum):
    """How long a report's time is."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    CAMPAIGN = "campaign"


PERIOD_WORDS = {
    PeriodKind.WEEK: ("本周", "上周", "周报"),
    PeriodKind.MONTH: ("本月", "上月", "月报"),
    PeriodKind.QUARTER: ("本季", "上季", "季报"),
    PeriodKind.CAMPAIGN: ("行动期间", "上一期", "专项行动报告"),
}
"""For each kind: how it is called in a sentence, how the one before, how the report."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A drive against unpaid wages, from the bureau's plan; days in Asia/Shanghai, all included.

    `public_by` is when projects with government or state-enterprise money must be cleared,
    `others_by` when all others.
    """

    name: str
    title: str
    starts_on: date
    ends_on: date
    public_by: date
    others_by: date


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days in Asia/Shanghai, `ends_on` included. `name` stands in names of files."""

    kind: PeriodKind
    name: str
    title: str
    starts_on: date
    ends_on: date

    @property
    def starts_at(self) -> datetime:
        """Its first midnight in Asia/Shanghai, in UTC."""
        return _midnight(self.starts_on)

    @property
    def ends_at(self) -> datetime:
        """The midnight after it; not part of it."""
        return _midnight(self.ends_on + timedelta(days=1))

    @property
    def this_word(self) -> str:
        """How a sentence calls it, such as 本周."""
        return PERIOD_WORDS[self.kind][0]

    @property
    def last_word(self) -> str:
        """How a sentence calls the one before, such as 上周."""
        return PERIOD_WORDS[self.kind][1]

    @property
    def before(self) -> "Period | None":
        """The one before; a campaign has none."""
        if self.kind is PeriodKind.CAMPAIGN:
            return None
        return period_of(self.kind, self.starts_on - timedelta(days=1))

    @property
    def last_year(self) -> "Period | None":
        """The same ISO week (53 stands beside 52), month or quarter a year ago."""
        if self.kind is PeriodKind.CAMPAIGN:
            return None
        if self.kind is PeriodKind.WEEK:
            year, number, _ = self.starts_on.isocalendar()
            try:
                day = date.fromisocalendar(year - 1, number, 1)
            except ValueError:  # a year of 52 weeks
                day = date.fromisocalendar(year - 1, number - 1, 1)
            return period_of(self.kind, day)
        return period_of(self.kind, self.starts_on.replace(year=self.starts_on.year - 1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def period_of_week(week: Week) -> Period:
    """A week as a period."""
    year, number, _ = week.starts_on.isocalendar()
    return Period(
        PeriodKind.WEEK, week.name, f"{year} 年第 {number} 周", week.starts_on, week.ends_on
    )


def period_of(kind: PeriodKind, day: date) -> Period:
    """The week, month or quarter that a day is in.

    Raises:
        ValueError: A campaign is not found by a day.
    """
    match kind:
        case PeriodKind.WEEK:
            return period_of_week(Week(day - timedelta(days=day.weekday())))
        case PeriodKind.MONTH:
            return _months(kind, day.year, day.month, 1)
        case PeriodKind.QUARTER:
            first = (day.month - 1) // _MONTHS_IN_QUARTER * _MONTHS_IN_QUARTER + 1
            return _months(kind, day.year, first, _MONTHS_IN_QUARTER)
        case PeriodKind.CAMPAIGN:
            raise ValueError("A campaign is found by its name.")


def _months(kind: PeriodKind, year: int, month: int, count: int) -> Period:
    starts_on = date(year, month, 1)
    over = month - 1 + count
    ends_on = date(year + over // _MONTHS, over % _MONTHS + 1, 1) - timedelta(days=1)
    if kind is PeriodKind.MONTH:
        return Period(kind, f"{year}-{month:02}", f"{year} 年 {month} 月", starts_on, ends_on)
    quarter = (month - 1) // _MONTHS_IN_QUARTER + 1
    return Period(kind, f"{year}-Q{quarter}", f"{year} 年第 {quarter} 季度", starts_on, ends_on)


def period_of_campaign(campaign: Campaign) -> Period:
    """A campaign as a period."""
    return Period(
        PeriodKind.CAMPAIGN, campaign.name, campaign.title, campaign.starts_on, campaign.ends_on
    )


def last_over(kind: PeriodKind, now: datetime) -> Period:
    """The newest week, month or quarter that is over."""
    if kind is PeriodKind.WEEK:
        return period_of_week(week_of(now).before)
    found = period_of(kind, now.astimezone(SHANGHAI).date()).before
    if found is None:
        raise ValueError("A campaign is found by its name.")
    return found


def parse_period(
    kind: PeriodKind, given: str | None, now: datetime, campaigns: Sequence[Campaign] = ()
) -> Period:
    """Read a period's name; without one take the newest that is over (a campaign: that has begun).

    Raises:
        InputError: It is none, or has not begun.
    """
    if kind is PeriodKind.WEEK:
        return period_of_week(parse_week(given, now))
    if kind is PeriodKind.CAMPAIGN:
        return _parse_campaign(given, now, campaigns)
    last = last_over(kind, now)
    if given is None:
        return last
    found = (_MONTH if kind is PeriodKind.MONTH else _QUARTER).fullmatch(given.strip())
    if found is None or int(found[1]) < _FIRST_YEAR:
        raise InputError(f"没有 {given} 这一期；例如 {last.name}")
    month = int(found[2]) if kind is PeriodKind.MONTH else int(found[2]) * 3 - 2
    period = period_of(kind, date(int(found[1]), month, 1))
    return _begun(period, now, last.name)


def _parse_campaign(given: str | None, now: datetime, campaigns: Sequence[Campaign]) -> Period:
    known = [period_of_campaign(each) for each in campaigns]
    if not known:
        raise InputError("设置里没有专项行动；在 settings.toml 里加 [[report.campaigns]]")
    begun = [each for each in known if each.starts_at <= now]
    if given is None and begun:
        return max(begun, key=lambda each: each.starts_on)
    found = [each for each in known if each.name == given or given is None]
    if not found:
        names = "、".join(each.name for each in known)
        raise InputError(f"设置里没有专项行动 {given}；有的是 {names}")
    return _begun(found[0], now, begun[0].name if begun else "")


def _begun(period: Period, now: datetime, other: str) -> Period:
    if period.starts_at > now:
        instead = f"；可以要的是 {other}" if other else ""
        raise InputError(f"{period.name} 从 {period.starts_on} 开始，还没有到{instead}")
    return period


def list_weeks(first: Period, last: Period) -> list[Period]:
    """Every week from one to another, both included; empty when the last is before the first."""
    weeks = []
    each = first
    while each.starts_on <= last.starts_on:
        weeks.append(each)
        each = period_of(PeriodKind.WEEK, each.ends_on + timedelta(days=1))
    return weeks


def campaign_at(campaigns: Sequence[Campaign], day: date) -> Campaign | None:
    """The campaign that runs on a day; the one that began last where several do."""
    running = [each for each in campaigns if each.starts_on <= day <= each.ends_on]
    return max(running, key=lambda each: each.starts_on, default=None)
