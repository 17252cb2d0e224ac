"""Receipts and answers by SMS on a real database: lost, doubled, out of order, from strangers."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from litestar.stores.memory import MemoryStore
from litestar.testing import TestClient
from sqlalchemy import text

from alerts.channels.sms_aliyun import parse_push
from alerts.grouping import Gathering
from alerts.outbox import RetryPolicy, deliver_due
from alerts.rules import ChannelRule
from monitor.domain import (
    AlertCard,
    AlertState,
    Contact,
    DeliveryReceipt,
    DeliveryState,
    Person,
    Receipt,
    Role,
    SmsReply,
    Through,
)
from monitor.errors import DeliveryError
from monitor.receiving import ReceiveCount, Receiver
from monitor.sending import StoringOutbox
from monitor.storage.session import Storage
from monitor.web.app import create_app
from monitor.web.incoming import Intake
from monitor.web.options import WebSettings
from tests.county import LEASE, County
from tests.gateways.sms_aliyun import make_receipt, make_reply

NUMBER = "13800001111"
RULES = {"sms": ChannelRule(gathering=Gathering(urgent_singles=1))}


@dataclass
class SmsBook:
    """An SMS channel: takes everything, numbers it, and is asked for receipts and answers."""

    name: str = "sms"
    sent: list[tuple[AlertCard, str]] = field(default_factory=list)
    receipts: list[DeliveryReceipt] = field(default_factory=list)
    replies: list[SmsReply] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    broken: bool = False

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
        self.sent.append((card, idempotency_key))
        return Receipt("OK", vendor_id=f"v{len(self.sent)}")

    def fetch(self, pending: list[object]) -> list[DeliveryReceipt]:
        if self.broken:
            raise DeliveryError("没有应答", permanent=False)
        self.asked = [each.vendor_id for each in pending]  # type: ignore[attr-defined]
        given, self.receipts = self.receipts, []
        return given

    def fetch_replies(self) -> list[SmsReply]:
        given, self.replies = self.replies, []
        return given


class Office(County):
    """A county whose officer is reached by SMS only."""

    def __init__(self, storage: Storage, address: str = NUMBER) -> None:
        super().__init__(storage)
        self.sms = SmsBook()
        self.receiver = Receiver(storage, {"sms": self.sms}, lambda: self.now)
        with storage.work() as rows:
            contact = (Contact("sms", address),)
            rows.users.save(Person("zhou", "zhou", Role.DUTY_OFFICER, contact))

    def raise_case(self, number: int = 1) -> None:
        self.post(f"第{number}公司欠我三个月，没发工资", key=f"t{number}", title=f"求助{number}")
        self.digest()

    def send(self) -> None:
        deliver_due(
            StoringOutbox(self.storage, RULES),
            {"sms": self.sms, "phone": self.phone},
            clock=lambda: self.now,
            lease=LEASE,
            retry=RetryPolicy(),
            limit=100,
        )

    def alerts(self) -> list[AlertState]:
        with self.storage.engine.connect() as connection:
            rows = connection.execute(text("SELECT state FROM alerts ORDER BY id"))
            return [AlertState(row[0]) for row in rows]

    def deliveries(self) -> list[DeliveryState]:
        with self.storage.engine.connect() as connection:
            rows = connection.execute(text("SELECT state FROM deliveries ORDER BY id"))
            return [DeliveryState(row[0]) for row in rows]

    def answer(self, words: str = "1", *, number: str = NUMBER, after: float = 60) -> ReceiveCount:
        at = self.now + timedelta(seconds=after)
        self.now = max(self.now, at)
        return self.receiver.take("sms", [], [SmsReply(number, words, at)])

    def receipt(self, vendor_id: str = "v1", *, delivered: bool = True, out_id: str = "") -> None:
        self.receiver.take(
            "sms", [DeliveryReceipt(vendor_id, delivered, self.now, "word", out_id)], []
        )


@pytest.fixture
def office(storage: Storage) -> Office:
    opened = Office(storage)
    opened.raise_case()
    opened.send()
    assert len(opened.sms.sent) == 1
    return opened


def test_a_one_by_sms_acknowledges_and_says_through_what(office: Office) -> None:
    assert office.answer().acknowledged == 1
    assert office.alerts() == [AlertState.ACKNOWLEDGED]
    with office.storage.look() as rows:
        alert = rows.alerts.find(1)
        assert alert is not None
        assert alert.through is Through.SMS_REPLY
        assert alert.acknowledged_by == "zhou"
    with office.storage.engine.connect() as connection:
        events = connection.execute(
            text("SELECT actor, note FROM case_events WHERE action = 'acknowledged'")
        ).all()
    assert [tuple(each) for each in events] == [("zhou", "sms_reply")]
    office.forward(60)
    assert len(office.sms.sent) == 1, "the ladder has ended"


def test_anything_but_a_one_acknowledges_nothing_and_its_words_are_not_kept(office: Office) -> None:
    assert office.answer("我是张三 不归我管").acknowledged == 0
    assert office.alerts() == [AlertState.SENT]
    with office.storage.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM incoming")).all()
    assert len(rows) == 1
    assert "张三" not in str(rows)
    assert NUMBER not in str(rows)


def test_a_one_from_a_strange_number_acknowledges_nothing(office: Office) -> None:
    assert office.answer(number="13911112222").acknowledged == 0
    assert office.answer(number="").acknowledged == 0
    assert office.alerts() == [AlertState.SENT]


def test_an_answer_that_comes_twice_counts_once_and_never_for_a_later_message(
    office: Office,
) -> None:
    at = office.now + timedelta(seconds=30)
    answer = SmsReply(NUMBER, "1", at)
    office.now = at
    assert office.receiver.take("sms", [], [answer, answer]).acknowledged == 1
    office.now += timedelta(minutes=5)
    office.raise_case(2)
    office.send()
    assert office.receiver.take("sms", [], [answer]).acknowledged == 0
    assert office.alerts() == [AlertState.ACKNOWLEDGED, AlertState.SENT]


def test_an_answer_belongs_to_the_message_before_it_though_it_comes_late(office: Office) -> None:
    written = office.now + timedelta(seconds=30)
    office.now += timedelta(minutes=5)
    office.raise_case(2)
    office.send()
    assert office.receiver.take("sms", [], [SmsReply(NUMBER, "1", written)]).acknowledged == 1
    assert office.alerts() == [AlertState.ACKNOWLEDGED, AlertState.SENT]


def test_an_answer_of_yesterday_acknowledges_nothing(office: Office) -> None:
    written = office.now + timedelta(seconds=30)
    office.now += timedelta(hours=25)
    assert office.receiver.take("sms", [], [SmsReply(NUMBER, "1", written)]).acknowledged == 0


def test_a_disabled_officer_acknowledges_nothing(office: Office) -> None:
    with office.storage.work() as rows:
        zhou = rows.users.find("zhou")
        assert zhou is not None
        rows.users.save(replace(zhou, disabled=True))
    assert office.answer().acknowledged == 0


@pytest.mark.parametrize("written", ["+8613800001111", "138 0000 1111", "138-0000-1111"])
def test_the_number_is_found_however_the_contact_writes_it(storage: Storage, written: str) -> None:
    office = Office(storage, written)
    office.raise_case()
    office.send()
    assert office.answer().acknowledged == 1


def test_a_one_acknowledges_every_case_that_the_message_carried(storage: Storage) -> None:
    office = Office(storage)
    for number in range(3):
        office.raise_case(number)
    office.send()
    assert len(office.sms.sent) == 1
    assert office.answer().acknowledged == 3
    assert set(office.alerts()) == {AlertState.ACKNOWLEDGED}


# ---------------------------------------------------------------- receipts


def test_what_did_not_arrive_moves_the_ladder_on_at_once(office: Office) -> None:
    office.receipt(delivered=False)
    assert office.deliveries()[0] is DeliveryState.FAILED
    office.forward(0)
    assert [address for _, address, _, _ in office.phone.sent] == ["zheng"]


def test_what_arrived_has_arrived_in_whatever_order_its_receipts_come(office: Office) -> None:
    office.receipt(delivered=True)
    office.receipt(delivered=False)
    assert office.deliveries() == [DeliveryState.SENT]


def test_a_late_word_of_arrival_corrects_an_early_one_of_failure(office: Office) -> None:
    office.receipt(delivered=False)
    office.receipt(delivered=True)
    assert office.deliveries() == [DeliveryState.SENT]


def test_a_receipt_that_comes_twice_is_kept_once(office: Office) -> None:
    for _ in range(3):
        office.receipt(delivered=True)
    with office.storage.engine.connect() as connection:
        kept = connection.execute(text("SELECT outcome FROM delivery_attempts")).all()
    assert [row[0] for row in kept] == ["sent", "delivered"]


def test_a_receipt_of_a_stranger_changes_nothing(office: Office) -> None:
    office.receipt("unknown", delivered=False)
    assert office.deliveries() == [DeliveryState.SENT]


def test_a_receipt_tells_of_a_message_whose_sender_died_before_writing_it_down(
    storage: Storage,
) -> None:
    office = Office(storage)
    office.raise_case()
    delivery = StoringOutbox(storage, RULES).claim_next_due(office.now, LEASE)
    assert delivery is not None
    office.receipt("v9", out_id=delivery.idempotency_key)
    assert office.deliveries() == [DeliveryState.SENT]
    office.now += LEASE
    office.send()
    assert office.sms.sent == [], "it has arrived: no second one is sent"


def test_lost_receipts_are_asked_for_until_they_come(office: Office) -> None:
    office.receiver.receive()
    assert office.sms.asked == ["v1"]
    office.sms.receipts = [DeliveryReceipt("v1", delivered=True, at=office.now, answer="DELIVRD")]
    assert office.receiver.receive() == ReceiveCount(delivered=1)
    office.receiver.receive()
    assert office.sms.asked == []


def test_a_vendor_that_gives_no_receipts_is_named_on_the_desk_and_its_answers_still_count(
    office: Office,
) -> None:
    office.sms.broken = True
    office.now += timedelta(seconds=30)
    office.sms.replies = [SmsReply(NUMBER, "1", office.now)]
    assert office.receiver.receive().acknowledged == 1
    with office.storage.look() as rows:
        assert "A403" in {each.code for each in rows.operations.list_open_issues()}


# ---------------------------------------------------------------- pushed to the desk

SECRET = "a-path-that-nobody-guesses"


def pushing(office: Office) -> TestClient:  # type: ignore[type-arg]
    def take(pushed: object) -> None:
        office.receiver.take("sms", *parse_push(pushed, office.now))

    app = create_app(
        office.desk,
        clock=lambda: office.now,
        settings=WebSettings(bytes(range(32)), "http://desk.example", cookie_secure=False),
        session_store=MemoryStore(),
        limit_store=MemoryStore(),
        intake=Intake({"sms": (SECRET, take)}),
    )
    return TestClient(app)


def test_a_push_is_taken_without_a_session_and_answered_as_the_vendor_wants(
    office: Office,
) -> None:
    local = office.now + timedelta(hours=8, seconds=60)
    office.now += timedelta(minutes=2)
    reply = make_reply(NUMBER, "1", f"{local:%Y-%m-%d %H:%M:%S}", 1)
    message = {"number": NUMBER, "parts": 1, "biz_id": "v1", "out_id": ""}
    with pushing(office) as client:
        answer = client.post(f"/in/sms/{SECRET}", json=[make_receipt(message), reply])
    assert answer.status_code == 200
    assert answer.json() == {"code": 0, "msg": "成功"}
    assert office.alerts() == [AlertState.ACKNOWLEDGED]


@pytest.mark.parametrize(
    "path", ["/in/sms/wrong", "/in/other/" + SECRET, "/in/sms/" + "x" * 300, "/in/sms/%00"]
)
def test_a_wrong_path_is_no_page_and_changes_nothing(office: Office, path: str) -> None:
    with pushing(office) as client:
        answer = client.post(path, json=[make_reply(NUMBER, "1", "2026-11-23 12:00:00", 1)])
    assert answer.status_code == 404
    assert SECRET not in answer.text
    assert office.alerts() == [AlertState.SENT]


def test_whoever_guesses_paths_is_held_up_and_the_vendor_is_not(office: Office) -> None:
    with pushing(office) as client:
        guesses = [client.post(f"/in/sms/guess-{n}", json=[]).status_code for n in range(40)]
        assert guesses == [404] * 30 + [429] * 10
        right = [client.post(f"/in/sms/{SECRET}", json=[]).status_code for _ in range(50)]
        assert right == [200] * 50
        held_up = client.post("/in/sms/guess-99", json=[])
    assert held_up.status_code == 429
    assert "guess-99" not in held_up.text, "a path may hold a secret that was typed wrongly"


def test_even_the_vendor_has_an_end(office: Office) -> None:
    with pushing(office) as client:
        answers = [client.post(f"/in/sms/{SECRET}", json=[]).status_code for _ in range(605)]
    assert answers == [200] * 600 + [429] * 5


@pytest.mark.parametrize("body", [b"", b"nonsense", b"\xff\xfe", b"[" * 50_000, b'{"a": 1}'])
def test_a_push_that_is_none_is_refused_and_changes_nothing(office: Office, body: bytes) -> None:
    with pushing(office) as client:
        answer = client.post(f"/in/sms/{SECRET}", content=body)
    assert answer.status_code in {200, 400}
    assert office.alerts() == [AlertState.SENT]
