"""What of a short post is read."""

import numpy as np

from models.features import LETTER, shape_of
from models.posts import PostModel, post_features
from models.reader import ClaimReader
from models.scoring import KINDS, is_read, postness, text_features
from models.segment import segment
from monitor.domain import DocumentKind


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
