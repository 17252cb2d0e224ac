"""Employers and projects: their names in a text, and one spelling for a name's several forms."""

import re
from dataclasses import dataclass
from typing import Final

from models.concepts import concept_table
from models.segment import segment


def _words(text: str) -> frozenset[str]:
    """Split a list of words that is written out over several lines."""
    return frozenset(text.split())


_SUFFIX: Final = (
    "有限责任公司|股份有限公司|集团有限公司"
    "|有限公司|分公司|公司|集团|制衣厂|服装厂"
    "|电子厂|鞋厂|砖厂|家具厂|机械厂|化工厂"
    "|食品厂|水泥厂|"
    "纺织厂|玩具厂|印刷厂|塑料厂|加工厂"
    "|养殖场|采石场|煤矿|幼儿园|培训学校"
    "|实验学校|培训中心|早教中心|驾校|大酒店"
    "|酒店|宾馆|饭店|火锅店|"
    "餐厅|酒楼|美容院|健身房|养生馆|会所"
    "|超市|商场|卫生院|医院|中心小学|小学"
    "|中学|学校|学院|合作社|厂(?![里家房长方区商])"
    "|站点|快递网点|网点|影楼|网吧|KTV|鞋业"
    "|药业|传媒|物流|物业|地产|置业|建设"
    "|建筑"
)
_ENDING: Final = re.compile(rf"(?:{_SUFFIX})(?!{_SUFFIX})")
_STOP_WORDS: Final = _words(
    """
    施工方 施工单位 劳务公司 承包方 承包商 分包方 分包商 甲方 乙方 建设单位 发包方 用人单位 总包
    分包 老板 包工头 项目部 项目 平台 原单位 单位 雇主 用工单位 我司 中标单位 业主单位 业主
    在 给 为 被 从 自 到 于 和 与 及 或 的 是 由 跟 找 向 对 让 把 将 就 了 着 过 去 说 而 但
    因 因为 由于 则 也 都 又 还 再 才 却 并 该 某 本 我 你 他 她 它 他们 她们 你们 这 那 这个
    那个 这家 那家 一家 某家 一个 叫 叫做 名叫 名为 承包 分包 转包 承建 承接 挂靠 追讨 状告 告
    欠 来自 位于 进 进入 替 帮 帮我 帮我们 帮助 关于 有关 现在 目前 今天 昨天 上午 下午 之前
    以前 以后 后来 当时 曾 曾在 已 已经 正在 开始 截止 截至 直到 问 问问 跟着 随 随着 听 听说
    看 请 叫来 派 活 完活 干完活 所 所在 其 其中 如 像 比如 为了 通过 经 经过 根据 按 按照 当
    当地 此 此前 每 各 全 全体 所有 一直 只 只是 至 同 连 搞 弄 修 建 修建 包 包下 接 交给 交
    要求 督促 查处 责令 控诉 揭露 曝光 反映 最终 结果 然后 于是 所以 可是 但是 不过 如今 个 名
    位 号 年 月 日 份 元 块 天 层 里 上 下 中 内 外 前 后 时 是在 都是 就是 系 即
    """
)
_REGIONS: Final = _words(
    """
    四川 河南 贵州 云南 安徽 湖北 湖南 江西 广西 重庆 甘肃 山东 河北 陕西 山西 东北 黑龙江
    辽宁 吉林 内蒙古 新疆 西藏 青海 宁夏 福建 浙江 江苏 广东 海南 少年 青年 老年 妇女 和谐
    稳定 公安 党 国家
    """
)
_STOP_LETTERS: Final = frozenset("OnkwoNtGBPAaVvhWyMIZqQfFxmgz,.DCdU")
_BREAK: Final = re.compile(r"[^，。；：！？、\n\s\"“”…,;:!?【】《》|/]*$")
_EMPTY_NAMES: Final = _words(
    """
    本 该 我 贵 总 分 子 母 原 新 老 大 小 这家 那家 一家 某 私人 建筑 劳务 装修 装饰 物业
    保险 派遣 劳务派遣 物流 快递 外卖 房地产 中介 网络 公交 公立 私立 民办 乡镇 农村 施工 用人
    国有 民营 上市 外资 承包 县 市 区 镇 省 人民 中心 公办 各 全县 全市 有关 相关 任何 其他
    环卫 保安 家政 服装 电子 制衣 培训 教育 幼儿 有限 供水 电力 自来水 保洁 餐饮 各个 所有
    基层 开发 建设 出租车 驾驶 村 代课 定点 县级 市级 中学 大 小型 大型 人力资源
    """
)
_ACTS: Final = re.compile(
    r"^[^，。；\n]{0,16}(?:拖欠|欠|克扣|不发"
    r"|没发|未发|不给|没给|未付|拒|不支付"
    r"|未支付|压|扣|跑|倒闭|破产|失联|工资"
    r"|发不出|辞退|说没|因此欠)"
)
_WORKS: Final = re.compile(
    r"(?:在|给|到|进|进入|入职|就职于|应聘到"
    r"|投诉|举报|关于|欠薪的|跟|受雇于|于"
    r"|是|承包|为)[^，。；\n]{0,3}$"
)
_OWES_BEFORE: Final = re.compile(r"(?:被|遭|追讨|讨要|讨回|向|找|要回|所欠|状告)$")


MIN_NAME: Final = 2
LOOK_BACK: Final = 32
"""Characters before an ending in which a name may begin."""
MIN_WEIGHT: Final = 2
LONG_NAME: Final = 6
_SITE_AFTER: Final = re.compile(r"[^，。；\n的]{0,6}(?:项目|工程(?!有限)|工地)")
_GENERAL_BEFORE: Final = re.compile("(?:总包|甲方|业主|建设单位|总承包)[是为:：]?$")


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
        weight += 1 if len(named.name) >= LONG_NAME else 0
        weight -= 3 if _SITE_AFTER.match(after) else 0
        weight -= 1 if _GENERAL_BEFORE.search(before) else 0
        if weight >= MIN_WEIGHT and (best is None or weight > best[0]):
            best = (weight, named)
    return best[1] if best else _find_called(text) or _find_boss(text)


_CALLED: Final = re.compile(
    r"(?:公司|单位|老板|厂子)(?:名字|名称)?(?:是|叫|叫做|名叫|:|：)"
    r"(?P<name>[一-鿿]{2,10}(?:劳务|建筑|建设|装饰|装修|工程|物业|餐饮|科技|实业|服饰|家政|物流"
    r"|教育|传媒|置业|地产|保洁|环卫|园林|路桥|市政))(?=[，。；！？\s]|$)"
)
"""A firm that is named without the word for firm ("公司是鼎盛劳务")."""


def _find_called(text: str) -> Named | None:
    """Find a firm that the text says the company is called."""
    match = _CALLED.search(text)
    return Named(match["name"], *match.span("name")) if match else None


def _is_stop(word: str) -> bool:
    """Say whether a word cannot be part of a name."""
    if word in _REGIONS:
        return False
    letters = concept_table()[word]
    return word in _STOP_WORDS or not letters or letters[0] in _STOP_LETTERS


def _joins_a_name(words: list[str], at: int) -> bool:
    """Say whether a 和 stands inside a name (昌达和兴建筑) and not between two."""
    return (
        words[at] == "和"
        and 0 < at < len(words) - 1
        and len(words[at + 1]) == 1
        and not _is_stop(words[at - 1])
    )


def _name_before(text: str, end: int) -> tuple[str, int]:
    """Give the words of a name that stand before a place, and where they begin."""
    match = _BREAK.search(text[max(0, end - LOOK_BACK) : end])
    words = segment(match[0]) if match else []
    first = len(words)
    while first and (not _is_stop(words[first - 1]) or _joins_a_name(words, first - 1)):
        first -= 1
    body = "".join(words[first:])
    return body, end - len(body)


def _trim(text: str, match: re.Match[str]) -> Named | None:
    """Put a firm's name together from its ending; None when no name stands before it."""
    body, start = _name_before(text, match.start())
    if len(body) < MIN_NAME or body in _EMPTY_NAMES or body.isdigit():
        return None
    return Named(body + match[0], start, match.end())


_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈"
    "曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔"
    "康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_BOSS: Final = re.compile(
    rf"(?:包工头|工头|老板娘|老板|雇主|承包人"
    rf"|承包商|负责人|法人代表|法人|班组长)(?:是"
    rf"|叫|名叫|为|姓名)?(?P<name>[{_SURNAMES}](?:某某"
    rf"|某|[一-鿿]{{1,2}}))(?=[拖欠克扣跑不没未，。、的就说一总]"
    rf"|$|电话|失联|卷)"
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
    "安置房|棚改|花园|国际|广场|小区|公馆"
    "|华府|豪庭|名苑|新城|新苑|家园|大厦"
    "|中心|学校|中学|小学|医院|公路|高速"
    "|大道|水库|工业园|产业园|厂房|"
    "污水处理厂|商业街|互通|酒店|城|府|苑|庄园|大桥|隧道|铁路|标段|地铁|农田|乡村"
)
_PROJECT_ENDING: Final = re.compile(
    "工程项目|建设项目|项目部|项目(?!经理"
    "|负责)|(?<!装饰)(?<!建筑)(?<!市政)(?<!装修)工程(?!有限"
    "|公司|项目|款|量|师|队|进度|部|车|监理"
    "|质量|尾款|验收|结算)|工地"
)
_SITE_CONTEXT: Final = re.compile(
    rf"(?:在|位于|承建的?|施工的?|承接的?"
    rf"|承包的?)(?P<name>[一-鿿A-Za-z0-9()]{{2,14}}(?:{_SITE})(?:[一二三四五六七"
    rf"八九十\d]+期)?)(?=[干做打上搬砌贴]"
    rf"|务工|施工|工地|项目)"
)
_SITE_WORD: Final = re.compile(
    f"(?:{_SITE})[一二三四五六七八九十0-9]*期?(?:[干做打上搬砌贴]|务工|施工|工地|项目)"
)
MIN_PROJECT: Final = 3
_NO_PROJECT: Final = re.compile("公司|集团|拖欠|工资|没有|装饰$")
_PROJECT_EMPTY: Final = _words(
    """
    建筑 重点 民生 政府 国有 本 该 这个 那个 一个 各 市政 公共 扶贫 房地产 土建 装修 水电 安装
    施工 建设 我们 整个 附属 希望 绿化 主体 个 几个 多个 在建 改造 相关 有关 合作 政府投资
    投资 基础设施 面子 形象 政绩 豆腐渣
    """
)


_COUNTY: Final = re.compile(
    r"^(?:[一-鿿]{2,3}省)?(?:[一-鿿]{2,3}自治[区州])?(?:[一-鿿]{2,3}市|[A-Z]\d{0,2}市)?"
    r"(?:[一-鿿]{2,3}[县旗市]|[A-Z]\d{0,2}[县区]|(?![一-鿿]{0,2}(?:经开|高新|开发|工业|园|新|小|社"
    r"|库|景|校|厂|片|街|城|示范|保税|功能|户|院|山|矿|林|住宅|校园)区)[一-鿿]{2,3}区)?"
    r"(?:[一-鿿]{2}(?:镇|乡|街道)(?!中心|卫生|敬老|政府|小学|中学))?"
)
"""Province, city, county and town before a project's own name; zones and estates are no county."""


def _without_county(name: str, start: int) -> tuple[str, int]:
    """Leave the county out of a project's name where a name is left: the place is a fact itself."""
    match = _COUNTY.match(name)
    if match is None or len(name) - match.end() < MIN_PROJECT:
        return name, start
    return name[match.end() :], start + match.end()


def find_project(text: str) -> Named | None:
    """Find the building project that a normalised text names; None where it names none."""
    for match in _PROJECT_ENDING.finditer(text):
        body, start = _name_before(text, match.start())
        if len(body) < MIN_PROJECT or body in _PROJECT_EMPTY or _NO_PROJECT.search(body):
            continue
        body, start = _without_county(body, start)
        return Named(body, start, match.start())
    context = _SITE_CONTEXT.search(text) if _SITE_WORD.search(text) else None
    if context is not None:
        name, start = _without_county(context["name"], context.start("name"))
        return Named(name, start, context.end("name"))
    return None


_FORMS: Final = re.compile(
    "有限责任公司|股份有限公司|集团有限公司"
    "|有限公司|分公司|公司|集团|\\(.*?\\)"
    "|（.*?）|[\\s·•\\-—]|项目部|工程项目"
    "|建设项目|项目|工程|工地|施工现场"
)
_TRADES: Final = re.compile(
    "(?:建筑工程|建筑劳务|建筑安装|建筑装饰"
    "|装饰工程|建设工程|建筑|建设|劳务|工程"
    "|装饰|装修|安装|实业|服饰|服装|餐饮管理"
    "|餐饮|物业管理|物业|科技|电子科技|电子"
    "|网络|教育咨询|教育|人力资源|贸易|商贸"
    "|管理|置业|房地产开发|房地产|地产|开发"
    "|服务)+$"
)
_REGION: Final = re.compile(
    r"^(?:[一-鿿]{2,3}省|[一-鿿]{2,4}自治区)?(?:[一-鿿A-Z]{1,3}\d{0,2}市)?(?:[一"
    r"-鿿A-Z]{1,3}\d{0,2}[县区])?(?=.{2})"
)


def normalise_party(name: str) -> str:
    """Bring the forms of one name to one spelling, so that a shorter form is found again.

    Legal forms, brackets, spaces, the province, city and county in front and the trade at the end
    are dropped as long as two characters remain: "清河县宏远建筑有限公司" and "宏远建筑" are both
    "宏远".
    """
    text = name.translate({0xFF08: "(", 0xFF09: ")"}).strip()
    for pattern in (_FORMS, _REGION, _TRADES):
        shorter = pattern.sub("", text)
        if len(shorter) >= MIN_NAME:
            text = shorter
    return text
