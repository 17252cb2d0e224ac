"""Which step may follow which, who may make it, and what a closing needs. Pure.

Exactly one officer owns a case from the moment somebody has heard of it (首问负责制); the owner
changes only when the other takes it over: by accepting what nobody has accepted, or an offer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.cases import ACTING_ROLES
from monitor.casework import CaseRecord, WitnessKind
from monitor.domain import Case, CaseState, CaseStep, Person, Role
from monitor.errors import IllegalStepError, NotAllowedError, mark

_FREE = (CaseState.NEW, CaseState.REOPENED)
"""Nobody has decided yet: whoever acts takes the case over."""

LEADS_TO: Mapping[tuple[CaseState, CaseStep], CaseState] = {
    (CaseState.NEW, CaseStep.ACCEPT): CaseState.ACCEPTED,
    (CaseState.NEW, CaseStep.REFER): CaseState.REFERRED,
    (CaseState.NEW, CaseStep.NOT_A_CLAIM): CaseState.NOT_A_CLAIM,
    (CaseState.NEW, CaseStep.MERGE): CaseState.MERGED,
    (CaseState.REOPENED, CaseStep.ACCEPT): CaseState.ACCEPTED,
    (CaseState.REOPENED, CaseStep.REFER): CaseState.REFERRED,
    (CaseState.REOPENED, CaseStep.NOT_A_CLAIM): CaseState.NOT_A_CLAIM,
    (CaseState.REOPENED, CaseStep.MERGE): CaseState.MERGED,
    (CaseState.ACCEPTED, CaseStep.ORDER): CaseState.ORDERED,
    (CaseState.ACCEPTED, CaseStep.RECORD_PAID): CaseState.PAID,
    (CaseState.ACCEPTED, CaseStep.REFER): CaseState.REFERRED,
    (CaseState.ACCEPTED, CaseStep.NOT_A_CLAIM): CaseState.NOT_A_CLAIM,
    (CaseState.ACCEPTED, CaseStep.MERGE): CaseState.MERGED,
    (CaseState.ORDERED, CaseStep.ORDER): CaseState.ORDERED,
    (CaseState.ORDERED, CaseStep.RECORD_PAID): CaseState.PAID,
    (CaseState.ORDERED, CaseStep.REFER): CaseState.REFERRED,
    (CaseState.REFERRED, CaseStep.ACCEPT): CaseState.ACCEPTED,
    (CaseState.REFERRED, CaseStep.REFER): CaseState.REFERRED,
    (CaseState.REFERRED, CaseStep.RECORD_PAID): CaseState.PAID,
    (CaseState.PAID, CaseStep.CLOSE): CaseState.CLOSED,
    (CaseState.PAID, CaseStep.REOPEN): CaseState.REOPENED,
    (CaseState.CLOSED, CaseStep.REOPEN): CaseState.REOPENED,
    (CaseState.NOT_A_CLAIM, CaseStep.REOPEN): CaseState.REOPENED,
}
"""Which step leads where. What is not here cannot be done."""

_CASEWORK = frozenset({Role.CASE_OFFICER, Role.LEADER})
ROLES_OF_STEP: Mapping[CaseStep, frozenset[Role]] = {
    CaseStep.ACCEPT: ACTING_ROLES,
    CaseStep.REFER: ACTING_ROLES,
    CaseStep.NOT_A_CLAIM: ACTING_ROLES,
    CaseStep.REOPEN: ACTING_ROLES,
    CaseStep.ORDER: _CASEWORK,
    CaseStep.RECORD_PAID: _CASEWORK,
    CaseStep.CLOSE: _CASEWORK | {Role.REVIEWER},
    CaseStep.MERGE: _CASEWORK | {Role.REVIEWER},
}
"""Who may make which step at all; an analyst only reads."""

_NOT_YOURS = "这条线索由别人承办。请先请承办人移交给您，或由带班领导办理。"


def check_step(case: Case, step: CaseStep, person: Person) -> CaseState:
    """Say where a step of this person leads.

    Raises:
        NotAllowedError: The role may not make it, or the case is somebody else's.
        IllegalStepError: That step cannot follow this state.
    """
    if person.role not in ROLES_OF_STEP[step]:
        raise NotAllowedError(
            "您的角色只能查看。"
            if person.role not in ACTING_ROLES
            else "这一步要由承办人、复核员或带班领导办理。"
        )
    state = LEADS_TO.get((case.state, step))
    if state is None:
        raise IllegalStepError("线索现在的状态不能这样操作，请刷新后再看。")
    if not _is_theirs(case, step, person):
        raise NotAllowedError(_NOT_YOURS)
    return state


def _is_theirs(case: Case, step: CaseStep, person: Person) -> bool:
    if case.state in _FREE or case.owner is None or step is CaseStep.REOPEN:
        return True
    if step is CaseStep.CLOSE and person.role is Role.REVIEWER:
        return True
    return case.owner == person.username or person.role is Role.LEADER


def allowed_steps(case: Case, person: Person) -> frozenset[CaseStep]:
    """The steps that this person may make now."""
    allowed = set()
    for step in CaseStep:
        try:
            check_step(case, step, person)
        except (NotAllowedError, IllegalStepError):
            continue
        allowed.add(step)
    return frozenset(allowed)


def owner_after(case: Case, step: CaseStep, person: Person) -> str:
    """Who owns the case after a step: whoever acts on what nobody has decided, else as before.

    A leader who accepts back what was referred does not take it from its owner either.
    """
    if case.state in _FREE or case.owner is None:
        return case.owner if step is CaseStep.MERGE and case.owner else person.username
    return case.owner


def check_owner(case: Case, person: Person) -> None:
    """Refuse whoever neither owns the case nor leads.

    Raises:
        NotAllowedError: The case is somebody else's, or this person only reads.
    """
    if person.role not in ACTING_ROLES:
        raise NotAllowedError("您的角色只能查看。")
    if case.owner not in {None, person.username} and person.role is not Role.LEADER:
        raise NotAllowedError(_NOT_YOURS)


# ---------------------------------------------------------------- witnesses


@dataclass(frozen=True, slots=True)
class ClosingNeeds:
    """What still lacks before a case may be struck off; nothing when both are empty."""

    lacking: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Both witnesses are there."""
        return not self.lacking


LACKS_PAYMENT = mark("还没有支付凭证：先登记支付。")
LACKS_SECOND = mark("还缺第二个见证：劳动者回访确认，或由另一名人员复核。")


def find_closing_needs(record: CaseRecord) -> ClosingNeeds:
    """Say what lacks: proof of payment, and the workers' word or a second officer.

    What was witnessed before the case was opened again counts no more.
    """
    since = record.details.reopened_at
    lacking = []
    if not any(each.new.proof for each in record.standing_payments):
        lacking.append(LACKS_PAYMENT)
    recorders = {each.recorded_by for each in record.standing_payments}
    if not any(
        _counts(witness.at, since)
        and (witness.kind is WitnessKind.WORKERS_WORD or witness.by not in recorders)
        for witness in record.witnesses
    ):
        lacking.append(LACKS_SECOND)
    return ClosingNeeds(tuple(lacking))


def _counts(at: datetime, since: datetime | None) -> bool:
    return since is None or at >= since


def check_second_officer(case: Case, record: CaseRecord, person: Person) -> None:
    """Refuse a second witness who is not another person.

    Raises:
        NotAllowedError: This person only reads, owns the case or recorded a payment of it.
        IllegalStepError: The case is not at that point.
    """
    check_witness_time(case, person)
    if person.role not in _CASEWORK | {Role.REVIEWER}:
        raise NotAllowedError("复核要由复核员、承办人或带班领导进行。")
    recorders = {each.recorded_by for each in record.standing_payments}
    if person.username == case.owner or person.username in recorders:
        raise NotAllowedError("复核必须由另一个人进行：承办人和登记支付的人不能复核自己。")


def check_witness_time(case: Case, person: Person) -> None:
    """Refuse a witness where nothing has been paid yet.

    Raises:
        NotAllowedError: This person only reads.
        IllegalStepError: The case is not in the state `paid`.
    """
    if person.role not in ACTING_ROLES:
        raise NotAllowedError("您的角色只能查看。")
    if case.state is not CaseState.PAID:
        raise IllegalStepError("登记支付之后才能见证。")
