"""The second step of a sign-in: a code from the phone, and before the first one setting it up.

Between the two steps the session holds only who has passed the first, for five minutes; it opens
nothing else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import segno
from litestar import Response, get, post
from litestar.params import URLEncodedBody
from litestar.response import Template
from litestar.status_codes import HTTP_401_UNAUTHORIZED
from markupsafe import Markup

from monitor.desk.proving import needs_second_factor
from monitor.domain import Person
from monitor.web.own_paths import own_path
from monitor.web.sessions import open_session, set_half_session
from monitor.web.visit import Here, Visit

HALF_SESSION_FOR = timedelta(minutes=5)
LONGEST_CODE = 12
LONGEST_RECOVERY = 20


def go_on(visit: Visit, person: Person, then: str, how: str) -> Response[Any]:
    """After the first step: open the session, or ask for the second."""
    office = visit.house.office
    if office is None:
        open_session(visit.request, person, visit.now)
        return visit.redirect(own_path(then))
    if visit.house.settings.second_factor and needs_second_factor(person):
        set_half_session(visit.request, person, visit.now, own_path(then), how)
        return visit.redirect("/sign-in/second")
    epoch = office.people.note_sign_in(person.username, visit.now, how)
    open_session(visit.request, person, visit.now, epoch)
    return visit.redirect(own_path(then))


def find_half(visit: Visit) -> dict[str, str] | None:
    """Who has passed the first step, if that was not too long ago."""
    half = visit.request.session.get("half") if visit.request.session else None
    if not isinstance(half, dict):
        return None
    if visit.now - datetime.fromisoformat(half["at"]) > HALF_SESSION_FOR:
        return None
    return half


@dataclass(frozen=True, slots=True)
class CodeForm:
    """The phone's code that the person typed, or a recovery code."""

    code: str = ""
    recovery: str = ""


@get("/sign-in/second", public=True, sync_to_thread=True)
def show_second(visit: Here) -> Response[Any]:
    """Ask for the code; the first time show what the phone has to scan."""
    half = find_half(visit)
    if half is None:
        return visit.redirect("/sign-in")
    return second_page(visit, half["username"], refused=False)


def second_page(visit: Visit, username: str, *, refused: bool) -> Template:
    """Show the page of the second step."""
    people = visit.office.people
    address = "" if people.get_security(username).has_totp else people.begin_totp(username)
    secret = address.partition("secret=")[2].partition("&")[0]
    return visit.page(
        "sign_in_second.html",
        status_code=HTTP_401_UNAUTHORIZED if refused else 200,
        refused=refused,
        picture=draw_code(address) if address else "",
        has_codes=not address and visit.office.recovery.count(username) > 0,
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    )


def draw_code(address: str) -> Markup:
    """Draw a QR code as SVG with attributes only, which the content policy allows."""
    drawn = BytesIO()
    segno.make(address, micro=False).save(
        drawn, kind="svg", xmldecl=False, svgns=False, scale=4, svgclass="qr", lineclass="qr-line"
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by the library from our address


@post("/sign-in/second", public=True, sync_to_thread=True)
def check_second(visit: Here, data: URLEncodedBody[CodeForm]) -> Response[Any]:
    """Check the code, and open the session."""
    half = find_half(visit)
    if half is None:
        return visit.redirect("/sign-in")
    people, username = visit.office.people, half["username"]
    person = visit.desk.find_person(username)
    code = data.code if len(data.code) <= LONGEST_CODE else ""
    word = data.recovery if len(data.recovery) <= LONGEST_RECOVERY else ""
    if person is None or person.disabled:
        return second_page(visit, username, refused=True)
    if word:
        is_right = visit.office.recovery.check(username, word, visit.now)
    else:
        is_right = people.check_totp(username, code, visit.now)
    if not is_right:
        return second_page(visit, username, refused=True)
    epoch = people.note_sign_in(username, visit.now, half["how"])
    open_session(visit.request, person, visit.now, epoch)
    return visit.redirect(own_path(half["then"]))


SECOND = [show_second, check_second]
