"""A browser without a screen, and without script: fills in the forms that the pages contain."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any

from httpx import Response
from litestar import Litestar
from litestar.stores.base import Store
from litestar.stores.memory import MemoryStore
from litestar.testing import TestClient

from monitor.desk.office import LedgerOffice
from monitor.desk.views import Desk
from monitor.web.app import create_app
from monitor.web.options import WebSettings
from tests.integration.desk_samples import NOON, PASSWORD, make_office
from tests.integration.fake_desk import FakeDesk


@dataclass
class Form:
    """A form as a page contains it."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class FormReader(HTMLParser):
    """Collects the forms of a page with the values that the page gives them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get")))
        elif self.forms and tag in {"input", "select", "textarea"} and "name" in values:
            self.forms[-1].fields.setdefault(values["name"], values.get("value", ""))


def read_forms(page: Response) -> dict[str, Form]:
    """List a page's forms by the address that they send to."""
    reader = FormReader()
    reader.feed(page.text)
    return {form.action: form for form in reader.forms}


@dataclass
class Clock:
    """A clock that is pushed by hand."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Visitor:
    """One person at the desk."""

    client: TestClient[Litestar]
    office: FakeDesk
    clock: Clock = field(default_factory=Clock)

    def get(self, path: str, **headers: str) -> Response:
        return self.client.get(path, headers=headers, follow_redirects=False)

    def submit(self, page: Response, action: str, **values: str) -> Response:
        """Send one of the page's own forms, with what the person filled in."""
        form = read_forms(page)[action]
        assert form.method == "post"
        return self.client.post(action, data={**form.fields, **values}, follow_redirects=False)

    def sign_in(self, username: str = "wang", password: str = PASSWORD) -> Response:
        page = self.get("/sign-in")
        return self.submit(page, "/sign-in", username=username, password=password)

    def do(self, case_id: int, step: str, **values: str) -> Response:
        """Open a case and send the form of one step."""
        page = self.get(f"/cases/{case_id}")
        return self.submit(page, f"/cases/{case_id}/{step}", **values)


def make_app(
    desk: Desk,
    clock: Clock,
    *,
    sessions: Store | None = None,
    limits: Store | None = None,
    office: LedgerOffice | None = None,
    **settings: Any,
) -> Litestar:
    """Build any desk with stores in memory and generous limits."""
    values = {
        "cookie_secure": False,
        "sign_ins_per_minute": 500,
        "links_per_minute": 50,
        "api_per_minute": 100_000,
        **settings,
    }
    return create_app(
        desk,
        clock=clock,
        settings=WebSettings(bytes(range(32)), "http://desk.example", **values),
        session_store=sessions or MemoryStore(),
        limit_store=limits or MemoryStore(),
        office=office,
    )


@contextmanager
def serve(
    desk: Desk,
    clock: Clock,
    *,
    raise_faults: bool = True,
    **settings: Any,
) -> Iterator[TestClient[Litestar]]:
    """Serve any desk in memory."""
    app = make_app(desk, clock, **{"sign_ins_per_minute": 50, **settings})
    with TestClient(app, raise_server_exceptions=raise_faults) as client:
        yield client


@contextmanager
def open_desk(
    office: FakeDesk | None = None,
    *,
    clock: Clock | None = None,
    sessions: Store | None = None,
    raise_faults: bool = True,
    **settings: Any,
) -> Iterator[Visitor]:
    """Serve the invented office and let one visitor in."""
    office = office or make_office()
    clock = clock or Clock()
    with serve(office, clock, sessions=sessions, raise_faults=raise_faults, **settings) as client:
        yield Visitor(client, office, clock)
