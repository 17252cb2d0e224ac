"""WeCom's group bot and the signed webhook, against gateways that keep the real limits."""

import logging
import socket
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from alerts.channels.webhook import WebhookChannel, WebhookSettings
from alerts.channels.wecom_bot import WecomBotChannel, WecomBotSettings
from monitor.domain import AlertCard
from monitor.errors import DeliveryError
from tests.gateways.receiver import running_receiver
from tests.gateways.wecom import MARKER, MOST_A_MINUTE, FakeWecom, running_wecom

CARD = AlertCard(
    title="【清薪】紧急·新发现欠薪：平原第二建筑公司",
    lines=("用人单位：平原第二建筑公司", "涉及人数：23 人"),
    link="https://desk.example/a/c0de",
    urgent=True,
    made_at=datetime(2026, 11, 23, 4, 0, tzinfo=UTC),
)
QUICK = timedelta(seconds=0.5)


@pytest.fixture
def wecom() -> Iterator[FakeWecom]:
    with running_wecom() as gateway:
        with urllib.request.urlopen(f"http://127.0.0.1:{gateway.port}/") as answer:
            assert answer.read().decode() == MARKER
        yield gateway


def bot(gateway: FakeWecom, timeout: timedelta = timedelta(seconds=5)) -> WecomBotChannel:
    return WecomBotChannel(WecomBotSettings(SecretStr(gateway.url), timeout=timeout))


def failure(
    channel: WecomBotChannel | WebhookChannel, card: AlertCard = CARD, address: str = ""
) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channel.send(card, address, "key-1")
    return caught.value


def test_a_card_arrives_in_the_group_and_calls_on_the_officer(wecom: FakeWecom) -> None:
    receipt = bot(wecom).send(CARD, "wangfang", "key-1")
    [message] = wecom.taken
    assert message["msgtype"] == "markdown"
    content = message["markdown"]["content"]
    assert CARD.title in content
    assert f"[查看并确认]({CARD.link})" in content
    assert content.endswith("<@wangfang>")
    assert '"errcode": 0' in receipt.answer


def test_two_tries_are_the_same_to_the_last_byte_on_wecom(wecom: FakeWecom) -> None:
    for _ in range(2):
        bot(wecom).send(CARD, "wangfang", "key-1")
    assert wecom.bodies[0] == wecom.bodies[1]


def test_a_card_of_any_length_is_cut_to_what_the_vendor_takes(wecom: FakeWecom) -> None:
    long = AlertCard("题" * 500, tuple("薪" * 200 for _ in range(100)), CARD.link, urgent=True)
    bot(wecom).send(long, "wangfang", "key-1")
    content = wecom.taken[0]["markdown"]["content"]
    assert 3_000 < len(content.encode()) <= 4_096
    assert CARD.link in content


def test_the_minutes_limit_is_waited_out_and_not_taken_for_success() -> None:
    now = [0.0]
    with running_wecom(clock=lambda: now[0]) as gateway:
        channel = bot(gateway)
        for _ in range(MOST_A_MINUTE):
            channel.send(CARD, "", "key-1")
        error = failure(channel)
        assert not error.permanent
        assert error.retry_after_seconds == 60
        assert "45009" in str(error)
        assert len(gateway.taken) == MOST_A_MINUTE
        now[0] = error.retry_after_seconds
        channel.send(CARD, "", "key-1")
        assert len(gateway.taken) == MOST_A_MINUTE + 1


def test_a_bot_that_does_not_exist_is_not_tried_again_and_its_key_is_not_told(
    wecom: FakeWecom,
) -> None:
    url = wecom.url.replace(wecom.key, "wrong-key-1234")
    error = failure(WecomBotChannel(WecomBotSettings(SecretStr(url))))
    assert error.permanent
    assert "93000" in error.answer
    assert "***" in error.answer
    assert "wrong-key-1234" not in f"{error!r} {error} {error.answer}"


def test_a_message_that_the_vendor_finds_too_long_is_not_tried_again(
    wecom: FakeWecom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "alerts.channels.wecom_bot.render_markdown", lambda *_args, **_kwargs: "薪" * 2_000
    )
    error = failure(bot(wecom))
    assert error.permanent
    assert "40058" in str(error)


@pytest.mark.parametrize(
    ("mode", "permanent"),
    [
        ("busy", False),
        ("unknown", False),
        ("disabled", True),
        ("not_json", False),
        ("no_code", False),
        ("http_500", False),
        ("http_429", False),
        ("took_then_hung_up", False),
        ("half_open", False),
        ("dribble", False),
    ],
)
@pytest.mark.timeout(10)
def test_only_the_answers_own_word_counts_as_taken(
    wecom: FakeWecom, mode: str, *, permanent: bool
) -> None:
    wecom.mode = mode
    error = failure(bot(wecom, timeout=QUICK))
    assert error.permanent is permanent
    assert wecom.key not in f"{error!r} {error} {error.answer}"


def test_the_vendors_own_wait_is_handed_on(wecom: FakeWecom) -> None:
    wecom.mode = "http_429"
    assert failure(bot(wecom)).retry_after_seconds == 17


@pytest.mark.timeout(10)
def test_an_answer_without_end_is_not_read_to_its_end(wecom: FakeWecom) -> None:
    wecom.mode = "flood"
    receipt = bot(wecom).send(CARD, "", "key-1")
    assert receipt.answer == '{"errcode": 0, "errmsg": "ok"}'


def test_nobody_listening_is_tried_again_by_the_bot() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/?key=0f0f-secret-key"
    error = failure(WecomBotChannel(WecomBotSettings(SecretStr(url), timeout=QUICK)))
    assert not error.permanent


@pytest.mark.parametrize("url", ["", "not an address", "ftp://x.example/?key=0f0f-secret-key"])
def test_an_address_that_is_none_is_not_tried_again(url: str) -> None:
    assert failure(WecomBotChannel(WecomBotSettings(SecretStr(url)))).permanent


@pytest.mark.parametrize("mode", ["normal", "http_500", "half_open", "took_then_hung_up"])
def test_the_bots_key_is_in_no_log_line_and_no_error_chain(
    wecom: FakeWecom, mode: str, caplog: pytest.LogCaptureFixture
) -> None:
    wecom.mode = mode
    channel = bot(wecom, timeout=QUICK)
    chain: list[BaseException] = []
    with caplog.at_level(logging.DEBUG):
        try:
            channel.send(CARD, "", "key-1")
        except DeliveryError as error:
            chain.append(error)
            while (before := chain[-1].__cause__ or chain[-1].__context__) is not None:
                chain.append(before)
    assert wecom.key not in caplog.text
    assert wecom.key not in repr(channel._settings)
    assert wecom.key not in "".join(f"{each!r}{vars(each)}" for each in chain)


# ---------------------------------------------------------------- the signed webhook


def test_a_webhook_is_signed_and_a_second_try_is_recognised() -> None:
    with running_receiver() as receiver:
        settings = WebhookSettings(SecretStr(receiver.url), SecretStr(receiver.key))
        for _ in range(2):
            WebhookChannel(settings).send(CARD, "desk-2", "key-1")
    assert receiver.bodies[0] == receiver.bodies[1]
    [(key, message)] = receiver.taken.items()
    assert key == message["idempotency_key"] == "key-1"
    assert message["title"] == CARD.title
    assert message["to"] == "desk-2"
    assert message["made_at"] == "2026-11-23T04:00:00+00:00"


def test_a_webhook_with_the_wrong_key_is_refused_for_good() -> None:
    with running_receiver() as receiver:
        settings = WebhookSettings(SecretStr(receiver.url), SecretStr("another key"))
        error = failure(WebhookChannel(settings))
    assert error.permanent
    assert receiver.taken == {}


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(302, True), (400, True), (404, True), (408, False), (429, False), (500, False), (503, False)],
)
def test_the_status_tells_whether_a_webhook_is_tried_again(status: int, *, permanent: bool) -> None:
    with running_receiver(status=status, retry_after="9") as receiver:
        settings = WebhookSettings(SecretStr(receiver.url), SecretStr(receiver.key))
        error = failure(WebhookChannel(settings))
    assert error.permanent is permanent
    assert error.retry_after_seconds == 9
    assert receiver.taken == {}


def test_a_webhooks_secrets_are_in_no_error() -> None:
    with running_receiver(status=500) as receiver:
        settings = WebhookSettings(SecretStr(receiver.url), SecretStr(receiver.key))
        error = failure(WebhookChannel(settings))
    assert receiver.key not in f"{error!r} {error.answer}"
    assert receiver.url not in f"{error!r} {error.answer}"
    assert "hidden-token" not in f"{error!r} {error.answer}"
