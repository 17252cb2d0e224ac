"""The way in and out of the desk: sign-in, sessions, CSRF, limits."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from litestar.stores.file import FileStore
from litestar.stores.memory import MemoryStore

from monitor.domain import Role
from monitor.web.own_paths import own_path
from tests.integration.desk_client import Clock, Visitor, open_desk
from tests.integration.desk_samples import LINK_CODE, PASSWORD, SIGN_IN_CODE, make_office


@pytest.fixture
def visitor() -> Iterator[Visitor]:
    with open_desk() as opened:
        yield opened


def test_a_stranger_is_sent_to_the_sign_in_and_then_to_the_page_they_wanted(
    visitor: Visitor,
) -> None:
    answer = visitor.get("/cases?state=new&q=青禾")
    assert answer.status_code == 303
    page = visitor.get(answer.headers["location"])
    answer = visitor.submit(page, "/sign-in", username="wang", password=PASSWORD)
    assert answer.status_code == 303
    listed = visitor.get(answer.headers["location"])
    assert listed.status_code == 200
    assert "临川宏远" in listed.text


@pytest.mark.parametrize("path", ["/", "/cases", "/cases/1", "/sources", "/duty"])
def test_no_page_of_the_office_opens_without_a_sign_in(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert answer.text == ""


def test_a_program_without_a_session_gets_401_and_no_redirect(visitor: Visitor) -> None:
    answer = visitor.get("/cases/1", accept="application/json")
    assert answer.status_code == 401
    assert answer.json()["status"] == 401


@pytest.mark.parametrize(
    ("username", "password"), [("wang", "wrong"), ("nobody", PASSWORD), ("wang", "x" * 5000)]
)
def test_a_refused_sign_in_does_not_say_what_was_wrong(
    visitor: Visitor, username: str, password: str
) -> None:
    answer = visitor.sign_in(username, password)
    assert answer.status_code == 401
    assert "用户名或密码不对" in answer.text
    assert password not in answer.text
    assert visitor.get("/").status_code == 303


def test_a_disabled_person_cannot_sign_in(visitor: Visitor) -> None:
    wang = visitor.office.people["wang"]
    visitor.office.people["wang"] = replace(wang, disabled=True)
    assert visitor.sign_in().status_code == 401


@pytest.mark.parametrize(
    ("change"), [{"disabled": True}, {"role": Role.ANALYST}, None], ids=["disabled", "role", "gone"]
)
def test_a_session_ends_at_once_when_the_person_is_changed(
    visitor: Visitor, change: dict[str, object] | None
) -> None:
    visitor.sign_in()
    assert visitor.get("/").status_code == 200
    wang = visitor.office.people.pop("wang")
    if change is not None:
        visitor.office.people["wang"] = replace(wang, **change)  # type: ignore[arg-type]
    assert visitor.get("/").status_code == 303
    visitor.office.people["wang"] = wang
    assert visitor.get("/").status_code == 303, "the ended session must not come back"


def test_a_session_ends_when_nothing_was_asked_for_long(visitor: Visitor) -> None:
    visitor.sign_in()
    visitor.clock.forward(hours=7)
    assert visitor.get("/").status_code == 200
    visitor.clock.forward(hours=7)
    assert visitor.get("/").status_code == 200, "the second request moved the end"
    visitor.clock.forward(hours=8)
    assert visitor.get("/").status_code == 303


def test_a_session_ends_a_day_after_the_sign_in_however_busy(visitor: Visitor) -> None:
    visitor.sign_in()
    for _ in range(23):
        visitor.clock.forward(hours=1)
        assert visitor.get("/").status_code == 200
    visitor.clock.forward(hours=1)
    assert visitor.get("/").status_code == 303


def test_signing_out_ends_the_session_on_the_server(visitor: Visitor) -> None:
    visitor.sign_in()
    stolen = visitor.client.cookies["qingxin"]
    answer = visitor.submit(visitor.get("/"), "/sign-out")
    assert answer.headers["location"] == "/sign-in"
    visitor.client.cookies.set("qingxin", stolen, domain="testserver.local")
    assert visitor.get("/").status_code == 303


def test_a_sign_in_gets_a_new_session_number(visitor: Visitor) -> None:
    planted = "a" * 64
    visitor.client.cookies.set("qingxin", planted, domain="testserver.local")
    answer = visitor.sign_in()
    number = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    assert number not in {planted, "null", ""}
    visitor.client.cookies.clear()
    visitor.client.cookies.set("qingxin", planted, domain="testserver.local")
    assert visitor.get("/").status_code == 303
    visitor.client.cookies.set("qingxin", number, domain="testserver.local")
    assert visitor.get("/").status_code == 200


def test_a_second_sign_in_ends_the_session_before_it(visitor: Visitor) -> None:
    visitor.sign_in()
    first = visitor.client.cookies["qingxin"]
    visitor.sign_in("li")
    assert visitor.client.cookies["qingxin"] != first
    visitor.client.cookies.clear()
    visitor.client.cookies.set("qingxin", first, domain="testserver.local")
    assert visitor.get("/").status_code == 303


def test_the_store_holds_no_session_number_and_no_session_of_a_stranger() -> None:
    store = MemoryStore()
    with open_desk(sessions=store) as visitor:
        visitor.get("/sign-in")
        visitor.get(f"/a/{LINK_CODE}")
        assert store._store == {}
        visitor.sign_in()
        assert len(store._store) == 1
        assert visitor.client.cookies["qingxin"] not in store._store


def test_looking_at_pages_writes_the_session_at_most_once_a_minute(visitor: Visitor) -> None:
    visitor.sign_in()
    visitor.clock.forward(seconds=30)
    assert "qingxin=" not in visitor.get("/").headers.get("set-cookie", "")
    visitor.clock.forward(seconds=31)
    assert "qingxin=" in visitor.get("/").headers["set-cookie"]
    assert "qingxin=" not in visitor.get("/").headers.get("set-cookie", "")


def test_a_session_outlives_a_restart_of_the_desk(tmp_path: Path) -> None:
    office, clock = make_office(), Clock()
    store = FileStore(tmp_path / "sessions", create_directories=True)
    with open_desk(office, clock=clock, sessions=store) as before:
        before.sign_in()
        number = before.client.cookies["qingxin"]
    with open_desk(office, clock=clock, sessions=store) as after:
        after.client.cookies.set("qingxin", number, domain="testserver.local")
        assert after.get("/").status_code == 200


def test_the_cookies_are_kept_from_script_and_from_plain_http() -> None:
    with open_desk(cookie_secure=True) as visitor:
        visitor.client.base_url = "https://testserver.local"
        answer = visitor.get("/sign-in?lang=en")
        answer_in = visitor.sign_in()
        cookies = answer.headers.get_list("set-cookie") + answer_in.headers.get_list("set-cookie")
        names = {cookie.partition("=")[0] for cookie in cookies}
        assert {"__Host-qingxin", "__Host-qingxin-csrf", "qingxin_language"} <= names
        assert all("HttpOnly" in cookie and "Secure" in cookie for cookie in cookies)
        assert all("samesite=lax" in cookie.lower() for cookie in cookies)
        assert "max-age" in answer.headers["strict-transport-security"]


# ---------------------------------------------------------------- the one-time sign-in


def test_opening_a_one_time_sign_in_uses_nothing_up(visitor: Visitor) -> None:
    for _ in range(3):
        assert visitor.get(f"/sign-in/once/{SIGN_IN_CODE}").status_code == 200
    assert visitor.office.sign_in_codes == {SIGN_IN_CODE: "wang"}
    assert visitor.get("/").status_code == 303


def test_a_one_time_sign_in_works_once(visitor: Visitor) -> None:
    page = visitor.get(f"/sign-in/once/{SIGN_IN_CODE}")
    answer = visitor.submit(page, f"/sign-in/once/{SIGN_IN_CODE}")
    assert answer.headers["location"] == "/"
    assert visitor.get("/").status_code == 200
    visitor.client.cookies.clear()
    page = visitor.get(f"/sign-in/once/{SIGN_IN_CODE}")
    answer = visitor.submit(page, f"/sign-in/once/{SIGN_IN_CODE}")
    assert answer.status_code == 401
    assert "已经用过" in answer.text
    assert visitor.get("/").status_code == 303


# ---------------------------------------------------------------- CSRF and limits


@pytest.mark.parametrize(
    "path",
    [
        "/sign-in",
        f"/sign-in/once/{SIGN_IN_CODE}",
        "/sign-out",
        f"/a/{LINK_CODE}",
        "/cases/1/acknowledge",
        "/cases/1/accept",
        "/cases/1/refer",
        "/cases/1/not-a-claim",
    ],
)
@pytest.mark.parametrize("token", [None, "", "made-up"])
def test_no_form_acts_without_the_token_of_its_page(
    visitor: Visitor, path: str, token: str | None
) -> None:
    visitor.sign_in()
    cases, alerts = dict(visitor.office.cases), dict(visitor.office.alerts)
    form = {"version": "1", "reason": "试", "body": "court", "username": "li", "password": PASSWORD}
    if token is not None:
        form["_csrf_token"] = token
    answer = visitor.client.post(path, data=form, follow_redirects=False)
    assert answer.status_code == 403
    assert "页面已过期" in answer.text
    assert visitor.office.cases == cases
    assert visitor.office.alerts == alerts
    assert SIGN_IN_CODE in visitor.office.sign_in_codes
    assert "王值班" in visitor.get("/").text, "still the same person"


def test_guessing_passwords_is_slowed_down() -> None:
    with open_desk(sign_ins_per_minute=5) as visitor:
        assert [visitor.sign_in(password=str(n)).status_code for n in range(5)] == [401] * 5
        answer = visitor.sign_in()
        assert answer.status_code == 429
        assert "操作太频繁" in answer.text
        assert int(answer.headers["retry-after"]) > 0
        assert visitor.get("/sign-in").status_code == 200, "looking at the form is no try"
        assert visitor.get(f"/a/{LINK_CODE}").status_code == 200, "links have their own limit"


def test_one_time_codes_share_the_limit_of_the_sign_in() -> None:
    with open_desk(sign_ins_per_minute=3) as visitor:
        for number in range(3):
            page = visitor.get(f"/sign-in/once/guess-{number}")
            assert visitor.submit(page, f"/sign-in/once/guess-{number}").status_code == 401
        page = visitor.get(f"/sign-in/once/{SIGN_IN_CODE}")
        assert visitor.submit(page, f"/sign-in/once/{SIGN_IN_CODE}").status_code == 429
        assert SIGN_IN_CODE in visitor.office.sign_in_codes


def test_guessing_alert_links_is_slowed_down() -> None:
    with open_desk(links_per_minute=4) as visitor:
        assert [visitor.get(f"/a/guess-{n}").status_code for n in range(4)] == [404] * 4
        assert visitor.get(f"/a/{LINK_CODE}").status_code == 429


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/cases?state=new", "/cases?state=new"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/cases\r\nset-cookie: a=b", "/"),
        ("", "/"),
    ],
)
def test_after_the_sign_in_one_stays_at_this_desk(path: str, expected: str) -> None:
    assert own_path(path) == expected


def test_a_planted_address_after_the_sign_in_is_not_followed(visitor: Visitor) -> None:
    page = visitor.get("/sign-in?then=https://evil.example/")
    answer = visitor.submit(
        page, "/sign-in", username="wang", password=PASSWORD, then="//evil.example"
    )
    assert answer.headers["location"] == "/"
