"""Who may make which step: every state, role and step, as owner and as somebody else."""

import itertools
from datetime import timedelta

import pytest

from monitor.cases import ACTING_ROLES
from monitor.casework import (
    CaseDetails,
    CaseRecord,
    NewPayment,
    Payment,
    WhoseMoney,
    Witness,
    WitnessKind,
)
from monitor.domain import CaseState, CaseStep, Person, Role
from monitor.errors import IllegalStepError, NotAllowedError
from monitor.steps import (
    LEADS_TO,
    ROLES_OF_STEP,
    allowed_steps,
    check_second_officer,
    check_step,
    find_closing_needs,
    owner_after,
)
from tests.factories import NOON, make_case

FREE = {CaseState.NEW, CaseState.REOPENED}


def person(role: Role, name: str = "li") -> Person:
    return Person(name, name, role)


@pytest.mark.parametrize("owner", [None, "li", "wang"])
def test_every_state_role_and_step_either_leads_somewhere_or_is_refused(owner: str | None) -> None:
    for state, step, role in itertools.product(CaseState, CaseStep, Role):
        case = make_case(state=state, owner=owner)
        may = role in ROLES_OF_STEP[step]
        leads = (state, step) in LEADS_TO
        theirs = (
            state in FREE
            or owner in {None, "li"}
            or step is CaseStep.REOPEN
            or role is Role.LEADER
            or (step is CaseStep.CLOSE and role is Role.REVIEWER)
        )
        if may and leads and theirs:
            assert check_step(case, step, person(role)) is LEADS_TO[state, step]
            assert step in allowed_steps(case, person(role))
            continue
        assert step not in allowed_steps(case, person(role))
        with pytest.raises(IllegalStepError if may and not leads else NotAllowedError):
            check_step(case, step, person(role))


def test_an_analyst_may_make_no_step() -> None:
    for state in CaseState:
        assert not allowed_steps(make_case(state=state), person(Role.ANALYST))


def test_after_every_step_exactly_one_officer_owns_the_case() -> None:
    for (state, step), owner in itertools.product(LEADS_TO, [None, "wang"]):
        case = make_case(state=state, owner=owner)
        after = owner_after(case, step, person(Role.LEADER, "han"))
        assert after == (
            "han" if owner is None or (state in FREE and step is not CaseStep.MERGE) else "wang"
        )


def test_every_state_but_one_can_be_left_and_every_one_reached() -> None:
    assert set(LEADS_TO.values()) | {CaseState.NEW} == set(CaseState)
    assert set(CaseState) - {state for state, _ in LEADS_TO} == {CaseState.MERGED}


# ---------------------------------------------------------------- witnesses


def payment(by: str = "li", *, voided: bool = False) -> Payment:
    new = NewPayment(NOON.date(), 3, 9000.0, WhoseMoney.EMPLOYER, "回单 7")
    return Payment(1, 1, new, by, NOON, "x" if voided else None)


def witness(kind: WitnessKind, by: str, minutes: int = 5) -> Witness:
    return Witness(1, kind, by, NOON + timedelta(minutes=minutes), "电话回访")


def needs(
    *witnesses: Witness, payments: tuple[Payment, ...] = (), reopened: int | None = None
) -> int:
    at = None if reopened is None else NOON + timedelta(minutes=reopened)
    record = CaseRecord(CaseDetails(1, reopened_at=at), payments=payments, witnesses=witnesses)
    return len(find_closing_needs(record).lacking)


def test_closing_needs_the_proof_and_a_second_witness() -> None:
    word = witness(WitnessKind.WORKERS_WORD, "li")
    second = witness(WitnessKind.SECOND_OFFICER, "zhao")
    assert needs() == 2
    assert needs(payments=(payment(),)) == 1
    assert needs(word) == 1
    assert needs(word, payments=(payment(voided=True),)) == 1
    assert needs(word, payments=(payment(),)) == 0
    assert needs(second, payments=(payment(),)) == 0


def test_a_second_officer_who_recorded_the_payment_is_no_second() -> None:
    assert needs(witness(WitnessKind.SECOND_OFFICER, "li"), payments=(payment("li"),)) == 1


def test_what_was_witnessed_before_the_case_was_opened_again_counts_no_more() -> None:
    word = witness(WitnessKind.WORKERS_WORD, "li", minutes=5)
    assert needs(word, payments=(payment(),), reopened=9) == 1
    assert needs(word, payments=(payment(),), reopened=3) == 0


@pytest.mark.parametrize("name", ["wang", "li"])
def test_neither_the_owner_nor_the_recorder_confirms_themselves(name: str) -> None:
    case = make_case(state=CaseState.PAID, owner="wang")
    record = CaseRecord(CaseDetails(1), payments=[payment("li")])
    with pytest.raises(NotAllowedError):
        check_second_officer(case, record, person(Role.REVIEWER, name))
    check_second_officer(case, record, person(Role.REVIEWER, "zhao"))


def test_only_what_is_paid_can_be_witnessed() -> None:
    for state in set(CaseState) - {CaseState.PAID}:
        with pytest.raises(IllegalStepError):
            check_second_officer(
                make_case(state=state), CaseRecord(CaseDetails(1)), person(Role.REVIEWER)
            )
    assert Role.ANALYST not in ACTING_ROLES
