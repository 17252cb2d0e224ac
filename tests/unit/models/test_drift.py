"""Drift is named when scores or words have moved, and not for chance, few texts, or protest."""

from random import Random

import pytest

from models.drift import Profile, compare_profiles, find_limit, stability_index, take_profile

ORDINARY = [
    "今天天气很好",
    "公园里的座椅坏了",
    "老板拖欠工资",
    "请问公积金怎么提取",
    "广场上的音乐太吵",
]


def profile(counts: list[int], **words: int) -> Profile:
    return Profile(sum(counts), tuple(counts), 0.6, 0.02, words)


def draw(rng: Random, size: int) -> list[int]:
    weights = [60, 12, 6, 4, 3, 2, 2, 3, 4, 4]
    drawn = rng.choices(range(10), weights, k=size)
    return [drawn.count(tenth) for tenth in range(10)]


def test_equal_scores_have_not_shifted_and_moved_ones_have() -> None:
    low, high = [80, *[0] * 9], [*[0] * 9, 80]
    assert stability_index(low, low) == pytest.approx(0.0)
    assert not compare_profiles(profile(low), profile(low)).has_shifted
    assert compare_profiles(profile(low), profile(high)).has_shifted


def test_few_texts_say_nothing() -> None:
    low, high = [40, *[0] * 9], [*[0] * 9, 400]
    drift = compare_profiles(profile(low, 钱包=5), profile(high, 钱包=300))
    assert not drift.is_enough
    assert not drift.has_shifted
    assert drift.rises == ()


@pytest.mark.parametrize("size", [50, 60, 100, 300])
def test_chance_alone_raises_no_alarm(size: int) -> None:
    rng = Random(size)
    alarms = sum(
        compare_profiles(profile(draw(rng, 500)), profile(draw(rng, size))).has_shifted
        for _ in range(300)
    )
    assert alarms == 0
    assert find_limit(500, size) > 0.06


def test_a_shift_is_found_with_enough_texts() -> None:
    rng = Random(1)
    before, now = draw(rng, 500), draw(rng, 200)
    moved = [0, 0, 0, *now[:7]]
    moved[-1] += sum(now[7:])
    assert compare_profiles(profile(before), profile(moved)).has_shifted


def test_a_word_that_became_frequent_is_named_and_a_rare_one_is_not() -> None:
    before = take_profile([0.1] * 500, ORDINARY * 100)
    texts = [*ORDINARY * 30, *["数字人民币硬钱包没有显示"] * 25, *["滑雪板很贵"] * 4]
    drift = compare_profiles(before, take_profile([0.1] * len(texts), texts))
    named = {rise.word: rise for rise in drift.rises}
    assert "人民币" in named or "钱包" in named
    assert all((rise.before, rise.now) == (0, 25) for rise in named.values())
    assert "滑雪板" not in named
    assert not drift.has_shifted


def test_more_unknown_words_than_before_are_told() -> None:
    before = take_profile([0.1] * 300, ["公司拖欠工资三个月没发"] * 300)
    now = take_profile([0.1] * 100, ["数字人民币硬钱包没有显示余额"] * 100)
    assert compare_profiles(before, now).has_new_words
    assert not compare_profiles(before, before).has_new_words


def test_protest_and_who_somebody_is_are_never_counted() -> None:
    loud = "我们去信访局上访，拉横幅，找记者曝光，到法院起诉，我是彝族的女工，今年六十岁。"
    before = take_profile([0.1] * 300, ORDINARY * 60)
    now = take_profile([0.1] * 300, [loud + text for text in ORDINARY * 60])
    drift = compare_profiles(before, now)
    named = {rise.word for rise in drift.rises}
    for word in ("上访", "信访局", "横幅", "记者", "曝光", "法院", "起诉", "彝族", "女工"):
        assert word not in now.words
        assert word not in named
