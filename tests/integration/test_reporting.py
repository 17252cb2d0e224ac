"""Weeks counted in a real database, and the files that tell them."""

import io
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document as Paper
from sqlalchemy import update

from monitor.domain import (
    CaseState,
    CaseStep,
    Document,
    DocumentKind,
    DutyRole,
    Fact,
    ListedItem,
    Person,
    Reading,
    ReferralBody,
    Role,
    TimePrecision,
)
from monitor.reporting.counting import Rules, count_period
from monitor.reporting.making import Office as Settings
from monitor.reporting.making import ReportMaker
from monitor.reporting.page import write_page
from monitor.reporting.paper import write_paper
from monitor.reporting.tables import write_tables
from monitor.reports.changes import content_of
from monitor.reports.counts import Counts
from monitor.reports.nouns import Report
from monitor.reports.periods import period_of_week
from monitor.reports.sums import acknowledged_after, by_kind, cases_of_step, told_after
from monitor.reports.weeks import Week
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage
from monitor.storage.tables import CaseRow
from tests.conftest import ROOT, write_settings
from tests.county import County
from tests.factories import make_document

WEEK = Week(date(2026, 11, 23))
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai
AFTER = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
TITLES = {"forum": "清河论坛", "mailbox": "县长信箱"}
ZHOU = Person("zhou", "周", Role.DUTY_OFFICER)


class Office(County):
    """The county of the tests, whose posts are published and read when the clock says so."""

    def publish(
        self,
        text: str,
        *,
        key: str,
        source: str = "forum",
        precision: TimePrecision = TimePrecision.SECOND,
        waits: timedelta = timedelta(minutes=1),
    ) -> None:
        document = make_document(
            source=source,
            key=f"{key}/p1",
            item_key=key,
            text=text,
            published_at=self.now - waits,
            precision=precision,
            fetched_at=self.now,
        )
        self.sink.store_item(
            source, ListedItem(key, document.address, "求助", change_key=text), [document], self.now
        )
        self.digest()
        self.send()

    def watch(self) -> None:
        self.sink.claim_due_sources([*TITLES], self.now, timedelta(minutes=2))

    def find(self, employer: str) -> int:
        with self.storage.look() as rows:
            cases = rows.reporting.list_opened(MONDAY - timedelta(days=60), AFTER)
        return next(each.case_id for each in cases if each.employer == employer)

    def count(self, week: Week = WEEK) -> Counts:
        with self.storage.look() as rows:
            return count_period(rows, week.starts_at, week.ends_at, Rules(TITLES))

    def report(self, week: Week = WEEK, now: datetime = AFTER) -> Report:
        with self.storage.look() as rows:
            return ReportMaker(rows, Settings(titles=TITLES), now).make(period_of_week(week))


@pytest.fixture
def office(storage: Storage) -> Office:
    opened = Office(storage)
    opened.now = MONDAY - timedelta(days=14)
    opened.watch()
    opened.now = MONDAY
    return opened


def figures_of(report: Report) -> dict[str, float | None]:
    return {each.key: each.value for each in report.figures}


def ending_of(counts: Counts) -> tuple[int, int, int]:
    """Raised, acknowledged, called off."""
    return (
        len(counts.raised),
        sum(each.acknowledged_at is not None for each in counts.raised),
        sum(each.is_called_off for each in counts.raised),
    )


def states_of(counts: Counts) -> dict[CaseState, int]:
    return dict(Counter(each.case.state for each in counts.standing))


# ---------------------------------------------------------------- counting


def test_a_week_with_nothing_in_it_is_counted_as_zeros(office: Office) -> None:
    figures = figures_of(office.report())

    assert {figures[key] for key in ("opened", "workers", "amount", "open", "read", "raised")} == {
        0
    }
    assert figures["told_after"] is None


def test_what_a_week_brought_is_counted_once_each(office: Office) -> None:
    office.publish("甲厂欠我们没发工资", key="t1", waits=timedelta(minutes=2))
    office.publish("乙厂欠我们没发工资，有人要跳楼", key="t2", waits=timedelta(minutes=4))
    office.publish("请问加班费怎么算", key="t3", source="mailbox")
    office.now += timedelta(minutes=7)
    office.desk.acknowledge_case(office.find("甲厂"), ZHOU, office.now)

    counts = office.count()
    assert sorted(each.case.employer or "" for each in counts.opened) == ["乙厂", "甲厂"]
    assert by_kind(counts) == {DocumentKind.CLAIM: 2, DocumentKind.UNRELATED: 1}
    assert sorted(told_after(counts)) == [timedelta(minutes=2), timedelta(minutes=4)]
    assert ending_of(counts) == (2, 1, 0)
    assert acknowledged_after(counts) == [timedelta(minutes=7)]
    assert [(each.title, each.documents) for each in counts.sources] == [
        ("清河论坛", 2),
        ("县长信箱", 1),
    ]


def test_the_week_ends_at_midnight_in_shanghai(office: Office) -> None:
    office.now = WEEK.ends_at - timedelta(seconds=1)
    office.publish("甲厂欠我们没发工资", key="t1")
    office.now = WEEK.ends_at
    office.publish("乙厂欠我们没发工资", key="t2")

    assert [each.case.employer for each in office.count().opened] == ["甲厂"]
    assert [each.case.employer for each in office.count(WEEK.next).opened] == ["乙厂"]


def test_a_past_week_counts_the_same_however_the_cases_went_on(office: Office) -> None:
    office.publish("甲厂欠我们没发工资", key="t1")
    office.publish("乙厂欠我们没发工资", key="t2")
    office.desk.accept(office.find("甲厂"), ZHOU, 1, office.now)
    first = office.count()
    assert states_of(first) == {CaseState.NEW: 1, CaseState.ACCEPTED: 1}

    office.now = WEEK.ends_at + timedelta(days=1)
    office.desk.not_a_claim(office.find("甲厂"), ZHOU, 2, reason="误报", now=office.now)
    office.desk.refer(
        office.find("乙厂"),
        ZHOU,
        1,
        body=ReferralBody.ARBITRATION,
        reason="已申请仲裁",
        now=office.now,
    )

    again, later = office.count(), office.count(WEEK.next)
    assert states_of(again) == states_of(first)
    assert (ending_of(again), again.steps) == (ending_of(first), first.steps)
    assert states_of(later) == {CaseState.REFERRED: 1}
    assert [each.body for each in later.steps] == [None, ReferralBody.ARBITRATION]
    assert len(cases_of_step(later, CaseStep.REFER)) == 1


def test_a_past_week_keeps_its_sums_whatever_messages_come_later(office: Office) -> None:
    office.publish("甲厂欠我们没发工资", key="t1")
    first = office.report()
    reading = office.reader.read

    def read_with_danger(documents: Sequence[Document]) -> list[Reading]:
        return [
            replace(each, facts=replace(each.facts, workers=Fact(99, (0, 2))))
            for each in reading([*documents])
        ]

    office.reader.read = read_with_danger  # type: ignore[method-assign]
    office.now = WEEK.ends_at + timedelta(days=1)
    office.publish("甲厂欠我们没发工资，一共九十九人，有人要跳楼", key="t2")
    with office.storage.look() as rows:
        assert rows.cases.get(office.find("甲厂")).workers == 99

    again = office.report(now=office.now + timedelta(days=10))
    assert content_of(again) | {"leader": []} == content_of(first) | {"leader": []}


def test_what_was_referred_and_came_back_is_counted_in_the_week_it_came(office: Office) -> None:
    office.publish("甲厂欠我们没发工资", key="t1")
    case_id = office.find("甲厂")
    office.desk.refer(case_id, ZHOU, 1, body=ReferralBody.COURT, reason="已在审理", now=office.now)
    office.now = WEEK.ends_at + timedelta(days=1)
    office.desk.accept(case_id, ZHOU, 2, office.now)

    assert office.count().returned == {}
    assert office.count(WEEK.next).returned == {case_id: ReferralBody.COURT}
    assert [each.case.referred_to for each in office.count().standing] == [ReferralBody.COURT]


def test_waits_that_cannot_be_known_are_not_guessed(office: Office) -> None:
    office.publish("甲厂欠我们没发工资", key="t1", precision=TimePrecision.DAY)
    office.publish("乙厂欠我们没发工资", key="t2", waits=timedelta(days=300))  # the backlog
    office.publish("丙厂欠我们没发工资", key="t3", waits=timedelta(minutes=3))

    counts = office.count()
    assert told_after(counts) == [timedelta(minutes=3)]
    assert sum(each.wait is None for each in counts.told) == 2


def test_alerts_in_tests_of_a_channel_are_no_alerts_of_the_week(office: Office) -> None:
    office.publish("甲厂欠我们没发工资", key="t1")
    with office.storage.work() as rows:
        alert = rows.alerts.list_of_case(office.find("甲厂"))[0]
        changed = type(alert.new)(
            **{name: getattr(alert.new, name) for name in type(alert.new).__slots__}
            | {"case_id": None, "ladder_key": "test-1"}
        )
        rows.alerts.add(changed, office.now, alert.state)

    assert len(office.count().raised) == 1


def test_issues_and_gaps_show_when_nobody_watched(office: Office) -> None:
    with office.storage.work() as rows:
        began = WEEK.starts_at - timedelta(hours=3)
        rows.operations.record_issue("S401", "forum", "没有应答 http://10.0.0.1/", began)
        rows.operations.close_issues("forum", ("S401",), WEEK.starts_at + timedelta(hours=69))
        rows.operations.record_issue("S403", "mailbox", "版面", WEEK.ends_at - timedelta(hours=5))
        rows.operations.record_issue("S414", "mailbox", "以后", WEEK.ends_at + timedelta(hours=5))

    counts, report = office.count(), office.report()
    assert [(each.code, each.subject, each.message) for each in counts.issues] == [
        ("S401", "清河论坛", ""),
        ("S403", "县长信箱", ""),
    ]
    table = next(each for each in report.sections[3].tables if each.key == "issues")
    assert [row[-1] for row in table.rows] == [69.0, 5.0]
    assert {(each.duty, each.ends_at - each.starts_at) for each in counts.gaps} == {
        (DutyRole.BUREAU_LEADER, timedelta(days=7))
    }


def test_the_trade_of_a_case_is_the_first_that_a_document_names(office: Office) -> None:
    office.publish("甲厂欠我们没发工资", key="t1")
    assert [each.sector for each in office.count().opened] == [None]
    reading = office.reader.read

    def read_with_trade(documents: Sequence[Document]) -> list[Reading]:
        return [
            replace(each, facts=replace(each.facts, sector=Fact("建筑", (0, 2))))
            for each in reading([*documents])
        ]

    office.reader.read = read_with_trade  # type: ignore[method-assign]
    office.publish("甲厂欠我们没发工资，又拖了一个月", key="t9")
    assert [each.sector for each in office.count().opened] == ["建筑"]


def test_a_running_week_is_compared_with_the_same_stretch_of_the_week_before(
    office: Office,
) -> None:
    office.now = MONDAY - timedelta(days=7)
    office.publish("甲厂欠我们没发工资", key="t1")
    office.now = MONDAY - timedelta(days=4)  # later in that week than the running one has come
    office.publish("乙厂欠我们没发工资", key="t2")
    office.now = MONDAY
    office.publish("丙厂欠我们没发工资", key="t3")
    office.publish("丁厂欠我们没发工资", key="t4")

    opened = office.report(now=MONDAY + timedelta(hours=1)).figures[0]
    assert (opened.value, opened.before, opened.difference) == (2, 1, 1)


# ---------------------------------------------------------------- the files

SECRET_WORDS = "孩子学费还等着这笔钱"


@pytest.fixture
def told(office: Office) -> Report:
    for number in range(12):
        office.publish(f"工厂{number:02}欠我们没发工资{SECRET_WORDS}", key=f"t{number}")
    office.publish("=HYPERLINK(1)<b>欠我们没发工资", key="t90")
    with office.storage.work() as rows:
        for number, case in enumerate(rows.reporting.list_opened(WEEK.starts_at, WEEK.ends_at)):
            change = {"workers": number, "amount_yuan": number * 1000.25} if number % 3 else {}
            _amend(rows, case.case_id, change)
    return office.report()


def _amend(rows: Rows, case_id: int, change: dict[str, float]) -> None:
    if change:
        rows.cases._db.execute(update(CaseRow).where(CaseRow.id == case_id).values(**change))


def test_every_figure_of_new_cases_is_that_of_the_list_in_the_spreadsheet(
    told: Report,
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_tables(told)))
    head, *rows = book["新增线索"].iter_rows(values_only=True)
    cases: list[dict[Any, Any]] = [dict(zip(head, row, strict=True)) for row in rows]
    overview = {row[0]: row[2] for row in book["概览"].iter_rows(min_row=2, values_only=True)}

    assert overview["新增线索"] == len(cases) == 13
    assert overview["新增线索写明人数"] == sum(each["欠薪人数"] or 0 for each in cases)
    assert overview["新增线索写明金额"] == round(
        sum(each["欠薪金额（元）"] or 0 for each in cases), 2
    )
    for sheet, column in (
        ("按紧急程度", "紧急程度"),
        ("按用人单位", "用人单位"),
        ("按乡镇", "乡镇"),
    ):
        for name, count, _, workers, amount in book[sheet].iter_rows(min_row=2, values_only=True):
            of_name = [each for each in cases if each[column] == name]
            assert count == len(of_name)
            assert (workers or 0) == sum(each["欠薪人数"] or 0 for each in of_name)
            assert (amount or 0) == round(sum(each["欠薪金额（元）"] or 0 for each in of_name), 2)


def test_spreadsheets_hold_numbers_dates_and_no_formula(told: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_tables(told)))
    cells = {each.value: each for row in book["新增线索"] for each in row}

    assert cells["=HYPERLINK(1)<b>"].data_type == "s"
    opened_at = cells[MONDAY.replace(tzinfo=None) + timedelta(hours=8)]
    assert opened_at.number_format == "yyyy-mm-dd hh:mm:ss"
    assert opened_at.value == MONDAY.replace(tzinfo=None) + timedelta(hours=8)
    amounts = [row[11] for row in book["新增线索"].iter_rows(min_row=2, values_only=True)]
    assert {type(each) for each in amounts if each is not None} <= {int, float}
    assert None in amounts


def test_the_paper_opens_and_holds_every_sentence_and_table(told: Report) -> None:
    paper = Paper(io.BytesIO(write_paper(told)))
    lines = [each.text for each in paper.paragraphs]

    for section in told.sections:
        assert section.title in lines
        assert set(section.sentences) <= set(lines)
    shown = [each for section in told.sections for each in section.tables if each.rows]
    assert len(paper.tables) == len(shown) + 2  # the figures, and the cases
    assert paper.tables[-1].cell(0, 0).text == "线索编号"
    assert len(paper.tables[-1].rows) == 14
    assert paper.core_properties.author == "清薪"


def test_a_long_list_is_cut_in_the_paper_and_says_so(office: Office) -> None:
    for number in range(42):
        office.publish(f"工厂{number:02}欠我们没发工资", key=f"t{number}")
    paper = Paper(io.BytesIO(write_paper(office.report())))

    assert len(paper.tables[-1].rows) == 41
    assert "列前 40 行，全部 42 行见同名的 xlsx。" in [each.text for each in paper.paragraphs]


def test_the_page_stands_alone_and_escapes_what_it_was_told(told: Report) -> None:
    page = write_page(told, "https://desk.example").decode()

    assert "<script" not in page
    assert "=HYPERLINK(1)&lt;b&gt;" in page
    addresses = set(re.findall(r"""(?:href|src|url\()=?["']?([^"'\s>)]+)""", page))
    outside = {each for each in addresses if not each.startswith("#")}  # a picture's own parts
    assert all(each.startswith("https://desk.example/") for each in outside)
    assert sum("/cases/" in each for each in outside) == 13
    for section in told.sections:
        assert all(sentence in page for sentence in section.sentences)
    pictures = re.findall(r'<div role="img" aria-labelledby="([^"]+)"', page)
    assert pictures
    assert page.count("<svg") == len(pictures)
    for said in pictures:
        assert re.search(rf'<figcaption id="{said}">[^<]*件', page)


def test_no_word_of_a_message_is_in_any_of_the_files(told: Report) -> None:
    kept = write_page(told, "https://desk.example")
    for content in (write_paper(told), write_tables(told)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            kept += b"".join(archive.read(name) for name in archive.namelist())

    assert "工厂01".encode() in kept
    for words in (SECRET_WORDS, "没发工资"):
        assert words.encode() not in kept


# ---------------------------------------------------------------- the command


def run_qingxin(settings: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "monitor.cli", *arguments, "--settings", str(settings)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=120,
    )


@pytest.mark.slow
def test_the_command_writes_three_files_and_names_them(tmp_path: Path) -> None:
    done = run_qingxin(
        write_settings(tmp_path), "report", "week", "--out", str(tmp_path / "a" / "b")
    )

    assert done.returncode == 0, done.stderr
    named = [Path(line) for line in done.stdout.splitlines()]
    assert {each.suffix for each in named} == {".html", ".docx", ".xlsx"}
    assert sorted((tmp_path / "a" / "b").iterdir()) == sorted(named)
    assert "没有开始值守" in next(each for each in named if each.suffix == ".html").read_text(
        "utf-8"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("week", "says"),
    [("2099-W01", "还没有到"), ("2026-W60", "没有 2026-W60 这一周"), ("nonsense", "没有 nonsense")],
)
def test_a_week_that_cannot_be_told_is_refused_in_one_line(
    tmp_path: Path, week: str, says: str
) -> None:
    done = run_qingxin(
        write_settings(tmp_path), "report", "week", week, "--out", str(tmp_path / "o")
    )

    assert done.returncode == 1
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "o").exists()


@pytest.mark.slow
def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    done = run_qingxin(write_settings(tmp_path), "report", "week", "--out", str(tmp_path / "taken"))

    assert done.returncode == 1
    assert "写不了" in done.stderr
    assert "Traceback" not in done.stderr
