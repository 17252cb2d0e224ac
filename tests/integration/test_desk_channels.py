"""The page of the channels: what went through each, and a test message to oneself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from litestar import Litestar
from litestar.stores.memory import MemoryStore
from litestar.testing import TestClient

from monitor.desk.channels import StoredChannelBoard
from monitor.desk.codes import hash_code
from monitor.domain import AlertState, Contact, Person, Role
from monitor.errors import DeliveryError
from monitor.storage.session import Storage
from monitor.web.app import create_app
from monitor.web.options import WebSettings
from tests.county import County
from tests.integration.desk_client import read_forms

CODE = "one-time-code-of-the-test"
KINDS = {"phone": "sms_aliyun", "bot": "wecom_bot"}


@pytest.fixture
def county(storage: Storage) -> County:
    opened = County(storage)
    with storage.work() as rows:
        rows.users.add_sign_in_code(hash_code(CODE), "zhou", opened.now + timedelta(hours=9))
    return opened


def make_app(county: County) -> Litestar:
    return create_app(
        county.desk,
        clock=lambda: county.now,
        settings=WebSettings(bytes(range(32)), "http://desk.example", cookie_secure=False),
        session_store=MemoryStore(),
        limit_store=MemoryStore(),
        channels=StoredChannelBoard(county.storage, KINDS, "http://desk.example"),
    )


@contextmanager
def visit(county: County) -> Iterator[TestClient[Litestar]]:
    with TestClient(make_app(county)) as client:
        path = f"/sign-in/once/{CODE}"
        client.post(path, data=read_forms(client.get(path))[path].fields)
        yield client


def press_test(client: TestClient[Litestar]) -> str:
    page = client.get("/channels")
    form = read_forms(page)["/channels/test"]
    return client.post("/channels/test", data=form.fields, follow_redirects=True).text


def test_a_test_goes_to_the_one_who_asks_and_to_nobody_else(county: County) -> None:
    with visit(county) as client:
        assert "测试消息已交给发送程序" in press_test(client)
        county.send()
        card = county.expect_message_to("zhou")
        assert "测试，无需处理" in card.title
        page = client.get("/channels").text
        assert "渠道已接收" in page
        county.forward(60)
        county.expect_nobody_else()
    with county.storage.look() as rows:
        assert rows.alerts.count_by_state() == {AlertState.CALLED_OFF: 1}
        assert not rows.alerts.has_open()


def test_a_channel_that_refuses_says_so_on_the_page_and_ends_the_test(county: County) -> None:
    county.phone.broken = DeliveryError("对方拒收", permanent=True, answer="93000")
    with visit(county) as client:
        press_test(client)
        county.send()
        page = client.get("/channels").text
    assert "发送失败" in page
    assert "对方拒收 93000" in page
    assert "A401" in page
    with county.storage.look() as rows:
        assert not rows.alerts.has_open()


def test_what_rests_and_what_waits_is_shown_by_channel(county: County) -> None:
    county.phone.broken = DeliveryError("no answer", permanent=False)
    county.post("宏图公司欠我三个月，没发工资")
    county.forward(0)
    with visit(county) as client:
        page = client.get("/channels").text
    assert "短信（阿里云）" in page
    assert "企业微信群机器人" in page
    assert "再试" in page
    assert "我的渠道" in page


def test_who_has_no_channel_is_told_what_to_do(county: County) -> None:
    with county.storage.work() as rows:
        rows.users.save(Person("zhou", "zhou", Role.DUTY_OFFICER, ()))
    with visit(county) as client:
        assert "qingxin user contact" in press_test(client)


def test_no_address_of_anybody_is_on_the_page(county: County) -> None:
    with county.storage.work() as rows:
        contact = (Contact("phone", "13800001111"),)
        rows.users.save(Person("zhou", "zhou", Role.DUTY_OFFICER, contact))
    with visit(county) as client:
        press_test(client)
        county.send()
        assert "13800001111" not in client.get("/channels").text


def test_a_stranger_sees_nothing_and_sends_nothing(county: County) -> None:
    with TestClient(make_app(county)) as client:
        assert client.get("/channels", follow_redirects=False).status_code in {303, 401}
        assert client.post("/channels/test", follow_redirects=False).status_code in {303, 401, 403}
    county.send()
    county.expect_nobody_else()
