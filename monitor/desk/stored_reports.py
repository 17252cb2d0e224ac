"""The report pages' port (`monitor.desk.report_views.Reports`), on our storage."""

from collections.abc import Sequence

from monitor.desk.report_views import (
    ReportCases,
    ReportFigure,
    ReportForm,
    ReportLine,
    ReportReviews,
    ReportView,
    ReviewLine,
)
from monitor.errors import NotFoundError
from monitor.reports.nouns import PAGES_OF_FIGURES, REVIEW_LISTS, Unit
from monitor.reports.words import format_figure
from monitor.storage.editions import Edition, EditionLine
from monitor.storage.joined import LabelledReading
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

PAGE_SIZE = 20


class StoredReports:
    """Kept reports; safe to call from several threads."""

    def __init__(self, storage: Storage) -> None:
        """Keep the storage; nothing is opened until something is asked."""
        self._storage = storage

    def list_reports(self, page: int) -> tuple[Sequence[ReportLine], int]:
        """One page of the kept editions, newest period first, and how many there are."""
        with self._storage.look() as rows:
            found = rows.editions.list_newest(PAGE_SIZE, (page - 1) * PAGE_SIZE)
            return [_listed(each) for each in found], rows.editions.count()

    def get_report(self, period: str, edition: int | None) -> ReportView:
        """One edition; without a number the newest."""
        with self._storage.look() as rows:
            found = _find(rows, period, edition)
            line = _line(rows, found)
        lists = found.content["lists"]
        return ReportView(
            line,
            found.content["leader"],
            [
                ReportFigure(
                    title,
                    format_figure(value, Unit(unit)),
                    list_key,
                    len(lists.get(list_key, ())),
                    "" if list_key else _page_of(found, key),
                )
                for key, (title, unit, value, list_key) in found.content["figures"].items()
            ],
        )

    def get_file(self, period: str, edition: int, form: ReportForm) -> bytes:
        """One file, as it was handed out."""
        with self._storage.look() as rows:
            files = rows.editions.find_files(period, edition)
        if files is None:
            raise NotFoundError("没有这份报告。")
        match form:
            case ReportForm.PAGE:
                return files.page
            case ReportForm.PAPER:
                return files.paper
            case ReportForm.TABLES:
                return files.tables
            case ReportForm.PUBLIC:
                return files.public_page

    def list_cases(self, period: str, edition: int, key: str, page: int) -> ReportCases:
        """The cases behind a number, in the order of the report."""
        with self._storage.look() as rows:
            found = _find(rows, period, edition)
            numbers = found.content["lists"].get(key)
            if numbers is None:
                raise NotFoundError("这份报告里没有这个清单。")
            start = (page - 1) * PAGE_SIZE
            return ReportCases(
                line=_line(rows, found),
                key=key,
                title=_title_of(found, key),
                cases=[rows.cases.get(each) for each in numbers[start : start + PAGE_SIZE]],
                total=len(numbers),
                page=page,
                page_size=PAGE_SIZE,
            )

    def list_reviews(self, period: str, edition: int, key: str, page: int) -> ReportReviews:
        """The documents behind the number of reviewed or of corrected ones."""
        with self._storage.look() as rows:
            found = _find(rows, period, edition)
            if key not in REVIEW_LISTS:
                raise NotFoundError("这份报告里没有这个清单。")
            labelled = rows.joined.list_labelled(found.starts_at, found.until)
            cases = rows.joined.find_cases_of([each.document_id for each in labelled])
            reviews = [_review(each, cases.get(each.document_id)) for each in labelled]
            if key == "corrected":
                reviews = [each for each in reviews if each.is_corrected]
            start = (page - 1) * PAGE_SIZE
            return ReportReviews(
                line=_line(rows, found),
                key=key,
                title=str(found.content["figures"][key][0]),
                reviews=reviews[start : start + PAGE_SIZE],
                total=len(reviews),
                page=page,
                page_size=PAGE_SIZE,
            )


def _review(said: LabelledReading, case: tuple[int, str] | None) -> ReviewLine:
    case_id, number = case or (None, None)
    return ReviewLine(said.at, said.model, said.kind, said.is_claim, case_id, number)


def _page_of(edition: Edition, key: str) -> str:
    """Where a figure leads that counts no cases; "" for nowhere."""
    if key in REVIEW_LISTS:
        return f"/reports/{edition.period}/{edition.edition}/reviews/{key}"
    return PAGES_OF_FIGURES.get(key, "")


def _find(rows: Rows, period: str, edition: int | None) -> Edition:
    found = rows.editions.find(period, edition)
    if found is None:
        raise NotFoundError("没有这份报告。")
    return found


def _listed(line: EditionLine) -> ReportLine:
    return ReportLine(
        line.period,
        line.edition,
        " ".join(line.title.split()),
        line.made_at,
        line.changes,
        is_newest=line.is_newest,
    )


def _line(rows: Rows, edition: Edition) -> ReportLine:
    newest = rows.editions.find_newest_number(edition.period)
    return ReportLine(
        edition.period,
        edition.edition,
        " ".join(edition.title.split()),
        edition.made_at,
        edition.changes,
        is_newest=newest == edition.edition,
    )


def _title_of(edition: Edition, key: str) -> str:
    """What a list counts: the figure that leads to it, else the table and its row."""
    for title, _, _, list_key in edition.content["figures"].values():
        if list_key == key:
            return str(title)
    return str(edition.content["list_titles"].get(key, ""))
