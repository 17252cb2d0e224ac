"""The arithmetic of the reader: sentences to kinds, and a text's sentences to the text's kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.features import LEAST_NAMED, LETTER, TOPIC_NAMES, Hot, Shape, list_features
from models.posts import PostModel
from models.relations import SECOND_SHARE, TITLE_SHARE
from monitor.domain import DocumentKind

KINDS: Final = (
    DocumentKind.CLAIM,
    DocumentKind.THIRD_PARTY,
    DocumentKind.PAID,
    DocumentKind.QUESTION,
    DocumentKind.OTHER_DEBT,
    DocumentKind.UNRELATED,
)
"""The order of the columns of every array of kinds."""

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
_FLOOR: Final = 1e-4
NAMING_PAY: Final = 4
"""The first so many kinds name unpaid wages, each in its own way."""
SPEAKING: Final = 5
"""Columns of the kinds that say something of money: all but `unrelated`."""
THIRD: Final = KINDS.index(DocumentKind.THIRD_PARTY)
PAID: Final = KINDS.index(DocumentKind.PAID)
SETTLED: Final = PAID + 1
"""Columns up to and with `paid`: the kinds that speak of somebody's unpaid wages."""
_NEVER: Final = -50.0
MOST_LIKELY_OTHER: Final = 6.0
"""A text must be five times likelier to be news or settled than a claim to lose score for it."""
_NO_SENTENCE: Final = -4.0
"""What a text weighs that does not speak of pay or money at all."""
_NOTHING: Final = -1.0
"""What a sentence weighs in which nothing speaks for a claim."""


@dataclass(frozen=True, slots=True)
class SentenceModel:
    """A linear model of one sentence: feature name to row, and one weight a kind in each row.

    `weights` has shape (n_features, n_kinds); `bias` (n_kinds,).
    """

    rows: dict[str, int]
    weights: Floats
    bias: Floats

    def rows_of(self, sentence: Hot) -> list[int]:
        """Look up the rows of a sentence's features; unknown features are left out."""
        found = dict.fromkeys(map(self.rows.get, list_features(sentence)))
        return [row for row in found if row is not None]

    def shares(self, sentences: Sequence[Hot]) -> Floats:
        """Give the share of each kind for each sentence, shape (n_sentences, n_kinds)."""
        if not sentences:
            return np.zeros((0, len(KINDS)))
        flat: list[int] = []
        starts: list[int] = []
        for sentence in sentences:
            starts.append(len(flat))
            flat.append(len(self.rows))
            flat += self.rows_of(sentence)
        # The last row of `weights` is the bias, so that no sentence has an empty sum.
        rows = np.fromiter(flat, np.intp, len(flat))
        logits = np.add.reduceat(self._with_bias().take(rows, axis=0), starts, axis=0)
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits)
        shares /= shares.sum(axis=1, keepdims=True)
        return shares

    def weigh_words(self, shape: Shape) -> list[tuple[str, float]]:
        """Say what was learned of the words of a text's likeliest sentence, for a claim.

        A word's weight is that of a claim over the mean of the other kinds, in log-odds.
        """
        if not shape.sentences:
            return []
        best = int(self.shares(shape.sentences)[:, 0].argmax())
        known = [
            (word, self.rows[word]) for word in shape.sentences[best].words if word in self.rows
        ]
        weights = self._with_bias()
        return [(word, weights[row, 0] - weights[row, 1:].mean()) for word, row in known]

    def _with_bias(self) -> Floats:
        """Put the bias below the weights as one more row."""
        if len(self.weights) == len(self.rows):
            stacked = np.vstack([self.weights, self.bias])
            object.__setattr__(self, "weights", stacked)
        return self.weights


def _logit(share: Floats) -> Floats:
    """Turn shares into log-odds, kept within about ±9."""
    kept = np.clip(share, _FLOOR, 1 - _FLOOR)
    result: Floats = np.log(kept / (1 - kept))
    return result


TEXT_FEATURES: Final = (
    *(f"best {kind}" for kind in KINDS[:SPEAKING]),
    "second best claim",
    "any claim",
    *(f"title {kind}" for kind in KINDS[:SPEAKING]),
    "has title",
    "nothing of pay",
    "best claim against other_debt",
    "weighed",
    "reported",
    "settled",
    "size",
    "length",
    "nothing of a post",
    *(f"post {kind}" for kind in KINDS),
    *(f"{kind} over claim" for kind in KINDS[1:SPEAKING]),
    *TOPIC_NAMES,
)
"""The columns of a text's features, in order."""


def text_features(model: SentenceModel, posts: PostModel, shapes: Sequence[Shape]) -> Floats:
    """Turn texts into rows of features, shape (n_texts, n_text_features)."""
    numbers = np.array([len(shape.sentences) for shape in shapes], dtype=np.intp)
    starts = np.cumsum(numbers) - numbers
    shares = model.shares([sentence for shape in shapes for sentence in shape.sentences])
    table = np.zeros((len(shapes), len(TEXT_FEATURES)))
    _fill_sentences(table, shares[:, :SPEAKING], starts, numbers)
    titled = np.array([shape.title for shape in shapes], dtype=np.intp)
    _fill_titles(table, shares[:, :SPEAKING], starts, titled)
    rest = [
        [
            weigh_text(shape),
            shape.reported,
            shape.settled,
            shape.size / HUNDREDS,
            shape.length / HUNDREDS,
            not shape.post,
            *posts.logits(shape.post),
        ]
        for shape in shapes
    ]
    if shapes:
        table[:, _WEIGHED_AT : _POST_AT + len(KINDS)] = rest
        counts = np.array([shape.counts for shape in shapes])
        table[:, _TOPICS_AT:] = (counts[:, :, None] >= LEAST_NAMED).reshape(len(shapes), -1)
    return table


def _fill_sentences(table: Floats, shares: Floats, starts: Places, numbers: Places) -> None:
    """Fill the columns that come from all sentences of a text; without any, those of no pay."""
    speaking = numbers > 0
    best = np.full((len(table), SPEAKING), _logit(np.zeros(1))[0])
    second = best[:, 0].copy()
    if len(shares):
        logits = _logit(shares)
        best[speaking] = np.maximum.reduceat(logits, starts[speaking], axis=0)
        owner = np.repeat(np.arange(len(numbers)), numbers)
        ranked = logits[np.lexsort((-logits[:, 0], owner)), 0]
        several = numbers > 1
        second[several] = ranked[starts[several] + 1]
        none = np.multiply.reduceat(1.0 - shares[:, 0], starts[speaking])
        table[speaking, _ANY_AT] = 1.0 - none
    table[:, :SPEAKING] = best
    table[:, _SECOND_AT] = second
    table[:, _COLD_TEXT_AT] = ~speaking
    table[:, _AGAINST_AT] = best[:, 0] - best[:, 4]
    table[:, _OVER_AT : _OVER_AT + SPEAKING - 1] = np.maximum(0.0, best[:, 1:] - best[:, [0]])


def _fill_titles(table: Floats, shares: Floats, starts: Places, titled: Places) -> None:
    """Fill the columns that come from a title's sentences; zeros where it has none."""
    has_title = titled > 0
    if has_title.any():
        first = starts[has_title]
        # Every second stretch is what stands between two titles; a last row ends the last one.
        bounds = np.column_stack((first, first + titled[has_title])).ravel()
        padded = np.vstack((shares, np.zeros(SPEAKING)))
        highest = np.maximum.reduceat(padded, bounds, axis=0)[::2]
        table[has_title, _TITLE_AT : _TITLE_AT + SPEAKING] = highest
    table[:, _TITLE_AT + SPEAKING] = has_title


def weigh_text(shape: Shape) -> float:
    """Weigh a whole text as the expert would: its best sentence, title, second and subject."""
    weights = [sentence.weight for sentence in shape.sentences]
    if not weights:
        return _NO_SENTENCE
    ranked = sorted(weights, reverse=True)
    # A text without a title, or with one sentence, is not held against the writer.
    title = ranked[0] / 2
    if shape.has_title:
        title = max(weights[: shape.title], default=_NOTHING)
    second = max(ranked[1], 0.0) if len(ranked) > 1 else 0.0
    return ranked[0] + TITLE_SHARE * title + SECOND_SHARE * second + shape.subject


_SECOND_AT: Final = TEXT_FEATURES.index("second best claim")
_ANY_AT: Final = TEXT_FEATURES.index("any claim")
_TITLE_AT: Final = TEXT_FEATURES.index(f"title {KINDS[0]}")
_COLD_TEXT_AT: Final = TEXT_FEATURES.index("nothing of pay")
_AGAINST_AT: Final = TEXT_FEATURES.index("best claim against other_debt")
_OVER_AT: Final = TEXT_FEATURES.index(f"{KINDS[1]} over claim")
_TOPICS_AT: Final = TEXT_FEATURES.index(TOPIC_NAMES[0])
_WEIGHED_AT: Final = TEXT_FEATURES.index("weighed")
_REPORTED_AT: Final = TEXT_FEATURES.index("reported")
_SETTLED_AT: Final = TEXT_FEATURES.index("settled")
HUNDREDS: Final = 100.0
"""A text's size is a feature in hundreds, so that the features have like scales."""
_LENGTH_AT: Final = TEXT_FEATURES.index("length")
_COLD_AT: Final = TEXT_FEATURES.index("nothing of a post")
_POST_AT: Final = TEXT_FEATURES.index(f"post {KINDS[0]}")
_NOT_READ: Final = -30.0
"""The log-odds of a short post of which nothing is read."""
POST: Final = 15
"""A text of at most so many words that count is read as a short post."""
SILENT_LETTER: Final = 30
"""With so many words and more a text is read as a letter where the expert finds nothing, and with
`LETTER` of them where he does; between that and `POST` it is a bit of each. What was learned errs
where no pay is named: there it is trusted only in posts that are very short."""
_SILENT, _SPEAKING = 1.0, 2.5
"""The expert's sums up to which he finds nothing, and from which on he finds something."""
LEARNED_SHARE: Final = 0.5
MOST_LEARNED: Final = 4.0
"""How far, in log-odds, what was learned of a letter's best sentence is listened to."""
_USUAL: Final = -3.0
"""What is usually learned of the best sentence of a text that is no claim, in log-odds."""
MOST_TAKEN: Final = 1.0
"""What was learned takes at most so much, in log-odds, from what the expert finds."""


def weigh_letter(features: Floats) -> Floats:
    """Weigh what letters are judged by, shape (n_texts,): the expert's sum and what was learned.

    What was learned of the best sentence counts by `LEARNED_SHARE` and only within `MOST_LEARNED`:
    it hears what the expert has no words for, and errs on matters that no author thought of.
    """
    best = np.clip(features[:, 0] - _USUAL, -MOST_LEARNED, MOST_LEARNED)
    result: Floats = features[:, _WEIGHED_AT] + LEARNED_SHARE * best
    return result


def post_columns(features: Floats) -> Floats:
    """Pick what short posts are judged by: the expert's sum, and what was learned of each kind."""
    return features[:, [_WEIGHED_AT, *range(SPEAKING), *range(_POST_AT, _POST_AT + len(KINDS))]]


def is_read(features: Floats) -> NDArray[np.bool_]:
    """Say of which texts anything is read as of a short post."""
    result: NDArray[np.bool_] = features[:, _COLD_AT] == 0.0
    return result


def postness(features: Floats) -> Floats:
    """Say how far each text is a short post, from 0 (a letter) to 1.

    Only sentences that speak of pay, work or another subject move it: by their words, and by what
    the expert finds in them.
    """
    finds = np.clip((features[:, _WEIGHED_AT] - _SILENT) / (_SPEAKING - _SILENT), 0.0, 1.0)
    letter = SILENT_LETTER + (LETTER - SILENT_LETTER) * finds
    length = HUNDREDS * features[:, _LENGTH_AT]
    result: Floats = np.clip((letter - length) / (letter - POST), 0.0, 1.0)
    return result


@dataclass(frozen=True, slots=True)
class TextModel:
    """A linear model of a whole text.

    `weights` has shape (n_text_features, n_kinds), `bias` (n_kinds,): which kind, were it not for
    the score. `slope` and `offset` turn the weight of a letter into the log-odds of a claim.
    `post` has a weight for each of `post_columns`, and with `post_bias` gives those of a short
    post. The two are calibrated apart: on letters, and on short posts.
    """

    weights: Floats
    bias: Floats
    post: Floats
    post_bias: float
    slope: float
    offset: float

    @property
    def of_post_kinds(self) -> Floats:
        """What the learned log-odds of each kind say for a claim in a short post."""
        return self.post[-len(KINDS) :]

    def totals(self, features: Floats) -> Floats:
        """Give the log-odds of a claim, before news and wages paid at last are told apart."""
        letter = self.slope * weigh_letter(features) + self.offset
        post = post_columns(features) @ self.post + self.post_bias
        post[~is_read(features)] = _NOT_READ
        share = postness(features)
        mixed = (1.0 - share) * letter + share * post
        least = np.where(features[:, _WEIGHED_AT] > _SILENT, letter - MOST_TAKEN, _NOT_READ)
        result: Floats = np.clip(np.maximum(mixed, least), -30, 30)
        return result

    def logits(self, features: Floats) -> Floats:
        """Give the log-weights of the kinds, shape (n_texts, n_kinds)."""
        result: Floats = features @ self.weights + self.bias
        return result

    def scores(self, features: Floats) -> Floats:
        """Give the probability of a claim for each text, in [0, 1].

        It is the probability that the text speaks of unpaid wages, lowered where news
        of others, or wages that were paid at last, are far likelier than a claim.
        """
        unpaid = 1.0 / (1.0 + np.exp(-self.totals(features)))
        logits = self.logits(features)[:, :SETTLED]
        logits[features[:, _REPORTED_AT] == 0.0, THIRD] = _NEVER
        logits[features[:, _SETTLED_AT] == 0.0, PAID] = _NEVER
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        share = shares[:, 0] / shares.sum(axis=1)
        result: Floats = unpaid * np.minimum(1.0, MOST_LIKELY_OTHER * share)
        return result
