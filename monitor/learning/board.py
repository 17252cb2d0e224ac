"""What the pages of the model ask: which reader works, since when, by whom and why; candidates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.artefact import find_library_changes
from models.candidate import Hits
from models.review import is_drawn
from monitor.domain import CASE_KINDS, DocumentKind, Issue, Person, Role
from monitor.errors import NotAllowedError, NotFoundError
from monitor.learning import drifting
from monitor.learning.judgement import Judgement, load_judgement
from monitor.promoting import MAY_PROMOTE, SHIPPED, find_standing_promotions
from monitor.reports.rates import share_interval
from monitor.shelf import Shelf, ShelvedReader
from monitor.storage.labels import Answered, ToReview
from monitor.storage.readers import Promotion, ReadText
from monitor.storage.session import Storage

SEEING = frozenset({Role.CASE_OFFICER, Role.REVIEWER, Role.LEADER, Role.ADMINISTRATOR})
"""Who may look at the model's pages: those who may correct it or let it work."""

TENTHS = 10
CONFIDENCE = 0.95
MOST_SHOWN = 50
"""So many of the added and of the dropped stand on a candidate's page on the desk."""


@dataclass(frozen=True, slots=True)
class Tenth:
    """Of the reviewed messages whose score lies in one tenth: how many were claims.

    `low` and `high` are the exact 95 % interval of the share; all shares in [0, 1].
    """

    mean_score: float
    claims: int
    texts: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """How many of them were claims."""
        return self.claims / self.texts


@dataclass(frozen=True, slots=True)
class DrawnFigures:
    """Reviewed messages that were drawn by lot, of one reader.

    Of `alarms` that it made a case of `true_alarms` were; of `quiet` that it did not, `overlooked`
    should have been one.
    """

    alarms: int
    true_alarms: int
    quiet: int
    overlooked: int


@dataclass(frozen=True, slots=True)
class ModelView:
    """The model's page. `promotion` is None while the shipped reader works as it came."""

    working: ShelvedReader
    promotion: Promotion | None
    candidates: Sequence[tuple[ShelvedReader, Judgement | None]]
    promotions: Sequence[Promotion]
    names: dict[str, str]
    drawn: DrawnFigures
    reliability: Sequence[Tenth]
    answered: int
    drift: drifting.DriftReport | None
    issues: Sequence[Issue]
    library_changes: Sequence[str]
    may_promote: bool
    can_undo: bool


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One candidate, and the words of the messages that it would judge otherwise."""

    reader: ShelvedReader
    judgement: Judgement
    texts: dict[int, ReadText]
    may_promote: bool


class ModelBoard:
    """Answers and does what the pages of the model need; safe to use from several threads."""

    def __init__(self, storage: Storage, shelf: Shelf) -> None:
        """Keep the collaborators."""
        self._storage = storage
        self._shelf = shelf

    def view(self, person: Person) -> ModelView:
        """Everything of the model's page."""
        _check(person)
        readers = self._shelf.list_readers()
        working = next((each for each in readers if each.is_working), readers[0])
        promotions = self._shelf.list_promotions()
        standing = find_standing_promotions(promotions)
        with self._storage.look() as rows:
            answered = rows.labels.list_answered(working.version)
            drift = drifting.find_last(rows, working.version)
            issues = [
                each
                for each in rows.operations.list_open_issues()
                if each.subject == drifting.SUBJECT
            ]
            names = {each.username: each.display_name for each in rows.users.list_all()}
        return ModelView(
            working=working,
            promotion=_find_act(promotions, working),
            candidates=[
                (each, _judged(each.judgement)) for each in readers[1:][::-1] if not each.is_working
            ],
            promotions=promotions[::-1],
            names=names,
            drawn=count_drawn(answered),
            reliability=count_tenths(answered),
            answered=len(answered),
            drift=drift,
            issues=issues,
            library_changes=find_library_changes(working.card),
            may_promote=person.role in MAY_PROMOTE,
            can_undo=bool(standing) and person.role in MAY_PROMOTE,
        )

    def get_candidate(self, version: str, person: Person, now: datetime) -> CandidateView:
        """One candidate; that its messages were looked at is audited.

        Raises:
            NotFoundError: There is none of that version, or nothing is known of it.
        """
        _check(person)
        found = next(
            (each for each in self._shelf.list_readers()[1:] if each.version == version), None
        )
        judgement = _judged(found.judgement) if found else None
        if found is None or judgement is None:
            raise NotFoundError("没有这个候选模型。")
        shown = [*judgement.added[:MOST_SHOWN], *judgement.dropped[:MOST_SHOWN]]
        with self._storage.look() as rows:
            texts = rows.readers.find_texts([each.document_id for each in shown])
        with self._storage.work() as rows:
            rows.audit.add(person.username, "model.viewed", f"model:{version}", now)
        return CandidateView(found, judgement, texts, person.role in MAY_PROMOTE)

    def get_document(self, document_id: int, person: Person, now: datetime) -> ToReview:
        """One message with its reading; audited.

        Raises:
            NotFoundError: There is none, or its words have been forgotten.
        """
        _check(person)
        with self._storage.look() as rows:
            found = rows.labels.find_waiting(document_id)
        if found is None:
            raise NotFoundError("没有这条消息，或原文已按保存期清除。")
        with self._storage.work() as rows:
            subject = f"document:{document_id}"
            rows.audit.add(person.username, "document.viewed", subject, now, "model")
        return found

    def list_tenths(self, person: Person) -> list[Tenth]:
        """What the reliability picture shows."""
        _check(person)
        working = next(each for each in self._shelf.list_readers() if each.is_working)
        with self._storage.look() as rows:
            return count_tenths(rows.labels.list_answered(working.version))

    def promote(self, version: str, person: Person, reason: str, now: datetime) -> None:
        """Let a candidate work that passes; one below a floor needs the command line."""
        self._shelf.promote(version, person, reason, now)

    def undo(self, person: Person, reason: str, now: datetime) -> None:
        """Take the newest promotion back."""
        self._shelf.undo(person, reason, now)


def _check(person: Person) -> None:
    if person.role not in SEEING:
        raise NotAllowedError("您的角色不能查看或办理这一项。")


def _judged(dumped: dict[str, Any]) -> Judgement | None:
    try:
        return load_judgement(dumped)
    except ValueError:
        return None  # kept by another version of this program


def _find_act(promotions: Sequence[Promotion], working: ShelvedReader) -> Promotion | None:
    """The newest line that let the working reader work."""
    name = SHIPPED if working.is_shipped else working.version
    return next((each for each in reversed(promotions) if each.version == name), None)


def count_drawn(answered: Sequence[Answered]) -> DrawnFigures:
    """Count the reviewed messages that were drawn by lot: the only ones without bias."""
    cases = [(each, DocumentKind(each.kind) in CASE_KINDS) for each in answered]
    drawn = [(each, case) for each, case in cases if is_drawn(each.document_id, is_case=case)]
    hits = Hits(
        found=sum(case and each.is_claim for each, case in drawn),
        missed=sum(not case and each.is_claim for each, case in drawn),
        false=sum(case and not each.is_claim for each, case in drawn),
        quiet=sum(not case and not each.is_claim for each, case in drawn),
    )
    return DrawnFigures(
        alarms=hits.found + hits.false,
        true_alarms=hits.found,
        quiet=hits.quiet + hits.missed,
        overlooked=hits.missed,
    )


def count_tenths(answered: Sequence[Answered]) -> list[Tenth]:
    """Group reviewed messages by tenths of their score; tenths without any are left out.

    Which messages are asked about depends on the score, so within one score nothing is chosen for
    its answer (but for the few that are asked because an officer disagreed). News of others is left
    out: its score is low and it is owed pay all the same.
    """
    rows = [each for each in answered if each.kind != DocumentKind.THIRD_PARTY]
    tenths = []
    for number in range(TENTHS):
        mine = [each for each in rows if min(int(each.score * TENTHS), TENTHS - 1) == number]
        claims = sum(each.is_claim for each in mine)
        interval = share_interval(claims, len(mine), CONFIDENCE)
        if interval:
            mean = sum(each.score for each in mine) / len(mine)
            tenths.append(Tenth(mean, claims, len(mine), *interval))
    return tenths
