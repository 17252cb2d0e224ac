"""Search, the review queue, the audit, filters that are kept, and whether anything has changed."""

from dataclasses import dataclass
from typing import Any

from litestar import MediaType, Response, get, post
from litestar.params import URLEncodedBody
from litestar.response import Template

from monitor.errors import InputError, mark
from monitor.storage.grams import SHORTEST
from monitor.web.ledger_filter import LONGEST_SEARCH, ledger_address, parse_filter, unreadable
from monitor.web.life import is_number
from monitor.web.pages import RowNumber
from monitor.web.passages import cut_around
from monitor.web.reading_forms import FormReader
from monitor.web.visit import Here, Visit


def read_word(visit: Visit, name: str) -> str:
    """Read a word of the address without odd characters."""
    written = visit.request.query_params.get(name, "")
    return "".join(each for each in written if each.isprintable()).strip()[:LONGEST_SEARCH]


def read_before(visit: Visit) -> int | None:
    """Read from where a list goes on.

    Raises:
        InputError: No page of ours writes such a number.
    """
    written = visit.request.query_params.get("before", "")
    if not written:
        return None
    if not is_number(written):
        raise unreadable(written)
    return int(written)


@get("/search", sync_to_thread=True)
def search(visit: Here) -> Template:
    """Look for a phrase in every case and every text."""
    phrase = read_word(visit, "q")
    view = None
    if len(phrase) >= SHORTEST:
        view = visit.office.books.search(phrase, visit.person, visit.now, before=read_before(visit))
    return visit.page(
        "search.html",
        phrase=phrase,
        view=view,
        cut_around=cut_around,
        titles=visit.desk.source_titles(),
    )


@get("/review", sync_to_thread=True)
def show_review(visit: Here) -> Template:
    """The reading that is worth a second look most: yes or no."""
    waiting, count = visit.office.books.next_to_review(
        visit.person, visit.office.find_threshold(), visit.now
    )
    return visit.page("review.html", waiting=waiting, count=count)


@dataclass(frozen=True, slots=True)
class ReviewForm:
    """A reviewer's word."""

    document: str = ""
    answer: str = ""


@post("/review", sync_to_thread=True)
def review(visit: Here, data: URLEncodedBody[ReviewForm]) -> Response[Any]:
    """Keep a reviewer's word and show the next."""
    if data.answer not in {"yes", "no"} or not is_number(data.document):
        raise InputError(visit.language.gettext("请回答“是欠薪”或“不是欠薪”。"))
    visit.office.books.review(
        int(data.document), visit.person, visit.now, is_claim=data.answer == "yes"
    )
    return visit.redirect("/review?done=labelled")


@get("/audit", sync_to_thread=True)
def show_audit(visit: Here) -> Template:
    """Who saw and did what, newest first."""
    actor, subject = read_word(visit, "actor"), read_word(visit, "subject")
    books = visit.office.books
    entries = books.list_audit(
        visit.person, actor=actor, subject=subject, before=read_before(visit)
    )
    count, head = books.find_audit_head()
    return visit.page(
        "audit.html",
        entries=entries,
        actor=actor,
        subject=subject,
        count=count,
        head=head,
        names=books.list_names() | {"command": visit.language.gettext("命令行")},
    )


@dataclass(frozen=True, slots=True)
class FilterForm:
    """A filter that is kept; `query` is the ledger's own address."""

    name: str = ""
    query: str = ""
    shared: str = ""


@post("/filters", sync_to_thread=True)
def keep_filter(visit: Here, data: URLEncodedBody[FilterForm]) -> Response[Any]:
    """Keep the ledger's filter under a name."""
    from urllib.parse import parse_qsl  # noqa: PLC0415 - used here only

    wanted = parse_filter(dict(parse_qsl(data.query[:500])))
    address = ledger_address(wanted)
    name = FormReader(visit.language).text(mark("名称"), data.name, longest=40, needed=True)
    query = address.partition("?")[2]
    visit.office.books.keep_filter(name, query, visit.person, shared=bool(data.shared))
    return visit.redirect(address)


@post("/filters/{row_id:int}/forget", sync_to_thread=True)
def forget_filter(visit: Here, row_id: RowNumber) -> Response[Any]:
    """Forget a filter of one's own."""
    visit.office.books.forget_filter(row_id, visit.person)
    return visit.redirect("/cases")


@get("/live", sync_to_thread=True, media_type=MediaType.JSON)
def show_mark(visit: Here) -> dict[str, str]:
    """A mark that differs once anything on the lists has changed; asked by the pages' script."""
    return {"mark": visit.office.books.find_mark()}


BOOKS = [search, show_review, review, show_audit, keep_filter, forget_filter, show_mark]
