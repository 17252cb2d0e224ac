"""Find home addresses that go down to the door.

A place as such (town, village, street) stays: it says which office is concerned. What is replaced
is an address that the text introduces as a home, and anywhere the building, staircase and room.
An address of a firm or a site, which names a house and no room, stays.
"""

import re
from collections.abc import Iterator

from spiders.masking_name_shapes import read_name
from spiders.masking_sought import Sought
from spiders.masking_spans import Kind, Reading, Span

_N = "[0-9十百]{1,5}"
_UNIT = "(?:号楼|号院|号|室|组|社|幢|栋|弄|单元|楼|#楼?|队|户|巷|胡同|层|房|座|排|门|家)"
_SIDE = "(?:[东西南北中左右][户边门手])?"
_ROOM_NUMBER = rf"(?:\s?[0-9]{{2,4}}(?![0-9.年月日元万块{_UNIT[3:-1].replace('|', '')}]))?"
_DOOR = (
    rf"(?:[0-9]{{1,4}}\s?[#\-—–]{{1,2}}\s?[0-9]{{1,3}}\s?[-—–]\s?[0-9]{{2,4}}{_UNIT}?"
    rf"|(?:附\s?)?第?(?:{_N}|[A-Za-z甲乙丙丁])\s?{_UNIT}{_ROOM_NUMBER}(?:附\s?[0-9]{{1,3}}号?|[甲乙丙丁])?"
    rf"|(?<=[楼院寓区园苑舍庭府村寨])\s?[A-Za-z]?[0-9]{{3,4}}(?![0-9.年月日元万块个人名多平米期])(?!\s?{_UNIT}))"
)
# What an address may hold between its parts; the words left out begin something else.
_IN_ADDRESS = (
    r"(?:[^\s,。;:!?、〔〕()\[\]在给到的去来被和与把是有没做干打欠]"
    r"|(?<=[太永仁泰祥中义嘉雅兴清安平共景人丰])和|和(?=[平谐顺美苑县睦泰悦])|与(?=[\u4e00-\u9fff]{1,5}[路街道]))"
)

_INTRODUCED = re.compile(
    r"(?:家住|家在|家是|家(?=:)|门牌(?:号码?)?|现居(?:住地?)?|现住|住址|住处|住所地?|家庭地址|现住址?|户籍(?:地址?|所在地)?|户口(?:在|地址|所在地)?|老家(?:在|地址|是)?"
    r"|籍贯|身份证(?:上的?)?地址|居住(?:在|于|地址?)?|租住|租房|租的房子|暂住地?|寄住|借住|通[讯信]地址|邮寄(?:地址|到|至)?"
    r"|寄信|请?寄(?:到|至|给)?|快递(?:到|至)?|收[件货]地址|联系地址|送达地址|(?<!公司)(?<!单位)(?<!工地)(?<!项目)(?<!企业)(?<!工厂)(?<!办公)(?<!注册)(?<!经营)的?地址(?=[:是为\s]|[\u4e00-\u9fff]{2,6}[省市县区镇乡村路街])|(?<![居租暂入寄借拒保站挡])住(?![建房宅院宿户所处满不])|我是|我系|俺是)"
    r"(?:请?寄|就?是|地址|于|在|为|:|\s){0,4}"
    r"(?:地址)?[是:]?"
    rf"(?P<home>{_IN_ADDRESS}{{1,30}}?{_DOOR}(?:{_IN_ADDRESS}{{0,8}}?{_DOOR}){{0,5}}{_SIDE})(?P<after>.?)"
)
# One of these is in every text in which an introduced home is found: most texts have none.
_MAY_INTRODUCE = re.compile("住|家|居|籍|租|寄|户|门牌|身份证|地址|快递|我是|我系|俺是")
_MAY_BE_DOOR = re.compile(
    r"[0-9十百A-Za-z甲乙丙丁楼院寓区园苑舍庭府村寨]"
    rf"(?:\s?(?:{_UNIT}|[#\-—–])|(?<=[楼院寓区园苑舍庭府村寨])\s?[A-Za-z]?[0-9]{{3}})"
)
_SPEAKS_OF_SELF = ("我是", "我系", "俺是")
_SITE_AFTER = re.compile(
    r"(?:装修|工棚|宿舍|板房|工地|项目|地块|标段|商业|厂房|车间|工程|门面|商铺|仓库|楼盘|的?(?:木工|钢筋|业主|租户))"
)
_ROOM = Sought(
    r"(?<![0-9])(?:"
    rf"{_N}\s?(?:幢|栋|号楼|座|#楼?|号)\s?(?:[0-9]{{1,2}}|[A-Za-z])\s?单元\s?{_N}(?:室|号|户|房|楼|层)?{_SIDE}"
    rf"|(?:{_N}|(?<![A-Za-z])[A-Za-z])\s?(?:幢|栋|号楼|座|#楼?)\s?[0-9]{{3,4}}(?:\s?(?:室|号房?|房|户)|(?![0-9元万块人年平米]))"
    r"|[0-9]{1,4}\s?[#\-—–]{1,2}\s?[0-9]{1,2}\s?[-—–]\s?[0-9]{3,4}(?![0-9])(?:室|号|户|房)?"
    rf"|[0-9]{{1,2}}\s?单元\s?{_N}(?:室|号|户|房)?"
    rf"|{_N}\s?(?:村民)?(?:小组|组|队|社)\s?(?:附\s?)?{_N}\s?(?:号|户)"
    rf"|{_N}\s?(?:巷|弄|胡同)\s?(?:附\s?)?{_N}\s?号(?:\s?[0-9]{{2,4}}室?)?"
    rf"|{_N}\s?排\s?{_N}\s?号"
    rf"|(?<=[村庄屯寨湾])\s?(?:附\s?)?{_N}\s?号(?!楼|地块|线|文|标|工地|院)"
    r")",
    needs=r"[单幢栋楼座组队社巷弄同排村庄屯寨湾号#0-9]"
    r"(?:元|(?<![0-9])\s?(?:附\s?)?[0-9十百]|\s?[#\-—–])",
)
_MINE = Sought(rf"(?<![0-9十百]){_N}\s?(?:号|室|户)(?=就?是我(?:们?的?家|住))", needs="是我")
_HOUSE_IN_FRONT = re.compile(rf"第?{_N}号院?$|第$")


def find_homes(reading: Reading) -> Iterator[Span]:
    """Find the addresses of homes."""
    spoken = reading.spoken
    if _MAY_INTRODUCE.search(spoken) and _MAY_BE_DOOR.search(spoken):
        yield from _find_introduced(spoken)
    for match in _MINE.finditer(spoken):
        yield Span(*match.span(), Kind.HOME)
    for match in _ROOM.finditer(spoken):
        start = match.start()
        in_front = _HOUSE_IN_FRONT.search(spoken, max(0, start - 8), start)
        yield Span(in_front.start() if in_front else start, match.end(), Kind.HOME)


def _find_introduced(spoken: str) -> Iterator[Span]:
    """Find the addresses that the text introduces as homes."""
    at = 0
    while match := _INTRODUCED.search(spoken, at):
        at = match.end("home")
        own = match[0].startswith(_SPEAKS_OF_SELF)
        # 我是…号的王建国 tells where one lives, 我是…6号楼的工人 where one works.
        if own and (match["after"] != "的" or read_name(spoken, match.end()) is None):
            at = match.start() + 1
            continue
        if not _SITE_AFTER.match(spoken, match.end("home") + own):
            yield Span(*match.span("home"), Kind.HOME)
