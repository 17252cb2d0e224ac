"""The duty pages through a browser without script, on a real database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta

import pytest
from icalendar import Calendar
from litestar.stores.memory import MemoryStore
from litestar.testing import TestClient

from monitor.desk.passwords import hash_password
from monitor.desk.stored_desk import DeskPolicy, StoredDesk
from monitor.desk.stored_duty import StoredDutyDesk
from monitor.domain import SHANGHAI, Contact, DutyRole, Person, Role, Shift
from monitor.storage.session import Storage
from monitor.web.app import create_app
from monitor.web.options import WebSettings
from tests.integration.desk_client import Clock, Visitor, read_forms

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
DAY = timedelta(days=1)
FIRST = datetime.combine(NOW.astimezone(SHANGHAI).date(), time(8), SHANGHAI)
PEOPLE = [
    ("wang", "王芳", Role.DUTY_OFFICER),
    ("li", "李强", Role.DUTY_OFFICER),
    ("zhao", "赵敏", Role.LEADER),
    ("chen", "陈静", Role.ANALYST),
]


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def office(storage: Storage, password_hash: str) -> Storage:
    with storage.work() as rows:
        for name, shown, role in PEOPLE:
            rows.users.add(Person(name, shown, role, (Contact("mail", name),)), password_hash, NOW)
        for duty, names in (
            (DutyRole.OFFICER, ["wang", "li"]),
            (DutyRole.LEADER, ["zhao"]),
        ):
            rows.duty.replace(
                [
                    Shift(duty, names[n % len(names)], FIRST + n * DAY, FIRST + (n + 1) * DAY)
                    for n in range(20)
                ]
            )
    return storage


@contextmanager
def visit(storage: Storage, *names: str) -> Iterator[list[Visitor]]:
    """Let some people in, each with a browser of their own."""
    clock = Clock(NOW)
    policy = DeskPolicy(timedelta(hours=2), timedelta(minutes=2), desk_url="http://desk")
    app = create_app(
        StoredDesk(storage, [], policy),
        clock=clock,
        settings=WebSettings(bytes(32), "http://desk", cookie_secure=False),
        session_store=MemoryStore(),
        limit_store=MemoryStore(),
        duty=StoredDutyDesk(storage, policy),
    )
    with TestClient(app) as first:
        visitors = []
        for number, name in enumerate(names):
            client = first if number == 0 else TestClient(app)
            visitor = Visitor(client, None, clock)  # type: ignore[arg-type] # a real desk
            assert visitor.sign_in(name, PASSWORD).status_code == 303
            visitors.append(visitor)
        yield visitors


def test_two_people_swap_on_the_desk_and_swap_back(office: Storage) -> None:
    with visit(office, "wang", "li") as (wang, li):
        page = wang.get("/duty/swaps")
        mine = [part.split('"')[0] for part in page.text.split('value="')[1:]]
        given = next(value for value in mine if value.startswith("wang|officer|"))
        taken = next(value for value in mine if value.startswith("li|officer|"))
        wang.submit(page, "/duty/swaps/propose", given=given, wanted=taken, note="家里有事")
        assert "等对方答复" in wang.get("/duty/swaps").text
        assert "/duty/swaps/1/agree" not in read_forms(wang.get("/duty/swaps"))
        answered = li.submit(li.get("/duty/swaps"), "/duty/swaps/1/agree")
        assert answered.headers["location"] == "/duty/swaps?done=agreed"
        assert "双方已确认" in wang.get("/duty/swaps").text
        # Back again: what was wang's is li's now.
        page = li.get("/duty/swaps")
        back = given.replace("wang|", "li|"), taken.replace("li|", "wang|")
        li.submit(page, "/duty/swaps/propose", given=back[0], wanted=back[1])
        wang.submit(wang.get("/duty/swaps"), "/duty/swaps/2/agree")
        again = wang.get("/duty/swaps")
        assert given in again.text
        assert taken in again.text


def test_a_swap_that_was_refused_says_why(office: Storage) -> None:
    with visit(office, "wang") as (wang,):
        page = wang.get("/duty/swaps")
        begun = f"wang|officer|{FIRST.isoformat()}|{(FIRST + DAY).isoformat()}"
        answer = wang.submit(page, "/duty/swaps/propose", given=begun, wanted="li")
        assert answer.status_code == 400
        assert "R403" in answer.text


@pytest.mark.parametrize(
    "given", ["", "x", "wang|officer|2026-12-01|heute", "wang|king|1|2", "a|b|c|d|e", "\x00|a|b|c"]
)
def test_no_words_in_the_form_break_it(office: Storage, given: str) -> None:
    with visit(office, "wang") as (wang,):
        page = wang.get("/duty/swaps")
        answer = wang.submit(page, "/duty/swaps/propose", given=given, wanted="li")
        assert answer.status_code == 400


def test_only_who_keeps_the_roster_may_change_it(office: Storage) -> None:
    form = {"person": "li", "starts": "2026-12-01T08:00", "ends": "2026-12-01T20:00"}
    with visit(office, "zhao", "wang") as (zhao, wang):
        assert "/duty/roster/put" not in read_forms(wang.get("/duty/roster"))
        page = zhao.get("/duty/roster")
        done = zhao.submit(page, "/duty/roster/put", duty="officer", note="开会", **form)
        assert done.headers["location"] == "/duty/roster?done=changed"
        shown = zhao.get("/duty/roster")
        assert "开会" in shown.text
        zhao.submit(shown, "/duty/roster/changes/1/withdraw")
        assert "开会" not in zhao.get("/duty/roster").text
        # The form of one is of no use to the other.
        csrf = read_forms(wang.get("/duty/roster"))["/duty/calendar"].fields
        answer = wang.client.post("/duty/roster/put", data={**csrf, "duty": "officer", **form})
        assert answer.status_code == 403


def test_an_absence_is_entered_and_ended(office: Storage) -> None:
    with visit(office, "zhao") as (zhao,):
        page = zhao.get("/duty/roster")
        zhao.submit(
            page,
            "/duty/roster/away",
            person="wang",
            substitute="",
            starts="2026-11-25T08:00",
            ends="2026-11-26T08:00",
        )
        shown = zhao.get("/duty/roster")
        assert "没有人代班" in shown.text
        assert "值班员：11-25 08:00 至 11-26 08:00 无人" in shown.text
        zhao.submit(shown, "/duty/roster/absences/1/end")
        assert "没有人代班" not in zhao.get("/duty/roster").text


def test_times_and_days_that_cannot_be_read_are_refused(office: Storage) -> None:
    with visit(office, "zhao") as (zhao,):
        page = zhao.get("/duty/roster")
        answer = zhao.submit(page, "/duty/roster/put", duty="officer", person="li", starts="morgen")
        assert answer.status_code == 400
        assert zhao.get("/duty/roster?first=2026-13-01").status_code == 400
        assert zhao.get("/duty/roster?first=9999-01-01").status_code == 400
        assert zhao.get("/duty/roster?first=2026-12-07").status_code == 200
        assert zhao.get("/duty/handovers/7").status_code == 404
        assert zhao.get("/duty/continuity/breaks?subject=x").status_code == 404


def test_a_calendar_has_a_secret_address_that_shows_only_once(office: Storage) -> None:
    with visit(office, "wang") as (wang,):
        page = wang.submit(wang.get("/duty/roster"), "/duty/calendar")
        address = page.text.split("http://desk")[1].split("<")[0]
        assert address not in wang.get("/duty/roster").text
        stranger = TestClient(wang.client.app)
        answer = stranger.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/calendar")
        events = Calendar.from_ical(answer.text).walk("VEVENT")
        assert len(events) == 10
        second = wang.submit(wang.get("/duty/roster"), "/duty/calendar").text
        assert stranger.get(address).status_code == 404  # a new one ends the old one
        assert stranger.get(second.split("http://desk")[1].split("<")[0]).status_code == 200
        for guess in ("x", "x.ics", "%00.ics", "a" * 300):
            assert stranger.get(f"/calendar/{guess}").status_code == 404
        with office.engine.connect() as db:
            kept = db.exec_driver_sql("SELECT token_hash FROM calendar_addresses").scalar_one()
        assert kept not in address


def test_somebody_who_is_disabled_has_no_calendar(office: Storage) -> None:
    with visit(office, "wang") as (wang,):
        page = wang.submit(wang.get("/duty/roster"), "/duty/calendar")
        address = page.text.split("http://desk")[1].split("<")[0]
        with office.work() as rows:
            rows.users.save(Person("wang", "王芳", Role.DUTY_OFFICER, (), disabled=True))
        assert TestClient(wang.client.app).get(address).status_code == 404


def test_who_only_reads_may_look_and_not_swap(office: Storage) -> None:
    with visit(office, "chen") as (chen,):
        for path in ("/duty", "/duty/roster", "/duty/swaps", "/duty/handovers", "/duty/continuity"):
            assert chen.get(path).status_code == 200, path
        csrf = read_forms(chen.get("/duty/roster"))["/duty/calendar"].fields
        given = f"wang|officer|{(FIRST + 2 * DAY).isoformat()}|{(FIRST + 3 * DAY).isoformat()}"
        answer = chen.client.post(
            "/duty/swaps/propose", data={**csrf, "given": given, "wanted": "li"}
        )
        assert answer.status_code == 403


def test_nobody_sees_the_duty_pages_without_signing_in(office: Storage) -> None:
    with visit(office, "wang") as (wang,):
        stranger = TestClient(wang.client.app)
        for path in ("/duty/roster", "/duty/swaps", "/duty/handovers", "/duty/continuity"):
            answer = stranger.get(path, follow_redirects=False)
            assert answer.status_code in {303, 401}, path
