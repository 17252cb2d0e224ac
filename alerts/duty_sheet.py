"""The file of a duty table as rows of cells: xlsx with its merged cells filled, and csv.

Nothing here knows what the cells mean. Offices keep these files by hand, so everything that can be
wrong with one is told as a `Problem`, never as a traceback.
"""

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from monitor.domain import Problem, Severity

MOST_FILE_BYTES = 5 * 1024 * 1024
MOST_UNPACKED_BYTES = 60 * 1024 * 1024
MOST_ROWS = 3_000
MOST_COLUMNS = 60

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_CURE_XLSX = "用 Excel 或 WPS 打开，另存为 .xlsx 再导入"

# What openpyxl is seen to raise on broken workbooks; it names no error of its own for most of them.
_BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # what XML readers raise
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    MemoryError,
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells; the row number that people see is the index plus one.

    A cell is what the file holds: text, number, date, or None where it is empty. Every cell of a
    merged area holds the area's value. `title` is empty for csv.
    """

    title: str
    rows: Sequence[Sequence[object]]


def read_sheets(content: bytes, name: str) -> tuple[list[Sheet], list[Problem]]:
    """Read the sheets of a file; what it is shows in its first bytes, not in its name.

    Args:
        content: The whole file.
        name: What the file is called in problems.

    Returns:
        The visible sheets, and problems R101 (cannot be read) and R102 (only read in part).
    """
    if len(content) > MOST_FILE_BYTES:
        return [], [Problem("R101", name, "文件超过 5 MB", "删去图片和多余的工作表，只留值班表")]
    if content.startswith(_OLD_OFFICE):
        return [], [
            Problem("R101", name, "是旧版 .xls 文件，或加了密码", f"去掉密码；{_CURE_XLSX}")
        ]
    if content.startswith(_ZIP):
        return _read_workbook(content, name)
    return _read_csv(content, name)


def _read_workbook(content: bytes, name: str) -> tuple[list[Sheet], list[Problem]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > MOST_UNPACKED_BYTES:
            return [], [Problem("R101", name, "解压后超过 60 MB", _CURE_XLSX)]
        with warnings.catch_warnings():
            # It warns of fonts and drop-down lists that it does not keep; nobody here needs them.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), data_only=True)
            visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            sheets = [Sheet(sheet.title, _filled_rows(sheet)) for sheet in visible]
    except _BROKEN as error:
        return [], [
            Problem("R101", name, f"不是完好的 .xlsx（{type(error).__name__}）", _CURE_XLSX)
        ]
    problems = [
        _too_long(f"{name}［{sheet.title}］")
        for sheet in visible
        if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS
    ]
    return sheets, problems


def _filled_rows(sheet: Worksheet) -> list[list[object]]:
    rows: list[list[object]] = [
        list(row)
        for row in sheet.iter_rows(
            max_row=min(sheet.max_row, MOST_ROWS),
            max_col=min(sheet.max_column, MOST_COLUMNS),
            values_only=True,
        )
    ]
    for area in sheet.merged_cells.ranges:
        left, top, right, bottom = area.bounds
        if top > len(rows) or left > len(rows[top - 1]):
            continue
        value = rows[top - 1][left - 1]
        for row in rows[top - 1 : bottom]:
            row[left - 1 : right] = [value] * len(row[left - 1 : right])
    return rows


def _read_csv(content: bytes, name: str) -> tuple[list[Sheet], list[Problem]]:
    text = _decoded(content)
    if text is None or "\x00" in text:
        return [], [Problem("R101", name, "既不是 .xlsx，也不是文本的 .csv", _CURE_XLSX)]
    first_line = text.partition("\n")[0]
    delimiter = max(",\t;", key=first_line.count)
    try:
        rows: list[list[object]] = [
            list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        ]
    except csv.Error as error:
        return [], [Problem("R101", name, f"csv 格式有错（{error}）", _CURE_XLSX)]
    problems = [_too_long(name)] if len(rows) > MOST_ROWS else []
    return [Sheet("", [row[:MOST_COLUMNS] for row in rows[:MOST_ROWS]])], problems


def _decoded(content: bytes) -> str | None:
    charsets = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for charset in charsets:
        try:
            return content.decode(charset)
        except UnicodeDecodeError:
            continue
    return None


def _too_long(where: str) -> Problem:
    return Problem(
        "R102",
        where,
        f"只读了前 {MOST_ROWS} 行、{MOST_COLUMNS} 列",
        "删去表格下方和右侧多余的行列",
        Severity.WARNING,
    )
