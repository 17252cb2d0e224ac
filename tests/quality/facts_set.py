"""The labelled messages: each written by hand, drawn with different names and numbers."""

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

MESSAGES_PATH = Path(__file__).parent / "facts_messages.txt"
VARIANTS = 6
_MARK = re.compile(r"⟦(\w+)\|([^⟧]*)⟧")
_DRAW = re.compile(r"\{(\w+)\}")

FIRMS = (
    "鸿运来建筑劳务有限公司",
    "金麦田食品厂",
    "东升机械厂",
    "好润家超市",
    "蓝海湾大酒店",
    "众邦保安服务有限公司",
    "启航培训学校",
    "小太阳幼儿园",
    "腾飞物流公司",
    "天元装饰工程有限公司",
    "美丽人生美容院",
    "康宁医院",
    "红叶制衣厂",
    "中科恒信科技有限公司",
    "蜀香园火锅店",
    "广联环卫公司",
    "江南春餐饮管理有限公司",
    "立信家政公司",
    "远大劳务公司",
    "金利来鞋厂",
    "新时代传媒公司",
    "鼎盛集团",
    "西山煤矿",
    "宏图建设集团有限公司",
)
PROJECTS = (
    "滨江花园",
    "阳光城二期",
    "城南安置房",
    "万达广场",
    "第三中学教学楼",
    "人民医院新院区",
    "环城高速",
    "经开区标准厂房",
    "青龙湖水库",
    "碧水湾小区",
    "市民中心",
    "老街棚户区改造",
    "北站互通",
    "御景豪庭",
    "红石峡景区",
    "二水厂",
)
PEOPLE = (
    ("15个", 15),
    ("23名", 23),
    ("三十多个", 30),
    ("8个", 8),
    ("十二个", 12),
    ("46名", 46),
    ("120名", 120),
    ("十几个", 10),
    ("二十余名", 20),
    ("6名", 6),
    ("35个", 35),
    ("近50名", 50),
)
SUMS = (
    ("38000元", 38000),
    ("三万八", 38000),
    ("12.8万", 128000),
    ("12.8万元", 128000),
    ("5600块", 5600),
    ("两万三千元", 23000),
    ("46万余元", 460000),
    ("8,500元", 8500),
    ("3万5", 35000),
    ("一万二", 12000),
    ("六千五百块钱", 6500),
    ("28万多元", 280000),
    ("132,000元", 132000),
    ("9800块钱", 9800),
    ("七千多元", 7000),
    ("1.5万块", 15000),
    ("五十六万元", 560000),
    ("4200元", 4200),
)
BIG = ("3200万元", "1.2亿元", "860万", "五百万元", "2300多万元")
COUNTS = ("60", "80", "200", "300")
OTHER = ("4500元", "3000块", "2800元", "一千块", "500元", "5000元")
MONTHS = (
    ("3个月", 3),
    ("四个月", 4),
    ("半年", 6),
    ("两个月", 2),
    ("8个月", 8),
    ("一年", 12),
    ("一年半", 18),
    ("5个多月", 5),
    ("七个月", 7),
    ("两年", 24),
)


@dataclass(frozen=True)
class LabelledMessage:
    """A message with the facts that must be read: field name to value."""

    title: str
    text: str
    published_at: datetime
    facts: dict[str, str | float]


def _draw(name: str, chance: random.Random) -> tuple[str, str | float]:
    """Draw the words and the value of a slot."""
    plain = {
        "firm": FIRMS,
        "project": PROJECTS,
        "bigsum": BIG,
        "othersum": OTHER,
        "othercount": COUNTS,
    }
    valued = {"people": PEOPLE, "sum": SUMS, "months": MONTHS}
    kind = name.removeprefix("other") if name in ("otherfirm", "othermonths") else name
    if kind in valued:
        return chance.choice(valued[kind])
    words = chance.choice(plain[kind])
    return words, words


def _fill(line: str, chance: random.Random) -> LabelledMessage:
    """Fill the slots of one message and collect its marks."""
    facts: dict[str, str | float] = {}

    def mark(match: re.Match[str]) -> str:
        value: list[str | float] = []

        def draw(slot: re.Match[str]) -> str:
            words, drawn = _draw(slot[1], chance)
            value.append(drawn)
            return words

        words = _DRAW.sub(draw, match[2])
        facts[match[1]] = value[0]
        return words

    filled = _MARK.sub(mark, line)
    filled = _DRAW.sub(lambda slot: _draw(slot[1], chance)[0], filled)
    published, title, text = (part.strip() for part in filled.split("|"))
    return LabelledMessage(
        title, text, datetime.fromisoformat(published).replace(tzinfo=UTC), facts
    )


def load_facts_set() -> list[LabelledMessage]:
    """Give every labelled message, the same each time."""
    chance = random.Random(400)
    lines = MESSAGES_PATH.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.strip() and not line.startswith("#")]
    return [_fill(line, chance) for line in kept for _ in range(VARIANTS)]
