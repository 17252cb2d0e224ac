"""One request, as the handlers see it: who comes, when, in which language, and how to answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import MediaType
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.response import Redirect, Template
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER

from monitor.desk.duty_views import DutyDesk
from monitor.desk.office import LedgerOffice
from monitor.desk.views import Desk
from monitor.domain import Person
from monitor.errors import NotFoundError
from monitor.web.language import LANGUAGE_COOKIE, Language, asked_language, choose_language
from monitor.web.options import WebSettings
from monitor.web.sessions import DeskRequest

ONE_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class House:
    """What all requests share; kept in the application's state."""

    desk: Desk
    clock: Callable[[], datetime]
    settings: WebSettings
    languages: dict[str, Language]
    duty: DutyDesk | None = None
    office: LedgerOffice | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """A request and what it needs. `now` is read once, so that a page agrees with itself."""

    request: DeskRequest
    house: House
    now: datetime
    language: Language

    @property
    def desk(self) -> Desk:
        """What the pages ask and do."""
        return self.house.desk

    @property
    def office(self) -> LedgerOffice:
        """The ledger's parts.

        Raises:
            NotFoundError: This desk is served without a ledger.
        """
        if self.house.office is None:
            raise NotFoundError
        return self.house.office

    @property
    def duty(self) -> DutyDesk:
        """What the duty pages ask and do.

        Raises:
            NotFoundError: This desk has no duty pages.
        """
        if self.house.duty is None:
            raise NotFoundError
        return self.house.duty

    @property
    def person(self) -> Person:
        """Who is signed in; only for handlers that need a sign-in."""
        return self.request.user

    def page(self, name: str, *, status_code: int = HTTP_200_OK, **context: Any) -> Template:
        """Render a template with what every page needs."""
        shared = {
            "language": self.language,
            "now": self.now,
            "person": self.request.scope.get("user"),
            "bureau": self.house.settings.bureau,
            "here": self.request.url.path,
            "address_in": self.address_in,
            "has_ledger": self.house.office is not None,
            "has_model": self.request.app.state.get("models") is not None,
            "done": self.request.query_params.get("done", ""),
        }
        return Template(
            name,
            context={**shared, **context},
            status_code=status_code,
            cookies=self.language_cookies(),
            media_type=MediaType.HTML,
        )

    def redirect(self, path: str) -> Redirect:
        """Send the browser on after a POST, so that reloading does not act again."""
        return Redirect(path, status_code=HTTP_303_SEE_OTHER)

    def address_in(self, language: str) -> str:
        """This page's address in another language."""
        pairs = [(k, v) for k, v in self.request.query_params.multi_items() if k != "lang"]
        return f"{self.request.url.path}?{urlencode([*pairs, ('lang', language)])}"

    def language_cookies(self) -> list[Cookie]:
        """Remember a language that the address asked for."""
        asked = asked_language(self.request)
        if asked is None:
            return []
        secure = self.house.settings.cookie_secure
        return [
            Cookie(LANGUAGE_COOKIE, value=asked, max_age=ONE_YEAR, httponly=True, secure=secure)
        ]


Here = NamedDependency[Visit]
"""A handler's argument that Litestar fills in with the visit."""


def receive_visit(request: DeskRequest) -> Visit:
    """Make the visit of a request."""
    house: House = request.app.state.house
    return Visit(request, house, house.clock(), house.languages[choose_language(request)])
