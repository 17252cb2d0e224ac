"""The duty table as offices keep it, read into shifts: dates down, duties across.

Every row that cannot be used is named with its number, a code and the cure; nothing is guessed
without saying so, and no file raises.

Codes: R101 and R102 the file, R103 and R104 columns, R105 to R109 dates, R110 a row without a date,
R111 to R115 people, R116 a missing day, R117 and R118 clashes, R119 hours, R120 no duty table.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, time, timedelta
from itertools import pairwise
from pathlib import Path

from alerts.duty_columns import Column, ColumnKind, Head, check_head, find_head, shown_cell
from alerts.duty_dates import Calendar, parse_calendar, parse_days, weekday_problem
from alerts.duty_hours import DayHours, Hours, instants, parse_hours
from alerts.duty_people import NameBook
from alerts.duty_sheet import Sheet, read_sheets
from alerts.roster import find_double_bookings
from monitor.domain import Person, Problem, Severity, Shift

_MOST_MISSING_DAYS_TOLD = 20
_REMARKS = ("注:", "备注:", "说明:", "注意")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A shift and the place in the file that it was read from."""

    shift: Shift
    where: str


@dataclass(frozen=True, slots=True)
class _Table:
    """What every row of one sheet is read with."""

    name: str
    head: Head
    calendar: Calendar
    book: NameBook
    hours: DayHours


def read_duty_table(
    source: bytes | Path,
    name: str,
    people: Iterable[Person],
    *,
    today: date,
    day_starts: time = time(8),
    night_starts: time = time(18),
) -> tuple[list[Shift], list[Problem]]:
    """Read a duty table.

    Args:
        source: The file or its bytes: xlsx, or csv in UTF-8 or GB18030.
        name: What the file is called in problems.
        people: Everybody who has an account, the disabled too.
        today: In Asia/Shanghai; dates without a year are understood by it.
        day_starts: When one day's duty hands over to the next, local time.
        night_starts: When 夜班 begins, local time.

    Returns:
        The shifts that could be read, oldest first, and every problem in the order of the file.
        While a problem is an error, the table should be put right and nothing of it kept.
    """
    try:
        content = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        told = error.strerror or type(error).__name__
        return [], [Problem("R101", name, f"打不开（{told}）", "检查路径和权限")]
    sheets, problems = read_sheets(content, name)
    book = NameBook(people)
    hours = DayHours(day_starts, night_starts)
    placed: list[_Placed] = []
    days: set[date] = set()
    tables = list(_tables(sheets, name, today=today, book=book, hours=hours))
    for sheet, table in tables:
        problems += check_head(table.head, table.name)
        for number in range(table.head.first_row, len(sheet.rows)):
            row_days, row_shifts, row_problems = _read_row(sheet.rows[number], number + 1, table)
            days.update(row_days)
            placed += row_shifts
            problems += row_problems
    if not placed and all(problem.code != "R101" for problem in problems):
        problems.append(_no_table(name, has_head=bool(tables)))
    problems += [*_clashes(placed), *_missing_days(days, name)]
    shifts = {one.shift for one in placed}
    return sorted(shifts, key=lambda shift: (shift.starts_at, shift.duty, shift.person)), problems


def _tables(
    sheets: Sequence[Sheet], name: str, *, today: date, book: NameBook, hours: DayHours
) -> Iterator[tuple[Sheet, _Table]]:
    for sheet in sheets:
        head = find_head(sheet)
        if head is not None:
            where = f"{name}［{sheet.title}］" if sheet.title else name
            calendar = parse_calendar(list(head.titles), today)
            yield sheet, _Table(where, head, calendar, book, hours)


def _read_row(
    row: Sequence[object], number: int, table: _Table
) -> tuple[Sequence[date], list[_Placed], list[Problem]]:
    """Read one row; its days are told even when nobody on it could be read."""
    where = f"{table.name} 第 {number} 行"
    if _is_note(row, table.head):
        return (), [], []
    day_column = table.head.first(ColumnKind.DAY)
    day_cell = row[day_column.index] if day_column and day_column.index < len(row) else None
    if not shown_cell(day_cell):
        return (), [], [_without_date(where)] if _is_used(row, table.head) else []
    read = parse_days(day_cell, table.calendar, where)
    if not read.days and not _is_used(row, table.head):
        return (), [], []  # a remark in the first column, and nobody's duty
    problems = list(read.problems)
    if read.days:
        problems += _check_weekday(row, read.days[0], where, table.head)
    placed: list[_Placed] = []
    for column in table.head.duties:
        cell_placed, cell_problems = _read_cell(row, column, read.days, where, table)
        placed += cell_placed
        problems += cell_problems
    return read.days, placed, problems


def _read_cell(
    row: Sequence[object], column: Column, days: Sequence[date], where: str, table: _Table
) -> tuple[list[_Placed], list[Problem]]:
    place = f"{where}“{column.label}”"
    person = table.book.find(_cell(row, column), place)
    if person.username is None:
        return [], [person.problem] if person.problem else []
    shift_column = table.head.first(ColumnKind.SHIFT)
    told = column.shift or (shown_cell(_cell(row, shift_column)) if shift_column else "")
    hours = parse_hours(told, table.hours)
    if hours is None:
        return [], [
            Problem("R119", place, f"班次“{told[:20]}”读不出来", "写白班、夜班，或 18:00-次日8:00")
        ]
    note_column = table.head.first(ColumnKind.NOTE)
    note = shown_cell(_cell(row, note_column))[:200] if note_column else ""
    shifts = [_shift(column, person.username, day, hours, note) for day in days]
    return [_Placed(shift, place) for shift in shifts], []


def _shift(column: Column, person: str, on: date, hours: Hours, note: str) -> Shift:
    assert column.duty is not None  # noqa: S101 - only duty columns are read into shifts
    starts_at, ends_at = instants(on, hours)
    return Shift(column.duty, person, starts_at.astimezone(UTC), ends_at.astimezone(UTC), note)


def _is_note(row: Sequence[object], head: Head) -> bool:
    """Say whether a row is empty, a remark, or the head once more."""
    texts = [text for cell in row if (text := shown_cell(cell))]
    labels = {column.label for column in head.columns}
    if not texts or set(texts) <= labels or texts[0].startswith(_REMARKS):
        return True
    # A remark that is merged over the whole width says the same in every cell.
    return len(texts) > 1 and len(set(texts)) == 1


def _is_used(row: Sequence[object], head: Head) -> bool:
    return any(shown_cell(_cell(row, column)) for column in head.duties)


def _cell(row: Sequence[object], column: Column) -> object:
    return row[column.index] if column.index < len(row) else None


def _check_weekday(row: Sequence[object], day: date, where: str, head: Head) -> list[Problem]:
    column = head.first(ColumnKind.WEEKDAY)
    named = shown_cell(_cell(row, column)) if column else ""
    problem = weekday_problem(day, named, where) if named else None
    return [problem] if problem else []


def _without_date(where: str) -> Problem:
    return Problem(
        "R110",
        where,
        "有人名，没有日期",
        "每行都写日期；csv 不保留合并的单元格，公式算出的日期要先用 Excel 保存一次",
    )


def _no_table(name: str, *, has_head: bool) -> Problem:
    if has_head:
        return Problem("R120", name, "表里没有一行可用", "按上面各条改正后再导入")
    return Problem(
        "R120",
        name,
        "找不到值班表的表头",
        "前 15 行里要有一行写明“日期”，并有“值班员”“备班”“带班领导”中的一列",
    )


def _clashes(placed: Sequence[_Placed]) -> list[Problem]:
    places = {one.shift: one.where for one in reversed(placed)}
    order = {shift: number for number, shift in enumerate(reversed(places))}
    problems: list[Problem] = []
    for clash in find_double_bookings(places):
        in_order = sorted((clash.first, clash.second), key=order.__getitem__)
        first, second = (places[shift] for shift in in_order)
        if clash.first.duty is clash.second.duty:
            people = f"{clash.first.person}、{clash.second.person}"
            problems.append(
                Problem("R117", second, f"与 {first} 同班两人（{people}）", "每班每职只留一人")
            )
        else:
            problems.append(
                Problem(
                    "R118",
                    second,
                    f"{clash.second.person} 同时在 {first}，无人确认时会通知到同一个人",
                    "换一个人",
                    Severity.WARNING,
                )
            )
    return problems


def _missing_days(days: set[date], name: str) -> list[Problem]:
    """Name the days that the table leaves out between its first and its last."""
    problems: list[Problem] = []
    ordered = sorted(days)
    for before, after in pairwise(ordered):
        if after - before == timedelta(days=1):
            continue
        first, last = before + timedelta(days=1), after - timedelta(days=1)
        told = f"{first}" if first == last else f"{first} 至 {last}"
        problems.append(
            Problem("R116", name, f"缺 {told}", "补上；否则这几天无人值守", Severity.WARNING)
        )
    return problems[:_MOST_MISSING_DAYS_TOLD]
