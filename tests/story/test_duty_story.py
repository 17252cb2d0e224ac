"""Whole nights at the duty desk, on a pushed clock; a message nobody expected fails the test."""

from datetime import timedelta

import pytest

from monitor.domain import (
    AlertCard,
    Case,
    Contact,
    DutyRole,
    Person,
    Receipt,
    Role,
    Shift,
)
from monitor.errors import DeliveryError
from monitor.storage.case_lists import CaseQuery
from monitor.storage.session import Storage
from tests.county import START, County

pytestmark = pytest.mark.story


@pytest.fixture
def county(storage: Storage) -> County:
    return County(storage)


def the_case(county: County) -> Case:
    with county.storage.look() as rows:
        (case,) = rows.case_lists.list_page(CaseQuery(), offset=0, limit=2)
    return case


def code_of(card: AlertCard) -> str:
    return card.link.rsplit("/", 1)[-1]


def test_the_next_is_told_when_nobody_answers(county: County) -> None:
    county.post("宏图公司欠我三个月，没发工资")
    county.forward(0)
    county.expect_message_to("zhou")
    county.forward(4)
    county.expect_nobody_else()
    county.forward(1)
    county.expect_message_to("zheng")
    county.forward(10)
    county.expect_message_to("han")
    county.expect_nobody_else()


def test_the_last_step_is_repeated_until_somebody_acknowledges(county: County) -> None:
    county.post("宏图公司欠我三个月，没发工资")
    county.forward(26)
    for person in ("zhou", "zheng", "han"):
        county.expect_message_to(person)
    card = county.expect_message_to("han")
    assert county.desk.acknowledge_by_code(code_of(card), county.now).acted
    county.forward(60)
    county.expect_nobody_else()


def test_looking_at_the_link_acknowledges_nothing_and_posting_does_once(county: County) -> None:
    county.post("宏图公司欠我三个月，没发工资")
    county.forward(0)
    code = code_of(county.expect_message_to("zhou"))
    for _ in range(3):
        looked = county.desk.find_acknowledgement(code, county.now)
        assert looked
        assert looked.state == "open"
    first = county.desk.acknowledge_by_code(code, county.now)
    second = county.desk.acknowledge_by_code(code, county.now)
    assert (first.acted, second.acted) == (True, False)
    assert first.acknowledged_by == "zhou"
    county.forward(60)
    county.expect_nobody_else()


def test_a_link_has_an_end(county: County) -> None:
    county.post("宏图公司欠我三个月，没发工资")
    county.forward(0)
    code = code_of(county.expect_message_to("zhou"))
    late = county.now + timedelta(days=3)
    view = county.desk.acknowledge_by_code(code, late)
    assert (view.acted, view.state) == (False, "expired")


def test_deciding_on_a_case_acknowledges_it(county: County) -> None:
    county.post("宏图公司欠我三个月，没发工资")
    county.forward(0)
    county.expect_message_to("zhou")
    case = the_case(county)
    county.desk.accept(case.case_id, county.officer("zhou"), case.version, county.now)
    county.forward(60)
    county.expect_nobody_else()


def test_a_channel_that_fails_for_good_moves_the_ladder_on_at_once(county: County) -> None:
    county.phone.broken = DeliveryError("停用", permanent=True)
    county.post("宏图公司欠我三个月，没发工资")
    county.forward(0)
    county.phone.broken = None
    county.forward(1)
    county.expect_message_to("zheng")
    county.expect_nobody_else()


def test_a_channel_that_recovers_delivers_what_waited(county: County) -> None:
    county.phone.broken = DeliveryError("太忙", permanent=False)
    county.post("宏图公司欠我三个月，没发工资")
    county.forward(2)
    county.phone.broken = None
    county.forward(2)
    county.expect_message_to("zhou")
    county.expect_nobody_else()


def test_a_gap_in_the_roster_tells_the_next_step_at_once(county: County) -> None:
    with county.storage.work() as rows:
        rows.duty.replace(
            [Shift(DutyRole.OFFICER, "zhou", START - timedelta(days=9), START - timedelta(days=2))]
        )
        rows.users.save(Person("zhou", "zhou", Role.DUTY_OFFICER, (), disabled=True))
    county.post("宏图公司欠我三个月，没发工资")
    county.forward(1)
    county.expect_message_to("zheng")
    county.expect_nobody_else()


def test_when_the_roster_is_empty_the_fallback_is_told(county: County) -> None:
    with county.storage.work() as rows:
        for name in ("zhou", "zheng", "han"):
            person = rows.users.find(name)
            assert person
            rows.users.save(Person(name, name, person.role, (), disabled=True))
        rows.users.add(
            Person("admin", "admin", Role.ADMINISTRATOR, (Contact("phone", "admin"),)),
            None,
            county.now,
        )
        for duty in DutyRole:
            rows.duty.replace(
                [Shift(duty, "zhou", START - timedelta(days=30), START + timedelta(days=30))]
            )
    with county.storage.work() as rows:
        rows.duty.clear()
    county.post("宏图公司欠我三个月，没发工资")
    county.forward(1)
    county.expect_message_to("admin")


def test_danger_to_life_is_the_first_line_and_calls_again(county: County) -> None:
    county.post("宏图公司欠我三个月，没发工资")
    county.forward(0)
    calm = county.expect_message_to("zhou")
    assert "12356" not in "".join(calm.lines)
    county.desk.acknowledge_by_code(code_of(calm), county.now)
    county.reply("宏图公司欠我三个月，没发工资，再不发我就跳楼")
    county.forward(0)
    urgent = county.expect_message_to("zhou")
    assert "生命危险" in urgent.title
    assert "12356" in "".join(urgent.lines[:3])
    assert urgent.urgent
    county.expect_nobody_else()


def test_no_alert_holds_a_sentence_of_the_message(county: County) -> None:
    county.post("宏图公司欠我三个月，没发工资，孩子下周要交学费")
    county.forward(20)
    for _, _, card, _ in county.phone.sent:
        assert "学费" not in f"{card.title}{card.lines}{card.link}"


def test_a_retry_is_byte_identical(county: County) -> None:
    seen = []

    class Flaky:
        name = "phone"

        def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
            seen.append((card, address, idempotency_key))
            raise DeliveryError("太忙", permanent=False)

    county.phone = Flaky()  # type: ignore[assignment]
    county.post("宏图公司欠我三个月，没发工资")
    county.forward(3)
    assert len(seen) >= 3
    assert len(set(seen)) == 1
