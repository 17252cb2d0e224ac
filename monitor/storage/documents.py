"""Documents, their revisions, and what the model said of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import fields
from enum import IntEnum

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    bindparam,
    exists,
    func,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import aliased

from monitor.domain import Assessment, Document, StoredDocument
from monitor.storage.mapping import dump_facts, load_assessment, load_document
from monitor.storage.tables import FORGOTTEN_STAGE, WAITING_DOCUMENT, AssessmentRow, DocumentRow

CANARY_SOURCE = "canary"
"""The source of the messages that we write to ourselves; no file may have this name."""


class Stage(IntEnum):
    """What is still to do with a document."""

    ASSESS = 0
    DECIDE = 1
    DONE = 2
    FORGOTTEN = FORGOTTEN_STAGE
    SET_ASIDE = 9


_FIELDS = tuple(each.name for each in fields(Document) if each.name != "masked")

# Built once, because they are run for every batch (see `monitor.storage.cases`).
_ADD = insert(DocumentRow)
_REVISIONS = (
    select(DocumentRow.source, DocumentRow.key, DocumentRow.revision, DocumentRow.text_hash)
    .where(tuple_(DocumentRow.source, DocumentRow.key).in_(bindparam("places", expanding=True)))
    .order_by(DocumentRow.revision)
)


def _hash(document: Document) -> str:
    return hashlib.sha256(f"{document.title}\x00{document.text}".encode()).hexdigest()


def is_newest_reading() -> ColumnElement[bool]:
    """Join a document with what the model said of it last, if anything.

    The documents' numbers are compared, so that a database which knows nothing of its tables yet
    (PostgreSQL after a restore) cannot choose to look at every pair of rows.
    """
    newer = aliased(AssessmentRow)
    return and_(
        AssessmentRow.document_id == DocumentRow.id,
        ~exists().where(newer.document_id == DocumentRow.id, newer.id > AssessmentRow.id),
    )


NO_HASH = "forgotten"
"""Stands for the hash of a text that was forgotten: a hash would tell whether one guessed it."""


class DocumentRepository:
    """The tables `documents` and `assessments`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def add_new_or_revised(self, documents: Sequence[Document]) -> int:
        """Store those whose key is new or whose words changed; return how many."""
        return sum(self.add_many(documents))

    def add_many(self, documents: Sequence[Document]) -> list[bool]:
        """Store those whose key is new or whose words changed, in one statement.

        Args:
            documents: Of any sources; the same key may come twice, the later one being newer.

        Returns:
            For each in order, whether it was stored.
        """
        if not documents:
            return []
        newest = self._newest_revisions([(each.source, each.key) for each in documents])
        rows: list[dict[str, object]] = []
        stored: list[bool] = []
        for document in documents:
            place = (document.source, document.key)
            text_hash = _hash(document)
            revision, known_hash = newest.get(place, (0, ""))
            # What was forgotten stays forgotten, whatever its page says now.
            stored.append(known_hash not in {text_hash, NO_HASH})
            if stored[-1]:
                newest[place] = (revision + 1, text_hash)
                rows.append(
                    {name: getattr(document, name) for name in _FIELDS}
                    | {
                        "masked": dict(document.masked),
                        "text_hash": text_hash,
                        "revision": revision + 1,
                        "stage": Stage.ASSESS,
                    }
                )
        if rows:
            self._db.execute(_ADD, rows)
        return stored

    def _newest_revisions(
        self, places: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], tuple[int, str]]:
        newest: dict[tuple[str, str], tuple[int, str]] = {}
        for start in range(0, len(places), 500):  # SQLite takes 32,766 parameters at the most
            rows = self._db.execute(_REVISIONS, {"places": places[start : start + 500]})
            newest |= {(source, key): (revision, hashed) for source, key, revision, hashed in rows}
        return newest

    def list_in_stage(self, stage: Stage, limit: int) -> list[StoredDocument]:
        """The oldest documents that wait for this stage."""
        rows = self._db.execute(
            select(DocumentRow.__table__)
            .where(sql(WAITING_DOCUMENT), DocumentRow.stage == stage)
            .order_by(DocumentRow.id)
            .limit(limit)
        ).mappings()
        return [load_document(row) for row in rows]

    def list_assessed(self, limit: int) -> list[tuple[StoredDocument, Assessment]]:
        """The oldest documents that wait for a decision, with their newest assessment.

        Canaries are left out: no case may ever be made of one (`monitor.canary`).
        """
        rows = self._db.execute(
            select(DocumentRow.__table__)
            .where(
                sql(WAITING_DOCUMENT),
                DocumentRow.stage == Stage.DECIDE,
                DocumentRow.source != CANARY_SOURCE,
            )
            .order_by(DocumentRow.id)
            .limit(limit)
        ).mappings()
        documents = [load_document(row) for row in rows]
        assessments = self.find_assessments([each.document_id for each in documents])
        return [(each, assessments[each.document_id]) for each in documents]

    def find_assessments(self, document_ids: Sequence[int]) -> dict[int, Assessment]:
        """The newest assessment of each document."""
        found: dict[int, Assessment] = {}
        for start in range(0, len(document_ids), 500):
            rows = self._db.execute(
                select(AssessmentRow.__table__)
                .where(AssessmentRow.document_id.in_(document_ids[start : start + 500]))
                .order_by(AssessmentRow.id)
            ).mappings()
            found |= {row["document_id"]: load_assessment(row) for row in rows}
        return found

    def add_assessments(self, assessments: Sequence[Assessment]) -> None:
        """Store assessments."""
        if not assessments:
            return
        self._db.execute(
            insert(AssessmentRow),
            [
                {
                    "document_id": each.document_id,
                    "model": each.reading.model,
                    "kind": each.reading.kind.value,
                    "score": each.reading.score,
                    "sentiment": each.reading.sentiment.value,
                    "facts": dump_facts(each.reading.facts),
                    "why": [[evidence.text, evidence.weight] for evidence in each.reading.why],
                    "level": int(each.urgency.level),
                    "points": each.urgency.points,
                    "reasons": [*each.urgency.reasons],
                    "assessed_at": each.assessed_at,
                }
                for each in assessments
            ],
        )

    def move_to_stage(self, document_ids: Sequence[int], stage: Stage) -> None:
        """Say what is to be done next with these documents."""
        for start in range(0, len(document_ids), 500):
            self._db.execute(
                update(DocumentRow)
                .where(DocumentRow.id.in_(document_ids[start : start + 500]))
                .values(stage=stage)
            )

    def count_by_kind(self) -> dict[str, int]:
        """Documents by the kind of their assessment, and `unassessed`."""
        counts: dict[str, int] = {
            row.kind: row.documents
            for row in self._db.execute(
                select(AssessmentRow.kind, func.count().label("documents")).group_by(
                    AssessmentRow.kind
                )
            )
        }
        waiting = self._db.scalar(
            select(func.count())
            .select_from(DocumentRow)
            .where(sql(WAITING_DOCUMENT), DocumentRow.stage == Stage.ASSESS)
        )
        return counts | {"unassessed": waiting or 0}

    def count_waiting(self) -> int:
        """How many documents wait for an assessment or a decision."""
        return (
            self._db.scalar(
                select(func.count()).select_from(DocumentRow).where(sql(WAITING_DOCUMENT))
            )
            or 0
        )

    def has_waiting(self) -> bool:
        """Say whether any document waits for an assessment or a decision."""
        return (
            self._db.scalar(select(DocumentRow.id).where(sql(WAITING_DOCUMENT)).limit(1))
            is not None
        )

    def find_reading(self, document_id: int) -> tuple[str, float] | None:
        """The model and the score of a document's newest assessment; None when there is none."""
        row = self._db.execute(
            select(AssessmentRow.model, AssessmentRow.score)
            .where(AssessmentRow.document_id == document_id)
            .order_by(AssessmentRow.id.desc())
            .limit(1)
        ).first()
        return None if row is None else (row[0], row[1])
