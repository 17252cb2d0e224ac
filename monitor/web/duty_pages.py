"""The duty pages: the roster, swaps, hand-overs, continuity, and the calendar on a phone."""

from datetime import date, timedelta
from typing import Annotated, Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery, PathParameter
from litestar.response import Template

from monitor.domain import DutyRole
from monitor.errors import InputError, NotFoundError
from monitor.web.entry import could_be_ours
from monitor.web.visit import Here

Number = Annotated[int, PathParameter(ge=1, le=2**53)]
"""A number in an address; the upper end keeps it inside what every database can hold."""

_FURTHEST = timedelta(days=800)
_CALENDAR_ENDING = ".ics"


@get("/duty/roster", sync_to_thread=True)
def show_roster(visit: Here, first: FromQuery[str] = "") -> Template:
    """Two weeks of the roster, as it holds."""
    day = read_day(visit, first) if first else None
    return visit.page(
        "roster.html",
        roster=visit.duty.roster(visit.person, day, visit.now),
        duties=tuple(DutyRole),
    )


def read_day(visit: Here, text: str) -> date:
    """Read a day of an address or a form.

    Raises:
        InputError: It is none, or too far away to be meant.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise InputError(visit.language.gettext("日期看不懂，请写成 2026-12-01。")) from None
    if abs(day - visit.now.date()) > _FURTHEST:
        raise InputError(visit.language.gettext("日期离今天太远。"))
    return day


@get("/duty/swaps", sync_to_thread=True)
def show_swaps(visit: Here) -> Template:
    """The swaps, and the form to propose one."""
    return visit.page("swaps.html", swaps=visit.duty.swaps(visit.person, visit.now))


@get("/duty/handovers", sync_to_thread=True)
def show_handovers(visit: Here) -> Template:
    """The hand-overs of the last days."""
    return visit.page("handovers.html", handovers=visit.duty.handovers(visit.person, visit.now))


@get("/duty/handovers/{number:int}", sync_to_thread=True)
def show_handover(visit: Here, number: Number) -> Template:
    """One hand-over: the note, and what is handed over."""
    return visit.page("handover.html", view=visit.duty.handover(number, visit.person, visit.now))


@get("/duty/continuity", sync_to_thread=True)
def show_continuity(visit: Here) -> Template:
    """Every minute of the last 90 days."""
    return visit.page(
        "continuity.html",
        view=visit.duty.continuity(visit.now),
        titles={each.source.name: each.source.title for each in visit.desk.sources(visit.now)},
    )


@get("/duty/continuity/breaks", sync_to_thread=True)
def show_breaks(visit: Here, subject: FromQuery[str] = "") -> Template:
    """Every break of one subject, so that its figure can be opened."""
    if not could_be_ours(subject):
        raise NotFoundError
    return visit.page(
        "breaks.html",
        view=visit.duty.breaks(subject, visit.now),
        titles={each.source.name: each.source.title for each in visit.desk.sources(visit.now)},
    )


@get("/calendar/{file:str}", public=True, sync_to_thread=True)
def give_calendar(visit: Here, file: FromPath[str]) -> Response[Any]:
    """The calendar behind a secret address; calendar programs cannot sign in."""
    token = file.removesuffix(_CALENDAR_ENDING)
    content = visit.duty.read_calendar(token, visit.now) if could_be_ours(token) else None
    if content is None:
        raise NotFoundError
    return Response(
        content,
        media_type="text/calendar; charset=utf-8",
        headers={"content-disposition": 'inline; filename="duty.ics"'},
    )


DUTY_PAGES = [
    show_roster,
    show_swaps,
    show_handovers,
    show_handover,
    show_continuity,
    show_breaks,
]
CALENDARS = [give_calendar]
