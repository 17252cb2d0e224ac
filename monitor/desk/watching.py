"""How the watch itself is: sources, duty."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from alerts.roster import find_gaps, find_shift
from alerts.settling import RosterRules
from monitor.desk.watch_views import (
    DutyLine,
    DutyView,
    FaultPage,
    GapView,
    SourceHealthView,
    SourceState,
)
from monitor.domain import DutyRole, Issue, Shift, Source, SourceHealth
from monitor.roster_book import read_roster_around
from monitor.storage.repositories import Rows
from spiders.expectations import QUIET

_LOOK_AHEAD = timedelta(days=7)
_LOOK_BACK = timedelta(days=7)
_WORST_FIRST = (
    SourceState.FAILING,
    SourceState.QUIET,
    SourceState.STARTING,
    SourceState.WELL,
    SourceState.OFF,
)


def view_sources(
    rows: Rows, sources: Mapping[str, Source], now: datetime
) -> Sequence[SourceHealthView]:
    """Every source that is set up, those in trouble first."""
    health = {each.name: each for each in rows.sources.list_health()}
    issues: dict[str, list[Issue]] = {}
    for issue in rows.operations.list_open_issues():
        issues.setdefault(issue.subject, []).append(issue)
    pages: dict[str, dict[str, FaultPage]] = {}
    for page in rows.visits.list_pages():
        shown = FaultPage(page.seen_at, page.address, page.status, page.outline)
        pages.setdefault(page.subject, {})[page.code] = shown
    gaps: dict[str, list[GapView]] = {}
    for gap in rows.visits.list_gaps(now - _LOOK_BACK):
        until = gap.until if gap.until is not None and gap.until > gap.since else None
        gaps.setdefault(gap.source, []).append(GapView(gap.since, until, gap.found_at))
    views = []
    for name, source in sources.items():
        known = health.get(name) or SourceHealth(name, None, None, None, now, 0, 0)
        found = issues.get(name, [])
        state = _judge(source, known, found)
        views.append(
            SourceHealthView(source, known, state, found, pages.get(name, {}), gaps.get(name, []))
        )
    return sorted(views, key=lambda view: (_WORST_FIRST.index(view.state), view.source.name))


def _judge(source: Source, health: SourceHealth, issues: Sequence[Issue]) -> SourceState:
    if not source.enabled:
        return SourceState.OFF
    if health.consecutive_failures > 0:
        return SourceState.FAILING
    if health.last_success_at is None:
        return SourceState.STARTING
    if any(issue.code == QUIET for issue in issues):
        return SourceState.QUIET
    return SourceState.WELL


def view_duty(rows: Rows, rules: RosterRules, now: datetime) -> DutyView:
    """Who has which duty now, who follows, and the gaps of the coming week."""
    shifts = read_roster_around(rows, rules, now, _LOOK_AHEAD)
    names = {each.username: each.display_name for each in rows.users.list_all()}
    return DutyView(
        on_duty=[_line(duty, find_shift(shifts, duty, now), names) for duty in DutyRole],
        following=[
            _line(duty, _following(shifts, duty, now), names)
            for duty in DutyRole
            if not _lasts(find_shift(shifts, duty, now), now + _LOOK_AHEAD)
        ],
        gaps=find_gaps(shifts, tuple(DutyRole), now, now + _LOOK_AHEAD),
    )


def _lasts(shift: Shift | None, until: datetime) -> bool:
    """Nobody needs to follow yet."""
    return shift is not None and shift.ends_at >= until


def _following(shifts: Sequence[Shift], duty: DutyRole, now: datetime) -> Shift | None:
    later = [each for each in shifts if each.duty is duty and each.starts_at > now]
    return min(later, key=lambda each: each.starts_at, default=None)


def _line(duty: DutyRole, shift: Shift | None, names: Mapping[str, str]) -> DutyLine:
    if shift is None:
        return DutyLine(duty, None, None, None)
    name = names.get(shift.person, shift.person)
    return DutyLine(duty, name, shift.starts_at, shift.ends_at)
