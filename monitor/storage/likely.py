"""Which open cases a new document may belong to: by its thread, its parties, its sum, its words."""

from collections.abc import Mapping, Sequence

from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    or_,
    select,
)

from monitor.domain import (
    OPEN_STATES,
    LikelyCase,
)
from monitor.storage.mapping import load_case
from monitor.storage.tables import (
    CaseDocumentRow,
    CaseRow,
    DocumentRow,
    TextBandRow,
    TextSignatureRow,
)

_FEWEST_FOR_SUM = 3
_OPEN = tuple(state.value for state in OPEN_STATES)

# Asked for every claim, and so built once: SQLAlchemy takes far longer to put a statement together
# than SQLite takes to answer it (`docs/benchmarks.md`).
_OF_ITEM = (
    select(CaseRow.__table__)
    .where(
        CaseRow.id.in_(
            select(CaseDocumentRow.case_id)
            .join(DocumentRow, DocumentRow.id == CaseDocumentRow.document_id)
            .where(
                DocumentRow.source == bindparam("source"),
                DocumentRow.item_key == bindparam("item_key"),
            )
        )
    )
    .order_by(CaseRow.id.desc())
)
_OF_PARTY = (  # a key that is null equals nothing
    select(CaseRow.__table__)
    .where(
        or_(
            CaseRow.employer_key == bindparam("employer_key"),
            CaseRow.project_key == bindparam("project_key"),
        ),
        CaseRow.state.in_(_OPEN),
    )
    .order_by(CaseRow.id)
    .limit(50)
)
_OF_SUM = (
    select(CaseRow.__table__)
    .where(
        CaseRow.amount_yuan == bindparam("amount_yuan"),
        CaseRow.workers == bindparam("workers"),
        CaseRow.state.in_(_OPEN),
    )
    .order_by(CaseRow.id)
    .limit(50)
)
_BY_BANDS = (
    select(CaseRow.__table__, TextSignatureRow.signature, TextSignatureRow.algorithm)
    .join(CaseDocumentRow, CaseDocumentRow.case_id == CaseRow.id)
    .join(TextSignatureRow, TextSignatureRow.document_id == CaseDocumentRow.document_id)
    .where(
        CaseDocumentRow.document_id.in_(
            select(TextBandRow.document_id)
            .where(TextBandRow.band.in_(bindparam("bands", expanding=True)))
            .limit(200)
            .distinct()
        ),
        CaseRow.state.in_(_OPEN),
    )
    .order_by(CaseRow.id)
)


class LikelyRepository:
    """The tables `cases`, `case_documents` and the text signatures, asked for every claim."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def find_of_item(self, source: str, item_key: str) -> list[LikelyCase]:
        """The cases, in any state, that documents of this thread or letter are in; newest first."""
        return self._likely(_OF_ITEM, {"source": source, "item_key": item_key})

    def find_of_key(self, source: str, key: str) -> LikelyCase | None:
        """The case that an earlier revision of this very document is in."""
        found = self._likely(
            select(CaseRow.__table__)
            .where(
                CaseRow.id.in_(
                    select(CaseDocumentRow.case_id)
                    .join(DocumentRow, DocumentRow.id == CaseDocumentRow.document_id)
                    .where(DocumentRow.source == source, DocumentRow.key == key)
                )
            )
            .order_by(CaseRow.id.desc())
            .limit(1)
        )
        return found[0] if found else None

    def find_open_of_party(
        self, employer_key: str | None, project_key: str | None
    ) -> list[LikelyCase]:
        """Open cases of this employer or this project; oldest first."""
        if not employer_key and not project_key:
            return []
        return self._likely(
            _OF_PARTY, {"employer_key": employer_key or None, "project_key": project_key or None}
        )

    def find_open_of_sum(self, workers: int | None, amount_yuan: float | None) -> list[LikelyCase]:
        """Open cases in which as many workers are owed as much; oldest first.

        One worker, or a number that is not told, is no sign: many people are owed a round sum.
        """
        if workers is None or amount_yuan is None or workers < _FEWEST_FOR_SUM:
            return []
        return self._likely(_OF_SUM, {"amount_yuan": amount_yuan, "workers": workers})

    def find_open_by_bands(self, bands: Sequence[int]) -> list[tuple[LikelyCase, bytes, str]]:
        """Open cases with a text that shares a band, each with that text's signature."""
        if not bands:
            return []
        rows = self._db.execute(_BY_BANDS, {"bands": [*bands]}).mappings()
        return [
            (
                LikelyCase(load_case(row), row["employer_key"], row["project_key"]),
                row["signature"],
                row["algorithm"],
            )
            for row in rows
        ]

    def _likely(
        self, query: Select[tuple[object, ...]], values: Mapping[str, object] | None = None
    ) -> list[LikelyCase]:
        return [
            LikelyCase(load_case(row), row["employer_key"], row["project_key"])
            for row in self._db.execute(query, values).mappings()
        ]
