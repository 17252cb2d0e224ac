"""The claim reader: a title and a text in, what they say of wages out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.artefact import ARTEFACT_DIRECTORY, Arrays, Artefact, load_artefact
from models.facts import read_facts
from models.features import Shape, shape_of
from models.learned import Learned, correct_logits, correct_scores
from models.normalise import normalise
from models.posts import PostModel
from models.reasons import explain, quote_heaviest
from models.scoring import KINDS, LEARNED_SHARE, SentenceModel, TextModel, text_features
from models.sentiment import read_sentiment
from monitor.domain import DocumentKind, Evidence, Facts, Reading
from monitor.errors import ArtefactIncompatibleError

SCORE_DECIMALS: Final = 6
"""Scores are rounded, so that a text's score does not depend on the batch it was read in."""
LEAST_TOLD: Final = 0.1
"""A learned correction of less, in log-odds, is not told among the reasons."""
MOST_WORDS: Final = 3
"""So many words are told of which something was learned."""
BATCH: Final = 64
"""Texts whose arithmetic is done at once; bounds the memory of a bulk run.

More are no faster: with 512 the collector of unused objects walks over all of their words.
"""


@dataclass(frozen=True, slots=True)
class ReadingInput:
    """One text to read; `published_at` is an aware UTC datetime, or None when it is not known."""

    title: str
    text: str
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """The short answer: kind, and the calibrated probability in [0, 1] of a claim."""

    kind: DocumentKind
    score: float


def _rows(names: NDArray[np.uint8]) -> dict[str, int]:
    """Number the names of an array, which holds them as UTF-8 with a line break between."""
    return {name: row for row, name in enumerate(str(names.tobytes(), "utf-8").split("\n"))}


class ClaimReader:
    """Reads messages with a trained artefact; holds no state between texts, safe to share."""

    def __init__(self, artefact: Artefact) -> None:
        """Take the arrays of a trained reader.

        Raises:
            ArtefactIncompatibleError: An array that this code needs is not there.
        """
        arrays, card = artefact.arrays, artefact.card
        try:
            self._sentences = SentenceModel(
                _rows(arrays["names"]),
                arrays["sentence_weights"].astype(np.float64),
                arrays["sentence_bias"].astype(np.float64),
            )
            self._texts = TextModel(
                arrays["text_weights"].astype(np.float64),
                arrays["text_bias"].astype(np.float64),
                arrays["post_weights"].astype(np.float64),
                float(arrays["calibration"][2]),
                float(arrays["calibration"][0]),
                float(arrays["calibration"][1]),
            )
            self._learned = _read_learned(arrays)
            self._posts = PostModel(
                _rows(arrays["post_names"]),
                arrays["post_kind_weights"].astype(np.float64),
                arrays["post_kind_bias"].astype(np.float64),
            )
            self.version: str = str(card["version"])
            self.working_threshold: float = float(card["working_threshold"])
        except (KeyError, IndexError) as error:
            raise ArtefactIncompatibleError(f"the reader's artefact has no {error}") from error

    @classmethod
    def load(cls, directory: Path = ARTEFACT_DIRECTORY) -> "ClaimReader":
        """Load a reader from a directory and warm up its dictionary (well under a second).

        Raises:
            ArtefactMissingError: No artefact is there.
            ArtefactIncompatibleError: It is of another format.
            ArtefactCorruptError: It differs from its checksum.
        """
        reader = cls(load_artefact(directory))
        try:
            reader.assess("工资", "拖欠工资")
        except ValueError as error:  # its weights were learned for other features than ours
            raise ArtefactIncompatibleError from error
        return reader

    def score_many(self, items: Sequence[ReadingInput]) -> list[Score]:
        """Give kind and score only, in order; the fast way through many texts.

        Raises:
            InputTooLargeError: A text is longer than `models.normalise.MAX_CHARACTERS`.
        """
        return [score for _, _, score in self._scored(items)]

    def assess(self, title: str, text: str, published_at: datetime | None = None) -> Reading:
        """Read one text.

        Raises:
            InputTooLargeError: The text is longer than `models.normalise.MAX_CHARACTERS`.
        """
        return self.assess_many([ReadingInput(title, text, published_at)])[0]

    def assess_many(self, items: Sequence[ReadingInput]) -> list[Reading]:
        """Read many texts, in order; facts, sentiment and reasons included.

        Raises:
            InputTooLargeError: A text is longer than `models.normalise.MAX_CHARACTERS`.
        """
        return [
            self._reading(item, text, shape, score)
            for item, (text, shape, score) in zip(items, self._scored(items), strict=True)
        ]

    def _reading(self, item: ReadingInput, text: str, shape: Shape, score: Score) -> Reading:
        """Put facts, sentiment and reasons to a score; a text that names no pay has none."""
        speaks = bool(shape.sentences)
        return Reading(
            kind=score.kind,
            score=score.score,
            sentiment=read_sentiment(text, score.kind),
            facts=read_facts(item.title, item.text, item.published_at) if speaks else Facts(),
            why=self._explain(shape) if speaks or shape.post else (),
            model=self.version,
        )

    def _explain(self, shape: Shape) -> tuple[Evidence, ...]:
        """Say what moved a score: the expert's patterns, words learned, and what reviewers said."""
        told = explain(shape)
        share = self._texts.slope * LEARNED_SHARE
        words = [(share * weight, word) for word, weight in self._sentences.weigh_words(shape)]
        if shape.post:
            of_post = self._posts.weigh_words(shape.words, self._texts.of_post_kinds)
            words = [(weight, word) for word, weight in of_post]
        heaviest = nlargest(MOST_WORDS, words, key=lambda pair: abs(pair[0]))
        learned = [
            Evidence(word, round(weight, 2))
            for weight, word in heaviest
            if len(word) > 1
            and abs(weight) >= LEAST_TOLD
            and not any(word in each.text for each in told)
        ]
        return (*told, *learned, *self._explain_learned(shape))

    def _explain_learned(self, shape: Shape) -> tuple[Evidence, ...]:
        """The sentence that reviewers moved, and how far; empty where nothing was learned."""
        if self._learned is None:
            return ()
        weight = round(float(self._learned.corrections([shape])[0]), 2)
        quote = quote_heaviest(shape) if abs(weight) >= LEAST_TOLD else ""
        return (Evidence(quote, weight),) if quote else ()

    def _scored(self, items: Sequence[ReadingInput]) -> Iterator[tuple[str, Shape, Score]]:
        """Normalise and score texts in batches."""
        for start in range(0, len(items), BATCH):
            batch = items[start : start + BATCH]
            pairs = [(normalise(item.title), normalise(item.text)) for item in batch]
            shapes = [shape_of(title, text) for title, text in pairs]
            for (_, text), shape, score in zip(pairs, shapes, self._score(shapes), strict=True):
                yield text, shape, score

    def _score(self, shapes: Sequence[Shape]) -> list[Score]:
        """Score shapes: a claim at the working threshold, else the likeliest other kind."""
        features = text_features(self._sentences, self._posts, shapes)
        scores, logits = self._texts.scores(features), self._texts.logits(features)
        if self._learned:
            corrections = self._learned.corrections(shapes)
            scores = correct_scores(scores, corrections)
            logits = correct_logits(logits, corrections)
        others = logits[:, 1:].argmax(axis=1) + 1
        return [
            Score(DocumentKind.CLAIM if score >= self.working_threshold else KINDS[other], score)
            for score, other in zip(scores.round(SCORE_DECIMALS).tolist(), others, strict=True)
        ]


def _read_learned(arrays: Arrays) -> Learned | None:
    """What reviewers taught; None in a reader that was not taught."""
    if "learned_names" not in arrays:
        return None
    names = str(arrays["learned_names"].tobytes(), "utf-8")
    rows = {name: row for row, name in enumerate(names.split("\n"))} if names else {}
    return Learned(rows, arrays["learned_weights"].astype(np.float64))
