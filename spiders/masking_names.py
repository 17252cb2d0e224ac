"""Find the names of natural persons where the text itself introduces them (我叫、联系人：、工友…).

Chinese has no spaces, so a name is taken for one only when three things agree: words that
introduce a person, a family name, and a given name that is followed by something that ends a name.
The names of employers, foremen's firms and of officials acting in office are not introduced by
these words and stay. A name that is introduced once is replaced wherever it stands again, unless
as part of a firm.
"""

import re
from collections.abc import Iterator, Sequence

from spiders.masking_spans import Kind, Reading, Span

_DOUBLE = (
    "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|宇文|长孙|端木|百里|呼延|南宫|独孤"
)
_SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱丘江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔"
    "向汤康易乔赖文施洪樊兰殷庄章鲁岳翟申欧耿关焦左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉"
    "骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席"
    "卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆"
    "乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平"
)
_FAMILY = f"(?:{_DOUBLE}|[{_SINGLE}])"

# A given name never begins or ends with these; they begin what follows the name.
_NOT_GIVEN = (
    "的了是在和跟与有被给把对从去到说做干家住电手身男女因为们等也都就又还没不要想请求这那个我你他她它"
    "于已曾将由及或者所之其且但而若则向至现系来今年月日号时点元万块欠拖讨薪工某"
)
_GIVEN = rf"[^\W\d_a-zA-Z{_NOT_GIVEN}]"
_HAN_GIVEN = rf"(?:(?!〔|〕){_GIVEN}){{1,2}}"
_MINORITY = r"[\u4e00-\u9fa5]{2,8}[·•][\u4e00-\u9fa5]{2,10}(?:[·•][\u4e00-\u9fa5]{2,8})?"
_END = (
    r"(?=[\s,。;、!?()\[\]:：\"”》〔/]|$|[0-9]|电话|手机|联系|微信|身份证|男|女|现年|今年|系|是|在|于|来自|家住|住|和|与|"
    r"及|跟|等|的|被|到|从|自|曾|因|为|以及|我|他|她|也|都|反映|投诉|向|等人|同志|师傅|两|二|三|四|五|六|七|八|九|十|一共|共|受伤|打工|干|做|有|没|说|这|欠|要|讨|就|又|还|已|今|去|来|年)"
)

# These words introduce nothing but a person: a name needs no more than to look like one.
_SURE = re.compile(
    r"(?:我(?:的)?(?:名字)?叫(?:做)?|名叫|名字(?:叫|是)|姓名\s?[:是为]?|联系人\s?[:是为]?|联络人\s?[:是为]?|"
    r"(?:反映|投诉|举报|申请|来信|求助|诉求|留言|发帖|报案|代表|经办|署)(?:人|名)\s?[:是为](?:本人)?|签名\s?[:是]?|收款人\s?[:是为]?|户名\s?[:是为]?|"
    r"(?:本人|工人|工友|农民工|当事人|劳动者|申请人|反映人|投诉人|证明人)(?:姓名)?\s?[:(])\s?[\"“(]?"
    rf"(?P<name>{_MINORITY}|{_FAMILY}{_HAN_GIVEN})"
)
# These may go on with anything; the name must also be followed by an end.
_LIKELY = re.compile(
    r"(?:本人(?:是|系|名)?|我是|我系|我们是|(?:工友|老乡|同乡|农民工|民工|工人|同事|我(?:老公|丈夫|爱人|父亲|爸爸?|妈妈?|母亲|哥哥?|弟弟|儿子|叔叔?|舅舅?|老婆|妻子|对象))(?:叫|是)?)"
    rf"(?P<name>{_MINORITY}|{_FAMILY}{_HAN_GIVEN}){_END}"
)
_MORE = re.compile(rf"(?:[、和与及跟]|以及)(?P<name>{_FAMILY}{_HAN_GIVEN}){_END}")

# A letter ends with its writer's name on a line of its own, often with the phone beside it.
_SIGNED = re.compile(
    rf"(?:^|\n)[ \t]*(?P<name>{_MINORITY}|{_FAMILY}{_HAN_GIVEN})[ \t]*"
    r"(?=(?:联系)?电话|手机|〔电话〕|\n?[ \t]*(?:20[0-9]{2}|二〇)[^\n]{0,12}\s*$|\s*$)"
)
# An answer begins with the name of whoever wrote the letter.
_SALUTED = re.compile(
    rf"(?:^|\n|尊敬的|[,。;\s])(?P<name>{_MINORITY}|{_FAMILY}{_HAN_GIVEN})"
    r"(?:(?:网友|同志|先生|女士|市民|师傅)(?=[:,\s]|您好|你好)|(?=[:,]\s?(?:您好|你好)))"
)

# Words that look like a name because they begin with a family name.
_NOT_A_NAME = re.compile(
    r"(?:谢谢|感谢|高兴|时间|金[额钱]|石膏|郑重|万分|安[全装置排徽]|毛[坯]|支持|顾[客及]|常[常年]|同[上样志]|安徽|江苏|江西|河|湖[南北]|云南|贵州|甘肃|宁[夏波]|吉林|温州|常州|金华|华[东南北]|高[空级中校]|包[工括]|水[电泥]|"
    r"任[何职]|方[向面]|时[间候]|应[该当]|成[都为]|连[续同]|关[于系心]|明[明天年]|单[位独]|全[体部家国]|强[烈制]|平[时台]|解[决释]|"
    r"路[过边]|边[上远]|文[化员]|金[额融]|石[材料家]|白[天干]|古[建]|国[家内]|封[顶]|支[付持模]|查[询]|劳[动务]|商[铺品]|成[员]|"
    r"管[理道]|房[东子屋]|原[来告]|司[机法]|官[网方]|师[傅]|和[平解]|马[上路]|张[贴]|钱[款]|程[序]|施[工]|项[目]|冷[库]|楼[盘]|"
    r"万[元]|严[重格]|季[度]|米|车[间队]|農|农[民村业]|工|盖[楼]|宗|满|区|边|班[组长]|康[复]|武[装警]|申[请诉]|向|曾[经]|于[是]|"
    r"游[客]|花[园]|权[利]|老|位|海[南]|连|党[员委]|简[单]|池|沙[石子]|商|席|荣|桂林|景|焦[急虑]|陆[续]|苏州|杭州|郑州|徐州|"
    r"杨[浦]|黄[石山]|周[末边一二三四五六日]|高[工]|麻[烦]|费|练|盘|闻|权)"
)
_NAME_ENDS_NOT = frozenset("人工市县省镇乡村区队厂店司员组头局所部会站院校处办路街桥楼板")
_FIRM_AFTER = re.compile(
    r"(?:公司|劳务|装饰|装修|建筑|建设|工程|建材|施工|队|班组|厂|店|工作室|包工|项目)"
)
_TITLE_AFTER = re.compile(
    r"(?:[县市区乡处院校厅部州省股司署]长|总|工(?!友)|经理|主任|局长|老板|队长?|师傅|科长|站长|书记|镇长|村长|所长|律师|会计|组长|班长|主管|先生|女士|姐|哥|叔|姨|某)"
)
_NAME_SHAPE = re.compile(rf"{_MINORITY}|{_FAMILY}[\u4e00-\u9fa5]{{1,2}}")
_SHORTEST_REPEATED = 2
_NAMES_REPLACED_ELSEWHERE = 50


def find_introduced_names(readings: Sequence[Reading]) -> tuple[str, ...]:
    """Return the names that any of these texts introduces, the longest first."""
    names = {
        reading.plain[span.start : span.end]
        for reading in readings
        for span in _introduced(reading.plain)
    }
    kept = [name for name in names if len(name) > _SHORTEST_REPEATED]
    return tuple(sorted(kept, key=lambda name: (-len(name), name))[:_NAMES_REPLACED_ELSEWHERE])


def looks_like_name(word: str) -> bool:
    """Tell whether a word has the shape of a person's name, as in a field 来信人."""
    return _NAME_SHAPE.fullmatch(word) is not None and word[-1] not in _NAME_ENDS_NOT


def find_names(reading: Reading, named: Sequence[str]) -> Iterator[Span]:
    """Find names that the text introduces, and those already known from elsewhere in it."""
    plain = reading.plain
    yield from _introduced(plain)
    for name in named:
        at = plain.find(name)
        while at >= 0:
            end = at + len(name)
            if not _FIRM_AFTER.match(plain, end):
                yield Span(at, end, Kind.NAME)
            at = plain.find(name, end)


def _introduced(plain: str) -> Iterator[Span]:
    for pattern in (_SURE, _LIKELY, _SIGNED, _SALUTED):
        for match in pattern.finditer(plain):
            span = _accept(plain, match)
            while span is not None:
                yield span
                following = _MORE.match(plain, span.end)
                span = _accept(plain, following) if following else None


def _accept(plain: str, match: re.Match[str]) -> Span | None:
    name = match["name"]
    if _NOT_A_NAME.match(name) or name[-1] in _NAME_ENDS_NOT:
        return None
    if _FIRM_AFTER.match(plain, match.end("name")):
        return None
    if _TITLE_AFTER.match(plain, match.start("name") + 1):
        return None
    return Span(match.start("name"), match.end("name"), Kind.NAME)
