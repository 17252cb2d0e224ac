"""Reports that are kept, made by themselves, sent, and opened on the desk."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta
from pathlib import Path

import pytest
from docx import Document as Paper
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import delete, text

from monitor.desk.codes import hash_code
from monitor.domain import ReferralBody
from monitor.errors import InputError, StorageError
from monitor.reporting import paper as papers
from monitor.reporting.archive import Kept, keep_report
from monitor.reporting.mailing import NOBODY_CODE, mail_report
from monitor.reporting.making import Office as Settings
from monitor.reporting.paper import TEMPLATE, write_paper
from monitor.reporting.press import Press
from monitor.reporting.schedule import list_due
from monitor.reporting.working import TEMPLATE_CODE, Schedule, make_due_reports
from monitor.reports.nouns import Report
from monitor.reports.periods import PeriodKind
from monitor.storage.labels import Label
from monitor.storage.session import Storage
from monitor.storage.sessions import make_store
from monitor.storage.tables import DocumentRow
from tests.conftest import write_settings
from tests.integration.desk_client import Clock, read_forms, serve
from tests.integration.test_reporting import AFTER, MONDAY, TITLES, WEEK, ZHOU, Office

PRESS = Press("http://desk")
CODE = "one-time-code-of-the-report-test"


@pytest.fixture
def office(storage: Storage) -> Office:
    opened = Office(storage)
    opened.now = MONDAY - timedelta(days=14)
    opened.watch()
    opened.now = MONDAY
    opened.publish("甲厂欠我们没发工资", key="t1")
    opened.publish("乙厂欠我们没发工资", key="t2")
    return opened


def keep(office: Office, report: Report | None = None) -> Kept:
    return keep_report(
        office.storage.work, office.storage.look, report or office.report(), PRESS.write
    )


# ---------------------------------------------------------------- editions


def test_a_report_is_kept_once_however_often_it_is_made(office: Office) -> None:
    first, again = keep(office), keep(office, office.report(now=AFTER + timedelta(days=40)))

    assert (first.edition.edition, first.is_new) == (1, True)
    assert (again.edition.edition, again.is_new) == (1, False)
    assert again.files == first.files


def test_a_correction_makes_a_second_edition_that_says_what_changed(office: Office) -> None:
    first = keep(office)
    with office.storage.work() as rows:  # somebody finds that a case of the week was not ours
        rows.cases._db.execute(
            text("UPDATE cases SET workers = 7 WHERE employer = :name"), {"name": "甲厂"}
        )
    second = keep(office)

    assert second.edition.edition == 2
    assert "新增线索写明人数：原 0 人，现 7 人。" in second.edition.changes
    assert "原 0 人，现 7 人" in second.files.page.decode()
    with office.storage.look() as rows:
        assert rows.editions.find_files("2026-W48", 1) == first.files
        assert [each.edition for each in rows.editions.list_newest(9)] == [2, 1]


def test_a_kept_report_cannot_be_changed_even_by_hand(office: Office) -> None:
    keep(office)

    with pytest.raises(StorageError), office.storage.work() as rows:
        rows.editions._db.execute(text("UPDATE report_editions SET title = 'x'"))
    with office.storage.look() as rows:
        found = rows.editions.find("2026-W48")
    assert found is not None
    assert found.title.startswith("欠薪线索监测周报")


def test_a_week_half_purged_keeps_its_cases_and_says_what_is_missing(office: Office) -> None:
    keep(office)
    with office.storage.work() as rows:
        rows.cases._db.execute(delete(DocumentRow).where(DocumentRow.item_key == "t1"))

    report = office.report()
    assert next(each.value for each in report.figures if each.key == "opened") == 2
    assert any("1 件的消息原文已按保留期删除" in note for note in report.notes)
    assert any("读到文书：原 2 份，现 1 份" in each for each in keep(office).edition.changes)


# ---------------------------------------------------------------- the template


def make_template(folder: Path, *paragraphs: str) -> Path:
    paper = Paper()
    for each in paragraphs:
        paper.add_paragraph(each)
    path = folder / "own.docx"
    paper.save(str(path))
    return path


def test_an_office_may_have_a_template_of_its_own(office: Office, tmp_path: Path) -> None:
    own = make_template(tmp_path, "清河县专用　{{ period }}", "{{ body }}", "此致")
    lines = [each.text for each in Paper(io.BytesIO(write_paper(office.report(), own))).paragraphs]

    assert lines[0] == "清河县专用　2026 年第 48 周"
    assert lines[-1] == "此致"
    assert "一、欠薪线索" in lines


@pytest.mark.parametrize(
    ("paragraphs", "says"),
    [
        (["{{ period }}"], "没有 body"),
        (["{{ body }}", "{{ chairman }}"], "不认识的字段 chairman"),
        (["{{ body }}", "{{ period"], "标记有误"),
        (["{{ body }}", "{% for line in leader %}"], "标记有误"),
        (["见 {{ body }} 如下"], "要独占一段"),
        (["{{ body }}", "{{ period.__class__.__mro__ }}"], "标记有误"),
    ],
)
def test_a_broken_template_is_told_in_words_and_not_in_a_traceback(
    office: Office, tmp_path: Path, paragraphs: list[str], says: str
) -> None:
    own = make_template(tmp_path, *paragraphs)

    with pytest.raises(InputError, match=says) as caught:
        write_paper(office.report(), own)
    assert str(own) in str(caught.value)
    assert "qingxin report template" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_no_word_document_is_refused(office: Office, tmp_path: Path) -> None:
    own = tmp_path / "own.docx"
    for content in (b"", b"not a zip", _zip_of("word/other.xml")):
        own.write_bytes(content)
        with pytest.raises(InputError, match="不是 Word 的 docx"):
            write_paper(office.report(), own)
    with pytest.raises(InputError, match="报告模板"):
        write_paper(office.report(), tmp_path / "missing.docx")


def _zip_of(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "<a/>")
    return file.getvalue()


def test_the_template_that_is_shipped_names_only_known_fields() -> None:
    named = papers.open_template(TEMPLATE).get_undeclared_template_variables(papers._environment())

    assert named == papers._FIELDS


# ---------------------------------------------------------------- by itself, and sent


def run_due(office: Office, people: tuple[str, ...] = ("zhou",), press: Press = PRESS) -> list[str]:
    return make_due_reports(
        office.storage.work,
        office.storage.look,
        Settings(titles=TITLES),
        press,
        Schedule([PeriodKind.WEEK], time(8, 7), people),
        holder="w1",
        now=office.now,
    )


def test_a_week_is_made_on_monday_at_seven_minutes_past_eight_and_once(office: Office) -> None:
    def is_due() -> list[str]:
        with office.storage.look() as rows:
            return [each.name for each in list_due(rows, [PeriodKind.WEEK], time(8, 7), office.now)]

    run_due(office)  # the week before
    office.now = WEEK.ends_at + timedelta(hours=8, minutes=6)
    assert is_due() == []
    office.now += timedelta(minutes=1)
    assert is_due() == ["2026-W48"]
    assert run_due(office) == ["2026-W48"]
    assert is_due() == run_due(office) == []


def test_people_are_told_through_the_outbox_once_for_each_edition(office: Office) -> None:
    office.send()
    before = len(office.phone.sent)
    office.now = WEEK.ends_at + timedelta(hours=9)
    run_due(office, ("zhou", "han"))
    office.send()

    told = office.phone.sent[before:]
    assert sorted(address for _, address, _, _ in told) == ["han", "zhou"]
    card = told[0][2]
    assert card.title == "【清薪】欠薪线索监测周报 2026 年第 48 周"
    assert card.link == "http://desk/reports/2026-W48/1"
    assert card.lines[0].startswith("新增线索 2 件")
    assert len({key for _, _, _, key in told}) == 2
    with office.storage.work() as rows:
        edition = rows.editions.find("2026-W48")
        assert edition is not None
        assert mail_report(rows, edition, ["zhou", "han"], "http://desk", office.now) == 0
    office.forward(60)
    assert [address for _, address, _, _ in office.phone.sent[before:]].count("han") >= 1
    assert (
        sum(card.link.endswith("/reports/2026-W48/1") for _, _, card, _ in office.phone.sent) == 2
    )


def test_whoever_cannot_be_told_is_an_issue_and_stops_no_other(office: Office) -> None:
    office.now = WEEK.ends_at + timedelta(hours=9)
    run_due(office, ("nobody", "zhou"))

    with office.storage.look() as rows:
        issues = {each.code: each for each in rows.operations.list_open_issues()}
    assert "nobody" in issues[NOBODY_CODE].message
    office.send()
    assert any(address == "zhou" for _, address, _, _ in office.phone.sent)


def test_a_broken_template_does_not_keep_the_report_from_being_made(
    office: Office, tmp_path: Path
) -> None:
    own = make_template(tmp_path, "{{ body }}", "{{ chairman }}")
    office.now = WEEK.ends_at + timedelta(hours=9)

    assert run_due(office, press=Press("http://desk", own)) == ["2026-W48"]
    with office.storage.look() as rows:
        issues = {each.code: each for each in rows.operations.list_open_issues()}
        assert rows.editions.find("2026-W48") is not None
    assert "chairman" in issues[TEMPLATE_CODE].message


# ---------------------------------------------------------------- on the desk


@contextmanager
def visit(office: Office) -> Iterator[TestClient[Litestar]]:
    with office.storage.work() as rows:
        rows.users.add_sign_in_code(hash_code(CODE), "zhou", office.now + timedelta(hours=1))
    with serve(
        office.desk,
        Clock(office.now),
        sessions=make_store(office.storage, "sessions"),
        limits=make_store(office.storage, "limits"),
    ) as client:
        page = client.get(f"/sign-in/once/{CODE}")
        form = read_forms(page)[f"/sign-in/once/{CODE}"]
        client.post(form.action, data=form.fields, follow_redirects=False)
        yield client


def test_every_number_of_the_page_leads_to_a_list_that_the_desk_has(office: Office) -> None:
    office.desk.refer(
        office.find("甲厂"), ZHOU, 1, body=ReferralBody.COURT, reason="已在审理", now=office.now
    )
    kept = keep(office)
    page = kept.files.page.decode()
    links = sorted(
        {
            each.split('"')[0].removeprefix("http://desk")
            for each in page.split('href="')[1:]
            if each.startswith("http://desk")
        }
    )

    assert sum("/lists/" in each for each in links) > 8
    with visit(office) as client:
        for each in links:
            answer = client.get(each)
            assert answer.status_code == 200, each
        found = client.get("/reports/2026-W48/1/lists/opened").text
        assert "甲厂" in found
        assert "乙厂" in found
        assert "2 件线索" in found


def test_what_was_reviewed_is_listed_for_everybody_without_a_word_of_it(office: Office) -> None:
    said = {"甲厂": True, "乙厂": False}
    with office.storage.work() as rows:
        for name, is_claim in said.items():
            ((_, read),) = rows.cases.list_documents(office.find(name))
            model = read.reading.model
            rows.labels.add(Label(read.document_id, is_claim, "fu", WEEK.starts_at, model, 0.9))
    keep(office)
    with visit(office) as client:
        report = client.get("/reports/2026-W48/1").text
        for key, count in (("reviewed", 2), ("corrected", 1)):
            address = f"/reports/2026-W48/1/reviews/{key}"
            assert f'<a href="{address}">{count} 份' in report
            page = client.get(address).text
            assert f"{count} 份文书" in page
            assert page.count('class="number nowrap" href="/cases/') == count
            assert "没发工资" not in page, "the texts are for whoever opens the case"
            assert ">fu<" not in page
        assert "相符" in client.get("/reports/2026-W48/1/reviews/reviewed").text
        assert "相符" not in client.get("/reports/2026-W48/1/reviews/corrected").text
        assert client.get("/reports/2026-W48/1/reviews/nothing").status_code == 404


def test_the_desk_shows_kept_reports_and_gives_the_files_as_they_were(office: Office) -> None:
    kept = keep(office)
    with visit(office) as client:
        assert "欠薪线索监测周报 2026 年第 48 周" in client.get("/reports").text
        shown = client.get("/reports/2026-W48").text
        for sentence in kept.edition.content["leader"]:
            assert sentence in shown
        for form, content in (
            ("html", kept.files.page),
            ("docx", kept.files.paper),
            ("xlsx", kept.files.tables),
            ("public.html", kept.files.public_page),
        ):
            answer = client.get(f"/reports/2026-W48/1/files/{form}")
            assert answer.content == content
            assert "attachment" in answer.headers["content-disposition"]
        for missing in (
            "/reports/2026-W01",
            "/reports/2026-W48/9",
            "/reports/2026-W48/1/lists/nothing",
            "/reports/2026-W48/1/files/exe",
            "/reports/2026-W48/9/files/html",
        ):
            assert client.get(missing).status_code == 404


def test_reports_are_for_those_who_have_signed_in(office: Office) -> None:
    keep(office)
    with serve(
        office.desk,
        Clock(office.now),
        sessions=make_store(office.storage, "sessions"),
        limits=make_store(office.storage, "limits"),
    ) as client:
        for path in ("/reports", "/reports/2026-W48/1", "/reports/2026-W48/1/files/html"):
            answer = client.get(path, follow_redirects=False)
            assert answer.status_code in {302, 303, 401, 403}, path


def test_a_broken_template_is_found_by_the_self_check(tmp_path: Path) -> None:
    from monitor.bootstrap.app import build
    from monitor.checking import find_problems

    make_template(tmp_path, "{{ period }}")
    app = build(write_settings(tmp_path, report__template='"own.docx"'))
    app.prepare()
    found = [each for each in find_problems(app, AFTER) if each.code == "R701"]
    app.storage.close()

    assert len(found) == 1
    assert "没有 body" in found[0].message
    assert "qingxin report template" in found[0].cure
