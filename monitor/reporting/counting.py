"""Count a week in the database, for `monitor.reports`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from alerts.roster import find_gaps
from alerts.settling import RosterRules
from monitor.domain import DocumentKind, DutyRole, Issue, TimePrecision
from monitor.reports.counts import OpenedCase, SourceCount, WeekCounts
from monitor.reports.nouns import WeeklyReport
from monitor.reports.weekly import build_weekly_report
from monitor.reports.weeks import Week
from monitor.roster_book import read_roster
from monitor.storage.reporting import DocumentCount, FirstTold, LadderSpan
from monitor.storage.repositories import Rows

_EXACT = frozenset({TimePrecision.SECOND, TimePrecision.MINUTE})
"""An hour or a day is too coarse to say after how many minutes somebody knew."""


def make_weekly_report(
    rows: Rows,
    week: Week,
    titles: Mapping[str, str],
    now: datetime,
    rules: RosterRules | None = None,
) -> WeeklyReport:
    """Count a week and the one before, and tell it.

    Args:
        rows: An open transaction; one, so that every figure is of the same moment.
        week: A week that has begun; while it runs it is counted to now, the one before as far.
        titles: The title of each source that is watched now, by its name.
        now: The time now.
        rules: How the duty table is understood; None for the usual calendar.
    """
    until = min(week.ends_at, now)
    return build_weekly_report(
        week,
        count_week(rows, week.starts_at, until, titles, rules),
        count_week(rows, week.before.starts_at, until - timedelta(days=7), titles, rules),
        watched_since=rows.reporting.find_watched_since(),
        made_at=now,
    )


def count_week(
    rows: Rows,
    since: datetime,
    until: datetime,
    titles: Mapping[str, str],
    rules: RosterRules | None = None,
) -> WeekCounts:
    """Count everything in [since, until)."""
    opened = rows.reporting.list_opened(since, until)
    sectors = rows.reporting.find_sectors([each.case_id for each in opened])
    documents = rows.reporting.count_documents(since, until)
    told = rows.reporting.list_first_told(since, until)
    waits = [wait for each in told if (wait := _wait_of(each)) is not None]
    ladders = rows.reporting.list_ladders(since, until)
    raised = [each for each in ladders if since <= each.started_at < until]
    acknowledged = [each for each in raised if _is_acknowledged(each, until)]
    shifts = read_roster(rows, rules or RosterRules(), since, until)
    return WeekCounts(
        since=since,
        until=until,
        opened=[OpenedCase(each, sectors.get(each.case_id)) for each in opened],
        open_at_end=rows.reporting.count_open_at(until),
        steps=rows.reporting.count_steps(since, until),
        documents=_by_kind(documents),
        told_after=waits,
        told_unmeasured=len(told) - len(waits),
        raised=len(raised),
        acknowledged=len(acknowledged),
        called_off=sum(
            each.was_called_off and not _is_acknowledged(each, until) for each in raised
        ),
        acknowledged_after=_answers(ladders, since, until),
        issues=[_with_title(each, titles) for each in rows.reporting.list_issues(since, until)],
        gaps=find_gaps(shifts, tuple(DutyRole), since, until),
        sources=_count_sources(rows, documents, titles),
    )


def _wait_of(told: FirstTold) -> timedelta | None:
    if told.published_at is None or told.precision not in _EXACT:
        return None
    # What stood there before anybody watched tells of the backlog, not of the watch.
    if told.watched_since is None or told.published_at < told.watched_since:
        return None
    return max(told.sent_at - told.published_at, timedelta(0))


def _is_acknowledged(ladder: LadderSpan, until: datetime) -> bool:
    return ladder.acknowledged_at is not None and ladder.acknowledged_at < until


def _answers(ladders: Sequence[LadderSpan], since: datetime, until: datetime) -> list[timedelta]:
    """How long after the sending each was acknowledged; those seen before the sending left out."""
    return [
        each.acknowledged_at - each.sent_at
        for each in ladders
        if each.acknowledged_at is not None
        and since <= each.acknowledged_at < until
        and each.sent_at is not None
        and each.sent_at <= each.acknowledged_at
    ]


def _by_kind(documents: Sequence[DocumentCount]) -> dict[DocumentKind | None, int]:
    counted: Counter[DocumentKind | None] = Counter()
    for each in documents:
        counted[each.kind] += each.documents
    return dict(counted)


def _count_sources(
    rows: Rows, documents: Sequence[DocumentCount], titles: Mapping[str, str]
) -> list[SourceCount]:
    """Every source that is watched now or brought something then, in the order of the names."""
    counted: Counter[str] = Counter()
    for each in documents:
        counted[each.source] += each.documents
    succeeded = {each.name: each.last_success_at for each in rows.sources.list_health()}
    return [
        SourceCount(titles.get(name, name), counted[name], succeeded.get(name))
        for name in sorted({*titles, *counted})
    ]


def _with_title(issue: Issue, titles: Mapping[str, str]) -> Issue:
    # The message stays behind: the report says what was wrong by its code.
    return Issue(
        code=issue.code,
        subject=titles.get(issue.subject, issue.subject),
        message="",
        opened_at=issue.opened_at,
        last_seen_at=issue.last_seen_at,
        count=issue.count,
        closed_at=issue.closed_at,
    )
