"""How alike two texts are."""

from hypothesis import given
from hypothesis import strategies as st

from monitor.sameness import estimate_share, sign

LETTER = (
    "我们在宏图工地做木工，从八月干到十月，说好月底结清，到现在一分钱都没有见到，"
    "找了带班的和项目部，都说上面没有拨款，家里老人等着看病，请帮我们要回工资。"
)


def share(one: str, other: str) -> float:
    first, second = sign(one), sign(other)
    assert first
    assert second
    return estimate_share(first.numbers, second.numbers)


def test_a_cross_post_with_other_marks_and_spaces_is_the_same() -> None:
    assert share(LETTER, LETTER.replace("，", ", ") + "！！！\n〔电话〕") > 0.9


def test_another_letter_is_another() -> None:
    other = "小区门口的路灯坏了两个星期，晚上孩子放学看不见路，打了电话没有人来修，请尽快处理。"
    assert share(LETTER, other) < 0.3


def test_a_short_text_says_nothing_about_sameness() -> None:
    assert sign("工资没发") is None


def test_twins_share_a_band_so_that_they_are_found() -> None:
    one, other = sign(LETTER), sign(LETTER.replace("一分钱都没有见到", "一分钱也没有见到"))
    assert one
    assert other
    assert set(one.bands) & set(other.bands)


@given(st.text(max_size=300))
def test_signing_is_the_same_every_time_and_fits_the_column(text: str) -> None:
    first, second = sign(text), sign(text)
    assert first == second
    if first:
        assert len(first.numbers) == 96 * 4
        assert all(-(2**63) <= band < 2**63 for band in first.bands)
