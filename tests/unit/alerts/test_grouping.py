"""Several alerts in one message: the first never waits, all are named, no limit is passed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.grouping import Gathering, brief_line, count_together, gather
from alerts.rendering import (
    count_bytes,
    render_html,
    render_markdown,
    render_paragraphs,
    render_text,
)
from alerts.wording import CARE_LINES
from monitor.domain import AlertCard, Lane, ShortWords

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
RULE = Gathering(wait=timedelta(seconds=90), urgent_singles=5)


def make_card(
    number: int = 1, *, level: str = "紧急", urgent: bool = True, danger: bool = False
) -> AlertCard:
    return AlertCard(
        title=f"【清薪】{level}·新发现欠薪：第{number}建筑公司",
        lines=(f"用人单位：第{number}建筑公司",),
        link=f"https://desk.example/a/code{number:04}xxxxxxxxxxxxxxxx",
        urgent=urgent,
        made_at=NOON,
        short=ShortWords(
            level, f"清河县第{number}建筑劳务公司", "宝丰镇 23人 45万元", f"QX2026-{number:06}"
        ),
        danger_to_life=danger,
    )


def together(
    cards: list[AlertCard], lane: Lane = Lane.URGENT, free: int | None = None, limit: int = 4096
) -> int:
    return count_together(
        cards,
        lane=lane,
        free=free,
        rule=RULE,
        fits=lambda card: count_bytes(render_markdown(card, limit_bytes=None)) <= limit,
        now=NOON,
    )


def test_one_urgent_case_has_one_card() -> None:
    assert together([make_card()]) == 1
    assert together([make_card(n) for n in range(5)]) == 1


def test_more_urgent_cards_than_one_reads_become_one_message() -> None:
    assert together([make_card(n) for n in range(6)]) == 6


def test_more_urgent_cards_than_the_vendor_takes_become_one_message() -> None:
    cards = [make_card(n) for n in range(3)]
    assert together(cards, free=3) == 1
    assert together(cards, free=2) == 3
    assert together(cards, free=0) == 3


def test_what_was_gathered_in_the_normal_lane_goes_out_together() -> None:
    assert together([make_card(n, urgent=False) for n in range(3)], Lane.NORMAL) == 3


def test_a_message_is_filled_to_the_vendors_bytes_and_no_further() -> None:
    cards = [make_card(n) for n in range(200)]
    count = together(cards)
    assert 14 <= count < 60
    assert count_bytes(render_markdown(gather(cards[:count], now=NOON), limit_bytes=None)) <= 4096
    assert (
        count_bytes(render_markdown(gather(cards[: count + 1], now=NOON), limit_bytes=None)) > 4096
    )


def test_one_card_that_is_too_long_for_the_vendor_still_goes() -> None:
    assert together([make_card(n) for n in range(9)], limit=10) == 1


def test_every_case_is_named_with_its_own_link_and_the_most_urgent_first() -> None:
    cards = [make_card(1, level="一般", urgent=False), make_card(2), make_card(3, danger=True)]
    card = gather(cards, now=NOON)
    assert [each.link for each in card.entries] == [cards[n].link for n in (2, 1, 0)]
    assert "人命关天" in card.entries[0].text
    assert card.lines[: len(CARE_LINES)] == CARE_LINES
    assert card.urgent
    assert card.danger_to_life
    for text in (
        render_text(card),
        render_markdown(card),
        render_paragraphs(card),
        render_html(card),
    ):
        for number in (1, 2, 3):
            assert f"QX2026-{number:06}" in text
            assert cards[number - 1].link in text
    assert "3 条线索待确认" in card.title
    assert card.short == ShortWords("紧急", "清河县第3建筑劳务公司等", "共3条", "QX2026-000003等")


def test_one_alone_is_not_changed() -> None:
    card = make_card()
    assert gather([card], now=NOON) is card


def test_a_card_about_no_case_is_named_by_its_title() -> None:
    assert brief_line(AlertCard("【清薪】测试", (), "", urgent=False)) == "测试"


@given(st.lists(st.booleans(), min_size=1, max_size=250), st.sampled_from([2048, 4096, 20_000]))
def test_a_storm_of_any_size_is_told_whole_and_within_the_bytes(
    urgent: list[bool], limit: int
) -> None:
    waiting = [make_card(number, urgent=each) for number, each in enumerate(urgent)]
    named: list[str] = []
    while waiting:
        count = together(waiting, Lane.NORMAL, limit=limit)
        card = gather(waiting[:count], now=NOON)
        text = render_markdown(card, limit_bytes=limit)
        assert count_bytes(text) <= limit
        named += [each.link for each in waiting[:count] if each.link in text]
        waiting = waiting[count:]
    assert len(named) == len(urgent)


@pytest.mark.parametrize("limit", range(100, 400, 7))
def test_no_cut_is_inside_a_character(limit: int) -> None:
    text = render_paragraphs(make_card(), limit_bytes=limit)
    assert count_bytes(text) <= limit
    assert "\ufffd" not in text
