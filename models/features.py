"""What the reader looks at: sentences that speak of pay, written as strings of concept letters.

Only sentences with a word of pay, money or owing are looked at ("hot" sentences). A sentence about
anything else adds nothing, whatever its words: that is how words about protest, praise or a
person's origin cannot move a score.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from typing import Final

from models.concepts import (
    COMMA,
    GAP,
    STOP,
    TITLE_END,
    TITLE_MARK,
    concept_table,
    labour_words,
)
from models.relations import weigh
from models.segment import segment

_HOT: Final = re.compile("[PAaVvOWdJnkBh]|K[^.]{0,20}N")
_TOPICS: Final = "RSXHLJYUCQ"
"""Subjects that are looked for in the whole text, not only beside a word of pay."""
TOPIC_NAMES: Final = tuple(f"{topic}{least}" for topic in _TOPICS for least in (1, 3))
"""The columns of `Shape.topics`: named at least once, at least three times."""
MOST_LABOUR: Final = 3
_OTHERS: Final = "HLYRS"
"""Subjects of complaints about something else than pay."""
_PAY: Final = "PAaVh"
MAX_SENTENCE: Final = 70
"""Longer sentences, in words, are read in overlapping windows of clauses."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A text as the model sees it: hot sentences as letter strings, and the subjects of the whole.

    `title` is how many of the first strings come from the title. `balance` is the log of how often
    the hot sentences name pay over how often the whole text names the subjects of other complaints.
    `labour` counts the words of a job that is argued about, at most `MOST_LABOUR`.
    `reported`: an authority or hearsay is named beside pay, and the writer is not. `words` and
    `letters` are the whole text, for the reasons.
    """

    sentences: tuple[str, ...]
    title: int
    has_title: bool
    topics: tuple[float, ...]
    balance: float
    labour: int
    reported: bool
    words: Sequence[str] = field(repr=False, compare=False)
    letters: str = field(repr=False, compare=False)


def letters_of(words: Sequence[str]) -> str:
    """Write words as concept letters, one string for the whole text."""
    return "".join(map(concept_table().__getitem__, words))


def _windows(sentence: str) -> list[str]:
    """Cut a long sentence into windows of clauses that overlap by one clause."""
    if len(sentence) <= MAX_SENTENCE:
        return [sentence]
    windows: list[str] = []
    current: list[str] = []
    size = 0
    for clause in sentence.split(COMMA):
        part = clause[:MAX_SENTENCE]
        if current and size + len(part) > MAX_SENTENCE // 2:
            windows.append(COMMA.join(current))
            current, size = [current[-1]], len(current[-1])
        current.append(part)
        size += len(part)
    windows.append(COMMA.join(current))
    return windows


def is_hot(sentence: str) -> bool:
    """Say whether a sentence of concept letters names pay, money or owing."""
    return _HOT.search(sentence) is not None


def hot_sentences(letters: str) -> list[str]:
    """List the sentences that hold a word of pay, money or owing."""
    if _HOT.search(letters) is None:
        return []
    return [
        window
        for sentence in letters.split(STOP)
        if _HOT.search(sentence) is not None
        for window in _windows(sentence)
        if _HOT.search(window) is not None
    ]


def _is_reported(sentences: Sequence[str]) -> bool:
    """Say whether sentences read like news: an authority or hearsay, and nobody says "I"."""
    speaking = STOP.join([sentence for sentence in sentences if weigh(sentence)[1]])
    return "I" not in speaking and ("C" in speaking or "z" in speaking)


def shape_of(title: str, text: str) -> Shape:
    """Write a normalised title and text as the model sees them."""
    words = segment(f"{title}{TITLE_END}{text}")
    letters = letters_of(words)
    head, _, body = letters.partition(TITLE_MARK)
    first = hot_sentences(head) if head else []
    counts = {topic: letters.count(topic) for topic in _TOPICS}
    topics = tuple([float(count >= least) for count in counts.values() for least in (1, 3)])
    sentences = (*first, *hot_sentences(body))
    speaking = "".join(sentences)
    pay = sum([speaking.count(letter) for letter in _PAY])
    other = sum([counts[topic] for topic in _OTHERS])
    labour = min(MOST_LABOUR, sum(map(labour_words().__contains__, words)))
    return Shape(
        sentences,
        len(first),
        bool(title.strip()),
        topics,
        log((pay + 1) / (other + 1)),
        labour,
        _is_reported(sentences),
        words,
        letters,
    )


@lru_cache(maxsize=20_000)
def sentence_features(sentence: str) -> tuple[str, ...]:
    """Name what is in one sentence: runs of one to three concepts, and the patterns that match.

    Runs are named by their letters; `s` marks two concepts with one between.
    """
    dense = sentence.replace(GAP, "")
    bare = dense.replace(COMMA, "")
    names = list(dense)
    names += [dense[at : at + 2] for at in range(len(dense) - 1)]
    names += [dense[at : at + 3] for at in range(len(dense) - 2)]
    names += [f"s{one}{other}" for one, other in zip(bare, bare[2:], strict=False)]
    # A dictionary keeps the order, a set would not: sums must not depend on the process.
    return tuple(dict.fromkeys([*names, *weigh(sentence)[1]]))
