"""Every address of the desk that is measured, by the route that answers it, and who asks.

`find_forgotten` names the routes that stand in none of these lists; a test fails for each.
"""

from collections.abc import Mapping
from enum import Enum

from litestar import Litestar
from litestar.routes import HTTPRoute


class Asker(Enum):
    """Who asks: what is read depends on it."""

    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    PROGRAM = "program"
    STRANGER = "stranger"


RARE = "祁门窑厂"
"""Stands in one document of ten thousand."""

PAGES: Mapping[str, tuple[str, ...]] = {
    "/": ("/",),
    "/a/{code:str}": ("/a/code-{case}",),
    "/account": ("/account",),
    "/alerts": (
        "/alerts",
        "/alerts?state=all",
        "/alerts?state=all&page=200",
        "/alerts?state=acknowledged&level=4",
        "/alerts?state=called_off",
        "/alerts?state=all&reason=source_fault",
        "/alerts?state=all&reason=swap_proposed",
        "/alerts?state=all&person=han",
        "/alerts?state=all&person=fuhe",
    ),
    "/api/v1/cases": (
        "/api/v1/cases",
        "/api/v1/cases?after={case}",
        "/api/v1/cases?changed_since={since}",
        "/api/v1/cases?state=referred",
    ),
    "/api/v1/cases/{case_id:int}": ("/api/v1/cases/{case}",),
    "/api/v1/parties": ("/api/v1/parties", "/api/v1/parties?class=C&page=30"),
    "/audit": (
        "/audit",
        "/audit?actor=zheng",
        "/audit?subject=case:{case}",
    ),
    "/calendar/{file:str}": ("/calendar/measured.ics",),
    "/cases": (
        "/cases",
        "/cases?state=accepted&page=40",
        "/cases?group=overdue",
        "/cases?group=mine&level=4",
        "/cases?q=第7镇",
    ),
    "/cases/{case_id:int}": ("/cases/{case}",),
    "/cases/{case_id:int}/reply": ("/cases/{case}/reply",),
    "/channels": ("/channels",),
    "/duty": ("/duty",),
    "/duty/continuity": ("/duty/continuity",),
    "/duty/continuity/breaks": ("/duty/continuity/breaks?subject=duty",),
    "/duty/handovers": ("/duty/handovers",),
    "/duty/handovers/{number:int}": ("/duty/handovers/999",),
    "/duty/roster": ("/duty/roster",),
    "/duty/roster/import": ("/duty/roster/import",),
    "/duty/swaps": ("/duty/swaps",),
    "/healthz": ("/healthz",),
    "/live": ("/live",),
    "/metrics": ("/metrics",),
    "/model": ("/model",),
    "/model/candidates/{version:str}": ("/model/candidates/reader-measured",),
    "/model/documents/{document_id:int}": ("/model/documents/{lone}",),
    "/parties": ("/parties", "/parties?class=C&q=公司"),
    "/parties/{party_id:int}": ("/parties/{case}", "/parties/1"),
    "/parties/{party_id:int}/same": (
        "/parties/{case}/same",
        "/parties/{case}/same?q=&page=900",
    ),
    "/reports": ("/reports", "/reports?page=9"),
    "/reports/{period:str}": ("/reports/{period}",),
    "/reports/{period:str}/{edition:int}": ("/reports/{period}/1",),
    "/reports/{period:str}/{edition:int}/lists/{key:str}": (
        "/reports/{period}/1/lists/opened",
        "/reports/{period}/1/lists/opened?page=2",
    ),
    "/reports/{period:str}/{edition:int}/reviews/{key:str}": (
        "/reports/{period}/1/reviews/reviewed",
        "/reports/{period}/1/reviews/corrected",
    ),
    "/review": ("/review",),
    "/sign-in": ("/sign-in",),
    "/sign-in/once/{code:str}": ("/sign-in/once/unknown",),
    "/sources": ("/sources",),
    "/towns": ("/towns",),
    "/users": ("/users",),
}
"""The pages and the answers to programs: 200 ms each."""

SEARCHES: Mapping[str, str] = {
    "4 characters, in many texts": "没发工资",
    "4 characters, in one of ten thousand": RARE,
    "4 characters, in none": "火星移民",
    "2 characters, in many texts": "工资",
    "2 characters, in one of ten thousand": RARE[:2],
    "two phrases": f"{RARE} 工资",
}
"""What is looked for at `/search`: 300 ms each."""

FILES: Mapping[str, tuple[str, ...]] = {
    "/cases/ledger.xlsx": ("/cases/ledger.xlsx",),
    "/cases/{case_id:int}/case.docx": ("/cases/{case}/case.docx",),
    "/cases/{case_id:int}/referrals/{row_id:int}/letter.docx": (
        "/cases/20/referrals/1/letter.docx",
    ),
    "/cases/{case_id:int}/referrals/{row_id:int}/notice.docx": (
        "/cases/20/referrals/1/notice.docx",
    ),
    "/model/reliability.png": ("/model/reliability.png",),
    "/parties/parties.xlsx": ("/parties/parties.xlsx",),
    "/reports/{period:str}/{edition:int}/files/{form:str}": (
        "/reports/{period}/1/files/html",
        "/reports/{period}/1/files/xlsx",
    ),
}
"""Files that somebody asks for and waits for: no page, and no goal but to be told."""

NOT_MEASURED: Mapping[str, str] = {
    "/canary/index.html": "two lines that no data stands behind",
    "/canary/{name:str}": "as above",
    "/search": "under SEARCHES",
    "/sign-in/second": "redirects whoever has not passed the first step",
}

ASKERS: Mapping[str, Asker] = {
    "/users": Asker.ADMINISTRATOR,
    "/audit": Asker.ADMINISTRATOR,
    "/account": Asker.ADMINISTRATOR,
    "/sign-in": Asker.STRANGER,
    "/sign-in/once/{code:str}": Asker.STRANGER,
    "/a/{code:str}": Asker.STRANGER,
    "/calendar/{file:str}": Asker.STRANGER,
    "/healthz": Asker.STRANGER,
    "/metrics": Asker.STRANGER,
    "/api/v1/cases": Asker.PROGRAM,
    "/api/v1/cases/{case_id:int}": Asker.PROGRAM,
    "/api/v1/parties": Asker.PROGRAM,
}
"""Who asks where it is not a leader at the desk."""


def find_forgotten(app: Litestar) -> set[str]:
    """The routes that answer to GET and that no list here names, and names of routes that are gone.

    Files and the description of the interface are left out.
    """
    found = {
        route.path
        for route in app.routes
        if isinstance(route, HTTPRoute) and "GET" in route.methods
    }
    known = {*PAGES, *FILES, *NOT_MEASURED}
    ours = {each for each in found if each.startswith("/api/v1") or not _is_no_page(each)}
    return ours ^ known


def _is_no_page(route: str) -> bool:
    return route.startswith(("/static", "/api"))
