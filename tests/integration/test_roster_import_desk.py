"""Importing a duty table from the desk: the words of the command line, nothing before a look."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from httpx import Response

from monitor.domain import SHANGHAI, Contact, Person, Role
from monitor.storage.session import Storage
from tests.integration.desk_client import Visitor, read_forms
from tests.integration.test_duty_desk import DAY, FIRST, NOW, office, password_hash, visit
from tests.unit.alerts.test_duty_table import HEAD, workbook

__all__ = ["office", "password_hash"]

IMPORT, TAKE = "/duty/roster/import", "/duty/roster/import/take"
TUESDAY = date(2026, 12, 1)
GOOD: list[list[object]] = [
    [*HEAD],
    [TUESDAY, "", "李强", "王芳", "赵敏", "学习"],
    [TUESDAY + DAY, "", "王芳", "李强", None, ""],
]


def upload(visitor: Visitor, content: bytes, name: str = "12月值班表.xlsx") -> Response:
    form = read_forms(visitor.get(IMPORT))[IMPORT]
    return visitor.client.post(
        IMPORT,
        data={"_csrf_token": form.fields["_csrf_token"]},
        files={"table": (name, content, "application/octet-stream")},
        follow_redirects=False,
    )


def plan(storage: Storage, day: date, days: int = 1) -> list[tuple[str, str]]:
    starts_at = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
    with storage.look() as rows:
        found = rows.duty.list_between(starts_at, starts_at + days * DAY - timedelta(hours=23))
    return [(each.duty.value, each.person) for each in found]


def test_a_table_is_looked_at_and_then_takes_effect(office: Storage) -> None:
    before = plan(office, TUESDAY)
    with visit(office, "zhao") as (zhao,):
        assert IMPORT in zhao.get("/duty/roster").text
        page = upload(zhao, workbook(GOOD, merged=["E2:E3"]))
        assert page.status_code == 200
        shown = " ".join(page.text.split())
        assert "读到 6 个班次，还没有生效" in shown
        assert "李强" in shown
        assert "学习" in shown
        assert plan(office, TUESDAY) == before, "nothing takes effect by looking"
        done = zhao.submit(page, TAKE)
        assert done.headers["location"] == "/duty/roster?done=imported"
        assert "值班表已导入" in zhao.get("/duty/roster?done=imported").text
        assert sorted(plan(office, TUESDAY)) == [
            ("backup", "wang"),
            ("leader", "zhao"),
            ("officer", "li"),
        ]
        again = zhao.submit(page, TAKE)
        assert again.status_code == 409, "one look, one import"
    with office.look() as rows:
        [entry] = [e for e in rows.audit.list_newest(limit=9) if e.action == "roster.imported"]
    assert (entry.actor, "12月值班表.xlsx" in entry.detail) == ("zhao", True)


def test_who_had_the_shift_before_and_what_still_holds_is_shown(office: Storage) -> None:
    with office.work() as rows:
        rows.rosters.add_absence(
            "li", FIRST + 8 * DAY, FIRST + 9 * DAY, substitute=None, made_by="zhao", now=NOW
        )
    with visit(office, "zhao") as (zhao,):
        # FIRST is 23 November; the office's officers alternate, so 1 December is wang's.
        assert plan(office, TUESDAY)[0] == ("officer", "wang")
        shown = " ".join(upload(zhao, workbook(GOOD)).text.split())
        assert "原来：王芳" in shown
        assert "其中 2 个换了人" in shown
        assert "R312" in shown


BAD: dict[str, tuple[Sequence[Sequence[object]], str, bool]] = {
    "a missing day": ([HEAD, [TUESDAY, "", "李强"], [TUESDAY + 2 * DAY, "", "王芳"]], "R116", True),
    "a 2-digit year that could be a day": (
        [HEAD, ["12-11-10", "", "李强"], [TUESDAY, "", "李强"]],
        "R107",
        False,
    ),
    "a 2-digit year": ([HEAD, ["26-12-01", "", "李强"]], "R106", True),
    "two people of one name": ([HEAD, [TUESDAY, "", "陈静"]], "R112", False),
    "nobody of that name": ([HEAD, [TUESDAY, "", "李四"]], "R111", False),
    "a day twice": ([HEAD, [TUESDAY, "", "李强"], [TUESDAY, "", "王芳"]], "R117", False),
    "no head": ([["通讯录"], ["李强", "12345"]], "R120", False),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_wrong_is_said_with_its_code_row_and_cure(office: Storage, what: str) -> None:
    rows_of_table, code, can_be_taken = BAD[what]
    with office.work() as rows:
        rows.users.add(
            Person("chen2", "陈静", Role.DUTY_OFFICER, (Contact("mail", "c"),)), None, NOW
        )
    before = plan(office, TUESDAY, 3)
    with visit(office, "zhao") as (zhao,):
        page = upload(zhao, workbook(rows_of_table))
        assert page.status_code == 200
        assert f"<code>{code}</code>" in page.text
        assert (TAKE in read_forms(page)) is can_be_taken
        if not can_be_taken:
            assert "值班表没有改动" in page.text or "R120" in page.text
            assert IMPORT in read_forms(page), "mend it and send it again"
    assert plan(office, TUESDAY, 3) == before


def test_a_shift_over_midnight_is_shown_with_its_hours(office: Storage) -> None:
    table: list[list[object]] = [
        [*HEAD[:2], "班次", "值班员"],
        [TUESDAY, "", "18:00-次日8:00", "李强"],
    ]
    with visit(office, "zhao") as (zhao,):
        page = upload(zhao, workbook(table))
        shown = " ".join(page.text.split())
        assert "18:00" in shown
        zhao.submit(page, TAKE)
    with office.look() as rows:
        at = datetime(2026, 12, 1, 23, 30, tzinfo=SHANGHAI)
        night = [
            each
            for each in rows.duty.list_between(at, at + timedelta(hours=1))
            if each.person == "li"
        ]
    assert [each.ends_at.astimezone(SHANGHAI).hour for each in night] == [8]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "R120"), (b"\xd0\xcf\x11\xe0old", "R101"), (b"PK\x03\x04broken", "R101"), (b"\0", "R1")],
)
def test_a_file_that_is_no_table_is_told_and_breaks_nothing(
    office: Storage, content: bytes, said: str
) -> None:
    with visit(office, "zhao") as (zhao,):
        page = upload(zhao, content)
        assert page.status_code == 200
        assert said in page.text
        assert upload(zhao, workbook(GOOD)).status_code == 200


def test_a_file_without_a_name_and_one_too_large_are_refused_with_a_cure(office: Storage) -> None:
    with visit(office, "zhao") as (zhao,):
        assert upload(zhao, b"x" * (6 * 1024 * 1024)).status_code == 413
        assert upload(zhao, b"x", name="").status_code in {200, 400}
        fields = read_forms(zhao.get(IMPORT))[IMPORT].fields
        bare = zhao.client.post(IMPORT, data={"_csrf_token": fields["_csrf_token"]})
        assert bare.status_code == 400


def test_only_who_keeps_the_roster_imports_and_nobody_takes_anothers_look(office: Storage) -> None:
    with office.work() as rows:
        other = Person("qian", "钱进", Role.LEADER)
        rows.users.add(other, rows.users.find_password_hash("zhao"), NOW)
    with visit(office, "zhao", "wang", "qian") as (zhao, wang, qian):
        assert IMPORT not in wang.get("/duty/roster").text
        assert wang.get(IMPORT).status_code == 403
        page = upload(zhao, workbook(GOOD))
        draft = read_forms(page)[TAKE].fields["draft"]
        for visitor, status in ((wang, 403), (qian, 409)):
            csrf = read_forms(visitor.get("/duty/roster"))["/duty/calendar"].fields
            answer = visitor.client.post(TAKE, data={**csrf, "draft": draft})
            assert answer.status_code == status
        assert zhao.submit(page, TAKE).status_code == 303


def test_a_plan_that_changed_meanwhile_must_be_looked_at_again(office: Storage) -> None:
    with visit(office, "zhao") as (zhao,):
        first, second = (upload(zhao, workbook(GOOD)) for _ in range(2))
        assert zhao.submit(first, TAKE).status_code == 303
        answer = zhao.submit(second, TAKE)
        assert answer.status_code == 409
        assert "重新上传核对" in answer.text
