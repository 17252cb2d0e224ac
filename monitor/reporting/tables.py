"""A report as an xlsx: the tables behind every figure, real numbers and dates."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from monitor.domain import SHANGHAI
from monitor.reporting.links import Links
from monitor.reports.nouns import Against, Cell, ColumnKind, Figure, Report, Table

_FORMATS = {
    ColumnKind.TEXT: "@",
    ColumnKind.COUNT: "#,##0",
    ColumnKind.YUAN: "#,##0.00",
    ColumnKind.MOMENT: "yyyy-mm-dd hh:mm:ss",
    ColumnKind.DAY: "yyyy-mm-dd",
    ColumnKind.HOURS: "#,##0.0",
    ColumnKind.MINUTES: "#,##0.0",
    ColumnKind.PERCENT: '0.0"%"',
}
_WIDTHS = {
    ColumnKind.TEXT: 26,
    ColumnKind.COUNT: 12,
    ColumnKind.YUAN: 18,
    ColumnKind.MOMENT: 20,
    ColumnKind.DAY: 12,
    ColumnKind.HOURS: 14,
    ColumnKind.MINUTES: 14,
    ColumnKind.PERCENT: 10,
}
_OVERVIEW = (
    ("指标", 30),
    ("单位", 8),
    ("本期", 16),
    ("上期", 16),
    ("相差", 14),
    ("去年同期", 16),
    ("与上期之比", 12),
    ("区间下限", 10),
    ("区间上限", 10),
    ("判断", 12),
    ("来自工作表", 20),
)
_VERDICTS = {"rise": "上升", "fall": "下降", "not_clear": "不足以说明", "not_comparable": "不比较"}
_HEAD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_LINKED = Font(color="14507F", underline="single")


def write_tables(report: Report, desk_url: str = "") -> bytes:
    """Write the book; times are those of Asia/Shanghai, as spreadsheets have no zones."""
    book = Workbook(write_only=True)
    book.properties.creator = report.office or "清薪"
    book.properties.title = report.title
    book.properties.created = report.made_at.replace(tzinfo=None, microsecond=0)
    links = Links(report, desk_url)
    _write_figures(book, report, links)
    for section in report.sections:
        for table in section.tables:
            _write_table(book, table, links)
    for table in [report.cases, *report.sheets]:
        _write_table(book, table, links)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write_figures(book: Any, report: Report, links: Links) -> None:
    sheet = book.create_sheet("概览")
    _write_head(sheet, _OVERVIEW)
    for figure in report.figures:
        row: list[Any] = _figure_row(figure)
        address = links.to_figure(figure.key, figure.list_key)
        if address and row[2] is not None:
            row[2] = _link(sheet, row[2], address)
        sheet.append(row)
    sheet.append([])
    period = report.period
    for line in (
        report.title,
        f"{period.starts_on} 至 {period.ends_on}",
        *(["第 " + str(report.edition) + " 版"] if report.edition else []),
        *report.changes,
        *report.notes,
    ):
        sheet.append([line])


def _figure_row(figure: Figure) -> list[Cell]:
    found = figure.comparisons.get(Against.BEFORE)
    compared: list[Cell] = [None, None, None, None]
    if found is not None:
        compared = [found.ratio, found.low, found.high, _VERDICTS[found.verdict]]
    value = figure.why_none or None if figure.value is None else figure.value
    return [
        figure.title,
        figure.unit.value,
        value,
        figure.before,
        figure.difference,
        figure.last_year,
        *compared,
        figure.sheet,
    ]


def _write_table(book: Any, table: Table, links: Links) -> None:
    sheet = book.create_sheet(table.title)
    _write_head(sheet, [(title, _WIDTHS[kind]) for title, kind in table.columns])
    kinds = [kind for _, kind in table.columns]
    # A row is written as soon as it is appended, so that one cell a column can be filled again and
    # again: to give each cell its format took half of the time.
    plain = [_make_cell(sheet, kind) for kind in kinds]
    linked = [_make_cell(sheet, kind, _LINKED) for kind in kinds]
    counted = next((n for n, kind in enumerate(kinds) if kind is ColumnKind.COUNT), 0)
    for number, row in enumerate(table.rows):
        addresses: dict[int, str] = {}
        if table.list_keys and (address := links.to_list(table.list_keys[number])):
            addresses[counted] = address
        if table.case_ids and (address := links.to_case(table.case_ids[number])):
            addresses[0] = address
        sheet.append(
            [
                None
                if content is None
                else _fill(linked[place], content, addresses[place])
                if addresses.get(place, "").startswith("http")
                else _fill(plain[place], content)
                for place, content in enumerate(row)
            ]
        )


def _make_cell(sheet: Any, kind: ColumnKind, font: Font | None = None) -> Any:
    cell = WriteOnlyCell(sheet)
    if kind is not ColumnKind.TEXT:
        cell.number_format = _FORMATS[kind]
    if font is not None:
        cell.font = font
    return cell


def _fill(cell: Any, content: Cell, address: str = "") -> Any:
    cell.value = _plain(content)
    if isinstance(content, str):
        cell.data_type = "s"  # a name that begins like a formula stays a name
    if address:
        cell.hyperlink = address
    return cell


def _link(sheet: Any, content: Cell, address: str) -> Any:
    cell = WriteOnlyCell(sheet, _plain(content))
    _make_link(cell, address)
    return cell


def _make_link(cell: Any, address: str) -> None:
    if address.startswith("http"):
        cell.hyperlink = address
        cell.font = _LINKED


def _plain(content: Cell) -> Any:
    if isinstance(content, datetime):
        return content.astimezone(SHANGHAI).replace(tzinfo=None)
    return content


def _write_head(sheet: Any, head: Sequence[tuple[str, float]]) -> None:
    sheet.freeze_panes = "A2"
    cells = []
    for column, (title, width) in enumerate(head, 1):
        cell = WriteOnlyCell(sheet, title)
        cell.font, cell.alignment = _HEAD, _WRAPPED
        cells.append(cell)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.append(cells)
