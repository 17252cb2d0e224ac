"""Canaries: where each is on its way, and the removal of what it left behind."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, select, update

from monitor.domain import AlertState, Assessment, StoredDocument
from monitor.storage.documents import CANARY_SOURCE, DocumentRepository, Stage
from monitor.storage.mapping import load_document
from monitor.storage.tables import (
    AcknowledgementCodeRow,
    AlertRow,
    DeliveryAttemptRow,
    DeliveryRow,
    DocumentRow,
)
from monitor.storage.upserts import upsert
from monitor.storage.watch_tables import CanaryRow, VisitRow

__all__ = ["CANARY_SOURCE", "LOST", "Canary", "CanaryRepository"]

LOST = "C501"
"""The issue that a canary has not returned."""


@dataclass(frozen=True, slots=True)
class Canary:
    """One canary message; None where it has not come so far."""

    key: str
    written_at: datetime
    stored_at: datetime | None = None
    alert_id: int | None = None
    alerted_at: datetime | None = None
    returned_at: datetime | None = None


class CanaryRepository:
    """The table `canaries`, and the canaries' rows in others."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def list_assessed(self) -> list[tuple[StoredDocument, Assessment]]:
        """The canaries that wait for a decision, with their assessments."""
        rows = self._db.execute(
            select(DocumentRow.__table__).where(
                DocumentRow.source == CANARY_SOURCE, DocumentRow.stage == Stage.DECIDE
            )
        ).mappings()
        documents = [load_document(row) for row in rows]
        found = DocumentRepository(self._db).find_assessments([d.document_id for d in documents])
        return [(each, found[each.document_id]) for each in documents]

    def keep(self, canary: Canary) -> None:
        """Remember where a canary is."""
        row = {
            "key": canary.key,
            "written_at": canary.written_at,
            "stored_at": canary.stored_at,
            "alert_id": canary.alert_id,
            "alerted_at": canary.alerted_at,
            "returned_at": canary.returned_at,
        }
        upsert(self._db, CanaryRow, [row], keys=("key",))

    def list_sent(self) -> list[Canary]:
        """The canaries whose message a channel has taken, and that have not returned yet."""
        rows = self._db.execute(
            select(CanaryRow.__table__)
            .join(AlertRow, AlertRow.id == CanaryRow.alert_id)
            .where(CanaryRow.returned_at.is_(None), AlertRow.state == AlertState.SENT.value)
        ).mappings()
        return [_load(row) for row in rows]

    def bring_back(self, canary: Canary, now: datetime) -> None:
        """Write down that a canary has returned, and remove what it left in other tables."""
        self._db.execute(
            update(CanaryRow).where(CanaryRow.key == canary.key).values(returned_at=now)
        )
        self.remove(canary)

    def list_lost(self, before: datetime) -> list[Canary]:
        """The canaries of before an instant that an alert was raised for, and that did not return.

        Those whose alert was removed already are not in the answer.
        """
        rows = self._db.execute(
            select(CanaryRow.__table__).where(
                CanaryRow.returned_at.is_(None),
                CanaryRow.alert_id.is_not(None),
                CanaryRow.written_at < before,
            )
        ).mappings()
        return [_load(row) for row in rows]

    def remove(self, canary: Canary) -> None:
        """Remove what a canary left in documents, alerts and the outbox."""
        self._db.execute(update(CanaryRow).where(CanaryRow.key == canary.key).values(alert_id=None))
        deliveries = select(DeliveryRow.id).where(DeliveryRow.alert_id == canary.alert_id)
        self._db.execute(
            delete(DeliveryAttemptRow).where(DeliveryAttemptRow.delivery_id.in_(deliveries))
        )
        for table in (DeliveryRow, AcknowledgementCodeRow):
            self._db.execute(delete(table).where(table.alert_id == canary.alert_id))
        self._db.execute(delete(AlertRow).where(AlertRow.id == canary.alert_id))
        self._db.execute(
            delete(DocumentRow).where(
                DocumentRow.source == CANARY_SOURCE, DocumentRow.item_key == f"a{canary.key}"
            )
        )
        # Else its page, read again for edits, would be a new document and fly once more.
        self._db.execute(
            delete(VisitRow).where(
                VisitRow.source == CANARY_SOURCE, VisitRow.key == f"a{canary.key}"
            )
        )

    def find_newest_return(self) -> Canary | None:
        """The newest canary that has returned; None when none ever did."""
        row = (
            self._db.execute(
                select(CanaryRow.__table__)
                .where(CanaryRow.returned_at.is_not(None))
                .order_by(CanaryRow.written_at.desc())
                .limit(1)
            )
            .mappings()
            .first()
        )
        return None if row is None else _load(row)

    def describe_lost(self, since: datetime) -> str:
        """Say how far the canaries have come that were written after an instant."""
        raised = select(CanaryRow.key).where(CanaryRow.alerted_at > since).limit(1)
        if self._db.scalar(raised) is not None:
            return "自检消息的提醒没有送达测试渠道"
        stored = self._db.scalar(
            select(DocumentRow.stage)
            .where(DocumentRow.source == CANARY_SOURCE, DocumentRow.fetched_at > since)
            .order_by(DocumentRow.id.desc())
            .limit(1)
        )
        if stored is None:
            return "自检消息没有被采集到（采集或值班台停了？）"
        if stored in {Stage.ASSESS, Stage.DECIDE}:
            return "自检消息已入库，没有被研判"
        return "自检消息已研判，没有被认作欠薪"

    def forget(self, before: datetime) -> None:
        """Remove what is remembered of older canaries."""
        self._db.execute(delete(CanaryRow).where(CanaryRow.written_at < before))

    def drop_documents(self, before: datetime) -> None:
        """Remove documents of canaries that came no further."""
        self._db.execute(
            delete(DocumentRow).where(
                DocumentRow.source == CANARY_SOURCE, DocumentRow.fetched_at < before
            )
        )


def _load(row: RowMapping) -> Canary:
    return Canary(
        key=row["key"],
        written_at=row["written_at"],
        stored_at=row["stored_at"],
        alert_id=row["alert_id"],
        alerted_at=row["alerted_at"],
        returned_at=row["returned_at"],
    )
