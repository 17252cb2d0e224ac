"""The mask on the marked set: what is promised there may not be fallen short of."""

import pytest

from spiders.masking import mask
from tests.protection.marked_blind import BATCHES
from tests.protection.marked_forms import APART, SEEN
from tests.protection.marked_set import COUNTS, make_messages
from tests.protection.measure_masking import Tally, find_survivors, judge, list_messages, measure

FLOORS = {"numbers": 0.995, "names": 0.97, "doors": 0.97, "untouched": 0.99}
# What each batch came to after it had been looked at; it may not be fallen short of either.
FLOORS_AFTER = {
    "blind-1": FLOORS | {"names": 0.95, "doors": 0.94},
    "blind-2": FLOORS | {"names": 0.80, "doors": 0.94},
    "blind-3": FLOORS | {"names": 0.95},
}


@pytest.mark.parametrize("part", [SEEN, APART])
def test_the_mask_keeps_its_promises_on_the_marked_set(part: str) -> None:
    figures = measure(part, lambda text: mask(text).text).figures()
    assert {name: figures[name] >= floor for name, floor in FLOORS.items()} == dict.fromkeys(
        FLOORS, True
    ), figures


@pytest.mark.parametrize("batch", BATCHES)
def test_what_the_blind_batches_taught_stays(batch: str) -> None:
    figures = measure(batch, lambda text: mask(text).text).figures()
    floors = FLOORS_AFTER[batch]
    assert {name for name, floor in floors.items() if figures[name] < floor} == set(), figures


def test_the_blind_batches_are_large_and_hold_every_kind() -> None:
    batches = [list_messages(each) for each in BATCHES]
    assert [len(each) >= 100 for each in batches] == [True] * 3
    assert len(batches[0]) >= 200
    assert len(batches[1]) >= 200
    kinds = {value[2] for batch in batches for each in batch for value in each.personal}
    assert kinds == {
        "phone", "identity", "card", "plate", "wechat", "qq", "email", "name", "door",
    }  # fmt: skip


def test_the_set_is_large_and_always_the_same() -> None:
    assert sum(COUNTS.values()) >= 1000
    once, again = ([each.text for each in make_messages(APART)] for _ in range(2))
    assert once == again
    assert len(set(once)) > 0.95 * len(once)


def test_the_measure_counts_what_is_left_and_what_was_taken() -> None:
    message = next(iter(make_messages(SEEN)))
    idle, greedy = Tally(), Tally()
    judge(message, message.text, idle)
    assert idle.figures()["names"] == 0.0
    assert idle.figures()["untouched"] == 1.0
    judge(message, "〔姓名〕", greedy)
    assert greedy.figures()["names"] == 1.0
    assert greedy.figures()["untouched"] == 0.0


def test_half_a_value_left_is_not_masked() -> None:
    survives = find_survivors("电话13800138000。", "电话〔电话〕8000。")
    assert survives[2:9] == [False] * 7
    assert all(survives[9:13])
