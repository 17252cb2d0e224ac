"""Find how people are called among themselves: 老李, 小王, 阿强, 王姐, 李师傅, 程女士, 我姓雷.

Such a name leads to a person as soon as it stands beside a telephone or where the text says whom to
ask for. It is taken only there: 老张欠我们钱 and 包工头老马 are those who owe, and stay.
"""

# ruff: noqa: E501 - the linter counts a Chinese character as two columns

import re
from collections.abc import Iterator

from spiders.masking_name_shapes import Sign, is_before_firm, is_of_office, read_name
from spiders.masking_sought import Sought
from spiders.masking_spans import Kind, Span
from spiders.masking_words import COMMON, DOUBLE, GIVEN, ONLY_LABELLED, SINGLE

_FAMILY = "|".join(sorted(DOUBLE)) + "|[" + "".join(sorted(SINGLE)) + "]"
_CALLED = r"(?:叫我|喊我|称我|称呼我|都叫|都喊|管我叫|[就都]喊我|[就都]叫我|人称|外号|[请您你们可以]{1,3}称呼|称呼)(?:一声|作|做|为|[:：\s])?"
_ASK = r"(?:联系|联系人|联络|电联|找|问|寻|请找|拨打|打给|打电话给|转给|交给|加|呼叫|致电|接洽|对接|姓名|名字|收件人|收货人|代表|证人|签名|落款)(?:[是为:：\s])?"
_WITH = r"(?:我们?|俺们?|咱们?)?(?:和|跟|与|同)|工友|老乡|同事|室友|[、和跟与及]"
_IN_FRONT = re.compile(rf"(?:{_CALLED}|{_ASK}|{_WITH}|我是|俺是|我就是|这边是|本人|我|俺)$")
_IN_FRONT_SURE = re.compile(rf"(?:{_CALLED}|(?:我|俺)们?[和跟与]|我是|俺是)$")
_SOUGHT = re.compile(r"(?:联系|联络|找|请找|问问|拨打|打给|电联)$")
_LOOK_BACK = 8
_PHONE_AFTER = re.compile(
    r"[\s,:;(（,，。]{0,3}(?:的?(?:电话|手机|号码|联系方式|微信)[^\n〕]{0,6})?〔(?:电话|微信|QQ|身份证|银行卡)"
)
_PHONE_IN_FRONT = re.compile(r"〔(?:电话|微信|QQ)〕[\s,:;(，]{0,3}$")
_OWES_AFTER = re.compile(
    r"(?:[\s,，]{0,2}(?:欠|不给|不发|拖|跑|说|答应|承诺|失联|不接|玩失踪|卷|老赖|没给|没付|让我们|叫我们|骗|是老板|是包工))"
)
_SAID_OF_ONE = re.compile(
    r"(?:[一两]个人?|两人|[也都]?(?:没|没有)(?:拿到|领到|收到|发)|[也都](?:没|在|是|欠|被)|一起|就[行成好可]|即可|吧|好了|病|受伤|摔|收(?=[,，。\s]|$)|的(?:工资|钱|电话|手机|卡|血汗钱))"
)
# 老李, 小王; the second sign of 老胡同, 小康 … is no family name.
_BEFORE_FAMILY = re.compile(
    rf"[老小大](?P<name>{_FAMILY})(?!同(?!学)|康社|黄[牛鱼鸭车]|龙虾|[庄村镇店厂区街路桥巷口]|汤)"
)
_AFTER_A = Sought(r"(?<![\u3400-\u9fff])?阿(?P<name>[\u4e00-\u9fff])", needs="阿")
_SMALL_GIVEN = re.compile(r"[小大](?P<name>[\u4e00-\u9fff])")
_TITLES = "先生|女士|小姐|大姐|大哥|大嫂|大妈|大叔|大爷|师傅|阿姨|大娘|大婶|大伯|姐|哥|嫂|叔|姨|婶|妹|弟|伯|生(?=[\\s\\d:：,，〔]|$)"
_TITLED = Sought(
    rf"(?P<name>{_FAMILY})(?P<title>{_TITLES})(?!夫|妹|弟|们|[店铺馆]|[家记])",
    needs="先生|女士|小姐|师傅|阿姨|大妈|大爷|大娘|姐|哥|嫂|叔|姨|婶|妹|弟|伯|生(?=[\\s\\d:：,，〔]|$)",
)
_POLITE = frozenset({"先生", "女士", "小姐"})
_SURNAME = Sought(
    rf"(?:我|俺|本人|鄙人|敝|免贵|贵|他|她|[,，。:：\s(（]|^)姓(?:是|:|：)?(?P<name>{_FAMILY})(?=[,，。;；、:：\s)）!！〔]|$|名|单名|的)",
    needs="姓",
)
_SINGLE_GIVEN = Sought(
    r"(?:单名|单字|名字?|名叫)(?:是|叫|:)?一?个?[\"“]?(?P<name>[\u4e00-\u9fff])[\"”]?字",
    needs="字",
)


# 小芳、小丽和我: several side by side are people.
_SIDE_BY_SIDE = Sought(
    r"(?<![\u3400-\u9fff])[小阿老][\u3400-\u9fff](?:[、和跟与][小阿老][\u3400-\u9fff]){1,5}(?=[、和跟与]我|[都也没两三四,，。 ]|$)",
    needs=r"[小阿老][\u3400-\u9fff][、和跟与][小阿老]",
)


def find_nicknames(plain: str) -> Iterator[Span]:
    """Find what people are called among themselves, where the text says that it is a person."""
    yield from _find_told(plain)
    yield from _find_short(plain)
    for match in _TITLED.finditer(plain):
        if match["name"] not in ONLY_LABELLED:
            yield from _if_titled(plain, match)


def _find_told(plain: str) -> Iterator[Span]:
    """Names of one character that the text tells as such, and short ones side by side."""
    for pattern in (_SURNAME, _SINGLE_GIVEN):
        for match in pattern.finditer(plain):
            yield Span(*match.span("name"), Kind.NAME)
    for match in _SIDE_BY_SIDE.finditer(plain):
        for at in range(match.start(), match.end(), 3):
            yield Span(at, at + 2, Kind.NAME)


def _find_short(plain: str) -> Iterator[Span]:
    """老李, 阿强, 小芳."""
    for match in _BEFORE_FAMILY.finditer(plain):
        if match["name"] in COMMON or match["name"] in DOUBLE or _is_called(plain, match.start()):
            yield from _if_person(plain, match)
    for match in _AFTER_A.finditer(plain):
        yield from _if_person(plain, match)
    for match in _SMALL_GIVEN.finditer(plain):
        if match["name"] in GIVEN and _is_called(plain, match.start()):
            yield from _if_person(plain, match)


def _is_called(plain: str, start: int) -> bool:
    return _IN_FRONT_SURE.search(plain, max(0, start - _LOOK_BACK), start) is not None


def _if_person(plain: str, match: re.Match[str]) -> Iterator[Span]:
    start, end = match.span()
    if is_before_firm(plain, match.end()) or is_of_office(plain, match.start()):
        return
    # 老娄水生 is 娄水生 and no 老娄.
    whole_name = read_name(plain, match.start("name"), Sign.PART) or end
    if _OWES_AFTER.match(plain, match.end()):
        return
    if _is_called(plain, match.start()) or _beside_a_number(plain, match):
        yield Span(start, whole_name, Kind.NAME)
        return
    asked = _IN_FRONT.search(plain, max(0, match.start() - _LOOK_BACK), match.start())
    ends = match.end() >= len(plain) or not "\u3400" <= plain[match.end()] <= "\u9fff"
    said = _SAID_OF_ONE.match(plain, match.end()) is not None
    free = match.start() == 0 or not "\u3400" <= plain[match.start() - 1] <= "\u9fff"
    listed = plain[match.end() : match.end() + 1] in {"和", "跟", "与", "、"} and free
    sought = _SOUGHT.search(plain, max(0, match.start() - _LOOK_BACK), match.start())
    if sought or (asked and (ends or said)) or (free and said) or listed:
        yield Span(start, whole_name, Kind.NAME)


def _beside_a_number(plain: str, match: re.Match[str]) -> bool:
    if _PHONE_AFTER.match(plain, match.end()):
        return True
    return _PHONE_IN_FRONT.search(plain, max(0, match.start() - 12), match.start()) is not None


def _if_titled(plain: str, match: re.Match[str]) -> Iterator[Span]:
    """A family name with a title; 先生 and 女士 are said of private persons, 师傅 of anybody."""
    start = match.start()
    free = start == 0 or not "\u3400" <= plain[start - 1] <= "\u9fff"
    asked = _IN_FRONT.search(plain, max(0, start - _LOOK_BACK), start) is not None
    polite = match["title"] in _POLITE
    if match["title"].startswith(match["name"]):
        return  # 我伯伯
    if is_before_firm(plain, match.end()) or is_of_office(plain, start):
        return
    if not polite and _OWES_AFTER.match(plain, match.end()):
        return
    if (polite and (free or asked)) or asked or (free and _beside_a_number(plain, match)):
        yield Span(*match.span("name"), Kind.NAME)
