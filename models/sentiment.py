"""How a text speaks about the wages."""

import re
from typing import Final

from monitor.domain import DocumentKind, Sentiment

_DISTRESS: Final = re.compile(
    "活不下去|过不下去|没法活|怎么活|不想活|走投无路|揭不开锅|饿|救命|等着(?:这|钱)|看病|治病|住院|"
    "学费|上有老|养家|房租都?交不|断粮|没钱吃饭"
    "|吃不上|没饭吃|借钱|绝望|崩溃|可怜"
    "|哭|泪|😭|生活困难|"
    "生活不下去|无法生活|过年都?回不|回不了家|孩子|老人|自杀|跳楼|轻生|绝路|困难|艰难|心寒|无助"
)
_THANKS: Final = re.compile("谢|感激|锦旗|点赞|好评|满意")


def read_sentiment(text: str, kind: DocumentKind) -> Sentiment:
    """Say how a normalised text of a known kind speaks about the wages.

    Distress and complaint are told apart by words of need; only a claim can be either.
    """
    match kind:
        case DocumentKind.PAID:
            return Sentiment.THANKS if _THANKS.search(text) else Sentiment.NEUTRAL
        case DocumentKind.CLAIM:
            return Sentiment.DISTRESS if _DISTRESS.search(text) else Sentiment.COMPLAINT
        case _:
            return Sentiment.NEUTRAL
