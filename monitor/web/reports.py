"""The pages of kept reports: the list, one edition, its files, the cases that a number counts."""

from typing import Annotated, Any

from litestar import get
from litestar.params import PathParameter
from litestar.response import Response, Template

from monitor.desk.report_views import ReportForm
from monitor.errors import NotFoundError
from monitor.web.ledger_filter import parse_page
from monitor.web.visit import Here

EditionNumber = Annotated[int, PathParameter(ge=1, le=10**6)]
Name = Annotated[str, PathParameter(max_length=80)]
"""A period's or a list's name in an address."""

PER_PAGE = 20
_MEDIA = {
    ReportForm.PAGE: "text/html; charset=utf-8",
    ReportForm.PUBLIC: "text/html; charset=utf-8",
    ReportForm.PAPER: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ReportForm.TABLES: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@get("/reports", sync_to_thread=True)
def list_reports(visit: Here) -> Template:
    """The kept editions, newest period first."""
    page = parse_page(visit.request.query_params.get("page", ""))
    lines, total = visit.desk.reports.list_reports(page)
    return visit.page("reports.html", lines=lines, total=total, page_number=page, per_page=PER_PAGE)


@get("/reports/{period:str}", sync_to_thread=True)
def show_newest(visit: Here, period: Name) -> Template:
    """The newest edition of one report."""
    return _show(visit, period, None)


@get("/reports/{period:str}/{edition:int}", sync_to_thread=True)
def show_report(visit: Here, period: Name, edition: EditionNumber) -> Template:
    """One edition: the leader's page, the figures, the files."""
    return _show(visit, period, edition)


@get("/reports/{period:str}/{edition:int}/lists/{key:str}", sync_to_thread=True)
def show_list(visit: Here, period: Name, edition: EditionNumber, key: Name) -> Template:
    """The cases that a number of the report counts, as they are now."""
    page = parse_page(visit.request.query_params.get("page", ""))
    found = visit.desk.reports.list_cases(_checked(period), edition, _checked(key), page)
    return visit.page("report_cases.html", found=found)


@get("/reports/{period:str}/{edition:int}/reviews/{key:str}", sync_to_thread=True)
def show_reviews(visit: Here, period: Name, edition: EditionNumber, key: Name) -> Template:
    """The documents that reviewers spoke of, or corrected; without their words."""
    page = parse_page(visit.request.query_params.get("page", ""))
    found = visit.desk.reports.list_reviews(_checked(period), edition, _checked(key), page)
    return visit.page("report_reviews.html", found=found)


@get("/reports/{period:str}/{edition:int}/files/{form:str}", sync_to_thread=True)
def get_file(visit: Here, period: Name, edition: EditionNumber, form: Name) -> Response[bytes]:
    """One file of an edition, exactly as it was handed out; always saved, never shown here."""
    try:
        wanted = ReportForm(form)
    except ValueError:
        raise NotFoundError("没有这种文件。") from None
    content = visit.desk.reports.get_file(_checked(period), edition, wanted)
    # A header takes ASCII only, and a campaign may have a Chinese name.
    name = f"report-{period if period.isascii() else 'campaign'}-{edition}.{wanted.value}"
    return Response(
        content,
        media_type=_MEDIA[wanted],
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _show(visit: Any, period: str, edition: int | None) -> Template:
    view = visit.desk.reports.get_report(_checked(period), edition)
    page: Template = visit.page("report.html", view=view, forms=tuple(ReportForm))
    return page


def _checked(name: str) -> str:
    if not name.isprintable():
        raise NotFoundError("没有这份报告。")
    return name


REPORTS = [list_reports, show_newest, show_report, show_list, show_reviews, get_file]
