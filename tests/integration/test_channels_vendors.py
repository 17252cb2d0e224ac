"""WeCom's application, DingTalk and Feishu, against gateways that keep their limits and lies."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from alerts.channels.dingtalk import DingtalkChannel, DingtalkSettings
from alerts.channels.feishu import FeishuChannel, FeishuSettings, signed_time
from alerts.channels.port import Channel
from alerts.channels.sms_aliyun import AliyunSmsChannel
from alerts.channels.sms_settings import SmsSettings
from alerts.channels.sms_tencent import TencentSmsChannel
from alerts.channels.wecom_app import WecomAppChannel, WecomAppSettings
from alerts.channels.wecom_bot import WecomBotChannel, WecomBotSettings
from alerts.grouping import gather
from monitor.domain import AlertCard, ShortWords
from monitor.errors import DeliveryError
from tests.gateways.dingtalk import FakeDingtalk, running_dingtalk
from tests.gateways.feishu import running_feishu
from tests.gateways.serving import Gateway
from tests.gateways.sms_aliyun import running_aliyun
from tests.gateways.sms_tencent import running_tencent
from tests.gateways.wecom import running_wecom
from tests.gateways.wecom_app import FakeWecomApp, running_wecom_app

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CARD = AlertCard(
    title="【清薪】紧急·新发现欠薪：平原第二建筑公司",
    lines=("用人单位：平原第二建筑公司", "涉及人数：23 人", "请 值班员 王芳 确认并接手"),
    link="https://desk.example/a/c0de",
    urgent=True,
    made_at=NOON,
    short=ShortWords("紧急", "平原第二建筑公司", "宝丰镇 23人 45万元", "QX2026-000123"),
)
QUICK = timedelta(seconds=0.2)


@dataclass
class Vendor:
    """A gateway, our channel to it, an address that it knows, and every secret of ours."""

    gateway: Gateway
    channel: Channel
    address: str
    secrets: tuple[str, ...]

    def send(self, card: AlertCard = CARD, key: str = "key-1") -> str:
        return self.channel.send(card, self.address, key).answer

    def failure(self, card: AlertCard = CARD) -> DeliveryError:
        with pytest.raises(DeliveryError) as caught:
            self.send(card)
        return caught.value


def noon() -> datetime:
    return NOON


@contextmanager
def wecom_bot(timeout: timedelta = timedelta(seconds=5), **settings: object) -> Iterator[Vendor]:
    with running_wecom(**settings) as gateway:
        channel = WecomBotChannel(WecomBotSettings(SecretStr(gateway.url), timeout=timeout))
        yield Vendor(gateway, channel, "wangfang", (gateway.key,))


@contextmanager
def wecom_app(timeout: timedelta = timedelta(seconds=5), **settings: object) -> Iterator[Vendor]:
    with running_wecom_app(**settings) as gateway:
        channel = WecomAppChannel(
            WecomAppSettings(
                gateway.corp_id,
                gateway.agent_id,
                SecretStr(gateway.secret),
                endpoint=gateway.origin,
                timeout=timeout,
            )
        )
        yield Vendor(gateway, channel, "wangfang", (gateway.secret, "token-number-1"))


@contextmanager
def dingtalk(timeout: timedelta = timedelta(seconds=5), **settings: object) -> Iterator[Vendor]:
    with running_dingtalk(wall_clock=NOON.timestamp, **settings) as gateway:
        secret = SecretStr(gateway.secret) if gateway.secret else None
        channel = DingtalkChannel(
            DingtalkSettings(SecretStr(gateway.url), secret, timeout=timeout), noon
        )
        yield Vendor(gateway, channel, "13800001111", (gateway.token, gateway.secret or "x" * 9))


@contextmanager
def feishu(timeout: timedelta = timedelta(seconds=5), **settings: object) -> Iterator[Vendor]:
    with running_feishu(wall_clock=NOON.timestamp, **settings) as gateway:
        secret = SecretStr(gateway.secret) if gateway.secret else None
        channel = FeishuChannel(
            FeishuSettings(SecretStr(gateway.url), secret, timeout=timeout), noon
        )
        yield Vendor(gateway, channel, "ou_wangfang", (gateway.hook, gateway.secret or "x" * 9))


@contextmanager
def aliyun(timeout: timedelta = timedelta(seconds=5), **settings: object) -> Iterator[Vendor]:
    with running_aliyun(**settings) as gateway:
        channel = AliyunSmsChannel(
            SmsSettings(
                key_id=gateway.key_id,
                key=SecretStr(gateway.key),
                sign_name=gateway.sign_name,
                template=gateway.template,
                endpoint=gateway.origin,
                words=gateway.words.replace("${", "{"),
                timeout=timeout,
            ),
            noon,
        )
        yield Vendor(gateway, channel, "138-0000-1111", (gateway.key,))


@contextmanager
def tencent(timeout: timedelta = timedelta(seconds=5), **settings: object) -> Iterator[Vendor]:
    with running_tencent(wall_clock=NOON.timestamp, **settings) as gateway:
        channel = TencentSmsChannel(
            SmsSettings(
                key_id=gateway.key_id,
                key=SecretStr(gateway.key),
                sign_name=gateway.sign_name,
                template=gateway.template,
                app_id=gateway.app_id,
                endpoint=gateway.origin,
                words="{level}欠薪线索：{subject}，{detail}，{number}。回复1确认接手。",
                timeout=timeout,
            ),
            noon,
        )
        yield Vendor(gateway, channel, "+8613800001111", (gateway.key,))


VENDORS: dict[str, Callable[..., AbstractContextManager[Vendor]]] = {
    "wecom_bot": wecom_bot,
    "wecom_app": wecom_app,
    "dingtalk": dingtalk,
    "feishu": feishu,
    "aliyun": aliyun,
    "tencent": tencent,
}
every_vendor = pytest.mark.parametrize("vendor", [*VENDORS])


@every_vendor
def test_a_card_arrives_and_the_vendors_answer_is_kept(vendor: str) -> None:
    with VENDORS[vendor]() as line:
        answer = line.send()
        assert len(line.gateway.taken) == 1
        told = json.dumps(line.gateway.taken[0], ensure_ascii=False)
        assert "平原第二建筑公司" in told
        assert answer
        assert not [secret for secret in line.secrets if secret in answer]


@every_vendor
def test_two_tries_are_the_same_to_the_last_byte(vendor: str) -> None:
    now = [0.0]
    with VENDORS[vendor](clock=lambda: now[0]) as line:
        line.send()
        now[0] = 3_000
        line.send()
        assert len(line.gateway.bodies) == 2
        assert line.gateway.bodies[0] == line.gateway.bodies[1]


WAITING = ("half_open", "dribble", "slow")
ANSWERING = ("busy", "not_json", "no_code", "http_500", "http_429", "took_then_hung_up")


@every_vendor
@pytest.mark.parametrize("mode", [*ANSWERING, *WAITING])
@pytest.mark.timeout(20)
def test_only_the_answers_own_word_counts_as_taken(vendor: str, mode: str) -> None:
    timeout = timedelta(seconds=0.15 if mode in WAITING else 5)
    with VENDORS[vendor](mode=mode, delay=2.0, timeout=timeout) as line:
        error = line.failure()
        assert not error.permanent
        shown = f"{error!r} {error} {error.answer} {error.__cause__!r} {error.__context__!r}"
        assert not [secret for secret in line.secrets if secret in shown]


@every_vendor
def test_the_vendors_own_wait_is_handed_on(vendor: str) -> None:
    with VENDORS[vendor](mode="http_429") as line:
        assert line.failure().retry_after_seconds == 17


@every_vendor
@pytest.mark.parametrize("mode", ["normal", "http_500", "half_open"])
def test_no_secret_is_in_a_log_line(
    vendor: str, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    with VENDORS[vendor](mode=mode, timeout=QUICK) as line, caplog.at_level(logging.DEBUG):
        if mode == "normal":
            line.send()
        else:
            line.failure()
        assert not [secret for secret in line.secrets if secret in caplog.text]
        settings = repr(getattr(line.channel, "_settings"))  # noqa: B009 - not of the port
        assert not [secret for secret in line.secrets if secret in settings]


@pytest.mark.parametrize("vendor", ["wecom_bot", "wecom_app", "dingtalk", "feishu"])
def test_a_gathered_message_that_fits_is_taken_whole_with_every_link(vendor: str) -> None:
    cards = [
        replace(CARD, link=f"https://desk.example/a/{number:024}", urgent=number % 2 == 0)
        for number in range(60)
    ]
    with VENDORS[vendor]() as line:
        fits = line.channel.fits  # type: ignore[attr-defined]
        count = max(n for n in range(1, 61) if fits(gather(cards[:n], now=NOON)))
        line.send(gather(cards[:count], now=NOON))
        told = json.dumps(line.gateway.taken[0], ensure_ascii=False)
        assert [card.link for card in cards[:count] if card.link not in told] == []
        assert count >= (6 if vendor == "wecom_app" else 14)


@pytest.mark.parametrize("vendor", ["wecom_bot", "wecom_app", "dingtalk", "feishu"])
def test_a_card_of_any_length_is_cut_to_what_the_vendor_takes(vendor: str) -> None:
    long = replace(CARD, title="题" * 400, lines=tuple("薪" * 200 for _ in range(100)), link="")
    with VENDORS[vendor]() as line:
        line.send(long)
        assert len(line.gateway.taken) == 1


# ---------------------------------------------------------------- WeCom's application


def test_a_token_is_fetched_once_and_used_again() -> None:
    with wecom_app() as line:
        for _ in range(3):
            line.send()
        assert isinstance(line.gateway, FakeWecomApp)
        assert line.gateway.tokens_given == 1


def test_a_token_that_was_taken_back_is_fetched_anew_and_the_message_goes_out_once() -> None:
    with wecom_app() as line:
        assert isinstance(line.gateway, FakeWecomApp)
        line.send(key="key-1")
        line.gateway.take_back_tokens()
        line.send(key="key-2")
        assert line.gateway.tokens_given == 2
        assert len(line.gateway.taken) == 2


def test_a_wrong_secret_rests_the_channel_and_is_told() -> None:
    with wecom_app() as line:
        assert isinstance(line.gateway, FakeWecomApp)
        line.gateway.secret = "another"
        error = line.failure()
        assert not error.permanent
        assert error.retry_after_seconds == 60
        assert "40001" in str(error)


def test_a_member_whom_the_vendor_names_invalid_was_not_told() -> None:
    with wecom_app() as line:
        line.address = "nobody"
        assert line.failure().permanent
        assert line.gateway.taken == []


def test_invaliduser_beside_errcode_0_is_a_failure() -> None:
    class Lying(FakeWecomApp):
        def _deliver(self, message: dict[str, object], body: bytes) -> dict[str, object]:
            return {"errcode": 0, "errmsg": "ok", "invaliduser": "WangFang", "msgid": "m"}

    from tests.gateways.serving import running

    with running(Lying()) as gateway:
        channel = WecomAppChannel(
            WecomAppSettings(
                gateway.corp_id,
                gateway.agent_id,
                SecretStr(gateway.secret),
                endpoint=gateway.origin,
            )
        )
        with pytest.raises(DeliveryError) as caught:
            channel.send(CARD, "wangfang", "key-1")
    assert caught.value.permanent


def test_a_second_try_of_what_was_taken_is_shown_once() -> None:
    with wecom_app() as line:
        assert isinstance(line.gateway, FakeWecomApp)
        line.send()
        line.send()
        assert len(line.gateway.taken) == 1
        assert line.gateway.dropped == 1


def test_a_single_alert_is_a_card_with_a_button() -> None:
    with wecom_app() as line:
        line.send()
        card = line.gateway.taken[0]["template_card"]
        assert card["card_type"] == "button_interaction"
        assert card["button_list"][0]["url"] == CARD.link
        assert {"keyname": "涉及人数", "value": "23 人"} in card["horizontal_content_list"]
        assert "请 值班员 王芳 确认并接手" in card["sub_title_text"]


@pytest.mark.parametrize("address", ["", "@all", "wangfang|liqiang"])
def test_an_application_message_goes_to_one_member_and_never_to_all(address: str) -> None:
    with wecom_app() as line:
        line.address = address
        assert line.failure().permanent
        assert line.gateway.asked == []


def test_the_vendors_answer_names_its_number_of_the_message() -> None:
    with wecom_app() as line:
        assert line.channel.send(CARD, "wangfang", "key-1").vendor_id.startswith("msg-")


# ---------------------------------------------------------------- DingTalk, Feishu


def test_the_one_too_many_blocks_the_bot_and_the_channel_waits_that_long() -> None:
    now = [0.0]
    with dingtalk(clock=lambda: now[0]) as line:
        for _ in range(20):
            line.send()
        error = line.failure()
        assert (error.permanent, error.retry_after_seconds) == (False, 600)
        assert isinstance(line.gateway, FakeDingtalk)
        now[0] = 599
        assert line.failure().retry_after_seconds == 600
        now[0] = 600
        line.send()
        assert len(line.gateway.taken) == 21


@pytest.mark.parametrize("vendor", ["dingtalk", "feishu"])
def test_a_wrong_signature_is_refused_for_good(vendor: str) -> None:
    with VENDORS[vendor]() as line:
        line.gateway.secret = "another"  # type: ignore[attr-defined]
        assert line.failure().permanent


@pytest.mark.parametrize("vendor", ["dingtalk", "feishu"])
def test_a_bot_that_does_not_sign_works_too(vendor: str) -> None:
    with VENDORS[vendor](secret=None) as line:
        line.send()
        assert len(line.gateway.taken) == 1


@pytest.mark.parametrize("vendor", ["dingtalk", "feishu"])
def test_a_bots_own_word_filter_is_named(vendor: str) -> None:
    with VENDORS[vendor](mode="no_keyword") as line:
        assert line.failure().permanent


def test_without_somebody_to_call_on_dingtalk_gets_a_card_with_a_button() -> None:
    with dingtalk() as line:
        line.address = ""
        line.send()
        assert line.gateway.taken[0]["actionCard"]["singleURL"] == CARD.link


def test_feishus_signature_is_the_same_for_tries_close_together_and_never_an_hour_old() -> None:
    minutes = [timedelta(minutes=n) for n in (0, 1, 29, 30, 59, 300)]
    signed = [signed_time(NOON, NOON + after) for after in minutes]
    assert signed[0] == signed[1] == signed[2] == NOON
    assert all(
        NOON + after - at < timedelta(minutes=30) for after, at in zip(minutes, signed, strict=True)
    )
    assert signed_time(None, NOON) == NOON


def test_feishu_counts_the_second() -> None:
    now = [0.0]
    with feishu(clock=lambda: now[0]) as line:
        for _ in range(5):
            line.send()
        error = line.failure()
        assert (error.permanent, error.retry_after_seconds) == (False, 60)
