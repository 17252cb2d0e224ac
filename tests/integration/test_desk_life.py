"""A case from the first message until it is struck off, through the pages' own forms."""

from collections.abc import Iterator

import pytest

from monitor.domain import AlertReason, AlertState, CaseState
from monitor.storage.session import Storage
from tests.county import County
from tests.integration.ledger_office import Ledger, LedgerVisitor

DAY = "2026-11-23"


@pytest.fixture
def ledger(storage: Storage) -> Iterator[Ledger]:
    opened = Ledger(County(storage))
    yield opened
    opened.close()


def pay(visitor: LedgerVisitor, case_id: int, **changes: str) -> int:
    values = {
        "on": DAY,
        "workers": "3",
        "amount": "18,600.50",
        "whose": "employer",
        "proof": "回单 0007",
        "in_full": "1",
    } | changes
    return visitor.act(case_id, "pay", **values).status_code


def test_a_case_is_followed_until_the_money_is_paid(ledger: Ledger) -> None:
    case = ledger.post()
    number = case.case_id
    with ledger.visit("zhou") as duty:
        assert duty.act(number, "acknowledge").status_code == 303
        assert ledger.case(number).owner == "zhou", "whoever hears first is responsible"
        assert duty.act(number, "accept").status_code == 303
        answer = duty.act(number, "offer", to="zheng", reason="请核实")
        assert answer.status_code == 303
        assert ledger.case(number).owner == "zhou", "until the other accepts"
    with ledger.visit("zheng") as officer:
        assert "请我接收的线索" in officer.get("/").text
        page = officer.get(f"/cases/{number}")
        (offer,) = {each for each in _actions(page.text) if "/offers/" in each}
        assert officer.submit(page, offer, answer="accepted", reason="").status_code == 303
        assert ledger.case(number).owner == "zheng"
        answer = officer.act(
            number,
            "order",
            number="临人社监令〔2026〕7 号",
            addressee="宏图公司",
            on=DAY,
            until="2026-11-30",
            amount="18600.5",
            workers="3",
        )
        assert answer.status_code == 303
        assert ledger.case(number).state is CaseState.ORDERED
        page = officer.get(f"/cases/{number}")
        (delivered,) = [each for each in _actions(page.text) if each.endswith("/delivered")]
        answer = officer.submit(page, delivered, on=DAY, way="post", proof="EMS 1234567890123")
        assert answer.status_code == 303
        assert "邮寄送达" in officer.get(f"/cases/{number}").text
        assert pay(officer, number, in_full="", amount="600.5") == 303
        assert ledger.case(number).state is CaseState.ORDERED, "a part is not the whole"
        assert pay(officer, number, amount="18000") == 303
        assert ledger.case(number).state is CaseState.PAID
        shown = officer.get(f"/cases/{number}").text
        assert "还缺第二个见证" in shown
        assert f"/cases/{number}/close" not in _actions(shown)
        assert f"/cases/{number}/witness-second" not in _actions(shown)
        version = ledger.case(number).version
        answer = officer.force(f"/cases/{number}/witness-second", version, reason="我看过")
        assert answer.status_code == 403
        assert officer.force(f"/cases/{number}/close", version).status_code == 409
    with ledger.visit("fuhe") as reviewer:
        assert "等第二人复核的线索" in reviewer.get("/").text
        answer = reviewer.act(number, "witness-second", reason="回单与名册一致")
        assert answer.status_code == 303
    with ledger.visit("zheng") as officer:
        assert officer.act(number, "close", reason="").status_code == 303
        assert ledger.case(number).state is CaseState.CLOSED
        text = officer.get(f"/cases/{number}").text
        assert "已销号" in text
    with ledger.storage.look() as rows:
        verdict = rows.audit.verify()
        actions = [each.action for each in rows.audit.list_newest(limit=200)]
    assert verdict.broken_at is None
    assert {"case.viewed", "case.accept", "case.order", "case.close", "sign_in"} <= set(actions)


def test_the_workers_word_is_a_second_witness_too(ledger: Ledger) -> None:
    number = ledger.post().case_id
    with ledger.visit("zheng") as officer:
        officer.act(number, "accept")
        assert pay(officer, number, whose="emergency_fund") == 303
        answer = officer.act(number, "witness-workers", reason="电话回访 3 人，都说收到")
        assert answer.status_code == 303
        assert officer.act(number, "close", reason="").status_code == 303
    assert ledger.case(number).state is CaseState.CLOSED


def test_a_later_reply_that_no_money_came_opens_the_case_again_and_rings(ledger: Ledger) -> None:
    number = ledger.post().case_id
    with ledger.visit("zheng") as officer:
        officer.act(number, "accept")
        pay(officer, number)
        officer.act(number, "witness-workers", reason="电话回访，都说收到")
        officer.act(number, "close", reason="")
    ledger.clock.forward(days=2)
    ledger.county.now = ledger.clock.now
    ledger.county.reply("楼主，钱还是没拿到，一直没拿到钱")
    ledger.county.digest()
    case = ledger.case(number)
    assert case.state is CaseState.REOPENED
    assert case.owner == "zheng", "the owner stays"
    with ledger.storage.look() as rows:
        newest = rows.alerts.list_of_case(number)[-1]
    assert newest.new.reason is AlertReason.CASE_REOPENED
    assert newest.state in {AlertState.DUE, AlertState.SENT}
    with ledger.visit("zheng") as officer:
        officer.act(number, "accept")
        pay(officer, number, amount="1")
        assert "还缺第二个见证" in officer.get(f"/cases/{number}").text, (
            "the old word counts no more"
        )


def test_a_referral_is_followed_to_its_result_and_both_are_told(ledger: Ledger) -> None:
    number = ledger.post().case_id
    with ledger.visit("zheng") as officer:
        officer.act(number, "refer", body="transport", reason="属交通项目")
        page = officer.get(f"/cases/{number}")
        (action,) = [each for each in _actions(page.text) if "/referrals/" in each]
        blank = dict.fromkeys(
            ("number", "told_on", "received_on", "proof", "result", "reason", "asker_on"), ""
        )
        assert officer.submit(page, action, **blank).status_code == 400
        told = blank | {
            "number": "转办函 3 号",
            "told_on": DAY,
            "received_on": DAY,
            "proof": "已收",
        }
        assert officer.submit(page, action, **told).status_code == 303
        page = officer.get(f"/cases/{number}")
        done = blank | {"result": "paid", "reason": "已发放", "asker_on": DAY}
        assert officer.submit(page, action, **done).status_code == 303
        text = officer.get(f"/cases/{number}").text
        assert text.count("✓") >= 4
        assert pay(officer, number) == 303
    assert ledger.case(number).state is CaseState.PAID


def test_merging_moves_the_documents_and_splitting_gives_a_case_of_its_own(ledger: Ledger) -> None:
    one = ledger.post()
    other = ledger.post("青禾公司欠我们，没发工资", key="t2")
    with ledger.visit("zheng") as officer:
        for each in (one, other):
            officer.act(each.case_id, "accept")
        answer = officer.act(other.case_id, "merge", number=one.number, reason="同一工地")
        assert answer.headers["location"] == f"/cases/{one.case_id}?done=merged"
        assert ledger.case(other.case_id).state is CaseState.MERGED
        assert one.number in officer.get(f"/cases/{other.case_id}").text
        with ledger.storage.look() as rows:
            documents = rows.cases.list_document_ids(one.case_id)
            assert len(documents) == 2
            assert rows.cases.list_document_ids(other.case_id) == []
        answer = officer.act(one.case_id, "split", documents=str(documents[1]), reason="不是一家")
        assert answer.status_code == 303
    opened = ledger.newest()
    assert opened.employer == "青禾公司"
    assert (opened.state, opened.owner) == (CaseState.NEW, "zheng")
    with ledger.storage.look() as rows:
        assert rows.cases.list_document_ids(opened.case_id) == [documents[1]]


def test_what_was_verified_is_written_with_what_it_was_before(ledger: Ledger) -> None:
    number = ledger.post().case_id
    with ledger.visit("zheng") as officer:
        officer.act(number, "accept")
        answer = officer.act(
            number,
            "correct",
            employer="宏图建筑公司",
            project="青禾湾二期",
            place="临川镇",
            workers="40",
            amount="1200000",
            reason="到工地核实",
        )
        assert answer.status_code == 303
        text = officer.get(f"/cases/{number}").text
    assert "宏图公司 → 宏图建筑公司" in text
    assert "重大线索" in text, "40 people are a large case"
    assert "青禾湾二期" in text
    with ledger.visit("han") as leader:
        answer = leader.act(number, "team", people=["zheng", "qian"], until="2026-12-20")
        assert answer.status_code == 303
        text = leader.get(f"/cases/{number}").text
        assert "zheng" in text
        assert "2026-12-20" in text


def test_of_two_officers_at_once_one_wins_and_the_other_is_told(ledger: Ledger) -> None:
    number = ledger.post().case_id
    with ledger.visit("zheng") as one, ledger.visit("qian") as other:
        page = other.get(f"/cases/{number}")
        assert one.act(number, "accept").status_code == 303
        answer = other.submit(page, f"/cases/{number}/accept")
        assert answer.status_code == 409
        assert "这条线索刚才已有变化" in answer.text
    assert ledger.case(number).owner == "zheng"


def test_the_deadlines_are_shown_with_their_computation(ledger: Ledger) -> None:
    number = ledger.post().case_id
    with ledger.visit("zheng") as officer:
        officer.act(number, "accept")
        text = officer.get(f"/cases/{number}").text
    assert "2026-11-30" in text, "five working days after Monday 23 November"
    assert "60 个工作日" in text
    assert "暂定：下一年放假安排尚未公布" in text
    assert "2027-02-05" in text, "the eve of the Spring Festival of 2027"


def test_a_case_is_not_opened_again_without_its_alert(ledger: Ledger) -> None:
    """What kills the alert kills the step with it: neither stands without the other."""
    from monitor.desk.acts import Act
    from monitor.desk.casework import Casework

    number = ledger.post().case_id
    with ledger.visit("zheng") as officer:
        officer.act(number, "accept")
        pay(officer, number)
    before = ledger.case(number)

    def fail(*_: object) -> None:
        raise RuntimeError("killed between the step and its alert")

    def told() -> list[AlertReason]:
        with ledger.storage.look() as rows:
            return [each.new.reason for each in rows.alerts.list_of_case(number)]

    with ledger.storage.look() as rows:
        person = rows.users.find("zheng")
        events = rows.cases.list_events(number)
    assert person is not None
    act = Act(number, person, before.version, ledger.clock.now)
    with pytest.raises(RuntimeError, match="between"):
        Casework(ledger.storage, ledger.casework.rules, fail).reopen(act, "钱没有到")
    assert ledger.case(number) == before
    with ledger.storage.look() as rows:
        assert rows.cases.list_events(number) == events
    assert AlertReason.CASE_REOPENED not in told()
    ledger.casework.reopen(act, "钱没有到")
    assert ledger.case(number).state is CaseState.REOPENED
    assert AlertReason.CASE_REOPENED in told()


def test_a_deadline_that_was_kept_stays_kept_after_later_steps(ledger: Ledger) -> None:
    """The day of the step counts: not of a correction, a closing or a computation long after."""
    from datetime import date, timedelta

    from monitor.casework import ClockKind

    def stops() -> dict[ClockKind, date | None]:
        with ledger.storage.look() as rows:
            return {each.kind: each.stopped_on for each in rows.casework.list_clocks(number)}

    number = ledger.post().case_id
    with ledger.visit("zheng") as officer:
        officer.act(number, "accept")
    ledger.clock.forward(days=20)
    with ledger.visit("zheng") as officer:
        pay(officer, number)
    assert stops()[ClockKind.ACCEPT] == date(2026, 11, 23)
    paid_on = date(2026, 11, 23) + timedelta(days=20)
    ledger.clock.forward(days=90)  # long after both campaign deadlines
    with ledger.visit("fuhe") as reviewer:
        reviewer.act(number, "witness-second", reason="回单与名册一致")
    with ledger.visit("zheng") as officer:
        officer.act(number, "close", reason="")
    assert stops() == {
        ClockKind.ACCEPT: date(2026, 11, 23),
        ClockKind.INVESTIGATE: paid_on,
        ClockKind.CAMPAIGN: paid_on,
    }


def test_a_provisional_deadline_is_computed_anew_when_the_calendar_arrives(ledger: Ledger) -> None:
    from dataclasses import replace
    from datetime import date

    from alerts.day_calendar import DayCalendar
    from monitor.casework import ClockKind
    from monitor.clocks import WorkCalendar

    number = ledger.post().case_id
    with ledger.visit("zheng") as officer:
        officer.act(number, "accept")

    def investigate() -> tuple[date, bool]:
        with ledger.storage.look() as rows:
            clocks = {each.kind: each for each in rows.casework.list_clocks(number)}
        return clocks[ClockKind.INVESTIGATE].due_on, clocks[ClockKind.INVESTIGATE].provisional

    before, provisional = investigate()
    assert provisional
    calendar = WorkCalendar(
        DayCalendar([date(2027, 2, day) for day in range(8, 13)]), frozenset({2027})
    )
    rules = replace(ledger.casework.rules, calendar=calendar)
    ledger.casework.rules = rules
    ledger.clock.forward(days=1)
    ledger.register()
    after, provisional = investigate()
    assert not provisional
    # The law's days (5 and 8 February) were left out before; four more working days fall away.
    assert (before, after) == (date(2027, 2, 18), date(2027, 2, 24))


def _actions(text: str) -> list[str]:
    import re

    return re.findall(r'action="([^"]+)"', text)
