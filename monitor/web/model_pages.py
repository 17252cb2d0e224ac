"""The pages of the model: which reader works and why, how far to trust it, what would change."""

from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Template

from monitor.domain import DocumentKind
from monitor.errors import NotFoundError, mark
from monitor.learning import saying
from monitor.learning.board import ModelBoard
from monitor.reports.rates import share_interval
from monitor.web.pages import RowNumber
from monitor.web.visit import Here, Visit

FIGURES = (
    mark("查准"),
    mark("查全"),
    mark("类别正确"),
    mark("该立案的找到"),
    mark("Brier（越小越好）"),
)
"""The names of `monitor.learning.saying`, for the catalogues."""

_SCORE, _SHARE = mark("模型给的分数"), mark("复核后确是欠薪的比例")

Version = Annotated[str, PathParameter(max_length=80)]


def find_model_board(visit: Visit) -> ModelBoard:
    """The board of this desk.

    Raises:
        NotFoundError: This desk was built without one.
    """
    board: ModelBoard | None = visit.request.app.state.models
    if board is None:
        raise NotFoundError
    return board


def find_interval(part: int, whole: int) -> tuple[float, float] | None:
    """The exact 95 % interval of a share; None of nothing."""
    return share_interval(part, whole, saying.CONFIDENCE)


@get("/model", sync_to_thread=True)
def show_model(visit: Here) -> Template:
    """Which reader works, since when, by whom and why; candidates; how far to trust the scores."""
    view = find_model_board(visit).view(visit.person)
    return visit.page("model.html", view=view, interval=find_interval)


@get("/model/reliability.png", sync_to_thread=True)
def show_reliability(visit: Here) -> Response[bytes]:
    """The reliability picture."""
    # Loads matplotlib, which a desk needs for nothing else.
    from monitor.learning.picture import draw_reliability  # noqa: PLC0415

    tenths = find_model_board(visit).list_tenths(visit.person)
    said = visit.language.gettext
    picture = draw_reliability(tenths, said(_SCORE), said(_SHARE))
    return Response(picture, media_type="image/png")


@get("/model/candidates/{version:str}", sync_to_thread=True)
def show_candidate(visit: Here, version: Version) -> Template:
    """One candidate: what would change."""
    view = find_model_board(visit).get_candidate(version, visit.person, visit.now)
    return visit.page(
        "model_candidate.html", view=view, interval=find_interval, figures=saying.list_figures
    )


@get("/model/documents/{document_id:int}", sync_to_thread=True)
def show_document(visit: Here, document_id: RowNumber) -> Response[Any] | Template:
    """One message that a candidate's page names: in its case, else alone."""
    found = find_model_board(visit).get_document(document_id, visit.person, visit.now)
    if found.case_id is not None:
        return visit.redirect(f"/cases/{found.case_id}#document-{document_id}")
    return visit.page("model_document.html", found=found, kind=DocumentKind(found.kind))


@dataclass(frozen=True, slots=True)
class ReasonForm:
    """Why."""

    reason: str = ""


@post("/model/candidates/{version:str}/promote", sync_to_thread=True)
def promote(visit: Here, version: Version, data: URLEncodedBody[ReasonForm]) -> Response[Any]:
    """Let a candidate work."""
    find_model_board(visit).promote(version, visit.person, data.reason, visit.now)
    return visit.redirect("/model?done=promoted")


@post("/model/undo", sync_to_thread=True)
def undo(visit: Here, data: URLEncodedBody[ReasonForm]) -> Response[Any]:
    """Take the newest promotion back."""
    find_model_board(visit).undo(visit.person, data.reason, visit.now)
    return visit.redirect("/model?done=undone")


MODELS = [show_model, show_reliability, show_candidate, show_document, promote, undo]
