"""Yes-or-no facts and words for trade and place, each with the characters that say so."""

import re
from typing import Final

from monitor.domain import Fact

_PUBLIC: Final = re.compile(
    "政府(?:投资|工程|项目|采购|重点)|国有(?:企业"
    "|资金|投资|公司)|国企|央企|城投|市政工程"
    "|财政资金|民生工程|扶贫项目|棚改|棚户区改造"
    "|高标准农田|"
    "(?:业主|建设单位|甲方|发包方)(?:是"
    "|为)?(?:[一-鿿]{0,6})(?:政府|局|委"
    "|学校|医院|国资|街道办|管委会)|安置房"
    "|保障房|公租房(?:项目|工程|建设)|乡村振兴项目"
    "|美丽乡村|"
    "(?:中铁|中建|中交|中冶|中水|中国建筑|中国铁建)[一-鿿\\d]{0,4}局|重点工程|重点项目"
)
_FLED: Final = re.compile(
    "(?:老板|包工头|工头|法人|法定代表人"
    "|负责人|公司|承包人|雇主|厂长|老总"
    "|老板娘)[^，。；！？\n]{0,8}(?:跑路"
    "|跑了|失联|逃匿|逃跑|卷款|卷钱|人间蒸发"
    "|不知去向|下落不明|联系不上|找不到人"
    "|失踪|消失|逃走)"
    "|卷[款钱](?:跑|逃|潜逃|走)|(?:跑路|携款潜逃|人去楼空|人间蒸发|逃匿)"
)
_NOT_FLED: Final = re.compile(
    "(?:没有|没|不会|不怕|怕|担心|防止|怕他|万一|要是|如果)[^，。；\n]{0,6}$"
)
_DANGER: Final = re.compile(
    "跳楼(?!价|大|甩)|跳桥|跳塔吊|跳河|跳江"
    "|跳下去|轻生|自杀|自尽|寻死|寻短见"
    "|不想活|活着没意思|活着没有意思|喝农药"
    "|喝药|割腕|上吊|绝食|自焚|"
    "死给(?:你|他|他们)|以死|一死了之|爬(?:上"
    "|到)?塔吊|爬上(?:楼顶|天台|吊塔)|站在(?:楼顶"
    "|天台)|结束(?:自己的)?生命|没有活路"
    "|不活了|遗书|了结(?:自己|此生)|断药"
    "|饿晕|饿昏|想死|去死|同归于尽"
)
_NOT_DANGER: Final = re.compile("(?:不会|不要|不是|别|没想|没有想|绝不)[^，。；\n]{0,4}$")

_SECTORS: Final = (
    (
        "建筑",
        (
            "工地|建筑|施工|民工|包工头|钢筋|木工"
            "|瓦工|泥工|水电工|抹灰|粉刷|砌墙|塔吊"
            "|脚手架|架子工|土方|挖机|装修|外墙"
            "|装饰|工程队|劳务公司|班组|标段"
        ),
    ),
    (
        "制造",
        (
            "工厂|制衣|服装厂|电子厂|鞋厂|砖厂|家具厂"
            "|机械厂|化工厂|食品厂|纺织|车间|流水线"
            "|缝纫|厂里|普工"
        ),
    ),
    ("餐饮", "餐厅|饭店|酒店|火锅|服务员|厨师|餐饮|酒楼|后厨|奶茶店"),
    ("外卖快递", "外卖|骑手|快递|派费|站点|跑单|配送|网约车|代驾"),
    ("教育", "学校|教师|老师|幼儿园|代课|课时费|培训机构|早教|中学|小学|教职工"),
    ("医疗", "医院|护士|护工|医生|卫生院|村医|医护"),
    ("环卫物业", "环卫|保洁|清洁工|物业公司|保安|绿化工|清扫"),
    ("家政", "保姆|月嫂|家政|育儿嫂"),
    ("运输", "司机|驾驶员|公交|出租车|货车|物流|运输队|船员"),
    ("矿山", "煤矿|矿山|采石场|矿工"),
    ("机关事业", "事业单位|公务员|乡镇干部|辅警|协警|临聘人员|公益性岗位|街道办|网格员|村干部"),
    ("商贸服务", "超市|商场|导购|店员|销售|美容|健身|理发|会所|置业顾问|中介|KTV|影楼"),
    ("互联网传媒", "程序员|主播|直播|传媒|网络公司|科技公司|游戏公司|编辑|剧组|客服"),
)
_SECTOR_OF: Final = {word: name for name, words in _SECTORS for word in words.split("|")}
_FIRST_SIGNS: Final = "".join(sorted({word[0] for word in _SECTOR_OF}))
_SECTOR: Final = re.compile(f"(?=[{_FIRST_SIGNS}])(?:{'|'.join(_SECTOR_OF)})(?!文化|毕业)")

_PLACE: Final = re.compile(
    r"(?:[一-鿿]{2,3}省|[一-鿿]{2,4}自治区)?(?:(?:[一-鿿]{2,3}"
    r"|[A-Z]\d{0,2})市)?(?:(?:[一-鿿]{2,3}"
    r"|[A-Z]\d{0,2})(?:县|区|旗|市(?![场政])))(?:[一-鿿]{2,4}?(?:镇"
    r"|乡|街道))?|"
    r"[一-鿿]{2,3}(?:镇|乡|街道)(?:[一-鿿]{2,3}村)?"
)
_PLACE_ENDING: Final = re.compile("[县区旗市镇乡]|街道")
LONGEST_PLACE: Final = 16
_PLACE_CUT: Final = re.compile(
    "^(?:.*(?:投诉|举报|反映|关于|位于|来自"
    "|我们|我是|本人|在|到|去|于|给|从|的"
    "|是|向|和|与|请|我|被|为))(?=.{2})"
)
_STRADDLES: Final = frozenset(
    {"反映", "反应", "投诉", "举报", "位于", "来自", "关于", "老家", "家住"}
)
"""Words whose second sign a name of three or four signs would take for its own first."""
SHORTEST: Final = 3
_NO_PLACE_SIGN: Final = re.compile("[去到在了是我你他们起请找把被这那]")
_NOT_PLACE: Final = re.compile(
    "小区|地区|城市|我市|我县|我区|全市"
    "|全县|全区|本市|本县|本区|社区|辖区"
    "|园区|景区|城区|工业区|开发区|超市"
    "|市区|县区|各县|该县|棚户区|厂区|校区"
    "|片区|库区|街区|城镇|乡镇|门市|上市"
    "|小镇|家乡|返乡|老乡|故乡|下乡|山区"
    "|矿区|新区$"
)


def find_public(text: str) -> Fact[bool] | None:
    """Find words that say that public money or a public body is behind the project."""
    match = _PUBLIC.search(text)
    return Fact(value=True, span=match.span()) if match else None


def find_fled(text: str) -> Fact[bool] | None:
    """Find words that say that the employer has fled or cannot be reached."""
    for match in _FLED.finditer(text):
        if not _NOT_FLED.search(text[max(0, match.start() - 8) : match.start()]):
            return Fact(value=True, span=match.span())
    return None


def find_danger(text: str) -> Fact[bool] | None:
    """Find words that say that somebody's life is in danger."""
    for match in _DANGER.finditer(text):
        if not _NOT_DANGER.search(text[max(0, match.start() - 6) : match.start()]):
            return Fact(value=True, span=match.span())
    return None


def find_sector(text: str) -> Fact[str] | None:
    """Find the trade that most words of the text belong to; the span is its first word."""
    counts: dict[str, int] = {}
    first: dict[str, tuple[int, int]] = {}
    for match in _SECTOR.finditer(text):
        name = _SECTOR_OF[match[0]]
        counts[name] = counts.get(name, 0) + 1
        first.setdefault(name, match.span())
    if not counts:
        return None
    best = max(counts, key=lambda name: (counts[name], -first[name][0]))
    return Fact(best, first[best])


def _is_place(name: str, after: str) -> bool:
    """Say whether a name is a place's own, and not the office that it stands for."""
    if len(name) < SHORTEST or _NOT_PLACE.search(name) or _NO_PLACE_SIGN.search(name):
        return False
    return not after.startswith(("政府", "里", "委", "信访", "领导", "长"))


def find_place(text: str) -> Fact[str] | None:
    """Find the county, town or village that the text names first."""
    ending = _PLACE_ENDING.search(text)
    if ending is None:
        return None
    for match in _PLACE.finditer(text, max(0, ending.start() - LONGEST_PLACE)):
        start = match.start()
        cut = _PLACE_CUT.match(match[0])
        if cut is not None:
            start += cut.end()
        if text[start - 1 : start + 1] in _STRADDLES:
            start += 1
        name = text[start : match.end()]
        after = text[match.end() : match.end() + 2]
        if _is_place(name, after):
            return Fact(name, (start, match.end()))
    return None
