"""How well a reader does on labelled lines: the figures of `qingxin evaluate`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.reader import ClaimReader, ReadingInput

BINS: Final = 10


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with its label: True for a claim."""

    title: str
    text: str
    claim: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures at the working threshold; shares in [0, 1], 0 where nothing could be counted.

    `reliability` has a row for each tenth of the score: (mean score, share of claims, texts).
    `curve` has a row for each twentieth: (threshold, precision, recall) from that score on.
    """

    texts: int
    claims: int
    threshold: float
    precision: float
    recall: float
    f1: float
    pr_auc: float
    brier: float
    reliability: tuple[tuple[float, float, int], ...]
    curve: tuple[tuple[float, float, float], ...]
    model: str

    def as_dict(self) -> dict[str, Any]:
        """Give the figures as plain values, for JSON."""
        return asdict(self)


def average_precision(scores: Sequence[float], labels: Sequence[bool]) -> float:
    """Compute the area under the precision–recall curve as average precision; 0 without claims."""
    score, truth = np.asarray(scores, dtype=float), np.asarray(labels, dtype=float)
    if not truth.sum():
        return 0.0
    order = np.argsort(-score, kind="stable")
    score, truth = score[order], truth[order]
    found = np.cumsum(truth)
    # Texts with equal scores come in together: only the last of each group is a point of the curve.
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    precision = found[last] / (last + 1)
    gained = np.diff(np.append(0.0, found[last])) / truth.sum()
    return float((precision * gained).sum())


def hits(said: NDArray[np.bool_], truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Count precision and recall; 0 where nothing was said or nothing is true."""
    right = int((said & truth).sum())
    return (
        right / int(said.sum()) if said.any() else 0.0,
        right / int(truth.sum()) if truth.any() else 0.0,
    )


def evaluate(reader: ClaimReader, lines: Sequence[LabelledText]) -> Evaluation:
    """Read labelled texts and count.

    Raises:
        InputTooLargeError: A text is longer than the reader accepts.
    """
    answers = reader.score_many([ReadingInput(line.title, line.text) for line in lines])
    scores = np.array([answer.score for answer in answers])
    truth = np.array([line.claim for line in lines], dtype=bool)
    precision, recall = hits(scores >= reader.working_threshold, truth)
    both = precision + recall
    return Evaluation(
        texts=len(lines),
        claims=int(truth.sum()),
        threshold=reader.working_threshold,
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / both if both else 0.0,
        pr_auc=average_precision(scores.tolist(), truth.tolist()),
        brier=float(np.mean((scores - truth) ** 2)) if len(lines) else 0.0,
        reliability=_reliability(scores, truth),
        curve=tuple((step / 20, *hits(scores >= step / 20, truth)) for step in range(1, 20)),
        model=reader.version,
    )


def _reliability(scores: Any, truth: Any) -> tuple[tuple[float, float, int], ...]:
    """Group texts by tenths of their score."""
    rows = []
    tenth = np.minimum((scores * BINS).astype(int), BINS - 1)
    for number in range(BINS):
        mine = tenth == number
        if mine.any():
            rows.append((float(scores[mine].mean()), float(truth[mine].mean()), int(mine.sum())))
    return tuple(rows)
