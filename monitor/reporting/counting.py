"""Count a stretch of time in the database, for `monitor.reports`.

What lies behind one table group stands in one small function each, so that a table that is
added (payments, classes of parties, corrections) joins in one place: `monitor.reporting.joins`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.roster import find_gaps
from alerts.settling import RosterRules
from monitor.domain import CASE_KINDS, CaseStep, DutyRole, Issue, TimePrecision
from monitor.reporting import joins
from monitor.reporting.past import CaseLog
from monitor.reporting.watching import HourLog, count_sources
from monitor.reports.clusters import MEMORY, find_clusters
from monitor.reports.counts import Counts, DocumentTally, Raised, ReadingCheck, StepTaken, ToldCase
from monitor.reports.sums import find_overdue
from monitor.roster_book import read_roster
from monitor.storage.reporting import FirstTold
from monitor.storage.repositories import Rows
from monitor.storage.tallied import StepEvent

_EXACT = frozenset({TimePrecision.SECOND, TimePrecision.MINUTE})
"""An hour or a day is too coarse to say after how many minutes somebody knew."""

FOUR_WEEKS = timedelta(days=28)
_BACK = frozenset({CaseStep.ACCEPT, CaseStep.RECORD_PAID, CaseStep.CLOSE, CaseStep.NOT_A_CLAIM})
_CONFIRMED = frozenset({CaseStep.ACCEPT, CaseStep.REFER})


@dataclass(frozen=True, slots=True)
class Rules:
    """What counting depends on beside the database.

    `titles` are those of the sources that are watched now, by name; `triage_within` is our own
    clock for deciding on a case; `cluster_at` how many messages make a cluster; `roster` is
    how the duty table is understood.
    """

    titles: Mapping[str, str]
    triage_within: timedelta = timedelta(hours=2)
    cluster_at: int = 3
    roster: RosterRules = field(default_factory=RosterRules)


def count_period(
    rows: Rows,
    since: datetime,
    until: datetime,
    rules: Rules,
    *,
    log: HourLog | None = None,
    cases: CaseLog | None = None,
) -> Counts:
    """Count everything in [since, until).

    Args:
        rows: An open transaction; one, so that every figure is of the same moment.
        since: The beginning.
        until: The end, not included.
        rules: What counting depends on beside the database.
        log: The hours in which anything was read, where somebody has looked them up already.
        cases: As `log`, for what documents told of their cases.
    """
    opened, standing = (cases or CaseLog(rows)).count(since, until)
    steps = rows.tallies.list_steps(since, until)
    documents = _count_documents(rows, since, until, rules.titles)
    watch = (log or HourLog(rows, until)).find_watch(since, until)
    shifts = read_roster(rows, rules.roster, since, until)
    return Counts(
        since=since,
        until=until,
        opened=opened,
        standing=standing,
        overdue=frozenset(find_overdue(standing, until, rules.triage_within)),
        steps=[_taken(each) for each in steps],
        documents=documents,
        told=[_told(each) for each in rows.reporting.list_first_told(since, until)],
        alerts=_count_alerts(rows, since, until),
        issues=[_titled(each, rules.titles) for each in rows.reporting.list_issues(since, until)],
        gaps=find_gaps(shifts, tuple(DutyRole), since, until),
        sources=count_sources(rows, since, until, rules.titles, watch.inside),
        silences=watch.inside,
        watched=watch.watched,
        clusters=find_clusters(
            rows.tallies.list_party_messages(since - MEMORY, until),
            since,
            cluster_at=rules.cluster_at,
        ),
        reading=_check_reading(rows, since, steps, until),
        returned=_find_returned(rows, steps, until),
        payments=joins.count_payments(rows, since, until),
        class_c=joins.list_class_c(rows, {each.case.case_id for each in standing}),
        deadlines=joins.list_deadlines(rows, since, until),
    )


def _taken(step: StepEvent) -> StepTaken:
    return StepTaken(step.case_id, step.number, step.opened_at, step.step, step.at, step.body)


# ---- documents


def _count_documents(
    rows: Rows, since: datetime, until: datetime, titles: Mapping[str, str]
) -> list[DocumentTally]:
    return [
        DocumentTally(titles.get(each.source, each.source), each.kind, each.documents)
        for each in rows.reporting.count_documents(since, until)
    ]


def _check_reading(
    rows: Rows, since: datetime, steps: Sequence[StepEvent], until: datetime
) -> ReadingCheck:
    """Judge the reader by what people decided: the last decision on a case in this time holds."""
    decided: dict[int, bool] = {}
    for each in steps:
        if each.step in _CONFIRMED:
            decided[each.case_id] = True
        elif each.step is CaseStep.NOT_A_CLAIM:
            decided[each.case_id] = False
    before = rows.reporting.count_documents(since - FOUR_WEEKS, since)
    return ReadingCheck(
        confirmed=sum(decided.values()),
        not_claims=len(decided) - sum(decided.values()),
        reviewed=joins.list_reviewed(rows, since, until),
        claims_before=sum(each.documents for each in before if each.kind in CASE_KINDS),
        documents_before=sum(each.documents for each in before),
    )


# ---- referrals


def _find_returned(rows: Rows, steps: Sequence[StepEvent], until: datetime) -> joins.Returned:
    """Cases whose step of this time followed a referral, with the body they came back from."""
    since = min((each.at for each in steps), default=until)
    candidates = sorted({each.case_id for each in steps if each.step in _BACK})
    found: dict[int, joins.Body] = {}
    last: dict[int, StepEvent] = {}
    for each in rows.tallies.list_steps_of(candidates, until):
        earlier = last.get(each.case_id)
        if (
            earlier is not None
            and earlier.step is CaseStep.REFER
            and each.step in _BACK
            and each.at >= since
        ):
            found[each.case_id] = earlier.body
        last[each.case_id] = each
    return found


# ---- alerts


def _told(told: FirstTold) -> ToldCase:
    return ToldCase(
        told.case_id,
        told.number,
        told.published_at,
        told.precision,
        told.sent_at,
        _wait_of(told),
    )


def _wait_of(told: FirstTold) -> timedelta | None:
    if told.published_at is None or told.precision not in _EXACT:
        return None
    # What stood there before anybody watched tells of the backlog, not of the watch.
    if told.watched_since is None or told.published_at < told.watched_since:
        return None
    return max(told.sent_at - told.published_at, timedelta(0))


def _count_alerts(rows: Rows, since: datetime, until: datetime) -> list[Raised]:
    """What was raised or acknowledged in this time, as it stood at its end."""

    def by_then(at: datetime | None) -> datetime | None:
        return at if at is not None and at < until else None

    return [
        Raised(
            each.case_id,
            each.number,
            each.started_at,
            by_then(each.sent_at),
            by_then(each.acknowledged_at),
            is_called_off=by_then(each.acknowledged_at) is None
            and by_then(each.called_off_at) is not None,
            climbed=by_then(each.climbed_at) is not None,
        )
        for each in rows.reporting.list_ladders(since, until)
    ]


# ---- issues


def _titled(issue: Issue, titles: Mapping[str, str]) -> Issue:
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
