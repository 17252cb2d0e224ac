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

from models.concepts import COMMA, GAP, NUMBER, STOP, TITLE_MARK, concept_table

_WARM: Final = re.compile(
    "[PAaVvOWdJnkBhTwo]|N[^.]{0,4}G|G[^.]{0,4}N|[DK][^.]{0,40}#[^.]{0,40}[ENqt]"
)
"""Sentences that are read: those that name pay, owing, an employer who is gone, something not
given, or work with a number and a refusal."""
_SILENT: Final = frozenset((COMMA, NUMBER))
MOST: Final = 9.0
"""What was learned speaks at most so strongly, in log-odds."""

Floats = NDArray[np.float64]


def _read_words(words: Sequence[str]) -> list[tuple[str, str]]:
    """List the words that are read, each with its concept letter, commas between sentences."""
    table = concept_table()
    read: list[tuple[str, str]] = []
    sentence: list[tuple[str, str]] = []
    for word in (*words, "。"):
        letter = table[word]
        if letter not in {STOP, TITLE_MARK}:
            # Commas around clauses that were left out must not be learned.
            if letter and (letter != COMMA or (sentence and sentence[-1][1] != COMMA)):
                sentence.append((word, letter))
            continue
        if _WARM.search("".join([one for _, one in sentence])) is not None:
            read += sentence if sentence[-1][1] == COMMA else [*sentence, ("，", COMMA)]
        sentence = []
    return read


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
