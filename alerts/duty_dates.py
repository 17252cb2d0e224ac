"""The date cell of a duty table: what people write, or why it cannot be read. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from monitor.domain import Problem, Severity

FURTHEST = timedelta(days=400)
"""A date further from today than this is taken for a wrong year."""

# Two readings that are a year apart cannot both be this near.
_OLDEST, _NEWEST = timedelta(days=-31), timedelta(days=330)
_WEEKDAYS = "一二三四五六日"
_WEEKDAY = re.compile(r"[(\[]?(?:星期|礼拜|周)([一二三四五六日天])[)\]]?")
_CLOCK = re.compile(r"[T\s]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_FULL = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?")
_SHORT_YEAR = re.compile(r"(\d{2})([-/.年])(\d{1,2})[-/.月](\d{1,2})[日号]?")
_MONTH_DAY = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
_DAY = re.compile(r"(\d{1,2})[日号]?")
_RANGE = re.compile(r"(.*\d[日号]?)(?:至|到|~|—+|–|-)(\d.*)")
_TITLE = re.compile(r"(\d{4})年(?:(\d{1,2})月)?")
_LONGEST_RANGE = 31
_CURE = "写成 2026-12-01 这样，年份四位"


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a date without a year or a month is understood by.

    `year` and `month` are those that the table's title or the sheet's name states; None where
    neither does.
    """

    today: date
    year: int | None = None
    month: int | None = None


@dataclass(frozen=True, slots=True)
class ReadDays:
    """The days that a cell names, ascending; empty when it cannot be read. `problems` say why."""

    days: tuple[date, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse_calendar(titles: list[str], today: date) -> Calendar:
    """Find year and month in what stands above a table; the first that states them holds."""
    for title in titles:
        found = _TITLE.search(_narrow(title))
        if found:
            return Calendar(today, int(found[1]), int(found[2]) if found[2] else None)
    return Calendar(today)


def parse_days(value: object, calendar: Calendar, where: str) -> ReadDays:
    """Read the day, or the stretch of days, that a cell names.

    Args:
        value: The cell as the file holds it.
        calendar: By what a missing year or month is understood.
        where: The cell's place, for problems.

    Returns:
        Days with problems R105 (cannot be read), R106 (two-digit year, understood), R107 (two-digit
        year, refused), R108 (too far from today), R109 (the weekday says otherwise).
    """
    if isinstance(value, datetime):
        return _checked((value.date(),), None, calendar, where)
    if isinstance(value, date):
        return _checked((value,), None, calendar, where)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = _narrow(str(value))
    weekday = _WEEKDAY.search(text)
    text = re.sub(r"\s+", "", _CLOCK.sub("", _WEEKDAY.sub("", text)))
    stretch = _RANGE.fullmatch(text) if re.search(r"[日号至到~—–]", text) else None
    if stretch:
        return _parse_stretch(stretch[1], stretch[2], calendar, where)
    day, problem = _parse_day(text, calendar, where)
    if day is None:
        return ReadDays((), (problem,) if problem else ())
    read = _checked((day,), weekday[1] if weekday else None, calendar, where)
    return ReadDays(read.days, (*((problem,) if problem else ()), *read.problems))


def shown_weekday(day: date) -> str:
    """Show the weekday in Chinese."""
    return f"星期{_WEEKDAYS[day.weekday()]}"


def parse_weekday(value: object) -> str | None:
    """Read a weekday cell: 星期一, 周一 or 一; None when it is none."""
    text = re.sub(r"\s+", "", _narrow(str(value)))
    found = _WEEKDAY.fullmatch(text)
    name = found[1] if found else text
    name = "日" if name == "天" else name
    return name if len(name) == 1 and name in _WEEKDAYS else None


def weekday_problem(day: date, named: str, where: str) -> Problem | None:
    """Say so when a weekday is not the day's; usually the year or the month is wrong."""
    if parse_weekday(named) in {None, _WEEKDAYS[day.weekday()]}:
        return None
    return Problem(
        "R109",
        where,
        f"{day} 是{shown_weekday(day)}，表里写的是“{named}”",
        "核对日期和年份",
        Severity.WARNING,
    )


def _parse_stretch(first: str, last: str, calendar: Calendar, where: str) -> ReadDays:
    start, problem = _parse_day(first, calendar, where)
    if start is None:
        return ReadDays((), (problem,) if problem else ())
    # The second half may leave out what the first has said: 12月1日至3日.
    end, problem = _parse_day(last, Calendar(start, start.year, start.month), where)
    length = (end - start).days if end else -1
    if not 0 <= length < _LONGEST_RANGE:
        unread = Problem("R105", where, f"起止日期“{first}—{last}”读不出来", _CURE)
        return ReadDays((), (problem or unread,))
    days = tuple(start + timedelta(days=number) for number in range(length + 1))
    return _checked(days, None, calendar, where)


def _parse_day(text: str, calendar: Calendar, where: str) -> tuple[date | None, Problem | None]:
    if found := _FULL.fullmatch(text):
        day = _make(int(found[1]), int(found[2]), int(found[3]))
    elif found := _SHORT_YEAR.fullmatch(text):
        return _parse_short_year(text, found, calendar, where)
    elif found := _MONTH_DAY.fullmatch(text):
        day = _nearest(int(found[1]), int(found[2]), calendar)
    elif (found := _DAY.fullmatch(text)) and calendar.month is not None:
        day = _nearest(calendar.month, int(found[1]), calendar)
    else:
        day = None
    if day is None:
        return None, Problem("R105", where, f"日期“{text[:20]}”读不出来", _CURE)
    return day, None


def _parse_short_year(
    text: str, found: re.Match[str], calendar: Calendar, where: str
) -> tuple[date | None, Problem | None]:
    """Understand a two-digit year only where no other reading is near today."""
    first, second, third = int(found[1]), int(found[3]), int(found[4])
    readings = {_make(2000 + first, second, third)}
    if found[2] != "年":
        readings |= {_make(2000 + third, second, first), _make(2000 + third, first, second)}
    near = [day for day in readings if day and _OLDEST <= day - calendar.today <= _NEWEST]
    if len(near) == 1 and near[0] == _make(2000 + first, second, third):
        return near[0], Problem(
            "R106", where, f"“{text}”只有两位年份，按 {near[0]} 理解", _CURE, Severity.WARNING
        )
    return None, Problem("R107", where, f"“{text}”只有两位年份，分不清年月日", _CURE)


def _nearest(month: int, day: int, calendar: Calendar) -> date | None:
    """Complete a day without a year: the title's year, else the year that is nearest to today."""
    if calendar.year is not None and calendar.month is None:
        return _make(calendar.year, month, day)
    middle = _make(calendar.year or 0, calendar.month or 0, 15) or calendar.today
    years = (middle.year - 1, middle.year, middle.year + 1)
    days = [known for year in years if (known := _make(year, month, day))]
    return min(days, key=lambda known: abs(known - middle), default=None)


def _checked(
    days: tuple[date, ...], weekday: str | None, calendar: Calendar, where: str
) -> ReadDays:
    far = next((day for day in days if abs(day - calendar.today) > FURTHEST), None)
    if far is not None:
        return ReadDays(
            (), (Problem("R108", where, f"{far} 离今天太远，多半是年份写错了", "核对年份"),)
        )
    wrong = weekday_problem(days[0], weekday, where) if weekday else None
    return ReadDays(days, (wrong,) if wrong else ())


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
