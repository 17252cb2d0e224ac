"""The way in and out: sign-in by password or by a one-time code, and sign-out."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, URLEncodedBody
from litestar.response import Template
from litestar.status_codes import HTTP_401_UNAUTHORIZED

from monitor.web.own_paths import own_path
from monitor.web.second_factor import SECOND, go_on
from monitor.web.visit import Here

LONGEST_INPUT = 256


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What the sign-in page sends; `then` is the path to go on to."""

    username: str = ""
    password: str = ""
    then: str = "/"


@get("/sign-in", public=True, sync_to_thread=False)
def show_sign_in(visit: Here, then: FromQuery[str] = "/") -> Template:
    """Show the sign-in page."""
    return visit.page("sign_in.html", then=own_path(then), username="", refused=False)


@post("/sign-in", public=True, sync_to_thread=True)
def sign_in(
    visit: Here,
    data: URLEncodedBody[SignInForm],
) -> Response[Any]:
    """Sign in by password; a refusal does not say which of the two was wrong."""
    person = None
    if could_be_ours(data.username) and len(data.password) <= LONGEST_INPUT:
        person = visit.desk.sign_in(data.username.strip(), data.password, visit.now)
    if person is None:
        return visit.page(
            "sign_in.html",
            status_code=HTTP_401_UNAUTHORIZED,
            then=own_path(data.then),
            username=data.username[:LONGEST_INPUT],
            refused=True,
        )
    return go_on(visit, person, data.then, "password")


@get("/sign-in/once/{code:str}", public=True, sync_to_thread=False)
def show_one_time_sign_in(visit: Here, code: FromPath[str]) -> Template:
    """Show a button; opening the link alone uses nothing up."""
    return visit.page("sign_in_once.html", code=code, refused=False)


@post("/sign-in/once/{code:str}", public=True, sync_to_thread=True)
def one_time_sign_in(visit: Here, code: FromPath[str]) -> Response[Any]:
    """Use the code up and sign in."""
    person = visit.desk.redeem_sign_in_code(code, visit.now) if could_be_ours(code) else None
    if person is None:
        return visit.page(
            "sign_in_once.html", status_code=HTTP_401_UNAUTHORIZED, code=code, refused=True
        )
    return go_on(visit, person, "/", "one_time")


@post("/sign-out", public=True, sync_to_thread=False)
def sign_out(visit: Here) -> Response[Any]:
    """End the session; harmless without one."""
    visit.request.clear_session()
    return visit.redirect("/sign-in")


def could_be_ours(text: str) -> bool:
    """Keep from the database what no name or code of ours is, e.g. a NUL (PostgreSQL refuses)."""
    return len(text) <= LONGEST_INPUT and text.isprintable()


ENTRY = [show_sign_in, sign_in, show_one_time_sign_in, one_time_sign_in, sign_out, *SECOND]
