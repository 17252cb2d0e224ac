"""The pages on the real desk and its database: from a posted message to a case given on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from monitor.desk.codes import hash_code
from monitor.domain import AlertState, CaseState, ReferralBody, Through
from monitor.storage.case_lists import CaseQuery
from monitor.storage.session import Storage
from monitor.storage.sessions import make_store
from tests.county import County
from tests.integration.desk_client import Clock, read_forms, serve

MESSAGE = "宏图公司欠我三个月，没发工资，老板也找不到人"
CODE = "one-time-code-of-the-test"


@pytest.fixture
def county(storage: Storage) -> County:
    """One message has been posted and the officer has been told."""
    opened = County(storage)
    opened.post(MESSAGE)
    opened.forward(0)
    with storage.work() as rows:
        rows.users.add_sign_in_code(hash_code(CODE), "zhou", opened.now + timedelta(hours=1))
    return opened


@contextmanager
def visit(county: County, **settings: Any) -> Iterator[TestClient[Litestar]]:
    """Serve the county's desk as `qingxin desk` does, from its database alone."""
    with serve(
        county.desk,
        Clock(county.now),
        sessions=make_store(county.storage, "sessions"),
        limits=make_store(county.storage, "limits"),
        **settings,
    ) as client:
        yield client


def submit(client: TestClient[Litestar], page: Response, action: str, **values: str) -> Response:
    form = read_forms(page)[action]
    return client.post(action, data={**form.fields, **values}, follow_redirects=False)


def sign_in(client: TestClient[Litestar]) -> Response:
    return submit(client, client.get(f"/sign-in/once/{CODE}"), f"/sign-in/once/{CODE}")


def test_the_officer_acknowledges_from_the_message_and_gives_the_case_on(county: County) -> None:
    link = county.expect_message_to("zhou").link.removeprefix("http://desk")
    with visit(county) as client:
        page = client.get(link)
        assert "宏图公司" in page.text
        assert "老板也找不到人" not in page.text
        assert "已确认。不再向上升级。" in submit(client, page, link).text
        assert "已经确认过" in client.get(link).text

        assert sign_in(client).headers["location"] == "/"
        waiting = client.get("/").text
        assert "宏图公司" in waiting
        with county.storage.look() as rows:
            (case,) = rows.case_lists.list_page(CaseQuery(), offset=0, limit=9)
            (alert,) = rows.alerts.list_of_case(case.case_id)
        assert (alert.state, alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, "zhou")
        assert alert.through is Through.LINK

        path = f"/cases/{case.case_id}"
        page = client.get(path)
        assert "老板也找不到人" in page.text
        assert submit(client, page, f"{path}/accept").status_code == 303
        assert submit(client, page, f"{path}/accept").status_code == 409, "the page was old"
        page = client.get(path)
        answer = submit(client, page, f"{path}/refer", body="water", reason="水利项目")
        assert answer.status_code == 303
        history = client.get(path).text
        assert "水利部门：水利项目" in history
        assert "water：" not in history
    with county.storage.look() as rows:
        case = rows.cases.get(case.case_id)
    assert (case.state, case.referred_to) == (CaseState.REFERRED, ReferralBody.WATER)
    county.forward(30)
    county.expect_nobody_else()


def test_every_page_opens_on_a_real_database(county: County) -> None:
    with visit(county) as client:
        sign_in(client)
        addresses = ["/", "/cases", "/cases/1", "/sources", "/duty", "/api/openapi.json"]
        filters = ["state=new", "level=2", "group=overdue", "age=under_an_hour", "q=宏图", "page=7"]
        for address in [*addresses, *(f"/cases?{query}" for query in filters)]:
            assert client.get(address).status_code == 200, address
        for hostile in ("%", "_", "'", "\\", "x" * 300, "\u0000", "🙂", "' OR 1=1 --"):
            answer = client.get("/cases", params={"q": hostile})
            assert answer.status_code == 200, hostile
        assert client.get("/cases/9007199254740992").status_code == 404
        assert client.get("/healthz").status_code == 503, "no role has shown a sign of life"


def test_a_session_survives_a_restart_and_holds_on_another_host(county: County) -> None:
    with visit(county) as first:
        sign_in(first)
        number = first.cookies["qingxin"]
    with visit(county) as second:
        second.cookies.set("qingxin", number, domain="testserver.local")
        assert second.get("/", follow_redirects=False).status_code == 200
        submit(second, second.get("/"), "/sign-out")
    with visit(county) as third:
        third.cookies.set("qingxin", number, domain="testserver.local")
        assert third.get("/", follow_redirects=False).status_code == 303


def test_two_hosts_count_the_tries_of_one_guesser_together(county: County) -> None:
    guess = {"username": "zhou", "password": "wrong"}
    statuses = []
    with visit(county, sign_ins_per_minute=3) as one, visit(county, sign_ins_per_minute=3) as two:
        for client in (one, two, one, two):
            page = client.get("/sign-in")
            statuses.append(submit(client, page, "/sign-in", **guess).status_code)
    assert statuses == [401, 401, 401, 429]


def test_a_one_time_sign_in_is_used_up_in_the_database(county: County) -> None:
    with visit(county) as client:
        client.get(f"/sign-in/once/{CODE}")
        assert sign_in(client).status_code == 303
        client.cookies.clear()
        assert sign_in(client).status_code == 401


@pytest.mark.parametrize("text", ["\x00", "\ud800", "x" * 10_000, "' OR 1=1 --"])
def test_what_a_database_cannot_hold_does_not_reach_it(county: County, text: str) -> None:
    quoted = quote(text.encode("utf-8", "surrogatepass"), safe="")
    with visit(county) as client:
        assert client.get(f"/a/{quoted}").status_code == 404
        page = client.get(f"/sign-in/once/{quoted}")
        (action,) = read_forms(page)
        assert submit(client, page, action).status_code == 401
        page = client.get("/sign-in")
        token = read_forms(page)["/sign-in"].fields["_csrf_token"]
        body = f"_csrf_token={token}&username={quoted}&password={quoted}"
        form = {"content-type": "application/x-www-form-urlencoded"}
        assert client.post("/sign-in", content=body, headers=form).status_code == 401
