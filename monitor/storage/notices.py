"""Notices, what is held over night, who acknowledged through what, what was called off."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, insert, select
from sqlalchemy import text as sql

from monitor.domain import AlertReason, AlertState, CaseState, Contact, Through, UrgencyLevel
from monitor.duty_nouns import CallOff, Notice
from monitor.storage.duty_tables import (
    AcknowledgementRow,
    CallOffRow,
    HeldAlertRow,
    NoticeRow,
)
from monitor.storage.tables import OPEN_ALERT, AlertRow, CaseEventRow, CaseRow, DeliveryRow

_WAITING = (AlertState.DUE.value, AlertState.SENT.value)
_TO_BE_TOUCHED = (CaseState.NEW.value, CaseState.REOPENED.value, CaseState.ACCEPTED.value)


@dataclass(frozen=True, slots=True)
class SentMessage:
    """Where a message went, and the key of all its tries."""

    contact: Contact
    idempotency_key: str


class NoticeRepository:
    """The tables `notices`, `held_alerts`, `acknowledgements` and, to read, `call_offs`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- notices

    def add(self, notice: Notice, now: datetime) -> bool:
        """Keep the words of a notice; False when it has been raised before."""
        if self.find(notice.key) is not None:
            return False
        self._db.execute(
            insert(NoticeRow).values(
                key=notice.key,
                reason=notice.reason.value,
                title=notice.title,
                lines=[*notice.lines],
                path=notice.path,
                urgent=notice.urgent,
                made_at=now,
            )
        )
        return True

    def find(self, key: str) -> Notice | None:
        """Look a notice up by its ladder's key."""
        row = (
            self._db.execute(select(NoticeRow.__table__).where(NoticeRow.key == key))
            .mappings()
            .first()
        )
        if row is None:
            return None
        return Notice(
            key=row["key"],
            reason=AlertReason(row["reason"]),
            title=row["title"],
            lines=tuple(row["lines"]),
            path=row["path"],
            urgent=row["urgent"],
        )

    def count(self, reason: AlertReason) -> int:
        """How many notices were raised for a reason."""
        return (
            self._db.scalar(
                select(func.count()).select_from(NoticeRow).where(NoticeRow.reason == reason.value)
            )
            or 0
        )

    def count_since(self, reason: AlertReason, since: datetime) -> int:
        """How many notices were raised for a reason since an instant."""
        return (
            self._db.scalar(
                select(func.count())
                .select_from(NoticeRow)
                .where(NoticeRow.reason == reason.value, NoticeRow.made_at >= since)
            )
            or 0
        )

    def list_open_keys(self, reason: AlertReason) -> list[str]:
        """The ladders of a reason that nobody has acknowledged."""
        return [
            *self._db.scalars(
                select(AlertRow.ladder_key)
                .where(sql(OPEN_ALERT), AlertRow.reason == reason.value)
                .distinct()
            )
        ]

    def list_untouched(self, level: UrgencyLevel, since: datetime) -> list[int]:
        """The cases of a level that somebody has, and that no person has touched since.

        Left out: what still waits for an acknowledgement or for the end of the quiet hours, and
        what was reminded of since.
        """
        touched = exists().where(
            CaseEventRow.case_id == CaseRow.id,
            CaseEventRow.actor != "system",
            CaseEventRow.at > since,
        )
        waits = exists().where(
            AlertRow.case_id == CaseRow.id,
            AlertRow.state.in_(_WAITING)
            | (
                (AlertRow.reason == AlertReason.CASE_UNTOUCHED.value) & (AlertRow.raised_at > since)
            ),
        )
        held = exists().where(HeldAlertRow.case_id == CaseRow.id)
        return [
            *self._db.scalars(
                select(CaseRow.id)
                .where(
                    CaseRow.state.in_(_TO_BE_TOUCHED),
                    CaseRow.level == int(level),
                    CaseRow.opened_at <= since,
                    ~touched,
                    ~waits,
                    ~held,
                )
                .order_by(CaseRow.id)
            )
        ]

    # ---- held

    def hold(self, case_id: int, reason: AlertReason, release_at: datetime, now: datetime) -> None:
        """Keep an alert until the quiet hours end; a later change of the case takes its place."""
        self.drop_held(case_id)
        self._db.execute(
            insert(HeldAlertRow).values(
                case_id=case_id, reason=reason.value, held_at=now, release_at=release_at
            )
        )

    def drop_held(self, case_id: int) -> None:
        """Forget what was held, because it is told now or the matter is gone."""
        self._db.execute(delete(HeldAlertRow).where(HeldAlertRow.case_id == case_id))

    def list_held(self, until: datetime) -> list[tuple[int, AlertReason, datetime]]:
        """The cases whose alert is to be told by `until`, the reason, and since when it is due."""
        rows = self._db.execute(
            select(HeldAlertRow.case_id, HeldAlertRow.reason, HeldAlertRow.release_at)
            .where(HeldAlertRow.release_at <= until)
            .order_by(HeldAlertRow.release_at, HeldAlertRow.case_id)
        )
        return [(case_id, AlertReason(reason), release_at) for case_id, reason, release_at in rows]

    # ---- who acknowledged

    def record_acknowledgement(
        self,
        ladder_key: str,
        person: str,
        *,
        case_id: int | None,
        alert_id: int | None,
        through: Through,
        channel: str,
        now: datetime,
    ) -> None:
        """Write down one act: who, when, through what."""
        self._db.execute(
            insert(AcknowledgementRow).values(
                ladder_key=ladder_key,
                case_id=case_id,
                alert_id=alert_id,
                person=person,
                at=now,
                through=through.value,
                channel=channel,
            )
        )

    def list_acknowledgements(self, case_id: int) -> list[tuple[str, datetime, Through, str]]:
        """Who acknowledged a case's alerts, when, through what, on which channel; oldest first."""
        rows = self._db.execute(
            select(
                AcknowledgementRow.person,
                AcknowledgementRow.at,
                AcknowledgementRow.through,
                AcknowledgementRow.channel,
            )
            .where(AcknowledgementRow.case_id == case_id)
            .order_by(AcknowledgementRow.id)
        )
        return [(person, at, Through(through), channel) for person, at, through, channel in rows]

    def list_call_offs(self, case_id: int) -> dict[str, tuple[datetime, CallOff]]:
        """When and why each ladder of a case was called off, by its key."""
        rows = self._db.execute(
            select(CallOffRow.ladder_key, CallOffRow.at, CallOffRow.why).where(
                CallOffRow.case_id == case_id
            )
        )
        return {key: (at, CallOff(why)) for key, at, why in rows}

    def find_channel_of_code(self, alert_id: int, code: str) -> str:
        """Say on which channel a code was sent: each message of an alert carries its own."""
        found = self.find_message_of_code(alert_id, code)
        return found.contact.channel if found else ""

    def find_message_of_code(self, alert_id: int, code: str) -> SentMessage | None:
        """The message that carried a code; None when its words were cleared meanwhile."""
        rows = self._db.execute(
            select(
                DeliveryRow.channel,
                DeliveryRow.address,
                DeliveryRow.idempotency_key,
                DeliveryRow.card,
            ).where(DeliveryRow.alert_id == alert_id)
        )
        return next(
            (
                SentMessage(Contact(channel, address), key)
                for channel, address, key, card in rows
                if card["link"].endswith(f"/{code}")
            ),
            None,
        )
