"""Drift: do the scores and the words of now still look like those that a reader began with?

A profile holds counts over many texts and no text. Two are compared by tests whose limits widen
with few texts, so that a quiet week raises no alarm. Words of protest, petition, press and court,
and words about who somebody is, are never counted.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

from scipy.special import betainc, gammaincinv

from models.asides import drop_asides
from models.concepts import GAP, aside_words, concept_table
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
FALSE_ALARMS: Final = 0.001
"""How often each of the three tests may speak although nothing has changed."""
LEAST_STANDING: Final = 5
"""A word that stands in fewer texts is not kept in a profile."""
LEAST_FREQUENT: Final = 10
"""A word is named from so many texts on."""
RISEN: Final = 2.0
"""A word is named when its share of texts has grown so many times."""
UNKNOWN_MOVED: Final = 0.15
"""By what part of itself the share of unknown words must move to be named."""
_TINY: Final = 0.5


@dataclass(frozen=True, slots=True)
class Profile:
    """What many texts and their scores are like.

    `bins` counts scores by tenths. `unknown` is the mean share of a text's words that stand for no
    concept, `scatter` the variance of that share. `words` counts in how many texts each such word
    stands, of those in at least `LEAST_STANDING`.
    """

    texts: int
    bins: tuple[int, ...]
    unknown: float
    scatter: float
    words: dict[str, int]


@dataclass(frozen=True, slots=True)
class Rise:
    """A word without a concept that became frequent: in how many texts before, and now."""

    word: str
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class Drift:
    """How far scores and words have moved.

    `index` is the population stability index of the scores, `limit` what it must exceed to be more
    than the rule of thumb and more than chance. `rises` has the largest rise first.
    """

    before: int
    now: int
    index: float
    limit: float
    unknown_before: float
    unknown_now: float
    has_new_words: bool
    rises: tuple[Rise, ...]

    @property
    def is_enough(self) -> bool:
        """There are enough texts on both sides to say anything."""
        return min(self.before, self.now) >= FEWEST

    @property
    def has_shifted(self) -> bool:
        """The scores have moved."""
        return self.is_enough and self.index > self.limit


def take_profile(scores: Sequence[float], texts: Sequence[str]) -> Profile:
    """Count scores in [0, 1] and words of as many texts.

    Raises:
        InputTooLargeError: A text is longer than the reader accepts.
    """
    bins = Counter(min(int(score * BINS), BINS - 1) for score in scores)
    shares: list[float] = []
    words = Counter[str]()
    for text in texts:
        known, unknown = _part_words(text)
        words.update(set(unknown))
        if known or unknown:
            shares.append(len(unknown) / (known + len(unknown)))
    mean = sum(shares) / len(shares) if shares else 0.0
    return Profile(
        texts=len(texts),
        bins=tuple(bins[tenth] for tenth in range(BINS)),
        unknown=mean,
        scatter=sum((share - mean) ** 2 for share in shares) / max(len(shares) - 1, 1),
        words={word: count for word, count in sorted(words.items()) if count >= LEAST_STANDING},
    )


def _part_words(text: str) -> tuple[int, list[str]]:
    """How many words of two or more signs have a concept, and those that have none."""
    table, asides = concept_table(), aside_words()
    words = [
        word
        for word in drop_asides(segment(normalise(text)))
        if len(word) > 1 and word not in asides and not word.isascii()
    ]
    unknown = [word for word in words if table[word] == GAP]
    return len(words) - len(unknown), unknown


def compare_profiles(before: Profile, now: Profile, *, most: int = 10) -> Drift:
    """Compare two profiles; names at most so many words."""
    few = min(before.texts, now.texts) < FEWEST
    return Drift(
        before=before.texts,
        now=now.texts,
        index=0.0 if few else stability_index(before.bins, now.bins),
        limit=SHIFTED if few else max(SHIFTED, find_limit(before.texts, now.texts)),
        unknown_before=before.unknown,
        unknown_now=now.unknown,
        has_new_words=not few and _has_moved(before, now),
        rises=() if few else tuple(_find_rises(before, now)[:most]),
    )


def stability_index(before: Sequence[int], now: Sequence[int]) -> float:
    """Compute the population stability index of two rows of counts of the same bins."""
    old, new = _shares(before), _shares(now)
    return sum((b - a) * log(b / a) for a, b in zip(old, new, strict=True))


def find_limit(before: int, now: int) -> float:
    """How large the index is by chance alone, all but once in `1 / FALSE_ALARMS` times.

    Source:
        Yurdakul and Naranjo (2020), "Statistical properties of the population stability index":
        without a shift the index over (1/n + 1/m) is a chi-square with one degree less than bins.
    """
    if not before or not now:
        return float("inf")
    chi_square = 2.0 * float(gammaincinv((BINS - 1) / 2, 1.0 - FALSE_ALARMS))
    return chi_square * (1.0 / before + 1.0 / now)


def _shares(counts: Sequence[int]) -> list[float]:
    """Give the share of each bin, none of them zero."""
    total = sum(counts) + _TINY * len(counts)
    return [(count + _TINY) / total for count in counts]


def _has_moved(before: Profile, now: Profile) -> bool:
    """Whether texts have clearly more words without a concept than before."""
    error = sqrt(before.scatter / before.texts + now.scatter / now.texts)
    rise = now.unknown - before.unknown
    return rise > UNKNOWN_MOVED * before.unknown and rise > 4.0 * error


def _find_rises(before: Profile, now: Profile) -> list[Rise]:
    """The words that became frequent by more than chance, tested together (Bonferroni)."""
    asides = aside_words()
    tested = [
        (word, count)
        for word, count in now.words.items()
        if count >= LEAST_FREQUENT and word not in asides
    ]
    rises = []
    for word, count in tested:
        # What an earlier profile does not name stood in fewer texts than it names: at most so many.
        was = before.words.get(word, LEAST_STANDING - 1)
        ratio = (count / now.texts) / (was / before.texts)
        chance = float(betainc(count, was + 1, now.texts / (now.texts + before.texts)))
        if ratio >= RISEN and chance < FALSE_ALARMS / len(tested):
            rises.append((ratio, Rise(word, before.words.get(word, 0), count)))
    return [rise for _, rise in sorted(rises, key=lambda each: (-each[0], each[1].word))]
