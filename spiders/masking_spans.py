"""What the finders of personal data are given and what they hand over."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

_WIDTH = {0xFF01 + i: chr(0x21 + i) for i in range(94)}
_WIDTH |= {ord("①") + i: str(i + 1) for i in range(9)} | {ord("⓪"): "0"}
SPOKEN_DIGITS = "〇零○一幺二三四五六七八九壹贰叁肆伍陆柒捌玖"
"""Characters that are said for a digit, 幺 among them."""
_SPOKEN = dict(zip(map(ord, SPOKEN_DIGITS), "0001123456789123456789", strict=True))


class Kind(StrEnum):
    """A kind of personal data; the values are the keys of `Document.masked`."""

    PHONE = "phone"
    IDENTITY = "identity"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    WECHAT = "wechat"
    QQ = "qq"
    EMAIL = "email"
    HOME = "home"
    NAME = "name"


class Span(NamedTuple):
    """The characters [start, end) hold personal data of this kind."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in the two forms that are searched; every position is where it was in the text.

    `plain` has narrow letters, digits and signs; `spoken` has plain digits for Chinese ones too.
    """

    plain: str
    spoken: str

    @classmethod
    def of(cls, text: str) -> "Reading":
        """Bring a text to the forms that are searched."""
        if text.isascii():
            return cls(text, text)
        plain = text.translate(_WIDTH)
        return cls(plain, plain.translate(_SPOKEN))
