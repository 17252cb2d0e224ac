"""What leaves the desk as a file or as words to copy: ledger, parties, a case, a reply draft."""

from typing import Any
from urllib.parse import quote

from litestar import Response, get
from litestar.response import Template

from monitor.web.labels import ACTION_LABELS
from monitor.web.pages import CaseNumber, RowNumber
from monitor.web.visit import Here, Visit

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


@get("/cases/{case_id:int}/referrals/{row_id:int}/letter.docx", sync_to_thread=True)
def export_letter(visit: Here, case_id: CaseNumber, row_id: RowNumber) -> Response[Any]:
    """The letter to the body, with the slip that comes back."""
    return as_letter(visit, case_id, row_id, for_asker=False)


@get("/cases/{case_id:int}/referrals/{row_id:int}/notice.docx", sync_to_thread=True)
def export_notice(visit: Here, case_id: CaseNumber, row_id: RowNumber) -> Response[Any]:
    """The notice to those who asked for help."""
    return as_letter(visit, case_id, row_id, for_asker=True)


def as_letter(visit: Visit, case_id: int, row_id: int, *, for_asker: bool) -> Response[Any]:
    """Send one of the papers of a referral."""
    content, name = visit.office.papers.letter(
        case_id,
        row_id,
        visit.person,
        visit.now,
        bureau=visit.house.settings.bureau,
        for_asker=for_asker,
    )
    return as_file(content, f"{name}.docx", DOCX)


@get("/cases/{case_id:int}/reply", sync_to_thread=True)
def draft_reply(visit: Here, case_id: CaseNumber) -> Template:
    """Words for a public answer, to be copied, changed and signed."""
    case, words, addresses = visit.office.papers.reply(case_id, bureau=visit.house.settings.bureau)
    return visit.page("reply.html", case=case, words=words, addresses=addresses)


PAPERS = [export_ledger, export_parties, export_case, export_letter, export_notice, draft_reply]
