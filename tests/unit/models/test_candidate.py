"""Comparing a candidate: what it would add and drop, and how it does on held-back labels."""

from math import isclose

import pytest

from models.candidate import Hits, OnLabels, compare_readers, judge_reader
from models.lessons import Lesson
from models.reader import ClaimReader, ReadingInput, Score
from monitor.domain import DocumentKind

RECENT = [ReadingInput("", "我的工资三个月没发"), ReadingInput("", "路灯坏了没人修")]
LABELS = [
    Lesson(1, "forum t1", "", "我的工资三个月没发", is_claim=True),
    Lesson(2, "forum t2", "", "路灯坏了没人修", is_claim=False),
]

pytestmark = pytest.mark.usefixtures("low_floors")


class ProtestReader(ClaimReader):
    """A reader that has learned to listen for protest, as none may."""

    def score_many(self, items: list[ReadingInput]) -> list[Score]:  # type: ignore[override]
        return [
            Score(DocumentKind.CLAIM, 0.9) if "上访" in item.text else score
            for item, score in zip(items, super().score_many(items), strict=True)
        ]


class DeafReader(ClaimReader):
    """A reader to which nothing is a claim."""

    def score_many(self, items: list[ReadingInput]) -> list[Score]:  # type: ignore[override]
        return [Score(DocumentKind.UNRELATED, 0.0) for _ in items]


def test_a_reader_compared_with_itself_changes_nothing() -> None:
    reader = ClaimReader.load()
    comparison = compare_readers(reader, reader, recent=RECENT, held_back=LABELS)
    assert comparison.changes == ()
    assert comparison.standing.passes
    assert comparison.standing == comparison.working_standing
    assert comparison.on_labels
    assert comparison.on_labels.working == comparison.on_labels.candidate == Hits(1, 0, 0, 1)
    assert comparison.on_labels.chance == 1.0


def test_a_stricter_candidate_drops_cases_and_falls_below_the_floors() -> None:
    working, strict = ClaimReader.load(), DeafReader.load()
    comparison = compare_readers(working, strict, recent=RECENT, held_back=LABELS)
    (change,) = comparison.changes
    assert (change.at, change.is_added) == (0, False)
    assert change.before.kind is DocumentKind.CLAIM
    assert not comparison.standing.passes
    assert any(line.startswith("查全") for line in comparison.standing.shortfalls)
    assert comparison.on_labels
    assert comparison.on_labels.candidate.recall == (0, 1)
    assert (comparison.on_labels.better, comparison.on_labels.worse) == (0, 1)


def test_a_reader_that_listens_for_protest_is_found_out() -> None:
    standing = judge_reader(ProtestReader.load())
    assert not standing.passes
    assert any(line.startswith("petition: ") for line in standing.unfair)
    assert any(line.startswith("protest alone: claim") for line in standing.unfair)
    assert judge_reader(ClaimReader.load()).unfair == ()


def test_without_labels_nothing_is_said_of_labels() -> None:
    reader = ClaimReader.load()
    assert compare_readers(reader, reader, recent=[], held_back=[]).on_labels is None


@pytest.mark.parametrize(
    ("better", "worse", "chance"), [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (8, 2, 0.109375)]
)
def test_a_difference_is_told_with_the_chance_that_it_is_none(
    better: int, worse: int, chance: float
) -> None:
    hits = Hits(1, 1, 1, 1)
    assert isclose(OnLabels(hits, hits, better, worse).chance, chance)
