"""Sums of money in Chinese text, in yuan."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_DIGITS: Final = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "壹": 1,
    "贰": 2,
    "叁": 3,
    "肆": 4,
    "伍": 5,
    "陆": 6,
    "柒": 7,
    "捌": 8,
    "玖": 9,
}
HUNDRED: Final = 100
WAN: Final = 10_000
_UNITS: Final = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}

CHINESE_NUMBER: Final = (
    "(?:(?!一(?:直|共|分|次|起|拖|点|样"
    "|般|定|些|下|再|家|切|律|并|旦|时|边"
    "|方|位|名))[零〇一二两俩三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟])"
)
"""One sign of a number; 一 that begins an ordinary word is none."""


def parse_number(text: str) -> float | None:
    """Read a number in digits or Chinese numerals ("1,200", "12.8万", "三万八"); or None."""
    text = text.replace(",", "").replace(" ", "")
    mixed = re.fullmatch(r"(\d+(?:\.\d+)?)([十百千万亿]?)(\d?)", text)
    if mixed is not None:
        scale = {"": 1, "十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}[mixed[2]]
        tail = int(mixed[3]) * scale / 10 if mixed[3] else 0
        return float(mixed[1]) * scale + tail
    return _parse_chinese(text)


def _parse_chinese(text: str) -> float | None:
    """Read Chinese numerals, with the spoken tail ("三万八" is 38,000)."""
    if not text or any(
        sign not in _DIGITS and sign not in _UNITS and sign not in "万亿" for sign in text
    ):
        return None
    total, section, digit, last = 0.0, 0.0, -1, 1
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
            if digit == 0:
                last = 1
        elif sign in _UNITS:
            section += (1 if digit < 0 else digit) * _UNITS[sign]
            digit, last = -1, _UNITS[sign]
        else:
            scale = WAN if sign == "万" else 100_000_000
            section += max(digit, 0)
            total = (
                (total + max(section, 1)) * scale
                if scale > WAN
                else total + max(section, 1) * scale
            )
            section, digit, last = 0.0, -1, scale
    if digit > 0:
        section += digit * (last // 10 if last >= HUNDRED else 1)
    return total + section


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum that a text names: yuan, and where it stands."""

    yuan: float
    start: int
    end: int


_NUMBER: Final = rf"(?:\d[\d,]{{0,11}}(?:\.\d{{1,4}})?|{CHINESE_NUMBER}{{1,10}})"
_SUM: Final = re.compile(
    # "几" may stand before the unit (三十几万), and a unit alone (of 好几万) is no number.
    rf"(?<![\d.一二三四五六七八九十百千万几数])(?![万亿百千])(?P<number>{_NUMBER})"
    r"[多余来几]?\s?(?P<unit>亿"
    rf"|百万|万|千|百|w|W|k|K)?"
    r"(?P<tail>(?:[1-9二三四五六七八九]|一(?![直共分次起拖点样般定些下再家切律并"
    r"旦时边方位名]))(?![\d个人名天月年]))?(?P<about>[多余来几])?\s?(?P<coin>元"
    r"|块|圆|人民币|rmb|RMB|大洋)?"
)
_SCALES: Final = {
    "": 1,
    "百": 100,
    "千": 1e3,
    "k": 1e3,
    "K": 1e3,
    "万": 1e4,
    "w": 1e4,
    "W": 1e4,
    "百万": 1e6,
    "亿": 1e8,
}
_NOT_A_SUM: Final = re.compile(
    r"[个人名位天日月年岁号楼层栋平米吨斤公里小时点分次期路线届班级度倍%]|平方|工人|农民"
)


_BARE_BEFORE: Final = re.compile(
    r"(?:工资|工钱|薪水|薪资|劳务费|人工费|加班费|提成|奖金|[单件课时活]费|欠我们?|还差|每人|每个人|人均)[^，。；\n\d]{0,3}$"
)
_BARE_AFTER: Final = re.compile(r"^(?:没|未|不给|还没|一直|至今|到现在|拖|[，。！\n]|$)")
SMALLEST_BARE: Final = 100
"""A number without a unit of money is a sum only from so many yuan on."""


def _is_bare_sum(text: str, match: re.Match[str]) -> bool:
    """Say whether a number without a unit is a sum all the same ("跑单费5800没发")."""
    if not match["number"].isdigit() or match["unit"] or int(match["number"]) < SMALLEST_BARE:
        return False
    if re.fullmatch(r"(?:19|20)\d\d", match["number"]):
        return False  # as likely a year
    before = text[max(0, match.start() - 10) : match.start()]
    return bool(_BARE_BEFORE.search(before) and _BARE_AFTER.match(text[match.end() :]))


def find_sums(text: str) -> Iterator[Sum]:
    """Find the sums of money that a normalised text names, from left to right.

    A number is a sum when it has a unit of money, or 万 (万 alone: "欠我三万八").
    """
    for match in _SUM.finditer(text):
        unit = match["unit"] or ""
        spoken = match["number"][-1] in "万千百" or "万" in match["number"][:-1]
        named = match["coin"] or (unit in "万wWkK" and unit) or spoken
        if not named and not _is_bare_sum(text, match):
            continue
        if not match["coin"] and _NOT_A_SUM.match(text, match.end()):
            continue
        value = _value(match["number"], unit, match["tail"])
        if value is not None and value > 0:
            end = match.end()
            yield Sum(round(value, 2), match.start(), end)


def _value(number: str, unit: str, tail: str | None) -> float | None:
    """Compute a sum from its number, its unit and the spoken tail after the unit ("3万8")."""
    value = parse_number(number)
    if value is None:
        return None
    scale = _SCALES[unit]
    value *= scale
    if tail:
        if scale < HUNDRED:
            return None
        value += (parse_number(tail) or 0) * scale / 10
    return value


_OWED_BEFORE: Final = re.compile(
    r"拖欠|欠|未付|没付|未发|没发|未支付"
    r"|没支付|未结|没结|没给|不给|克扣|剩余"
    r"|剩下|余下|尾款|还差|还有|还剩|血汗钱"
    r"|工资|工钱|薪|"
    r"劳务费|人工费|加班费|报酬|补偿|总共"
    r"|一共|共计|合计|金额|总计|提成|奖金"
    r"|绩效|津贴|补助|补贴|押金|课时费|讨"
    r"|要回|追回"
)
_OWED_AFTER: Final = re.compile(
    r"^[^，。；\n]{0,6}(?:工资|工钱|血汗钱"
    r"|劳务费|人工费|薪|报酬|加班费|提成"
    r"|奖金|未付|没付|未发|没发|没给|不给"
    r"|没结|未结|至今|拖欠|拿不到|要不|押金"
    r"|课时费|不退)"
)
_RATE_BEFORE: Final = re.compile(
    r"(?:每天|一天|每日|日薪|月薪|每月|一个月"
    r"|每个月|底薪|时薪|每小时|一小时|单价"
    r"|每平方|一平方|一平|平方|每吨|每吨"
    r"|一单|每单|年薪|每年|"
    r"最低工资标准|标准[是为]?|工资标准|基本工资"
    r"|工资[是为]|工资只有|工资才|不足|低于"
    r"|收入)[^，。\d]{0,4}$"
)
_OTHER_BEFORE: Final = re.compile(
    r"(?:总价|造价|总投资|投资|合同价|合同金额"
    r"|工程款|中标价|中标|材料款|货款|房款"
    r"|首付|房价|罚款|罚|罚了|借款|贷款|借了"
    r"|学费|医药费|医疗费|房租|租金|"
    r"支付了|已付|已支付|付了|发了|给了|已发"
    r"|已经给|只给|只发|只付|预支|借支|生活费"
    r"|注册资金|注册资本|年产值|利润|营业额"
    r"|花了|垫付|报销|保证金专户|工程价)"
    r"(?:[^，。；\n\d]{0,5})$"
)
_PER_HEAD: Final = re.compile(r"(?:每人|人均|每个人|每名|一人|每位)[^，。；\n\d]{0,6}$")
_RATE_AFTER: Final = re.compile(
    r"^(?:钱)?(?:/|每|一)(?:天|月|年|小时"
    r"|平|单|方|吨|个月|个工|趟|节|课时)"
    r"|^(?:钱)?一(?:天|个月|平)"
)


@dataclass(frozen=True, slots=True)
class OwedSum:
    """A sum said to be owed; `per_head` when the text gives it for each worker."""

    sum: Sum
    per_head: bool
    weight: int


def rank_owed(text: str) -> list[OwedSum]:
    """Rank the sums by how surely they are the wages owed; rates and prices are left out."""
    ranked: list[OwedSum] = []
    for found in find_sums(text):
        before = text[max(0, found.start - 22) : found.start]
        clause = re.split(r"[。；;！？!?\n]", before)[-1]
        after = text[found.end : found.end + 14]
        if _RATE_BEFORE.search(clause) or _RATE_AFTER.match(after) or _OTHER_BEFORE.search(clause):
            continue
        weight = 0
        if _OWED_BEFORE.search(clause):
            weight += 2
        if re.search(
            r"(?:拖欠|欠|克扣|未付|未支付|没给|合计"
            r"|共计|总共|一共|金额|总计|剩余|尾款"
            r"|还有|还差)[^，。；\n]{0,12}$",
            clause,
        ):
            weight += 2
        if _OWED_AFTER.match(after):
            weight += 2
        if weight:
            ranked.append(OwedSum(found, bool(_PER_HEAD.search(clause)), weight))
    return sorted(ranked, key=lambda owed: (-owed.weight, -owed.sum.yuan))
