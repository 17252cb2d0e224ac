"""The papers of a referral are whole, are written from the case, and name nobody."""

import io
from collections.abc import Iterator

import docx
import pytest

from monitor.domain import ReferralBody
from monitor.storage.session import Storage
from tests.county import County
from tests.integration.ledger_office import Ledger


@pytest.fixture
def ledger(storage: Storage) -> Iterator[Ledger]:
    opened = Ledger(County(storage))
    yield opened
    opened.close()


def read_paper(content: bytes) -> str:
    paper = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in paper.paragraphs), *cells])


def test_the_letter_and_the_notice_say_what_they_must_and_quote_nobody(ledger: Ledger) -> None:
    case = ledger.post()
    base = f"/cases/{case.case_id}/referrals"
    with ledger.visit("zheng") as officer:
        officer.act(case.case_id, "refer", body="transport", reason="属交通项目")
        page = officer.get(f"/cases/{case.case_id}").text
        assert f"{base}/1/letter.docx" in page
        letter = read_paper(officer.get(f"{base}/1/letter.docx").content)
        for words in ("交通运输部门", case.number, "宏图公司", "属交通项目", "回　执", "已收到"):
            assert words in letter
        assert "12333" in letter
        notice = read_paper(officer.get(f"{base}/1/notice.docx").content)
        for words in ("告知书", case.number, "2026-11-23", "交通运输部门", "12333", "不收费"):
            assert words in notice
        for paper in (letter, notice):
            assert "老板也找不到人" not in paper
            assert "删除" not in paper
        assert officer.get(f"{base}/99/letter.docx").status_code == 404
    other = ledger.post("青禾公司欠我们，没发工资", key="t2").case_id
    with ledger.visit("fenxi") as analyst:
        answer = analyst.get(f"/cases/{other}/referrals/1/letter.docx")
        assert answer.status_code == 404, "a referral of another case"
    with ledger.storage.look() as rows:
        newest = rows.audit.list_newest(actor="zheng")
    assert sum(each.action == "export.letter" for each in newest) == 2


def test_every_body_of_the_list_has_words_for_its_letter(ledger: Ledger) -> None:
    case = ledger.post()
    for number, body in enumerate(ReferralBody, start=1):
        with ledger.visit("zheng") as officer:
            officer.act(case.case_id, "refer", body=body.value, reason="按职责")
            path = f"/cases/{case.case_id}/referrals/{number}/letter.docx"
            assert officer.get(path).status_code == 200, body
