"""A card's button on WeCom: acknowledges once, for its person and its message; nothing else."""

import base64
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from xml.etree.ElementTree import fromstring

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import example, given
from hypothesis import strategies as st
from litestar.stores.memory import MemoryStore
from litestar.testing import TestClient
from pydantic import SecretStr

from alerts.channels.wecom_app import build_body
from alerts.channels.wecom_callback import (
    CallbackBox,
    CallbackError,
    Press,
    Signed,
    read_envelope,
    read_press,
    task_id_of,
)
from alerts.outbox import RetryPolicy, deliver_due
from monitor.desk.pressing import Pressing
from monitor.domain import AlertCard, AlertState, Contact, Person, Receipt, Role, Through
from monitor.sending import StoringOutbox
from monitor.storage.session import Storage
from monitor.web.app import create_app
from monitor.web.buttons import CardButtons
from monitor.web.options import WebSettings
from tests.county import LEASE, County

TOKEN, CORP = "buttonToken7", "ww0123456789"
AES_KEY = base64.b64encode(bytes(range(32))).decode().rstrip("=")
BOX = CallbackBox(SecretStr(TOKEN), SecretStr(AES_KEY), CORP)
AT, NONCE = "1764000000", "n0nce"


def sign(sealed: str, token: str = TOKEN) -> Signed:
    parts = "".join(sorted((token, AT, NONCE, sealed)))
    return Signed(hashlib.sha1(parts.encode()).hexdigest(), AT, NONCE)


def seal(message: bytes, corp: str = CORP, key: bytes = bytes(range(32))) -> str:
    """Written apart from the code that it tests, after the vendor's page 90968."""
    plain = os.urandom(16) + len(message).to_bytes(4, "big") + message + corp.encode()
    rest = 32 - len(plain) % 32
    plain += bytes([rest]) * rest
    closer = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(closer.update(plain) + closer.finalize()).decode()


def test_the_vendors_own_sample_is_opened() -> None:
    """The sample that comes with the vendor's library, from its page 90968."""
    box = CallbackBox(
        SecretStr("QDG6eK"),
        SecretStr("jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"),
        "wx5823bf96d3bd56c7",
    )
    signed = Signed("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780")
    echo = (
        "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
    )
    assert box.open(echo, signed) == b"1616140317555161061"


def test_what_is_sealed_is_opened_again() -> None:
    answer = fromstring(BOX.seal("中文".encode(), timestamp=AT, nonce=NONCE))
    sealed = answer.findtext("Encrypt") or ""
    signed = Signed(answer.findtext("MsgSignature") or "", AT, NONCE)
    assert BOX.open(sealed, signed).decode() == "中文"


@pytest.mark.parametrize(
    ("sealed", "signed"),
    [
        (seal(b"x"), sign("another")),
        (seal(b"x"), sign(seal(b"x"), "wrongtoken")),
        (seal(b"x", corp="ww-another"), None),
        (seal(b"x", key=bytes(range(1, 33))), None),
        ("not base64!", None),
        ("", None),
        (base64.b64encode(b"short").decode(), None),
    ],
)
def test_what_is_not_the_vendors_is_refused(sealed: str, signed: Signed | None) -> None:
    with pytest.raises(CallbackError):
        BOX.open(sealed, signed or sign(sealed))


@example(b"<_></_>")
@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    sealed = base64.b64encode(content).decode()
    with pytest.raises(CallbackError):
        BOX.open(sealed, sign(sealed))
    with pytest.raises(CallbackError):
        read_envelope(content)
    with suppress(CallbackError):
        assert read_press(content) is None, "XML that somebody wrote at random presses no button"


def test_an_envelope_that_would_grow_without_end_is_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb">]><xml><Encrypt>&b;</Encrypt></xml>'
    with pytest.raises(CallbackError):
        read_envelope(bomb)


@pytest.mark.parametrize("key", ["", "short", "!" * 43])
def test_a_key_that_is_none_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey"):
        CallbackBox(SecretStr("t"), SecretStr(key), CORP)


# ---------------------------------------------------------------- through the desk


@dataclass
class App:
    """WeCom's application as a channel: keeps the cards that it was given."""

    name: str = "phone"

    def __post_init__(self) -> None:
        self.cards: list[tuple[AlertCard, str, str]] = []

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
        self.cards.append((card, address, idempotency_key))
        return Receipt("ok")


@dataclass
class Office:
    """A county whose officer has the application, and the desk that the vendor calls."""

    county: County
    app: App
    desk: TestClient  # type: ignore[type-arg]

    def send(self) -> Press:
        """Let what waits go out; give the press of the newest card's button, by its owner."""
        deliver_due(
            StoringOutbox(self.county.storage),
            {"phone": self.app},
            clock=lambda: self.county.now,
            lease=LEASE,
            retry=RetryPolicy(),
            limit=99,
        )
        card, address, key = self.app.cards[-1]
        return Press(address, card.link.rpartition("/")[2], task_id_of(key))

    def press(self, press: Press) -> str:
        """Call as the vendor does; give the button's new words."""
        message = (
            f"<xml><ToUserName><![CDATA[{CORP}]]></ToUserName>"
            f"<FromUserName><![CDATA[{press.user}]]></FromUserName>"
            f"<CreateTime>{AT}</CreateTime><MsgType><![CDATA[event]]></MsgType>"
            f"<Event><![CDATA[template_card_event]]></Event>"
            f"<EventKey><![CDATA[{press.key}]]></EventKey>"
            f"<TaskId><![CDATA[{press.task_id}]]></TaskId>"
            "<CardType><![CDATA[button_interaction]]></CardType>"
            "<ResponseCode><![CDATA[r]]></ResponseCode><AgentID>1</AgentID></xml>"
        )
        answer = self.call(seal(message.encode()))
        assert answer.status_code == 200
        envelope = fromstring(answer.content)
        sealed = envelope.findtext("Encrypt") or ""
        signed = Signed(
            envelope.findtext("MsgSignature") or "",
            envelope.findtext("TimeStamp") or "",
            envelope.findtext("Nonce") or "",
        )
        opened = fromstring(BOX.open(sealed, signed))
        assert opened.findtext("MsgType") == "update_button"
        assert opened.findtext("ToUserName") == press.user
        return opened.findtext("Button/ReplaceName") or ""

    def call(self, sealed: str, signed: Signed | None = None, channel: str = "phone"):  # type: ignore[no-untyped-def]
        signed = signed or sign(sealed)
        query = {"msg_signature": signed.signature, "timestamp": AT, "nonce": NONCE}
        body = f"<xml><ToUserName>{CORP}</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
        return self.desk.post(f"/callback/{channel}", params=query, content=body)

    def states(self) -> set[AlertState]:
        with self.county.storage.look() as rows:
            return {each.state for each in rows.alerts.list_of_case(1)}


@pytest.fixture
def office(storage: Storage) -> Iterator[Office]:
    county = County(storage)
    app = create_app(
        county.desk,
        clock=lambda: county.now,
        settings=WebSettings(bytes(range(32)), "http://desk.example", cookie_secure=False),
        session_store=MemoryStore(),
        limit_store=MemoryStore(),
        buttons={"phone": CardButtons(BOX, CORP, Pressing(storage, "phone").press)},
    )
    with TestClient(app) as desk:
        opened = Office(county, App(), desk)
        county.post("宏图公司欠我三个月，没发工资")
        county.digest()
        yield opened


def test_a_press_acknowledges_once_and_says_who_and_through_what(office: Office) -> None:
    press = office.send()
    assert office.press(press) == "已确认"
    assert office.states() == {AlertState.ACKNOWLEDGED}
    assert office.press(press) == "已有人确认", "twice is once"
    with office.county.storage.look() as rows:
        [kept] = rows.notices.list_acknowledgements(1)
    assert (kept[0], kept[2], kept[3]) == ("zhou", Through.BUTTON, "phone")
    office.county.forward(60)
    assert office.county.phone.sent == [], "the ladder has ended"


@pytest.mark.parametrize("change", ["user", "key", "task_id"])
def test_a_press_is_bound_to_the_person_the_code_and_the_card(office: Office, change: str) -> None:
    press = replace(office.send(), **{change: "zheng"})
    assert office.press(press) == "不是发给您的"
    assert office.states() == {AlertState.SENT}


def test_a_button_of_another_card_of_the_same_person_does_not_count(office: Office) -> None:
    first = office.send()
    office.county.post("青禾公司欠我三个月，没发工资", key="t2")
    office.county.digest()
    second = office.send()
    assert office.press(replace(first, task_id=second.task_id)) == "不是发给您的"
    assert office.press(second) == "已确认"
    assert office.states() == {AlertState.SENT}, "the first case still waits"


def test_a_button_that_is_too_old_or_whose_officer_left_acknowledges_nothing(
    office: Office,
) -> None:
    press = office.send()
    office.county.now += timedelta(days=4)
    assert office.press(press) == "已失效，请打开值班台"
    office.county.now -= timedelta(days=4)
    with office.county.storage.work() as rows:
        contact = (Contact("phone", "zhou"),)
        rows.users.save(Person("zhou", "zhou", Role.DUTY_OFFICER, contact, disabled=True))
    assert office.press(press) == "已失效，请打开值班台"
    assert office.states() == {AlertState.SENT}


def test_a_call_that_is_not_the_vendors_is_refused_and_changes_nothing(office: Office) -> None:
    office.send()
    sealed = seal(b"<xml/>")
    assert office.call(sealed, sign("another")).status_code == 403
    assert office.call(sealed, channel="other").status_code == 403
    assert office.call(seal(b"no xml")).status_code == 403
    assert office.desk.post("/callback/phone", content=b"").status_code == 403
    assert office.call(seal(b"<xml><Event>enter_agent</Event></xml>")).text == ""
    assert office.states() == {AlertState.SENT}


def test_the_address_proves_itself_when_it_is_entered_at_the_vendor(office: Office) -> None:
    echo = seal(b"1616140317555161061")
    query = {"timestamp": AT, "nonce": NONCE, "echostr": echo}
    right = {**query, "msg_signature": sign(echo).signature}
    assert office.desk.get("/callback/phone", params=right).text == "1616140317555161061"
    assert office.desk.get("/callback/phone", params=query).status_code == 403
    assert office.desk.get("/callback/other", params=right).status_code == 403


def test_the_card_has_a_button_that_calls_back_only_where_the_vendor_may_call() -> None:
    card = AlertCard("【清薪】", ("用人单位：甲",), "https://desk.example/a/CODE1", urgent=True)
    plain = build_body(card, "wang", "k", 1)
    assert b'"key"' not in plain
    calling = build_body(card, "wang", "k", 1, calls_back=True)
    assert b'{"key": "CODE1"' in calling
    assert task_id_of("k").encode() in calling
    assert build_body(card, "wang", "k", 1, calls_back=True) == calling, (
        "a retry has the same bytes"
    )
    desk = replace(card, link="https://desk.example/channels")
    assert b'"key"' not in build_body(desk, "wang", "k", 1, calls_back=True)
