"""Alerts, their ladders and the codes by which they are acknowledged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, select, update
from sqlalchemy import text as sql

from monitor.domain import (
    Alert,
    AlertCard,
    AlertState,
    Contact,
    Delivery,
    DeliveryState,
    NewAlert,
    Through,
)
from monitor.duty_nouns import CallOff
from monitor.storage.duty_tables import CallOffRow
from monitor.storage.mapping import dump_card, dump_ladder, load_alert, load_card
from monitor.storage.tables import OPEN_ALERT, AcknowledgementCodeRow, AlertRow, DeliveryRow

# Built once, because they are run for every alert (see `monitor.storage.cases`).
_ADD = insert(AlertRow).returning(AlertRow.id)
_ADD_DELIVERY = insert(DeliveryRow)
_ADD_CODE = insert(AcknowledgementCodeRow)
_OF_CASE = (
    select(AlertRow.__table__).where(AlertRow.case_id == bindparam("case_id")).order_by(AlertRow.id)
)


@dataclass(frozen=True, slots=True)
class AcknowledgementCode:
    """A code of an alert's link: whose it is and until when it works."""

    code: str
    alert_id: int
    person: str
    expires_at: datetime
    used_at: datetime | None


class AlertRepository:
    """The tables `alerts`, `acknowledgement_codes` and, for reading, `deliveries`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def add(self, new: NewAlert, ladder_started_at: datetime, state: AlertState) -> int:
        """Write an alert; return its number."""
        return self._db.execute(
            _ADD,
            {
                "case_id": new.case_id,
                "ladder_key": new.ladder_key,
                "reason": new.reason.value,
                "step": new.step,
                "duty": new.duty.value,
                "person": new.person,
                "level": int(new.level),
                "ladder": dump_ladder(new.ladder),
                "state": state.value,
                "raised_at": new.raised_at,
                "ladder_started_at": ladder_started_at,
            },
        ).scalar_one()

    def add_delivery(
        self,
        *,
        alert_id: int,
        person: str,
        contact: Contact,
        card: AlertCard,
        idempotency_key: str,
        due_at: datetime,
    ) -> None:
        """Put one message into the outbox."""
        self._db.execute(
            _ADD_DELIVERY,
            {
                "alert_id": alert_id,
                "person": person,
                "channel": contact.channel,
                "address": contact.address,
                "card": dump_card(card),
                "idempotency_key": idempotency_key,
                "state": DeliveryState.DUE.value,
                "due_at": due_at,
                "tries": 0,
                "lane": int(card.lane),
            },
        )

    def add_code(self, code: AcknowledgementCode) -> None:
        """Keep a code that a link carries."""
        self._db.execute(
            _ADD_CODE,
            {
                "code": code.code,
                "alert_id": code.alert_id,
                "person": code.person,
                "expires_at": code.expires_at,
            },
        )

    def find_code(self, code: str) -> AcknowledgementCode | None:
        """Look a link's code up."""
        row = (
            self._db.execute(
                select(AcknowledgementCodeRow.__table__).where(AcknowledgementCodeRow.code == code)
            )
            .mappings()
            .first()
        )
        return None if row is None else AcknowledgementCode(**row)

    def use_code(self, code: str, now: datetime) -> bool:
        """Use a code up; True for exactly one caller."""
        used = self._db.execute(
            update(AcknowledgementCodeRow)
            .where(
                AcknowledgementCodeRow.code == code,
                AcknowledgementCodeRow.used_at.is_(None),
                AcknowledgementCodeRow.expires_at > now,
            )
            .values(used_at=now)
        )
        return used.rowcount == 1

    def find(self, alert_id: int) -> Alert | None:
        """Look an alert up."""
        row = (
            self._db.execute(select(AlertRow.__table__).where(AlertRow.id == alert_id))
            .mappings()
            .first()
        )
        return None if row is None else load_alert(row)

    def list_of_case(self, case_id: int) -> list[Alert]:
        """Every alert of a case, oldest first."""
        rows = self._db.execute(_OF_CASE, {"case_id": case_id}).mappings()
        return [load_alert(row) for row in rows]

    def has_ladder(self, ladder_key: str) -> bool:
        """Say whether anything was ever raised under this key."""
        return (
            self._db.scalar(select(AlertRow.id).where(AlertRow.ladder_key == ladder_key).limit(1))
            is not None
        )

    def has_open(self) -> bool:
        """Say whether any alert waits for an acknowledgement."""
        return self._db.scalar(select(AlertRow.id).where(sql(OPEN_ALERT)).limit(1)) is not None

    def list_open_ladders(self) -> list[list[Alert]]:
        """Every ladder with an alert that nobody acknowledged, with all that was raised on it."""
        keys = select(AlertRow.ladder_key).where(sql(OPEN_ALERT)).distinct()
        rows = self._db.execute(
            select(AlertRow.__table__)
            .where(AlertRow.ladder_key.in_(keys))
            .order_by(AlertRow.ladder_key, AlertRow.id)
        ).mappings()
        ladders: dict[str, list[Alert]] = {}
        for row in rows:
            ladders.setdefault(row["ladder_key"], []).append(load_alert(row))
        return [*ladders.values()]

    def list_failed_steps(self, alert_ids: Sequence[int]) -> set[int]:
        """Which of these alerts have had every delivery fail for good (or have none at all)."""
        alive: set[int] = set()
        for start in range(0, len(alert_ids), 500):
            alive |= set(
                self._db.scalars(
                    select(DeliveryRow.alert_id)
                    .where(
                        DeliveryRow.alert_id.in_(alert_ids[start : start + 500]),
                        DeliveryRow.state.in_((DeliveryState.DUE.value, DeliveryState.SENT.value)),
                    )
                    .distinct()
                )
            )
        return set(alert_ids) - alive

    def acknowledge_ladder(
        self, ladder_key: str, person: str, through: Through, now: datetime
    ) -> int:
        """Acknowledge every open alert of a ladder and call off what waits; return how many."""
        acknowledged = self._acknowledge(AlertRow.ladder_key == ladder_key, person, through, now)
        self._call_off_deliveries(ladder_key)
        return acknowledged

    def acknowledge_alert_only(
        self, alert_id: int, person: str, through: Through, now: datetime
    ) -> int:
        """Acknowledge one alert and leave its messages to the sender, who asks before each send."""
        return self._acknowledge(AlertRow.id == alert_id, person, through, now)

    def _acknowledge(
        self, which: ColumnElement[bool], person: str, through: Through, now: datetime
    ) -> int:
        acknowledged = self._db.execute(
            update(AlertRow)
            .where(which, sql(OPEN_ALERT))
            .values(
                state=AlertState.ACKNOWLEDGED.value,
                acknowledged_at=now,
                acknowledged_by=person,
                through=through.value,
            )
        )
        return acknowledged.rowcount

    def call_off_ladder(self, ladder_key: str, why: CallOff, now: datetime) -> int:
        """Call off what waits, because the matter itself is gone; return how many alerts.

        When and why is kept, once a ladder.
        """
        case_ids = self._db.scalars(
            update(AlertRow)
            .where(AlertRow.ladder_key == ladder_key, sql(OPEN_ALERT))
            .values(state=AlertState.CALLED_OFF.value)
            .returning(AlertRow.case_id)
        ).all()
        self._call_off_deliveries(ladder_key)
        if case_ids:
            self._db.execute(
                insert(CallOffRow).values(
                    ladder_key=ladder_key, case_id=case_ids[0], at=now, why=why.value
                )
            )
        return len(case_ids)

    def call_off_case(self, case_id: int, why: CallOff, now: datetime) -> int:
        """Call off all that waits about a case that was merged or put down; how many alerts.

        For the caller who changes the case, in the same transaction: what is being sent at this
        moment may still go out, and nothing after it.
        """
        keys = self._db.scalars(
            select(AlertRow.ladder_key)
            .where(AlertRow.case_id == case_id, sql(OPEN_ALERT))
            .distinct()
        ).all()
        return sum(self.call_off_ladder(key, why, now) for key in keys)

    def _call_off_deliveries(self, ladder_key: str) -> None:
        alert_ids = select(AlertRow.id).where(AlertRow.ladder_key == ladder_key)
        self._db.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.alert_id.in_(alert_ids),
                DeliveryRow.state == DeliveryState.DUE.value,
            )
            .values(state=DeliveryState.CALLED_OFF.value)
        )

    def list_deliveries(self, alert_ids: Sequence[int]) -> list[Delivery]:
        """Every message of these alerts, oldest first."""
        rows = self._db.execute(
            select(DeliveryRow.__table__)
            .where(DeliveryRow.alert_id.in_(alert_ids))
            .order_by(DeliveryRow.id)
        ).mappings()
        return [
            Delivery(
                delivery_id=row["id"],
                alert_id=row["alert_id"],
                person=row["person"],
                contact=Contact(row["channel"], row["address"]),
                card=load_card(row["card"]),
                idempotency_key=row["idempotency_key"],
                state=DeliveryState(row["state"]),
                due_at=row["sent_at"] or row["due_at"],
                tries=row["tries"],
            )
            for row in rows
        ]

    def count_by_state(self) -> dict[AlertState, int]:
        """Alerts by state."""
        rows = self._db.execute(select(AlertRow.state, func.count()).group_by(AlertRow.state))
        return {AlertState(state): count for state, count in rows}

    def count_deliveries_by_state(self) -> dict[DeliveryState, int]:
        """Messages by state."""
        rows = self._db.execute(select(DeliveryRow.state, func.count()).group_by(DeliveryRow.state))
        return {DeliveryState(state): count for state, count in rows}
