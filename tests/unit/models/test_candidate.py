"""Comparing a candidate, offering uncertain messages first, and naming drift."""

import pytest

from models.candidate import compare_readers, review_order
from models.drift import measure_drift, stability_index
from models.evaluation import LabelledText
from models.reader import ClaimReader, ReadingInput

RECENT = [ReadingInput("", "我的工资三个月没发"), ReadingInput("", "路灯坏了没人修")]


def test_a_reader_compared_with_itself_changes_nothing() -> None:
    reader = ClaimReader.load()
    labels = [LabelledText("", "公司拖欠工资半年", claim=True)]
    comparison = compare_readers(reader, reader, recent=RECENT, held_back=labels)
    assert comparison.added == comparison.dropped == ()
    assert comparison.shortfalls == ()
    assert comparison.working_figures == comparison.candidate_figures


def test_a_stricter_candidate_drops_cases_and_fails_the_gate() -> None:
    working, strict = ClaimReader.load(), ClaimReader.load()
    strict.working_threshold = 1.01
    comparison = compare_readers(working, strict, recent=RECENT, held_back=[])
    assert comparison.dropped == (0,)
    assert comparison.added == ()
    assert any(line.startswith("recall") for line in comparison.shortfalls)
    assert comparison.candidate_figures is None


def test_the_most_uncertain_message_is_offered_first() -> None:
    assert review_order([0.99, 0.31, 0.5, 0.02, 0.28], 0.3) == [1, 4, 2]


def test_equal_scores_have_not_shifted_and_moved_ones_have() -> None:
    low, high = [0.05] * 80, [0.95] * 80
    assert stability_index(low, low) == pytest.approx(0.0)
    assert stability_index(low, high) > 0.25
    assert stability_index(low[:10], high) == 0.0


def test_a_new_word_is_named() -> None:
    before, now = ["今天天气很好"] * 60, ["数字人民币硬钱包没有显示"] * 60
    drift = measure_drift([0.1] * 60, [0.1] * 60, before, now)
    assert not drift.has_shifted
    assert "钱包" in {word for word, _, _ in drift.words} or drift.words
