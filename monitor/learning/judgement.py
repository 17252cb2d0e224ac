"""What was found about a candidate: figures and numbers of documents, and no word of any."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from models.candidate import Comparison, Hits
from models.gate import Baseline, GateFigures
from models.lessons import Split
from monitor.domain import DocumentKind

MANY_LABELS = 100
"""From so many held-back labels on their figures say something; with fewer the page warns."""


@dataclass(frozen=True, slots=True)
class LabelCount:
    """What became of the reviewers' words; `reviewed` texts in all, each with its newest word.

    `without_words` texts retention has emptied. `learned` and `held_back` are parted by thread;
    `repeated` held-back texts stand word for word among the learned and measure nothing.
    """

    reviewed: int
    without_words: int
    learned: int
    held_back: int
    repeated: int


@dataclass(frozen=True, slots=True)
class MovedDocument:
    """A document of which only one of the two readers would make a case."""

    document_id: int
    kind_before: DocumentKind
    score_before: float
    kind_after: DocumentKind
    score_after: float
    is_added: bool


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Both readers on the held-back labels; see `models.candidate.OnLabels`."""

    working: Hits
    candidate: Hits
    better: int
    worse: int
    chance: float

    @property
    def are_few(self) -> bool:
        """Too few labels to say much."""
        return self.working.texts < MANY_LABELS


@dataclass(frozen=True, slots=True)
class Judgement:
    """All of it. `since` is from when on messages were read anew, `read` how many."""

    working: str
    candidate: str
    made_at: datetime
    since: datetime
    read: int
    labels: LabelCount | None
    floors: GateFigures
    working_figures: GateFigures
    figures: GateFigures
    shortfalls: tuple[str, ...]
    unfair: tuple[str, ...]
    on_labels: LabelFigures | None
    moved: tuple[MovedDocument, ...]

    @property
    def passes(self) -> bool:
        """Above every floor, and fair."""
        return not self.shortfalls and not self.unfair

    @property
    def added(self) -> list[MovedDocument]:
        """What the candidate would add, the surest first."""
        found = [each for each in self.moved if each.is_added]
        return sorted(found, key=lambda each: (-each.score_after, each.document_id))

    @property
    def dropped(self) -> list[MovedDocument]:
        """What the candidate would drop, what was surest before first."""
        found = [each for each in self.moved if not each.is_added]
        return sorted(found, key=lambda each: (-each.score_before, each.document_id))


_ADAPTER = TypeAdapter(Judgement)


def dump_judgement(judgement: Judgement) -> dict[str, Any]:
    """As plain values, for JSON."""
    dumped: dict[str, Any] = _ADAPTER.dump_python(judgement, mode="json")
    return dumped


def load_judgement(dumped: dict[str, Any]) -> Judgement:
    """The inverse of `dump_judgement`.

    Raises:
        ValueError: It is not what `dump_judgement` gave.
    """
    return _ADAPTER.validate_python(dumped)


def make_judgement(
    compared: Comparison,
    *,
    baseline: Baseline,
    split: Split | None,
    without_words: int,
    document_ids: list[int],
    made_at: datetime,
    since: datetime,
) -> Judgement:
    """Put a comparison down; `document_ids` are those of the texts that were compared, in order."""
    return Judgement(
        working=compared.working,
        candidate=compared.candidate,
        made_at=made_at,
        since=since,
        read=compared.read,
        labels=_count_labels(split, without_words) if split else None,
        floors=baseline.floors,
        working_figures=compared.working_standing.figures,
        figures=compared.standing.figures,
        shortfalls=compared.standing.shortfalls,
        unfair=compared.standing.unfair,
        on_labels=_figures_on_labels(compared),
        moved=tuple(
            MovedDocument(
                document_ids[change.at],
                change.before.kind,
                change.before.score,
                change.after.kind,
                change.after.score,
                change.is_added,
            )
            for change in compared.changes
        ),
    )


def _count_labels(split: Split, without_words: int) -> LabelCount:
    learned, held = len(split.learned), len(split.held_back)
    return LabelCount(
        learned + held + split.repeated + without_words,
        without_words,
        learned,
        held,
        split.repeated,
    )


def _figures_on_labels(compared: Comparison) -> LabelFigures | None:
    found = compared.on_labels
    if found is None:
        return None
    return LabelFigures(found.working, found.candidate, found.better, found.worse, found.chance)
