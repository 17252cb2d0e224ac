"""What a page says about when something was written → an instant, as exactly as it was said.

Nothing is guessed quietly: a time that lies in the future or a wording that is not known gives
None, and a date without its year says that the year was guessed. Sites show the time of
Asia/Shanghai; what leaves here is UTC.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime

from monitor.domain import SHANGHAI, TimePrecision

Moment = tuple[datetime | None, TimePrecision]
"""When (UTC), and how exactly; (None, UNKNOWN) when the text does not say."""

NO_MOMENT: Moment = (None, TimePrecision.UNKNOWN)

_CLOCK_SKEW = timedelta(minutes=5)
"""A site's clock may run ahead of ours by this much; its newest post is then written now."""

_LONGEST = 200
_EARLIEST_YEAR = 1995

_CHINESE_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_CHINESE_DATE = re.compile(
    r"([〇零○一二三四五六七八九]{4})\s?年\s?([一二三四五六七八九十]{1,3})\s?月"
    r"(?:\s?([一二三四五六七八九十]{1,3})\s?[日号])?"
)
_CLOCK = (
    r"(?P<half>凌晨|早上|上午|中午|下午|晚上|AM|PM)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*"
    r"(?:(?P<minute>\d{1,2})(?:\s*[:分]\s*(?P<second>\d{1,2})(?:\.\d{1,9})?秒?|分)?)?"
)
_ABSOLUTE = re.compile(
    r"(?<!\d)(?P<year>\d{4})\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})(?!\d)\s?"
    rf"[日号]?(?:\s*(?:T|周.|星期.|\(.{{1,4}}\))?\s*{_CLOCK})?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?(?![\d])"
)
_DAY_WORD = re.compile(
    rf"(?P<word>今天|今日|今[早晨晚]|昨天|昨日|昨[早晨晚]|大前天|前天|前日)\s*(?:{_CLOCK})?"
)
# A date without a year: never a piece of a longer number, and never a mere pair such as 3-5.
_YEARLESS = re.compile(
    r"(?<![\d年./-])(?:(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?[日号]"
    r"|(?P<month2>\d{2})[-/](?P<day2>\d{2})(?![\d/\u4e00-\u9fff-])"
    r"|(?P<month3>\d{1,2})[-/](?P<day3>\d{1,2})(?=\s{1,3}\d{1,2}:\d{2}))"
    rf"(?:\s*(?:周.|星期.|\(.{{1,4}}\))?\s*{_CLOCK})?(?!\d)"
)
_YEARS_BACK = 8  # the 29th of February is at most that far away
_AGO = re.compile(
    r"(?P<number>\d{1,5}|半|[一二三四五六七八九十两]{1,3})\s*个?\s*(?P<half>半)?\s*"
    r"(?P<unit>秒钟?|分钟?|小时|钟头|天|日|周|星期|礼拜)\s*(?:以|之)?前"
)
_JUST_NOW = re.compile(r"刚刚|刚才")
_UNIX = re.compile(r"\d{10}|\d{13}")
_RFC = re.compile(r"[A-Za-z]{3},?\s+\d{1,2}\s+[A-Za-z]{3}\s+\d{4}|\d{1,2}\s+[A-Za-z]{3}\s+\d{4}")

_AFTERNOON = frozenset({"下午", "晚上", "PM"})
_NOON_HOUR = 12
_DAYS_BACK = {"今": 0, "昨": 1, "前": 2, "大": 3}
_UNITS = {
    "秒": (timedelta(seconds=1), TimePrecision.SECOND),
    "分": (timedelta(minutes=1), TimePrecision.MINUTE),
    "小": (timedelta(hours=1), TimePrecision.HOUR),
    "钟": (timedelta(hours=1), TimePrecision.HOUR),
}


def parse_published_at(text: str, now: datetime) -> Moment:
    """Read when something was written.

    Args:
        text: What the page shows, a label before it included; only the first 200 characters count.
        now: The instant (UTC) at which the page was fetched; relative wordings count from it.

    Returns:
        The instant in UTC, never after `now`, and how exactly the page told it. A day without a
        clock is the midnight of Asia/Shanghai that begins it.
    """
    shown = text[:_LONGEST].strip()
    if not shown.isascii():
        shown = unicodedata.normalize("NFKC", shown)
    if not shown:
        return NO_MOMENT
    for parse in _PARSERS:
        moment = parse(shown, now)
        if moment is not None:
            return _refuse_future(moment, now)
    return NO_MOMENT


def _refuse_future(moment: Moment, now: datetime) -> Moment:
    at, precision = moment
    if at is None or at > now + _CLOCK_SKEW or at.year < _EARLIEST_YEAR:
        return NO_MOMENT
    return min(at, now), precision


def _parse_unix(shown: str, _now: datetime) -> Moment | None:
    if not _UNIX.fullmatch(shown):
        return None
    seconds = int(shown[:10])
    return datetime.fromtimestamp(seconds, UTC), TimePrecision.SECOND


def _parse_rfc(shown: str, _now: datetime) -> Moment | None:
    """Read the form of RSS; a time without zone there is meant as local."""
    if not _RFC.search(shown):
        return None
    try:
        at = parsedate_to_datetime(shown)
    except (ValueError, TypeError, OverflowError):
        return None
    zoned = at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
    try:
        return zoned.astimezone(UTC), TimePrecision.SECOND
    except OverflowError:
        return NO_MOMENT


def _parse_absolute(shown: str, _now: datetime) -> Moment | None:
    match = _ABSOLUTE.search(shown)
    if match is None:
        return None
    year, month, day = (int(match[name]) for name in ("year", "month", "day"))
    clock = _read_clock(match)
    if clock is None:
        return NO_MOMENT
    hour, minute, second, precision = clock
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=_zone_of(match["zone"]))
        return local.astimezone(UTC), precision
    except (ValueError, OverflowError):
        return NO_MOMENT


def _zone_of(shown: str | None) -> tzinfo:
    if shown is None:
        return SHANGHAI
    if shown == "Z":
        return UTC
    return datetime.strptime(shown, "%z").tzinfo or SHANGHAI


def _read_clock(match: re.Match[str]) -> tuple[int, int, int, TimePrecision] | None:
    """Return hour, minute, second and precision; None when the clock cannot be."""
    if match["hour"] is None:
        return 0, 0, 0, TimePrecision.DAY
    hour = int(match["hour"])
    if match["half"] in _AFTERNOON and hour < _NOON_HOUR:
        hour += _NOON_HOUR
    if match["minute"] is None:
        return (hour, 0, 0, TimePrecision.HOUR) if hour < 24 else None  # noqa: PLR2004
    minute = int(match["minute"])
    second = int(match["second"] or 0)
    if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004
        return None
    return hour, minute, second, TimePrecision.SECOND if match["second"] else TimePrecision.MINUTE


def _parse_chinese(shown: str, now: datetime) -> Moment | None:
    """Read 二〇二六年十一月三日, as official letters write it."""
    match = _CHINESE_DATE.search(shown)
    if match is None or match[3] is None:
        return None
    year = match[1].translate(_CHINESE_DIGITS)
    rest = shown[match.end() :]
    return _parse_absolute(f"{year}-{_small(match[2])}-{_small(match[3])} {rest}", now)


def _small(written: str) -> int:
    """Read a Chinese number under 100."""
    if written == "两":
        return 2
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return int(written.translate(_CHINESE_DIGITS))
    return 10 * (_small(tens) if tens else 1) + (_small(ones) if ones else 0)


def _parse_relative(shown: str, now: datetime) -> Moment | None:
    if word := _DAY_WORD.search(shown):
        return _read_day_word(word, now)
    if ago := _AGO.search(shown):
        return _read_ago(ago, now)
    if _JUST_NOW.search(shown):
        return now, TimePrecision.MINUTE
    return None


def _read_day_word(word: re.Match[str], now: datetime) -> Moment:
    clock = _read_clock(word)
    if clock is None:
        return NO_MOMENT
    hour, minute, second, precision = clock
    said = word["word"]
    if said.endswith("晚") and word["half"] is None and 0 < hour < _NOON_HOUR:
        hour += _NOON_HOUR
    day = now.astimezone(SHANGHAI) - timedelta(days=_DAYS_BACK[said[0]])
    local = day.replace(hour=hour, minute=minute, second=second, microsecond=0)
    return local.astimezone(UTC), precision


def _read_ago(ago: re.Match[str], now: datetime) -> Moment:
    number, unit = ago["number"], ago["unit"]
    known = _UNITS.get(unit[0])
    if number == "半":
        return (now - known[0] / 2, TimePrecision.HOUR) if known else NO_MOMENT
    try:
        count = int(number) if number.isdigit() else _small(number)
    except ValueError:
        return NO_MOMENT
    if known and ago["half"]:
        return now - count * known[0] - known[0] / 2, TimePrecision.HOUR
    if known:
        return now - count * known[0], known[1]
    days = count * 7 if unit in {"周", "星期", "礼拜"} else count
    day = now.astimezone(SHANGHAI) - timedelta(days=days)
    midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight.astimezone(UTC), TimePrecision.DAY


def _parse_yearless(shown: str, now: datetime) -> Moment | None:
    """Take the newest year in which month and day are not in the future, and say that we did."""
    match = _YEARLESS.search(shown)
    if match is None:
        return None
    month, day = (int(match[n] or match[f"{n}2"] or match[f"{n}3"]) for n in ("month", "day"))
    clock = _read_clock(match)
    if clock is None:
        return NO_MOMENT
    latest = (now + _CLOCK_SKEW).astimezone(SHANGHAI)
    for year in range(latest.year, latest.year - _YEARS_BACK - 1, -1):
        try:
            local = datetime(year, month, day, *clock[:3], tzinfo=SHANGHAI)
        except ValueError:
            continue
        if local <= latest:
            return local.astimezone(UTC), TimePrecision.YEAR_GUESSED
    return NO_MOMENT


_PARSERS = (
    _parse_unix,
    _parse_rfc,
    _parse_absolute,
    _parse_chinese,
    _parse_relative,
    _parse_yearless,
)
