"""Trained readers, promotions, and the documents that a reader is judged by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from monitor.domain import DocumentKind
from monitor.storage.documents import CANARY_SOURCE, Stage, is_newest_reading
from monitor.storage.ledger_tables import LabelRow
from monitor.storage.reader_tables import (
    PromotionRow,
    ReaderDriftRow,
    ReaderReferenceRow,
    ReaderRow,
)
from monitor.storage.tables import AssessmentRow, DocumentRow
from monitor.storage.upserts import upsert

_PAGE = 1_000

_OfReader = type[ReaderReferenceRow] | type[ReaderDriftRow]
"""A table of one content a reader."""


@dataclass(frozen=True, slots=True)
class KeptReader:
    """A candidate without its arrays; `judgement` holds figures and numbers of documents."""

    version: str
    made_at: datetime
    card: dict[str, Any]
    judgement: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Promotion:
    """Who let which reader work from when on, and why; `undoes` is the line that it takes back."""

    promotion_id: int
    version: str
    at: datetime
    by: str
    reason: str
    undoes: int | None


@dataclass(frozen=True, slots=True)
class ReadText:
    """A stored text that still has its words, and what was said of it when it came.

    `is_claim` is a reviewer's newest word, None where none was asked for.
    """

    document_id: int
    source: str
    item_key: str
    title: str
    text: str
    published_at: datetime | None
    fetched_at: datetime
    kind: DocumentKind | None
    score: float | None
    model: str | None
    is_claim: bool | None = None


class ReaderRepository:
    """The tables `readers`, `promotions`, `reader_references` and `reader_drifts`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- readers

    def keep(self, reader: KeptReader, arrays: bytes) -> None:
        """Keep a candidate; trained again from the same labels it takes its own place."""
        row = {
            "version": reader.version,
            "made_at": reader.made_at,
            "card": reader.card,
            "arrays": arrays,
            "judgement": reader.judgement,
        }
        upsert(self._db, ReaderRow, [row], keys=["version"])

    def list_kept(self) -> list[KeptReader]:
        """Every candidate, oldest first."""
        columns = (ReaderRow.version, ReaderRow.made_at, ReaderRow.card, ReaderRow.judgement)
        rows = self._db.execute(select(*columns).order_by(ReaderRow.made_at, ReaderRow.version))
        return [KeptReader(*row) for row in rows]

    def find(self, version: str) -> KeptReader | None:
        """One candidate; None when there is none of that version."""
        columns = (ReaderRow.version, ReaderRow.made_at, ReaderRow.card, ReaderRow.judgement)
        row = self._db.execute(select(*columns).where(ReaderRow.version == version)).first()
        return None if row is None else KeptReader(*row)

    def find_arrays(self, version: str) -> bytes | None:
        """The file of its arrays."""
        return self._db.scalar(select(ReaderRow.arrays).where(ReaderRow.version == version))

    def drop_old(self, most: int) -> int:
        """Delete candidates that never worked, all but the newest `most`; return how many."""
        promoted = select(PromotionRow.version)
        old = self._db.scalars(
            select(ReaderRow.version)
            .where(ReaderRow.version.not_in(promoted))
            .order_by(ReaderRow.made_at.desc(), ReaderRow.version)
            .offset(most)
        ).all()
        for row in (ReaderRow, ReaderReferenceRow, ReaderDriftRow):
            self._db.execute(delete(row).where(row.version.in_(old)))
        return len(old)

    # ---- promotions

    def add_promotion(
        self, version: str, by: str, reason: str, now: datetime, *, undoes: int | None = None
    ) -> None:
        """Write down which reader works from now on."""
        self._db.execute(
            insert(PromotionRow).values(
                version=version, at=now, by=by, reason=reason, undoes=undoes
            )
        )

    def list_promotions(self) -> list[Promotion]:
        """Every promotion and every taking back, oldest first."""
        rows = self._db.execute(select(PromotionRow.__table__).order_by(PromotionRow.id)).mappings()
        return [
            Promotion(row["id"], row["version"], row["at"], row["by"], row["reason"], row["undoes"])
            for row in rows
        ]

    def find_newest_promotion(self) -> int:
        """The number of the newest line; 0 without any."""
        return self._db.scalar(select(func.max(PromotionRow.id))) or 0

    # ---- references, and what was found

    def find_reference(self, version: str) -> dict[str, Any] | None:
        """What a reader's scores and words were like at first; None while nothing was kept."""
        return self._find_content(ReaderReferenceRow, version)

    def keep_reference(self, version: str, content: dict[str, Any], now: datetime) -> None:
        """Keep it, in the place of an earlier one."""
        self._keep_content(ReaderReferenceRow, version, content, now)

    def find_drift(self, version: str) -> dict[str, Any] | None:
        """How far a reader had moved when that was last looked at; None while nobody has looked."""
        return self._find_content(ReaderDriftRow, version)

    def keep_drift(self, version: str, content: dict[str, Any], now: datetime) -> None:
        """Keep it, in the place of what was found before."""
        self._keep_content(ReaderDriftRow, version, content, now)

    def _find_content(self, table: _OfReader, version: str) -> dict[str, Any] | None:
        return self._db.scalar(select(table.content).where(table.version == version))

    def _keep_content(
        self, table: _OfReader, version: str, content: dict[str, Any], now: datetime
    ) -> None:
        row = {"version": version, "made_at": now, "content": content}
        upsert(self._db, table, [row], keys=["version"])

    # ---- documents

    def walk_texts(self, since: datetime) -> Iterator[ReadText]:
        """The texts fetched since then that still have their words, oldest first."""
        # By the index of times: from the first number on a million older ones would be read.
        first = self._db.scalar(
            select(func.min(DocumentRow.id)).where(DocumentRow.fetched_at >= since)
        )
        if first is None:
            return
        last = first - 1
        while True:
            rows = self._db.execute(
                select(*_COLUMNS)
                .select_from(DocumentRow)
                .outerjoin(AssessmentRow, is_newest_reading())
                .where(
                    DocumentRow.id > last,
                    DocumentRow.fetched_at >= since,
                    DocumentRow.stage != Stage.FORGOTTEN,
                    DocumentRow.source != CANARY_SOURCE,
                )
                .order_by(DocumentRow.id)
                .limit(_PAGE)
            ).all()
            yield from (_load(row) for row in rows)
            if len(rows) < _PAGE:
                return
            last = rows[-1][0]

    def find_texts(self, document_ids: Sequence[int]) -> dict[int, ReadText]:
        """Those of these documents that still have their words, by number."""
        found: dict[int, ReadText] = {}
        for start in range(0, len(document_ids), _PAGE // 2):
            rows = self._db.execute(
                select(*_COLUMNS)
                .select_from(DocumentRow)
                .outerjoin(AssessmentRow, is_newest_reading())
                .where(
                    DocumentRow.id.in_(document_ids[start : start + _PAGE // 2]),
                    DocumentRow.stage != Stage.FORGOTTEN,
                )
            ).all()
            found |= {row[0]: _load(row) for row in rows}
        return found

    def list_labelled(self) -> tuple[list[ReadText], int]:
        """Every labelled text with the newest word on it, oldest first; and how many have no words.

        What retention has taken cannot be learned from any more.
        """
        newest = select(func.max(LabelRow.id)).group_by(LabelRow.document_id)
        said = {
            row.document_id: row.is_claim
            for row in self._db.execute(
                select(LabelRow.document_id, LabelRow.is_claim).where(LabelRow.id.in_(newest))
            )
        }
        texts = self.find_texts(sorted(said))
        labelled = [replace(texts[each], is_claim=said[each]) for each in sorted(texts)]
        return labelled, len(said) - len(labelled)


_COLUMNS = (
    DocumentRow.id,
    DocumentRow.source,
    DocumentRow.item_key,
    DocumentRow.title,
    DocumentRow.text,
    DocumentRow.published_at,
    DocumentRow.fetched_at,
    AssessmentRow.kind,
    AssessmentRow.score,
    AssessmentRow.model,
)


def _load(row: Any) -> ReadText:
    number, source, item_key, title, text, published_at, fetched_at, kind, score, model = row
    return ReadText(
        document_id=number,
        source=source,
        item_key=item_key,
        title=title,
        text=text,
        published_at=published_at,
        fetched_at=fetched_at,
        kind=None if kind is None else DocumentKind(kind),
        score=score,
        model=model,
    )
