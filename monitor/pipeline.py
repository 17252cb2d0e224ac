"""The steps of `work`, in order, one function each; the file to read first.

    documents → assess_documents → assessments → decide_cases → cases + alerts → alerts.outbox
    escalate_alerts: nobody answered, tell the next

Each step is given its collaborators and `now`, finds its own work in the database, and says how
much it did; running it twice does nothing twice. A step's lease is renewed inside the transaction
that does its work: whoever lost it is rolled back. The case change and its alert rows are one
transaction.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from alerts.escalation import next_alerts
from alerts.ladder import COPY, Ladders
from alerts.policy import alerts_for, copies_for, first_alerts
from alerts.quiet import QuietHours, find_release
from alerts.settling import RosterRules
from alerts.wording import word_alert, word_notice
from monitor.cases import (
    Because,
    Candidates,
    Ignore,
    JoinCase,
    OpenCase,
    decide_case,
    read_case_facts,
    says_not_paid,
)
from monitor.domain import (
    SHANGHAI,
    Alert,
    AlertCard,
    AlertReason,
    AlertState,
    Assessment,
    Case,
    CaseEvent,
    CaseState,
    CaseStep,
    Contact,
    Document,
    Facts,
    LadderStep,
    NewAlert,
    Person,
    Reading,
    Shift,
    StoredDocument,
    Urgency,
    UrgencyLevel,
)
from monitor.duty_nouns import CallOff, Notice
from monitor.errors import LeaseLostError, StorageError
from monitor.roster_book import read_roster_around
from monitor.sameness import ALGORITHM, estimate_share, sign
from monitor.storage.alerts import AcknowledgementCode
from monitor.storage.documents import Stage
from monitor.storage.repositories import Rows

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

UnitOfWork = Callable[[], AbstractContextManager[Rows]]
"""Opens a transaction that commits at its end."""

_NOT_PAID_AFTER_ALL = "后来的消息说没有拿到钱，或又反映欠薪"
ASSESS_LEASE = "assess"
DECIDE_LEASE = "decide"
ESCALATE_LEASE = "escalate"

FindResponsible = Callable[[Rows, Case], Sequence[str]]
"""Who is responsible for a case's project or employer (包保) and gets a copy; may be empty."""


def nobody_is_responsible(_rows: Rows, _case: Case) -> Sequence[str]:
    """Send no copies."""
    return ()


class Reader(Protocol):
    """What the pipeline needs of the claim reader."""

    @property
    def working_threshold(self) -> float:
        """Share in [0, 1] from which a text counts as a claim."""

    def read(self, documents: Sequence[Document]) -> list[Reading]:
        """Read several texts; the answers are in the same order."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of a step: who does it, when, and for how long the right to it is held."""

    holder: str
    now: datetime
    lease: timedelta


def responsible_by_name(names: Mapping[str, Sequence[str]]) -> FindResponsible:
    """Find them by a part of the project's or employer's name, as the settings have it.

    `monitor.responsible` asks the registry of parties first; any function of this shape may stand
    in `DutyPolicy`.
    """

    def find(_rows: Rows, case: Case) -> Sequence[str]:
        said = f"{case.project or ''} {case.employer or ''}"
        return [person for part, people in names.items() if part in said for person in people]

    return find


@dataclass(frozen=True, slots=True)
class DutyPolicy:
    """What raising an alert depends on, from the settings."""

    ladders: Ladders
    repeat_every: timedelta
    fallback_person: str
    code_valid_for: timedelta
    desk_url: str
    rules: RosterRules = field(default_factory=RosterRules)
    quiet: QuietHours = field(default_factory=QuietHours)
    responsible: FindResponsible = nobody_is_responsible
    calm_repeat_every: timedelta = timedelta(days=1)

    def repeat_of(self, reason: AlertReason) -> timedelta:
        """How often the last step is told again: what is not a new claim can wait for a day."""
        is_calm = reason in CALM_REASONS
        return self.calm_repeat_every if is_calm else self.repeat_every


CALM_REASONS = frozenset(
    {
        AlertReason.CASE_UNTOUCHED,
        AlertReason.ROSTER_TROUBLE,
        AlertReason.SWAP_PROPOSED,
        AlertReason.HANDOVER_OPEN,
        AlertReason.VISITS_DUE,
    }
)
"""What must be dealt with, but not within minutes."""


def _hold(rows: Rows, name: str, turn: Turn) -> None:
    if not rows.operations.take_lease(name, turn.holder, turn.now, turn.lease):
        raise LeaseLostError(f"Another process does the step {name}.")


# ---------------------------------------------------------------- document → assessment


def assess_documents(
    work: UnitOfWork,
    reader: Reader,
    score_urgency: Callable[[Facts, Document, datetime], Urgency],
    turn: Turn,
    *,
    limit: int,
) -> int:
    """Assess the documents that wait, oldest first; return how many were taken off the queue.

    A document that the reader cannot read is set aside with an issue; it stops no other.
    """
    with work() as rows:
        _hold(rows, ASSESS_LEASE, turn)
        waiting = rows.documents.list_in_stage(Stage.ASSESS, limit)
    if not waiting:
        return 0
    assessments, broken = _read_each(waiting, reader, score_urgency, turn.now)
    with work() as rows:
        _hold(rows, ASSESS_LEASE, turn)
        rows.documents.add_assessments(assessments)
        rows.documents.move_to_stage([each.document_id for each in assessments], Stage.DECIDE)
        rows.documents.move_to_stage([number for number, _ in broken], Stage.SET_ASIDE)
        for number, why in broken:
            rows.operations.record_issue(
                "P501", f"document {number}", f"读不了，已放到一边：{why}", turn.now
            )
    return len(waiting)


def _read_each(
    waiting: Sequence[StoredDocument],
    reader: Reader,
    score_urgency: Callable[[Facts, Document, datetime], Urgency],
    now: datetime,
) -> tuple[list[Assessment], list[tuple[int, str]]]:
    try:
        readings = reader.read([each.document for each in waiting])
        return [
            _assess(stored, reading, score_urgency, now)
            for stored, reading in zip(waiting, readings, strict=True)
        ], []
    except Exception as error:  # noqa: BLE001 - one of the two places: around one item
        if len(waiting) == 1:
            _log.warning("document.set_aside", document=waiting[0].document_id, error=repr(error))
            return [], [(waiting[0].document_id, type(error).__name__)]
    assessments: list[Assessment] = []
    broken: list[tuple[int, str]] = []
    for stored in waiting:
        good, bad = _read_each([stored], reader, score_urgency, now)
        assessments += good
        broken += bad
    return assessments, broken


def _assess(
    stored: StoredDocument,
    reading: Reading,
    score_urgency: Callable[[Facts, Document, datetime], Urgency],
    now: datetime,
) -> Assessment:
    urgency = score_urgency(reading.facts, stored.document, now)
    return Assessment(stored.document_id, reading, urgency, now)


# ---------------------------------------------------------------- assessment → case → alert


@dataclass(frozen=True, slots=True)
class CasePolicy:
    """What opening and joining depends on. `threshold` is stamped on the case."""

    threshold: float
    same_text_at: float
    normalise: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was done with one document, for the log and the console."""

    document_id: int
    case_id: int | None
    case_number: str | None
    opened: bool
    because: str


def decide_cases(
    work: UnitOfWork, policy: CasePolicy, duty: DutyPolicy, turn: Turn, *, limit: int
) -> list[Decided]:
    """Open or join a case for every assessed document, and raise its alerts, in one transaction.

    Returns:
        One entry for each document that was taken off the queue, in order; empty when none waits.
    """
    try:
        with work() as rows:
            _hold(rows, DECIDE_LEASE, turn)
            waiting = rows.documents.list_assessed(limit)
            if not waiting:
                return []
            return _decide_all(rows, waiting, policy, duty, turn.now)
    except (LeaseLostError, StorageError):
        raise
    except Exception:
        if limit == 1:
            raise
        _log.warning("decide.one_by_one", exc_info=True)
    return _decide_one_by_one(work, policy, duty, turn, limit)


def _decide_one_by_one(
    work: UnitOfWork, policy: CasePolicy, duty: DutyPolicy, turn: Turn, limit: int
) -> list[Decided]:
    """One transaction for each document, so that a bad one is set aside and stops no other."""
    decided: list[Decided] = []
    for _ in range(limit):
        with work() as rows:
            waiting = rows.documents.list_assessed(1)
        if not waiting:
            break
        number = waiting[0][0].document_id
        try:
            with work() as rows:
                _hold(rows, DECIDE_LEASE, turn)
                decided += _decide_all(rows, waiting, policy, duty, turn.now)
        except (LeaseLostError, StorageError):
            raise
        except Exception as error:  # noqa: BLE001 - one of the two places: around one item
            with work() as rows:
                rows.documents.move_to_stage([number], Stage.SET_ASIDE)
                rows.operations.record_issue(
                    "P502",
                    f"document {number}",
                    f"归不了案，已放到一边：{type(error).__name__}",
                    turn.now,
                )
    return decided


def _decide_all(
    rows: Rows,
    waiting: Sequence[tuple[StoredDocument, Assessment]],
    policy: CasePolicy,
    duty: DutyPolicy,
    now: datetime,
) -> list[Decided]:
    raiser = make_raiser(rows, duty, now)
    decided = [_decide(rows, stored, read, policy, raiser) for stored, read in waiting]
    rows.documents.move_to_stage([stored.document_id for stored, _ in waiting], Stage.DONE)
    return decided


def make_raiser(rows: Rows, duty: DutyPolicy, now: datetime) -> "Raiser":
    """Read who is on duty and bind it to what raises alerts."""
    shifts = read_roster_around(rows, duty.rules, now)
    people = {person.username: person for person in rows.users.list_all()}
    return Raiser(rows, duty, shifts, people, now)


def _decide(
    rows: Rows,
    stored: StoredDocument,
    assessment: Assessment,
    policy: CasePolicy,
    raiser: "Raiser",
) -> Decided:
    facts = assessment.reading.facts
    told = read_case_facts(
        assessment,
        employer_key=policy.normalise(facts.employer.value) or None if facts.employer else None,
        project_key=policy.normalise(facts.project.value) or None if facts.project else None,
    )
    document = stored.document
    signature = sign(f"{document.title}\n{document.text}")
    candidates = Candidates(
        same_document=rows.likely.find_of_key(document.source, document.key)
        if stored.revision > 1
        else None,
        same_item=rows.likely.find_of_item(document.source, document.item_key),
        same_party=rows.likely.find_open_of_party(told.employer_key, told.project_key),
        same_sum=rows.likely.find_open_of_sum(told.workers, told.amount_yuan),
        same_text=[
            (likely, estimate_share(signature.numbers, numbers))
            for likely, numbers, algorithm in rows.likely.find_open_by_bands(signature.bands)
            if algorithm == ALGORITHM
        ]
        if signature
        else [],
    )
    decision = decide_case(
        assessment.reading.kind,
        told,
        candidates,
        same_text_at=policy.same_text_at,
        denies_payment=says_not_paid(f"{document.title}\n{document.text}"),
    )
    now = raiser.now
    if isinstance(decision, Ignore):
        return Decided(stored.document_id, None, None, opened=False, because=decision.reason)
    if isinstance(decision, OpenCase):
        case, because = _open(rows, decision, assessment, policy, raiser), Because.OPENED
    else:
        case, because = _join(rows, decision, raiser), decision.because
    rows.cases.add_document(case.case_id, stored.document_id, because.value, now)
    if signature:
        rows.cases.add_signature(
            stored.document_id,
            algorithm=ALGORITHM,
            signature=signature.numbers,
            bands=signature.bands,
        )
    rows.cases.add_event(
        CaseEvent(case.case_id, now, "system", because.value, f"文书 {stored.document_id}")
    )
    return Decided(
        stored.document_id,
        case.case_id,
        case.number,
        opened=because is Because.OPENED,
        because=because.value,
    )


def _open(
    rows: Rows, decision: OpenCase, assessment: Assessment, policy: CasePolicy, raiser: "Raiser"
) -> Case:
    case = rows.cases.open(
        decision.facts,
        year=raiser.now.astimezone(SHANGHAI).year,
        model=assessment.reading.model,
        threshold=policy.threshold,
        now=raiser.now,
    )
    raiser.raise_for(case, AlertReason.CASE_OPENED)
    return case


def _join(rows: Rows, decision: JoinCase, raiser: "Raiser") -> Case:
    case = decision.case
    if decision.facts is not None:
        case = rows.cases.revise(case.case_id, decision.facts, raiser.now)
    if decision.reopens:
        case = rows.cases.change_state(
            case.case_id,
            expected_version=case.version,
            state=CaseState.REOPENED,
            now=raiser.now,
            owner=case.owner,
        )
        # A step, so that history and reports know the state; nobody made it.
        rows.cases.add_event(
            CaseEvent(
                case.case_id, raiser.now, "system", CaseStep.REOPEN.value, _NOT_PAID_AFTER_ALL
            )
        )
        rows.casework.note_reopened(case.case_id, raiser.now)
        raiser.raise_for(case, AlertReason.CASE_REOPENED)
    elif decision.worsened:
        raiser.raise_for(case, AlertReason.CASE_WORSENED)
    return case


class Raiser:
    """Writes alerts and their messages into the outbox, inside the caller's transaction."""

    def __init__(
        self,
        rows: Rows,
        duty: DutyPolicy,
        shifts: Sequence[Shift],
        people: Mapping[str, Person],
        now: datetime,
    ) -> None:
        """Bind what every alert of one transaction has in common."""
        self._rows = rows
        self._duty = duty
        self._shifts = shifts
        self._people = people
        self.now = now

    def raise_for(self, case: Case, reason: AlertReason) -> None:
        """Tell the first step of the case's ladder; ladders that still wait are called off."""
        told_before = -1
        is_new = reason is AlertReason.CASE_OPENED
        for earlier in [] if is_new else self._rows.alerts.list_of_case(case.case_id):
            if earlier.state in {AlertState.DUE, AlertState.SENT}:
                # Whoever was already called keeps hearing of it: the new ladder starts no lower.
                told_before = max(told_before, earlier.new.step)
                self._rows.alerts.call_off_ladder(
                    earlier.new.ladder_key, CallOff.REPLACED, self.now
                )
        release_at = find_release(case.level, self.now, self._duty.quiet)
        if release_at is not None and told_before < 0:
            self._rows.notices.hold(case.case_id, reason, release_at, self.now)
            return
        self._rows.notices.drop_held(case.case_id)
        number = self._rows.cases.count_ladder(case.case_id)
        told = alerts_for(
            case,
            reason=reason,
            change_number=number,
            shifts=self._shifts,
            ladders=self._duty.ladders,
            now=self.now,
            fallback=self._duty.fallback_person,
            told_before=told_before,
        )
        for new in [*told, *copies_for(told, self._duty.responsible(self._rows, case))]:
            self.add(case, new, self.now)

    def raise_ladder(
        self, matter: Case | Notice, reason: AlertReason, key: str, steps: Sequence[LadderStep]
    ) -> None:
        """Tell the first step of a ladder that is not the case's usual one."""
        case_id = None if isinstance(matter, Notice) else matter.case_id
        level = UrgencyLevel.RAISED if isinstance(matter, Notice) else matter.level
        for new in first_alerts(
            tuple(steps),
            case_id=case_id,
            ladder_key=key,
            reason=reason,
            level=level,
            shifts=self._shifts,
            now=self.now,
            fallback=self._duty.fallback_person,
        ):
            self.add(matter, new, self.now)

    def climb(self, case: Case | Notice, ladder: Sequence[Alert]) -> int:
        """Tell the next steps of a ladder that nobody acknowledged, if they are due."""
        failed = self._rows.alerts.list_failed_steps([each.alert_id for each in ladder])
        steps = {each.new.step for each in ladder}
        alive = {each.new.step for each in ladder if each.alert_id not in failed}
        further = next_alerts(
            ladder,
            self._shifts,
            self.now,
            repeat_every=self._duty.repeat_of(ladder[0].new.reason),
            failed_steps=steps - alive,
            fallback=self._duty.fallback_person,
        )
        for new in further:
            self.add(case, new, ladder[0].ladder_started_at)
        return len(further)

    def add(self, case: Case | Notice, new: NewAlert, ladder_started_at: datetime) -> None:
        """Write one alert, and one message for each channel of its person."""
        person = self._people.get(new.person) if new.person else None
        contacts = () if person is None or person.disabled else self._contacts(person, new)
        # An alert that nobody can get is kept, so that the gap shows and the ladder stays open.
        alert_id = self._rows.alerts.add(new, ladder_started_at, AlertState.DUE)
        if person is None:
            return
        for contact in contacts:
            code = secrets.token_urlsafe(18)
            self._rows.alerts.add_code(
                AcknowledgementCode(
                    code, alert_id, person.username, self.now + self._duty.code_valid_for, None
                )
            )
            self._rows.alerts.add_delivery(
                alert_id=alert_id,
                person=person.username,
                contact=contact,
                card=self._word(case, new, code, person),
                idempotency_key=f"alert-{alert_id}-{secrets.token_hex(6)}",
                due_at=self.now,
            )

    def _word(self, matter: Case | Notice, new: NewAlert, code: str, person: Person) -> AlertCard:
        if isinstance(matter, Notice):
            return word_notice(
                matter,
                new,
                desk_url=self._duty.desk_url,
                ack_code=code,
                now=self.now,
                shown_person_name=person.display_name,
            )
        return word_alert(
            matter,
            new,
            desk_url=self._duty.desk_url,
            ack_code=code,
            now=self.now,
            shown_person_name=person.display_name,
        )

    @staticmethod
    def _contacts(person: Person, new: NewAlert) -> tuple[Contact, ...]:
        wanted = () if new.step == COPY else new.ladder[new.step].channels
        return tuple(each for each in person.contacts if not wanted or each.channel in wanted)


# ---------------------------------------------------------------- nobody answered


def escalate_alerts(work: UnitOfWork, duty: DutyPolicy, turn: Turn) -> int:
    """Tell the next on the ladder wherever nobody acknowledged in time; return how many alerts."""
    with work() as rows:
        _hold(rows, ESCALATE_LEASE, turn)
        ladders = rows.alerts.list_open_ladders()
        if not ladders:
            return 0
        raiser = make_raiser(rows, duty, turn.now)
        raised = 0
        for ladder in ladders:
            first = ladder[0].new
            matter = (
                rows.notices.find(first.ladder_key)
                if first.case_id is None
                else rows.cases.get(first.case_id)
            )
            if matter is not None:  # a test message has neither
                raised += raiser.climb(matter, ladder)
        return raised
