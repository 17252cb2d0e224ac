"""Which case a document opens or joins, what it adds, and which step may follow which. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from monitor.domain import (
    CASE_KINDS,
    OPEN_STATES,
    Assessment,
    Case,
    CaseFacts,
    CaseState,
    CaseStep,
    DocumentKind,
    LikelyCase,
    Role,
)
from monitor.errors import IllegalStepError, NotAllowedError

N = TypeVar("N", int, float)


class Because(StrEnum):
    """Why a document is in a case; shown to the officer."""

    OPENED = "opened"
    REVISION = "revision"
    SAME_PARTY = "same_party"
    SAME_SUM = "same_sum"
    SAME_TEXT = "same_text"
    SAME_THREAD = "same_thread"
    SAID_PAID = "said_paid"


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A new case is opened."""

    facts: CaseFacts


@dataclass(frozen=True, slots=True)
class JoinCase:
    """The document joins a case.

    `facts` is None when it adds nothing to what the case says (a reply that wages were paid).
    `worsened` when the case has become more urgent; `reopens` when it was thought to be paid.
    """

    case: Case
    because: Because
    facts: CaseFacts | None
    worsened: bool = False
    reopens: bool = False


@dataclass(frozen=True, slots=True)
class Ignore:
    """Nothing for a case."""

    reason: str


CaseDecision = OpenCase | JoinCase | Ignore


@dataclass(frozen=True, slots=True)
class Candidates:
    """The cases that a document may belong to, as storage found them.

    `same_document` holds an earlier revision of this very document; `same_item` documents of the
    same thread or letter (any state, newest first); `same_party`, `same_sum` (the same number of
    workers owed the same sum) and `same_text` are open cases, the last with the estimated share of
    common 3-character pieces in [0, 1]. Who wrote anything is not among what is compared, and may
    not be.
    """

    same_document: LikelyCase | None = None
    same_item: Sequence[LikelyCase] = ()
    same_party: Sequence[LikelyCase] = ()
    same_sum: Sequence[LikelyCase] = ()
    same_text: Sequence[tuple[LikelyCase, float]] = ()


def read_case_facts(
    assessment: Assessment, *, employer_key: str | None, project_key: str | None
) -> CaseFacts:
    """Take from an assessment what a case keeps."""
    facts = assessment.reading.facts
    return CaseFacts(
        level=assessment.urgency.level,
        points=assessment.urgency.points,
        reasons=assessment.urgency.reasons,
        employer=facts.employer.value if facts.employer else None,
        employer_key=employer_key,
        project=facts.project.value if facts.project else None,
        project_key=project_key,
        place=facts.place.value if facts.place else None,
        workers=facts.workers.value if facts.workers else None,
        amount_yuan=facts.amount_yuan.value if facts.amount_yuan else None,
        danger_to_life=bool(facts.danger_to_life and facts.danger_to_life.value),
    )


def decide_case(
    kind: DocumentKind, told: CaseFacts, candidates: Candidates, *, same_text_at: float
) -> CaseDecision:
    """Decide whether a document opens a case, joins one, or is none of ours.

    In this order: an edit stays with its document's case; what says neither claim nor third party
    is left out, except "paid" in a thread with an open case; the same employer or project; the same
    number of workers owed the same sum; a text that says the same; the same thread. Two different
    employers never share a case.

    Args:
        kind: What the model says the document is.
        told: What the document tells.
        candidates: The cases to compare with.
        same_text_at: Share in [0, 1] from which two texts say the same.
    """
    if candidates.same_document and candidates.same_document.case.state in OPEN_STATES:
        if kind in CASE_KINDS:
            return _join(candidates.same_document, told, Because.REVISION)
        return JoinCase(candidates.same_document.case, Because.REVISION, None)
    open_item = [each for each in candidates.same_item if each.case.state in OPEN_STATES]
    if kind not in CASE_KINDS:
        if kind is DocumentKind.PAID and open_item:
            return JoinCase(open_item[0].case, Because.SAID_PAID, None)
        return Ignore(f"kind {kind.value} opens no case")
    choices = [
        *((each, Because.SAME_PARTY) for each in candidates.same_party),
        *((each, Because.SAME_SUM) for each in candidates.same_sum if _same_place(each, told)),
        *(
            (each, Because.SAME_TEXT)
            for each, share in sorted(candidates.same_text, key=lambda pair: -pair[1])
            if share >= same_text_at
        ),
        *((each, Because.SAME_THREAD) for each in open_item),
    ]
    for likely, because in choices:
        if not _contradict(likely, told):
            return _join(likely, told, because)
    return OpenCase(told)


def _contradict(likely: LikelyCase, told: CaseFacts) -> bool:
    """Two known and different names: not the same matter, however alike the words are."""
    if likely.employer_key and told.employer_key:
        return not _same_name(likely.employer_key, told.employer_key)
    if likely.project_key and told.project_key:
        return not _same_name(likely.project_key, told.project_key)
    return False


def _same_place(likely: LikelyCase, told: CaseFacts) -> bool:
    """Not known to be two places."""
    return not likely.case.place or not told.place or _same_name(likely.case.place, told.place)


def _same_name(one: str, other: str) -> bool:
    return one in other or other in one


def _join(likely: LikelyCase, told: CaseFacts, because: Because) -> JoinCase:
    case = likely.case
    facts = merge_facts(case, likely, told)
    return JoinCase(
        case,
        because,
        facts,
        worsened=facts.level > case.level,
        reopens=case.state is CaseState.PAID,
    )


def merge_facts(case: Case, keys: LikelyCase, told: CaseFacts) -> CaseFacts:
    """Add what a document tells to what a case says.

    Names stay, gaps are filled, the larger number and the more urgent reading hold.
    """
    known = CaseFacts(
        level=case.level,
        points=case.points,
        reasons=case.reasons,
        employer=case.employer or told.employer,
        employer_key=keys.employer_key or told.employer_key,
        project=case.project or told.project,
        project_key=keys.project_key or told.project_key,
        place=case.place or told.place,
        workers=_larger(case.workers, told.workers),
        amount_yuan=_larger(case.amount_yuan, told.amount_yuan),
        danger_to_life=case.danger_to_life or told.danger_to_life,
    )
    if (told.level, told.points) > (case.level, case.points):
        return replace(known, level=told.level, points=told.points, reasons=told.reasons)
    return known


def _larger(one: N | None, other: N | None) -> N | None:
    numbers = [number for number in (one, other) if number is not None]
    return max(numbers) if numbers else None


# ---------------------------------------------------------------- what people do

_STEPS: dict[tuple[CaseState, CaseStep], CaseState] = {
    (CaseState.NEW, CaseStep.ACCEPT): CaseState.ACCEPTED,
    (CaseState.REOPENED, CaseStep.ACCEPT): CaseState.ACCEPTED,
    (CaseState.REFERRED, CaseStep.ACCEPT): CaseState.ACCEPTED,
    (CaseState.NEW, CaseStep.REFER): CaseState.REFERRED,
    (CaseState.ACCEPTED, CaseStep.REFER): CaseState.REFERRED,
    (CaseState.REOPENED, CaseStep.REFER): CaseState.REFERRED,
    (CaseState.NEW, CaseStep.NOT_A_CLAIM): CaseState.NOT_A_CLAIM,
    (CaseState.ACCEPTED, CaseStep.NOT_A_CLAIM): CaseState.NOT_A_CLAIM,
    (CaseState.REOPENED, CaseStep.NOT_A_CLAIM): CaseState.NOT_A_CLAIM,
}
"""Which step leads where. What is not here cannot be done; ordering, paying and closing come with
the ledger."""

ACTING_ROLES = frozenset(
    {Role.DUTY_OFFICER, Role.CASE_OFFICER, Role.REVIEWER, Role.LEADER, Role.ADMINISTRATOR}
)
"""Who may act on a case; an analyst only reads."""


def allowed_steps(state: CaseState, role: Role) -> frozenset[CaseStep]:
    """The steps that a person of this role may make now."""
    if role not in ACTING_ROLES:
        return frozenset()
    return frozenset(step for from_state, step in _STEPS if from_state is state)


def next_state(state: CaseState, step: CaseStep, role: Role) -> CaseState:
    """Say where a step leads.

    Raises:
        NotAllowedError: This role only reads.
        IllegalStepError: That step cannot follow this state.
    """
    if role not in ACTING_ROLES:
        raise NotAllowedError("您的角色只能查看。")
    try:
        return _STEPS[(state, step)]
    except KeyError:
        raise IllegalStepError("线索现在的状态不能这样操作，请刷新后再看。") from None
