"""All alerts: what each is about, how far it climbed, who was told, since when it waits."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.escalation import find_next_due_at
from alerts.ladder import COPY
from monitor.domain import (
    Alert,
    AlertReason,
    AlertState,
    Case,
    DutyRole,
    Person,
    Through,
    UrgencyLevel,
)
from monitor.duty_nouns import CallOff, Notice
from monitor.storage.alert_lists import AlertQuery, MessageState
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

RepeatOf = Callable[[AlertReason], timedelta]
"""How often the last step of a ladder is told again."""

PAGE_SIZE = 50
LISTED_STATES = (AlertState.SENT, AlertState.ACKNOWLEDGED, AlertState.CALLED_OFF)
"""What a ladder can have come to: SENT stands for "waits for somebody"."""

NOBODYS_WORK = (AlertReason.CANARY, AlertReason.TEST)
_OPEN = frozenset({AlertState.DUE, AlertState.SENT})


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """What the page asks for; None and empty mean no restriction. `page` counts from 1."""

    state: AlertState | None = AlertState.SENT
    level: UrgencyLevel | None = None
    reason: AlertReason | None = None
    person: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Told:
    """One person who was told at a step; `person_name` is None where the roster had a gap."""

    person_name: str | None
    duty: DutyRole
    step: int
    at: datetime
    messages: Sequence[MessageState]


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One ladder. `step` counts from 1 and is the highest that was told, of `steps`.

    `since` is when its matter was first told. `next_at` is when somebody further is told, None once
    it has ended. `case` is None for a notice; a test message has neither. `told` is newest first
    and holds the copies last; their step is 0.
    """

    key: str
    reason: AlertReason
    level: UrgencyLevel
    state: AlertState
    case: Case | None
    notice: Notice | None
    step: int
    steps: int
    since: datetime
    next_at: datetime | None
    told: Sequence[Told]
    acknowledged: tuple[str, datetime, Through | None] | None
    called_off: tuple[datetime, CallOff] | None


@dataclass(frozen=True, slots=True)
class AlertList:
    """One page. `waiting` counts the ladders that wait, of all that the filter wants otherwise."""

    lines: Sequence[AlertLine]
    waiting: int
    page: int
    has_more: bool
    people: Sequence[Person]


class AlertBoard:
    """Reads the list of alerts; safe to call from several threads."""

    def __init__(self, storage: Storage, repeat_of: RepeatOf) -> None:
        """Keep the collaborators; nothing is opened until something is asked."""
        self._storage = storage
        self._repeat_of = repeat_of

    def list_alerts(self, wanted: AlertFilter) -> AlertList:
        """List one page: what waits by urgency and age, everything else newest first."""
        query = AlertQuery(wanted.state, wanted.level, wanted.reason, wanted.person, NOBODYS_WORK)
        offset = (wanted.page - 1) * PAGE_SIZE
        with self._storage.look() as rows:
            waits = wanted.state is AlertState.SENT
            find = rows.alert_lists.list_waiting if waits else rows.alert_lists.list_newest
            keys = find(query, offset=offset, limit=PAGE_SIZE + 1)
            people = rows.users.list_all()
            names = {each.username: each.display_name for each in people} | {"system": "系统"}
            return AlertList(
                lines=self._view(rows, keys[:PAGE_SIZE], names),
                waiting=rows.alert_lists.count_waiting(query),
                page=wanted.page,
                has_more=len(keys) > PAGE_SIZE,
                people=people,
            )

    def _view(
        self, rows: Rows, keys: Sequence[str], names: Mapping[str, str]
    ) -> Sequence[AlertLine]:
        ladders = rows.alert_lists.get_ladders(keys)
        every = [alert for ladder in ladders.values() for alert in ladder]
        case_ids = sorted({a.new.case_id for a in every if a.new.case_id is not None})
        cases = {case.case_id: case for case in rows.cases.get_many(case_ids)}
        messages = rows.alert_lists.get_messages([alert.alert_id for alert in every])
        notices = rows.alert_lists.get_notices(keys)
        call_offs = rows.alert_lists.get_call_offs(keys)
        ids = [alert.alert_id for alert in every if alert.state in _OPEN]
        failed = rows.alerts.list_failed_steps(ids)
        return [
            _view_ladder(
                key,
                ladder,
                matter=(cases.get(ladder[0].new.case_id or 0), notices.get(key)),
                next_at=self._find_next(ladder, failed),
                told=[_view_told(each, messages, names) for each in _in_order(ladder)],
                names=names,
                called_off=call_offs.get(key),
            )
            for key, ladder in ladders.items()
        ]

    def _find_next(self, ladder: Sequence[Alert], failed: set[int]) -> datetime | None:
        steps = {each.new.step for each in ladder}
        alive = {each.new.step for each in ladder if each.alert_id not in failed}
        if not ladder[0].new.ladder:
            return None  # a test message climbs nowhere
        return find_next_due_at(
            ladder, repeat_every=self._repeat_of(ladder[0].new.reason), failed_steps=steps - alive
        )


def _view_ladder(
    key: str,
    ladder: Sequence[Alert],
    *,
    matter: tuple[Case | None, Notice | None],
    next_at: datetime | None,
    told: Sequence[Told],
    names: Mapping[str, str],
    called_off: tuple[datetime, CallOff] | None,
) -> AlertLine:
    first = ladder[0]
    by = next((a for a in ladder if a.acknowledged_at and a.acknowledged_by), None)
    return AlertLine(
        key=key,
        reason=first.new.reason,
        level=first.new.level,
        state=_state_of(ladder),
        case=matter[0],
        notice=matter[1],
        step=max(0, *(each.new.step for each in ladder)) + 1,
        steps=max(1, len(first.new.ladder)),
        since=min(each.ladder_started_at for each in ladder),
        next_at=next_at,
        told=told,
        acknowledged=(
            (names.get(by.acknowledged_by, by.acknowledged_by), by.acknowledged_at, by.through)
            if by and by.acknowledged_by and by.acknowledged_at
            else None
        ),
        called_off=called_off,
    )


def _state_of(ladder: Sequence[Alert]) -> AlertState:
    states = {each.state for each in ladder}
    if states & _OPEN:
        return AlertState.SENT
    if AlertState.ACKNOWLEDGED in states:
        return AlertState.ACKNOWLEDGED
    return AlertState.CALLED_OFF


def _in_order(ladder: Sequence[Alert]) -> list[Alert]:
    """Newest first, the copies last."""
    return sorted(ladder, key=lambda each: (each.new.step == COPY, -each.alert_id))


def _view_told(
    alert: Alert, messages: Mapping[int, Sequence[MessageState]], names: Mapping[str, str]
) -> Told:
    person = alert.new.person
    return Told(
        person_name=None if person is None else names.get(person, person),
        duty=alert.new.duty,
        step=alert.new.step + 1,
        at=alert.new.raised_at,
        messages=messages.get(alert.alert_id, ()),
    )
