"""How people write sums, months and numbers of workers."""

from random import Random

_DIGITS = "零一二三四五六七八九"
_BANK_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_TEN, _HUNDRED, _THOUSAND, _WAN = 10, 100, 1000, 10_000


def chinese_number(value: int) -> str:
    """Write a whole number from 0 to 99,999,999 in everyday characters (12 is 十二)."""
    if value >= _WAN:
        head, rest = divmod(value, _WAN)
        zero = "零" if 0 < rest < _THOUSAND else ""
        return _below_wan(head) + "万" + (zero + _below_wan(rest) if rest else "")
    return _below_wan(value)


def _below_wan(value: int) -> str:
    if value < _TEN:
        return _DIGITS[value]
    written, gap = "", False
    for unit, name in ((_THOUSAND, "千"), (_HUNDRED, "百"), (_TEN, "十"), (1, "")):
        digit, value = divmod(value, unit)
        if digit:
            written += ("零" if gap else "") + _DIGITS[digit] + name
            gap = False
        elif written:
            gap = True
    return written.removeprefix("一") if written.startswith("一十") else written


def bank_number(value: int) -> str:
    """Write a sum as on a receipt (36000 is 叁万陆仟)."""
    plain = chinese_number(value)
    plain = f"一{plain}" if plain.startswith("十") else plain
    table = str.maketrans(_DIGITS[1:] + "十百千", _BANK_DIGITS[1:] + "拾佰仟")
    return plain.translate(table)


def spell_sum(rng: Random, yuan: int) -> str:
    """Write a sum in one of the ways people do; every spelling means exactly `yuan`."""
    spellings = [f"{yuan}元", f"{yuan}块钱", f"{yuan}块", f"人民币{yuan}元"]
    if yuan % _HUNDRED == 0:
        spellings += [f"{chinese_number(yuan)}元", f"{chinese_number(yuan)}块", f"{yuan:,}元"]
        spellings.append(f"{bank_number(yuan)}元整")
    if yuan >= _WAN and yuan % _HUNDRED == 0:
        spellings += [f"{yuan / _WAN:g}万元", f"{yuan / _WAN:g}万", f"{yuan / _WAN:g}万块钱"]
    if yuan > _WAN and yuan % _THOUSAND == 0 and yuan // _THOUSAND % _TEN > 0:
        spellings.append(f"{yuan // _WAN}万{yuan // _THOUSAND % _TEN}")
    return rng.choice(spellings)


def spell_workers(rng: Random, count: int) -> str:
    """Write a number of workers, with its measure word."""
    number = rng.choice((str(count), chinese_number(count).replace("二", "两") if count == 2  # noqa: PLR2004 - 两个
                         else chinese_number(count)))  # fmt: skip
    return number + rng.choice(("个人", "人", "名工人", "个工人", "个工友"))


def spell_months(rng: Random, months: int, last_month: int) -> str:
    """Write which months are owed, the last of them `last_month` (1 to 12)."""
    first = last_month - months + 1
    count = "两" if months == 2 else chinese_number(months)  # noqa: PLR2004 - 两个月
    spellings = [f"{count}个月", f"{months}个月", f"前后{count}个月"]
    if first >= 1 and months > 1:
        spellings += [f"{first}月到{last_month}月", f"今年{first}月至{last_month}月"]
    if months == 1:
        spellings = [f"{last_month}月份", f"{last_month}月", "一个月"]
    return rng.choice(spellings)
