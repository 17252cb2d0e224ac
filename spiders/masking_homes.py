"""Find home addresses that go down to the door.

A place as such (town, village, street) stays: it says which office is concerned. What is replaced
is an address that the text introduces as a home, and anywhere the building, staircase and room.
"""

import re
from collections.abc import Iterator

from spiders.masking_spans import Kind, Reading, Span

_INTRODUCED = re.compile(
    r"(?:家住|家在|住址|住所|家庭地址|现住|户籍(?:地址?|所在地)?|户口(?:在|地址)|老家(?:在|地址)?|身份证地址"
    r"|居住(?:在|于|地址)|住在|租住|租房在|暂住|通[讯信]地址|邮寄地址|收件地址|联系地址)[\s:是在于为]{0,3}"
    r"(?P<home>[^\s,。;!?、〔〕()]{3,40})"
)
_DOOR = re.compile(
    r"[0-9A-Za-z]\s?(?:号楼|号|室|组|幢|栋|弄|单元|楼|#|队|户|巷|层|房)(?:[0-9]{1,4}(?![0-9年月日元万号室组幢栋弄单楼队户巷层房]))?"
)
_ROOM = re.compile(
    r"(?<![0-9])(?:"
    r"[0-9]{1,4}\s?(?:幢|栋|号楼|座|#楼?|号)\s?(?:[0-9]{1,2}|[A-Za-z])\s?单元(?:\s?[0-9]{1,4}(?:室|号|户|房)?)?"
    r"|[0-9]{1,4}\s?(?:幢|栋|号楼|座|#)\s?[0-9]{3,4}\s?(?:室|号房?|房|户)"
    r"|[0-9]{1,4}\s?-\s?[0-9]{1,2}\s?-\s?[0-9]{3,4}\s?(?:室|号|户|房)"
    r"|[0-9]{1,2}\s?单元\s?[0-9]{3,4}(?:室|号|户|房)?"
    r"|[0-9]{1,3}\s?组\s?[0-9]{1,4}\s?号"
    r"|(?<=村)\s?[0-9]{1,4}\s?号(?!楼|地块|线|文|标|工地|院)"
    r")"
)


def find_homes(reading: Reading) -> Iterator[Span]:
    """Find the addresses of homes."""
    spoken = reading.spoken
    for match in _INTRODUCED.finditer(spoken):
        start = match.start("home")
        doors = list(_DOOR.finditer(match["home"]))
        if doors:
            yield Span(start, start + doors[-1].end(), Kind.HOME)
    for match in _ROOM.finditer(spoken):
        yield Span(match.start(), match.end(), Kind.HOME)
