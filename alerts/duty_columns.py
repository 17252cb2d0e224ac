"""The head of a duty table: where it is and what its columns mean. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from alerts.duty_sheet import Sheet
from monitor.domain import DutyRole, Problem, Severity

_DEEPEST_HEAD = 15
_LONGEST_LABEL = 16


class ColumnKind(StrEnum):
    """What a column of a duty table holds."""

    DAY = "day"
    DUTY = "duty"
    SHIFT = "shift"
    WEEKDAY = "weekday"
    NOTE = "note"
    IGNORED = "ignored"
    UNKNOWN = "unknown"


# The first that fits holds: 值班电话 is no duty, and 值班日期 is a day.
_KINDS = (
    (ColumnKind.DAY, re.compile(r"(值班|带班)?(日期|日子)|日期.{0,4}")),
    (ColumnKind.SHIFT, re.compile(r"班次|班别|时段|(值班)?(时间|时段)(段)?")),
    (ColumnKind.WEEKDAY, re.compile(r"星期|周|周几|礼拜")),
    (ColumnKind.NOTE, re.compile(r"备注|说明|注")),
    (
        ColumnKind.IGNORED,
        re.compile(r".*(电话|手机|号码|联系方式|科室|部门|单位|职务|签名|签字|地点).*|序号|编号"),
    ),
)
_SHIFT_WORDS = re.compile(r"[白日早夜晚]班|\d{1,2}:\d{2}")
_DUTIES = (
    (DutyRole.BUREAU_LEADER, re.compile(r"(值班|带班)?(局领导|局长|分管领导)(带班|值班)?")),
    (DutyRole.LEADER, re.compile(r"带班(领导|人员?|干部)?|领导带班|值班领导")),
    (DutyRole.BACKUP, re.compile(r"(备班|备勤|副班|候班|替班)(人员?|员)?")),
    (DutyRole.OFFICER, re.compile(r"(值班|主班|值守)(人员?|员|干部)?|([白日早夜晚]班)")),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place from 0, what it holds, and its label as people see it.

    `duty` is set for duty columns only. `shift` is the part of the day that the label names, such
    as 夜班 or 18:00-8:00; empty when it names none.
    """

    index: int
    kind: ColumnKind
    label: str
    duty: DutyRole | None = None
    shift: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a table. `first_row` is the index of the first row under it."""

    columns: tuple[Column, ...]
    first_row: int
    titles: tuple[str, ...]

    def first(self, kind: ColumnKind) -> Column | None:
        """Find the first column of a kind; None when there is none."""
        return next((column for column in self.columns if column.kind is kind), None)

    @property
    def duties(self) -> tuple[Column, ...]:
        """The duty columns, left to right; of two that say the same only the first."""
        first: dict[tuple[DutyRole | None, str], Column] = {}
        for column in self.columns:
            if column.kind is ColumnKind.DUTY:
                first.setdefault((column.duty, column.shift), column)
        return tuple(first.values())


def find_head(sheet: Sheet) -> Head | None:
    """Find the row that names a date and at least one duty; a head may be two rows high.

    Returns:
        None when the first rows hold no such row: then the sheet is no duty table.
    """
    for index, row in enumerate(sheet.rows[:_DEEPEST_HEAD]):
        labels = [shown_cell(cell) for cell in row]
        below = sheet.rows[index + 1] if index + 1 < len(sheet.rows) else ()
        height = 1
        if _continues(labels, below):
            labels = [
                _joined(label, shown_cell(cell)) for label, cell in zip(labels, below, strict=False)
            ]
            height = 2
        columns = tuple(_column(number, label) for number, label in enumerate(labels) if label)
        head = Head(columns, index + height, tuple(_titles(sheet, index)))
        if head.first(ColumnKind.DAY) and head.duties:
            return head
    return None


def check_head(head: Head, where: str) -> list[Problem]:
    """Find columns that say the same (R104) and columns that are not understood (R103)."""
    problems: list[Problem] = []
    for column in head.columns:
        if column.kind is ColumnKind.UNKNOWN:
            unread = f"不认识“{column.label}”这一列，没有读"
            cure = "值班的列写成 值班员、备班、带班领导 或 局领导；其他列可不理会"
            problems.append(Problem("R103", where, unread, cure, Severity.WARNING))
        if column.kind is ColumnKind.DUTY and column not in head.duties:
            twice = f"有两列都是“{column.label}”，只读了左边一列"
            problems.append(Problem("R104", where, twice, "第二列改写成“备班”"))
    return problems


def shown_cell(cell: object) -> str:
    """Show a cell as one line of text; empty for an empty cell."""
    return "" if cell is None else " ".join(unicodedata.normalize("NFKC", str(cell)).split())


def _continues(labels: Sequence[str], below: Sequence[object]) -> bool:
    """Say whether the next row belongs to the head: its date cell is merged with this one's."""
    for label, cell in zip(labels, below, strict=False):
        if label and _kind_of(_squeezed(label)) is ColumnKind.DAY:
            return shown_cell(cell) == label
    return False


def _joined(upper: str, lower: str) -> str:
    return lower if upper == lower or not _SHIFT_WORDS.search(upper) else f"{upper}{lower}"


def _titles(sheet: Sheet, index: int) -> list[str]:
    above = [shown_cell(cell) for row in sheet.rows[:index] for cell in row]
    return list(dict.fromkeys(text for text in [*above, sheet.title] if text))


def _column(index: int, label: str) -> Column:
    squeezed = _squeezed(label)
    kind = _kind_of(squeezed)
    if kind is not ColumnKind.UNKNOWN or len(squeezed) > _LONGEST_LABEL:
        return Column(index, kind, label)
    bare = re.sub(r"\(.*?\)", "", squeezed)
    without_shift = re.sub(r"[白日早夜晚]班", "", bare)
    for duty, pattern in _DUTIES:
        if pattern.fullmatch(bare) or pattern.fullmatch(without_shift):
            shift = squeezed if _SHIFT_WORDS.search(squeezed) else ""
            return Column(index, ColumnKind.DUTY, label, duty, shift)
    return Column(index, ColumnKind.UNKNOWN, label)


def _kind_of(squeezed: str) -> ColumnKind:
    fits = (kind for kind, pattern in _KINDS if pattern.fullmatch(squeezed))
    return next(fits, ColumnKind.UNKNOWN)


def _squeezed(label: str) -> str:
    return re.sub(r"\s+", "", label)
