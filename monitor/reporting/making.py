"""Make a report from the database: count what it needs, compare, tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.settling import RosterRules
from monitor.domain import SHANGHAI
from monitor.reporting.counting import Rules, count_period
from monitor.reporting.past import CaseLog
from monitor.reporting.watching import HourLog, list_week_points
from monitor.reports.building import build_report
from monitor.reports.counts import Counts, WeekPoint
from monitor.reports.material import Material, Standard
from monitor.reports.nouns import Report
from monitor.reports.periods import (
    Campaign,
    Period,
    PeriodKind,
    campaign_at,
    list_weeks,
    period_of,
    period_of_campaign,
)
from monitor.storage.repositories import Rows

_COURSE = timedelta(weeks=53)
_LEAP = timedelta(weeks=2)
"""How much earlier than the course the same week of the year before may lie."""

_KEPT = 54
"""Stretches whose counts are kept, so that among many weeks those of a year ago are at hand."""


@dataclass(frozen=True, slots=True)
class Office:
    """What the settings say of reports. `titles` are those of the sources that are watched now."""

    name: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    campaigns: Sequence[Campaign] = ()
    standard: Standard = field(default_factory=Standard)
    triage_within: timedelta = timedelta(hours=2)
    roster: RosterRules = field(default_factory=RosterRules)

    @property
    def rules(self) -> Rules:
        """What counting depends on."""
        return Rules(self.titles, self.triage_within, self.standard.cluster_at, self.roster)


class ReportMaker:
    """Makes reports in one transaction; what was counted once is not counted again."""

    def __init__(self, rows: Rows, office: Office, now: datetime) -> None:
        """Keep the transaction, which must stay one, so that every figure is of the same moment."""
        self._rows = rows
        self.office = office
        self._now = now
        self._counted: dict[tuple[datetime, datetime], Counts] = {}
        self._log = HourLog(rows, now)
        self._cases = CaseLog(rows)
        self._watched_since = rows.reporting.find_watched_since()

    def make(self, period: Period) -> Report:
        """Count a period that has begun and tell it; while it runs it is counted to now."""
        until = min(period.ends_at, self._now)
        span = until - period.starts_at
        last_day = (until - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
        campaign = campaign_at(self.office.campaigns, last_day)
        weeks = self._course(until)
        if weeks:
            self._log.load(weeks[0].starts_at - _LEAP)
        course = list_week_points(self._rows, self._log, weeks)
        return build_report(
            Material(
                period=period,
                counts=self._count(period.starts_at, until),
                before=self._count_watched(period.before, span),
                last_year=self._count_watched(period.last_year, span),
                history=course,
                campaigns=self.office.campaigns,
                campaign=campaign,
                campaign_weeks=_of_campaign(course, campaign, period),
                watched_since=self._watched_since,
                made_at=self._now,
                office=self.office.name,
                standard=self.office.standard,
            )
        )

    def _count(self, since: datetime, until: datetime) -> Counts:
        if (since, until) not in self._counted:
            while len(self._counted) >= _KEPT:
                self._counted.pop(next(iter(self._counted)))
            self._counted[since, until] = count_period(
                self._rows,
                since,
                until,
                self.office.rules,
                log=self._log,
                cases=self._cases,
            )
        return self._counted[since, until]

    def _count_watched(self, period: Period | None, span: timedelta) -> Counts | None:
        """Another period over the same length, if somebody watched it from its beginning."""
        if period is None or self._watched_since is None or self._watched_since > period.starts_at:
            return None
        return self._count(period.starts_at, min(period.ends_at, period.starts_at + span))

    def _course(self, until: datetime) -> list[Period]:
        """The whole weeks of the year before an instant, from the first that was watched."""
        since = max(until - _COURSE, self._watched_since or until)
        first = period_of(PeriodKind.WEEK, since.astimezone(SHANGHAI).date())
        last = period_of(PeriodKind.WEEK, until.astimezone(SHANGHAI).date())
        return [each for each in list_weeks(first, last) if each.ends_at <= until]


def _of_campaign(
    course: Sequence[WeekPoint], campaign: Campaign | None, period: Period
) -> list[WeekPoint]:
    """The whole weeks of a campaign before a period."""
    if campaign is None:
        return []
    began = period_of_campaign(campaign).starts_at
    return [each for each in course if began <= each.starts_at < period.starts_at]
