"""A candidate beside the working reader: what would change if a person promoted it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from models.gate import (
    GateFigures,
    find_shortfalls,
    fingerprint,
    load_baseline,
    load_gate_messages,
    score_gate,
)
from models.invariance import find_unfairness
from models.lessons import Lesson
from models.reader import ClaimReader, ReadingInput, Score
from monitor.domain import CASE_KINDS


@dataclass(frozen=True, slots=True)
class Hits:
    """How often a reader agreed with reviewers on whether a text leads to a case.

    `found` claims that were read as one, `missed` ones that were not, `false` alarms, and `quiet`:
    what is no claim and was not read as one.
    """

    found: int
    missed: int
    false: int
    quiet: int

    @property
    def texts(self) -> int:
        """All of them."""
        return self.found + self.missed + self.false + self.quiet

    @property
    def precision(self) -> tuple[int, int]:
        """True alarms of all alarms."""
        return self.found, self.found + self.false

    @property
    def recall(self) -> tuple[int, int]:
        """Claims found of all claims."""
        return self.found, self.found + self.missed

    @property
    def right(self) -> tuple[int, int]:
        """Texts on which reader and reviewer agree."""
        return self.found + self.quiet, self.texts


@dataclass(frozen=True, slots=True)
class OnLabels:
    """Two readers on the held-back labels.

    `better` texts only the candidate reads rightly, `worse` ones only the working reader.
    """

    working: Hits
    candidate: Hits
    better: int
    worse: int

    @property
    def chance(self) -> float:
        """How likely so uneven a difference is when neither is better (exact sign test)."""
        both, least = self.better + self.worse, min(self.better, self.worse)
        tail: int = sum(comb(both, k) for k in range(least + 1))
        return min(1.0, 2 * tail / 2.0**both)


@dataclass(frozen=True, slots=True)
class Change:
    """A text that only one of the two would make a case of; `at` is its place in the list."""

    at: int
    before: Score
    after: Score

    @property
    def is_added(self) -> bool:
        """The candidate would make a case of it; else it would drop it."""
        return self.after.kind in CASE_KINDS


@dataclass(frozen=True, slots=True)
class Standing:
    """How a reader stands against what no reader may fall below.

    `shortfalls` is empty when it is above every floor, `unfair` when added words about protest or
    about a person move nothing. What is unfair may never work.
    """

    figures: GateFigures
    shortfalls: tuple[str, ...]
    unfair: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """Nothing speaks against it."""
        return not self.shortfalls and not self.unfair


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a candidate would change; `on_labels` is None without held-back labels."""

    working: str
    candidate: str
    read: int
    changes: tuple[Change, ...]
    working_standing: Standing
    standing: Standing
    on_labels: OnLabels | None


def judge_reader(reader: ClaimReader) -> Standing:
    """Hold a reader against the pinned floors and the fairness pairs.

    Raises:
        ArtefactMissingError: The gate's messages or floors are not there.
        ArtefactCorruptError: The gate's messages or floors cannot be read.
    """
    messages = load_gate_messages()
    figures = score_gate(reader, messages)
    shortfalls = find_shortfalls(figures, load_baseline(), fingerprint(messages))
    return Standing(figures, tuple(shortfalls), tuple(find_unfairness(reader)))


def compare_readers(
    working: ClaimReader,
    candidate: ClaimReader,
    *,
    recent: Sequence[ReadingInput],
    held_back: Sequence[Lesson],
) -> Comparison:
    """Read recent texts and held-back labels with both readers.

    Raises:
        InputTooLargeError: A text is longer than a reader accepts.
        ArtefactMissingError: The gate's messages or floors are not there.
        ArtefactCorruptError: The gate's messages or floors cannot be read.
    """
    return Comparison(
        working=working.version,
        candidate=candidate.version,
        read=len(recent),
        changes=tuple(find_changes(working, candidate, recent)),
        working_standing=judge_reader(working),
        standing=judge_reader(candidate),
        on_labels=compare_on_labels(working, candidate, held_back) if held_back else None,
    )


def find_changes(
    working: ClaimReader, candidate: ClaimReader, texts: Sequence[ReadingInput]
) -> list[Change]:
    """List the texts of which only one of the two readers would make a case."""
    pairs = zip(working.score_many(texts), candidate.score_many(texts), strict=True)
    return [
        Change(at, before, after)
        for at, (before, after) in enumerate(pairs)
        if (before.kind in CASE_KINDS) != (after.kind in CASE_KINDS)
    ]


def compare_on_labels(
    working: ClaimReader, candidate: ClaimReader, held_back: Sequence[Lesson]
) -> OnLabels:
    """Count how often each reader agrees with the reviewers."""
    texts = [ReadingInput(each.title, each.text) for each in held_back]
    truth = [each.is_claim for each in held_back]
    before = [score.kind in CASE_KINDS for score in working.score_many(texts)]
    after = [score.kind in CASE_KINDS for score in candidate.score_many(texts)]
    triples = [*zip(before, after, truth, strict=True)]
    return OnLabels(
        working=_count(before, truth),
        candidate=_count(after, truth),
        better=sum(new == true != old for old, new, true in triples),
        worse=sum(old == true != new for old, new, true in triples),
    )


def _count(said: Sequence[bool], truth: Sequence[bool]) -> Hits:
    pairs = [*zip(said, truth, strict=True)]
    return Hits(
        found=pairs.count((True, True)),
        missed=pairs.count((False, True)),
        false=pairs.count((True, False)),
        quiet=pairs.count((False, False)),
    )
