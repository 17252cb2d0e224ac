"""What the reader looks at: sentences that speak of pay, written as strings of concept letters.

Only sentences with a word of pay, money or owing are looked at ("hot" sentences). A sentence about
anything else adds nothing, whatever its words, and clauses about protest, press, court or who
somebody is are dropped first (`models.asides`): that is how they cannot move a score.
"""

import re
from collections.abc import Sequence
from operator import add
from typing import Final, NamedTuple

from models.asides import drop_and_mark, without_marks
from models.concepts import (
    COMMA,
    GAP,
    STOP,
    TITLE_END,
    TITLE_MARK,
    concept_table,
    labour_words,
)
from models.posts import count_read, post_features
from models.relations import weigh
from models.segment import segment
from models.subject import weigh_subject

_HOT: Final = re.compile("[PAaVvOWdJnkBh]|K[^.]{0,20}N")
_TOPICS: Final = "RSXHLJYUCQ"
"""Subjects that are looked for in the whole text, not only beside a word of pay."""
LEAST_NAMED: Final = (1, 3)
TOPIC_NAMES: Final = tuple(f"{topic}{least}" for topic in _TOPICS for least in LEAST_NAMED)
"""The columns of topics: named at least once, at least three times."""
_POINT: Final = re.compile(r"(?<!\d)\.(?!\d)|(?<=\d)\.(?=[^\d\s])")
"""A Latin full stop that ends a sentence or follows a list's number; not the point of 12.8."""
_COMMAS: Final = re.compile(f"{re.escape(COMMA)}{{2,}}")
LETTER: Final = 40
"""A text with so many words and more in the sentences that count is a letter: it is not read as a
short post at all."""
_TWO_COMMAS: Final = COMMA + COMMA
MAX_SENTENCE: Final = 45
"""Longer sentences, in words, are read in overlapping windows of clauses."""


class Shape(NamedTuple):
    """A text as the model sees it: hot sentences as letter strings, and the subjects of the whole.

    `title` is how many of the first strings come from the title; `counts` how often each of the
    subjects is named. `subject` is what the text as a whole says for a claim, in log-odds
    (`models.subject`).
    `reported`: news or hearsay is told beside pay, and the writer is not named. `settled`:
    something is said to be paid or solved beside pay. `size` counts the concepts of the whole text,
    which says how long it is without the words that are nobody's business; `length` counts words
    of the sentences that count (`models.posts.count_read`), at most `LETTER`: a sentence without a
    word of pay, work or another subject does not move it. `post` names what a short text holds
    (`models.posts`); it is empty for a letter. `words` and `letters` are the whole text, for the
    reasons.
    """

    sentences: tuple[str, ...]
    title: int
    has_title: bool
    counts: tuple[int, ...]
    subject: float
    reported: bool
    settled: bool
    size: int
    length: int
    post: tuple[str, ...]
    words: Sequence[str]
    letters: str

    def topics(self) -> list[str]:
        """List the `TOPIC_NAMES` that hold."""
        named = [count >= least for count in self.counts for least in LEAST_NAMED]
        return [name for name, holds in zip(TOPIC_NAMES, named, strict=True) if holds]


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


def _is_reported(speaking: str) -> bool:
    """Say whether sentences read like news: told as news or hearsay, and nobody says "I"."""
    return "I" not in speaking and ("c" in speaking or "z" in speaking)


def shape_of(title: str, text: str) -> Shape:
    """Write a normalised title and text as the model sees them."""
    whole = f"{title}{TITLE_END}{text}"
    words, marked = drop_and_mark(segment(_POINT.sub("。", whole) if "." in whole else whole))
    letters = without_marks(marked)
    head, _, body = letters.partition(TITLE_MARK)
    first = hot_sentences(head) if head else []
    counts = {topic: letters.count(topic) for topic in _TOPICS}
    sentences = (*first, *hot_sentences(body))
    speaking = STOP.join([sentence for sentence in sentences if weigh(sentence)[1]])
    labour = len(labour_words().intersection(words))
    size = len(letters) - letters.count(GAP) - letters.count(COMMA) - letters.count(STOP)
    length = count_read(words, marked, LETTER)
    return Shape(
        sentences,
        len(first),
        bool(title.strip()),
        tuple(counts.values()),
        weigh_subject(head, letters, "".join(sentences), counts, labour, len(sentences)),
        _is_reported(speaking),
        "Z" in speaking,
        size,
        length,
        post_features(words) if length < LETTER else (),
        words,
        letters,
    )


def sentence_features(sentence: str) -> tuple[str, ...]:
    """Name what is in one sentence: concepts, pairs of neighbours, and the patterns that match.

    Longer runs were tried: they tell the kinds apart no better and cost a third of the speed.
    """
    # A dictionary keeps the order, a set would not: sums must not depend on the process.
    return tuple(dict.fromkeys(list_features(sentence)))


def list_features(sentence: str) -> list[str]:
    """Name the same, some more than once."""
    # Commas around clauses that say nothing, or that were left out, must not be learned.
    dense = sentence.replace(GAP, "").strip(COMMA)
    if _TWO_COMMAS in dense:
        dense = _COMMAS.sub(COMMA, dense)
    return [*dense, *map(add, dense, dense[1:]), *weigh(sentence)[1]]
