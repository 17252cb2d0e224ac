"""The step of `work` that calls a person when a source has been unwell for longer than it may be.

An open issue that outlived its allowance gets a ladder of alerts, like a case: whoever is on duty
is told, then the next, until somebody acknowledges or the issue is closed.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from alerts.escalation import next_alerts
from alerts.fault_wording import FaultStory, word_fault
from alerts.ladder import climb, people_of
from monitor.domain import (
    Alert,
    AlertReason,
    AlertState,
    Issue,
    NewAlert,
    Person,
    Shift,
    Source,
    UrgencyLevel,
)
from monitor.pipeline import ROSTER_AROUND, DutyPolicy, Turn, UnitOfWork
from monitor.storage.alerts import AcknowledgementCode
from monitor.storage.repositories import Rows
from spiders.faults import FAULTS, allowance_of

FAULTS_LEASE = "faults"
_PREFIX = "fault-"
_LEVEL = UrgencyLevel.RAISED


@dataclass(frozen=True, slots=True)
class Duty:
    """Who can be told at one instant, and how."""

    policy: DutyPolicy
    shifts: Sequence[Shift]
    people: Mapping[str, Person]
    now: datetime


def alert_faults(
    work: UnitOfWork, sources: Iterable[Source], policy: DutyPolicy, turn: Turn
) -> int:
    """Raise what is due, climb ladders that nobody acknowledged, call off what is over.

    Returns:
        How many alerts were raised.
    """
    by_name = {source.name: source for source in sources}
    with work() as rows:
        if not rows.operations.take_lease(FAULTS_LEASE, turn.holder, turn.now, turn.lease):
            return 0
        issues = {ladder_key(each): each for each in rows.operations.list_open_issues()}
        ladders = {
            ladder[0].new.ladder_key: ladder
            for ladder in rows.alerts.list_open_ladders()
            if ladder[0].new.ladder_key.startswith(_PREFIX)
        }
        overdue = [key for key, issue in issues.items() if is_overdue(issue, by_name, turn.now)]
        fresh = set(overdue) - rows.watch.list_known_ladders(overdue)
        for key in ladders.keys() - issues.keys():
            rows.alerts.call_off_ladder(key)
        open_ladders = {key: ladders[key] for key in ladders.keys() & issues.keys()}
        if not fresh and not open_ladders:
            return 0
        duty = Duty(
            policy,
            rows.duty.list_between(turn.now - ROSTER_AROUND, turn.now + ROSTER_AROUND),
            {person.username: person for person in rows.users.list_all()},
            turn.now,
        )
        raised = 0
        for key in sorted(fresh):
            for new in first_alerts(key, duty):
                _tell(rows, new, turn.now, _story(issues[key], by_name), duty)
                raised += 1
        for key, ladder in sorted(open_ladders.items()):
            started = ladder[0].ladder_started_at
            for new in _further_alerts(rows, ladder, duty):
                _tell(rows, new, started, _story(issues[key], by_name), duty)
                raised += 1
        return raised


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


def first_alerts(key: str, duty: Duty) -> list[NewAlert]:
    """Decide who is told first; where the roster has a gap the next step is told at once."""
    ladder = duty.policy.ladders[_LEVEL]
    people = people_of(ladder, duty.shifts, duty.now, duty.policy.fallback_person)
    steps = climb(ladder, above=-1, at_once=True, elapsed=duty.now - duty.now, people=people)
    return [
        NewAlert(
            case_id=None,
            ladder_key=key,
            reason=AlertReason.SOURCE_FAULT,
            step=step,
            person=people[step],
            duty=ladder[step].duty,
            ladder=ladder,
            raised_at=duty.now,
            level=_LEVEL,
        )
        for step in steps
    ]


def _further_alerts(rows: Rows, ladder: Sequence[Alert], duty: Duty) -> list[NewAlert]:
    failed = rows.alerts.list_failed_steps([each.alert_id for each in ladder])
    steps = {each.new.step for each in ladder}
    alive = {each.new.step for each in ladder if each.alert_id not in failed}
    return next_alerts(
        ladder,
        duty.shifts,
        duty.now,
        repeat_every=duty.policy.repeat_every,
        failed_steps=steps - alive,
        fallback=duty.policy.fallback_person,
    )


def _story(issue: Issue, sources: Mapping[str, Source]) -> FaultStory:
    return FaultStory(
        code=issue.code,
        name=FAULTS[issue.code].name,
        source_title=sources[issue.subject].title,
        message=issue.message,
        since=issue.opened_at,
    )


def _tell(
    rows: Rows, new: NewAlert, ladder_started_at: datetime, story: FaultStory, duty: Duty
) -> None:
    """Write one alert, and one message for each channel of its person."""
    alert_id = rows.alerts.add(new, ladder_started_at, AlertState.DUE)
    person = duty.people.get(new.person or "")
    if person is None or person.disabled:
        return  # the alert is kept, so that the gap shows and the ladder stays open
    wanted = new.ladder[new.step].channels
    for contact in person.contacts:
        if wanted and contact.channel not in wanted:
            continue
        code = secrets.token_urlsafe(18)
        expires_at = duty.now + duty.policy.code_valid_for
        rows.alerts.add_code(AcknowledgementCode(code, alert_id, person.username, expires_at, None))
        card = word_fault(
            story,
            new,
            desk_url=duty.policy.desk_url,
            ack_code=code,
            now=duty.now,
            shown_person_name=person.display_name,
        )
        rows.alerts.add_delivery(
            alert_id=alert_id,
            person=person.username,
            contact=contact,
            card=card,
            idempotency_key=f"alert-{alert_id}-{secrets.token_hex(6)}",
            due_at=duty.now,
        )
