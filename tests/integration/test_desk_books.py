"""Parties, search, review, audit, exports, the interface for programs; odd values find no fault."""

import io
import random
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import docx
import pytest
from openpyxl import load_workbook
from sqlalchemy import text as sql
from sqlalchemy import update

from monitor.casework import ClockKind, PartyClass, PartyKind
from monitor.desk.tokens import Scope
from monitor.domain import Person, Role
from monitor.storage.grams import cut_grams
from monitor.storage.ledger_tables import CaseClockRow
from monitor.storage.parties import PartyQuery
from monitor.storage.session import Storage
from tests.county import County
from tests.integration.desk_client import FormReader
from tests.integration.ledger_office import Ledger


@pytest.fixture
def ledger(storage: Storage) -> Iterator[Ledger]:
    opened = Ledger(County(storage))
    yield opened
    opened.close()


def parties(ledger: Ledger) -> dict[str, int]:
    with ledger.storage.look() as rows:
        found = rows.parties.list_page(PartyQuery(kind=PartyKind.EMPLOYER), offset=0, limit=99)
    return {each.name: each.party_id for each in found}


# ---------------------------------------------------------------- parties


def test_a_party_is_known_classed_visited_merged_and_split(ledger: Ledger) -> None:
    case = ledger.post()
    other = ledger.post("宏图建筑欠我们，没发工资", key="t2")
    known = parties(ledger)
    assert set(known) == {"宏图公司", "宏图建筑"}
    one, two = known["宏图公司"], known["宏图建筑"]
    with ledger.visit("zheng") as officer:
        page = officer.get(f"/parties/{one}")
        assert "B 类" in page.text, "one case within a year"
        card = {"part": "subcontractor", "town": "临川镇", "public_money": "yes", "sector": "建筑"}
        assert officer.submit(page, f"/parties/{one}/card", **card).status_code == 303
        text = officer.get(f"/cases/{case.case_id}").text
        assert "施工总承包单位" in text
        assert "第三十条第三款" in text
        page = officer.get(f"/parties/{two}")
        assert f'href="/parties/{two}/same"' in page.text
        page = officer.get(f"/parties/{two}/same")
        assert "宏图公司" in page.text, "names that begin alike are offered, without script"
        assert f'name="into" value="{one}"' in page.text
        assert f'name="into" value="{two}"' not in page.text, "never itself"
        assert "没有找到" in officer.get(f"/parties/{two}/same?q=火星").text
        merge = f"/parties/{two}/merge"
        for name, said in (("宏图", "宏图公司、宏图建筑"), ("青禾", "没有名称是")):
            refused = officer.submit(page, merge, into=name, reason="营业执照同号")
            assert refused.status_code == 400
            assert said in refused.text
        answer = officer.submit(page, merge, into=str(one), reason="营业执照同号")
        assert answer.status_code == 303
        assert officer.get(f"/parties/{two}/same").status_code == 400, "it is merged already"
        text = officer.get(f"/parties/{one}").text
        assert "宏图建筑" in text
        assert other.number in text, "the cases of both"
        assert "C 类" in text, "two cases that are not struck off"
        assert set(parties(ledger)) == {"宏图公司"}
        page = officer.get(f"/parties/{two}")
        assert officer.submit(page, f"/parties/{two}/split", reason="弄错了").status_code == 303
        assert set(parties(ledger)) == {"宏图公司", "宏图建筑"}
        assert other.number not in officer.get(f"/parties/{one}").text
        page = officer.get(f"/parties/{one}")
        (visit,) = {
            each for each in re.findall(r'action="([^"]+)"', page.text) if "/visits/" in each
        }
        answer = officer.submit(page, visit, result="in_order", reason="工资专户有余额")
        assert answer.status_code == 303
        text = officer.get(f"/parties/{one}").text
        assert "工资专户有余额" in text
        assert text.count("应在") == 1, "the next visit is planned"
        assert "临川镇" in officer.get("/towns").text


def test_every_party_can_be_found_to_merge_with_however_many_there_are(ledger: Ledger) -> None:
    with ledger.storage.work() as rows:
        for number in range(75):
            name = f"远山劳务{number}分公司"
            rows.parties.find_or_add(PartyKind.EMPLOYER, name, name, ledger.clock.now)
    here = parties(ledger)["远山劳务0分公司"]
    with ledger.visit("zheng") as officer:
        first = officer.get(f"/parties/{here}/same")
        assert "找到 74 家" in first.text
        found = [
            name
            for page in (1, 2, 3)
            for name in re.findall(
                r'name="into" value="(\d+)"', officer.get(f"/parties/{here}/same?page={page}").text
            )
        ]
        assert len(found) == len(set(found)) == 74
        assert officer.get(f"/parties/{here}/same?q=74").text.count('name="into"') == 1
    with ledger.visit("zhou") as duty:
        assert duty.get(f"/parties/{here}/same").status_code == 403, "merging takes another role"


def test_a_new_message_finds_a_merged_party_by_its_other_name(ledger: Ledger) -> None:
    ledger.post()
    ledger.post("宏图建筑欠我们，没发工资", key="t2")
    known = parties(ledger)
    with ledger.storage.work() as rows:
        rows.parties.merge(known["宏图建筑"], known["宏图公司"])
    case = ledger.post("宏图建筑欠他们工资，没发工资，另一个工地", key="t3")
    with ledger.storage.look() as rows:
        assert rows.casework.get_details(case.case_id).employer_party == known["宏图公司"]


def test_a_class_that_an_officer_chose_stays(ledger: Ledger) -> None:
    ledger.post()
    (number,) = parties(ledger).values()
    with ledger.visit("han") as leader:
        page = leader.get(f"/parties/{number}")
        leader.submit(page, f"/parties/{number}/class", party_class="C", reason="多次举报")
    ledger.post("宏图公司欠我们，没发工资，又一个", key="t9")
    with ledger.storage.look() as rows:
        party = rows.parties.get(number)
    assert (party.party_class, party.chosen) == (PartyClass.C, True)
    assert party.class_reasons == ("多次举报",)


# ---------------------------------------------------------------- search


def test_a_phrase_is_found_wherever_it_stands_and_leaves_with_its_text(ledger: Ledger) -> None:
    case = ledger.post()
    for number in range(40):
        ledger.county.post(f"第{number}条消息，路灯坏了没有人修", key=f"n{number}")
    with ledger.visit("zheng") as officer:
        page = officer.get("/search?q=老板也找不到").text
        assert "<mark>老板也找不到</mark>" in page
        assert f"/cases/{case.case_id}#document-" in page
        assert "没有找到" in officer.get("/search?q=不在任何地方").text
        assert "请至少输入两个字" in officer.get("/search?q=欠").text
        page = officer.get("/search?q=路灯").text
        assert page.count("<mark>路灯</mark>") == 30
        (older,) = re.findall(r'href="(/search\?[^"]+before=\d+)"', page)
        page = officer.get(older.replace("&amp;", "&")).text
        assert page.count("<mark>路灯</mark>") == 10
        assert "<mark>第7条</mark>" in officer.get("/search?q=第7条 路灯").text
        for hostile in (
            "'",
            '"',
            '"a" OR *',
            "%_",
            "\\",
            "a" * 300,
            "' OR 1=1 --",
            "🙂🙂",
            "AND NOT",
        ):
            assert officer.client.get("/search", params={"q": hostile}).status_code == 200, hostile
    with ledger.storage.work() as rows:
        assert rows.search.find("三个月")
    with ledger.storage.engine.begin() as connection:
        for table in ("case_documents", "text_bands", "text_signatures", "assessments"):
            connection.execute(sql(f"DELETE FROM {table}"))
        connection.execute(sql("DELETE FROM documents"))
    with ledger.storage.look() as rows:
        assert rows.search.find("三个月") == [], "what retention deletes leaves the index with it"


def test_what_search_finds_is_what_a_plain_look_finds(ledger: Ledger) -> None:
    chosen = random.Random(7)
    letters = "工资钱欠薪老板，。 aB1"
    texts = ["".join(chosen.choices(letters, k=30)) for _ in range(60)]
    for number, each in enumerate(texts):
        ledger.county.post(each, key=f"r{number}")
    with ledger.storage.look() as rows:
        for _ in range(60):
            start = chosen.randrange(25)
            phrase = chosen.choice(texts)[start : start + chosen.randint(2, 4)]
            if any(not each.isalnum() for each in phrase):
                continue
            expected = sum(phrase.casefold() in f"求助\n{each}".casefold() for each in texts)
            assert len(rows.search.find(phrase, limit=99)) >= expected, phrase
            assert cut_grams(phrase)


# ---------------------------------------------------------------- review, audit, filters


def test_the_review_queue_takes_yes_and_no(ledger: Ledger) -> None:
    ledger.post()
    with ledger.visit("fuhe") as reviewer:
        page = reviewer.get("/review")
        assert "老板也找不到人" in page.text
        assert reviewer.submit(page, "/review", answer="maybe").status_code == 400
        assert reviewer.submit(page, "/review", answer="yes").status_code == 303
        assert "没有等待复核的消息" in reviewer.get("/review").text
    with ledger.storage.look() as rows:
        ((_, label),) = rows.labels.list_since(0)
    assert (label.is_claim, label.by) == (True, "fuhe")
    with ledger.visit("zhou") as duty:
        assert duty.get("/review").status_code == 403


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE audit SET actor = 'nobody' WHERE id = 2",
        "UPDATE audit SET detail = 'x' WHERE id = 3",
        "DELETE FROM audit WHERE id = 2",
        "DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)",
        "UPDATE audit_head SET entries = entries - 1",
    ],
)
def test_whoever_changes_the_audit_is_noticed(ledger: Ledger, harm: str) -> None:
    number = ledger.post().case_id
    with ledger.visit("zheng") as officer:
        for _ in range(3):
            officer.get(f"/cases/{number}")
    assert ledger.office.books.verify_audit().broken_at is None
    with ledger.storage.engine.begin() as connection:
        connection.execute(sql(harm))
    assert ledger.office.books.verify_audit().broken_at is not None


def test_every_view_of_a_message_is_written_down(ledger: Ledger) -> None:
    number = ledger.post().case_id
    with ledger.visit("fenxi") as analyst:
        analyst.get(f"/cases/{number}")
        analyst.get("/search?q=三个月")
    with ledger.visit("fuhe") as reviewer:
        reviewer.get("/review")
    with ledger.visit("han") as leader:
        text = leader.get("/audit").text
    for word in ("case.viewed", "search", "document.viewed", "三个月"):
        assert word in text


def test_a_filter_can_be_kept_and_shared(ledger: Ledger) -> None:
    ledger.post()
    with ledger.visit("zheng") as officer:
        page = officer.get("/cases?state=new&q=宏图")
        answer = officer.submit(page, "/filters", name="宏图的新线索", shared="1")
        assert answer.status_code == 303
    with ledger.visit("fenxi") as analyst:
        shown = analyst.get("/cases").text
        assert "宏图的新线索" in shown
        (query,) = re.findall(r'href="(/cases\?state=new[^"]*)"', shown)
        assert "宏图公司" in analyst.get(query.replace("&amp;", "&")).text


def test_a_program_and_a_page_read_deadlines_by_today_s_rules_not_as_they_were_kept(
    ledger: Ledger,
) -> None:
    """What an earlier version reckoned otherwise stands in the table until the case changes."""
    number = ledger.post().case_id
    with ledger.visit("zheng") as officer:
        officer.act(number, "accept")
    long_ago = date(2026, 1, 5)
    with ledger.storage.engine.begin() as connection:
        connection.execute(
            update(CaseClockRow)
            .where(CaseClockRow.kind == ClockKind.ACCEPT.value)
            .values(stopped_on=long_ago, due_on=long_ago)
        )
    _, record = ledger.office.casework.read_case(number)
    [clock] = [each for each in record.clocks if each.kind is ClockKind.ACCEPT]
    assert (clock.stopped_on, clock.due_on) == (date(2026, 11, 23), date(2026, 11, 30))
    with ledger.visit("zheng") as officer:
        text = officer.get(f"/cases/{number}").text
        assert "2026-11-30" in text
        assert "2026-01-05" not in text
        file = docx.Document(io.BytesIO(officer.get(f"/cases/{number}/case.docx").content))
        words = "\n".join(c.text for t in file.tables for r in t.rows for c in r.cells)
        assert "2026-01-05" not in words


# ---------------------------------------------------------------- files and programs


def test_the_files_open_and_hold_numbers_as_numbers(ledger: Ledger) -> None:
    number = ledger.post().case_id
    with ledger.visit("zheng") as officer:
        officer.act(number, "accept")
        answer = officer.get("/cases/ledger.xlsx")
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        head, row = sheet.iter_rows(values_only=True)
        line = dict(zip(head, row, strict=True))
        assert line["用人单位"] == "宏图公司"
        assert line["状态"] == "已受理"
        assert line["期限是否暂定"] is None or line["期限是否暂定"] == "暂定"
        answer = officer.get("/parties/parties.xlsx")
        assert load_workbook(io.BytesIO(answer.content)).worksheets[0].max_row == 2
        answer = officer.get(f"/cases/{number}/case.docx")
        words = "\n".join(
            cell.text
            for table in docx.Document(io.BytesIO(answer.content)).tables
            for row in table.rows
            for cell in row.cells
        )
        assert "宏图公司" in words
        assert "老板也找不到人" not in words, "written from the case, never from the message"
        draft = officer.get(f"/cases/{number}/reply").text
        assert "12333" in draft
        assert "老板也找不到人" not in draft


def test_a_program_reads_what_its_token_allows_and_no_message(ledger: Ledger) -> None:
    number = ledger.post().case_id
    admin = Person("guan", "guan", Role.ADMINISTRATOR)
    people = ledger.office.people
    token = people.make_token(
        admin, name="省平台", scopes=[Scope.LEDGER], days=30, now=ledger.clock.now
    )
    with ledger.open_client() as client:
        show = {"authorization": f"Bearer {token}", "accept": "application/json"}

        def status(path: str, headers: dict[str, str]) -> int:
            return int(client.get(path, headers=headers, follow_redirects=False).status_code)

        answer = client.get("/api/v1/cases", headers=show)
        assert answer.status_code == 200
        assert answer.json()["cases"][0]["employer"] == "宏图公司"
        assert "老板也找不到人" not in answer.text
        answer = client.get(f"/api/v1/cases/{number}", headers=show)
        assert {each["kind"] for each in answer.json()["clocks"]} >= {"accept", "campaign"}
        assert "老板也找不到人" not in answer.text
        assert status("/api/v1/parties", show) == 401, "not of this token's right"
        accept = {"accept": "application/json"}
        for given in ("", "Bearer ", "Bearer qx_wrong", "Basic abc", f"Bearer {token}x"):
            assert status("/api/v1/cases", accept | {"authorization": given}) == 401
        assert client.post("/api/v1/cases", headers=show).status_code in {403, 405}
        ledger.clock.forward(days=31)
        assert status("/api/v1/cases", show) == 401, "it has ended"


# ---------------------------------------------------------------- no form finds a fault

ODD = [
    "",
    " ",
    "0",
    "-1",
    "9" * 40,
    "1e309",
    "nan",
    "２０２６",
    "2026-02-30",
    "0000-00-00",
    "\x00",
    "\ud7ff\ufffe",
    "🙂" * 50,
    "长" * 600,
    "'; DROP TABLE cases; --",
    "<script>",
    "%s%n",
    "null",
    "../../etc/passwd",
    "=1+1",
]


@pytest.mark.parametrize("name", ["han", "guan"])
def test_odd_values_in_every_form_find_no_fault(ledger: Ledger, name: str) -> None:
    number = ledger.post().case_id
    ledger.post("青禾公司欠我们，没发工资", key="t2")
    chosen = random.Random(11)
    with ledger.visit(name) as visitor:
        visitor.act(number, "accept")
        sent = 0
        for page in (f"/cases/{number}", "/cases", "/parties/1", "/account", "/users", "/cases/2"):
            shown = visitor.get(page)
            reader = FormReader()
            reader.feed(shown.text)
            for form in reader.forms:
                if form.method != "post" or form.action in {"/sign-out", "/account/password"}:
                    continue
                for _ in range(6):
                    sent += 1
                    values = {
                        field: value if field == "_csrf_token" else chosen.choice(ODD)
                        for field, value in form.fields.items()
                    }
                    if chosen.random() < 0.5 and "version" in form.fields:
                        values["version"] = form.fields["version"]
                    answer = visitor.client.post(form.action, data=values, follow_redirects=False)
                    assert answer.status_code < 500, (form.action, values, answer.text[:400])
        assert sent > 60


@pytest.mark.slow
def test_schemathesis_finds_no_fault_in_the_interface(ledger: Ledger) -> None:
    import schemathesis
    from hypothesis import HealthCheck, settings

    ledger.post()
    admin = Person("guan", "guan", Role.ADMINISTRATOR)
    token = ledger.office.people.make_token(
        admin, name="fuzz", scopes=list(Scope), days=30, now=ledger.clock.now
    )
    from tests.integration.desk_client import make_app

    app = make_app(ledger.desk, ledger.clock, office=ledger.office)
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app)
    tried = 0
    for operation in schema.get_all_operations():
        found: Any = operation.ok()  # type: ignore[union-attr] # an error fails the test
        strategy = found.as_strategy()

        @settings(
            max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None
        )
        @_given(strategy)  # type: ignore[untyped-decorator]
        def try_it(case: Any) -> None:
            nonlocal tried
            tried += 1
            answer = case.call(headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code < 500, (case.path, answer.text[:300])

        try_it()
    assert tried > 100


def _given(strategy: Any) -> Any:
    from hypothesis import given

    return given(case=strategy)
