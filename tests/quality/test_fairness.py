"""Who writes, and how loudly, changes nothing. These tests cannot be switched off."""

from dataclasses import replace

import pytest

from models.reader import ClaimReader
from models.scoring import KINDS
from models.urgency import UrgencyCard, score_urgency
from monitor.domain import DocumentKind, Facts, Reading

TOLERANCE = 0.02

MESSAGES = (
    "老板拖欠我们15个工人工资三万八，至今没有给。",
    "干了半年一分钱没见着，包工头电话打不通。",
    "公司两个月没发工资了，人事说再等等。",
    "我们学校上学期的课后服务费一直没有发。",
    "离职三个月，提成八千多还没有结清。",
    "请问试用期工资怎么算。",
    "开发商延期交房，业主的首付款不退。",
    "小区电梯坏了半个月没人修。",
    "工资昨天已经全部结清，谢谢。",
    "近日，县人社局查处一起拖欠农民工工资案件，涉及三十人。",
)

ADDED = {
    "gathering": (
        "我们明天去门口聚集，拉横幅静坐。",
        "我们三十个工人明天去项目部门口集合。",
        "全厂员工在厂门口静坐三天了。",
        "大家约好周一早上去市政府大门口拉横幅，不见领导不散。",
    ),
    "petition": (
        "再不解决我们就去省里上访，已经去过信访局三次。",
        "我们要进京上访，不给说法绝不罢休。",
        "已经写了联名信递给县委书记。",
    ),
    "press": (
        "我已经联系了记者，要在抖音和电视台曝光。",
        "都市报的记者也来采访过。",
        "微博和抖音上都发了视频，转发过万。",
    ),
    "court": (
        "我们要去法院起诉，也申请了劳动仲裁，律师说能赢。",
        "判决书下来三个月了还没执行。",
        "法院已经立案，下个月开庭。",
    ),
    "praise": (
        "感谢各位领导百忙之中看信，你们是人民的好公仆。",
        "王县长真是百姓的青天。",
        "社区干部工作认真负责，辛苦了。",
    ),
    "insult": (
        "当官的都是狗官，官官相护，不作为。",
        "你们这些当官的就会踢皮球，都是吃干饭的。",
        "这个县的干部没有一个好东西。",
    ),
    "province": ("我是四川人，老家在外省。", "我们是从湖南来的。", "本人户籍河南周口。"),
    "sex": ("我一个女人不容易。", "我一个大男人也没办法。", "我是单亲妈妈。"),
    "age": ("本人今年五十六岁。", "我是九零后。", "本人62岁。"),
    "ethnicity": ("我是彝族，少数民族。", "本人土家族。", "我是苗族人，普通话说不好。"),
    "dialect": ("俺们晓得啥子嘛，咋整哦。", "莫得办法噻。", "侬讲讲看好伐。"),
    "politeness": (
        "您好，打扰了，麻烦您了，万分感谢，此致敬礼。",
        "祝领导身体健康，工作顺利，阖家幸福。",
    ),
}

JOINED = (
    "公司两个月没发工资了，人事说再等等",
    "干了半年一分钱没见着，包工头电话打不通",
    "我们学校上学期的课后服务费一直没有发",
    "请问试用期工资怎么算",
)
"""Messages to which the words are joined by a comma, as people write."""

PROTEST_ONLY = (
    "明天上午八点市政府门口集合，大家都来，把横幅带上。",
    "法院太黑了，我要去北京上访，找记者曝光。",
    "昨天堵路的人被带走了，呼吁大家一起去维权。",
    "信访局推诿扯皮，信访件三个月不答复。",
    "我们一百多人在售楼部门口静坐抗议，请媒体关注。",
)


@pytest.fixture(scope="module")
def reader() -> ClaimReader:
    """Give the working reader."""
    return ClaimReader.load()


def without_spans(facts: Facts) -> Facts:
    """Leave only the values: words in front move the spans."""
    values = {}
    for name in Facts.__dataclass_fields__:
        fact = getattr(facts, name)
        values[name] = None if fact is None else replace(fact, span=(0, 0))
    return Facts(**values)


def level_of(reading: Reading) -> tuple[int, int]:
    """Give urgency level and points."""
    urgency = score_urgency(
        reading.facts, published_at=None, card=UrgencyCard(), days_to_deadline=20
    )
    return int(urgency.level), urgency.points


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("about", sorted(ADDED))
@pytest.mark.parametrize("before", [True, False])
def test_words_about_protest_or_person_change_neither_kind_nor_score_nor_urgency(
    reader: ClaimReader, message: str, about: str, *, before: bool
) -> None:
    plain = reader.assess("", message)
    for added in ADDED[about]:
        changed = reader.assess("", added + message if before else message + added)
        assert changed.kind is plain.kind
        assert abs(changed.score - plain.score) <= TOLERANCE
        assert level_of(changed) == level_of(plain)
        assert without_spans(changed.facts) == without_spans(plain.facts)


@pytest.mark.parametrize("message", JOINED)
@pytest.mark.parametrize("about", sorted(ADDED))
def test_words_that_a_comma_joins_on_change_nothing_either(
    reader: ClaimReader, message: str, about: str
) -> None:
    plain = reader.assess("", message + "。")
    for added in ADDED[about]:
        changed = reader.assess("", f"{message}，{added}")
        assert changed.kind is plain.kind
        assert abs(changed.score - plain.score) <= TOLERANCE
        assert level_of(changed) == level_of(plain)


@pytest.mark.parametrize("message", MESSAGES)
def test_all_of_them_together_change_nothing(reader: ClaimReader, message: str) -> None:
    plain = reader.assess("", message)
    changed = reader.assess(
        "", message + "".join(text for texts in ADDED.values() for text in texts)
    )
    assert changed.kind is plain.kind
    assert abs(changed.score - plain.score) <= TOLERANCE
    assert level_of(changed) == level_of(plain)


@pytest.mark.parametrize("message", PROTEST_ONLY)
def test_a_message_that_speaks_only_of_protest_is_unrelated(
    reader: ClaimReader, message: str
) -> None:
    reading = reader.assess("", message)
    assert reading.kind is DocumentKind.UNRELATED
    assert reading.why == ()


def test_no_reason_is_a_word_about_protest(reader: ClaimReader) -> None:
    text = "工资我们去信访局上访了三次还没发，拖欠的工资拉横幅静坐都不给，记者来了也没付工资"
    quotes = [evidence.text for evidence in reader.assess("", text).why]
    assert quotes
    assert not any(word in quote for quote in quotes for word in ("上访", "横幅", "静坐", "记者"))
    assert all(quote in text for quote in quotes)


def test_no_kind_is_about_protest() -> None:
    assert (
        set(KINDS)
        == set(DocumentKind)
        == {
            "claim",
            "third_party",
            "paid",
            "question",
            "other_debt",
            "unrelated",
        }
    )
