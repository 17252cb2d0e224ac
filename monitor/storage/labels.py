"""What reviewers said of documents, and what waits for a word of theirs.

`LabelRepository.add` is the one way in: whatever learns from labels reads `list_since`, or takes
this function's place.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, insert, select

from monitor.storage.documents import CANARY_SOURCE, Stage
from monitor.storage.ledger_tables import LabelRow
from monitor.storage.tables import AssessmentRow, CaseDocumentRow, CaseRow, DocumentRow

_LOOKED_AT = 2_000
"""Of how many of the newest assessments the queue is made."""


@dataclass(frozen=True, slots=True)
class Label:
    """One document's label: does it say that somebody is owed pay?"""

    document_id: int
    is_claim: bool
    by: str
    at: datetime
    model: str
    score: float


@dataclass(frozen=True, slots=True)
class ToReview:
    """A document whose reading waits for a reviewer's word; in a list without its words.

    `disagrees`: an officer decided otherwise than the reader. `drawn`: asked about by lot, so that
    what the reader said must not be shown beside it.
    """

    document_id: int
    title: str
    text: str
    kind: str
    score: float
    model: str
    case_id: int | None
    disagrees: bool
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model said of a document, and what a reviewer did."""

    document_id: int
    kind: str
    score: float
    is_claim: bool


class LabelRepository:
    """The table `labels`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def add(self, label: Label) -> None:
        """Keep what a reviewer said; a later word on the same document holds."""
        self._db.execute(
            insert(LabelRow).values(
                document_id=label.document_id,
                is_claim=label.is_claim,
                by=label.by,
                at=label.at,
                model=label.model,
                score=label.score,
            )
        )

    def list_since(self, label_id: int, limit: int = 1000) -> list[tuple[int, Label]]:
        """Labels after a number, oldest first, for whatever learns from them."""
        rows = self._db.execute(
            select(LabelRow.__table__)
            .where(LabelRow.id > label_id)
            .order_by(LabelRow.id)
            .limit(limit)
        ).mappings()
        return [
            (
                row["id"],
                Label(
                    row["document_id"],
                    row["is_claim"],
                    row["by"],
                    row["at"],
                    row["model"],
                    row["score"],
                ),
            )
            for row in rows
        ]

    def count(self) -> int:
        """How many labels there are."""
        return self._db.scalar(select(func.count()).select_from(LabelRow)) or 0

    def list_waiting(self) -> list[ToReview]:
        """Of the newest readings those without a label, newest first, and without their words."""
        newest = (
            select(AssessmentRow.id).order_by(AssessmentRow.id.desc()).limit(_LOOKED_AT).subquery()
        )
        # Not NOT IN, for which PostgreSQL walks over all documents first.
        has_label = exists().where(LabelRow.document_id == DocumentRow.id)
        rows = self._db.execute(
            _select_waiting()
            .where(
                AssessmentRow.id.in_(select(newest.c.id)),
                ~has_label,
                DocumentRow.stage != Stage.FORGOTTEN,
                DocumentRow.source != CANARY_SOURCE,
            )
            .order_by(AssessmentRow.id.desc())
        )
        return [_load_waiting(row) for row in rows]

    def find_waiting(self, document_id: int) -> ToReview | None:
        """One document with its newest reading and its words; None when it has none any more."""
        row = self._db.execute(
            _select_waiting()
            .add_columns(DocumentRow.title, DocumentRow.text)
            .where(DocumentRow.id == document_id, DocumentRow.stage != Stage.FORGOTTEN)
            .order_by(AssessmentRow.id.desc())
            .limit(1)
        ).first()
        return None if row is None else replace(_load_waiting(row), title=row[6], text=row[7])

    def list_answered(self, model: str) -> list[Answered]:
        """What reviewers said of the documents that one model read, each with its newest word."""
        newest = select(func.max(LabelRow.id)).group_by(LabelRow.document_id)
        rows = self._db.execute(
            select(LabelRow.document_id, AssessmentRow.kind, AssessmentRow.score, LabelRow.is_claim)
            .join(
                AssessmentRow,
                (AssessmentRow.document_id == LabelRow.document_id)
                & (AssessmentRow.model == LabelRow.model),
            )
            .where(LabelRow.id.in_(newest), LabelRow.model == model)
            .order_by(LabelRow.document_id)
        )
        return [Answered(*row) for row in rows]


def _select_waiting() -> Any:
    return (
        select(
            DocumentRow.id,
            AssessmentRow.kind,
            AssessmentRow.score,
            AssessmentRow.model,
            CaseDocumentRow.case_id,
            CaseRow.state,
        )
        .join(AssessmentRow, AssessmentRow.document_id == DocumentRow.id)
        .outerjoin(CaseDocumentRow, CaseDocumentRow.document_id == DocumentRow.id)
        .outerjoin(CaseRow, CaseRow.id == CaseDocumentRow.case_id)
    )


def _load_waiting(row: Any) -> ToReview:
    document_id, kind, score, model, case_id, state = row[:6]
    return ToReview(
        document_id,
        "",
        "",
        kind,
        score,
        model,
        case_id,
        disagrees=state == "not_a_claim" and kind == "claim",
    )
