"""Alerts as a list: a line a ladder, so that a matter stands there once, however far it climbed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, exists, func, select
from sqlalchemy import text as sql
from sqlalchemy.orm import aliased

from monitor.domain import Alert, AlertReason, AlertState, DeliveryState, UrgencyLevel
from monitor.duty_nouns import CallOff, Notice
from monitor.storage.duty_tables import CallOffRow, NoticeRow
from monitor.storage.mapping import load_alert
from monitor.storage.tables import CALLED_OFF_ALERT, OPEN_ALERT, AlertRow, DeliveryRow


@dataclass(frozen=True, slots=True)
class AlertQuery:
    """Which ladders are listed; None and empty mean no restriction.

    `state` is what the ladder came to: SENT stands for "waits for somebody". `person` was told on
    it, at any step. `left_out` are reasons that are nobody's work (the canary, test messages); they
    do not hold when `reason` is given.
    """

    state: AlertState | None = None
    level: UrgencyLevel | None = None
    reason: AlertReason | None = None
    person: str = ""
    left_out: tuple[AlertReason, ...] = ()


@dataclass(frozen=True, slots=True)
class MessageState:
    """One message of an alert; never its address or its words."""

    channel: str
    state: DeliveryState
    tries: int


class AlertListRepository:
    """The tables `alerts`, `deliveries`, `notices` and `call_offs`, for reading."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def count_waiting(self, query: AlertQuery) -> int:
        """How many ladders wait for somebody, of those that the query wants."""
        count = select(func.count(AlertRow.ladder_key.distinct()))
        return self._db.scalar(count.where(sql(OPEN_ALERT), *_wanted(query))) or 0

    def list_waiting(self, query: AlertQuery, *, offset: int, limit: int) -> list[str]:
        """The keys of the ladders that wait: the most urgent first, then the longest waiting."""
        return [
            *self._db.scalars(
                select(AlertRow.ladder_key)
                .where(sql(OPEN_ALERT), *_wanted(query))
                .group_by(AlertRow.ladder_key)
                .order_by(
                    func.max(AlertRow.level).desc(),
                    func.min(AlertRow.ladder_started_at),
                    AlertRow.ladder_key,
                )
                .offset(offset)
                .limit(limit)
            )
        ]

    def list_newest(self, query: AlertQuery, *, offset: int, limit: int) -> list[str]:
        """The keys of the ladders, newest first, whatever became of them.

        Of one person's ladders the one that was told to them last comes first; of those that were
        called off the one that was told last. Both are found from their own rows: among all
        alerts of years they may be few, and far back.
        """
        if query.person:
            keys = _told(query)
        elif query.state is AlertState.CALLED_OFF:
            keys = _called_off(query)
        else:
            keys = _every(query)
        return [*self._db.scalars(keys.offset(offset).limit(limit))]

    def get_ladders(self, keys: Sequence[str]) -> dict[str, list[Alert]]:
        """Everything raised under these keys, oldest first."""
        ladders: dict[str, list[Alert]] = {key: [] for key in keys}
        rows = self._db.execute(
            select(AlertRow.__table__).where(AlertRow.ladder_key.in_(keys)).order_by(AlertRow.id)
        ).mappings()
        for row in rows:
            ladders[row["ladder_key"]].append(load_alert(row))
        return ladders

    def get_messages(self, alert_ids: Sequence[int]) -> dict[int, list[MessageState]]:
        """The messages of these alerts, by alert."""
        messages: dict[int, list[MessageState]] = {}
        for alert_id, channel, state, tries in self._db.execute(
            select(DeliveryRow.alert_id, DeliveryRow.channel, DeliveryRow.state, DeliveryRow.tries)
            .where(DeliveryRow.alert_id.in_(alert_ids))
            .order_by(DeliveryRow.id)
        ):
            line = MessageState(channel, DeliveryState(state), tries)
            messages.setdefault(alert_id, []).append(line)
        return messages

    def get_notices(self, keys: Sequence[str]) -> dict[str, Notice]:
        """The words of the alerts that belong to no case, by key."""
        rows = self._db.execute(
            select(NoticeRow.__table__).where(NoticeRow.key.in_(keys))
        ).mappings()
        return {
            row["key"]: Notice(
                key=row["key"],
                reason=AlertReason(row["reason"]),
                title=row["title"],
                lines=tuple(row["lines"]),
                path=row["path"],
                urgent=row["urgent"],
            )
            for row in rows
        }

    def get_call_offs(self, keys: Sequence[str]) -> dict[str, tuple[datetime, CallOff]]:
        """When and why ladders were called off, by key."""
        rows = self._db.execute(
            select(CallOffRow.ladder_key, CallOffRow.at, CallOffRow.why).where(
                CallOffRow.ladder_key.in_(keys)
            )
        )
        return {key: (at, CallOff(why)) for key, at, why in rows}


def _wanted(query: AlertQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.level is not None:
        wanted.append(AlertRow.level == int(query.level))
    if query.reason is not None:
        wanted.append(AlertRow.reason == query.reason.value)
    elif query.left_out:
        wanted.append(AlertRow.reason.not_in([each.value for each in query.left_out]))
    if query.person:
        told = aliased(AlertRow)
        wanted.append(
            exists().where(told.ladder_key == AlertRow.ladder_key, told.person == query.person)
        )
    return wanted


def _every(query: AlertQuery) -> Select[str]:
    earlier = aliased(AlertRow)
    is_first = ~exists().where(earlier.ladder_key == AlertRow.ladder_key, earlier.id < AlertRow.id)
    return (
        select(AlertRow.ladder_key)
        .where(is_first, *_wanted(query), *_in_state(query))
        .order_by(AlertRow.id.desc())
    )


def _told(query: AlertQuery) -> Select[str]:
    of_person = [AlertRow.person == query.person, *_wanted(replace(query, person=""))]
    return (
        select(AlertRow.ladder_key)
        .where(*of_person, *_in_state(query))
        .group_by(AlertRow.ladder_key)
        .order_by(func.max(AlertRow.id).desc())
    )


def _called_off(query: AlertQuery) -> Select[str]:
    return (
        select(AlertRow.ladder_key)
        .where(sql(CALLED_OFF_ALERT), *_wanted(query))
        .group_by(AlertRow.ladder_key)
        .order_by(func.max(AlertRow.id).desc())
    )


def _in_state(query: AlertQuery) -> list[ColumnElement[bool]]:
    if query.state is None:
        return []
    other = aliased(AlertRow)
    return [
        exists().where(other.ladder_key == AlertRow.ladder_key, other.state == query.state.value)
    ]
