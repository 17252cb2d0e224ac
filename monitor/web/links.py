"""The page behind an alert's link: shows the case without a sign-in, and acknowledges by a button.

Opening the link changes nothing, because mail gateways and chat clients open links by themselves.
"""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Template

from monitor.errors import NotFoundError
from monitor.web.visit import Here

LONGEST_CODE = 256


@get("/a/{code:str}", public=True, sync_to_thread=True)
def show_link(visit: Here, code: FromPath[str]) -> Template:
    """Show what the alert is about; changes nothing."""
    view = visit.desk.find_acknowledgement(code, visit.now) if could_be_ours(code) else None
    if view is None:
        raise NotFoundError
    return visit.page("link.html", view=view, code=code)


@post("/a/{code:str}", public=True, sync_to_thread=True)
def acknowledge_by_link(visit: Here, code: FromPath[str]) -> Response[Any]:
    """Acknowledge once; a link that cannot act any more says why."""
    if not could_be_ours(code):
        raise NotFoundError
    view = visit.desk.acknowledge_by_code(code, visit.now)
    return visit.page("link.html", view=view, code=code)


def could_be_ours(code: str) -> bool:
    """Keep from the database what no alert of ours carries, e.g. a NUL (PostgreSQL refuses)."""
    return len(code) <= LONGEST_CODE and code.isascii() and code.isprintable()


LINKS = [show_link, acknowledge_by_link]
