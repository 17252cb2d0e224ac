"""What the mask knows of Chinese names beside jieba's dictionary.

The lists are in `masking_words.toml`, where each says what it is for.
"""

import re
import tomllib
from pathlib import Path


def _load() -> dict[str, str]:
    path = Path(__file__).with_name("masking_words.toml")
    loaded: dict[str, str] = tomllib.loads(path.read_text("utf-8"))
    return loaded


def _characters(name: str) -> frozenset[str]:
    return frozenset(_TABLES[name].replace("\n", ""))


_TABLES = _load()
DOUBLE = frozenset(_TABLES["family_double"].split())
SINGLE = _characters("family_single")
COMMON = _characters("family_common")
OFTEN_NO_NAME = _characters("family_often_no_name")
ONLY_LABELLED = _characters("family_only_labelled")
PREPOSITIONS = frozenset("向于从连时常全由")
GIVEN = _characters("given")
FUNCTION = _characters("function")
OFTEN_AFTER = _characters("often_after")
PARTICLES = frozenset("在的是了和与被给把从说没也都就等系")
NAME_ENDS_NOT = _characters("ends_not")
WORDS_AFTER = frozenset(_TABLES["words_after"].split())
WORDS = frozenset(_TABLES["words"].split())
NUMERALS = "一二三四五六七八九十0123456789"
COUNTED_AFTER = frozenset("万千百十个元块名人位天年月多几口点" + NUMERALS)


FIRM_AFTER = re.compile(
    r"(?:公司|有限|集团|劳务|装饰|装修|建筑|建设|建工|工程|建材|施工队?|队|班组|厂|店|工作室|包工|项目|餐饮|超市|饭店|酒店|物业|"
    r"[市县区镇乡村路街省州]|大道|广场|小区|花园|高铁|火车站|医院|学校|中学|小学|商行|商贸|贸易|木业|机械|电子|服饰|制衣|食品|科技|实业|置业|地产|门业|家具|工地|砖厂|石材|园林|合作社|经营部|加工|[\u3400-\u9fff]{0,4}(?:[饭菜茶肉酒面粉报照]馆|[店修杂当小早面饼餐]铺|修车|快餐|早餐|火锅|烤鱼|烧烤|羊肉|牛肉|凉皮|烧饼|面馆|酱菜|豆腐|家政|理发|美发|[酒茶网洗染磨油]坊|专卖|批发|[洗染典]行))"
)
FIRM_AHEAD = re.compile(
    r"(?:(?![在的是了和与被给把从说没也都就等系欠一去来到做干打反投])[\u3400-\u9fff]){0,9}?(?:公司|集团|厂|店|工作室|劳务队|施工队|包工队|学校|医院|中心)"
)
TITLE = re.compile(
    r"(?:[县市区乡处院校厅部州省股司署局科站镇村所队组班店厂社课行庭]长|总(?![结共计数体])|工(?![友人资作地钱])|经理|主任|老板|"
    r"队长?|师傅|书记|律师|会计|主管|先生|女士|小姐|姐|哥|叔|姨|某|老师|主席|法官|警官|秘书|委员|监理|工头|包工头|班主任|同志)"
)
ENDS_OFFICE = frozenset("头板娘班的告理监长人表商员计务事主管家包东记任官师叫名是为:")
"""Characters that OFFICE_BEFORE may end with, beside white space."""
OFFICE_BEFORE = re.compile(
    r"(?:包工头|工头|老板娘?|带班的?|项目经理|经理|总监|厂长|店长|法人(?:代表)?|法定代表人|承包[人商]|施工员|监理|队长|班组长|会计|财务|"
    r"人事|主管|上家|大包|二包|被告人?|被申请人|被执行人|被投诉人|被举报人|被申诉人|雇主|东家|总经理|董事长?|股东|负责人|"
    r"[局县市区镇乡科所站村院厅部]长|书记|主任|法官|律师|工程师)(?:名?叫|姓名|是|为|:|\s){0,3}$"
)
