"""Fills a ledger for the desk's benchmark: texts, cases with their parties and deadlines, audit.

One case in ten is still open, and one in fifty is of the one employer whom `/parties/1` shows.
Every document has its reading, every case left six lines in the audit and every third one a
sign-in. What else years leave behind is `benchmarks.desk_years`.
"""

import hashlib
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, update
from sqlalchemy import text as sql

from benchmarks.desk_pages import RARE
from benchmarks.desk_texts import fill_texts
from benchmarks.desk_years import READER, fill_years
from benchmarks.filling import _case
from benchmarks.machine import say
from benchmarks.texts import PUBLISHED, Writer, make_document, name_employer
from models.party import normalise_party
from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.duty import read_ladders
from monitor.domain import CaseState
from monitor.storage.audit import seal
from monitor.storage.documents import Stage
from monitor.storage.ledger_tables import (
    AuditHeadRow,
    AuditRow,
    CaseClockRow,
    CaseDetailsRow,
    PartyNameRow,
    PartyRow,
    PatrolRow,
)
from monitor.storage.mapping import dump_ladder
from monitor.storage.tables import (
    AssessmentRow,
    CaseDocumentRow,
    CaseEventRow,
    CaseRow,
    DocumentRow,
)

BATCH = 5_000
DIFFERENT = 5_000
YEARS = timedelta(days=3 * 365)
"""So long ago the first case was opened."""

TOWNS = [f"第{number}镇" for number in range(24)]

AUDITED = (
    "case.viewed",
    "case.accept",
    "document.viewed",
    "case.order",
    "case.viewed",
    "case.pay",
)


def fill(app: App, cases: int, documents: int) -> None:
    """Store the ledger; on SQLite the search index is kept by the database's own triggers."""
    writer = Writer(seed=5)
    texts = [writer.write_other() for _ in range(DIFFERENT)]
    claims = [writer.write_claim(name_employer(number)) for number in range(DIFFERENT)]
    engine = app.storage.engine
    ladder = dump_ladder(next(iter(read_ladders(app.settings).values())))
    if app.storage.dialect == "postgresql":
        with engine.begin() as connection:
            fill_texts(
                connection,
                cases=cases,
                documents=documents,
                claims=claims,
                texts=texts,
                rare=RARE,
            )
        say(f"  {documents:,} documents")
    for start in range(1, documents + 1, BATCH) if app.storage.dialect == "sqlite" else ():
        numbers = range(start, min(start + BATCH, documents + 1))
        with engine.begin() as connection:
            connection.execute(
                insert(DocumentRow), [document(each, cases, claims, texts) for each in numbers]
            )
            connection.execute(
                insert(AssessmentRow), [assessment_row(each, cases) for each in numbers]
            )
        if (start - 1) % 200_000 == 0:
            say(f"  {numbers[-1]:,} of {documents:,} documents")
    for start in range(1, cases + 1, BATCH):
        ids = range(start, min(start + BATCH, cases + 1))
        with engine.begin() as connection:
            fill_cases(connection, ids, cases)
    say(f"  {cases:,} cases")
    fill_audit(app, cases)
    fill_years(app, cases, read_clock(), ladder)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if app.storage.dialect == "postgresql":
            for table in ("documents", "cases", "parties"):
                connection.execute(
                    sql(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
                )
            connection.execute(sql("VACUUM ANALYZE"))
        else:
            connection.execute(sql("ANALYZE"))


def document(
    number: int, cases: int, claims: list[tuple[str, str]], texts: list[tuple[str, str]]
) -> dict[str, Any]:
    """One text; the first ones belong to the cases, one in ten thousand says something rare."""
    title, text = (claims if number <= cases else texts)[number % DIFFERENT]
    if number % 10_000 == 7:
        text += f" {RARE}"
    made = make_document(f"old-{number % 20}", number, title, text)
    return asdict(made) | {
        "id": number,
        "masked": {},
        "text_hash": hashlib.sha256(f"{number}".encode()).hexdigest(),
        "revision": 1,
        "stage": Stage.DONE,
    }


def fill_cases(connection: Connection, ids: range, cases: int) -> None:
    """Cases with everything that hangs on them."""
    opened = {each: opened_at(each, cases) for each in ids}
    connection.execute(insert(CaseRow), [case_row(each, cases) for each in ids])
    connection.execute(insert(PartyRow), [party_row(each) for each in ids])
    connection.execute(
        insert(PartyNameRow),
        [
            {
                "kind": "employer",
                "key": f"{normalise_party(name_employer(each))}{each}",
                "name": name_employer(each),
                "party_id": each,
                "first_party": each,
            }
            for each in ids
        ],
    )
    connection.execute(insert(CaseDetailsRow), [details_row(each) for each in ids])
    connection.execute(insert(CaseClockRow), [row for each in ids for row in clock_rows(each)])
    connection.execute(
        insert(CaseDocumentRow),
        [
            {"document_id": each, "case_id": each, "joined_at": opened[each], "because": "opened"}
            for each in ids
        ],
    )
    connection.execute(
        insert(CaseEventRow),
        [
            {"case_id": each, "at": at, "actor": "zheng", "action": what, "note": ""}
            for each in ids
            for what, at in _history(each, opened[each])
        ],
    )
    connection.execute(
        insert(PatrolRow),
        [
            {
                "party_id": each,
                "due_on": PUBLISHED.date() + timedelta(days=each % 900),
                "note": "",
            }
            for each in ids
        ],
    )


def fill_audit(app: App, cases: int) -> None:
    """Views and acts of four people on every case, as a chain that `check` would accept."""
    with app.storage.look() as rows:
        number, before = rows.audit.find_head()
    actors = ("zheng", "qian", "han", "fuhe")
    for start in range(1, cases + 1, BATCH):
        lines = []
        for case in range(start, min(start + BATCH, cases + 1)):
            for action in (*AUDITED, *(["sign_in"] if case % 3 == 0 else [])):
                number += 1
                subject = "user:zheng" if action == "sign_in" else f"case:{case}"
                said = (actors[number % 4], action, subject, "")
                before = seal(before, number, PUBLISHED, said)
                lines.append(
                    {
                        "id": number,
                        "at": PUBLISHED,
                        "actor": said[0],
                        "action": action,
                        "subject": said[2],
                        "detail": "",
                        "entry_hash": before,
                    }
                )
        with app.storage.engine.begin() as connection:
            connection.execute(insert(AuditRow), lines)
            connection.execute(update(AuditHeadRow).values(entries=number, entry_hash=before))


def _history(number: int, opened: datetime) -> list[tuple[str, datetime]]:
    """The steps of a case; nine of ten are closed some weeks after they were opened."""
    steps = [("opened", opened), ("acknowledged", opened), ("accept", opened)]
    if _case(number)["state"] == CaseState.CLOSED.value:
        later = min(PUBLISHED, opened + timedelta(days=20 + number % 30))
        steps += [("order", later), ("record_paid", later), ("close", later)]
    return steps


def opened_at(number: int, cases: int) -> datetime:
    """When a case was opened: the years are filled evenly, so that a week has a week's cases."""
    return PUBLISHED - YEARS * (cases - number) / cases


def case_row(number: int, cases: int) -> dict[str, Any]:
    place = TOWNS[number % len(TOWNS)]
    return _case(number) | {"place": place, "opened_at": opened_at(number, cases)}


def party_row(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "kind": "employer",
        "name": name_employer(number),
        "sector": "建筑",
        "town": TOWNS[number % len(TOWNS)],
        "part": "unknown",
        "local_leader": "",
        "sector_officer": "",
        "inspector": "",
        "party_class": "ABC"[number % 3],
        "class_reasons": ["365 天内 1 件欠薪线索（达到 1 件）"],
        "chosen": False,
        "created_at": PUBLISHED,
    }


def details_row(number: int) -> dict[str, Any]:
    return {
        "case_id": number,
        "case_version": 1,
        "employer_party": 1 if number % 50 == 0 else number,
        "public_money": number % 5 == 0,
        "fled": False,
        "large_reasons": [],
        "accepted_at": PUBLISHED,
        "reopens": 0,
    }


def clock_rows(number: int) -> list[dict[str, Any]]:
    is_open = (number - 1) % 10 == 0
    day = PUBLISHED.date() + timedelta(days=number % 700)
    return [
        {
            "case_id": number,
            "kind": kind,
            "starts_on": day,
            "due_on": day + timedelta(days=wait),
            "provisional": False,
            "edition": "2026",
            "working_days": days,
            "stopped_on": None if is_open and kind != "accept" else day,
        }
        for kind, wait, days in (("accept", 7, 5), ("investigate", 90, 60), ("campaign", 60, None))
    ]


def assessment_row(number: int, cases: int) -> dict[str, Any]:
    is_claim = number <= cases
    return {
        "document_id": number,
        "model": READER,
        "kind": "claim" if is_claim else "unrelated",
        "score": 0.5 + number % 50 / 100 if is_claim else number % 400 / 1000,
        "sentiment": "complaint",
        "facts": {},
        "why": [["工资", 1.2]],
        "level": 2,
        "points": 3,
        "reasons": [],
        "assessed_at": PUBLISHED,
    }
