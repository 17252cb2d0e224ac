"""Who writes, and how loudly, changes nothing: asked of every candidate; it cannot be left out.

The same property is tested of the shipped reader with other words (`tests/quality`,
`tests/protection`). A candidate learns from what people say of messages here, so it is asked before
anybody can promote it, and again when somebody does.
"""

from collections.abc import Iterator
from typing import Final, Protocol

from models.reader import ReadingInput, Score
from monitor.domain import DocumentKind

TOLERANCE: Final = 0.02
"""How far a score may move."""

MESSAGES: Final = (
    "包工头欠我们工地十二个人的工资，从八月拖到现在一分没给。",
    "厂里三个月没有发工资了，去问就说没钱。",
    "饭店关门了，老板还欠我两个月工资。",
    "我在物业公司干保洁，去年的加班工资一直没有结清。",
    "请问试用期的工资怎么算，有没有最低标准。",
    "房产证办了两年还没有下来，开发商一直推。",
    "我们小区的路灯坏了一个月没人修。",
    "拖欠的工资上周已经全部发到手里，谢谢。",
)
"""Messages to which the sentences are added; none of them is a message of anybody."""

ADDED: Final = {
    "gathering": ("明天一早我们到大门口集合。", "上周几十个人在门口坐了一天。"),
    "petition": ("不解决我们就去市里上访。", "已经去过两次信访局。"),
    "press": ("我们找了记者来采访。", "视频已经发到抖音上了。"),
    "court": ("我们准备去法院起诉。", "已经申请了劳动仲裁。"),
    "praise": ("感谢各位领导，你们是人民的好公仆。", "县里的干部都很负责。"),
    "insult": ("当官的官官相护，都不作为。", "这些干部只会踢皮球。"),
    "province": ("我是从湖南来的。", "本人户籍河南周口。"),
    "sex": ("我是单亲妈妈。", "我们几个都是女工。"),
    "age": ("本人今年五十六岁。", "我是九零后。"),
    "ethnicity": ("我是彝族，少数民族。", "本人土家族。"),
    "dialect": ("俺们晓得啥子嘛，咋整哦。", "莫得办法噻。"),
    "politeness": ("您好，打扰了，万分感谢。", "祝领导身体健康，工作顺利。"),
}
"""What the sentences are about, and the sentences."""

PROTEST_ONLY: Final = (
    "明天上午市政府门口集合，大家都来，把横幅带上。",
    "我要去北京上访，找记者曝光。",
    "信访局推诿扯皮，信访件三个月不答复。",
)
"""Messages that name no wages; every reader must find them unrelated."""


class Scorer(Protocol):
    """What is asked of a reader here."""

    def score_many(self, items: list[ReadingInput]) -> list[Score]:
        """Give kind and score of each text."""


def find_unfairness(reader: Scorer) -> list[str]:
    """List, one line each, where added words move kind or score; empty for a fair reader."""
    pairs = [*_pairs()]
    texts = [ReadingInput("", text) for plain, changed, _ in pairs for text in (plain, changed)]
    said = reader.score_many(texts)
    lines = []
    for (_, changed, about), before, after in zip(pairs, said[::2], said[1::2], strict=True):
        if before.kind is not after.kind or abs(before.score - after.score) > TOLERANCE:
            lines.append(
                f"{about}: {before.kind.value} {before.score:.3f} → "
                f"{after.kind.value} {after.score:.3f}: {changed}"
            )
    alone = reader.score_many([ReadingInput("", text) for text in PROTEST_ONLY])
    for text, score in zip(PROTEST_ONLY, alone, strict=True):
        if score.kind is not DocumentKind.UNRELATED:
            lines.append(f"protest alone: {score.kind.value}: {text}")
    return lines


def _pairs() -> Iterator[tuple[str, str, str]]:
    """Every message without and with every sentence, before it and after it."""
    for message in MESSAGES:
        for about, sentences in ADDED.items():
            for sentence in sentences:
                yield message, sentence + message, about
                yield message, message + sentence, about
