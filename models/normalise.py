"""One way of writing: a character is replaced by one character, so that spans stay true."""

import re
from typing import Final

from monitor.errors import InputTooLargeError

MAX_CHARACTERS: Final = 1_000_000
"""Longer texts are refused with InputTooLargeError; a page of 4 MB holds less than this."""

# Full-width digits, letters, full stop of numbers and percent; other full-width marks stay.
_FULL_WIDTH: Final = {
    0xFF01 + offset: 0x21 + offset
    for offset in range(94)
    if chr(0x21 + offset).isalnum() or chr(0x21 + offset) in ".%"
}
_TRADITIONAL: Final = str.maketrans(
    "資錢給發還們個開說沒領結賬帳單車員長東門問間關時無為來過這對實際應當經濟補"
    "償勞動報農業務擔負責費賠險養醫療買賣樓產證項鎮縣區鄉廠紅張劉陳楊趙黃吳孫"
    "馬羅鄭謝韓馮鄧許萬億兩幾歲現難處見聽話電腦幫銭闆討總頭騙約號據條決後從與裝飾",
    "资钱给发还们个开说没领结账账单车员长东门问间关时无为来过这对实际应当经济补"
    "偿劳动报农业务担负责费赔险养医疗买卖楼产证项镇县区乡厂红张刘陈杨赵黄吴孙"
    "马罗郑谢韩冯邓许万亿两几岁现难处见听话电脑帮钱板讨总头骗约号据条决后从与装饰",
)
_BLANKS: Final = (*range(9), 11, 12, *range(14, 32), 0x7F, 0x3000, 0xFEFF, 0x200B)
_TABLE: Final = {**_FULL_WIDTH, **_TRADITIONAL, **dict.fromkeys(_BLANKS, 0x20)}
_STRANGE: Final = re.compile(
    "[" + "".join(re.escape(chr(code)) for code in sorted(_TABLE)) + "\ud800-\udfff]"
)
"""Most texts hold none of these; looking first is much cheaper than translating every text."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def normalise(text: str) -> str:
    """Give the text in half-width digits and letters and simplified trade words, length unchanged.

    Control characters become spaces and lone surrogates U+FFFD.

    Raises:
        InputTooLargeError: More than `MAX_CHARACTERS` characters.
    """
    if len(text) > MAX_CHARACTERS:
        raise InputTooLargeError(f"{len(text)} characters; at most {MAX_CHARACTERS} are read")
    if _STRANGE.search(text) is None:
        return text
    return _SURROGATE.sub("\ufffd", text).translate(_TABLE)
