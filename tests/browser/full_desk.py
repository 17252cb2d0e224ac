"""Fills a desk so that every page has something on it: cases, papers, hand-over, report, model."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from alerts.continuity import place
from models.artefact import ARTEFACT_DIRECTORY
from monitor.domain import DocumentKind, DutyRole
from monitor.learning.judgement import MovedDocument
from monitor.reporting.archive import keep_report
from monitor.reporting.making import Office, ReportMaker
from monitor.reporting.press import Press
from monitor.reports.periods import period_of_week
from monitor.reports.weeks import Week
from monitor.shelf import Shelf
from monitor.storage.labels import Label
from monitor.storage.session import Storage
from tests.county import START
from tests.integration.ledger_office import Ledger
from tests.learning_county import keep_copy, make_judgement

_DAY = timedelta(days=1)
_LATER = timedelta(hours=12)
DAY = f"{START:%Y-%m-%d}"


def fill(ledger: Ledger, folder: Path) -> None:
    """Let a week happen: three cases in three states, one of them handed over and reported."""
    ledger.post()
    ledger.post("青禾公司欠我们十四个人的工资，没发工资，老板找不到人", key="t2")
    ledger.post("远山劳务欠我们，没发工资，有人说要跳楼", key="t3")
    with ledger.visit("zheng") as officer:
        officer.act(1, "accept")
        officer.act(
            1, "order", number="临人社监令〔2026〕7 号", addressee="宏图公司", on=DAY,
            until="2026-12-01", amount="18600.5", workers="3",
        )  # fmt: skip
        officer.act(
            1, "pay", on=DAY, workers="3", amount="18600.5", whose="employer", proof="回单 0007",
            in_full="1",
        )  # fmt: skip
        officer.act(2, "refer", body="court", reason="归法院")
    _hand_over(ledger)
    _watch(ledger.storage)
    _review(ledger.storage)
    _report(ledger.storage)
    _keep_candidate(ledger.storage, folder)


def _hand_over(ledger: Ledger) -> None:
    with ledger.storage.work() as rows:
        number = rows.handovers.open(DutyRole.OFFICER, "zhou", "qian", START + timedelta(hours=1))
        rows.handovers.add_item(number, 2, is_acknowledged=True)
        rows.handovers.add_item(number, 3, is_acknowledged=False)
        note = "青禾公司的负责人下午两点来单位，带工资表。\n远山劳务的工友住在工地，请先打电话。"
        rows.handovers.write_note(number, note, START)


def _watch(storage: Storage) -> None:
    """Ninety days of two subjects: whole but for an hour that was bad and an hour not looked at."""
    whole = b"\xff" * 180
    bad = b"\xff" * 60 + b"\x00" * 8 + b"\xff" * 112
    today = place(START)[0]
    with storage.work() as rows:
        for number in range(90):
            day = today - number * _DAY
            for subject, late in (("duty", 7), ("source:forum", 13)):
                good = bad if number % late == 3 else whole
                observed = bad if number % late == 5 else whole
                rows.watch.set_bits(day, subject, observed, good)


def _review(storage: Storage) -> None:
    """One reading is confirmed and one corrected."""
    with storage.work() as rows:
        for document_id, is_claim in ((1, True), (2, False)):
            model, score = rows.documents.find_reading(document_id) or ("", 0.0)
            rows.labels.add(Label(document_id, is_claim, "fu", START + _LATER, model, score))


def _report(storage: Storage) -> None:
    week = Week(START.date())
    now = datetime.combine(week.ends_at.date(), START.timetz()) + _LATER
    with storage.look() as rows:
        office = Office(name="临川县劳动保障监察大队", titles={"forum": "清河论坛"})
        report = ReportMaker(rows, office, now).make(period_of_week(week))
    keep_report(storage.work, storage.look, report, Press("http://desk.example").write)


def _keep_candidate(storage: Storage, folder: Path) -> None:
    shelf = Shelf(storage, ARTEFACT_DIRECTORY)
    moved = MovedDocument(1, DocumentKind.UNRELATED, 0.41, DocumentKind.CLAIM, 0.83, is_added=True)
    working = shelf.list_readers()[0].version
    judgement = make_judgement(working, "reader-aa", [moved, replace(moved, document_id=2)])
    keep_copy(shelf, folder, judgement)
