"""From the outbox to the far end: limits waited out, nothing lost, secrets kept."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from pydantic import SecretStr

from alerts.channels.email import EmailChannel, EmailSettings, MailSecurity
from alerts.channels.port import Channel
from alerts.channels.wecom_bot import WecomBotChannel, WecomBotSettings
from alerts.outbox import DeliverCount, RetryPolicy, deliver_due
from monitor.domain import DeliveryState
from tests.fakes_outbox import FakeOutbox
from tests.gateways.mail import running_mail_server
from tests.gateways.wecom import running_wecom

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Clock:
    """Moves only when it is pushed."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return (self.now - NOON).total_seconds()


def test_a_storm_beyond_the_vendors_limit_arrives_whole_and_nothing_is_sent_twice() -> None:
    clock, outbox = Clock(), FakeOutbox()
    with running_wecom(clock=clock.seconds) as gateway:
        channels = {"bot": WecomBotChannel(WecomBotSettings(SecretStr(gateway.url)))}
        numbers = [outbox.add(NOON, channel="bot", address=f"member{n}") for n in range(50)]
        rounds = []
        while any(outbox.state_of(number) is DeliveryState.DUE for number in numbers):
            rounds.append(
                deliver_due(
                    outbox,
                    channels,
                    clock=clock,
                    lease=60 * SECOND,
                    retry=RetryPolicy(),
                    limit=1000,
                )
            )
            clock.now += SECOND
            assert clock.now < NOON + timedelta(minutes=10), "the outbox does not drain"
    assert all(outbox.state_of(number) is DeliveryState.SENT for number in numbers)
    members = [message["markdown"]["content"].rpartition("<@")[2] for message in gateway.taken]
    assert sorted(members) == sorted(f"member{n}>" for n in range(50))
    assert rounds[0] == DeliverCount(sent=20, retried=1)


def test_one_dead_channel_does_not_keep_the_other_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, outbox = Clock(), FakeOutbox()
    with running_wecom(mode="half_open") as gateway, running_mail_server() as mail:
        channels: dict[str, Channel] = {
            "bot": WecomBotChannel(WecomBotSettings(SecretStr(gateway.url), timeout=SECOND / 4)),
            "email": EmailChannel(
                EmailSettings(
                    "127.0.0.1", mail.port, "duty@office.example", security=MailSecurity.NONE
                )
            ),
        }
        waiting = outbox.add(NOON, channel="bot")
        arriving = outbox.add(NOON, channel="email", address="wang@office.example")
        with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logged:
            done = deliver_due(
                outbox, channels, clock=clock, lease=60 * SECOND, retry=RetryPolicy(), limit=10
            )
    assert done == DeliverCount(sent=1, retried=1)
    assert outbox.state_of(waiting) is DeliveryState.DUE
    assert outbox.state_of(arriving) is DeliveryState.SENT
    assert len(mail.taken) == 1
    assert gateway.key not in f"{caplog.text}{logged}{outbox.tries}"
