"""Opening a masked message is an act in the audit, by whichever way it is opened."""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from monitor.casework import AuditEntry
from monitor.desk.tokens import Scope
from monitor.domain import Person, Role
from monitor.storage.session import Storage
from tests.county import County
from tests.integration.ledger_office import Ledger
from tests.protection.everywhere import unpack

WORDS = "紫色的脚手架"
TEXT = f"宏图公司欠我三个月，没发工资，{WORDS}还在楼下"
ADMINISTRATOR = Person("guan", "管", Role.ADMINISTRATOR)


@pytest.fixture
def ledger(tmp_path: object) -> Iterator[Ledger]:
    storage = Storage(f"sqlite:///{tmp_path}/qingxin.db")
    storage.migrate()
    opened = Ledger(County(storage))
    yield opened
    opened.close()
    storage.close()


def audit_of(ledger: Ledger) -> list[AuditEntry]:
    return ledger.office.books.list_audit(ADMINISTRATOR)


def test_no_page_shows_a_text_without_a_line_in_the_audit(ledger: Ledger) -> None:
    """Every page that any role can reach by a link; what shows the text has written who saw it."""
    case = ledger.post(TEXT)
    shown: set[str] = set()
    for name in ("fenxi", "zhou", "zheng", "fuhe", "han", "guan"):
        with ledger.visit(name) as visitor:
            waiting = ["/", f"/search?q={quote(WORDS)}", f"/cases/{case.case_id}/case.docx"]
            known = set(waiting)
            while waiting:
                path = waiting.pop()
                before, _ = ledger.office.books.find_audit_head()
                answer = visitor.get(path)
                body = b"".join(part for _, part in unpack(path, answer.content)).decode(
                    "utf-8", "replace"
                )
                # A search page repeats what was typed; only its passages are the text's.
                if WORDS in body and ("还在楼下" in body):
                    pattern = re.sub("[0-9]+", "N", path.split("?")[0])
                    shown.add(pattern)
                    newest = audit_of(ledger)[0]
                    after, _ = ledger.office.books.find_audit_head()
                    assert after > before, f"{name} opened {path}"
                    assert newest.actor == name
                    assert newest.action in {"case.viewed", "document.viewed", "search"}
                for link in re.findall(r'href="(/[^"#]*)"', body):
                    address = link.replace("&amp;", "&")
                    skipped = address.startswith(("/static", "/sign-out"))
                    if address not in known and not skipped and len(known) < 60:
                        known.add(address)
                        waiting.append(address)
    assert shown == {"/cases/N", "/search", "/review"}


def test_the_line_says_which_texts_a_search_has_shown(ledger: Ledger) -> None:
    ledger.post(TEXT)
    with ledger.visit("zheng") as officer:
        assert WORDS in officer.get(f"/search?q={quote(WORDS)}").text
    newest = audit_of(ledger)[0]
    assert (newest.actor, newest.action) == ("zheng", "search")
    assert newest.detail == f"{WORDS}\ndocument:1"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("13800138000", "〔电话〕"), ("王建国", "〔姓名〕"), ("宏图公司", "宏图公司")],
)
def test_a_person_who_is_looked_for_is_not_kept_in_the_audit(
    ledger: Ledger, typed: str, kept: str
) -> None:
    with ledger.visit("zheng") as officer:
        assert officer.get(f"/search?q={quote(typed)}").status_code == 200
    assert audit_of(ledger)[0].detail.startswith(kept)


def test_an_alert_link_shows_no_text_and_leads_to_a_page_that_is_audited(ledger: Ledger) -> None:
    case = ledger.post(TEXT)
    ledger.county.forward(1)
    card = ledger.county.phone.sent[0][2]
    path = re.sub(r"^https?://[^/]+", "", card.link)
    with ledger.open_client() as stranger:
        page = stranger.get(path)
        assert page.status_code == 200
        assert WORDS not in page.text
        closed = stranger.get(f"/cases/{case.case_id}", follow_redirects=False)
        assert WORDS not in closed.text
        assert closed.status_code in {302, 303, 401}
    assert not any(each.action == "case.viewed" for each in audit_of(ledger))
    with ledger.visit("zhou") as officer:
        assert WORDS in officer.get(f"/cases/{case.case_id}").text
    newest = audit_of(ledger)[0]
    assert (newest.actor, newest.action) == ("zhou", "case.viewed")
    assert newest.subject == f"case:{case.case_id}"


def test_programs_get_no_text_and_each_read_is_audited(ledger: Ledger) -> None:
    case = ledger.post(TEXT)
    token = ledger.office.people.make_token(
        ADMINISTRATOR, name="平台", scopes=list(Scope), days=1, now=ledger.clock.now
    )
    for path in ("/api/v1/cases", f"/api/v1/cases/{case.case_id}", "/api/v1/parties"):
        with ledger.open_client() as program:
            answer = program.get(path, headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 200
        assert WORDS not in answer.text
        newest = audit_of(ledger)[0]
        assert (newest.action, newest.subject) == ("api.read", path)


@pytest.mark.parametrize(
    ("step", "values"),
    [
        ("refer", {"body": "court", "reason": "工人电话13800138000，身份证110101199003077715"}),
        ("not-a-claim", {"reason": "本人来电13800138000说是货款，卡号6222020200000000010"}),
    ],
)
def test_numbers_in_what_an_officer_writes_are_masked(
    ledger: Ledger, step: str, values: dict[str, str]
) -> None:
    case = ledger.post(TEXT)
    with ledger.visit("zheng") as officer:
        assert "自动遮盖" in officer.get(f"/cases/{case.case_id}").text
        assert officer.act(case.case_id, step, **values).status_code == 303
        page = officer.get(f"/cases/{case.case_id}").text
    assert "〔电话〕" in page
    with ledger.storage.engine.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall()
        kept = str(
            [connection.exec_driver_sql(f'SELECT * FROM "{t}"').fetchall() for (t,) in tables]
        )
    for number in ("13800138000", "110101199003077715", "6222020200000000010"):
        assert number not in page
        assert number not in kept
