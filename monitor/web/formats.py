"""How pages write times, ages and sums (pure; the language is an argument)."""

from datetime import datetime, timedelta

from monitor.domain import SHANGHAI
from monitor.web.language import Language

TEN_THOUSAND = 10_000


def format_moment(at: datetime, now: datetime) -> str:
    """Write an instant for people in Asia/Shanghai; the year only where it is not this one."""
    local = at.astimezone(SHANGHAI)
    is_this_year = local.year == now.astimezone(SHANGHAI).year
    return local.strftime("%m-%d %H:%M" if is_this_year else "%Y-%m-%d %H:%M")


def format_span(span: timedelta, language: Language) -> str:
    """Write a length of time in its largest unit, rounded down; negative counts as nothing."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 1:
        return language.gettext("不到 1 分钟")
    if minutes < 60:  # noqa: PLR2004 - minutes in an hour
        return language.ngettext("%(num)d 分钟", "%(num)d 分钟", minutes) % {"num": minutes}
    hours = minutes // 60
    if hours < 48:  # noqa: PLR2004 - two days: until then hours say more
        return language.ngettext("%(num)d 小时", "%(num)d 小时", hours) % {"num": hours}
    days = hours // 24
    return language.ngettext("%(num)d 天", "%(num)d 天", days) % {"num": days}


def format_yuan(amount: float, language: Language) -> str:
    """Write a sum of yuan exactly; in Chinese by ten thousands where that is short."""
    if language.name == "zh" and amount >= TEN_THOUSAND:
        by_ten_thousand = amount / TEN_THOUSAND
        if round(by_ten_thousand, 2) * TEN_THOUSAND == amount:
            return f"{by_ten_thousand:,.2f}".rstrip("0").rstrip(".") + " 万元"
    written = f"{amount:,.2f}".removesuffix(".00")
    return language.gettext("%(amount)s 元") % {"amount": written}


def format_number(number: float) -> str:
    """Write a number without needless decimals."""
    return f"{number:,.1f}".removesuffix(".0")


def format_share(share: float) -> str:
    """Write a share in [0, 1] in percent; 100% only where nothing is missing."""
    if share >= 1:
        return "100%"
    return f"{int(share * 100_000) / 1000:.3f}%"
