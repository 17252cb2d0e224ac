"""The tokeniser: jieba's words through the fast implementation, with our dictionary."""

from collections.abc import Sequence
from itertools import accumulate

import jieba
import pytest
import rjieba
from hypothesis import given
from hypothesis import strategies as st

from models.corpus.generate import generate_messages
from models.segment import segment, trade_words


@pytest.fixture(scope="module")
def reference() -> jieba.Tokenizer:
    """Give jieba itself with the same words, at the frequencies that rjieba suggests."""
    tokenizer, ours = jieba.Tokenizer(), rjieba.Jieba()
    for word in trade_words():
        tokenizer.add_word(word, ours.add_word(word, None, None))
    return tokenizer


def placed(words: Sequence[str]) -> set[tuple[int, str]]:
    """Give each word with the place where it ends."""
    return set(zip(accumulate(map(len, words)), words, strict=True))


@pytest.mark.slow
def test_the_words_are_those_of_jieba(reference: jieba.Tokenizer) -> None:
    same = total = 0
    for message in generate_messages(400, seed=7):
        theirs = placed(list(reference.cut(message.text, HMM=False)))
        same += len(theirs & placed(segment(message.text)))
        total += len(theirs)
    assert same / total > 0.998


@pytest.mark.parametrize(
    "word", ["包工头", "劳务费", "血汗钱", "清包", "点工", "实名制", "工资专户", "欠薪"]
)
def test_the_words_of_the_trade_stay_in_one_piece(word: str) -> None:
    assert word in segment(f"关于{word}的事")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_joining_the_words_gives_back_the_text(text: str) -> None:
    assert "".join(segment(text)) == text
