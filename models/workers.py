"""How many workers are unpaid, as a text says it; not how many gathered."""

import re
from dataclasses import dataclass
from typing import Final

from models.money import CHINESE_NUMBER, parse_number

_WHO: Final = (
    "工人|农民工|民工|工友|员工|职工|老师"
    "|教师|务工人员|打工者|人|同事|保安"
    "|保洁员|保洁|司机|骑手|外卖员|快递员"
    "|服务员|厨师|护士|医生|临聘人员|"
    "劳动者|环卫工人|环卫工|木工|瓦工|钢筋工"
    "|泥工|水电工|小工|技师|兄弟|姐妹|工地工人"
    "|村民工|实习生|学生工|业务员|销售|护工"
    "|月嫂|阿姨|老乡|在职员工|离职员工"
)
_COUNT: Final = re.compile(
    rf"(?<![\d.第年月日])(?P<number>\d{{1,5}}"
    rf"|{CHINESE_NUMBER}{{1,5}})(?P<about>多"
    rf"|余|来|几)?\s?(?P<measure>个|名|位"
    rf"|号)?"
    rf"(?P<kind>[^\d，。；！？\n的了是有在和月天年日周]{{0,6}}?)(?P<who>{_WHO})"
)
_OURS: Final = re.compile(
    rf"(?:我们|咱们|俺们|咱|俺)(?P<number>\d{{1,4}}|{CHINESE_NUMBER}{{1,4}})(?P<about>多|余|来|几)?"
    r"(?:个|名|位)(?=[，。；！？\n]|$)"
)
"""The writer's own number without a word for people ("我们12个，")."""
_GATHERED_BEFORE: Final = re.compile(
    r"(?:聚集|围观|围堵|上访|堵|静坐|来了"
    r"|去了|纠集|组织|出动|叫来|叫了|带了"
    r"|找来|派了|打手|受伤|死亡|全国|全市"
    r"|全县|全镇|家里|一家|全家|家有|养活)[^，。；\n]{0,8}$"
)
_GATHERED_AFTER: Final = re.compile(
    r"^[^，。；\n]{0,8}(?:聚集|围堵|围观"
    r"|上访|堵门|堵路|静坐|拉横幅|到场|打伤"
    r"|被打|围住|去(?:了)?(?:政府|县|市|信访"
    r"|公司|项目|售楼|劳动)|去了?(?=[，。；！\n]|$)|跑去|在(?:政府"
    r"|公司|项目部|售楼部)门口)"
)
_WHOLE_BEFORE: Final = re.compile(
    r"(?:公司|厂|单位|企业|集团|规模|现有|共有|全厂|拥有|总共有|招聘|招)[^，。；\n]{0,6}$"
)
_COUNTED_BEFORE: Final = re.compile(
    "(?:工人|民工|工友|我们|班组|员工|职工|老师|涉及)[^。；\n]{0,4}(?:一共|总共|共计|共有|共|合计)(?:有|是)?$"
)
_OWED_NEAR: Final = re.compile(
    r"拖欠|欠|工资|工钱|血汗钱|劳务费|薪"
    r"|没发|未发|没给|不给|未付|没拿到|没领"
    r"|人工费|加班费|报酬|涉及|我们|补偿"
    r"|奖金|押金|津贴"
)

_UNPAID: Final = "欠|工资|工钱|没发|没给|不给|没拿到|没结"


MOST_WORKERS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Headcount:
    """A number of people in a text, and where it stands."""

    people: int
    start: int
    end: int


def _clause(text: str, start: int, end: int) -> tuple[str, str]:
    """Give what stands before and after in the same sentence, at most 24 characters each."""
    before = re.split(r"[。！？；\n]", text[max(0, start - 24) : start])[-1]
    after = re.split(r"[。！？；\n]", text[end : end + 24])[0]
    return before, after


def find_workers(text: str) -> Headcount | None:
    """Find how many workers a normalised text says are unpaid; None where it does not say."""
    best: tuple[int, Headcount] | None = None
    for match in _COUNT.finditer(text):
        if not match["measure"] and match["who"] == "人" and match["kind"]:
            continue
        number = parse_number(match["number"])
        if number is None or not 1 <= number <= MOST_WORKERS:
            continue
        before, after = _clause(text, match.start(), match.end())
        if _GATHERED_BEFORE.search(before) or _GATHERED_AFTER.match(after):
            continue
        weight = 3 if _OWED_NEAR.search(before[-12:]) else 0
        weight += 2 if _OWED_NEAR.search(after[:12]) else 0
        weight -= 2 if _WHOLE_BEFORE.search(before) and "欠" not in before else 0
        weight += 1 if match["who"] != "人" else 0
        weight += 2 if _COUNTED_BEFORE.search(before) else 0
        if number == 1:
            weight -= 2
        if weight > 0 and (best is None or weight > best[0]):
            best = (weight, Headcount(int(number), match.start(), match.end()))
    return best[1] if best else _find_ours(text)


def _find_ours(text: str) -> Headcount | None:
    """Find how many the writer says they are, in a sentence that speaks of what is owed."""
    for match in _OURS.finditer(text):
        number = parse_number(match["number"])
        before, after = _clause(text, match.start(), match.end())
        if number is None or number <= 1 or _GATHERED_AFTER.match(after):
            continue
        if _OWED_NEAR.search(before) or re.search(_UNPAID, after):
            return Headcount(int(number), match.start("number"), match.end())
    return None
