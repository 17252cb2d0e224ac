"""What leaves the desk as a file or as words to copy: ledger, parties, a case, a reply draft."""

from typing import Any
from urllib.parse import quote

from litestar import Response, get
from litestar.response import Template

from monitor.web.labels import ACTION_LABELS
from monitor.web.pages import CaseNumber
from monitor.web.visit import Here

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_file(content: bytes, name: str, kind: str) -> Response[bytes]:
    """Send a file to be kept; its name may be Chinese."""
    return Response(
        content,
        media_type=kind,
        headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"},
    )


@get("/cases/ledger.xlsx", sync_to_thread=True)
def export_ledger(visit: Here) -> Response[Any]:
    """The ledger as a spreadsheet."""
    content = visit.office.papers.ledger(visit.person, visit.now)
    return as_file(content, f"欠薪线索台账-{visit.now:%Y%m%d}.xlsx", XLSX)


@get("/parties/parties.xlsx", sync_to_thread=True)
def export_parties(visit: Here) -> Response[Any]:
    """The list of parties as a spreadsheet."""
    content = visit.office.papers.parties(visit.person, visit.now)
    return as_file(content, f"单位和项目-{visit.now:%Y%m%d}.xlsx", XLSX)


@get("/cases/{case_id:int}/case.docx", sync_to_thread=True)
def export_case(visit: Here, case_id: CaseNumber) -> Response[Any]:
    """One case for the paper file."""
    content, number = visit.office.papers.case(case_id, visit.person, visit.now, ACTION_LABELS)
    return as_file(content, f"{number}.docx", DOCX)


@get("/cases/{case_id:int}/reply", sync_to_thread=True)
def draft_reply(visit: Here, case_id: CaseNumber) -> Template:
    """Words for a public answer, to be copied, changed and signed."""
    case, words, addresses = visit.office.papers.reply(case_id, bureau=visit.house.settings.bureau)
    return visit.page("reply.html", case=case, words=words, addresses=addresses)


PAPERS = [export_ledger, export_parties, export_case, draft_reply]
