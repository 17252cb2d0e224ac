"""Short posts: what is learned from their words, because people on forums name no pay.

A letter is judged by an expert's patterns (`models.relations`). In a post of a line or two nothing
of what they look for may be there ("the boss is gone, fourteen of us wait"), so posts are judged by
what a logistic regression learned from our own: concepts, words, and pairs of signs. The same
rules hold as for letters: sentences that name nothing of pay or of something not given are not
read, and neither are words about protest or about a person.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from operator import add
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.asides import ASIDE, OF_NO_PAY, UNHEEDED
from models.concepts import (
    COMMA,
    GAP,
    NUMBER,
    STOP,
    TITLE_MARK,
    aside_words,
    concept_table,
    life_words,
)

_WARM_WORK: Final = "[DKE][^.]{0,40}[tq]|[tq][^.]{0,40}[DKE]|[DK][^.]{0,40}#|#[^.]{0,40}[DK]"
_WARM_LETTERS: Final = "PAaVvOWdJnkBhTwoN"
_WARM: Final = re.compile(f"[{_WARM_LETTERS}]|{_WARM_WORK}")
"""Sentences that are read: those that name pay, owing, an employer who is gone, something not
given, or work with a number or a delay."""
_OF_PAY: Final = frozenset("PAaVvOWdJBhonk")
"""A clause with a word of protest or of who somebody is must name one of these to be read."""
_OF_WORK: Final = _OF_PAY | frozenset("KEDT")
"""A clause about who somebody is is read where it names work, an employer or that he is gone."""
_WARM_BESIDE: Final = _OF_PAY | {"T"}
"""So must one of the clauses beside it, or that an employer is gone."""
_OTHERS: Final = frozenset("RSXHLJYUQ")
"""Subjects beside pay whose sentences count for a text's length, though they are not read."""
_COUNTED: Final = frozenset(_WARM_LETTERS) | _OTHERS | {UNHEEDED}
"""A sentence that names one of these counts; so does one of `_COUNTED_WORK`."""
_COUNTED_WORK: Final = re.compile(_WARM_WORK)
_COUNTED_BESIDE: Final = _WARM_BESIDE | _OTHERS
"""Beside a clause about protest or a person a sentence counts only where it names one of these."""
LIFE_WORD: Final = 6
"""Each different word of everyday life counts as so many words: about the length of its clause."""
_SAYS_NOTHING: Final = frozenset((GAP, "I", ""))
_SILENT: Final = frozenset((COMMA, NUMBER))
MOST: Final = 9.0
"""What was learned speaks at most so strongly, in log-odds."""

Floats = NDArray[np.float64]


Word = tuple[str, str]
"""A word with its concept letter."""


def _clauses(sentence: list[Word]) -> tuple[list[list[Word]], bool]:
    """Cut a sentence into the clauses that may be read; say whether one was an aside."""
    asides = aside_words()
    clauses: list[list[Word]] = []
    beside = False
    clause: list[Word] = []
    for word, letter in (*sentence, ("，", COMMA)):
        if letter != COMMA:
            clause.append((word, letter))
            continue
        letters = {one for _, one in clause}
        marks = [asides[name] for name, _ in clause if name in asides]
        aside = bool(marks)
        beside = beside or aside
        if not letters <= _SAYS_NOTHING and not (
            aside and letters.isdisjoint(_OF_WORK if all(marks) else _OF_PAY)
        ):
            clauses.append([pair for pair in clause if pair[1]])
        clause = []
    return clauses, beside


def _read_words(words: Sequence[str]) -> list[Word]:
    """List the words that are read, with a comma behind each clause."""
    table = concept_table()
    read: list[Word] = []
    sentence: list[Word] = []
    for word in (*words, "。"):
        letter = "w" if word in OF_NO_PAY else table[word]
        if letter not in {STOP, TITLE_MARK}:
            sentence.append((word, letter))
            continue
        clauses, beside = _clauses(sentence)
        letters = "".join([one for clause in clauses for _, one in (*clause, ("", COMMA))])
        warm = _WARM_BESIDE.intersection(letters) if beside else _WARM.search(letters)
        if warm:
            read += [pair for clause in clauses for pair in (*clause, ("，", COMMA))]
        sentence = []
    return read


def count_read(words: Sequence[str], marked: str, most: int) -> int:
    """Count the words of the sentences that speak of pay, work or another subject.

    How long a text is, is counted so that a sentence that says nothing of these cannot move it:
    otherwise a text would be read otherwise for a word about protest or about the writer.

    Args:
        words: The text, with asides left out.
        marked: The same as letters of `models.asides.marked_table`.
        most: More are not counted.
    """
    total = 0
    for sentence in marked.replace(TITLE_MARK, STOP).split(STOP):
        if _counts(sentence):
            total += len(sentence) - sentence.count(COMMA) - sentence.count(ASIDE)
            if total >= most:
                return most
    return min(most, total + LIFE_WORD * len(life_words().intersection(words)))


def _counts(sentence: str) -> bool:
    """Say whether a sentence of concept letters counts for the length of a text."""
    if ASIDE in sentence:
        return not _COUNTED_BESIDE.isdisjoint(sentence)
    return not _COUNTED.isdisjoint(sentence) or _COUNTED_WORK.search(sentence) is not None


def post_features(words: Sequence[str]) -> tuple[str, ...]:
    """Name what a short post holds: concepts and pairs of them, words, and pairs of signs."""
    read = _read_words(words)
    dense = "".join([letter for _, letter in read if letter != GAP])
    kept = "".join([" " if letter in _SILENT else word for word, letter in read])
    names = [*dense, *map(add, dense, dense[1:])]
    names += [f"c{pair}" for pair in map(add, kept, kept[1:]) if " " not in pair]
    names += [f"w{word}" for word, letter in read if letter not in _SILENT]
    return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class PostModel:
    """A linear model of a short post: feature name to row, and one weight a kind in each row.

    `weights` has shape (n_features, n_kinds), `bias` (n_kinds,); each kind against all others.
    """

    rows: dict[str, int]
    weights: Floats
    bias: Floats

    def logits(self, features: Sequence[str]) -> list[float]:
        """Give the log-odds of each kind; zeros for a post of which nothing is read."""
        if not features:
            return [0.0] * len(self.bias)
        known = [row for row in map(self.rows.get, features) if row is not None]
        total = self.weights[known].sum(axis=0) + self.bias
        kept: list[float] = np.clip(total, -MOST, MOST).tolist()
        return kept

    def weigh_words(self, words: Sequence[str], kinds: Floats) -> list[tuple[str, float]]:
        """Say what was learned of the words of a short post.

        Args:
            words: Of the post.
            kinds: What the log-odds of each kind say for a claim, shape (n_kinds,).
        """
        told = []
        for word, letter in dict.fromkeys(_read_words(words)):
            names = [f"w{word}", *("" if letter in _SAYS_NOTHING else letter)]
            rows = [self.rows[name] for name in names if name in self.rows]
            if rows and letter not in _SILENT:
                told.append((word, float(self.weights[rows].sum(axis=0) @ kinds)))
        return told
