"""Which case a document opens or joins."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cases import (
    Because,
    Candidates,
    CaseDecision,
    Ignore,
    JoinCase,
    OpenCase,
    decide_case,
    merge_facts,
    says_not_paid,
)
from monitor.domain import (
    CASE_KINDS,
    CaseFacts,
    CaseState,
    DocumentKind,
    UrgencyLevel,
)
from tests.factories import make_case_facts, make_likely

CLAIM = DocumentKind.CLAIM


def decide(
    told: CaseFacts | None = None, kind: DocumentKind = CLAIM, **candidates: Any
) -> CaseDecision:
    return decide_case(kind, told or make_case_facts(), Candidates(**candidates), same_text_at=0.7)


def test_a_claim_that_nothing_resembles_opens_a_case() -> None:
    assert isinstance(decide(), OpenCase)


@pytest.mark.parametrize("kind", sorted(set(DocumentKind) - CASE_KINDS))
def test_what_is_no_claim_opens_nothing(kind: DocumentKind) -> None:
    assert isinstance(decide(kind=kind), Ignore)


def test_a_claim_about_the_same_employer_joins() -> None:
    decision = decide(make_case_facts(employer_key="宏图"), same_party=[make_likely()])
    assert isinstance(decision, JoinCase)
    assert decision.because is Because.SAME_PARTY


def test_the_shorter_form_of_a_name_is_the_same_employer() -> None:
    decision = decide(
        make_case_facts(employer_key="宏图"),
        same_text=[(make_likely("宏图第二建筑"), 0.9)],
    )
    assert isinstance(decision, JoinCase)


def test_two_employers_never_share_a_case_however_alike_the_words_are() -> None:
    told = make_case_facts(employer_key="远大")
    decision = decide(
        told,
        same_party=[make_likely("宏图")],
        same_text=[(make_likely("宏图"), 1.0)],
        same_item=[make_likely("宏图")],
    )
    assert decision == OpenCase(told)


def test_two_projects_without_an_employer_are_two_cases() -> None:
    told = make_case_facts(project_key="东湖花园")
    assert decide(told, same_text=[(make_likely(None, "西山花园"), 0.99)]) == OpenCase(told)


def test_as_many_workers_owed_as_much_in_one_place_are_one_matter() -> None:
    told = make_case_facts(workers=45, amount_yuan=2_808_000.0, place="石桥镇")
    decision = decide(told, same_sum=[make_likely(None, place="石桥镇")])
    assert isinstance(decision, JoinCase)
    assert decision.because is Because.SAME_SUM
    assert decide(told, same_sum=[make_likely(None, place="东岭镇")]) == OpenCase(told)
    named = make_case_facts(employer_key="远大")
    assert decide(named, same_sum=[make_likely("宏图")]) == OpenCase(named)


def test_texts_that_say_the_same_join_from_the_stated_share_on() -> None:
    likely = make_likely(None)
    assert isinstance(decide(same_text=[(likely, 0.7)]), JoinCase)
    assert isinstance(decide(same_text=[(likely, 0.69)]), OpenCase)


def test_the_most_alike_text_is_joined() -> None:
    near, nearer = make_likely(None, case_id=1), make_likely(None, case_id=2)
    decision = decide(same_text=[(near, 0.8), (nearer, 0.9)])
    assert isinstance(decision, JoinCase)
    assert decision.case.case_id == 2


def test_a_claim_in_the_thread_of_a_case_joins_it() -> None:
    decision = decide(same_item=[make_likely()])
    assert isinstance(decision, JoinCase)
    assert decision.because is Because.SAME_THREAD


def test_a_claim_in_a_thread_whose_case_was_put_down_opens_it_again() -> None:
    for state in (CaseState.CLOSED, CaseState.NOT_A_CLAIM):
        decision = decide(same_item=[make_likely(state=state)])
        assert isinstance(decision, JoinCase)
        assert decision.reopens


def test_a_claim_in_a_thread_whose_case_was_merged_opens_a_new_one() -> None:
    assert isinstance(decide(same_item=[make_likely(state=CaseState.MERGED)]), OpenCase)


@pytest.mark.parametrize(
    "text",
    [
        "没拿到钱",
        "到现在还没有收到工资",
        "钱没到账",
        "工资一分没发",
        "仍然没给我们结清",
        "未见到钱",
    ],
)
def test_a_word_that_the_money_did_not_come_opens_what_was_put_down(text: str) -> None:
    assert says_not_paid(text)
    for state in (CaseState.PAID, CaseState.CLOSED):
        decision = decide_case(
            DocumentKind.UNRELATED,
            make_case_facts(),
            Candidates(same_item=[make_likely(state=state)]),
            same_text_at=0.7,
            denies_payment=True,
        )
        assert isinstance(decision, JoinCase)
        assert decision.reopens
        assert decision.facts is None


@pytest.mark.parametrize("text", ["工资收到了，谢谢", "已经拿到钱", "路灯坏了", "感谢劳动监察大队"])
def test_thanks_open_nothing(text: str) -> None:
    assert not says_not_paid(text)


@pytest.mark.parametrize("state", [CaseState.NEW, CaseState.ACCEPTED, CaseState.NOT_A_CLAIM])
def test_a_word_that_the_money_did_not_come_changes_nothing_elsewhere(state: CaseState) -> None:
    decision = decide_case(
        DocumentKind.UNRELATED,
        make_case_facts(),
        Candidates(same_item=[make_likely(state=state)]),
        same_text_at=0.7,
        denies_payment=True,
    )
    assert isinstance(decision, Ignore)


def test_paid_in_a_thread_is_kept_with_its_case_and_changes_nothing_in_it() -> None:
    decision = decide(kind=DocumentKind.PAID, same_item=[make_likely()])
    assert decision == JoinCase(make_likely().case, Because.SAID_PAID, None)


def test_an_edit_stays_with_the_case_of_its_document() -> None:
    decision = decide(make_case_facts(employer_key="远大"), same_document=make_likely("宏图"))
    assert isinstance(decision, JoinCase)
    assert decision.because is Because.REVISION


def test_an_edit_that_no_longer_claims_adds_no_facts() -> None:
    decision = decide(kind=DocumentKind.UNRELATED, same_document=make_likely())
    assert isinstance(decision, JoinCase)
    assert decision.facts is None


def test_a_claim_reopens_a_case_that_was_thought_to_be_paid() -> None:
    decision = decide(
        make_case_facts(employer_key="宏图"), same_party=[make_likely(state=CaseState.PAID)]
    )
    assert isinstance(decision, JoinCase)
    assert decision.reopens


def test_a_more_urgent_message_worsens_the_case() -> None:
    told = make_case_facts(employer_key="宏图", level=UrgencyLevel.CRITICAL, points=100)
    decision = decide(told, same_party=[make_likely()])
    assert isinstance(decision, JoinCase)
    assert decision.worsened
    assert decision.facts is not None
    assert decision.facts.level is UrgencyLevel.CRITICAL


numbers = st.none() | st.integers(1, 10_000)
told_facts = st.builds(
    make_case_facts,
    level=st.sampled_from(UrgencyLevel),
    points=st.integers(0, 200),
    employer=st.none() | st.text(max_size=5),
    workers=numbers,
    amount_yuan=st.none() | st.floats(1, 1e8),
    danger_to_life=st.booleans(),
)


@given(told_facts, numbers)
def test_merging_never_makes_a_case_less(told: CaseFacts, workers: int | None) -> None:
    likely = make_likely(workers=workers)
    merged = merge_facts(likely.case, likely, told)
    assert merged.level >= likely.case.level
    assert merged.employer == likely.case.employer
    assert (merged.workers or 0) == max(workers or 0, told.workers or 0)
    assert merged.danger_to_life == (likely.case.danger_to_life or told.danger_to_life)


@given(told_facts)
def test_deciding_twice_gives_the_same(told: CaseFacts) -> None:
    candidates: dict[str, Any] = {
        "same_party": [make_likely()],
        "same_text": [(make_likely(None), 0.8)],
    }
    assert decide(told, **candidates) == decide(told, **candidates)
