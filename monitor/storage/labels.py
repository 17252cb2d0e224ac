"""What reviewers said of documents, and what waits for a word of theirs.

`LabelRepository.add` is the one way in: whatever learns from labels reads `list_since`, or takes
this function's place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

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
    """A document whose reading is worth a second look, and why."""

    document_id: int
    title: str
    text: str
    kind: str
    score: float
    model: str
    case_id: int | None
    disagrees: bool


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

    def list_to_review(self, threshold: float, limit: int) -> list[ToReview]:
        """Of the newest readings those without a label that are least certain.

        First where an officer decided otherwise than the reader, then by nearness to the threshold.
        """
        newest = (
            select(AssessmentRow.id).order_by(AssessmentRow.id.desc()).limit(_LOOKED_AT).subquery()
        )
        rows = self._db.execute(
            select(
                DocumentRow.id,
                DocumentRow.title,
                DocumentRow.text,
                AssessmentRow.kind,
                AssessmentRow.score,
                AssessmentRow.model,
                CaseDocumentRow.case_id,
                CaseRow.state,
            )
            .join(AssessmentRow, AssessmentRow.document_id == DocumentRow.id)
            .outerjoin(CaseDocumentRow, CaseDocumentRow.document_id == DocumentRow.id)
            .outerjoin(CaseRow, CaseRow.id == CaseDocumentRow.case_id)
            .where(
                AssessmentRow.id.in_(select(newest.c.id)),
                DocumentRow.id.not_in(select(LabelRow.document_id)),
            )
            .order_by(func.abs(AssessmentRow.score - threshold), DocumentRow.id)
            .limit(limit * 4)
        ).mappings()
        found = [
            ToReview(
                row["id"],
                row["title"],
                row["text"],
                row["kind"],
                row["score"],
                row["model"],
                row["case_id"],
                disagrees=row["state"] == "not_a_claim" and row["kind"] == "claim",
            )
            for row in rows
        ]
        return _first_who_disagree(found)[:limit]


def _first_who_disagree(found: Sequence[ToReview]) -> list[ToReview]:
    return sorted(found, key=lambda each: not each.disagrees)
