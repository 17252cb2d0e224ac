"""A case that is merged or put down: nothing more is sent about it, not even what was claimed."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from alerts.outbox import RetryPolicy, deliver_due
from monitor.desk.acts import Act
from monitor.domain import AlertReason, AlertState, Case, DeliveryState, Through, UrgencyLevel
from monitor.duty_nouns import CallOff
from monitor.pipeline import make_raiser
from monitor.sending import StoringOutbox
from monitor.storage.session import Storage
from tests.county import LEASE, County
from tests.integration.ledger_office import Ledger
from tests.integration.test_desk_life import pay

OTHER = "青禾公司欠我们三个月，没发工资"


@pytest.fixture
def ledger(storage: Storage) -> Iterator[Ledger]:
    opened = Ledger(County(storage))
    yield opened
    opened.close()


def act(ledger: Ledger, case_id: int, name: str = "zheng") -> Act:
    officer = ledger.county.officer(name)
    return Act(case_id, officer, ledger.case(case_id).version, ledger.clock.now)


def merge(ledger: Ledger, case: Case) -> None:
    target = ledger.post(OTHER, key="t2")
    acknowledge(ledger, target)
    ledger.casework.merge(act(ledger, case.case_id), target.number, "同一工地")


def acknowledge(ledger: Ledger, case: Case) -> None:
    ledger.desk.acknowledge_case(case.case_id, ledger.county.officer("zhou"), ledger.clock.now)


def set_aside(ledger: Ledger, case: Case) -> None:
    ledger.casework.not_a_claim(act(ledger, case.case_id), "不是欠薪")


def close(ledger: Ledger, case: Case) -> None:
    ledger.casework.close(act(ledger, case.case_id), "")


def make_ready_to_close(ledger: Ledger, case: Case) -> None:
    with ledger.visit("zheng") as officer:
        officer.act(case.case_id, "accept")
        pay(officer, case.case_id)
        officer.act(case.case_id, "witness-workers", reason="电话回访，都说收到")


END = {"merge": merge, "not a claim": set_aside, "close": close}


@pytest.fixture(params=END)
def end(request: pytest.FixtureRequest) -> Callable[[Ledger, Case], None]:
    return END[request.param]


def ring(ledger: Ledger, case: Case) -> None:
    """A change of the case is told, and nobody has answered yet."""
    with ledger.storage.work() as rows:
        make_raiser(rows, ledger.county.duty, ledger.clock.now).raise_for(
            rows.cases.get(case.case_id), AlertReason.CASE_WORSENED
        )


def test_what_was_claimed_at_that_moment_does_not_go_out(
    ledger: Ledger, end: Callable[[Ledger, Case], None]
) -> None:
    case = ledger.post()
    if end is close:
        make_ready_to_close(ledger, case)
        ring(ledger, case)
    county = ledger.county
    ended: list[str] = []

    def put_down(point: str) -> None:
        if point == "after_claim" and not ended:
            ended.append(point)
            end(ledger, case)

    deliver_due(
        StoringOutbox(county.storage),
        {"phone": county.phone},
        clock=lambda: county.now,
        lease=LEASE,
        retry=RetryPolicy(),
        limit=100,
        at=put_down,
    )
    county.forward(240)
    assert ended
    assert county.phone.sent == []
    with county.storage.look() as rows:
        alerts = rows.alerts.list_of_case(case.case_id)
        messages = rows.alerts.list_deliveries([each.alert_id for each in alerts])
        assert {each.state for each in messages} == {DeliveryState.CALLED_OFF}
        assert not {AlertState.DUE, AlertState.SENT} & {each.state for each in alerts}


def test_what_fails_and_waits_for_its_next_try_is_not_tried_again(
    ledger: Ledger, end: Callable[[Ledger, Case], None]
) -> None:
    from monitor.errors import DeliveryError

    case = ledger.post()
    if end is close:
        make_ready_to_close(ledger, case)
        ring(ledger, case)
    county = ledger.county
    county.phone.broken = DeliveryError("busy", permanent=False, answer="-1")
    county.send()
    county.phone.broken = None
    end(ledger, case)
    county.forward(240)
    assert county.phone.sent == []


def test_what_was_held_over_night_is_dropped_with_the_case(ledger: Ledger) -> None:
    case = ledger.post()
    now = ledger.clock.now
    with ledger.storage.work() as rows:
        rows.notices.hold(case.case_id, AlertReason.CASE_WORSENED, now + timedelta(hours=9), now)
    set_aside(ledger, case)
    with ledger.storage.look() as rows:
        assert rows.notices.list_held(now + timedelta(days=2)) == []


def test_a_case_that_a_merge_makes_more_urgent_rings_at_whoever_has_it(ledger: Ledger) -> None:
    target = ledger.post(OTHER)
    acknowledge(ledger, target)
    grave = ledger.post("宏图公司欠我三个月，没发工资，有人要跳楼", key="t2")
    assert grave.level is UrgencyLevel.CRITICAL
    ledger.casework.merge(act(ledger, grave.case_id), target.number, "同一工地")
    with ledger.storage.look() as rows:
        newest = rows.alerts.list_of_case(target.case_id)[-1]
    assert ledger.case(target.case_id).level is UrgencyLevel.CRITICAL
    assert (newest.new.reason, newest.state) == (AlertReason.CASE_WORSENED, AlertState.DUE)
    ledger.county.send()
    assert "zhou" in [address for _, address, _, _ in ledger.county.phone.sent]


def test_when_and_why_alerts_were_called_off_is_kept_and_shown(ledger: Ledger) -> None:
    case = ledger.post()
    with ledger.storage.work() as rows:
        assert rows.alerts.call_off_case(case.case_id, CallOff.MERGED, ledger.clock.now) == 1
        assert rows.alerts.call_off_case(case.case_id, CallOff.MERGED, ledger.clock.now) == 0
        [kept] = rows.notices.list_call_offs(case.case_id).values()
    assert kept == (ledger.clock.now, CallOff.MERGED)
    with ledger.visit("zheng") as officer:
        assert "线索已并入另一条" in officer.get(f"/cases/{case.case_id}").text


def test_the_case_page_says_who_acknowledged_when_and_through_what(ledger: Ledger) -> None:
    case = ledger.post()
    county = ledger.county
    county.send()
    card = county.expect_message_to("zhou")
    ledger.clock.forward(minutes=2)
    code = card.link.rpartition("/")[2]
    assert ledger.desk.acknowledge_by_code(code, ledger.clock.now).acted
    with ledger.visit("zheng") as officer:
        page = officer.get(f"/cases/{case.case_id}").text
    shown = page.partition("谁确认的")[2].partition("</ul>")[0]
    assert "zhou" in shown
    assert "告警链接（phone）" in " ".join(shown.split())
    view = ledger.desk.get_case(case.case_id, county.officer("han"), ledger.clock.now)
    [line] = view.acknowledgements
    assert (line.person, line.at, line.through, line.channel) == (
        "zhou",
        ledger.clock.now,
        Through.LINK,
        "phone",
    )
