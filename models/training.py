"""From the corpus to a fitted reader: one command, the same result each time."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn import __version__ as sklearn_version

# scikit-learn is imported only here: reading needs nothing but the arrays.
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from models.artefact import content_hash, save_artefact
from models.asides import drop_and_mark, drop_asides, without_marks
from models.corpus.generate import DEFAULT_MESSAGES, DEFAULT_SEED, generate_messages
from models.corpus.grammar import FOLDS, Message
from models.corpus.written import read_written
from models.features import Hot, Shape, hot_sentences, letters_of, list_features, shape_of
from models.mixes import (
    ASSUMED_SHARE,
    board_weights,
    choose_threshold,
    post_weights,
)
from models.normalise import normalise
from models.posts import PostModel
from models.relations import names_pay
from models.scoring import (
    KINDS,
    NAMING_PAY,
    Floats,
    SentenceModel,
    TextModel,
    is_read,
    post_columns,
    postness,
    text_features,
    weigh_letter,
)
from models.segment import segment
from monitor.domain import DocumentKind

Progress = Callable[[str], None]

TOGETHER_SHARE: Final = 0.5
"""How often two neighbouring sentences are learned as one, as when no full stop stands between."""
MIN_COUNT: Final = 6
"""A feature that fewer training sentences show is left out."""
SENTENCE_C: Final = 0.2
COMPOSED_WEIGHT: Final = 0.3
"""What a sentence from a template weighs beside one that an author wrote."""
WORD_COUNT: Final = 4
"""A word that fewer written sentences hold is not learned from."""
POST_C: Final = 0.2
POST_COUNT: Final = 3
"""The same for short posts."""
TEXT_C: Final = 0.05


def _written_sentences(messages: Sequence[Message]) -> list[tuple[Hot, int]]:
    """Cut written messages into hot sentences with their kind; nothing is put together anew."""
    return [
        pair
        for message in messages
        for piece in message.pieces
        for pair in _hot_of(piece.text, piece.kind, beside_pay=_names_pay(message))
    ]


def _labelled_sentences(
    messages: Sequence[Message], chance: random.Random
) -> list[tuple[Hot, int]]:
    """Cut messages into hot sentences with their kind: pieces alone, and neighbours together."""
    labelled: list[tuple[Hot, int]] = []
    for message in messages:
        pieces = list(message.pieces)
        beside_pay = _names_pay(message)
        for piece in pieces:
            labelled += _hot_of(piece.text, piece.kind, beside_pay=beside_pay)
        for one, two in pairwise(pieces):
            if chance.random() < TOGETHER_SHARE:
                kind = one.kind if one.kind is not DocumentKind.UNRELATED else two.kind
                if DocumentKind.CLAIM in (one.kind, two.kind):
                    kind = DocumentKind.CLAIM
                labelled += _hot_of(f"{one.text}，{two.text}", kind, beside_pay=beside_pay)
    return labelled


def _hot_of(text: str, kind: DocumentKind, *, beside_pay: bool) -> list[tuple[Hot, int]]:
    """List the hot sentences of a part of a message, all of one kind."""
    words, codes, marked = drop_and_mark(segment(normalise(text)))
    letters = without_marks(marked)
    found = hot_sentences(words, codes, letters, beside_pay=beside_pay)
    return [(sentence, KINDS.index(kind)) for sentence in found]


def _names_pay(message: Message) -> bool:
    words = drop_asides(segment(normalise(f"{message.title}。{message.text}")))
    return names_pay(letters_of(words))


def fit_sentences(
    composed: Sequence[tuple[Hot, int]], written: Sequence[tuple[Hot, int]]
) -> SentenceModel:
    """Fit the model of one sentence.

    Args:
        composed: Sentences from templates with the number of their kind; of these only concepts
            and patterns are learned as they come, and each counts for less.
        written: Sentences by authors; the words that are learned are those that stand in them.
    """
    features = {sentence: sorted(set(list_features(sentence))) for sentence, _ in composed}
    features |= {sentence: sorted(set(list_features(sentence))) for sentence, _ in written}
    counts = Counter(name for sentence in features for name in features[sentence])
    known = {name for sentence, _ in written for name in sentence.words}
    often = Counter(name for sentence, _ in written for name in sentence.words)
    names = sorted(
        name
        for name, count in counts.items()
        if count >= MIN_COUNT and (name not in known or often[name] >= WORD_COUNT)
    )
    rows = {name: row for row, name in enumerate(names)}
    once = Counter(composed)
    unique = [*once, *written]
    indices: list[int] = []
    indptr = [0]
    for sentence, _ in unique:
        indices += [rows[name] for name in features[sentence] if name in rows]
        indptr.append(len(indices))
    table = csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(unique), len(rows)))
    kinds = np.array([kind for _, kind in unique])
    weight = np.r_[
        COMPOSED_WEIGHT * np.sqrt(np.array(list(once.values()), dtype=float)),
        np.ones(len(written)),
    ]
    model = LogisticRegression(C=SENTENCE_C, max_iter=400, tol=1e-4)
    model.fit(table, kinds, sample_weight=weight)
    return SentenceModel(rows, model.coef_.T.copy(), model.intercept_.copy())


def fit_posts(shapes: Sequence[Shape], kinds: Sequence[int]) -> PostModel:
    """Fit the model of short posts: each kind against all others."""
    posts = [(shape.post, kind) for shape, kind in zip(shapes, kinds, strict=True) if shape.post]
    counts = Counter(name for names in {post for post, _ in posts} for name in names)
    kept = sorted(name for name, count in counts.items() if count >= POST_COUNT)
    rows = {name: row for row, name in enumerate(kept)}
    indices: list[int] = []
    indptr = [0]
    for names, _ in posts:
        indices += [rows[name] for name in names if name in rows]
        indptr.append(len(indices))
    table = csr_matrix((np.ones(len(indices)), indices, indptr), shape=(len(posts), len(rows)))
    said = np.array([kind for _, kind in posts])
    weights, bias = np.zeros((len(rows), len(KINDS))), np.zeros(len(KINDS))
    for kind in range(len(KINDS)):
        model = LogisticRegression(C=POST_C, solver="liblinear", max_iter=200, random_state=0)
        model.fit(table, said == kind)
        weights[:, kind], bias[kind] = model.coef_[0], model.intercept_[0]
    return PostModel(rows, weights, bias)


def fit_text(features: Floats, kinds: Sequence[int], weight: Floats) -> TextModel:
    """Fit the model of a whole text, and the claim scores of letters and of short posts, apart."""
    labels = np.array(kinds)
    text = LogisticRegression(C=TEXT_C, max_iter=4000)
    text.fit(features, labels)
    # Which of the kinds that name unpaid wages a letter is, the other model says.
    apart = ((labels == 0) | (labels >= NAMING_PAY)) & (weight > 0)
    letter = LogisticRegression(C=1e3, max_iter=2000)
    share = 1.0 - postness(features[apart])
    weights = weigh_letter(features[apart])[:, None]
    letter.fit(weights, labels[apart] == 0, sample_weight=weight[apart] * share)
    short = (postness(features) == 1.0) & is_read(features)
    post = LogisticRegression(C=1.0, max_iter=3000)
    mix = post_weights(labels, short)[short]
    post.fit(post_columns(features[short]), labels[short] == 0, sample_weight=mix)
    return TextModel(
        text.coef_.T.copy(),
        text.intercept_.copy(),
        post.coef_[0].copy(),
        float(post.intercept_[0]),
        slope=float(letter.coef_[0, 0]),
        offset=float(letter.intercept_[0]),
    )


@dataclass(frozen=True, slots=True)
class Fitted:
    """Fitted models, and scores, kinds and weights of the messages that were held back."""

    sentences: SentenceModel
    posts: PostModel
    texts: TextModel
    held_scores: Floats
    held_kinds: NDArray[np.int64]
    held_weights: Floats


def _shapes_of(texts: Sequence[Message]) -> tuple[list[Shape], list[int]]:
    """Compute the shapes and the kinds of labelled texts."""
    shapes = [shape_of(normalise(text.title), normalise(text.text)) for text in texts]
    return shapes, [KINDS.index(text.kind) for text in texts]


def fit(progress: Progress, messages: int = DEFAULT_MESSAGES, seed: int = DEFAULT_SEED) -> Fitted:
    """Fit the models: that of texts on messages of templates and authors new to the others."""
    chance = random.Random(seed)
    features: list[Floats] = []
    kinds: list[int] = []
    styles: list[str] = []
    for fold in range(FOLDS):
        composed = list(generate_messages(messages, seed + fold, without_fold=fold))
        written = list(read_written(without_fold=fold))
        model = fit_sentences(_labelled_sentences(composed, chance), _written_sentences(written))
        posts = fit_posts(*_shapes_of([*composed, *written]))
        held = [
            *generate_messages(messages // 2, seed + 100 + fold, only_fold=fold),
            *read_written(only_fold=fold),
        ]
        shapes, said = _shapes_of(held)
        features.append(text_features(model, posts, shapes))
        kinds += said
        styles += [text.style for text in held]
        progress(f"训练：第 {fold + 1}/{FOLDS} 折，特征 {len(model.rows)} + {len(posts.rows)} 个")
    table = np.vstack(features)
    weight = board_weights(styles)
    text = fit_text(table, kinds, weight)
    composed = list(generate_messages(messages, seed))
    written = list(read_written())
    labelled = _labelled_sentences(composed, chance)
    model = fit_sentences(labelled, _written_sentences(written))
    posts = fit_posts(*_shapes_of([*composed, *written]))
    progress(f"训练：全部语料 {len(composed)} + {len(written)} 条，{len(labelled)} 句")
    labels = np.array(kinds)
    short = (postness(table) == 1.0) & is_read(table)
    both = weight * (1.0 - postness(table)) / (weight * (1.0 - postness(table))).sum()
    both += post_weights(labels, short) / short.sum()
    return Fitted(model, posts, text, text.scores(table), labels, both / both.mean())


def train(
    directory: Path,
    progress: Progress,
    *,
    messages: int = DEFAULT_MESSAGES,
    seed: int = DEFAULT_SEED,
) -> dict[str, Any]:
    """Train a reader from the project's corpus and write it; return its card.

    The same code, corpus and seed give the same version: it is a hash of the arrays.

    Args:
        directory: Where `reader.npz` and `card.json` are written; made if missing.
        progress: Told in one line what has been done.
        messages: How many messages each pass writes.
        seed: Of the stream of chance.
    """
    # Several threads of linear algebra only wait for each other on arrays as small as these.
    with threadpool_limits(1):
        fitted = fit(progress, messages, seed)
    model, text, scores = fitted.sentences, fitted.texts, fitted.held_scores
    claims = (fitted.held_kinds == 0).astype(float)
    arrays: dict[str, NDArray[Any]] = {
        "names": np.frombuffer("\n".join(model.rows).encode(), dtype=np.uint8),
        "sentence_weights": model.weights.astype(np.float32).round(4),
        "sentence_bias": model.bias.astype(np.float32).round(4),
        "text_weights": text.weights.astype(np.float32).round(4),
        "text_bias": text.bias.astype(np.float32).round(4),
        "calibration": np.array([text.slope, text.offset, text.post_bias], dtype=np.float32).round(
            4
        ),
        "post_names": np.frombuffer("\n".join(fitted.posts.rows).encode(), dtype=np.uint8),
        "post_kind_weights": fitted.posts.weights.astype(np.float32).round(3),
        "post_kind_bias": fitted.posts.bias.astype(np.float32).round(4),
        "post_weights": text.post.astype(np.float32).round(4),
    }
    card = {
        "version": f"reader-{content_hash(arrays)[:12]}",
        "working_threshold": choose_threshold(scores, claims, fitted.held_weights),
        "threshold_rule": (
            "highest score with F1 within 0.01 of the greatest, on messages from held-back "
            "templates, weighed to the assumed mixes of letters and of short posts, half each"
        ),
        "assumed_share_of_claims": ASSUMED_SHARE,
        "messages": messages,
        "corrections": 0,
        "written": len(list(read_written())),
        "seed": seed,
        "features": len(model.rows),
        "libraries": {"numpy": np.__version__, "scikit-learn": sklearn_version},
        "held_back": {
            "messages": len(scores),
            "claims": int(claims.sum()),
            "brier": round(
                float(np.average((scores - claims) ** 2, weights=fitted.held_weights)), 4
            ),
        },
    }
    return save_artefact(directory, arrays, card)
