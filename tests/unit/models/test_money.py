"""Sums of money, as people write them."""

import pytest

from models.money import find_sums, parse_number, rank_owed
from models.normalise import normalise


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("38000", 38000),
        ("1,200", 1200),
        ("12.8万", 128000),
        ("三万八", 38000),
        ("两千五", 2500),
        ("一百零五", 105),
        ("十二", 12),
        ("二十三", 23),
        ("一万二千", 12000),
        ("三十六万五千", 365000),
        ("1亿", 100000000),
        ("壹万伍仟", 15000),
    ],
)
def test_numbers_are_read_in_digits_and_in_chinese(words: str, value: float) -> None:
    assert parse_number(words) == value


@pytest.mark.parametrize("words", ["", "很多", "abc", "一x"])
def test_what_is_no_number_is_none(words: str) -> None:
    assert parse_number(words) is None


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("老板欠我三万八", 38000),
        ("欠我一万二一直不给", 12000),
        ("工资12.8万没结", 128000),
        ("欠工钱3万5不给", 35000),
        ("拖欠工资2.5w", 25000),
        ("还差5600块钱工资", 5600),
        ("工资８５００元未付", 8500),
    ],
)
def test_the_sum_owed_is_read(text: str, yuan: float) -> None:

    ranked = rank_owed(normalise(text))
    assert ranked[0].sum.yuan == yuan


@pytest.mark.parametrize(
    "text",
    [
        "月薪4500元，工资一直拖欠",
        "工程总价3200万元，至今拖欠工资",
        "每天300元，拖欠三个月工资",
        "罚款500元，还拖欠工资",
    ],
)
def test_a_rate_a_price_or_a_fine_is_not_the_sum_owed(text: str) -> None:
    assert rank_owed(text) == []


def test_years_people_and_distances_are_no_sums() -> None:
    assert list(find_sums("2019年3月，15个工人干了20公里，住3号楼")) == []


def test_a_sum_keeps_the_place_it_was_read_from() -> None:
    text = "一共欠我38000元工资"
    found = next(find_sums(text))
    assert text[found.start : found.end] == "38000元"
