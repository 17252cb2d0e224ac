"""The step of `work` that calls a person when a source has been unwell for longer than it may be.

An open issue that outlived its allowance becomes a notice with a ladder, like a case: whoever is on
duty is told, then the next, until somebody acknowledges or the issue is closed. Climbing the ladder
is `pipeline.escalate_alerts`, as for everything else.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import blake2b

from alerts.fault_wording import FaultStory, announce_fault
from monitor.domain import Issue, Source, UrgencyLevel
from monitor.duty_nouns import CallOff
from monitor.pipeline import DutyPolicy, Raiser, Turn, UnitOfWork
from monitor.roster_book import read_roster_around
from spiders.faults import FAULTS, allowance_of

FAULTS_LEASE = "faults"
_PREFIX = "fault-"


def alert_faults(
    work: UnitOfWork, sources: Iterable[Source], policy: DutyPolicy, turn: Turn
) -> int:
    """Raise what has outlived its allowance, and call off what is over.

    Returns:
        How many faults somebody was called for.
    """
    by_name = {source.name: source for source in sources}
    with work() as rows:
        if not rows.operations.take_lease(FAULTS_LEASE, turn.holder, turn.now, turn.lease):
            return 0
        issues = {ladder_key(each): each for each in rows.operations.list_open_issues()}
        for ladder in rows.alerts.list_open_ladders():
            key = ladder[0].new.ladder_key
            if key.startswith(_PREFIX) and key not in issues:
                rows.alerts.call_off_ladder(key, CallOff.OVER, turn.now)
        overdue = [key for key, issue in issues.items() if is_overdue(issue, by_name, turn.now)]
        notices = [
            notice
            for key in sorted(overdue)
            if rows.notices.add(
                notice := announce_fault(key, _story(issues[key], by_name), turn.now), turn.now
            )
        ]
        if not notices:
            return 0
        shifts = read_roster_around(rows, policy.rules, turn.now)
        people = {person.username: person for person in rows.users.list_all()}
        raiser = Raiser(rows, policy, shifts, people, turn.now)
        steps = policy.ladders[UrgencyLevel.RAISED]
        for notice in notices:
            raiser.raise_ladder(notice, notice.reason, notice.key, steps)
        return len(notices)


def is_overdue(issue: Issue, sources: Mapping[str, Source], now: datetime) -> bool:
    """Tell whether an issue is a source's fault that has outlived its allowance."""
    source = sources.get(issue.subject)
    if source is None or not source.enabled:
        return False
    allowance = allowance_of(issue.code, source)
    return allowance is not None and now - issue.opened_at >= allowance


def ladder_key(issue: Issue) -> str:
    """Name the ladder of an issue: the same fault that opens again later is another one."""
    told = f"{issue.code}|{issue.subject}|{issue.opened_at.isoformat()}"
    return f"{_PREFIX}{blake2b(told.encode(), digest_size=12).hexdigest()}"


def _story(issue: Issue, sources: Mapping[str, Source]) -> FaultStory:
    return FaultStory(
        code=issue.code,
        name=FAULTS[issue.code].name,
        source_title=sources[issue.subject].title,
        message=issue.message,
        since=issue.opened_at,
    )
