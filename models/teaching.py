"""Fits what reviewers taught (`models.learned`) on top of a trained reader, held by the corpus."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from models.artefact import content_hash, load_artefact, save_artefact
from models.corpus.generate import DEFAULT_SEED, generate_messages
from models.features import Shape, shape_of
from models.learned import learned_features
from models.lessons import Lesson
from models.normalise import normalise
from models.reader import ClaimReader, ReadingInput
from models.scoring import Floats
from models.training import Progress
from monitor.domain import DocumentKind

LEAST_LESSONS: Final = 3
"""A feature that stands in fewer lessons is not learned of: one text proves nothing."""
STIFFNESS: Final = 1.0
"""The precision of the weights' prior: about one lesson moves a text's log-odds by less than 1."""
ANCHORS: Final = 3_000
"""So many messages of the corpus hold what the reader already says of them."""
ANCHOR_WEIGHT: Final = 0.1
"""What a message of the corpus weighs beside a lesson."""
NEWS_ODDS: Final = 1.0
"""News that a reviewer says is none is learned from as if it had been read as a claim so surely."""
_SURE: Final = 8.0


def teach(
    directory: Path, lessons: Sequence[Lesson], progress: Progress, *, anchors: int = ANCHORS
) -> dict[str, Any]:
    """Add what reviewers taught to the reader in a directory; return its card, with a new version.

    The same reader and lessons give the same result.

    Args:
        directory: A reader that `models.training.train` wrote.
        lessons: What reviewers said; those that are held back must not be among them.
        progress: Told in one line what has been done.
        anchors: How many messages of the corpus hold the rest in its place.
    """
    artefact = load_artefact(directory)
    reader = ClaimReader(artefact)
    arrays = dict(artefact.arrays)
    rows, weights = _fit(reader, lessons, anchors)
    arrays["learned_names"] = np.frombuffer("\n".join(rows).encode(), dtype=np.uint8)
    arrays["learned_weights"] = weights.astype(np.float32).round(4)
    progress(f"学复核意见：{len(lessons)} 条，特征 {len(rows)} 个")
    card = artefact.card | {
        "version": f"reader-{content_hash(arrays)[:12]}",
        "corrections": len(lessons),
    }
    return save_artefact(directory, arrays, card)


def _fit(reader: ClaimReader, lessons: Sequence[Lesson], anchors: int) -> tuple[list[str], Floats]:
    """Fit weights with the reader's own log-odds as offset, and a normal prior around nothing."""
    taught = [(each.title, each.text, each.is_claim) for each in lessons]
    known = [
        (each.title, each.text, each.kind is DocumentKind.CLAIM)
        for each in generate_messages(anchors, DEFAULT_SEED + 1000)
    ]
    texts = [*taught, *known]
    shapes = [shape_of(normalise(title), normalise(text)) for title, text, _ in texts]
    counts = Counter(name for shape in shapes[: len(taught)] for name in learned_features(shape))
    names = sorted(name for name, count in counts.items() if count >= LEAST_LESSONS)
    if not names:
        return [], np.zeros(0)
    table = _table(shapes, {name: row for row, name in enumerate(names)})
    offset, counted = _offsets(reader, texts, len(taught))
    weight = np.r_[np.ones(len(taught)), np.full(len(known), ANCHOR_WEIGHT)] * counted
    # The corpus holds what the reader says of it, and does not teach once more: with its labels as
    # targets every correction drifted to where the reader is less sure than the corpus.
    wanted = 1.0 / (1.0 + np.exp(-offset))
    wanted[: len(taught)] = [float(claim) for _, _, claim in taught]

    def loss(beta: Floats) -> tuple[float, Floats]:
        odds = offset + table @ beta
        said = 1.0 / (1.0 + np.exp(-np.clip(odds, -30, 30)))
        value = float((weight * (np.logaddexp(0.0, odds) - wanted * odds)).sum())
        slope = table.T @ (weight * (said - wanted)) + STIFFNESS * beta
        return value + float(STIFFNESS / 2 * beta @ beta), slope

    found = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B")
    return names, np.asarray(found.x)


def _table(shapes: Sequence[Shape], rows: dict[str, int]) -> Any:
    indices: list[int] = []
    indptr = [0]
    for shape in shapes:
        indices += [rows[name] for name in learned_features(shape) if name in rows]
        indptr.append(len(indices))
    return csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(shapes), len(rows)))


def _offsets(
    reader: ClaimReader, texts: Sequence[tuple[str, str, bool]], taught: int
) -> tuple[Floats, Floats]:
    """The reader's log-odds over its threshold of each text, and whether the text counts.

    News that is rightly news has nothing to teach: it makes a case and its score is low on purpose.
    """
    said = reader.score_many([ReadingInput(title, text) for title, text, _ in texts])
    scores = np.clip([score.score for score in said], 1e-6, 1 - 1e-6)
    offset = np.clip(np.log(scores / (1 - scores)), -_SURE, _SURE)
    counted = np.ones(len(texts))
    for at, ((_, _, claim), score) in enumerate(zip(texts, said, strict=True)):
        if score.kind is DocumentKind.THIRD_PARTY:
            counted[at] = float(at < taught and not claim)
            offset[at] = NEWS_ODDS
    return offset, counted
