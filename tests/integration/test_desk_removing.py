"""An officer removes a text on request, from the case's page."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from monitor.domain import Role
from monitor.errors import NotFoundError
from monitor.storage.session import Storage
from tests.county import County
from tests.integration.desk_client import Visitor, open_desk, read_forms

CASE = 1


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with open_desk() as opened:
        opened.office.people["wang"] = replace(opened.office.people["wang"], role=Role.CASE_OFFICER)
        opened.sign_in()
        yield opened


def path_of(visitor: Visitor) -> str:
    stored, _ = visitor.office.documents[CASE][0]
    return f"/cases/{CASE}/documents/{stored.document_id}/remove"


def test_the_text_is_gone_and_the_page_says_so(visitor: Visitor) -> None:
    text = visitor.office.documents[CASE][0][0].document.text
    answer = visitor.submit(visitor.get(f"/cases/{CASE}"), path_of(visitor))
    assert answer.status_code == 303
    page = visitor.get(answer.headers["location"])
    assert "原文已清除，今后不再读取。" in page.text
    assert text[:12] not in page.text


def test_the_form_has_no_field_for_who_asked(visitor: Visitor) -> None:
    form = read_forms(visitor.get(f"/cases/{CASE}"))[path_of(visitor)]
    assert set(form.fields) <= {"_csrf_token", "whole"}


@pytest.mark.parametrize("role", [Role.ANALYST, Role.DUTY_OFFICER, Role.REVIEWER])
def test_who_may_not_sees_no_form_and_is_refused(visitor: Visitor, role: Role) -> None:
    visitor.office.people["wang"] = replace(visitor.office.people["wang"], role=role)
    visitor.sign_in()  # a new role ends the session
    forms = read_forms(visitor.get(f"/cases/{CASE}"))
    assert path_of(visitor) not in forms
    token = next(iter(forms.values())).fields["_csrf_token"]
    answer = visitor.client.post(path_of(visitor), data={"_csrf_token": token})
    assert answer.status_code == 403


def test_a_text_of_another_case_is_not_found(storage: Storage) -> None:
    county = County(storage)
    county.post("甲公司没发工资，欠三个人", key="t1")
    county.post("乙公司没发工资，欠五个人，天天下雨", key="t2")
    county.digest()
    han = county.officer("han")
    with pytest.raises(NotFoundError):
        county.desk.remove_document(1, 2, han, county.now, whole_item=False)
    county.desk.remove_document(1, 1, han, county.now, whole_item=False)
    assert county.desk.get_case(1, han, county.now).file.documents == []
