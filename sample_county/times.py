"""Times as the forum software writes them.

Source:
    Measured forms of Discuz! X3.5: relative within the day, 昨天 and 前天 with a clock, N 天前 up
    to seven days, then the date without zero padding; U+00A0 between number and unit.
"""

from datetime import datetime

from markupsafe import Markup

from sample_county.views import CHINA

_HOUR, _HALF_HOUR, _MINUTE = 3600, 1800, 60
_SHOWN_DAYS = 7


def plain_day(at: datetime) -> str:
    """Write a day as 2026-11-3."""
    local = at.astimezone(CHINA)
    return f"{local.year}-{local.month}-{local.day}"


def plain_time(at: datetime, *, seconds: bool = False) -> str:
    """Write a time as 2026-11-3 09:05, with seconds when asked."""
    return f"{plain_day(at)} {at.astimezone(CHINA):{'%H:%M:%S' if seconds else '%H:%M'}}"


def relative_time(at: datetime, now: datetime) -> str | None:
    """Write how long ago; None when that is over seven days and the plain form is shown."""
    days = (now.astimezone(CHINA).date() - at.astimezone(CHINA).date()).days
    if days <= 0:
        return _today(int((now - at).total_seconds()))
    clock = f"{at.astimezone(CHINA):%H:%M}"
    if days <= 2:  # noqa: PLR2004 - 昨天 and 前天
        return f"{('昨天', '前天')[days - 1]}\u00a0{clock}"
    return f"{days}\u00a0天前" if days <= _SHOWN_DAYS else None


def _today(seconds: int) -> str:
    if seconds > _HOUR:
        return f"{seconds // _HOUR}\u00a0小时前"
    if seconds > _HALF_HOUR:
        return "半小时前"
    if seconds > _MINUTE:
        return f"{seconds // _MINUTE}\u00a0分钟前"
    return f"{seconds}\u00a0秒前" if seconds > 0 else "刚刚"


def time_span(at: datetime, now: datetime, *, form: str) -> Markup:
    """Return the time's HTML; `form` is day, minute or second: what the title tells.

    Over seven days there is no span, only the plain text.
    """
    exact = plain_day(at) if form == "day" else plain_time(at, seconds=form == "second")
    shown = relative_time(at, now)
    if shown is None:
        return Markup("{}").format(exact)
    spaced = Markup("&nbsp;").join(shown.split("\u00a0"))
    return Markup('<span title="{}">{}</span>').format(exact, spaced)
