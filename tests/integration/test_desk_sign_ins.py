"""Where somebody is signed in: seen and ended by themselves, ended by an administrator."""

import re
from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from monitor.bootstrap.app import read_clock
from monitor.desk.sign_ins import MOST_SESSIONS
from monitor.storage.session import Storage
from monitor.storage.sessions import make_store
from tests.county import County
from tests.integration.desk_client import make_app
from tests.integration.ledger_office import Browser, Ledger, LedgerVisitor
from tests.integration.test_desk_rights import PASSWORD, code_at, set_password

App = TestClient[Litestar]
PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
KEYS = re.compile(r'name="session" value="([0-9a-f]{64})"')


@pytest.fixture
def ledger(storage: Storage) -> Iterator[Ledger]:
    opened = Ledger(County(storage))
    opened.clock.now = read_clock()  # the store of sessions has the machine's own clock
    for name in ("zheng", "zhou", "guan"):
        set_password(opened, name, PASSWORD)
    yield opened
    opened.close()


@pytest.fixture
def app(ledger: Ledger) -> Iterator[App]:
    sessions = make_store(ledger.storage, "sessions")
    made = make_app(ledger.desk, ledger.clock, office=ledger.office, sessions=sessions)
    with TestClient(made, raise_server_exceptions=False) as client:
        yield client


def enter(app: App, name: str, agent: str = "desk") -> LedgerVisitor:
    """Sign somebody in with the password, in a browser of its own."""
    app.headers["user-agent"] = agent
    visitor = LedgerVisitor(Browser(app))
    page = visitor.get("/sign-in")
    answer = visitor.submit(page, "/sign-in", username=name, password=PASSWORD)
    assert answer.status_code == 303
    return visitor


def is_in(visitor: LedgerVisitor) -> bool:
    return visitor.get("/account").status_code == 200


def test_one_sees_the_own_sessions_and_ends_one_by_one(ledger: Ledger, app: App) -> None:
    desk, phone, other = enter(app, "zheng"), enter(app, "zheng", PHONE), enter(app, "zhou")
    page = desk.get("/account")
    assert "现在这里" in page.text
    assert "手机" in page.text
    [key] = KEYS.findall(page.text)
    assert "Android" not in page.text, "one word for the device, nothing else of the browser"
    refused = desk.submit(page, "/account/sessions", session=key, code="wrong password")
    assert refused.status_code == 400
    assert is_in(phone), "nobody was proved to ask"
    answer = desk.submit(page, "/account/sessions", session=key, code=PASSWORD)
    assert answer.headers["location"] == "/account?done=session"
    assert not is_in(phone)
    assert is_in(desk)
    assert is_in(other)
    again = desk.submit(page, "/account/sessions", session=key, code=PASSWORD)
    assert again.status_code == 404
    with ledger.storage.look() as rows:
        actions = [each.action for each in rows.audit.list_newest(actor="zheng")]
    assert actions.count("session.ended") == 1


def test_nobody_ends_the_session_of_another_by_its_key(ledger: Ledger, app: App) -> None:
    victim, other, second = enter(app, "zheng"), enter(app, "zhou"), enter(app, "zhou")
    with ledger.storage.look() as rows:
        [key] = [each.key for each in rows.signed_in.list_of("zheng", ledger.clock.now)]
    page = other.get("/account")
    answer = other.submit(page, "/account/sessions", session=key, code=PASSWORD)
    assert answer.status_code == 404
    assert is_in(victim)
    assert is_in(second)


def test_all_others_end_at_once_and_this_one_goes_on(app: App) -> None:
    here, *others = [enter(app, "zheng") for _ in range(3)]
    page = here.get("/account")
    answer = here.submit(page, "/account/sessions", session="others", code=PASSWORD)
    assert answer.status_code == 303
    assert is_in(here)
    assert not any(is_in(each) for each in others)


def test_with_a_second_factor_the_phone_is_asked_and_not_the_password(
    ledger: Ledger, app: App
) -> None:
    here, other = enter(app, "zheng"), enter(app, "zheng")
    people = ledger.office.people
    people.begin_totp("zheng")
    assert people.check_totp("zheng", code_at(ledger, "zheng"), ledger.clock.now)
    page = here.get("/account")
    refused = here.submit(page, "/account/sessions", session="others", code=PASSWORD[:12])
    assert refused.status_code == 400
    ledger.clock.forward(seconds=60)
    code = code_at(ledger, "zheng")
    answer = here.submit(page, "/account/sessions", session="others", code=code)
    assert answer.status_code == 303
    assert not is_in(other)


def test_one_sign_in_more_than_allowed_ends_the_oldest(ledger: Ledger, app: App) -> None:
    opened = []
    for _ in range(MOST_SESSIONS + 1):
        opened.append(enter(app, "zheng"))
        ledger.clock.forward(seconds=1)
    assert [is_in(each) for each in opened] == [False, *[True] * MOST_SESSIONS]


def test_a_session_that_was_ended_does_not_come_back_with_its_last_request(
    ledger: Ledger, app: App
) -> None:
    """A request that began before the end writes the time it was seen, after the end."""
    here = enter(app, "zheng")
    ledger.clock.forward(minutes=5)  # so that the next request wants to write
    ended: list[bool] = []

    class Ending:
        """Ends the session while a page is being made."""

        def __init__(self, list_sessions: object) -> None:
            self.list_sessions = list_sessions

        def __call__(self, *words: object) -> object:
            found = self.list_sessions(*words)  # type: ignore[operator]
            with ledger.storage.work() as rows:
                ended.extend(
                    rows.signed_in.end("zheng", each.key, ledger.clock.now)
                    for each in rows.signed_in.list_of("zheng", ledger.clock.now)
                )
            return found

    people = ledger.office.people
    people.list_sessions = Ending(people.list_sessions)  # type: ignore[method-assign,assignment]
    assert here.get("/account").status_code == 200
    assert ended == [True]
    assert here.get("/").headers["location"] == "/sign-in"


def test_an_administrator_signs_somebody_out_and_everybody(ledger: Ledger, app: App) -> None:
    admin, one, other = enter(app, "guan"), enter(app, "zheng"), enter(app, "zhou")
    page = admin.get("/users")
    answer = admin.submit(page, "/users/zheng/sign-out")
    assert answer.headers["location"] == "/users?done=saved"
    assert not is_in(one)
    assert is_in(other)
    answer = admin.submit(page, "/users/sign-out")
    assert answer.headers["location"] == "/users?done=signed-out"
    assert not is_in(other)
    assert is_in(admin)
    assert admin.force("/users/guan/sign-out").status_code == 400
    assert admin.force("/users/nobody/sign-out").status_code == 404
    with ledger.storage.look() as rows:
        lines = rows.audit.list_newest(actor="guan", limit=90)
    out = [each.subject for each in lines if each.action == "user.signed_out"]
    assert out.count("user:zheng") == 2
    assert "user:guan" not in out
