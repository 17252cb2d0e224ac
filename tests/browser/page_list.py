"""Every page of the desk that somebody can open, for the tests that look at all of them."""

from collections.abc import Mapping

from litestar import Litestar
from litestar.routes import HTTPRoute

PAGES: Mapping[str, tuple[str, ...]] = {
    "/": ("/",),
    "/a/{code:str}": ("/a/unknown",),
    "/account": ("/account",),
    "/alerts": ("/alerts", "/alerts?state=all"),
    "/audit": ("/audit",),
    "/cases": ("/cases", "/cases?q=火星"),
    "/cases/{case_id:int}": ("/cases/1", "/cases/2", "/cases/3", "/cases/999"),
    "/cases/{case_id:int}/reply": ("/cases/1/reply",),
    "/channels": ("/channels",),
    "/duty": ("/duty",),
    "/duty/continuity": ("/duty/continuity",),
    "/duty/continuity/breaks": ("/duty/continuity/breaks?subject=duty",),
    "/duty/handovers": ("/duty/handovers",),
    "/duty/handovers/{number:int}": ("/duty/handovers/1",),
    "/duty/roster": ("/duty/roster",),
    "/duty/roster/import": ("/duty/roster/import",),
    "/duty/swaps": ("/duty/swaps",),
    "/model": ("/model",),
    "/model/candidates/{version:str}": ("/model/candidates/reader-aa",),
    "/model/documents/{document_id:int}": ("/model/documents/1",),
    "/parties": ("/parties",),
    "/parties/{party_id:int}": ("/parties/1",),
    "/parties/{party_id:int}/same": ("/parties/1/same", "/parties/1/same?q=火星"),
    "/reports": ("/reports",),
    "/reports/{period:str}": ("/reports/2026-W48",),
    "/reports/{period:str}/{edition:int}": ("/reports/2026-W48/1",),
    "/reports/{period:str}/{edition:int}/lists/{key:str}": ("/reports/2026-W48/1/lists/opened",),
    "/reports/{period:str}/{edition:int}/reviews/{key:str}": (
        "/reports/2026-W48/1/reviews/reviewed",
        "/reports/2026-W48/1/reviews/corrected",
    ),
    "/review": ("/review",),
    "/search": ("/search?q=没发工资", "/search?q=火星移民"),
    "/sign-in": ("/sign-in",),
    "/sign-in/once/{code:str}": ("/sign-in/once/unknown",),
    "/sign-in/second": ("/sign-in/second",),
    "/sources": ("/sources",),
    "/towns": ("/towns",),
    "/users": ("/users",),
}
"""The addresses that are looked at, by the route that answers them."""

STATUS: Mapping[str, int] = {"/cases/999": 404, "/a/unknown": 404}
"""What the others than 200 answer with."""

FOR_THE_ADMINISTRATOR = frozenset({"/users", "/audit", "/account", "/duty/roster/import"})
FOR_STRANGERS = frozenset(
    {"/sign-in", "/sign-in/once/{code:str}", "/sign-in/second", "/a/{code:str}"}
)

NO_PAGES = frozenset(
    {
        "/calendar/{file:str}",
        "/canary/index.html",
        "/canary/{name:str}",
        "/cases/ledger.xlsx",
        "/cases/{case_id:int}/case.docx",
        "/cases/{case_id:int}/referrals/{row_id:int}/letter.docx",
        "/cases/{case_id:int}/referrals/{row_id:int}/notice.docx",
        "/healthz",
        "/live",
        "/metrics",
        "/model/reliability.png",
        "/parties/parties.xlsx",
        "/reports/{period:str}/{edition:int}/files/{form:str}",
    }
)
"""What answers with a file, a figure or nothing, and is no page that anybody looks at."""


def list_get_routes(app: Litestar) -> set[str]:
    """The addresses that answer to GET, but for programs (`/api`) and files (`/static`)."""
    found = {
        route.path
        for route in app.routes
        if isinstance(route, HTTPRoute) and "GET" in route.methods
    }
    return {each for each in found if not each.startswith(("/api", "/static"))}
