"""Documents to measure with: texts from the project's own corpus, employers that nobody else names.

A text is a corpus message, lengthened to `LENGTH` characters: a claim by further claims that name
nobody, behind a sentence that names its employer; any other by ordinary letters. The same seed
gives the same documents.
"""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from models.corpus.generate import generate_messages
from monitor.domain import CASE_KINDS, Document, DocumentRole, TimePrecision

LENGTH = 150
PUBLISHED = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
_POOL = 30_000
_NAMES = re.compile(
    "公司|集团|[厂店校院园所城]|中心|超市|项目|工程|物业|传媒|网点|花园"
    "|大道|互通|安置房|棚改|广场|国际|工地|农田|商业街|小区|[一二三]期|[处局队]"
)
"""Words of names: a claim is lengthened only by messages that name no further party."""

_MARKS = "鸿泰瑞丰盛恒隆嘉德润达兴福宏景祥顺锦荣昌华茂源通安康宁裕永利信诚义仁"
_TRADES = ("建筑劳务", "制衣", "餐饮", "家具", "保洁", "物流", "装饰", "食品")
_TOWNS = ("清河", "临水", "安丰", "石桥", "柳湾")


def name_employer(number: int) -> str:
    """An employer's name for each number; the names repeat only after millions."""
    marks, rest = "", number
    for _ in range(4):
        rest, at = divmod(rest, len(_MARKS))
        marks += _MARKS[at]
    trade, town = _TRADES[number % len(_TRADES)], _TOWNS[number % len(_TOWNS)]
    return f"{town}{marks}{trade}有限公司"


@dataclass(frozen=True)
class Mix:
    """Shares of new documents; what is left is neither claim nor report of one.

    `new_employers` name an employer that no case has; `known_employers` one of an open case.
    """

    name: str
    new_employers: float
    known_employers: float


MIXED = Mix("10 % claims on new employers, 5 % on known ones, 85 % other", 0.10, 0.05)
CLAIMS = Mix("only claims: two thirds on new employers, one third on known ones", 2 / 3, 1 / 3)


class Writer:
    """Writes documents with one stream of chance."""

    def __init__(self, seed: int) -> None:
        """Draw the corpus messages that texts are made of."""
        self._chance = random.Random(seed)
        self._claims: list[str] = []
        self._others: list[tuple[str, str]] = []
        self._letters: list[str] = []
        for message in generate_messages(_POOL, seed=seed):
            if message.kind in CASE_KINDS:
                if not _NAMES.search(message.text):
                    self._claims.append(message.text)
            else:
                self._others.append((message.title, message.text))
            if message.style == "ordinary":
                self._letters.append(message.text)

    def write_claim(self, employer: str) -> tuple[str, str]:
        """A claim against this employer: its title and its text."""
        chance = self._chance
        workers, months = chance.randint(2, 60), chance.randint(1, 9)
        first = (
            f"我们{workers}个人在{employer}上班，公司拖欠我们{months}个月工资，"
            f"一共{workers * months * chance.randint(38, 79) * 100}元。"
        )
        return f"{employer}拖欠工资", self._fill(first, self._claims)

    def write_other(self) -> tuple[str, str]:
        """What is no claim: letters about roads, questions about wage law, other debts, thanks."""
        title, first = self._chance.choice(self._others)
        return title, self._fill(first, self._letters)

    def _fill(self, text: str, more: Sequence[str]) -> str:
        while len(text) < LENGTH:
            text += "。" + self._chance.choice(more)
        return text

    def draw(self, mix: Mix, new: Iterator[int], known: Sequence[int]) -> tuple[str, str]:
        """One title and text of a mix; numbers of employers are taken from `new` and `known`."""
        drawn = self._chance.random()
        if drawn < mix.new_employers:
            return self.write_claim(name_employer(next(new)))
        if drawn < mix.new_employers + mix.known_employers:
            return self.write_claim(name_employer(self._chance.choice(known)))
        return self.write_other()


def make_document(source: str, number: int, title: str, text: str) -> Document:
    """A masked document as `collect` would hand it over."""
    return Document(
        source=source,
        key=f"t{number}/p{number}",
        item_key=f"t{number}",
        address=f"http://127.0.0.1/{source}/thread-{number}-1-1.html",
        role=DocumentRole.POST,
        title=title,
        text=text,
        published_at=PUBLISHED,
        precision=TimePrecision.SECOND,
        fetched_at=PUBLISHED,
    )
