"""A report as it is handed to those who write it into a file: figures, sentences, tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.refusals import check_headings
from monitor.reports.counts import OpenedCase
from monitor.reports.weeks import Week


class Unit(StrEnum):
    """What a figure counts."""

    CASES = "件"
    PEOPLE = "人"
    YUAN = "元"
    DOCUMENTS = "份"
    TIMES = "次"
    MINUTES = "分钟"
    HOURS = "小时"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of this week and the week before; None where it could not be counted."""

    key: str
    title: str
    unit: Unit
    value: float | None
    before: float | None = None

    @property
    def difference(self) -> float | None:
        """This week less the week before; None where one of them is missing."""
        if self.value is None or self.before is None:
            return None
        return round(self.value - self.before, 2)


class ColumnKind(StrEnum):
    """What stands in a column, for those who write it into a file."""

    TEXT = "text"
    COUNT = "count"
    YUAN = "yuan"
    MOMENT = "moment"
    HOURS = "hours"


Cell = str | int | float | datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head. With `has_chart` the first column names a bar and the second measures it.

    Moments are aware, in UTC; None is an empty cell.
    """

    key: str
    title: str
    columns: Sequence[tuple[str, ColumnKind]]
    rows: Sequence[Sequence[Cell]]
    has_chart: bool = False

    def __post_init__(self) -> None:
        """Refuse a table about the people who speak."""
        check_headings([self.title, *(head for head, _ in self.columns)], "报表")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report."""

    title: str
    sentences: Sequence[str]
    tables: Sequence[Table]


@dataclass(frozen=True, slots=True)
class WeeklyReport:
    """One week, counted and told; `until` is before the week's end while the week runs."""

    week: Week
    until: datetime
    made_at: datetime
    notes: Sequence[str]
    figures: Sequence[Figure]
    sections: Sequence[Section]
    cases: Sequence[OpenedCase]

    @property
    def title(self) -> str:
        """The heading."""
        return f"欠薪线索监测周报　{self.week.name}"
