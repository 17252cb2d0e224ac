"""What the finders of personal data are given and what they hand over."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

_LAST_WITH_DIGITS = 0x1FBFF


def _unicode_digits() -> dict[int, str]:
    """Every character that Unicode calls a digit (ringed, bold, raised, Arabic …), as 0 to 9."""
    digits = {
        code: unicodedata.digit(chr(code), None) for code in range(0x80, _LAST_WITH_DIGITS + 1)
    }
    return {code: str(digit) for code, digit in digits.items() if digit is not None}


_WIDTH = {0xFF01 + i: chr(0x21 + i) for i in range(94)}
_WIDTH |= _unicode_digits() | dict.fromkeys(map(ord, "﹣−⁃ー"), "-") | {0x3000: " "}
SPOKEN_DIGITS = "〇零○洞一幺二两三四五六七拐八九勾壹贰叁肆伍陆柒捌玖"
"""Characters that are said for a digit, 幺 among them; 洞两拐勾 are said on the radio."""
_SPOKEN = dict(zip(map(ord, SPOKEN_DIGITS), "00001122345677899123456789", strict=True))
# More than the table holds, but a range is quicker to look for than a thousand characters.
_WIDE = re.compile(r"[^\x00-\x7f\u4e00-\u9fff]")
_SAID = re.compile(f"[{SPOKEN_DIGITS}]")
_MANY = 40


class Kind(StrEnum):
    """A kind of personal data; the values are the keys of `Document.masked`."""

    PHONE = "phone"
    IDENTITY = "identity"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    WECHAT = "wechat"
    QQ = "qq"
    ACCOUNT = "account"
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
        plain = _replace_characters(text, _WIDTH, _WIDE)
        return cls(plain, _replace_characters(plain, _SPOKEN, _SAID))


def _replace_characters(text: str, table: dict[int, str], keys: re.Pattern[str]) -> str:
    """What `text.translate(table)` gives; quicker, as few of its characters are in the table."""
    present = {found for found in keys.findall(text) if ord(found) in table}
    if len(present) > _MANY:
        return text.translate(table)
    for character in present:  # in any order: what is put in their place is no key
        text = text.replace(character, table[ord(character)])
    return text
