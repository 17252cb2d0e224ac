r"""Find phones, identity and card numbers, plates and accounts in a text.

People write numbers so that software does not see them: with spaces, full-width or Chinese digits
(幺三八), over two lines. So a text is first brought to plain digits, character by character, which
keeps every position; what is found there is replaced in the original. `\b` is of no use beside
Chinese characters, which count as word characters; look-arounds for digits are used instead.
"""

import re
from collections.abc import Iterator

from stdnum import luhn

from spiders.masking_spans import SPOKEN_DIGITS, Kind, Reading, Span

_HAS_SPOKEN_NUMBER = re.compile(f"[{SPOKEN_DIGITS}]")

# Zero-width characters and the parts of keycap emoji stand between digits without being seen.
_BETWEEN = r"\s\u200b-\u200f\ufeff\ufe0f\u20e3\-‐‑–—_.·•*/()~"
_RUN = re.compile(
    rf"(?<![0-9])[0-9](?:[{_BETWEEN}]{{0,3}}[0-9]){{6,39}}(?:[{_BETWEEN}]?[Xx](?![A-Za-z]))?"
)
_RUN_SPOKEN = re.compile(rf"(?<![0-9])[0-9](?:[{_BETWEEN},、]{{0,3}}[0-9]){{6,39}}")
_GROUP = re.compile(r"[0-9]+[Xx]?|[Xx]")

_LOOK_BACK = 16
_PHONE_BEFORE = re.compile(
    r"(?:电话|手机|联系|号码|致电|拨打|短信|座机|热线|传真|打我|微信|tel|phone|mobile)[^0-9\n〕]{0,6}$",
    re.IGNORECASE,
)
_CARD_BEFORE = re.compile(
    r"(?:卡号|账号|帐号|账户|帐户|银行卡?|开户|工行|农行|建行|中行|农信|信用社|储蓄|打到|转到)"
    r"[^0-9\n〕]{0,8}$"
)
_IDENTITY_BEFORE = re.compile(r"(?:身份证号?码?|证件号?码?|公民身份号码)[^0-9\n〕]{0,6}$")
_LETTER_NUMBER_BEFORE = re.compile(
    r"(?:编号|单号|案号|信件号?|受理号?|流水号|合同号|文号|备案号?|许可证号?|批号|信用代码)[^0-9\n〕]{0,4}$"
)
_UNIT_AFTER = re.compile(r"\s?(?:元|块|万|亿|人|天|个|平|吨|米|工)")

_MOBILE = re.compile(r"(?:(?:00)?86)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"(?:86)?0(?:10|2[0-9]|[3-9][0-9]{2})[1-9][0-9]{6,7}")
_USUAL_GROUPS = frozenset(
    {(3, 4, 4), (4, 4, 3), (4, 3, 4), (3, 8), (7, 4), (3, 3, 5), (3, 5, 3), (3, 4, 2, 2)}
)
_PROVINCES = "1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]"
_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_IDENTITY_18 = re.compile(rf"(?:{_PROVINCES})[0-9]{{4}}(?:19|20)[0-9]{{2}}{_DAY}[0-9]{{3}}[0-9Xx]")
_IDENTITY_15 = re.compile(rf"(?:{_PROVINCES})[0-9]{{4}}[0-9]{{2}}{_DAY}[0-9]{{3}}")
_CARD = re.compile(r"[3-69][0-9]{15,18}")
_MAY_BEGIN = re.compile(
    rf"(?:(?:00)?86)?1[3-9][0-9]{{9}}|(?:86)?0[0-9]{{9}}|(?:{_PROVINCES})[0-9]{{13}}"
    r"|[3-69][0-9]{15}|[2-8][0-9]{6,7}(?![0-9])"
)
_PHONE_LENGTHS = frozenset({7, 8, 10, 11, 12, 13, 14, 15})
_CARD_LENGTHS = frozenset({16, 17, 18, 19})
_LONGEST_NUMBER = 19

_HALF_HIDDEN = re.compile(
    r"(?<![0-9])(?:(?P<phone>1[3-9][0-9][*xX]{4}[0-9]{4})|(?P<id>[1-8][0-9]{2,9}[*]{4,12}[0-9]{2,4}[0-9Xx]?))(?![0-9*])"
)
_ABROAD = re.compile(r"\+(?!86)[1-9][0-9]{0,2}[\s-]?[0-9](?:[\s-]?[0-9]){5,11}(?![0-9])")

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"[A-HJ-NP-Za-hj-np-z][·•.\-\s]{0,2}(?=[A-Za-z]{0,5}[0-9])"
    r"[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警](?![A-Za-z0-9])"
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}\s?@\s?[A-Za-z0-9-]{1,63}(?:\s?\.[A-Za-z0-9-]{1,63}){1,4}",
    re.ASCII,
)
_JOIN = r"[\s:是为叫(\"“]{0,4}"
_WECHAT = re.compile(
    r"(?:微信|薇信|威信|微 信|weixin|wechat|(?<![A-Za-z])(?:v信|vx|wx|v)|加[vV微])"
    r"(?:号码?|账号|帐号|id)?"
    rf"{_JOIN}(?P<value>[A-Za-z][A-Za-z0-9_-]{{5,19}}|(?<![0-9])[0-9]{{5,12}})(?![A-Za-z0-9_-])",
    re.IGNORECASE,
)
_WXID = re.compile(r"wxid_[A-Za-z0-9]{4,30}", re.IGNORECASE)
_QQ = re.compile(
    rf"(?:(?<![A-Za-z])qq|扣扣|企鹅)(?:群|号码|号)?{_JOIN}(?P<value>[1-9][0-9]{{4,11}})(?![0-9])",
    re.IGNORECASE,
)


def find_accounts(reading: Reading) -> Iterator[Span]:
    """Find e-mail addresses and the names of WeChat and QQ accounts."""
    plain = reading.plain
    if "@" in plain:
        for match in _EMAIL.finditer(plain):
            yield Span(match.start(), match.end(), Kind.EMAIL)
    for match in _WECHAT.finditer(plain):
        start, end = match.span("value")
        is_phone = _MOBILE.fullmatch(plain, start, end) is not None
        yield Span(start, end, Kind.PHONE if is_phone else Kind.WECHAT)
    for match in _WXID.finditer(plain):
        yield Span(*match.span(), Kind.WECHAT)
    for match in _QQ.finditer(reading.spoken):
        yield Span(*match.span("value"), Kind.QQ)


def find_numbers(reading: Reading) -> Iterator[Span]:
    """Find phones, identity numbers, bank cards and plates."""
    plain, spoken = reading.plain, reading.spoken
    for match in _PLATE.finditer(plain):
        yield Span(match.start(), match.end(), Kind.PLATE)
    for run in _RUN.finditer(plain):
        yield from _split_run(plain, run)
    if "*" in plain or "xxxx" in plain:
        for match in _HALF_HIDDEN.finditer(plain):
            yield Span(*match.span(), Kind.PHONE if match["phone"] else Kind.IDENTITY)
    if "+" in plain:
        for match in _ABROAD.finditer(plain):
            yield Span(*match.span(), Kind.PHONE)
    for run in _RUN_SPOKEN.finditer(spoken):
        if _HAS_SPOKEN_NUMBER.search(plain, run.start(), run.end()):
            yield from _split_run(spoken, run)


def _split_run(plain: str, run: re.Match[str]) -> Iterator[Span]:
    """Find the numbers in a run of digit groups; a number begins and ends with a group."""
    groups = [match.span() for match in _GROUP.finditer(plain, run.start(), run.end())]
    digits = "".join(plain[start:end] for start, end in groups)
    first = offset = 0
    while first < len(groups):
        last, kind = None, Kind.PHONE
        if _MAY_BEGIN.match(digits, offset):
            last, kind = _longest_number(plain, groups, first)
        after = first + 1 if last is None else last + 1
        if last is not None:
            start = groups[first][0]
            yield Span(start - (plain[max(0, start - 1)] == "+"), groups[last][1], kind)
        offset += sum(end - start for start, end in groups[first:after])
        first = after


def _longest_number(
    plain: str, groups: list[tuple[int, int]], first: int
) -> tuple[int | None, Kind]:
    """Return the last group and the kind of the longest number that begins with this group."""
    before = plain[max(0, groups[first][0] - _LOOK_BACK) : groups[first][0]]
    best: tuple[int | None, Kind] = (None, Kind.PHONE)
    # "信件 电话：" names a telephone, however near the letter stands.
    if _LETTER_NUMBER_BEFORE.search(before) and not _PHONE_BEFORE.search(before):
        return best
    digits = ""
    for last in range(first, len(groups)):
        start, end = groups[last]
        digits += plain[start:end]
        if len(digits) > _LONGEST_NUMBER:
            break
        kind = _kind_of_number(digits, plain, groups[first : last + 1], before)
        if kind is not None:
            best = (last, kind)
    return best


def _kind_of_number(
    digits: str, plain: str, groups: list[tuple[int, int]], before: str
) -> Kind | None:
    length = len(digits)
    if length in {15, 18} and _is_identity(digits, groups, before):
        return Kind.IDENTITY
    if length in _PHONE_LENGTHS and _is_phone(digits, plain, groups, before):
        return Kind.PHONE
    if length in _CARD_LENGTHS and _is_card(digits, groups, before):
        return Kind.BANK_CARD
    return None


def _is_identity(digits: str, groups: list[tuple[int, int]], before: str) -> bool:
    """Look at the birthday inside, not at the check digit: people mistype their own number."""
    if _IDENTITY_18.fullmatch(digits):
        return True
    if _IDENTITY_15.fullmatch(digits) and len(groups) == 1:
        return True
    return _IDENTITY_BEFORE.search(before) is not None


def _is_card(digits: str, groups: list[tuple[int, int]], before: str) -> bool:
    if not _CARD.fullmatch(digits):
        return False
    lengths = [end - start for start, end in groups]
    is_grouped = all(length <= 6 for length in lengths) and len(lengths) > 2  # noqa: PLR2004
    if len(lengths) > 1 and not is_grouped:
        return False
    return bool(_CARD_BEFORE.search(before)) or bool(luhn.is_valid(digits))


def _is_phone(digits: str, plain: str, groups: list[tuple[int, int]], before: str) -> bool:
    lengths = tuple(end - start for start, end in groups)
    introduced = _PHONE_BEFORE.search(before) is not None
    if _MOBILE.fullmatch(digits):
        return _looks_like_mobile(plain, groups, lengths, introduced=introduced)
    if _LANDLINE.fullmatch(digits):
        return introduced or len(lengths) == 1 or lengths[0] in {3, 4}
    is_local = len(digits) in {7, 8} and digits[0] in "2345678"
    return is_local and introduced and len(lengths) <= 2 and not digits.startswith("20")  # noqa: PLR2004


def _looks_like_mobile(
    plain: str, groups: list[tuple[int, int]], lengths: tuple[int, ...], *, introduced: bool
) -> bool:
    """Tell a number in groups from sums that stand side by side (15000 180000元)."""
    if len(lengths) == 1:
        return True
    if lengths[0] in {2, 4} and plain[groups[0][0] : groups[0][1]] in {"86", "0086"}:
        lengths = lengths[1:]
    if len(lengths) <= 1 or max(lengths) <= 2:  # noqa: PLR2004
        return True
    if _UNIT_AFTER.match(plain, groups[-1][1]):
        return False
    broken = len(lengths) == 2 and "\n" in plain[groups[0][1] : groups[1][0]]  # noqa: PLR2004
    return introduced or broken or lengths in _USUAL_GROUPS
