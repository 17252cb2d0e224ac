"""Sending what is due: at least once, and never silently."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from alerts.channels.port import Channel
from alerts.outbox import POINTS, DeliverCount, RetryPolicy, deliver_due
from monitor.domain import AlertCard, DeliveryState, Receipt
from monitor.errors import DeliveryError
from tests.fakes_outbox import FakeChannel, FakeOutbox

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
RETRY = RetryPolicy()


class Clock:
    """Moves only when it is pushed."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, by: timedelta) -> None:
        self.now += by


class KilledError(BaseException):
    """The sender's process ended here."""


def deliver(
    outbox: FakeOutbox,
    channels: Mapping[str, Channel],
    clock: Clock | None = None,
    *,
    retry: RetryPolicy = RETRY,
    limit: int = 100,
    at: Callable[[str], None] = lambda _: None,
) -> DeliverCount:
    return deliver_due(
        outbox, channels, clock=clock or Clock(), lease=LEASE, retry=retry, limit=limit, at=at
    )


def temporary(seconds: float | None = None) -> DeliveryError:
    return DeliveryError("busy", permanent=False, answer="try later", retry_after_seconds=seconds)


def test_what_is_due_is_sent_and_then_recorded() -> None:
    outbox, channel = FakeOutbox(), FakeChannel()
    number = outbox.add(NOON, address="wang@example.cn")
    assert deliver(outbox, {"fake": channel}) == DeliverCount(sent=1)
    assert outbox.state_of(number) is DeliveryState.SENT
    [(card, address, key)] = channel.taken
    assert (card, address) == (outbox.deliveries[number].card, "wang@example.cn")
    assert key == outbox.deliveries[number].idempotency_key


def test_what_is_not_due_stays() -> None:
    outbox, channel = FakeOutbox(), FakeChannel()
    outbox.add(NOON + timedelta(seconds=1))
    assert deliver(outbox, {"fake": channel}) == DeliverCount()
    assert channel.taken == []


def test_a_round_takes_no_more_than_its_limit() -> None:
    outbox = FakeOutbox()
    for _ in range(5):
        outbox.add(NOON)
    assert deliver(outbox, {"fake": FakeChannel()}, limit=3) == DeliverCount(sent=3)
    assert deliver(outbox, {"fake": FakeChannel()}, limit=3) == DeliverCount(sent=2)


def test_what_nobody_needs_any_more_is_called_off_and_not_sent() -> None:
    outbox, channel = FakeOutbox(), FakeChannel()
    number = outbox.add(NOON)
    outbox.end_alert(number)
    assert deliver(outbox, {"fake": channel}) == DeliverCount(called_off=1)
    assert channel.taken == []
    assert outbox.state_of(number) is DeliveryState.CALLED_OFF


def test_an_acknowledgement_between_two_tries_stops_the_second() -> None:
    outbox, channel, clock = FakeOutbox(), FakeChannel(failures=[temporary()]), Clock()
    number = outbox.add(NOON)
    assert deliver(outbox, {"fake": channel}, clock) == DeliverCount(retried=1)
    outbox.end_alert(number)
    clock.forward(timedelta(hours=1))
    assert deliver(outbox, {"fake": channel}, clock) == DeliverCount(called_off=1)
    assert channel.taken == []


def test_a_temporary_failure_is_tried_again_with_the_same_bytes() -> None:
    outbox, channel, clock = FakeOutbox(), FakeChannel(failures=[temporary()]), Clock()
    number = outbox.add(NOON)
    before = outbox.deliveries[number]
    assert deliver(outbox, {"fake": channel}, clock) == DeliverCount(retried=1)
    clock.forward(timedelta(seconds=4))
    assert deliver(outbox, {"fake": channel}, clock) == DeliverCount()
    clock.forward(timedelta(seconds=1))
    assert deliver(outbox, {"fake": channel}, clock) == DeliverCount(sent=1)
    assert channel.taken == [(before.card, "", before.idempotency_key)]


def test_a_permanent_failure_is_not_tried_again() -> None:
    refusal = DeliveryError("no such member", permanent=True, answer="93000")
    outbox, channel, clock = FakeOutbox(), FakeChannel(failures=[refusal]), Clock()
    number = outbox.add(NOON)
    assert deliver(outbox, {"fake": channel}, clock) == DeliverCount(failed=1)
    assert outbox.state_of(number) is DeliveryState.FAILED
    assert outbox.tries[0].text == "no such member 93000"
    clock.forward(timedelta(days=1))
    assert deliver(outbox, {"fake": channel}, clock) == DeliverCount()


def test_a_channel_that_is_not_set_up_fails_for_good_and_is_named() -> None:
    outbox = FakeOutbox()
    number = outbox.add(NOON, channel="pigeon")
    assert deliver(outbox, {"fake": FakeChannel()}) == DeliverCount(failed=1)
    assert outbox.state_of(number) is DeliveryState.FAILED
    assert "pigeon" in outbox.tries[0].text


def test_one_failing_message_does_not_keep_the_others_back() -> None:
    outbox, channel = FakeOutbox(), FakeChannel(failures=[temporary()])
    for _ in range(3):
        outbox.add(NOON)
    assert deliver(outbox, {"fake": channel}) == DeliverCount(sent=2, retried=1)


def test_a_channel_that_is_down_is_tried_once_and_holds_nobody_up() -> None:
    outbox, clock = FakeOutbox(), Clock()
    down = FakeChannel("down", failures=[DeliveryError("no answer", permanent=False)] * 9)
    up = FakeChannel("up")
    for _ in range(4):
        outbox.add(NOON, channel="down")
        outbox.add(NOON, channel="up")
    done = deliver(outbox, {"down": down, "up": up}, clock)
    assert done == DeliverCount(sent=4, retried=1)
    assert len(down.failures) == 8
    assert sorted(each.tries for each in outbox.deliveries.values()) == [0, 0, 0, 1, 1, 1, 1, 1]
    down.failures.clear()
    clock.forward(timedelta(seconds=5))
    assert deliver(outbox, {"down": down, "up": up}, clock) == DeliverCount(sent=4)


def test_what_waits_for_its_channel_waits_as_long_as_the_vendor_said_and_loses_no_try() -> None:
    outbox, clock = FakeOutbox(), Clock()
    channel = FakeChannel(failures=[temporary(60)])
    for _ in range(3):
        outbox.add(NOON)
    deliver(outbox, {"fake": channel}, clock)
    clock.forward(timedelta(seconds=59))
    assert deliver(outbox, {"fake": channel}, clock) == DeliverCount()
    clock.forward(timedelta(seconds=1))
    assert deliver(outbox, {"fake": channel}, clock) == DeliverCount(sent=3)
    assert sorted(each.tries for each in outbox.deliveries.values()) == [1, 1, 2]


def test_a_refusal_of_one_address_does_not_rest_the_channel() -> None:
    outbox, channel = FakeOutbox(), FakeChannel(failures=[temporary(), temporary()])
    for _ in range(4):
        outbox.add(NOON)
    assert deliver(outbox, {"fake": channel}) == DeliverCount(sent=2, retried=2)


def test_after_its_last_try_a_message_has_failed_for_good() -> None:
    outbox, clock = FakeOutbox(), Clock()
    channel = FakeChannel(failures=[temporary() for _ in range(10)])
    number = outbox.add(NOON)
    retry = RetryPolicy(pauses=(timedelta(seconds=1),), most_tries=3)
    for expected in (DeliverCount(retried=1), DeliverCount(retried=1), DeliverCount(failed=1)):
        assert deliver(outbox, {"fake": channel}, clock, retry=retry) == expected
        clock.forward(timedelta(seconds=1))
    assert outbox.state_of(number) is DeliveryState.FAILED


def test_a_message_that_kills_every_sender_is_given_up() -> None:
    outbox, channel, clock = FakeOutbox(), FakeChannel(), Clock()
    number = outbox.add(NOON)
    retry = RetryPolicy(most_tries=2)
    for _ in range(2):
        outbox.claim_next_due(clock(), LEASE)
        clock.forward(LEASE)
    assert deliver(outbox, {"fake": channel}, clock, retry=retry) == DeliverCount(failed=1)
    assert outbox.state_of(number) is DeliveryState.FAILED
    assert channel.taken == []


# ---------------------------------------------------------------- pauses


def test_pauses_grow() -> None:
    pauses = [RETRY.next_due_at(tries, NOON, None) for tries in range(1, RETRY.most_tries)]
    known = [pause for pause in pauses if pause is not None]
    assert len(known) == RETRY.most_tries - 1
    assert all(before <= after for before, after in pairwise(known))
    assert known[0] == NOON + timedelta(seconds=5)
    assert known[-1] == NOON + timedelta(minutes=10)


def test_the_vendors_own_wait_is_kept() -> None:
    assert RETRY.next_due_at(1, NOON, 60.0) == NOON + timedelta(seconds=60)


def test_a_vendor_cannot_put_a_message_off_for_ever() -> None:
    assert RETRY.next_due_at(1, NOON, 1e12) == NOON + timedelta(minutes=10)


@given(st.integers(0, 100), st.none() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_next_try_is_always_later_and_never_later_than_the_longest_pause(
    tries: int, named: float | None
) -> None:
    due_at = RETRY.next_due_at(tries, NOON, named)
    assert (due_at is None) == (tries >= RETRY.most_tries)
    assert due_at is None or NOON < due_at <= NOON + RETRY.pauses[-1]


# ---------------------------------------------------------------- a sender that dies


@pytest.mark.parametrize("point", POINTS)
def test_a_sender_that_dies_at_any_point_loses_nothing_and_doubles_at_most_once(
    point: str,
) -> None:
    outbox, channel, clock = FakeOutbox(), FakeChannel(), Clock()
    number = outbox.add(NOON)

    def die(reached: str) -> None:
        if reached == point:
            raise KilledError

    with pytest.raises(KilledError):
        deliver(outbox, {"fake": channel}, clock, at=die)
    clock.forward(LEASE)
    deliver(outbox, {"fake": channel}, clock)
    assert outbox.state_of(number) is DeliveryState.SENT
    assert 1 <= len(channel.taken) <= 2
    assert len(set(channel.taken)) == 1
    assert (len(channel.taken) == 2) == (point in {"after_send", "before_record"})


def test_every_point_is_passed_in_order() -> None:
    passed: list[str] = []
    outbox = FakeOutbox()
    outbox.add(NOON)
    deliver(outbox, {"fake": FakeChannel()}, at=passed.append)
    assert tuple(passed) == POINTS


def test_a_failure_passes_the_points_around_its_record() -> None:
    passed: list[str] = []
    outbox = FakeOutbox()
    outbox.add(NOON, channel="pigeon")
    deliver(outbox, {}, at=passed.append)
    assert passed == ["after_claim", "before_send", "before_record", "after_record"]


def test_the_time_is_read_again_for_every_message() -> None:
    outbox, clock = FakeOutbox(), Clock()

    class SlowChannel(FakeChannel):
        def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
            clock.forward(timedelta(seconds=10))
            return super().send(card, address, idempotency_key)

    outbox.add(NOON)
    outbox.add(NOON + timedelta(seconds=5))
    assert deliver(outbox, {"fake": SlowChannel()}, clock) == DeliverCount(sent=2)
    assert [each.at for each in outbox.tries] == [
        NOON + timedelta(seconds=10),
        NOON + timedelta(seconds=20),
    ]


# ---------------------------------------------------------------- the log


def test_a_sent_alert_is_logged_by_numbers_and_names() -> None:
    outbox = FakeOutbox()
    number = outbox.add(NOON, person="wang", case_number="2026-0012")
    with structlog.testing.capture_logs() as logged:
        deliver(outbox, {"fake": FakeChannel()})
    [line] = logged
    assert line["event"] == "alert.sent"
    assert (line["alert"], line["delivery"]) == (number, number)
    assert (line["channel"], line["person"], line["case"]) == ("fake", "wang", "2026-0012")


def test_no_log_line_holds_words_address_or_answer_of_a_message() -> None:
    card = AlertCard("秘密题目", ("秘密的一行",), "https://desk.example/a/secretcode", urgent=True)
    outbox = FakeOutbox()
    for _ in range(3):
        outbox.add(NOON, card=card, address="secret@example.cn")
    failures = [temporary(), DeliveryError("refused", permanent=True, answer="secretanswer")]
    with structlog.testing.capture_logs() as logged:
        deliver(outbox, {"fake": FakeChannel(failures=failures)})
    assert [line["event"] for line in logged] == ["alert.put_off", "alert.failed", "alert.sent"]
    assert not re.search("secret|秘密", str(logged))
