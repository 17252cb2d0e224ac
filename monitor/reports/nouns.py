"""A report as it is handed to those who write it into a file: figures, sentences, tables, charts.

Nothing here has a place for the words of a message or for who wrote one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from monitor.refusals import check_headings
from monitor.reports.periods import PERIOD_WORDS, Period
from monitor.reports.rates import Comparison


class Unit(StrEnum):
    """What a figure counts."""

    CASES = "件"
    PEOPLE = "人"
    YUAN = "元"
    DOCUMENTS = "份"
    TIMES = "次"
    ITEMS = "项"
    MINUTES = "分钟"
    HOURS = "小时"
    DAYS = "天"
    PERCENT = "%"


PAGES_OF_FIGURES: Mapping[str, str] = {
    "read": "/sources",
    "silent": "/sources",
    "issues": "/sources",
    "gaps": "/duty",
}
"""The page of the desk that a figure leads to which counts no cases, by the figure's key."""

REVIEW_LISTS = frozenset({"reviewed", "corrected"})
"""The figures that count documents which a reviewer spoke of; the report's own pages list them."""


class Against(StrEnum):
    """What a figure is compared with."""

    BEFORE = "before"
    LAST_YEAR = "last_year"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of this period, the one before and the same a year ago; None: not to be had.

    `why_none` says why `value` is None where that is not simply "nothing to measure". `list_key`
    names the list of cases that it counts; `sheet` the sheet of the spreadsheet it is counted from.
    `is_public` lets it stand in the public edition.
    """

    key: str
    title: str
    unit: Unit
    value: float | None
    before: float | None = None
    last_year: float | None = None
    comparisons: Mapping[Against, Comparison] = field(default_factory=dict)
    why_none: str = ""
    list_key: str = ""
    sheet: str = ""
    is_public: bool = False

    @property
    def difference(self) -> float | None:
        """This period less the one before; None where one of them is missing."""
        if self.value is None or self.before is None:
            return None
        return round(self.value - self.before, 2)


class ColumnKind(StrEnum):
    """What stands in a column, for those who write it into a file."""

    TEXT = "text"
    COUNT = "count"
    YUAN = "yuan"
    MOMENT = "moment"
    DAY = "day"
    HOURS = "hours"
    MINUTES = "minutes"
    PERCENT = "percent"


Cell = str | int | float | date | datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head. Moments are aware, in UTC; None is an empty cell.

    `list_keys` names, row by row, the list of cases that the row counts (empty: none);
    `case_ids` the case that a row is about. `note` stands under the title. `is_public`: its first
    column and its counts may stand in the public edition.
    """

    key: str
    title: str
    columns: Sequence[tuple[str, ColumnKind]]
    rows: Sequence[Sequence[Cell]]
    list_keys: Sequence[str] = ()
    case_ids: Sequence[int] = ()
    note: str = ""
    is_public: bool = False

    def __post_init__(self) -> None:
        """Refuse a table about the people who speak."""
        check_headings([self.title, *(head for head, _ in self.columns)], "报表")


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars beside one another by name: this period and, where it may be compared, the one before.

    `said` is the text alternative: everything that the picture shows, in words.
    """

    key: str
    title: str
    names: Sequence[str]
    values: Sequence[float]
    before: Sequence[float] | None
    legend: tuple[str, str]
    said: str
    is_public: bool = False

    def __post_init__(self) -> None:
        """Refuse a picture about the people who speak."""
        check_headings([self.title], "报表")


@dataclass(frozen=True, slots=True)
class Course:
    """Week by week: what came and what was struck off, gaps of the watch and campaigns shaded.

    `gaps` and `campaigns` are the places of weeks in `names`, first and last included.
    """

    key: str
    title: str
    names: Sequence[str]
    opened: Sequence[float | None]
    closed: Sequence[float | None]
    gaps: Sequence[int]
    campaigns: Sequence[tuple[int, int]]
    said: str
    is_public: bool = False

    def __post_init__(self) -> None:
        """Refuse a picture about the people who speak."""
        check_headings([self.title], "报表")


Chart = Bars | Course


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report."""

    title: str
    sentences: Sequence[str]
    tables: Sequence[Table]
    charts: Sequence[Chart] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A period, counted and told; `until` is before the period's end while it runs.

    `leader` is the page for the leader, sentence by sentence, and `leader_charts` its pictures.
    `figures` are those of the first page; `cases` the new cases, as a table with a link a row;
    `sheets` the rows behind the figures, for the spreadsheet only; `lists` the cases that a number
    counts, by `list_key`. `changes` says what differs from the edition before. `office` is empty
    where the settings name none.
    """

    period: Period
    until: datetime
    made_at: datetime
    office: str
    notes: Sequence[str]
    leader: Sequence[str]
    figures: Sequence[Figure]
    sections: Sequence[Section]
    cases: Table
    leader_charts: Sequence[Chart] = ()
    sheets: Sequence[Table] = ()
    lists: Mapping[str, Sequence[int]] = field(default_factory=dict)
    edition: int = 0
    changes: Sequence[str] = ()
    is_public: bool = False

    @property
    def heading(self) -> str:
        """What kind of report it is."""
        words = f"欠薪线索监测{PERIOD_WORDS[self.period.kind][2]}"
        return f"{words}（公开版）" if self.is_public else words

    @property
    def title(self) -> str:
        """The heading with the period."""
        return f"{self.heading}　{self.period.title}"

    @property
    def is_whole(self) -> bool:
        """The period was over when it was counted."""
        return self.until >= self.period.ends_at
