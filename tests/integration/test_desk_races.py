"""Two officers at the same instant, in two threads, on each kind of database: one wins."""

import threading
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest

from monitor.casework import OfferAnswer
from monitor.desk.acts import Act
from monitor.domain import ReferralBody
from monitor.errors import IllegalStepError, NotAllowedError
from monitor.storage.session import Storage
from tests.county import County
from tests.integration.ledger_office import Ledger

ROUNDS = 6


@pytest.fixture
def ledger(storage: Storage) -> Iterator[Ledger]:
    opened = Ledger(County(storage))
    yield opened
    opened.close()


def at_once(*acts: Callable[[], object]) -> list[Exception | None]:
    """Do several things at the same instant; give back what each was refused with."""
    gate = threading.Barrier(len(acts))
    refused: list[Exception | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        gate.wait(30)
        try:
            act()
        except Exception as error:  # noqa: BLE001 - it is judged by the test
            refused[place] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    return refused


def check_one_won(refused: list[Exception | None]) -> None:
    lost = [each for each in refused if each is not None]
    assert len(lost) == len(refused) - 1, refused
    assert all(isinstance(each, IllegalStepError | NotAllowedError) for each in lost), refused
    assert all(str(each) for each in lost), "the other is told"


def test_of_two_first_steps_one_is_done(ledger: Ledger) -> None:
    work, now = ledger.casework, ledger.clock.now
    with ledger.storage.look() as rows:
        people = {each.username: each for each in rows.users.list_all()}
    for number in range(ROUNDS):
        case = ledger.post(f"第{number}公司欠我们，没发工资", key=f"r{number}")
        one = Act(case.case_id, people["zheng"], case.version, now)
        two = Act(case.case_id, people["qian"], case.version, now)
        three = Act(case.case_id, people["zhou"], case.version, now)
        check_one_won(
            at_once(
                lambda one=one: work.accept(one),  # type: ignore[misc]
                lambda two=two: work.refer(two, ReferralBody.COURT, "归法院"),  # type: ignore[misc]
                lambda three=three: work.not_a_claim(three, "材料款"),  # type: ignore[misc]
            )
        )
        with ledger.storage.look() as rows:
            after = rows.cases.get(case.case_id)
            done = [each.action for each in rows.cases.list_events(case.case_id)]
        assert after.version == case.version + 1
        assert sum(each in {"accept", "refer", "not_a_claim"} for each in done) == 1
        assert after.owner in {"zheng", "qian", "zhou"}
        assert ledger.office.books.verify_audit().broken_at is None


def test_an_offer_is_answered_once(ledger: Ledger) -> None:
    work, now = ledger.casework, ledger.clock.now
    with ledger.storage.look() as rows:
        people = {each.username: each for each in rows.users.list_all()}
    case_id = ledger.post().case_id

    def act(name: str) -> Act:
        return Act(case_id, people[name], ledger.case(case_id).version, now)

    work.accept(act("zheng"))
    for owner, other in [("zheng", "qian"), ("qian", "zheng")] * (ROUNDS // 2):
        if ledger.case(case_id).owner != owner:
            continue
        work.offer(act(owner), other, "换人")
        offer = work.read_case(case_id)[1].offers[-1]
        take, keep = act(other), act(owner)
        check_one_won(
            at_once(
                lambda take=take, offer=offer: work.answer_offer(  # type: ignore[misc]
                    take, offer.offer_id, OfferAnswer.ACCEPTED
                ),
                lambda keep=keep, offer=offer: work.answer_offer(  # type: ignore[misc]
                    keep, offer.offer_id, OfferAnswer.WITHDRAWN
                ),
            )
        )
        assert ledger.case(case_id).owner in {"zheng", "qian"}, "exactly one owner"


def test_one_code_lets_one_person_in(ledger: Ledger) -> None:
    import pyotp

    people = ledger.office.people
    people.begin_totp("zheng")
    secret = people.get_security("zheng").totp_secret
    assert secret
    for _ in range(ROUNDS):
        ledger.clock.forward(seconds=60)
        now = ledger.clock.now
        code = pyotp.TOTP(secret).at(now)
        answers: list[bool] = []

        def enter(code: str = code, now: datetime = now, answers: list[bool] = answers) -> None:
            answers.append(people.check_totp("zheng", code, now))

        at_once(enter, enter, enter)
        assert sorted(answers) == [False, False, True]
        with ledger.storage.work() as rows:
            rows.accounts.set_security("zheng", failures=0, locked_until=None)
