r"""Find phones, identity and card numbers and plates in a text.

People write numbers so that software does not see them: with spaces, full-width or Chinese digits
(幺三八), over two lines. So a text is first brought to plain digits, character by character, which
keeps every position; what is found there is replaced in the original. `\b` is of no use beside
Chinese characters, which count as word characters; look-arounds for digits are used instead.
"""

import itertools
import re
from collections.abc import Iterator

from stdnum import luhn

from spiders.masking_sought import Sought
from spiders.masking_spans import SPOKEN_DIGITS, Kind, Reading, Span

_HAS_SPOKEN_NUMBER = re.compile(f"[{SPOKEN_DIGITS}]")

# Zero-width characters and the parts of keycap emoji stand between digits without being seen.
_BETWEEN = r"\s\u200b-\u200f\ufeff\ufe0f\u20e3\-‐‑–—―_.·•*/()\[\]~、,|+"
_RUN = re.compile(
    rf"(?<![0-9])[0-9](?:[{_BETWEEN}]{{0,6}}[0-9]){{6,39}}(?:[{_BETWEEN}]?[Xx](?![A-Za-z]))?"
)
# Every run begins so; without the look behind it is found many times as fast.
_MAY_RUN = re.compile(rf"[0-9](?:[{_BETWEEN}]{{0,6}}[0-9]){{6}}")
_RUN_SPOKEN = re.compile(rf"(?<![0-9])[0-9](?:[{_BETWEEN}]{{0,6}}[0-9]){{6,39}}")
_GROUP = re.compile(r"[0-9]+[Xx]?|[Xx]")

_LOOK_BACK = 16
_PHONE_BEFORE = re.compile(
    r"(?:电话|手机|联系|号码|致电|拨打|短信|座机|热线|传真|打我|微信|tel|phone|mobile)[^0-9\n〕]{0,6}$",
    re.IGNORECASE,
)
_CARD_BEFORE = re.compile(
    r"(?:卡号|账号|帐号|账户|帐户|银行卡?|开户|工行|农行|建行|中行|农信|信用社|储蓄|打到|打款|转到|转至|转账|汇至|汇到|汇入)"
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
    {
        (3, 4, 4),
        (4, 4, 3),
        (4, 3, 4),
        (3, 8),
        (7, 4),
        (3, 3, 5),
        (3, 5, 3),
        (3, 4, 2, 2),
        (3, 2, 2, 2, 2),
        (5, 3, 3),
    }
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
_NUMBER_LENGTHS = _PHONE_LENGTHS | _CARD_LENGTHS
_LONGEST_NUMBER = 19
_SHORTEST_CARD_GROUP = 3

_HALF_HIDDEN = re.compile(
    r"(?<![0-9])(?:(?P<phone>1[3-9][0-9][*xX]{4}[0-9]{4})|(?P<id>[1-8][0-9]{2,9}[*]{4,12}[0-9]{2,4}[0-9Xx]?))(?![0-9*])"
)
_ABROAD = re.compile(r"\+(?!86)[1-9][0-9]{0,2}[\s-]?[0-9](?:[\s-]?[0-9]){5,11}(?![0-9])")

_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"[\s·•.\-]{0,2}[A-HJ-NP-Za-hj-np-z][·•.\-—–_\s]{0,3}(?=(?:[A-Za-z]\s?){0,5}[0-9])"
    r"(?:[A-HJ-NP-Za-hj-np-z0-9]\s?){4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9])"
)
_DISGUISED = Sought(
    r"(?<![0-9A-Za-z])[1lI][3-9][0-9oOlI]{9}(?![0-9A-Za-z])", needs="[1lI][3-9][0-9oOlI]{9}"
)
_MOBILE_DIGITS = 11
_FARTHEST_PIECE = 4
# A piece of a number and the words that say which: 前三位是138, 后面加0370.
_PIECE = re.compile(
    r"(?P<words>(?:再|最)?(?:前面?|中间|后面?|末尾|尾号)(?:[0-9]位)?(?:数字?)?(?:就?是|加|接|为|:)?\s?)?"
    r"(?<![0-9])(?P<digits>[0-9]{3,8})(?![0-9])"
)
_TELLS_PIECE = re.compile("[前后]|中间|末尾|尾号")
_MAY_TELL_PIECE = re.compile("前|后|中间|末尾|尾号")
_HAS_PIECE = re.compile("[0-9]{3}")
_FEWEST_DIGITS_OF_A_PHONE = 6
_TRAILING = re.compile("[\ufe0f\u20e3\u200b-\u200f\ufeff]+")


def find_numbers(reading: Reading) -> Iterator[Span]:
    """Find phones, identity numbers, bank cards and plates."""
    plain, spoken = reading.plain, reading.spoken
    for match in _PLATE.finditer(plain):
        yield Span(match.start(), match.end(), Kind.PLATE)
    if _MAY_RUN.search(plain):
        for run in _RUN.finditer(plain):
            yield from _split_run(plain, run)
    yield from _find_disguised(plain)
    if _MAY_TELL_PIECE.search(spoken) and _HAS_PIECE.search(spoken):
        yield from _find_told_in_pieces(spoken)
    if spoken == plain or not _MAY_RUN.search(spoken):
        return
    for run in _RUN_SPOKEN.finditer(spoken):
        if _HAS_SPOKEN_NUMBER.search(plain, run.start(), run.end()):
            yield from _split_run(spoken, run)


def _find_disguised(plain: str) -> Iterator[Span]:
    """Find numbers with letters for digits, with stars inside, and those of other countries."""
    for match in _DISGUISED.finditer(plain):
        digits = sum(map(str.isdigit, match[0]))
        if _FEWEST_DIGITS_OF_A_PHONE <= digits < len(match[0]):
            yield Span(*match.span(), Kind.PHONE)
    if "*" in plain or "xxxx" in plain:
        for match in _HALF_HIDDEN.finditer(plain):
            yield Span(*match.span(), Kind.PHONE if match["phone"] else Kind.IDENTITY)
    if "+" in plain:
        for match in _ABROAD.finditer(plain):
            yield Span(*match.span(), Kind.PHONE)


def _find_told_in_pieces(spoken: str) -> Iterator[Span]:
    """Find mobile numbers that are told in pieces: 前三位138，中间0013，后面8000."""
    pieces = list(_PIECE.finditer(spoken))
    at = 0
    while at < len(pieces):
        digits, last = pieces[at]["digits"], at
        while last + 1 < len(pieces) and len(digits) < _MOBILE_DIGITS:
            if pieces[last + 1].start() - pieces[last].end() > _FARTHEST_PIECE:
                break
            last += 1
            digits += pieces[last]["digits"]
        told = any(_TELLS_PIECE.search(each[0]) for each in pieces[at : last + 1])
        if last > at and told and _MOBILE.fullmatch(digits):
            for piece in pieces[at : last + 1]:
                yield Span(*piece.span("digits"), Kind.PHONE)
            at = last
        at += 1


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
            start, end = groups[first][0], groups[last][1]
            trailing = _TRAILING.match(plain, end)
            yield Span(
                start - (plain[max(0, start - 1)] == "+"),
                trailing.end() if trailing else end,
                kind,
            )
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
        if len(digits) not in _NUMBER_LENGTHS:
            continue
        kind = _kind_of_number(digits, plain, groups[first : last + 1], before)
        if kind is not None:
            best = (last, kind)
    return best


def _kind_of_number(
    digits: str, plain: str, groups: list[tuple[int, int]], before: str
) -> Kind | None:
    length = len(digits)
    is_list = "," in plain[groups[0][0] : groups[-1][1]]
    if is_list and tuple(end - start for start, end in groups) not in _USUAL_GROUPS:
        return None  # sums and dates side by side
    if length in {15, 18} and _is_identity(digits, groups, before):
        return Kind.IDENTITY
    if length in _PHONE_LENGTHS and _is_phone(digits, plain, groups, before):
        return Kind.PHONE
    if length in _CARD_LENGTHS and _is_card(digits, plain, groups, before):
        return Kind.BANK_CARD
    return None


def _is_identity(digits: str, groups: list[tuple[int, int]], before: str) -> bool:
    """Look at the birthday inside, not at the check digit: people mistype their own number."""
    if _IDENTITY_18.fullmatch(digits):
        return True
    if _IDENTITY_15.fullmatch(digits) and len(groups) == 1:
        return True
    return _IDENTITY_BEFORE.search(before) is not None


def _is_card(digits: str, plain: str, groups: list[tuple[int, int]], before: str) -> bool:
    if not _CARD.fullmatch(digits):
        return False
    lengths = [end - start for start, end in groups]
    introduced = _CARD_BEFORE.search(before) is not None
    if max(lengths) < _SHORTEST_CARD_GROUP and not introduced:
        return False  # nobody spells a card out; and hostile digits would cost the check each time
    passes = introduced or bool(luhn.is_valid(digits))
    if len(lengths) == 1:
        return passes or digits.startswith("62")  # people mistype; 62 begins every UnionPay card
    is_grouped = all(length <= 6 for length in lengths) and len(lengths) > 2  # noqa: PLR2004
    is_broken = all("\n" in plain[one[1] : other[0]] for one, other in itertools.pairwise(groups))
    is_union_pay = digits.startswith("62") and min(lengths[:-1]) > 3  # noqa: PLR2004
    return passes and (is_grouped or introduced or is_broken or is_union_pay)


def _is_phone(digits: str, plain: str, groups: list[tuple[int, int]], before: str) -> bool:
    is_mobile = _MOBILE.fullmatch(digits) is not None
    is_landline = _LANDLINE.fullmatch(digits) is not None
    is_told_singly = len(groups) == len(digits)
    is_local = (
        len(digits) in {7, 8} and digits[0] in "2345678" and (len(groups) <= 2 or is_told_singly)  # noqa: PLR2004
    )
    if not (is_mobile or is_landline or is_local):
        return False  # before anything that costs: hostile digits come here very often
    lengths = tuple(end - start for start, end in groups)
    introduced = _PHONE_BEFORE.search(before) is not None
    if is_mobile:
        return _looks_like_mobile(plain, groups, lengths, introduced=introduced)
    if is_landline:
        return introduced or len(lengths) == 1 or lengths[0] in {3, 4}
    return introduced and not digits.startswith("20")


def _looks_like_mobile(
    plain: str, groups: list[tuple[int, int]], lengths: tuple[int, ...], *, introduced: bool
) -> bool:
    """Tell a number in groups from sums that stand side by side (15000 180000元)."""
    if len(lengths) == 1:
        return True
    if lengths[0] in {2, 4} and plain[groups[0][0] : groups[0][1]] in {"86", "0086"}:
        lengths = lengths[1:]
    if len(lengths) <= 1 or max(lengths) == 1:
        return True
    between = [plain[one[1] : other[0]] for one, other in itertools.pairwise(groups)]
    if "、" in between:
        return introduced or lengths in _USUAL_GROUPS  # else a list of days or rooms
    if max(lengths) > 2 and _UNIT_AFTER.match(plain, groups[-1][1]):  # noqa: PLR2004
        return False
    return (
        max(lengths) <= 2  # noqa: PLR2004
        or introduced
        or lengths in _USUAL_GROUPS
        or _is_broken_in_two(plain, groups, lengths)
    )


def _is_broken_in_two(plain: str, groups: list[tuple[int, int]], lengths: tuple[int, ...]) -> bool:
    if len(lengths) != 2:  # noqa: PLR2004
        return False
    halves = [plain[start:end] for start, end in groups[-2:]]
    two_sums = lengths not in {(5, 6), (6, 5)} or any(half.endswith("00") for half in halves)
    return "\n" in plain[groups[-2][1] : groups[-1][0]] or not two_sums
