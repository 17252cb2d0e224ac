"""Which case a document opens or joins, what it adds, and which step may follow which. Pure."""

import re
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
    DocumentKind,
    LikelyCase,
    Role,
)
from monitor.refusals import compares_no_speakers

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
    SAID_NOT_PAID = "said_not_paid"


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


@compares_no_speakers
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


_PUT_DOWN = frozenset({CaseState.PAID, CaseState.CLOSED, CaseState.NOT_A_CLAIM})
"""States in which nobody works on the case any more, so that a further word opens it again."""

_SAID_NOT_PAID = re.compile(
    r"(?:(?:还|仍|仍然|一直|到现在|至今|根本)?(?:没有?|未|木有)(?:再)?"
    r"(?:拿到|收到|领到|见到|到账|到帐|打过?来|发下?来|给我?们?|结清?|付清?)"
    r"(?:[^，。！？；\n]{0,6}(?:钱|工资|工钱|薪水|款|薪))?)"
    r"|(?:钱|工资|工钱|薪水|款)[^，。！？；\n]{0,8}(?:没有?|未)(?:收到|拿到|到账|到帐|发|给|结|付)"
)


def says_not_paid(text: str) -> bool:
    """Say whether a further word in a thread denies that the money came (没拿到钱).

    Meant for what was put down only: there a needless second look costs a minute, and a missed one
    the workers' wages. Whoever writes it is not asked for.
    """
    return _SAID_NOT_PAID.search(text) is not None


def decide_case(
    kind: DocumentKind,
    told: CaseFacts,
    candidates: Candidates,
    *,
    same_text_at: float,
    denies_payment: bool = False,
) -> CaseDecision:
    """Decide whether a document opens a case, joins one, opens one again, or is none of ours.

    In this order: an edit stays with its document's case; what says neither claim nor third party
    is left out, except "paid" in a thread with an open case and "not paid" in a thread whose case
    was put down; the same employer or project; the same number of workers owed the same sum; a text
    that says the same; the same thread, which opens a case again that was put down. Two different
    employers never share a case.

    Args:
        kind: What the model says the document is.
        told: What the document tells.
        candidates: The cases to compare with.
        same_text_at: Share in [0, 1] from which two texts say the same.
        denies_payment: The text says that the money has not come (`says_not_paid`).
    """
    put_down = [each for each in candidates.same_item if each.case.state in _PUT_DOWN]
    open_item = [each for each in candidates.same_item if each.case.state in OPEN_STATES]
    of_thread = _decide_in_thread(
        kind, told, candidates.same_document, [*open_item, *put_down], denies=denies_payment
    )
    if of_thread is not None:
        return of_thread
    if kind not in CASE_KINDS:
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
        *((each, Because.SAME_THREAD) for each in put_down),
    ]
    for likely, because in choices:
        if not _contradict(likely, told):
            return _join(likely, told, because)
    return OpenCase(told)


def _decide_in_thread(
    kind: DocumentKind,
    told: CaseFacts,
    same_document: LikelyCase | None,
    thread: Sequence[LikelyCase],
    *,
    denies: bool,
) -> JoinCase | None:
    """Decide what the thread alone decides: an edit, "paid", and "not paid" after all."""
    if same_document and same_document.case.state in OPEN_STATES:
        if kind in CASE_KINDS:
            return _join(same_document, told, Because.REVISION)
        return JoinCase(same_document.case, Because.REVISION, None)
    if kind in CASE_KINDS or not thread:
        return None
    case = thread[0].case
    if denies and case.state in {CaseState.PAID, CaseState.CLOSED}:
        return JoinCase(case, Because.SAID_NOT_PAID, None, reopens=True)
    if kind is DocumentKind.PAID and case.state in OPEN_STATES:
        return JoinCase(case, Because.SAID_PAID, None)
    return None


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
        reopens=case.state in _PUT_DOWN,
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


# ---------------------------------------------------------------- who may act

ACTING_ROLES = frozenset(
    {Role.DUTY_OFFICER, Role.CASE_OFFICER, Role.REVIEWER, Role.LEADER, Role.ADMINISTRATOR}
)
"""Who may act on a case; an analyst only reads. Which step: `monitor.steps`."""
