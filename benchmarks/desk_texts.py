"""Stores the texts of a ledger of years on PostgreSQL, in the server itself, as a restore would.

The search index is built at the end from what the database's own function makes of each text, and
so holds what its trigger would have written; a million texts one by one would take an hour.
"""

from dataclasses import asdict

from sqlalchemy import Connection, insert
from sqlalchemy import text as sql

from benchmarks.texts import PUBLISHED, make_document
from monitor.storage.documents import Stage
from monitor.storage.tables import DocumentRow

_STEPS = (
    "ALTER TABLE documents DISABLE TRIGGER document_search_keep",
    "DROP INDEX ix_document_search_grams",
    """
    INSERT INTO documents (id, source, key, revision, item_key, address, role, title, text,
        text_hash, published_at, precision, fetched_at, masked, extraction, stage)
    SELECT n, 'old-' || n % 20, 't' || n || '/p' || n, 1, 't' || n,
        'http://127.0.0.1/thread-' || n, first.role, kinds.title,
        kinds.text || CASE WHEN n % 10000 = 7 THEN ' ' || CAST(:rare AS text) ELSE '' END,
        encode(sha256(CAST(CAST(n AS text) AS bytea)), 'hex'), first.published_at,
        first.precision, first.fetched_at, first.masked, first.extraction, first.stage
    FROM generate_series(1, :documents) AS n
    JOIN kinds ON kinds.is_claim = (n <= :cases) AND kinds.number = n % :different
    CROSS JOIN (SELECT * FROM documents WHERE id = 0) AS first
    """,
    "DELETE FROM documents WHERE id = 0",
    """
    INSERT INTO document_search
    SELECT n, kinds.grams FROM generate_series(1, :documents) AS n
    JOIN kinds ON kinds.is_claim = (n <= :cases) AND kinds.number = n % :different
    WHERE n % 10000 <> 7
    """,
    """
    INSERT INTO document_search
    SELECT id, qingxin_grams(title || chr(10) || text) FROM documents WHERE id % 10000 = 7
    """,
    """
    INSERT INTO assessments (document_id, model, kind, score, sentiment, facts, why, level, points,
        reasons, assessed_at)
    SELECT n, 'filled', CASE WHEN n <= :cases THEN 'claim' ELSE 'unrelated' END,
        CASE WHEN n <= :cases THEN 0.5 + n % 50 / 100.0 ELSE n % 400 / 1000.0 END,
        'complaint', '{}', '[["工资", 1.2]]', 2, 3, '[]', :at
    FROM generate_series(1, :documents) AS n
    """,
    "CREATE INDEX ix_document_search_grams ON document_search USING gin (grams)",
    "ALTER TABLE documents ENABLE TRIGGER document_search_keep",
)


def fill_texts(
    connection: Connection,
    *,
    cases: int,
    documents: int,
    claims: list[tuple[str, str]],
    texts: list[tuple[str, str]],
    rare: str,
) -> None:
    """Store texts with their readings; the first ones, as many as there are cases, are claims."""
    connection.execute(
        sql(
            "CREATE TEMPORARY TABLE kinds (is_claim boolean, number integer, title text, text text,"
            " grams tsvector) ON COMMIT DROP"
        )
    )
    for is_claim, written in ((True, claims), (False, texts)):
        connection.execute(
            sql("INSERT INTO kinds VALUES (:is_claim, :number, :title, :text, NULL)"),
            [
                {"is_claim": is_claim, "number": number, "title": title, "text": text}
                for number, (title, text) in enumerate(written)
            ],
        )
    connection.execute(sql("UPDATE kinds SET grams = qingxin_grams(title || chr(10) || text)"))
    connection.execute(insert(DocumentRow), [_first()])
    values = {
        "cases": cases,
        "documents": documents,
        "different": len(claims),
        "rare": rare,
        "at": PUBLISHED,
    }
    for step in _STEPS:
        used = {name: value for name, value in values.items() if f":{name}" in step}
        connection.execute(sql(step), used)


def _first() -> dict[str, object]:
    """A row whose closed lists and empty values the others take over; it goes again."""
    return asdict(make_document("old", 0, "", "")) | {
        "id": 0,
        "masked": {},
        "text_hash": "0" * 64,
        "revision": 1,
        "stage": Stage.DONE,
    }
