"""Fills a database with what years of watching leave behind, through the storage layer's tables.

Of the documents `CASE_SHARE` are in cases, `PER_CASE` in each; one case in `OPEN_EVERY` is still
open, the others are closed. Every case has its parties' keys, signatures and bands of its texts,
history, an acknowledged alert and a message that was sent. Every document has the assessment that
the real reader gave its text; texts outside cases repeat after `DIFFERENT` of them.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy import text as sql

from benchmarks.machine import say
from benchmarks.texts import PUBLISHED, Writer, make_document, name_employer
from models.party import normalise_party
from monitor.bootstrap.app import App
from monitor.bootstrap.duty import read_ladders
from monitor.bootstrap.reading import DocumentReader, load_reader, make_scorer
from monitor.domain import (
    AlertReason,
    AlertState,
    CaseState,
    DeliveryState,
    Document,
    DutyRole,
    Facts,
    Reading,
    Urgency,
)
from monitor.sameness import ALGORITHM, sign
from monitor.storage.documents import Stage
from monitor.storage.mapping import dump_facts, dump_ladder
from monitor.storage.tables import (
    AcknowledgementCodeRow,
    AlertRow,
    AssessmentRow,
    CaseDocumentRow,
    CaseEventRow,
    CaseRow,
    DeliveryAttemptRow,
    DeliveryRow,
    DocumentRow,
    Row,
    TextBandRow,
    TextSignatureRow,
)

CASE_SHARE = 0.05
PER_CASE = 1.25
OPEN_EVERY = 10
DIFFERENT = 10_000
_BATCH = 5_000
_READ_AT_ONCE = 500

Score = Callable[[Facts, Document, datetime], Urgency]
Written = tuple[str, str, dict[str, Any]]


def count_documents(app: App) -> int:
    """How many documents are stored."""
    with app.storage.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(DocumentRow)) or 0


def count_cases_for(documents: int) -> int:
    """How many cases stand among so many documents; employers are numbered from 0."""
    return max(1, round(documents * CASE_SHARE / PER_CASE))


def list_open_employers(documents: int) -> list[int]:
    """The numbers of the employers whose cases are open."""
    return [*range(0, count_cases_for(documents), OPEN_EVERY)]


def fill(app: App, documents: int) -> None:
    """Store so many documents, decided all of them, with their cases and alerts."""
    writer, reader = Writer(seed=1), load_reader(app)
    score = make_scorer(app.settings).score
    in_cases = round(documents * CASE_SHARE)
    cases = count_cases_for(documents)
    employers = (number % cases for number in range(in_cases))
    claims = _read(
        reader,
        make_scorer(app.settings).score,
        (writer.write_claim(name_employer(each)) for each in employers),
    )
    others = [
        *_read(
            reader,
            score,
            (writer.write_other() for _ in range(min(DIFFERENT, documents))),
        )
    ]
    with app.storage.engine.begin() as connection:
        _fill_cases(connection, cases, app)
    done, spread = 0, max(1, documents // max(1, in_cases))
    while done < documents:
        numbers = range(done + 1, min(done + _BATCH, documents) + 1)
        with app.storage.engine.begin() as connection:
            _fill_documents(
                connection, numbers, spread=spread, claims=claims, others=others, cases=cases
            )
        done = numbers[-1]
        if done % 100_000 == 0 or done == documents:
            say(f"  {done:,} of {documents:,} documents stored")
    with app.storage.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if app.storage.dialect == "postgresql":
            _move_sequences(connection)
            connection.execute(sql("ANALYZE"))


def _move_sequences(connection: Connection) -> None:
    for table in ("documents", "cases", "alerts", "deliveries"):
        connection.execute(sql(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))


def _read(
    reader: DocumentReader, score: Score, texts: Iterator[tuple[str, str]]
) -> Iterator[Written]:
    """Give every text the columns of its assessment."""
    while True:
        some = [*islice(texts, _READ_AT_ONCE)]
        if not some:
            return
        documents = [make_document("old", 0, title, text) for title, text in some]
        for document, reading in zip(documents, reader.read(documents), strict=True):
            yield document.title, document.text, _assessment(document, reading, score)


def _assessment(document: Document, reading: Reading, score: Score) -> dict[str, Any]:
    urgency = score(reading.facts, document, PUBLISHED)
    return {
        "model": reading.model,
        "kind": reading.kind.value,
        "score": reading.score,
        "sentiment": reading.sentiment.value,
        "facts": dump_facts(reading.facts),
        "why": [[evidence.text, evidence.weight] for evidence in reading.why],
        "level": int(urgency.level),
        "points": urgency.points,
        "reasons": [*urgency.reasons],
        "assessed_at": PUBLISHED,
    }


def _fill_documents(
    connection: Connection,
    numbers: range,
    *,
    spread: int,
    claims: Iterator[Written],
    others: list[Written],
    cases: int,
) -> None:
    rows: dict[type[Row], list[dict[str, Any]]] = {
        table: []
        for table in (DocumentRow, AssessmentRow, CaseDocumentRow, TextSignatureRow, TextBandRow)
    }
    for number in numbers:
        claim = next(claims, None) if number % spread == 0 else None
        title, text, assessment = claim or others[number % len(others)]
        document = make_document(f"old-{number % 20}", number, title, text)
        rows[DocumentRow].append(
            asdict(document)
            | {
                "id": number,
                "masked": {},
                "text_hash": hashlib.sha256(f"{title}\x00{text}".encode()).hexdigest(),
                "revision": 1,
                "stage": Stage.DONE,
            }
        )
        rows[AssessmentRow].append(assessment | {"document_id": number})
        if claim:
            _put_in_case(rows, number, (number // spread - 1) % cases + 1, f"{title}\n{text}")
    for table, values in rows.items():
        if values:
            connection.execute(insert(table), values)


def _put_in_case(
    rows: dict[type[Row], list[dict[str, Any]]], number: int, case_id: int, text: str
) -> None:
    rows[CaseDocumentRow].append(
        {
            "document_id": number,
            "case_id": case_id,
            "joined_at": PUBLISHED,
            "because": "opened",
        }
    )
    signature = sign(text)
    if signature is None:
        return
    rows[TextSignatureRow].append(
        {"document_id": number, "algorithm": ALGORITHM, "signature": signature.numbers}
    )
    rows[TextBandRow] += [
        {"band": band, "document_id": number} for band in sorted(set(signature.bands))
    ]


def _fill_cases(connection: Connection, cases: int, app: App) -> None:
    ladder = dump_ladder(next(iter(read_ladders(app.settings).values())))
    for start in range(1, cases + 1, _BATCH):
        ids = range(start, min(start + _BATCH, cases + 1))
        connection.execute(insert(CaseRow), [_case(each) for each in ids])
        connection.execute(
            insert(CaseEventRow),
            [
                {"case_id": each, "at": PUBLISHED, "actor": "system", "action": what, "note": ""}
                for each in ids
                for what in ("opened", "acknowledged")
            ],
        )
        connection.execute(insert(AlertRow), [_alert(each, ladder) for each in ids])
        connection.execute(insert(DeliveryRow), [_delivery(each) for each in ids])
        connection.execute(
            insert(DeliveryAttemptRow),
            [
                {"delivery_id": each, "at": PUBLISHED, "outcome": "sent", "answer": "250 taken"}
                for each in ids
            ],
        )
        connection.execute(
            insert(AcknowledgementCodeRow),
            [
                {
                    "code": f"code-{each}",
                    "alert_id": each,
                    "person": "zhou",
                    "expires_at": PUBLISHED,
                    "used_at": PUBLISHED,
                }
                for each in ids
            ],
        )


def _case(case_id: int) -> dict[str, Any]:
    employer = name_employer(case_id - 1)
    is_open = (case_id - 1) % OPEN_EVERY == 0
    return {
        "id": case_id,
        "number": f"QX2025-{case_id:06d}",
        "state": (CaseState.ACCEPTED if is_open else CaseState.CLOSED).value,
        "opened_at": PUBLISHED - timedelta(minutes=case_id % 400_000),
        "changed_at": PUBLISHED,
        "level": 1 + case_id % 4,
        "points": 2 + case_id % 9,
        "reasons": ["涉及工人"],
        "employer": employer,
        "employer_key": normalise_party(employer),
        "project": None,
        "project_key": None,
        "place": None,
        "workers": 2 + case_id % 60,
        "amount_yuan": float(3800 * (1 + case_id % 97) * (2 + case_id % 60)),
        "danger_to_life": False,
        "owner": "zheng" if is_open else None,
        "model": "filled",
        "threshold": 0.5,
        "version": 1,
        "ladders": 1,
    }


def _alert(case_id: int, ladder: list[Any]) -> dict[str, Any]:
    return {
        "id": case_id,
        "case_id": case_id,
        "ladder_key": f"case-{case_id}-1",
        "reason": AlertReason.CASE_OPENED.value,
        "step": 0,
        "duty": DutyRole.OFFICER.value,
        "person": "zhou",
        "level": 1 + case_id % 4,
        "ladder": ladder,
        "state": AlertState.ACKNOWLEDGED.value,
        "raised_at": PUBLISHED,
        "ladder_started_at": PUBLISHED,
        "sent_at": PUBLISHED,
        "acknowledged_at": PUBLISHED,
        "acknowledged_by": "zhou",
        "through": "link",
    }


def _delivery(case_id: int) -> dict[str, Any]:
    return {
        "id": case_id,
        "alert_id": case_id,
        "person": "zhou",
        "channel": "mail",
        "address": "zhou@example.org",
        "card": {"title": "欠薪", "lines": [], "link": "", "urgent": False, "made_at": None},
        "idempotency_key": f"alert-{case_id}",
        "state": DeliveryState.SENT.value,
        "due_at": PUBLISHED,
        "tries": 1,
        "sent_at": PUBLISHED,
    }
