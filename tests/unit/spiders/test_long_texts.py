"""A text that no message is as long as: cut, masked in bounded time, and told."""

import time
from datetime import UTC, datetime

import pytest

from monitor.domain import Document, DocumentRole, ListedItem, TimePrecision
from spiders.catalogue import load_sources
from spiders.masking import mask
from spiders.reading import LONGEST_TEXT, keep_beginning, make_document
from tests.conftest import ROOT

SOURCE = load_sources(ROOT / "spiders" / "sources")[0][0]
NOW = datetime(2026, 11, 25, tzinfo=UTC)
SLOWEST_PER_CHARACTER = 0.0005
"""Seconds; about five times what the worst piece takes on a busy machine."""


def make(text: str) -> Document:
    return make_document(
        SOURCE,
        ListedItem("t1", "https://forum.example/t1", "求助"),
        key="t1/p1",
        address="https://forum.example/t1",
        role=DocumentRole.POST,
        title="求助",
        text=text,
        published=(NOW, TimePrecision.MINUTE),
        fetched_at=NOW,
    )


def test_a_long_text_is_cut_at_a_sentence_and_says_so() -> None:
    sentence = "我在清河工地干活没发工资。"
    text = sentence * 3000
    document = make(text)
    assert document.text.startswith(sentence)
    kept, told = document.text.rsplit("\n", 1)
    assert kept.endswith("。")
    assert LONGEST_TEXT - 500 <= len(kept) <= LONGEST_TEXT
    assert told == f"〔原文共 {len(text)} 字，这里只存前 {len(kept)} 字，其余请打开原网页看〕"


def test_a_text_of_usual_length_is_whole() -> None:
    text = "没发工资，" * (LONGEST_TEXT // 5)
    assert make(text).text == text
    assert keep_beginning(text) == (text, "")


@pytest.mark.parametrize("number", ["13800138000", "一三八零零幺三八零零零", "138 0013 8000"])
def test_no_half_of_a_number_is_left_where_it_was_cut(number: str) -> None:
    for cut in range(1, len(number)):
        kept, _told = keep_beginning("没" * (LONGEST_TEXT - cut) + number + "发" * 100)
        assert kept == "没" * (LONGEST_TEXT - cut)


WORST = ("张三,", "小李和", "6\n6 ", "1*")
OTHERS = (
    "1", "1 ", "3\n", "老王", "1.王五 ", "6222 ", "+1 ", "1-1-1", "阿", "v ", "家住", "家住1号",
    "住村1号", "a@qq.com ", "欠王建国工资", "前三位138", "〔", "〔电话〕", "王、", "族", "叫", "的",
    "姓", "1号楼1单元", "豫A", "qq1", "工友王建国、",
)  # fmt: skip


@pytest.mark.parametrize(
    "piece", [*WORST, *(pytest.param(each, marks=pytest.mark.slow) for each in OTHERS)]
)
def test_five_million_hostile_characters_cost_what_the_longest_message_costs(piece: str) -> None:
    text = piece * (5_000_000 // len(piece))
    started = time.process_time()
    make(text)
    assert time.process_time() - started < SLOWEST_PER_CHARACTER * LONGEST_TEXT


def test_twice_the_text_takes_about_twice_the_time() -> None:
    def take(length: int) -> float:
        text = ("小李和张三,6\n6 " * length)[:length]
        started = time.process_time()
        mask(text)
        return time.process_time() - started

    take(1000)
    assert take(16_000) < 8 * take(4_000) + 0.2
