"""Where the watch had gaps: from the documents that came, the issues, and what else is kept."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from monitor.reporting import joins
from monitor.reports.counts import SourceCount, Watched, WeekPoint
from monitor.reports.periods import Period
from monitor.reports.silence import (
    UNREAD_CODES,
    Stretch,
    cut,
    find_silences,
    join_stretches,
    longest_quiet,
    sum_hours,
)
from monitor.storage.repositories import Rows

if TYPE_CHECKING:
    from monitor.storage.tallied import ReadHour

_PACE = timedelta(days=28)
_LOOK_BACK = timedelta(days=14)
"""How far before a period a gap is looked for that may reach into it."""


@dataclass(frozen=True, slots=True)
class Watch:
    """The gaps inside a stretch, and how much of it was watched."""

    inside: Sequence[Stretch]
    watched: Watched


class HourLog:
    """In which hours anything was read, looked up once for all that is asked about it."""

    def __init__(self, rows: Rows, until: datetime) -> None:
        """Nothing is looked up yet.

        Args:
            rows: An open transaction.
            until: Nothing after this is asked about.
        """
        self._rows = rows
        self._until = until
        self._since = until
        self._hours: list[ReadHour] = []
        self._found: dict[tuple[datetime, datetime], Watch] = {}
        self.began = rows.reporting.find_watched_since()

    def load(self, since: datetime) -> None:
        """Look up everything that questions about a time from here on need."""
        since -= _PACE + _LOOK_BACK
        if since < self._since:
            self._hours = self._rows.tallies.list_read_hours(since, self._until)
            self._since = since

    def find_watch(self, since: datetime, until: datetime) -> Watch:
        """Find the gaps of the whole watch that touch [since, until).

        What is found depends on the four weeks before and on nothing else, so that a week is told
        the same alone and among many.
        """
        if (since, until) not in self._found:
            self.load(since)
            gaps = self._find_gaps(since - _LOOK_BACK, until)
            self._found[since, until] = watch_of(gaps, self.began, since, until)
        return self._found[since, until]

    def _find_gaps(self, since: datetime, until: datetime) -> list[Stretch]:
        """Stretches in which no source brought anything, too long to be chance."""
        if self.began is None:
            return []
        start = max(since - _PACE, self.began)
        low = bisect_left(self._hours, start, key=lambda each: each.last_at)
        high = bisect_left(self._hours, until, key=lambda each: each.first_at)
        read = self._hours[low:high]
        quiet = longest_quiet(sum(each.documents for each in read), _hours(start, until))
        if quiet is None:
            return []
        times = [(each.first_at, min(each.last_at, until)) for each in read]
        return cut(find_silences(times, start, until, quiet), since, until)


def watch_of(
    gaps: Sequence[Stretch], began: datetime | None, since: datetime, until: datetime
) -> Watch:
    """How much of a stretch was watched, by the gaps that are known."""
    if began is None or began >= until:
        return Watch([], Watched(0.0, round(_hours(since, until), 4), 0.0))
    inside = cut(gaps, since, until)
    touching = [each for each in gaps if each.starts_at < until and each.ends_at >= since]
    before = max(0.0, _hours(since, began))
    missing = sum_hours(inside) + before
    return Watch(
        inside,
        Watched(
            round(_hours(since, until) - missing, 4),
            round(missing, 4),
            round(sum_hours(touching) + before, 4),
        ),
    )


def _hours(since: datetime, until: datetime) -> float:
    return (until - since) / timedelta(hours=1)


# ---- sources


def count_sources(
    rows: Rows,
    since: datetime,
    until: datetime,
    titles: Mapping[str, str],
    silences: Sequence[Stretch],
) -> list[SourceCount]:
    """Every source that is watched now or brought something then, in the order of the names."""
    fetched: dict[str, list[datetime]] = {}
    for source, at in rows.tallies.list_fetched(since, until):
        fetched.setdefault(source, []).append(at)
    issues = rows.reporting.list_issues(since, until)
    found_gaps = joins.list_source_gaps(rows, since, until)
    before = {
        each.source: each.documents
        for each in rows.reporting.count_documents_by_source(since - _PACE, since)
    }
    watched_since = rows.reporting.find_watched_sources()
    found = []
    for name in sorted({*titles, *fetched}):
        start = max(since, watched_since.get(name, since))
        unread = [
            Stretch(each.opened_at, each.closed_at or until)
            for each in issues
            if each.subject == name and each.code in UNREAD_CODES
        ]
        quiet = longest_quiet(before.get(name, 0), _PACE / timedelta(hours=1))
        is_known = quiet is not None and quiet * 4 < until - since
        times = fetched.get(name, [])
        if is_known and quiet is not None:
            unread += find_silences([(at, at) for at in times], start, until, quiet)
        unread += [*found_gaps.get(name, ()), *silences]
        found.append(
            SourceCount(
                titles.get(name, name),
                len(times),
                max(0.0, _hours(start, until)),
                join_stretches(cut(unread, start, until)),
                is_known=is_known,
            )
        )
    return found


# ---- weeks


def list_week_points(rows: Rows, log: HourLog, weeks: Sequence[Period]) -> list[WeekPoint]:
    """The course of whole weeks, oldest first: what came, what was struck off, the gaps."""
    if not weeks:
        return []
    since, until = weeks[0].starts_at, weeks[-1].ends_at
    log.load(since)
    opened = Counter(_week_number(at, since) for at in rows.tallies.list_opened_at(since, until))
    closed = Counter(_week_number(at, since) for at in rows.tallies.list_closed_at(since, until))
    return [_point(week, log, opened[number], closed[number]) for number, week in enumerate(weeks)]


def _point(week: Period, log: HourLog, opened: int, closed: int) -> WeekPoint:
    watched = log.find_watch(week.starts_at, week.ends_at).watched
    return WeekPoint(
        week.name, week.starts_at, opened, closed, watched.hours, round(watched.touching_hours, 1)
    )


def _week_number(at: datetime, since: datetime) -> int:
    return (at - since) // timedelta(days=7)
