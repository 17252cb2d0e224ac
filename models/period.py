"""For which time wages are owed: months, from when, until when; relative to the message's date."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from models.money import CHINESE_NUMBER, parse_number
from monitor.domain import SHANGHAI, Fact

_NUMBER: Final = rf"(?:\d{{1,3}}(?:\.\d)?|{CHINESE_NUMBER}{{1,3}})"
_SPAN: Final = re.compile(
    # A cheap look at the first sign, so that most places of a text are passed over at once.
    r"(?<![\d.])(?=[大半0-9零〇一二两俩三四五六七八九十百千万])"
    rf"(?:(?P<half>大?半年)|(?P<years>{_NUMBER})年(?P<extra>半)?(?P<about>多|余)?"
    r"(?![\d级底初前后代度份的月]|月)"
    rf"|(?P<months>{_NUMBER})(?P<more>多|余)?个(?P<and>半)?多?月)"
)
_OWED: Final = re.compile(
    r"欠|没发|未发|不发|没有发|没给|未付"
    r"|没拿|未领|没领|不给|拖|工资|工钱|薪"
    r"|没见|没开|未支付|压|没结|血汗钱|劳务费"
    r"|一分|分文|补贴|津贴|奖|加班费"
)
_NOT_OWED: Final = re.compile(
    r"(?:工作|上班|入职|离职|辞职|试用期"
    r"|工龄|干|做|合同|怀孕|试用|提前|提出"
    r"|找|讨|跑|要|申请|等|工期|保质期|施工"
    r"|结婚|住院|开业|成立|完工|竣工)(?:[了满已近有过]"
    r"|将近)*$"
)
_WORKED_AFTER: Final = re.compile(r"^[^，。；\n]{0,4}(?:工龄|合同|试用|前|的活|内|后)")

_OTHER_CLOCK: Final = re.compile(
    "判决|裁决|仲裁|立案|开庭|起诉|官司|上访|信访|投诉|举报|报警|采访|曝光|静坐|聚集|维权|执行"
)
"""Time that runs since something else than a payday, and may not add to the urgency."""

LONGEST_YEARS: Final = 40


@dataclass(frozen=True, slots=True)
class Period:
    """What a text says of the time for which wages are owed; every part may be missing."""

    months: Fact[float] | None
    owed_from: Fact[str] | None
    owed_to: Fact[str] | None


def _span_months(match: re.Match[str]) -> float | None:
    """Turn a matched length of time into months."""
    if match["half"]:
        return 6.0
    number = parse_number(match["years"] or match["months"])
    if number is None:
        return None
    if match["years"]:
        if number > LONGEST_YEARS:
            return None
        return number * 12 + (6 if match["extra"] else 0)
    return number + (0.5 if match["and"] else 0)


def _find_length(text: str) -> Fact[float] | None:
    """Find the length of time that stands beside a word of unpaid wages."""
    best: tuple[int, Fact[float]] | None = None
    for match in _SPAN.finditer(text):
        months = _span_months(match)
        if months is None or not 0 < months <= LONGEST_YEARS * 12:
            continue
        before = re.split(r"[。！？；\n]", text[max(0, match.start() - 16) : match.start()])[-1]
        after = re.split(r"[。！？；\n]", text[match.end() : match.end() + 12])[0]
        if _NOT_OWED.search(before) or _WORKED_AFTER.match(after):
            continue
        near = re.split("，", before)[-1]
        if _OTHER_CLOCK.search(near) and not _OWED.search(near):
            continue
        weight = (3 if _OWED.search(near) else 0) + (
            3 if _OWED.search(re.split("，", after)[0]) else 0
        )
        weight += 1 if _OWED.search(before) or _OWED.search(after) else 0
        if weight and (best is None or weight > best[0]):
            best = (weight, Fact(months, match.span()))
    return best[1] if best else None


_YEAR: Final = r"(?:(?P<{0}year>(?:19|20)\d\d)年?|(?P<{0}word>去年|今年|前年|大前年|上年|本年))"
_MONTH: Final = (
    r"(?P<{0}month>1[0-2]|0?[1-9]|十[一二]?"
    r"|[一二三四五六七八九])月(?:份)?(?:底"
    r"|初|中旬|\d{{1,2}}[日号])?|(?P<{0}season>腊月"
    r"|年底|年初|春节|过年|正月|年终)"
)


def _moment(prefix: str) -> str:
    """Write the pattern of a year and month, or of a month alone."""
    year, month = _YEAR.format(prefix), _MONTH.format(prefix)
    return rf"(?:{year}的?[./-]?)?(?:{month})"


_STARTS: Final = "(?=[0-9去今前大上本十一二三四五六七八九腊年春过正])"
"""A cheap look at the first sign, so that most places of a text are passed over at once."""
_RANGE: Final = re.compile(
    rf"{_STARTS}(?P<from>{_moment('a')})(?:份"
    rf"|期间|开始|起|工资)?(?:一直)?(?:到"
    rf"|至|-|—|~)(?P<to>{_moment('b')}|今"
    rf"|现在|目前|如今)"
)
_FROM: Final = re.compile(rf"(?:从|自|由)(?P<from>{_moment('a')})(?:起|开始|以来|就|至今|，|到)")
_MONTH_PAY: Final = re.compile(
    rf"{_STARTS}(?P<from>{_moment('a')})"
    # More months may follow ("11月、12月工资"): the first is the one from which pay is owed.
    r"(?:[、和及至到-](?:1[0-2]|[1-9])月?份?){0,6}的?(?:全部"
    rf"|剩余)?(?:工资|工钱|薪水|薪资|绩效"
    rf"|奖金|加班费|提成|补贴|劳务费)"
)
_DOTTED: Final = re.compile(
    r"(?<!\d)(?P<ayear>20\d\d)[./-](?P<amonth>1[0-2]|0?[1-9])月?\s?[-—~至到]{1,2}\s?"
    r"(?:(?P<byear>20\d\d)[./-])?(?P<bmonth>1[0-2]|0?[1-9])(?![\d.])"
)
_MONTH_SIGN: Final = re.compile(r"月|年[底初终]|春节|过年|\d[./-]\d")
"""Without one of these no month is named."""
_NOW: Final = re.compile("至今|到现在|直到现在|到目前|截至目前|截止目前|到今天|迄今")


def _month_of(
    match: re.Match[str], prefix: str, now: datetime | None, year: int | None
) -> tuple[int, int] | None:
    """Compute (year, month) of a matched moment; None when the text and the date do not say."""
    month = _month_number(match, prefix)
    if match[f"{prefix}year"]:
        year = int(match[f"{prefix}year"])
    elif match[f"{prefix}word"] and now is not None:
        back = {"去年": 1, "上年": 1, "前年": 2, "大前年": 3}.get(match[f"{prefix}word"], 0)
        year = now.year - back
    elif match[f"{prefix}word"]:
        return None
    elif year is None and now is not None and month is not None:
        year = now.year if month <= now.month else now.year - 1
    if year is None or month is None:
        return None
    # 腊月 and the weeks before the Spring Festival of a year lie in the following January.
    if match[f"{prefix}season"] == "腊月":
        return year + 1, 1
    return year, month


def _month_number(match: re.Match[str], prefix: str) -> int | None:
    """Read the month of a matched moment, 1 to 12."""
    if match[f"{prefix}season"]:
        return {"腊月": 1, "年底": 12, "年终": 12, "年初": 1, "春节": 2, "过年": 2, "正月": 2}[
            match[f"{prefix}season"]
        ]
    if match[f"{prefix}month"]:
        number = parse_number(match[f"{prefix}month"])
        return int(number) if number else None
    return None


def _written(moment: tuple[int, int]) -> str:
    """Write a month as YYYY-MM."""
    return f"{moment[0]:04d}-{moment[1]:02d}"


def _not_after(moment: tuple[int, int], now: datetime | None) -> bool:
    """Say whether a month had begun when the message was written."""
    return now is None or moment <= (now.year, now.month)


def _dotted_ends(
    match: re.Match[str], now: datetime | None
) -> tuple[Fact[str] | None, Fact[str] | None]:
    """Read a range written with dots ("2025.3-2025.8")."""
    start = int(match["ayear"]), int(match["amonth"])
    until = int(match["byear"] or match["ayear"]), int(match["bmonth"])
    if not start <= until or not _not_after(until, now):
        return None, None
    first = Fact(_written(start), (match.start("ayear"), match.end("amonth")))
    begin = match.start("byear") if match["byear"] else match.start("bmonth")
    return first, Fact(_written(until), (begin, match.end("bmonth")))


def _find_ends(text: str, now: datetime | None) -> tuple[Fact[str] | None, Fact[str] | None]:
    """Find the first and the last month for which wages are owed."""
    if _MONTH_SIGN.search(text) is None:
        return None, None
    dotted = _near_owed(_DOTTED, text)
    if dotted is not None:
        return _dotted_ends(dotted, now)
    match = _near_owed(_RANGE, text)
    if match is not None:
        start = _month_of(match, "a", now, None)
        until = _month_of(match, "b", now, start[0] if start else None)
        if until is not None and start is not None and until < start and not match["byear"]:
            until = (until[0] + 1, until[1])
        if match["to"] in ("今", "现在", "目前", "如今") and now is not None:
            until = (now.year, now.month)
        first = (
            Fact(_written(start), match.span("from")) if start and _not_after(start, now) else None
        )
        last = Fact(_written(until), match.span("to")) if until and _not_after(until, now) else None
        return first, last
    match = _near_owed(_FROM, text) or _near_owed(_MONTH_PAY, text)
    if match is None:
        return None, None
    start = _month_of(match, "a", now, None)
    first = Fact(_written(start), match.span("from")) if start and _not_after(start, now) else None
    present = _NOW.search(text, match.end() - 2, match.end() + 30)
    last = (
        Fact(_written((now.year, now.month)), present.span())
        if present and now and match.re is _FROM
        else None
    )
    return first, last


def _near_owed(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Find the first match that has a word of unpaid wages within its sentence."""
    for match in pattern.finditer(text):
        around = re.split(r"[。！？；\n]", text[max(0, match.start() - 20) : match.start()])[-1]
        around += match[0] + re.split(r"[。！？；\n]", text[match.end() : match.end() + 30])[0]
        if _OWED.search(around):
            return match
    return None


def find_period(text: str, published_at: datetime | None) -> Period:
    """Find the time for which a normalised text says that wages are owed.

    Args:
        text: Normalised title and text.
        published_at: When it was written, aware; None leaves relative words unread.
    """
    now = published_at.astimezone(SHANGHAI) if published_at is not None else None
    first, last = _find_ends(text, now)
    return Period(_find_length(text), first, last)
