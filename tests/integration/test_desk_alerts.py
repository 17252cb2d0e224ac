"""The page of all alerts: one line a matter, with its state, step, people and age; filters."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from monitor.desk.alert_board import AlertFilter
from monitor.domain import AlertReason, AlertState, Case, UrgencyLevel
from monitor.duty_nouns import CallOff
from monitor.storage.session import Storage
from monitor.web.alert_pages import alerts_address, parse_alert_filter
from tests.county import County
from tests.integration.ledger_office import Ledger


@pytest.fixture
def ledger(storage: Storage) -> Iterator[Ledger]:
    opened = Ledger(County(storage))
    yield opened
    opened.close()


def live(ledger: Ledger, minutes: float) -> None:
    """Push both clocks, the ladder climbing."""
    ledger.county.now = ledger.clock.now
    ledger.county.forward(minutes)
    ledger.clock.now = ledger.county.now


@pytest.fixture
def three(ledger: Ledger) -> list[Case]:
    """One case that waits and climbed, one that was acknowledged, one that was called off."""
    cases = [
        ledger.post(text, key=f"t{number}")
        for number, text in enumerate(
            ("宏图公司欠我，没发工资", "青禾公司欠我，没发工资", "远山公司欠我，没发工资")
        )
    ]
    live(ledger, 1)
    ledger.desk.acknowledge_case(cases[1].case_id, ledger.county.officer("zhou"), ledger.clock.now)
    with ledger.storage.work() as rows:
        rows.alerts.call_off_case(cases[2].case_id, CallOff.MERGED, ledger.clock.now)
    live(ledger, 6)
    return cases


def test_what_waits_stands_there_once_with_step_person_and_age(
    ledger: Ledger, three: list[Case]
) -> None:
    [line] = ledger.office.alerts.list_alerts(AlertFilter()).lines
    assert line.case is not None
    assert line.case.case_id == three[0].case_id
    assert (line.state, line.step, line.steps) == (AlertState.SENT, 2, 3)
    assert [each.person_name for each in line.told] == ["zheng", "zhou"]
    assert ledger.clock.now - line.since == timedelta(minutes=7)
    assert line.next_at == line.since + timedelta(minutes=15)
    with ledger.visit("han") as leader:
        shown = leader.get("/alerts").text
    assert three[0].number in shown
    assert three[1].number not in shown
    assert "第 2 步，共 3 步" in shown
    assert "已等 7 分钟" in shown


def test_all_of_them_are_listed_newest_first_with_how_each_ended(
    ledger: Ledger, three: list[Case]
) -> None:
    found = ledger.office.alerts.list_alerts(AlertFilter(state=None))
    assert found.waiting == 1
    assert [line.case.case_id if line.case else 0 for line in found.lines] == [
        each.case_id for each in reversed(three)
    ]
    called_off, acknowledged, waiting = found.lines
    assert called_off.called_off is not None
    assert called_off.called_off[1] is CallOff.MERGED
    assert acknowledged.acknowledged is not None
    assert acknowledged.acknowledged[0] == "zhou"
    assert (called_off.next_at, acknowledged.next_at) == (None, None)
    assert waiting.next_at is not None


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (AlertFilter(state=AlertState.ACKNOWLEDGED), [1]),
        (AlertFilter(state=AlertState.CALLED_OFF), [2]),
        (AlertFilter(state=None, person="zheng"), [0]),
        (AlertFilter(state=None, person="zhou"), [2, 1, 0]),
        (AlertFilter(state=None, person="nobody"), []),
        (AlertFilter(state=None, level=UrgencyLevel.CRITICAL), []),
        (AlertFilter(state=None, reason=AlertReason.CASE_OPENED), [2, 1, 0]),
        (AlertFilter(reason=AlertReason.CASE_REOPENED), []),
        (AlertFilter(page=2), []),
    ],
)
def test_the_filters(
    ledger: Ledger, three: list[Case], wanted: AlertFilter, expected: list[int]
) -> None:
    found = ledger.office.alerts.list_alerts(wanted).lines
    assert [line.case.case_id if line.case else 0 for line in found] == [
        three[number].case_id for number in expected
    ]
    with ledger.visit("han") as leader:
        shown = leader.get(alerts_address(wanted, wanted.page)).text
    assert [each.number in shown for each in three] == [number in expected for number in range(3)]


def test_test_messages_are_listed_only_when_they_are_asked_for(ledger: Ledger) -> None:
    from monitor.desk.channels import StoredChannelBoard

    board = StoredChannelBoard(ledger.storage, {"phone": "terminal"}, "http://desk")
    board.send_test(ledger.county.officer("zhou"), ledger.clock.now)
    everything = AlertFilter(state=None)
    assert ledger.office.alerts.list_alerts(everything).lines == []
    wanted = AlertFilter(state=None, reason=AlertReason.TEST)
    [line] = ledger.office.alerts.list_alerts(wanted).lines
    assert (line.case, line.notice, line.next_at) == (None, None, None)
    with ledger.visit("han") as leader:
        assert "测试消息" in leader.get(alerts_address(wanted)).text


def test_more_than_a_page_goes_on_and_nothing_is_left_out(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.desk.alert_board.PAGE_SIZE", 2)
    for number in range(5):
        ledger.post(f"第{number}公司欠我，没发工资", key=f"t{number}")
    for state in (AlertState.SENT, None):
        pages = [
            ledger.office.alerts.list_alerts(AlertFilter(state=state, page=page))
            for page in (1, 2, 3)
        ]
        assert [page.has_more for page in pages] == [True, True, False]
        keys = [line.key for page in pages for line in page.lines]
        assert len(keys) == len(set(keys)) == 5


def test_an_empty_list_says_what_to_do(ledger: Ledger) -> None:
    with ledger.visit("han") as leader:
        shown = leader.get("/alerts").text
        assert "没有等人确认的告警" in shown
        assert "/channels" in shown
        for odd in ("state=given_up", "state=x", "level=9", "reason=x", "page=0", "page=99999"):
            assert leader.get(f"/alerts?{odd}").status_code == 400


def test_the_address_says_the_filter_and_back() -> None:
    for wanted in (
        AlertFilter(),
        AlertFilter(state=None, level=UrgencyLevel.HIGH, person="zhou"),
        AlertFilter(state=AlertState.CALLED_OFF, reason=AlertReason.CASE_WORSENED),
    ):
        address = alerts_address(wanted)
        query = dict(pair.split("=") for pair in address.partition("?")[2].split("&") if pair)
        assert parse_alert_filter(query) == wanted
