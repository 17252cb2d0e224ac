"""Invented places, employers and projects of the county; no two troubles share a name.

An employer's number decides its name. The name-words are paired so that the first 3,000 numbers
give 3,000 different names, and no two names differ in one character only by accident of order.
"""

from dataclasses import dataclass
from random import Random

COUNTY = "清河县"
"""The county's name; every other name hangs on it."""

TOWNS = ("柳河镇", "石桥镇", "东岭镇", "高塘乡", "双沟镇", "白马渡镇", "青杨镇", "南塬乡", "沙坪镇",
         "城关镇", "龙泉镇", "黄土岗镇")  # fmt: skip
"""Towns of the county."""

_MARK_HEADS = "恒鼎鸿瑞嘉盛金宏泰昌顺润翔远博腾凯华誉弘晟铭骏佳隆启汇伟锦万天聚宝裕豪源德信康达"
_MARK_TAILS = "钧岩森辰坤垚淼畅尧韬岳朗赫琛霖洲磊铎骐屹楷竣烨澜珂赟翰宸茂沣禹珩皓炫庚舜彤霆蔚棠"
_PROJECT_HEADS = (
    "柳林", "桃园", "锦绣", "文昌", "凤凰", "滨河", "翠湖", "和谐", "云山", "丽景", "阳光", "金水",
    "御景", "碧溪", "枫林", "明珠", "江畔", "朝阳", "学府", "玉泉", "牡丹", "香樟", "海棠", "紫荆",
    "银杏", "南湖", "北苑", "西城", "观澜", "听松", "揽月", "鹿鸣", "梧桐", "白鹭", "石榴", "麦香",
)  # fmt: skip
_HOUSE_TAILS = (
    "华庭", "新城", "花园", "名邸", "广场", "雅苑", "安置小区", "公馆", "国际", "佳园", "半岛湾",
    "悦府", "水岸", "天街", "商贸城", "康养中心", "家园", "时代城", "壹号院",
)  # fmt: skip
_PUBLIC_TAILS = (
    "小学迁建工程", "中学宿舍楼工程", "大道改造工程", "卫生院扩建项目",
    "污水处理厂二期", "片区雨污分流工程", "高标准农田项目", "敬老院建设项目",
    "水库除险加固工程", "大桥及接线工程", "保障房项目", "农贸市场改造",
    "幼儿园新建工程", "河道治理工程", "棚改安置房", "文体中心项目",
)  # fmt: skip
_STRIDE, _PROJECT_STRIDE = 677, 311
PUBLIC_TAILS = frozenset(_PUBLIC_TAILS)
"""Endings of projects that public money pays for."""


@dataclass(frozen=True, slots=True)
class Firm:
    """An employer: the full name and the short one that people say."""

    full: str
    short: str


def make_firm(number: int, ending: str, spoken: str) -> Firm:
    """Return employer `number` of the kind that `ending` names.

    Args:
        number: From 0; different numbers below 1,600 have different name-words, and beyond that
            the town stands before them.
        ending: What follows the name-word in the full name, such as 建筑工程有限公司.
        spoken: What follows it in speech, such as 建筑.
    """
    pairs = len(_MARK_HEADS) * len(_MARK_TAILS)
    turn, place = divmod(number, pairs)
    head, tail = divmod((place * _STRIDE + 91) % pairs, len(_MARK_TAILS))
    mark = _MARK_HEADS[head] + _MARK_TAILS[tail]
    before = TOWNS[(turn - 1) % len(TOWNS)].rstrip("镇乡") if turn else ""
    full = f"{before or COUNTY.rstrip('县')}{mark}{ending}"
    return Firm(full=full, short=f"{before}{mark}{spoken}")


def make_project(number: int, *, public: bool) -> str:
    """Return building site `number`: different numbers give different names."""
    tails = _PUBLIC_TAILS if public else _HOUSE_TAILS
    pairs = len(_PROJECT_HEADS) * len(tails)
    turn, place = divmod(number, pairs)
    head, tail = divmod((place * _PROJECT_STRIDE + 17) % pairs, len(tails))
    ordinal = "" if turn == 0 else f"{'一二三四五六七八九十'[(turn - 1) % 10]}期"
    return f"{_PROJECT_HEADS[head]}{tails[tail]}{ordinal}"


def make_town(rng: Random) -> str:
    """Return a town of the county."""
    return rng.choice(TOWNS)
