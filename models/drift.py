"""Drift: do the scores and the words of now still look like those of before?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from models.concepts import GAP, concept_table
from models.normalise import normalise
from models.segment import segment

BINS: Final = 10
SHIFTED: Final = 0.25
"""A population stability index from which scores count as shifted.

Source:
    The usual rule of thumb: under 0.1 stable, 0.1 to 0.25 watch, above 0.25 shifted.
"""
FEWEST: Final = 50
"""With fewer texts on either side nothing is said."""
_TINY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Drift:
    """How the scores moved (`index`), and words without a concept that became frequent.

    `words` has (word, share of texts before, share of texts now), the largest rise first.
    """

    index: float
    has_shifted: bool
    words: tuple[tuple[str, float, float], ...]


def stability_index(before: Sequence[float], now: Sequence[float]) -> float:
    """Compute the population stability index of two lots of scores in [0, 1]; 0 with too few."""
    if min(len(before), len(now)) < FEWEST:
        return 0.0
    old, new = _shares(before), _shares(now)
    return sum((b - a) * log(b / a) for a, b in zip(old, new, strict=True))


def _shares(scores: Sequence[float]) -> list[float]:
    """Give the share of scores in each tenth, none of them zero."""
    counts = Counter(min(int(score * BINS), BINS - 1) for score in scores)
    total = len(scores) + _TINY * BINS
    return [(counts[tenth] + _TINY) / total for tenth in range(BINS)]


def _unknown_words(texts: Sequence[str]) -> Counter[str]:
    """Count in how many texts each word of two or more signs without a concept stands."""
    table, counts = concept_table(), Counter[str]()
    for text in texts:
        words = {word for word in segment(normalise(text)) if len(word) > 1}
        counts.update(word for word in words if table[word] == GAP)
    return counts


def measure_drift(
    scores_before: Sequence[float],
    scores_now: Sequence[float],
    texts_before: Sequence[str],
    texts_now: Sequence[str],
    *,
    most: int = 10,
) -> Drift:
    """Compare two times: the scores, and which words the reader does not know became frequent.

    Raises:
        InputTooLargeError: A text is longer than the reader accepts.
    """
    index = stability_index(scores_before, scores_now)
    old, new = _unknown_words(texts_before), _unknown_words(texts_now)
    size_old, size_new = max(len(texts_before), 1), max(len(texts_now), 1)
    rises = [(word, old[word] / size_old, count / size_new) for word, count in new.items()]
    rises.sort(key=lambda rise: (rise[1] - rise[2], rise[0]))
    enough = min(len(texts_before), len(texts_now)) >= FEWEST
    kept = [rise for rise in rises if rise[2] > 2 * rise[1]][:most] if enough else []
    return Drift(index, index > SHIFTED, tuple(kept))
