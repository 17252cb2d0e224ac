"""Short posts that only measure: floors that may only rise, and nothing of them in the corpus."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from models.corpus.generate import generate_messages
from models.evaluation import LabelledText, evaluate
from models.gate import GateMessage, load_gate_messages
from models.reader import ClaimReader, ReadingInput
from monitor.domain import CASE_KINDS, DocumentKind

HERE = Path(__file__).parent
HELD_BACK = load_gate_messages(HERE / "posts_held_back.txt")
LOOKED_AT = load_gate_messages(HERE / "posts_looked_at.txt")
MOST_TAKEN = 8
"""Longer runs of signs that a held-back post and the corpus share would be a copy."""


@pytest.fixture(scope="module")
def reader() -> ClaimReader:
    """Give the working reader."""
    return ClaimReader.load()


def as_lines(messages: Sequence[GateMessage]) -> list[LabelledText]:
    """Give messages as labelled texts."""
    return [LabelledText(m.title, m.text, m.kind is DocumentKind.CLAIM) for m in messages]


def test_there_are_enough_of_both_sorts() -> None:
    claims = sum(message.kind is DocumentKind.CLAIM for message in HELD_BACK)
    assert len(HELD_BACK) >= 200
    assert 0.4 <= claims / len(HELD_BACK) <= 0.6
    assert {message.kind for message in HELD_BACK} == set(DocumentKind)


def test_held_back_posts_are_read_as_well_as_promised(reader: ClaimReader) -> None:
    figures = evaluate(reader, as_lines(HELD_BACK))
    assert figures.precision >= 0.85
    assert figures.recall >= 0.70
    assert figures.pr_auc >= 0.88
    assert figures.brier <= 0.15


def test_of_posts_scored_nine_tenths_nine_in_ten_are_claims(reader: ClaimReader) -> None:
    _, share, count = evaluate(reader, as_lines([*HELD_BACK, *LOOKED_AT])).reliability[-1]
    assert count >= 40
    assert share >= 0.9


def test_most_of_what_opens_a_case_is_owed(reader: ClaimReader) -> None:
    read = reader.score_many([ReadingInput(m.title, m.text) for m in HELD_BACK])
    opened = [m.kind for m, score in zip(HELD_BACK, read, strict=True) if score.kind in CASE_KINDS]
    assert sum(kind in CASE_KINDS for kind in opened) / len(opened) >= 0.85


@pytest.mark.parametrize(
    "text",
    [
        "我的工资三个月没发",
        "公司没发工资",
        "干了大半年一个子没见着",
        "包工头电话打不通人也找不着 我们十几个兄弟咋过年",
        "料钱都给了，就我们的活钱不给",
    ],
)
def test_a_post_needs_no_word_of_pay(reader: ClaimReader, text: str) -> None:
    assert reader.assess("", text).kind is DocumentKind.CLAIM


@pytest.mark.slow
def test_no_held_back_post_is_in_the_corpus() -> None:
    runs: dict[str, str] = {}
    for message in HELD_BACK:
        text = message.text
        for at in range(len(text) - MOST_TAKEN):
            runs[text[at : at + MOST_TAKEN + 1]] = text
    taken = {
        run
        for message in generate_messages(6_000)
        for text in (message.title, message.text)
        for at in range(len(text) - MOST_TAKEN)
        if (run := text[at : at + MOST_TAKEN + 1]) in runs
    }
    assert taken == set()
