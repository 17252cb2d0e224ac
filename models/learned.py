"""What reviewers taught: a small correction of a text's log-odds, in its own concepts.

The expert's patterns are written by hand and do not move. On top of them a candidate may learn a
bounded correction from reviewers' words, in the concepts of the sentence that weighs most and the
subjects of the text: what the patterns look at too. A text that names no pay has no such sentence
and is never corrected, and words of protest or of who somebody is carry no concept at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.features import Shape, sentence_features
from models.scoring import THIRD, Floats

MOST: Final = 8.0
"""A correction moves the log-odds at most so far."""

CLEARLY: Final = 1.0
"""From a correction of so much downwards, in log-odds, a text is news of others no more."""


def learned_features(shape: Shape) -> list[str]:
    """Name what a correction may look at; empty for a text that names no pay."""
    if not shape.sentences:
        return []
    heaviest = max(shape.sentences, key=lambda sentence: sentence.weight)
    return [*sentence_features(heaviest), *(f"topic {name}" for name in shape.topics())]


@dataclass(frozen=True, slots=True)
class Learned:
    """Feature name to row, and a weight in log-odds for each; nothing learned when empty."""

    rows: dict[str, int]
    weights: Floats

    def corrections(self, shapes: Sequence[Shape]) -> Floats:
        """Give how far each text's log-odds move, shape (n_texts,), within ±`MOST`."""
        get = self.rows.get
        sums = [
            sum(self.weights[row] for row in map(get, learned_features(shape)) if row is not None)
            for shape in shapes
        ]
        result: Floats = np.clip(np.array(sums, dtype=float).reshape(len(shapes)), -MOST, MOST)
        return result


def correct_scores(scores: Floats, corrections: Floats) -> Floats:
    """Move probabilities by corrections in log-odds."""
    odds = scores / np.maximum(1.0 - scores, 1e-9) * np.exp(corrections)
    result: Floats = np.where(corrections == 0.0, scores, odds / (1.0 + odds))
    return result


def correct_logits(logits: Floats, corrections: Floats) -> Floats:
    """Choose no news of others where reviewers clearly said that nobody is owed pay."""
    corrected = logits.copy()
    corrected[corrections <= -CLEARLY, THIRD] = -np.inf
    return corrected
