"""Spreadsheets as openpyxl writes them: a heading row that stays, columns of a stated width."""

from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from monitor.refusals import check_headings


def new_book(title: str, head: Sequence[tuple[str, float]]) -> tuple[Workbook, Any]:
    """Begin a book with one sheet that is written row by row.

    Args:
        title: Of the sheet.
        head: For each column its heading and its width in characters.

    Raises:
        RefusedError: A heading is about the people who speak.
    """
    check_headings((text for text, _ in head), title)
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for column, (_, width) in enumerate(head, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    cells = []
    for text, _ in head:
        cell = WriteOnlyCell(sheet, text)
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
    return book, sheet
