"""The whole desk with its ledger on a real database, and visitors who fill in its forms."""

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from httpx import Cookies, Response
from litestar import Litestar
from litestar.testing import TestClient

from alerts.ladder import Ladders
from monitor.desk.casework import Casework
from monitor.desk.codes import hash_code
from monitor.desk.office import LedgerOffice, open_office
from monitor.desk.registering import RegisterRules, register_changed
from monitor.desk.stored_desk import DeskPolicy, StoredDesk
from monitor.domain import AlertReason, Case, Person, Role
from monitor.pipeline import make_raiser
from monitor.storage.case_lists import CaseQuery
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage
from tests.county import START, County
from tests.integration.desk_client import Clock, make_app, read_forms, serve

PEOPLE = {
    "fenxi": Role.ANALYST,
    "zhou": Role.DUTY_OFFICER,
    "zheng": Role.CASE_OFFICER,
    "qian": Role.CASE_OFFICER,
    "fuhe": Role.REVIEWER,
    "han": Role.LEADER,
    "guan": Role.ADMINISTRATOR,
}
"""zhou, zheng and han are the county's; the others join them."""

CLAIM = "宏图公司欠我三个月，没发工资，老板也找不到人"


@dataclass
class Ledger:
    """A county with everything that the pages of the ledger need."""

    county: County
    clock: Clock = field(default_factory=lambda: Clock(START))
    shared: TestClient[Litestar] | None = None
    open: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        storage = self.county.storage
        rules = RegisterRules()
        self.casework = Casework(storage, rules, self._raise)
        self.desk = StoredDesk(
            storage, [], DeskPolicy(timedelta(hours=2), timedelta(minutes=2)), self.casework
        )
        self.office: LedgerOffice = open_office(
            storage, self.casework, base_url="http://desk.example"
        )
        self.county.desk = self.desk
        with storage.work() as rows:
            for name, role in PEOPLE.items():
                if rows.users.find(name) is None:
                    rows.users.add(Person(name, f"{name}同志", role), None, START)

    def _raise(self, rows: Rows, case: Case, reason: AlertReason, now: Any) -> None:
        make_raiser(rows, self.county.duty, now).raise_for(case, reason)

    @property
    def storage(self) -> Storage:
        return self.county.storage

    @property
    def ladders(self) -> Ladders:
        return self.county.duty.ladders

    def post(self, text: str = CLAIM, *, key: str = "t1") -> Case:
        """Somebody asks for help; the newest case is what came of it."""
        self.county.now = self.clock.now
        self.county.post(text, key=key)
        self.county.digest()
        self.register()
        return self.newest()

    def register(self) -> None:
        with self.storage.work() as rows:
            register_changed(
                rows, self.casework.rules, START - timedelta(days=9), self.clock.now, 99
            )

    def newest(self) -> Case:
        with self.storage.look() as rows:
            return max(
                rows.case_lists.list_page(CaseQuery(), offset=0, limit=99),
                key=lambda each: each.case_id,
            )

    def case(self, case_id: int) -> Case:
        with self.storage.look() as rows:
            return rows.cases.get(case_id)

    @contextmanager
    def visit(self, name: str, **settings: Any) -> Iterator["LedgerVisitor"]:
        """Let somebody in by a one-time sign-in."""
        code = secrets.token_urlsafe(12)
        with self.storage.work() as rows:
            rows.users.add_sign_in_code(hash_code(code), name, self.clock.now + timedelta(hours=1))
        with self.open_client(**settings) as client:
            visitor = LedgerVisitor(client)
            page = client.get(f"/sign-in/once/{code}")
            visitor.submit(page, f"/sign-in/once/{code}")
            yield visitor

    @contextmanager
    def open_client(self, **settings: Any) -> Iterator["Browser | TestClient[Litestar]"]:
        """A browser of its own on the one desk; with settings, on a desk that is set up so."""
        if settings:
            with serve(self.desk, self.clock, office=self.office, **settings) as client:
                yield client
            return
        if self.shared is None:
            app = make_app(self.desk, self.clock, office=self.office)
            self.shared = self.open.enter_context(TestClient(app, raise_server_exceptions=False))
        yield Browser(self.shared)

    def close(self) -> None:
        self.open.close()


@dataclass
class Browser:
    """Cookies of its own on a client that several share."""

    shared: TestClient[Litestar]
    jar: Cookies = field(default_factory=Cookies)

    def request(self, method: str, path: str, **values: Any) -> Response:
        self.shared.cookies = self.jar
        answer = self.shared.request(method, path, **values)
        self.jar = self.shared.cookies
        return answer

    def get(self, path: str, **values: Any) -> Response:
        return self.request("GET", path, **values)

    def post(self, path: str, **values: Any) -> Response:
        return self.request("POST", path, **values)


@dataclass
class LedgerVisitor:
    """One person at the desk, without script."""

    client: Browser | TestClient[Litestar]

    def get(self, path: str) -> Response:
        return self.client.get(path, follow_redirects=False)

    def submit(self, page: Response, action: str, **values: Any) -> Response:
        form = read_forms(page)[action]
        return self.client.post(action, data={**form.fields, **values}, follow_redirects=False)

    def act(self, case_id: int, step: str, **values: Any) -> Response:
        """Open a case and send the form of one step; the page must contain it."""
        page = self.get(f"/cases/{case_id}")
        assert page.status_code == 200, page.text
        return self.submit(page, f"/cases/{case_id}/{step}", **values)

    def force(self, path: str, version: int | None = None, **values: Any) -> Response:
        """Send a form that no page offers, with a token of ours."""
        token = read_forms(self.get("/"))["/sign-out"].fields["_csrf_token"]
        sent = {"_csrf_token": token, **values}
        if version is not None:
            sent["version"] = str(version)
        return self.client.post(path, data=sent, follow_redirects=False)
