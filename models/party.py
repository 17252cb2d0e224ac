"""Employers and projects: their names in a text, and one spelling for a name's several forms."""

import re
from dataclasses import dataclass
from typing import Final

_SUFFIX: Final = (
    "有限责任公司|股份有限公司|集团有限公司|有限公司|分公司|公司|集团|制衣厂|服装厂|电子厂|鞋厂|砖厂|家具厂|机械厂|化工厂|食品厂|水泥厂|"
    "纺织厂|玩具厂|印刷厂|塑料厂|加工厂|养殖场|采石场|煤矿|幼儿园|培训学校|实验学校|培训中心|早教中心|驾校|大酒店|酒店|宾馆|饭店|火锅店|"
    "餐厅|酒楼|美容院|健身房|养生馆|会所|超市|商场|卫生院|医院|中心小学|小学|中学|学校|学院|合作社|项目部|厂|站点|快递网点|网点|影楼|网吧|KTV|鞋业|药业|传媒|物流|物业|地产|置业|建设|建筑"
)
_NAME_SIGNS: Final = "[一-鿿A-Za-z0-9()（）*·]"
_ENDING: Final = re.compile(rf"(?:{_SUFFIX})(?!{_SUFFIX}|[了在])")
_BODY: Final = re.compile(rf"{_NAME_SIGNS}{{2,26}}$")
_CUT: Final = re.compile(
    r".*(?:投诉|举报|反映|关于|控诉|曝光|咨询|请问|帮忙|请求|要求|督促|查处|责令|追讨|讨要|讨回|要回|"
    r"我们是|我是|本人是|都是|是在|就职于|任职于|供职于|入职|应聘到|应聘|进入|来到|受雇于|就职|位于|坐落|"
    r"在一家|一家|这家|那家|该|某|一个|叫做|名叫|叫|老板|包工头|工头|承包|分包给|转包给|分包|转包|发包给|挂靠|"
    r"拖欠|克扣|欠薪|被|给|替|帮|为|跟着|跟|找|问|去|到|从|自|于|由|向|对|让|把|将|和|与|及|或|的|在|是|说|年|月|日|份|号|起|底|我|你|他|们|人|家|工人|员工|职工|老师|工资|但|而|因|由于|现在|至今|一直|今年|去年)"
)
_EMPTY_NAMES: Final = frozenset(
    "本 该 我 贵 总 分 子 母 原 新 老 大 小 这家 那家 一家 某 私人 建筑 劳务 装修 装饰 物业 保险 派遣 劳务派遣 物流 快递 外卖 房地产 中介 网络 "
    "公交 公立 私立 民办 乡镇 农村 施工 用人 国有 民营 上市 外资 承包 县 市 区 镇 省 人民 中心 公办 各 全县 全市 有关 相关 任何 其他 环卫 保安 家政 "
    "服装 电子 制衣 培训 教育 幼儿 有限 供水 电力 自来水 保洁 餐饮 各个 所有 基层 开发 建设 出租车 驾驶 村 代课 定点 县级 市级 中学 大 小型 大型 人力资源".split()
)
_ACTS: Final = re.compile(
    r"^[^，。；\n]{0,16}(?:拖欠|欠|克扣|不发|没发|未发|不给|没给|未付|拒|不支付|未支付|压|扣|跑|倒闭|破产|失联|工资|发不出)"
)
_WORKS: Final = re.compile(
    r"(?:在|给|到|进|进入|入职|就职于|应聘到|投诉|举报|关于|欠薪的|跟|受雇于|于|是|承包|为)[^，。；\n]{0,3}$"
)
_OWES_BEFORE: Final = re.compile(r"(?:被|遭|追讨|讨要|讨回|向|找|要回|所欠|状告)$")
_HEAD_WORDS: Final = re.compile(
    r"^(?:(?:请|就|让|又|有|还|那个|这个|名为|单位|实名|强烈|再次|严厉|联名|集体|求助|省|市|区|县)(?=.{3}))+"
)


MIN_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text and where it stands."""

    name: str
    start: int
    end: int


def find_employer(text: str) -> Named | None:
    """Find the employer that a normalised text names as owing; None where it names none."""
    best: tuple[int, Named] | None = None
    for match in _ENDING.finditer(text):
        named = _trim(text, match)
        if named is None:
            continue
        after = text[named.end : named.end + 26]
        before = text[max(0, named.start - 8) : named.start]
        weight = 3 if _ACTS.match(after) else 0
        weight += 2 if _WORKS.search(before) else 0
        weight += 2 if _OWES_BEFORE.search(before) else 0
        weight += 2 if "公司" in match[0] or "厂" in match[0] else 0
        weight += 1 if len(named.name) >= 6 else 0
        if weight >= 2 and (best is None or weight > best[0]):
            best = (weight, named)
    return best[1] if best else _find_boss(text)


def _name_before(text: str, end: int) -> tuple[str, int]:
    """Give the signs of a name that stand before a place, cut at words that are no name; and where."""
    match = _BODY.search(text[max(0, end - 26) : end])
    if match is None:
        return "", end
    body = match[0]
    for pattern in (_CUT, _HEAD_WORDS):
        cut = pattern.match(body)
        if cut is not None:
            body = body[cut.end() :]
    return body, end - len(body)


def _trim(text: str, match: re.Match[str]) -> Named | None:
    """Put a firm's name together from its ending; None when no name stands before it."""
    body, start = _name_before(text, match.start())
    if len(body) < MIN_NAME or body in _EMPTY_NAMES or body.isdigit():
        return None
    return Named(body + match[0], start, match.end())


_SURNAMES: Final = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
_BOSS: Final = re.compile(
    rf"(?:包工头|工头|老板娘|老板|雇主|承包人|承包商|负责人|法人代表|法人|班组长)(?:是|叫|名叫|为|姓名)?(?P<name>[{_SURNAMES}](?:某某|某|[一-鿿]{{1,2}}))(?=[拖欠克扣跑不没未，。、的就说一总]|$|电话|失联|卷)"
)
_BOSS_AFTER: Final = re.compile(
    rf"(?P<name>(?:姓)?[{_SURNAMES}](?:姓)?)(?:的)?(?:老板|包工头|工头)"
)


def _find_boss(text: str) -> Named | None:
    """Find a person named as employer where no firm is named."""
    match = _BOSS.search(text)
    if match is not None:
        name = re.sub(r"(?<=^..)[拖欠克扣跑不没未就说一总的]$", "", match["name"])
        return Named(name, match.start("name"), match.start("name") + len(name))
    match = _BOSS_AFTER.search(text)
    return Named(match[0], match.start(), match.end()) if match else None


_SITE: Final = (
    "安置房|棚改|花园|国际|广场|小区|公馆|华府|豪庭|名苑|新城|新苑|家园|大厦|中心|学校|中学|小学|医院|公路|高速|大道|水库|工业园|产业园|厂房|"
    "污水处理厂|商业街|互通|酒店|城|府|苑|庄园|大桥|隧道|铁路|标段|地铁|农田|乡村"
)
_PROJECT_ENDING: Final = re.compile(
    "工程项目|建设项目|项目部|项目|工程(?!款|量|师|队|进度|部|车|监理|质量|尾款|验收|结算)|工地"
)
_SITE_CONTEXT: Final = re.compile(
    rf"(?:在|位于|承建的?|施工的?|承接的?|承包的?)(?P<name>[一-鿿A-Za-z0-9()]{{2,14}}(?:{_SITE})(?:[一二三四五六七八九十\d]+期)?)(?=[干做打上搬砌贴]|务工|施工|工地|项目)"
)
_SITE_WORD: Final = re.compile(
    f"(?:{_SITE})[一二三四五六七八九十0-9]*期?(?:[干做打上搬砌贴]|务工|施工|工地|项目)"
)
MIN_PROJECT: Final = 3
_NO_PROJECT: Final = re.compile("公司|集团|拖欠|工资|没有|这个|那个")
_PROJECT_EMPTY: Final = frozenset(
    "建筑 重点 民生 政府 国有 本 该 这个 那个 一个 各 市政 公共 扶贫 房地产 土建 装修 水电 安装 施工 建设 我们 整个 附属 希望 绿化 主体 个 几个 多个 在建 改造 相关 有关 合作 政府投资 投资 基础设施 面子 形象 政绩 豆腐渣".split()
)


def find_project(text: str) -> Named | None:
    """Find the building project that a normalised text names; None where it names none."""
    for match in _PROJECT_ENDING.finditer(text):
        body, start = _name_before(text, match.start())
        if len(body) < MIN_PROJECT or body in _PROJECT_EMPTY or _NO_PROJECT.search(body):
            continue
        return Named(body, start, match.start())
    context = _SITE_CONTEXT.search(text) if _SITE_WORD.search(text) else None
    if context is not None:
        return Named(context["name"], context.start("name"), context.end("name"))
    return None


_FORMS: Final = re.compile(
    "有限责任公司|股份有限公司|集团有限公司|有限公司|分公司|公司|集团|\\(.*?\\)|（.*?）|[\\s·•\\-—]|项目部|工程项目|建设项目|项目|工程|工地|施工现场"
)
_TRADES: Final = re.compile(
    "(?:建筑工程|建筑劳务|建筑安装|建筑装饰|装饰工程|建设工程|建筑|建设|劳务|工程|装饰|装修|安装|实业|服饰|服装|餐饮管理|餐饮|物业管理|物业|科技|电子科技|电子|网络|教育咨询|教育|人力资源|贸易|商贸|管理|置业|房地产开发|房地产|地产|开发|服务)+$"
)
_REGION: Final = re.compile(
    r"^(?:[一-鿿]{2,3}省|[一-鿿]{2,4}自治区)?(?:[一-鿿A-Z]{1,3}\d{0,2}市)?(?:[一-鿿A-Z]{1,3}\d{0,2}[县区])?(?=.{2})"
)


def normalise_party(name: str) -> str:
    """Bring the forms of one name to one spelling, so that a shorter form is found again.

    Legal forms, brackets, spaces, the province, city and county in front and the trade at the end
    are dropped as long as two characters remain: "清河县宏远建筑有限公司" and "宏远建筑" are both "宏远".
    """
    text = name.translate({0xFF08: "(", 0xFF09: ")"}).strip()
    for pattern in (_FORMS, _REGION, _TRADES):
        shorter = pattern.sub("", text)
        if len(shorter) >= 2:
            text = shorter
    return text
