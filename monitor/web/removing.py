"""The form under a text by which an officer removes it on request: it is never read again."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Response, post
from litestar.params import PathParameter, URLEncodedBody

from monitor.web.pages import CaseNumber
from monitor.web.visit import Here

DocumentNumber = Annotated[int, PathParameter(ge=1, le=2**53)]


@dataclass(frozen=True, slots=True)
class RemovalForm:
    """`whole` is `yes` when the whole thread or letter goes. Who asked is not a field."""

    whole: str = ""


Removing = URLEncodedBody[RemovalForm]


@post("/cases/{case_id:int}/documents/{document_id:int}/remove", sync_to_thread=True)
def remove(
    visit: Here, case_id: CaseNumber, document_id: DocumentNumber, data: Removing
) -> Response[Any]:
    """Remove one text of a case."""
    visit.desk.remove_document(
        case_id, document_id, visit.person, visit.now, whole_item=data.whole == "yes"
    )
    return visit.redirect(f"/cases/{case_id}?done=removed")


REMOVING = [remove]
