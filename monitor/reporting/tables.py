"""The weekly report as an xlsx: the tables behind every figure, real numbers and dates."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from monitor.domain import SHANGHAI
from monitor.reports.counts import OpenedCase
from monitor.reports.nouns import Cell, ColumnKind, Figure, Table, WeeklyReport
from monitor.reports.words import LEVEL_NAMES, NOT_SAID, STATE_NAMES, clean

_FORMATS = {
    ColumnKind.TEXT: "@",
    ColumnKind.COUNT: "#,##0",
    ColumnKind.YUAN: "#,##0.00",
    ColumnKind.MOMENT: "yyyy-mm-dd hh:mm",
    ColumnKind.HOURS: "#,##0.0",
}
_WIDTHS = {
    ColumnKind.TEXT: 30,
    ColumnKind.COUNT: 12,
    ColumnKind.YUAN: 18,
    ColumnKind.MOMENT: 20,
    ColumnKind.HOURS: 16,
}
_CASE_COLUMNS = (
    ("线索编号", ColumnKind.TEXT),
    ("立案时间", ColumnKind.MOMENT),
    ("紧急程度", ColumnKind.TEXT),
    ("现在状态", ColumnKind.TEXT),
    ("用人单位", ColumnKind.TEXT),
    ("项目", ColumnKind.TEXT),
    ("地点", ColumnKind.TEXT),
    ("行业", ColumnKind.TEXT),
    ("欠薪人数", ColumnKind.COUNT),
    ("欠薪金额（元）", ColumnKind.YUAN),
)


def write_tables(report: WeeklyReport) -> bytes:
    """Write the book; times are those of Asia/Shanghai, as spreadsheets have no zones."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "清薪"
    book.properties.title = report.title
    _write_figures(book, report)
    for section in report.sections:
        for table in section.tables:
            _write_table(book, table)
    _write_table(book, list_cases(report.cases))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def list_cases(cases: Sequence[OpenedCase]) -> Table:
    """The cases that the figures of new cases count, one a row."""
    return Table(
        "cases",
        "新增线索",
        _CASE_COLUMNS,
        [
            (
                each.case.number,
                each.case.opened_at,
                LEVEL_NAMES[each.case.level],
                STATE_NAMES[each.case.state],
                clean(each.case.employer) or NOT_SAID,
                clean(each.case.project) or NOT_SAID,
                clean(each.case.place) or NOT_SAID,
                clean(each.sector) or NOT_SAID,
                each.case.workers,
                each.case.amount_yuan,
            )
            for each in cases
        ],
    )


def _write_figures(book: Workbook, report: WeeklyReport) -> None:
    sheet = book.create_sheet("概览")
    _write_head(sheet, (("指标", 32), ("单位", 8), ("本周", 16), ("上周", 16), ("相差", 16)))
    for figure in report.figures:
        sheet.append(_figure_row(figure))
    sheet.append([])
    for line in (
        report.title,
        f"{report.week.starts_on} 至 {report.week.ends_on}",
        *report.notes,
    ):
        sheet.append([line])


def _figure_row(figure: Figure) -> list[str | float | None]:
    return [figure.title, figure.unit.value, figure.value, figure.before, figure.difference]


def _write_table(book: Workbook, table: Table) -> None:
    sheet = book.create_sheet(table.title)
    _write_head(sheet, [(title, _WIDTHS[kind]) for title, kind in table.columns])
    for number, row in enumerate(table.rows, 2):
        for column, ((_, kind), content) in enumerate(zip(table.columns, row, strict=True), 1):
            cell = sheet.cell(number, column, _plain(content))
            cell.number_format = _FORMATS[kind]
            if isinstance(content, str):
                cell.data_type = "s"  # a name that begins like a formula stays a name


def _plain(content: Cell) -> Cell:
    if isinstance(content, datetime):
        return content.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    return content


def _write_head(sheet: Any, head: Sequence[tuple[str, float]]) -> None:
    sheet.freeze_panes = "A2"
    for column, (title, width) in enumerate(head, 1):
        cell = sheet.cell(1, column, title)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(column)].width = width
