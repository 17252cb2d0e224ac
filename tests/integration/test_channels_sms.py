"""SMS through both vendors: signatures, lengths, caps, receipts and answers."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from alerts import sms
from alerts.channels import sms_aliyun, sms_tencent
from alerts.channels.port import Answerable, Pending, Receipted
from alerts.grouping import gather
from monitor.domain import AlertCard, ShortWords
from tests.gateways import sms_aliyun as aliyun_gateway
from tests.gateways import sms_tencent as tencent_gateway
from tests.gateways.sms_aliyun import FakeAliyun
from tests.gateways.sms_limits import find_bad_variable
from tests.gateways.sms_tencent import FakeTencent
from tests.integration.test_channels_vendors import CARD, NOON, VENDORS, aliyun, tencent

WORDS = "{level}欠薪线索：{subject}，{detail}，{number}。回复1确认接手。"
both = pytest.mark.parametrize("vendor", ["aliyun", "tencent"])


def test_the_words_arrive_as_the_template_says() -> None:
    with aliyun() as line:
        line.send()
        assert line.gateway.taken[0]["text"] == (
            "【清河人社】紧急欠薪线索：平原第二建筑公司，宝丰镇 23人 45万元，QX2026-000123。"
            "回复1确认接手。"
        )
        assert line.gateway.taken[0]["parts"] == 1


@both
def test_a_wrong_key_is_refused_for_good(vendor: str) -> None:
    with VENDORS[vendor]() as line:
        line.gateway.key = "another"  # type: ignore[attr-defined]
        error = line.failure()
        assert error.permanent
        assert "Signature" in str(error)


@both
@pytest.mark.parametrize("address", ["", "010-12345678", "1380000111", "wangfang", "+112345678"])
def test_what_is_no_mobile_number_is_not_tried(vendor: str, address: str) -> None:
    with VENDORS[vendor]() as line:
        line.address = address
        assert line.failure().permanent
        assert line.gateway.asked == []


@both
def test_no_money_is_for_good_so_that_the_ladder_goes_on(vendor: str) -> None:
    with VENDORS[vendor](mode="no_money") as line:
        assert line.failure().permanent


@both
def test_the_number_is_in_no_answer_that_is_kept(vendor: str) -> None:
    with VENDORS[vendor]() as line:
        assert "13800001111" not in line.send()


def test_aliyuns_day_is_for_good_and_its_minute_is_not() -> None:
    now = [0.0]
    with aliyun(strict=True, clock=lambda: now[0]) as line:
        line.send()
        error = line.failure()
        assert not error.permanent
        assert error.retry_after_seconds is None, "another number may still be told"
    with aliyun(clock=lambda: now[0]) as line:
        for _ in range(50):
            line.send()
        assert line.failure().permanent
        now[0] = 24 * 3_600
        line.send()


def test_tencents_same_words_within_30_seconds_are_tried_again() -> None:
    now = [0.0]
    with tencent(clock=lambda: now[0]) as line:
        line.send()
        assert not line.failure().permanent
        now[0] = 30
        line.send()
        assert len(line.gateway.taken) == 2


def test_tencents_day_is_for_good() -> None:
    now = [0.0]
    with tencent(clock=lambda: now[0]) as line:
        assert isinstance(line.gateway, FakeTencent)
        line.gateway.day.most = 1
        line.send()
        now[0] = 60
        assert line.failure().permanent


def test_several_cases_by_sms_are_counted_and_one_is_named() -> None:
    with aliyun() as line:
        line.send(gather([CARD] * 5, now=NOON))
        assert "平原第二建筑公司等，共5条" in line.gateway.taken[0]["text"]


# ---------------------------------------------------------------- receipts and answers


def test_aliyun_tells_what_arrived_and_what_did_not_and_nothing_of_what_is_on_its_way() -> None:
    with aliyun() as line:
        assert isinstance(line.gateway, FakeAliyun)
        assert isinstance(line.channel, Receipted)
        ids = [line.channel.send(CARD, line.address, f"key-{n}").vendor_id for n in range(3)]
        line.gateway.delivered = {ids[0]: "", ids[1]: "MOBILE_NOT_ON_SERVICE"}
        found = line.channel.fetch([Pending(each, "13800001111", NOON) for each in ids])
        assert [(each.vendor_id, each.delivered) for each in found] == [
            (ids[0], True),
            (ids[1], False),
        ]
        assert found[1].answer == "MOBILE_NOT_ON_SERVICE"
        assert found[0].at == datetime(2026, 11, 23, 4, 0, 9, tzinfo=UTC)
        assert found[0].out_id == "key-0"


def test_tencent_gives_receipts_and_answers_once() -> None:
    with tencent() as line:
        assert isinstance(line.gateway, FakeTencent)
        assert isinstance(line.channel, Receipted)
        assert isinstance(line.channel, Answerable)
        line.send()
        message = line.gateway.taken[0]
        line.gateway.receipts = [tencent_gateway.make_receipt(message, "NOSUBSCRIBER")]
        line.gateway.replies = [tencent_gateway.make_reply("13800001111", "1", 1_795_406_500)]
        [receipt] = line.channel.fetch([])
        assert (receipt.vendor_id, receipt.delivered) == (message["serial"], False)
        [reply] = line.channel.fetch_replies()
        assert (reply.address, reply.text) == ("13800001111", "1")
        assert reply.at == datetime.fromtimestamp(1_795_406_500, UTC)
        assert line.channel.fetch([]) == []
        assert line.channel.fetch_replies() == []


def test_what_aliyun_pushes_is_read_whatever_its_order() -> None:
    message = {"number": "13800001111", "parts": 1, "biz_id": "biz1^0", "out_id": "key-1"}
    receipts, replies = sms_aliyun.parse_push(
        [
            aliyun_gateway.make_reply("13800001111", "1", "2026-11-23 12:05:00", 7),
            aliyun_gateway.make_receipt(message, "UNDELIV"),
            {"something": "new"},
            "nonsense",
        ],
        NOON,
    )
    [receipt] = receipts
    assert (receipt.vendor_id, receipt.out_id, receipt.delivered) == ("biz1^0", "key-1", False)
    [reply] = replies
    assert reply.at == NOON + timedelta(minutes=5)
    assert sms_aliyun.parse_push({"no": "list"}, NOON) == ([], [])


# ---------------------------------------------------------------- words


@given(st.text(max_size=120))
def test_a_variable_is_one_that_the_vendors_take(text: str) -> None:
    value = sms.fit_variable(text)
    assert 0 < len(value) <= 35
    assert find_bad_variable([value]) is None


@given(
    st.text("建筑公司工地薪", max_size=35),
    st.text("建筑公司工地薪", max_size=35),
    st.integers(1, 3),
)
def test_a_message_costs_no_more_than_its_parts(subject: str, detail: str, parts: int) -> None:
    card = replace(CARD, short=ShortWords("紧急", subject, detail, "QX2026-000123"))
    short = sms.shorten(sms.variables_of(card), words=WORDS, sign_name="清河人社", most_parts=parts)
    assert sms.count_parts(sms.fill(short, words=WORDS, sign_name="清河人社")) <= parts
    assert short["number"] == "QX2026-000123"


def test_lengths_are_counted_as_the_vendors_do() -> None:
    assert [sms.count_parts("薪" * n) for n in (1, 70, 71, 134, 135)] == [1, 1, 2, 2, 3]


def test_danger_to_a_life_is_the_first_word() -> None:
    assert sms.variables_of(replace(CARD, danger_to_life=True))["level"] == "人命关天"


def test_a_test_message_needs_no_case() -> None:
    values = sms.variables_of(AlertCard("【清薪】测试，无需处理", (), "", urgent=False))
    assert values["subject"] == "测试，无需处理"


@pytest.mark.parametrize("text", ["1", " 1 ", "１", "1。", "①", "1!"])
def test_a_one_however_typed_is_an_acknowledgement(text: str) -> None:
    assert sms.is_acknowledgement(text)


@pytest.mark.parametrize("text", ["", "11", "10", "T", "收到", "1 不是我负责", "-1"])
def test_anything_else_is_not(text: str) -> None:
    assert not sms.is_acknowledgement(text)


def test_numbers_are_read_however_written() -> None:
    written = ["13800001111", "+8613800001111", "0086 138 0000 1111", "138-0000-1111"]
    assert {sms.bare_number(each) for each in written} == {"13800001111"}
    assert sms.bare_number("8613800001111") == "13800001111"


def test_signatures_do_not_change_with_the_order_of_things() -> None:
    headers = sms_tencent.sign(
        "SendSms", b"{}", host="h", key_id="id", key=SecretStr("key"), now=NOON
    )
    again = sms_tencent.sign(
        "SendSms", b"{}", host="h", key_id="id", key=SecretStr("key"), now=NOON
    )
    assert headers == again
    assert "key" not in headers["authorization"].replace("Credential=id", "")
