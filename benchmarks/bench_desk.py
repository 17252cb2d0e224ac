"""Measures the desk's pages and its search on a ledger of years, on SQLite and on PostgreSQL.

Every request goes through the whole application (sessions, rights, database, template) of one
process, and its time is what the server took; the network is left out. Cases have parties,
deadlines, history, an alert and a document; one in ten is still open, and one in fifty is of the
one employer whom `/parties/1` shows. Every document has its reading, and every case left six lines
in the audit. `--sizes` are pairs of cases and documents; the goal is 200 ms for a page and 300 ms
for a search, p95.
"""

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from litestar.testing import TestClient
from sqlalchemy import Connection, insert, update
from sqlalchemy import text as sql

from benchmarks.desk_texts import fill_texts
from benchmarks.filling import _alert, _case, _delivery
from benchmarks.machine import as_table, quantile, say, timed
from benchmarks.office import find_postgres, open_office, run_postgres
from benchmarks.texts import PUBLISHED, Writer, make_document, name_employer
from models.party import normalise_party
from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.desk import make_desk, make_ledger_office
from monitor.bootstrap.duty import read_ladders
from monitor.desk.codes import hash_code
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
from monitor.storage.sessions import make_store
from monitor.storage.tables import (
    AlertRow,
    AssessmentRow,
    CaseDocumentRow,
    CaseEventRow,
    CaseRow,
    DeliveryRow,
    DocumentRow,
)
from monitor.web.app import create_app
from monitor.web.options import WebSettings

BATCH = 5_000
DIFFERENT = 5_000
TOWNS = [f"第{number}镇" for number in range(24)]
RARE = "祁门窑厂"
"""Stands in one document of ten thousand."""

AUDITED = (
    "case.viewed",
    "case.accept",
    "document.viewed",
    "case.order",
    "case.viewed",
    "case.pay",
)
PAGE_GOAL, SEARCH_GOAL = 200.0, 300.0
PAGES = (
    "/",
    "/cases",
    "/cases?state=accepted&page=40",
    "/cases?group=overdue",
    "/cases?group=mine&level=4",
    "/cases?q=第7镇",
    "/cases/{case}",
    "/parties",
    "/parties?class=C&q=公司",
    "/parties/{case}",
    "/parties/1",
    "/towns",
    "/review",
    "/audit",
    "/audit?actor=zheng",
    "/audit?subject=case:{case}",
    "/sources",
    "/duty",
    "/live",
)
SEARCHES = {
    "4 characters, in many texts": "没发工资",
    "4 characters, in one of ten thousand": RARE,
    "4 characters, in none": "火星移民",
    "2 characters, in many texts": "工资",
    "2 characters, in one of ten thousand": RARE[:2],
    "two phrases": f"{RARE} 工资",
}


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
            fill_cases(connection, ids, ladder)
    fill_audit(app, cases)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if app.storage.dialect == "postgresql":
            for table in ("documents", "cases", "alerts", "deliveries", "parties"):
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


def fill_cases(connection: Connection, ids: range, ladder: list[Any]) -> None:
    """Cases with everything that hangs on them."""
    connection.execute(insert(CaseRow), [case_row(each) for each in ids])
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
            {"document_id": each, "case_id": each, "joined_at": PUBLISHED, "because": "opened"}
            for each in ids
        ],
    )
    connection.execute(
        insert(CaseEventRow),
        [
            {"case_id": each, "at": PUBLISHED, "actor": "zheng", "action": what, "note": ""}
            for each in ids
            for what in ("opened", "acknowledged", "accept")
        ],
    )
    connection.execute(insert(AlertRow), [_alert(each, ladder) for each in ids])
    connection.execute(insert(DeliveryRow), [_delivery(each) for each in ids])
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
            for action in AUDITED:
                number += 1
                said = (actors[number % 4], action, f"case:{case}", "")
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


def case_row(number: int) -> dict[str, Any]:
    return _case(number) | {"place": TOWNS[number % len(TOWNS)]}


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
        "model": "filled",
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


@contextmanager
def serve(app: App) -> Iterator[TestClient[Any]]:
    """The desk as `qingxin desk` serves it, with somebody signed in who may see everything."""
    pages = create_app(
        make_desk(app),
        clock=read_clock,
        settings=WebSettings(bytes(range(32)), "http://desk", cookie_secure=False),
        session_store=make_store(app.storage, "sessions"),
        limit_store=make_store(app.storage, "limits"),
        office=make_ledger_office(app),
    )
    with app.storage.work() as rows:
        rows.users.add_sign_in_code(hash_code("bench"), "han", read_clock() + timedelta(hours=1))
    with TestClient(pages, base_url="http://127.0.0.1") as client:
        page = client.get("/sign-in/once/bench").text
        token = page.partition('name="_csrf_token" value="')[2].partition('"')[0]
        client.post("/sign-in/once/bench", data={"_csrf_token": token})
        yield client


def measure(client: TestClient[Any], address: str, times: int, cases: int) -> tuple[float, float]:
    """Milliseconds p50 and p95; every answer must be good."""
    taken = []
    for number in range(times + 3):
        path = address.format(case=1 + (number * 7919) % cases)
        began = perf_counter()
        answer = client.get(path)
        spent = 1000 * (perf_counter() - began)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")
        if number >= 3:  # the first ones load templates and caches
            taken.append(spent)
    return quantile(taken, 0.5), quantile(taken, 0.95)


def measure_one(kind: str, address: str | None, cases: int, documents: int, times: int) -> None:
    """Fill one database and print its table."""
    with (
        tempfile.TemporaryDirectory(prefix="qingxin-bench-desk-") as folder,
        open_office(Path(folder), address) as app,
    ):
        with timed() as filling:
            fill(app, cases, documents)
        say(f"{kind}: {cases:,} cases and {documents:,} documents filled in {filling.wall:.0f} s")
        rows = []
        with serve(app) as client:
            for page in PAGES:
                p50, p95 = measure(client, page, times, cases)
                verdict = "yes" if p95 <= PAGE_GOAL else "**no**"
                rows.append((f"`{page}`", f"{p50:.0f}", f"{p95:.0f}", verdict))
                say(f"  {page} p50 {p50:.0f} p95 {p95:.0f} ms")
            for name, phrase in SEARCHES.items():
                p50, p95 = measure(client, f"/search?q={phrase}", times, cases)
                verdict = "yes" if p95 <= SEARCH_GOAL else "**no**"
                rows.append((f"search: {name}", f"{p50:.0f}", f"{p95:.0f}", verdict))
                say(f"  search {name} p50 {p50:.0f} p95 {p95:.0f} ms")
        print(f"\n### {kind}, {cases:,} cases, {documents:,} documents\n")
        print(as_table(("page", "p50 ms", "p95 ms", "goal kept"), rows), flush=True)


def main() -> int:
    """Measure every size on every kind of database that there is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000:10000,100000:1000000", help="cases:documents, …")
    parser.add_argument("--times", type=int, default=40, help="requests of each page")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    options = parser.parse_args()
    sizes = [tuple(int(n) for n in each.split(":")) for each in options.sizes.split(",")]
    print("## The desk\n\nCommand: `python -m benchmarks.bench_desk`.")
    for cases, documents in sizes:
        if options.only != "postgresql":
            measure_one("SQLite", None, cases, documents, options.times)
    binaries = find_postgres()
    if options.only != "sqlite" and binaries is not None:
        with run_postgres(binaries) as server:
            for number, (cases, documents) in enumerate(sizes):
                import psycopg

                with psycopg.connect(f"{server}", autocommit=True) as admin:
                    admin.execute(f"CREATE DATABASE desk{number}")
                measure_one(
                    "PostgreSQL",
                    f"{server.rpartition(chr(47))[0]}/desk{number}",
                    cases,
                    documents,
                    options.times,
                )
    return 0


if __name__ == "__main__":
    sys.exit(main())
