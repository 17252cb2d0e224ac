"""Facts: from the text only, each with its characters."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.facts import read_facts
from models.party import normalise_party
from monitor.domain import Fact, Facts

JANUARY = datetime(2026, 1, 20, 8, 0, tzinfo=UTC)


def read(text: str, title: str = "", published_at: datetime | None = JANUARY) -> Facts:
    """Read facts of a message of January 2026."""
    return read_facts(title, text, published_at)


def value_of(fact: Fact[float] | Fact[int] | Fact[str] | Fact[bool] | None) -> object:
    """Give a fact's value, None without a fact."""
    return None if fact is None else fact.value


def test_a_sum_a_head_times_the_heads_is_the_sum_owed() -> None:
    facts = read("拖欠我们工资，每人4000元，共15人没拿到工资")
    assert value_of(facts.amount_yuan) == 60000
    assert value_of(facts.workers) == 15


def test_the_number_who_gathered_is_not_the_number_unpaid() -> None:
    facts = read("昨天80多人聚集在售楼部门口")
    assert facts.workers is None


def test_the_workers_unpaid_are_found_beside_those_who_gathered() -> None:
    facts = read("60人在政府门口静坐，老板拖欠12名工人工资")
    assert value_of(facts.workers) == 12


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("拖欠我们三个月工资", 3),
        ("已经半年没发工资", 6),
        ("一年半没给工钱", 18),
        ("拖欠工资5个多月", 5),
    ],
)
def test_months_owed_are_read(text: str, months: float) -> None:
    assert value_of(read(text).months) == months


@pytest.mark.parametrize(
    "text", ["我在厂里工作三年，从不迟到", "试用期三个月工资多少", "提前一个月辞职"]
)
def test_a_length_of_service_is_not_the_time_owed(text: str) -> None:
    assert read(text).months is None


def test_last_years_twelfth_month_is_relative_to_the_message() -> None:
    facts = read("从去年腊月到现在工资一分没发")
    assert value_of(facts.owed_from) == "2026-01"
    assert value_of(facts.owed_to) == "2026-01"


def test_without_a_date_relative_words_say_nothing() -> None:
    facts = read("从去年3月到现在没发工资", published_at=None)
    assert facts.owed_from is None
    assert facts.owed_to is None


def test_a_range_of_months_is_read() -> None:
    facts = read("2025年3月至2025年9月的工资未发")
    assert value_of(facts.owed_from) == "2025-03"
    assert value_of(facts.owed_to) == "2025-09"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025.3-2025.8工资未发", "2025-03", "2025-08"),
        ("6月和7月的工资都没发", "2025-06", None),
        ("2025年11月、12月工资没发", "2025-11", None),
    ],
)
def test_months_are_read_as_people_list_them(text: str, start: str, end: str | None) -> None:
    facts = read(text)
    assert value_of(facts.owed_from) == start
    assert value_of(facts.owed_to) == end


def test_a_year_is_not_a_length_of_time() -> None:
    assert read("学校欠发2025年绩效工资").months is None


def test_a_word_for_any_builder_is_not_part_of_the_name() -> None:
    facts = read("施工方宏达路桥公司欠我们工资46.5万元，我们工人一共28人")
    assert value_of(facts.employer) == "宏达路桥公司"
    assert value_of(facts.workers) == 28


def test_a_month_without_a_year_lies_before_the_message() -> None:
    assert value_of(read("11月份工资到现在没发").owed_from) == "2025-11"


def test_danger_to_life_is_seen_and_a_sales_slogan_is_not() -> None:
    assert value_of(read("再不给工资我就从楼顶跳下去").danger_to_life) is True
    assert read("楼盘跳楼价大甩卖").danger_to_life is None
    assert read("我们绝不会跳楼，只想要回工资").danger_to_life is None


def test_an_employer_who_fled_is_seen() -> None:
    assert value_of(read("包工头跑路了，工资没着落").employer_fled) is True
    assert read("怕老板跑了，先报告一下").employer_fled is None


def test_public_money_is_seen() -> None:
    assert value_of(read("这是政府投资的工程，拖欠工资").public_project) is True


@pytest.mark.parametrize(
    ("long", "short"),
    [
        ("清河县宏远建筑劳务有限公司", "宏远建筑"),
        ("宏远建设集团有限公司（第三项目部）", "宏远建设集团"),
        ("滨江花园项目部", "滨江花园项目"),
        ("金麦田 食品厂", "金麦田食品厂"),
    ],
)
def test_a_shorter_form_of_a_name_is_found_again(long: str, short: str) -> None:
    assert normalise_party(long) == normalise_party(short)


def test_different_firms_stay_different() -> None:
    assert normalise_party("宏远建筑有限公司") != normalise_party("鑫达建筑有限公司")


def test_an_empty_message_has_no_facts() -> None:
    assert read("") == Facts()


@given(title=st.text(max_size=40), text=st.text(max_size=300))
def test_every_span_lies_in_the_text(title: str, text: str) -> None:
    facts = read_facts(title, text, JANUARY)
    full = f"{title}\n{text}"
    for name in Facts.__dataclass_fields__:
        fact = getattr(facts, name)
        if fact is not None:
            assert 0 <= fact.span[0] < fact.span[1] <= len(full)
            if name in ("employer", "project"):
                assert full[fact.span[0] : fact.span[1]] == fact.value


def test_posts_as_people_type_them_are_read_without_a_wrong_number() -> None:
    post = read_facts(
        "",
        "我们二十来个人干了大半年，公司是鼎盛劳务，找哪个部门管？欠了大概三十几万工钱",
        None,
    )
    assert post.workers is not None
    assert post.workers.value == 20
    assert post.amount_yuan is not None
    assert post.amount_yuan.value == 300_000
    assert post.employer is not None
    assert post.employer.value == "鼎盛劳务"


def test_a_sum_a_head_is_multiplied_by_the_people_and_not_by_the_months() -> None:
    post = read_facts("", "干了三个月泥工，一共八个人，每人欠一万二", None)
    assert post.workers is not None
    assert post.workers.value == 8
    assert post.amount_yuan is not None
    assert post.amount_yuan.value == 96_000


def test_pay_without_a_unit_is_a_sum_but_a_year_is_none() -> None:
    paid = read_facts("", "站长卷钱走人，我11月的跑单费5800没发", None)
    assert paid.amount_yuan is not None
    assert paid.amount_yuan.value == 5800
    assert paid.employer_fled is not None
    assert read_facts("", "工资2024没发", None).amount_yuan is None
    assert read_facts("", "老板欠了好几万", None).amount_yuan is None
