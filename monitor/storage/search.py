"""Full-text search in Chinese: FTS5 over pairs on SQLite, a GIN index on PostgreSQL.

Both indexes are kept by triggers of the database (step 0005), in the transaction that stores the
text: no step of the work can forget one, and what retention deletes leaves the index with it.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select
from sqlalchemy import text as sql

from monitor.storage.grams import SHORTEST, cut_grams
from monitor.storage.tables import CaseDocumentRow, DocumentRow

_NEWEST = 3_000
"""How many of the newest texts are looked through first on PostgreSQL: a common phrase is found
there at once, and only a rare one, whose list is short, needs the index."""

_SQLITE = sql(
    "SELECT rowid FROM document_search WHERE document_search MATCH :phrase AND rowid < :before "
    "ORDER BY rowid DESC LIMIT :limit"
)
_NEWEST_POSTGRES = sql(
    "SELECT id FROM (SELECT id, title, text FROM documents WHERE id < :before "
    "ORDER BY id DESC LIMIT :newest) AS d "
    "WHERE strpos(lower(title), :phrase) > 0 OR strpos(lower(text), :phrase) > 0 "
    "ORDER BY id DESC LIMIT :limit"
)
_INDEX_POSTGRES = sql(
    "SELECT document_id FROM document_search WHERE grams @@ CAST(:query AS tsquery)"
)
_CHECK_POSTGRES = sql(
    "SELECT id FROM documents WHERE id = ANY(:ids) "
    "AND (strpos(lower(title), :phrase) > 0 OR strpos(lower(text), :phrase) > 0) "
    "ORDER BY id DESC"
)
_CHECK_AT_ONCE = 500
_SHOWN = (
    select(
        DocumentRow.id,
        DocumentRow.source,
        DocumentRow.title,
        DocumentRow.text,
        DocumentRow.published_at,
        DocumentRow.fetched_at,
        CaseDocumentRow.case_id,
    )
    .outerjoin(CaseDocumentRow, CaseDocumentRow.document_id == DocumentRow.id)
    .where(DocumentRow.id.in_(bindparam("ids", expanding=True)))
    .order_by(DocumentRow.id.desc())
)


@dataclass(frozen=True, slots=True)
class Found:
    """A text in which a phrase stands; `case_id` is None when it is in no case."""

    document_id: int
    source: str
    title: str
    text: str
    published_at: datetime | None
    fetched_at: datetime
    case_id: int | None


class SearchRepository:
    """The table `document_search`, of a different make on each kind of database."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def find(self, phrase: str, *, before: int | None = None, limit: int = 50) -> list[Found]:
        """The newest texts in which a phrase of at least two characters stands.

        Args:
            phrase: Looked for as it is; blanks part it into phrases that must all occur.
            before: Only texts with a smaller number, for the next page.
            limit: How many at the most.
        """
        phrases = [each for each in phrase.casefold().split() if len(each) >= SHORTEST]
        phrases = [each for each in phrases if cut_grams(each)]
        if not phrases:
            return []
        limits = {"before": before if before is not None else 2**62, "limit": limit}
        ids = (
            self._find_sqlite(phrases, limits)
            if self._is_sqlite
            else self._find_all(phrases, limits)
        )
        rows = self._db.execute(_SHOWN, {"ids": ids}).mappings()
        return [
            Found(
                row["id"],
                row["source"],
                row["title"],
                row["text"],
                row["published_at"],
                row["fetched_at"],
                row["case_id"],
            )
            for row in rows
        ]

    @property
    def _is_sqlite(self) -> bool:
        return self._db.dialect.name == "sqlite"

    def _find_sqlite(self, phrases: list[str], limits: dict[str, int]) -> list[int]:
        wanted = " AND ".join(f'"{cut_grams(each)}"' for each in phrases)
        return list(self._db.scalars(_SQLITE, {"phrase": wanted, **limits}))

    def _find_all(self, phrases: list[str], limits: dict[str, int]) -> list[int]:
        longest, *others = sorted(phrases, key=len, reverse=True)
        if not others:
            newest = list(
                self._db.scalars(_NEWEST_POSTGRES, {"phrase": longest, "newest": _NEWEST, **limits})
            )
            if len(newest) >= limits["limit"]:
                return newest
        grams = {gram for each in phrases for gram in cut_grams(each).split()}
        query = " & ".join(f"'{gram}'" for gram in sorted(grams))
        # In two steps, and the first without reading every row: the planner takes a rare pair for a
        # common one, and then would rather look into every text there is.
        self._db.execute(sql("SET LOCAL enable_seqscan = off"))
        listed = self._db.scalars(_INDEX_POSTGRES, {"query": query}).all()
        self._db.execute(sql("SET LOCAL enable_seqscan = on"))
        ids = sorted((each for each in listed if each < limits["before"]), reverse=True)
        found: list[int] = []
        for start in range(0, len(ids), _CHECK_AT_ONCE):
            some = {"ids": ids[start : start + _CHECK_AT_ONCE], "phrase": longest}
            found += self._db.scalars(_CHECK_POSTGRES, some)
            if len(found) >= limits["limit"]:
                break
        return found[: limits["limit"]]
