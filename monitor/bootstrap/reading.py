"""The reader, the shelf it comes from, and the score card of urgency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.party import normalise_party
from models.reader import ClaimReader, ReadingInput
from models.urgency import UrgencyCard, score_urgency
from monitor.bootstrap.app import App
from monitor.bootstrap.calendars import read_clock_rules
from monitor.casework import PartyKind
from monitor.clocks import ClockRules, day_of, find_campaign_deadline
from monitor.domain import Document, Facts, Reading, Urgency
from monitor.settings import Settings
from monitor.shelf import Shelf

KnownParties = frozenset[tuple[str, str]]
"""Kinds and normalised names."""


@dataclass(frozen=True, slots=True)
class DocumentReader:
    """The claim reader, as the pipeline asks it."""

    reader: ClaimReader

    @property
    def working_threshold(self) -> float:
        """Share in [0, 1] from which a text counts as a claim."""
        return self.reader.working_threshold

    def read(self, documents: Sequence[Document]) -> list[Reading]:
        """Read several documents."""
        return self.reader.assess_many(
            [ReadingInput(each.title, each.text, each.published_at) for each in documents]
        )


@dataclass(frozen=True, slots=True)
class UrgencyScorer:
    """The score card and the campaigns' deadlines, as the pipeline asks them."""

    card: UrgencyCard
    clocks: ClockRules

    def score(
        self,
        facts: Facts,
        document: Document,
        now: datetime,
        *,
        known_c: KnownParties = frozenset(),
    ) -> Urgency:
        """Score one document's facts.

        Args:
            facts: What the document says.
            document: Tells when it was said.
            now: From here the days to the campaign's deadline are counted.
            known_c: Kinds and normalised names of the parties in class C.
        """
        today = day_of(now)
        is_public = bool(facts.public_project and facts.public_project.value)
        deadline = find_campaign_deadline(today, public_money=is_public, rules=self.clocks)
        return score_urgency(
            facts,
            published_at=document.published_at or document.fetched_at,
            card=self.card,
            days_to_deadline=(deadline - today).days,
            employer_known_c=is_known(facts, known_c),
        )


def is_known(facts: Facts, parties: KnownParties) -> bool:
    """Say whether the employer or the project that a text names is among these parties."""
    said = ((PartyKind.EMPLOYER, facts.employer), (PartyKind.PROJECT, facts.project))
    return any(
        (kind.value, normalise_party(fact.value)[:200]) in parties
        for kind, fact in said
        if fact is not None
    )


def make_shelf(app: App) -> Shelf:
    """The readers that there are."""
    return Shelf(app.storage, app.settings.model.folder)


def load_reader(app: App) -> DocumentReader:
    """Load the working reader, which takes a moment: keep it.

    Raises:
        ModelError: It is missing, of another format, or its checksum differs.
    """
    return DocumentReader(make_shelf(app).load_working().reader)


def find_model_pages(settings: Settings) -> Path:
    """Where the pages of candidates are kept."""
    return settings.data.folder / "models"


def make_scorer(settings: Settings) -> UrgencyScorer:
    """How urgent a message is, by the settings."""
    return UrgencyScorer(read_urgency_card(settings), read_clock_rules(settings))


def read_urgency_card(settings: Settings) -> UrgencyCard:
    """The score card, from the settings."""
    card = settings.urgency
    return UrgencyCard(
        worker_steps=tuple((int(least), points) for least, points in card.worker_steps),
        amount_steps=card.amount_steps,
        month_steps=card.month_steps,
        deadline_steps=tuple((int(most), points) for most, points in card.deadline_steps),
        public_project=card.public_project,
        employer_fled=card.employer_fled,
        employer_class_c=card.employer_class_c,
        danger_to_life=card.danger_to_life,
        raised_at=card.raised_at,
        high_at=card.high_at,
        critical_at=card.critical_at,
    )
