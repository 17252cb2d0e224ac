"""What the pages of kept reports need: one protocol and the views that it returns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from monitor.domain import CASE_KINDS, Case, DocumentKind


class ReportForm(StrEnum):
    """The files of a kept report; the value is what its name ends in."""

    PAGE = "html"
    PAPER = "docx"
    TABLES = "xlsx"
    PUBLIC = "public.html"


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One edition in a list. `is_newest`: no later edition of this period is kept."""

    period: str
    edition: int
    title: str
    made_at: datetime
    changes: Sequence[str]
    is_newest: bool


@dataclass(frozen=True, slots=True)
class ReportFigure:
    """One figure of a kept report, written with its unit.

    `cases` is how many the list behind it holds, 0 for none; `page` where it leads on the desk if
    it counts no cases, "" for nowhere.
    """

    title: str
    shown: str
    list_key: str
    cases: int
    page: str


@dataclass(frozen=True, slots=True)
class ReportView:
    """One kept edition: the leader's page and the figures."""

    line: ReportLine
    leader: Sequence[str]
    figures: Sequence[ReportFigure]


@dataclass(frozen=True, slots=True)
class ReportCases:
    """The cases that one number of a kept report counts, as they are now; one page of them."""

    line: ReportLine
    key: str
    title: str
    cases: Sequence[Case]
    total: int
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One document that a reviewer spoke of, without its words and without who spoke.

    `kind` is what the model had made of it, None where that reading is gone; `case_id` and `number`
    are those of the case that it joined, None where it joined none.
    """

    at: datetime
    model: str
    kind: DocumentKind | None
    is_claim: bool
    case_id: int | None
    number: str | None

    @property
    def is_corrected(self) -> bool:
        """The reviewer said otherwise than the model."""
        return self.kind is not None and (self.kind in CASE_KINDS) is not self.is_claim


@dataclass(frozen=True, slots=True)
class ReportReviews:
    """The documents that a report counts as reviewed, or as corrected; one page of them."""

    line: ReportLine
    key: str
    title: str
    reviews: Sequence[ReviewLine]
    total: int
    page: int
    page_size: int


class Reports(Protocol):
    """Everything the report pages ask for. May be called from several threads at once."""

    def list_reports(self, page: int) -> tuple[Sequence[ReportLine], int]:
        """One page of the kept editions, newest period first, and how many there are."""

    def get_report(self, period: str, edition: int | None) -> ReportView:
        """One edition; without a number the newest.

        Raises:
            NotFoundError: There is none.
        """

    def get_file(self, period: str, edition: int, form: ReportForm) -> bytes:
        """One file, as it was handed out.

        Raises:
            NotFoundError: There is none.
        """

    def list_cases(self, period: str, edition: int, key: str, page: int) -> ReportCases:
        """The cases behind a number.

        Raises:
            NotFoundError: There is no such edition or list.
        """

    def list_reviews(self, period: str, edition: int, key: str, page: int) -> ReportReviews:
        """The documents behind the number of reviewed or of corrected ones, as they are now.

        Everybody who reads reports may see them, so they come without words: a document that
        opened no case is read by reviewers only.

        Raises:
            NotFoundError: There is no such edition or list.
        """
