"""What the reader looks at: sentences that speak of pay, written as strings of concept letters.

Only sentences with a word of pay, money or owing are looked at ("hot" sentences). A sentence about
anything else adds nothing, whatever its words, and clauses about protest, press, court or who
somebody is are dropped first (`models.asides`): that is how they cannot move a score.
"""

import re
from collections.abc import Sequence
from itertools import chain
from operator import add
from typing import Final, NamedTuple

from models.asides import ASIDE, drop_and_mark, without_marks
from models.concepts import (
    COMMA,
    GAP,
    NUMBER,
    STOP,
    TITLE_END,
    TITLE_MARK,
    concept_table,
    labour_words,
)
from models.posts import count_read, post_features
from models.relations import names_pay, weigh
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
_SAYS_NOTHING: Final = frozenset(("", ASIDE, NUMBER, "I"))
"""Nothing is learned from such words; a clause with no others but gaps is left out altogether."""
_TWO_COMMAS: Final = COMMA + COMMA
MAX_SENTENCE: Final = 45
"""Longer sentences, in words, are read in overlapping windows of clauses."""


class Hot(NamedTuple):
    """A sentence, or a part of a long one, that names pay, money or owing.

    `letters` are its concepts; `words` those of its words from which something may be learned, in
    a fixed order and each once. `weight` and `found` are what `models.relations.weigh` says of it:
    a sum in log-odds, and the names of the patterns.
    """

    letters: str
    words: tuple[str, ...]
    weight: float
    found: tuple[str, ...]


class Shape(NamedTuple):
    """A text as the model sees it: hot sentences, and the subjects of the whole.

    `title` is how many of the first sentences come from the title; `counts` how often each of the
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

    sentences: tuple[Hot, ...]
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


def _windows(sentence: str) -> list[tuple[int, int]]:
    """Cut a long sentence into windows of clauses that overlap by one: first clause and end."""
    windows: list[tuple[int, int]] = []
    first, size = 0, 0
    sizes = [min(len(clause), MAX_SENTENCE) for clause in sentence.split(COMMA)]
    for at, part in enumerate(sizes):
        if at > first and size + part > MAX_SENTENCE // 2:
            windows.append((first, at))
            first, size = at - 1, sizes[at - 1]
        size += part
    windows.append((first, len(sizes)))
    return windows


def is_hot(sentence: str) -> bool:
    """Say whether a sentence of concept letters names pay, money or owing."""
    return _HOT.search(sentence) is not None


def hot_sentences(
    words: Sequence[str], codes: Sequence[str], letters: str, *, beside_pay: bool
) -> list[Hot]:
    """List the sentences that hold a word of pay, money or owing.

    Args:
        words: Of one text or title.
        codes: For each word its letters of `models.asides.marked_table`.
        letters: The concept letters of all words.
        beside_pay: Title or text names pay anywhere.
    """
    if _HOT.search(letters) is None:
        return []
    found: list[Hot] = []
    start, last = 0, len(words)
    for sentence in letters.split(STOP):
        try:
            end = codes.index(STOP, start)
        except ValueError:
            end = last
        if _HOT.search(sentence) is not None:
            for part, learned in _cut_hot(words[start:end], codes[start:end], sentence):
                found.append(Hot(part, learned, *weigh(part, beside_pay=beside_pay)))
        start = end + 1
    return found


def _cut_hot(
    words: Sequence[str], codes: Sequence[str], letters: str
) -> list[tuple[str, tuple[str, ...]]]:
    """Cut a sentence into its windows, and give letters and words of those that are hot."""
    learned: list[list[str]] = []
    clause: list[str] = []
    speaks = False
    for word, code in zip(words, codes, strict=True):
        if code == GAP:
            if len(word) > 1:
                clause.append(word)
        elif code == COMMA:
            learned.append(clause if speaks else [])
            clause, speaks = [], False
        elif code not in _SAYS_NOTHING:
            clause.append(word)
            speaks = True
    learned.append(clause if speaks else [])
    if len(letters) <= MAX_SENTENCE:
        return [(letters, tuple(dict.fromkeys(chain.from_iterable(learned))))]
    clauses = letters.split(COMMA)
    return [
        (part, tuple(dict.fromkeys(chain.from_iterable(learned[first:end]))))
        for first, end in _windows(letters)
        if is_hot(part := COMMA.join([clause[:MAX_SENTENCE] for clause in clauses[first:end]]))
    ]


def _is_reported(speaking: str) -> bool:
    """Say whether sentences read like news: told as news or hearsay, and nobody says "I"."""
    return "I" not in speaking and ("c" in speaking or "z" in speaking)


def shape_of(title: str, text: str) -> Shape:
    """Write a normalised title and text as the model sees them."""
    whole = f"{title}{TITLE_END}{text}"
    read = segment(_POINT.sub("。", whole) if "." in whole else whole)
    words, codes, marked = drop_and_mark(read)
    letters = without_marks(marked)
    turn = codes.index(TITLE_MARK)
    head, _, body = letters.partition(TITLE_MARK)
    beside_pay = names_pay(letters)
    head_part = words[:turn], codes[:turn], head
    first = hot_sentences(*head_part, beside_pay=beside_pay) if turn else []
    body_part = words[turn + 1 :], codes[turn + 1 :], body
    found = (*first, *hot_sentences(*body_part, beside_pay=beside_pay))
    counts = {topic: letters.count(topic) for topic in _TOPICS}
    speaking = STOP.join([hot.letters for hot in found if hot.found])
    labour = len(labour_words().intersection(words))
    size = len(letters) - letters.count(GAP) - letters.count(COMMA) - letters.count(STOP)
    length = count_read(words, marked, LETTER)
    hot_letters = "".join([hot.letters for hot in found])
    return Shape(
        found,
        len(first),
        bool(title.strip()),
        tuple(counts.values()),
        weigh_subject(head, letters, hot_letters, counts, labour=labour, number=len(found)),
        _is_reported(speaking),
        "Z" in speaking,
        size,
        length,
        post_features(words) if length < LETTER else (),
        words,
        letters,
    )


def sentence_features(hot: Hot) -> tuple[str, ...]:
    """Name the concepts of a sentence, pairs of neighbours, and the patterns that match."""
    # A dictionary keeps the order, a set would not: sums must not depend on the process.
    return tuple(dict.fromkeys(list_features(hot._replace(words=()))))


def list_features(hot: Hot) -> list[str]:
    """Name the same, some more than once, and with them the words that are learned from.

    Longer runs of concepts were tried: they tell the kinds apart no better and cost a third of the
    speed.
    """
    # Commas around clauses that say nothing, or that were left out, must not be learned.
    dense = hot.letters.replace(GAP, "").strip(COMMA)
    if _TWO_COMMAS in dense:
        dense = _COMMAS.sub(COMMA, dense)
    return [*dense, *map(add, dense, dense[1:]), *hot.found, *hot.words]
