"""What of a short post is read."""

import numpy as np
import pytest

from models.features import LETTER, shape_of
from models.posts import PostModel, post_features
from models.reader import ClaimReader
from models.scoring import KINDS, is_read, postness, text_features
from models.segment import segment
from monitor.domain import CASE_KINDS, DocumentKind


def features(text: str) -> set[str]:
    """Name what is read of a post."""
    return set(post_features(segment(text)))


def test_words_concepts_and_pairs_of_signs_are_read() -> None:
    read = features("包工头跑了，一分没给")
    assert {"w包工头", "E", "ET", "c工头"} <= read


def test_a_sentence_that_names_nothing_of_pay_changes_nothing() -> None:
    assert features("包工头跑了，一分没给。今天天气很好") == features("包工头跑了，一分没给")


def test_clauses_about_protest_or_a_person_are_not_read() -> None:
    plain = features("老板电话打不通，三个月没给")
    assert features("老板电话打不通，三个月没给，我们要去上访") == plain
    assert features("老板电话打不通，三个月没给。年纪大了，干不动几年了") == plain
    assert features("我们要去上访，再没人管就去省里") == set()


def test_who_somebody_is_does_not_hide_that_he_worked() -> None:
    assert "T" in features("包工头电话打不通我们十几个兄弟等着")


def test_a_letter_is_not_read_as_a_post() -> None:
    letter = shape_of("", "村口的路坑坑洼洼，下雨全是泥，工资也没发。" * 10)
    assert letter.length == LETTER
    assert letter.post == ()


def test_a_post_of_which_nothing_is_read_is_no_claim() -> None:
    reader = ClaimReader.load()
    model = PostModel({}, np.zeros((0, len(KINDS))), np.zeros(len(KINDS)))
    shape = shape_of("", "猫跑丢一只")
    table = text_features(reader._sentences, model, [shape])
    assert postness(table)[0] == 1.0
    assert is_read(table)[0] == bool(shape.post)
    assert reader.assess("", "今天天气真好").score < 0.001
    assert reader.assess("", "今天天气真好").kind is DocumentKind.UNRELATED


@pytest.mark.parametrize(
    "added",
    [
        "明天早上我们都到大门口集合，人越多越好。",
        "上周几十个人在厂门口坐了一天。",
        "信访局去过两次，没人管，没有下文。",
        "我是个女的，说话他们不听。",
        "我不是本县户口。",
    ],
)
def test_how_long_a_text_is_no_word_of_protest_or_person_says(added: str) -> None:
    for text in ("饭店关门了，老板还欠我两个月工资。", "小区电梯坏了半个月没人修。"):
        plain = shape_of("", text).length
        assert 0 < plain < LETTER
        assert shape_of("", text + added).length == plain
        assert shape_of("", added + text).length == plain


def test_words_of_pay_and_of_other_subjects_make_a_text_longer() -> None:
    short = shape_of("", "老板还欠我两个月工资。").length
    assert shape_of("", "老板还欠我两个月工资，一共八千块钱。").length > short
    assert shape_of("", "老板还欠我两个月工资。另外路灯坏了，噪音扰民。").length > short


@pytest.mark.parametrize(
    "text",
    ["工地欠我一万二", "饭店欠我三千", "厂里欠我们八千块", "物流园那个车队老板还欠我6500"],
)
def test_a_bare_sum_owed_beside_a_workplace_is_a_claim(text: str) -> None:
    assert ClaimReader.load().assess("", text).kind is DocumentKind.CLAIM


@pytest.mark.parametrize(
    "text",
    [
        "朋友欠我一万二",
        "借给同事两万 欠我一年了",
        "工地老板找我借了五千欠着我",
        "客户欠我货款两万",
        "饭店欠我菜钱三千",
        "甲方欠我们公司工程款三十万",
        "总包欠我们公司进度款两百万",
    ],
)
def test_a_loan_goods_or_project_money_between_firms_is_none(text: str) -> None:
    assert ClaimReader.load().assess("", text).kind not in CASE_KINDS
