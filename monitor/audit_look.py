"""One look at the whole watch: what is past its time, who is silent, what is well. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.continuity import DUTY, SENDING, SOURCE
from alerts.escalation import find_next_due_at
from alerts.roster import on_duty
from monitor.domain import DutyRole, Person, Shift
from monitor.pipeline import DutyPolicy
from monitor.roster_book import read_roster_around
from monitor.storage.repositories import Rows

CODES = ("W701", "W702", "W703", "W704", "W705")
"""Past its step, stuck, held too long, a silent role, nobody on duty."""

UNREADABLE = "W706"
"""The database does not answer."""

_ROLE_WORDS = {"collect": "采集", "work": "处理和发送", "desk": "值班台", "browser": "浏览器采集"}
_TOLD_ORDER = (DutyRole.LEADER, DutyRole.BUREAU_LEADER, DutyRole.OFFICER, DutyRole.BACKUP)


@dataclass(frozen=True, slots=True)
class AuditPolicy:
    """What the auditor allows.

    `grace` is how long past its time a step may be, and a message unsent. `silent_after` is the
    longest time without a success for each role. `tell_again` is how often what is still so is told
    again. `sources` are the names that continuity is kept for, each with the longest time between
    two readings.
    """

    grace: timedelta = timedelta(seconds=60)
    stuck_after: timedelta = timedelta(minutes=3)
    silent_after: Mapping[str, timedelta] = field(default_factory=dict)
    tell_again: timedelta = timedelta(minutes=30)
    sources: Mapping[str, timedelta] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the watch. `key` stays while it lasts."""

    key: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Round:
    """What one look saw; `told` says when each finding that is still so was last told."""

    findings: Sequence[Finding]
    people: Sequence[Person]
    good: Mapping[str, bool]
    told: Mapping[str, datetime] = field(default_factory=dict)


def look(rows: Rows, duty: DutyPolicy, policy: AuditPolicy, now: datetime) -> Round:
    """Look at everything once; changes nothing.

    Returns:
        What is wrong, whom to tell of it (whoever can mend it first), and for each subject of
        continuity whether it is well at this instant.
    """
    shifts = read_roster_around(rows, duty.rules, now)
    people = {each.username: each for each in rows.users.list_all() if not each.disabled}
    findings = [
        *_past_their_step(rows, duty, policy, now),
        *_stuck(rows, policy, now),
        *_held_too_long(rows, policy, now),
        *_silent(rows, policy, now),
        *_nobody_there(shifts, people, now),
    ]
    codes = {each.code for each in findings}
    late = {each.key for each in findings}
    health = {each.name: each for each in rows.sources.list_health()}
    good = {
        DUTY: "W705" not in codes,
        SENDING: not codes & {"W701", "W702"} and "silent:work" not in late,
    }
    for name, longest in policy.sources.items():
        known = health.get(name)
        read_at = known.last_success_at if known else None
        good[f"{SOURCE}{name}"] = read_at is not None and now - read_at <= longest
    told = {each.key: each.told_at for each in rows.watch.list_open() if each.told_at}
    return Round(findings, _whom_to_tell(shifts, people, duty, now), good, told)


def _past_their_step(
    rows: Rows, duty: DutyPolicy, policy: AuditPolicy, now: datetime
) -> list[Finding]:
    late = []
    ladders = rows.alerts.list_open_ladders()
    failed = rows.alerts.list_failed_steps([each.alert_id for one in ladders for each in one])
    for ladder in ladders:
        steps = {each.new.step for each in ladder}
        alive = {each.new.step for each in ladder if each.alert_id not in failed}
        first = ladder[0].new
        if first.case_id is None and rows.notices.find(first.ladder_key) is None:
            continue  # a test message has no ladder to climb
        due_at = find_next_due_at(
            ladder,
            repeat_every=duty.repeat_of(first.reason),
            failed_steps=steps - alive,
        )
        if due_at is not None and due_at + policy.grace < now:
            late.append((due_at, first.ladder_key))
    if not late:
        return []
    late.sort()
    minutes = int((now - late[0][0]).total_seconds() // 60)
    return [
        Finding("past-step", "W701", f"{len(late)} 条提醒到时没有升级，最久的已过 {minutes} 分钟")
    ]


def _stuck(rows: Rows, policy: AuditPolicy, now: datetime) -> list[Finding]:
    waiting = rows.watch.count_stuck(now - policy.stuck_after)
    if not waiting:
        return []
    return [Finding("stuck", "W702", f"{waiting} 条消息一直没有发出去")]


def _held_too_long(rows: Rows, policy: AuditPolicy, now: datetime) -> list[Finding]:
    late = rows.notices.list_held(now - policy.grace)
    if not late:
        return []
    return [Finding("held", "W703", f"{len(late)} 条夜间暂缓的提醒到时没有发出")]


def _silent(rows: Rows, policy: AuditPolicy, now: datetime) -> list[Finding]:
    newest: dict[str, datetime] = {}
    for beat in rows.operations.list_heartbeats():
        at = beat.last_success_at
        if at is not None and at > newest.get(beat.role, datetime.min.replace(tzinfo=at.tzinfo)):
            newest[beat.role] = at
    findings = []
    for role, allowed in policy.silent_after.items():
        seen_at = newest.get(role)
        if seen_at is None or now - seen_at > allowed:
            said = "从未成功过" if seen_at is None else f"已 {_minutes(now - seen_at)}没有成功"
            name = _ROLE_WORDS.get(role, role)
            findings.append(Finding(f"silent:{role}", "W704", f"{name}（{role}）{said}"))
    return findings


def _minutes(span: timedelta) -> str:
    return f"{int(span.total_seconds() // 60)} 分钟"


def _nobody_there(
    shifts: Sequence[Shift], people: Mapping[str, Person], now: datetime
) -> list[Finding]:
    person = people.get(on_duty(shifts, DutyRole.OFFICER, now) or "")
    if person is None:
        return [Finding("nobody", "W705", "值班员此刻无人在岗，或账号已停用")]
    if not person.contacts:
        return [Finding("nobody", "W705", f"值班员 {person.display_name} 没有任何渠道")]
    return []


def _whom_to_tell(
    shifts: Sequence[Shift], people: Mapping[str, Person], duty: DutyPolicy, now: datetime
) -> list[Person]:
    names = [on_duty(shifts, role, now) for role in _TOLD_ORDER]
    names.insert(1, duty.fallback_person)
    return [people[name] for name in dict.fromkeys(names) if name and name in people]
