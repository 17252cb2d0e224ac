"""The outbox: take what is due, send it, write down what happened. At least once, never silently.

A delivery counts as sent only after the channel said so. A sender that dies in between leaves its
claim to run out, and the delivery is sent again with the same bytes: at most one duplicate a crash.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from alerts.channels.port import Channel
from monitor.domain import Delivery, GatheredDelivery, Receipt
from monitor.errors import DeliveryError

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

Pause = Callable[[str], None]
"""Told the name of the point that the sender has reached; the crash tests stop it there."""

POINTS = ("after_claim", "before_send", "after_send", "before_record", "after_record")
"""Every named point, in the order in which a sender passes them."""


class Outbox(Protocol):
    """What the sender needs of storage. Each call is a transaction of its own."""

    def claim_next_due(self, now: datetime, lease: timedelta) -> Delivery | None:
        """Take the delivery that has been due longest and keep it from others for the lease.

        A delivery may carry others (`gathered`); whatever is recorded of it holds for all of them.
        The delivery that is returned has `due_at` moved to `now + lease` and `tries` raised by one;
        it stays `due`, so that a sender that dies leaves it to be claimed again. No two callers
        are given the same delivery while a lease runs.

        Returns:
            None when nothing is due.
        """
        ...

    def is_still_wanted(self, delivery: Delivery) -> bool:
        """Read again whether this must still be sent: due, and its alert not ended meanwhile."""
        ...

    def record_sent(self, delivery: Delivery, receipt: Receipt, now: datetime) -> None:
        """Write that the channel took it. Holds even if the lease has run out: it is the truth."""
        ...

    def record_failure(
        self,
        delivery: Delivery,
        error_text: str,
        answer: str,
        *,
        permanent: bool,
        next_due_at: datetime | None,
        now: datetime,
    ) -> None:
        """Write that the channel did not take it, and when to try again.

        With `permanent` the delivery has failed for good and `next_due_at` is None. A delivery that
        was meanwhile sent or called off keeps that state.
        """
        ...

    def record_called_off(self, delivery: Delivery, now: datetime) -> None:
        """Write that it was not sent because it is not wanted any more."""
        ...

    def rest(self, channel: str, until: datetime) -> None:
        """Give nothing out for a channel before `until`, to whoever asks; counts as no try."""
        ...


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long to wait after each failed try, and how many tries there are.

    `pauses` grow; the last one holds for all later tries. With the default a message is tried for
    about three hours: by then the ladder has told everybody else.
    """

    pauses: tuple[timedelta, ...] = tuple(
        timedelta(seconds=seconds) for seconds in (5, 10, 20, 40, 60, 120, 300, 600)
    )
    most_tries: int = 25

    def next_due_at(
        self, tries: int, now: datetime, retry_after_seconds: float | None
    ) -> datetime | None:
        """Say when to try again.

        Args:
            tries: How many tries there were, from 1.
            now: When the last one failed.
            retry_after_seconds: The vendor's own wait; the longer of the two waits holds, but a
                vendor cannot put a message off for longer than the longest pause.

        Returns:
            None when there were enough tries.
        """
        if tries >= self.most_tries:
            return None
        pause = self.pauses[min(max(tries, 1), len(self.pauses)) - 1]
        named = timedelta(seconds=min(max(retry_after_seconds or 0.0, 0.0), 86_400.0))
        return now + max(pause, min(named, self.pauses[-1]))

    def rests_until(self, error: DeliveryError, now: datetime) -> datetime | None:
        """Say until when the whole channel is left alone after a failure.

        A channel that could not be reached or that named a wait is not tried for other messages
        meanwhile: it would hold them up, be hammered, and use up their tries.

        Returns:
            None when the failure says nothing about other messages.
        """
        if error.permanent or (error.answer and not error.retry_after_seconds):
            return None
        named = min(max(error.retry_after_seconds or 0.0, 0.0), self.pauses[-1].total_seconds())
        return now + max(timedelta(seconds=named), self.pauses[0])


@dataclass(frozen=True, slots=True)
class DeliverCount:
    """What one round did: messages taken, to be tried again, failed for good, not wanted."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    called_off: int = 0


def deliver_due(
    outbox: Outbox,
    channels: Mapping[str, Channel],
    *,
    clock: Callable[[], datetime],
    lease: timedelta,
    retry: RetryPolicy,
    limit: int,
    at: Pause = lambda _: None,
) -> DeliverCount:
    """Send what is due, one message after another, until nothing is or `limit` is reached.

    Any number of senders may run this at once against one outbox.

    Args:
        outbox: Where the messages wait.
        channels: By name; a delivery for a channel that is not there fails for good.
        clock: Gives the time, in UTC; read anew for every message, as sending takes time.
        lease: How long a message is kept from other senders; longer than any channel's timeout.
        retry: The pauses between tries.
        limit: The most messages that this round takes up.
        at: Called at every point of `POINTS`.
    """
    counts = dict.fromkeys(("sent", "retried", "failed", "called_off"), 0)
    sender = _Sender(channels, retry)
    for _ in range(limit):
        delivery = outbox.claim_next_due(clock(), lease)
        if delivery is None:
            break
        at("after_claim")
        counts[_deliver(delivery, outbox, sender, clock=clock, at=at)] += 1
    return DeliverCount(**counts)


class _Sender:
    """The channels during one round."""

    def __init__(self, channels: Mapping[str, Channel], retry: RetryPolicy) -> None:
        self.retry = retry
        self._channels = channels

    def send(self, delivery: Delivery) -> Receipt:
        """Hand a message to its channel."""
        name = delivery.contact.channel
        channel = self._channels.get(name)
        if channel is None:
            raise DeliveryError(
                f"没有名为“{name}”的渠道，请检查设置和此人的联系方式", permanent=True
            )
        if delivery.tries > self.retry.most_tries:
            # Claimed more often than it failed: every sender that took it died of it.
            raise DeliveryError("多次发送中断，不再尝试", permanent=True)
        return channel.send(delivery.card, delivery.contact.address, delivery.idempotency_key)


def _deliver(
    delivery: Delivery,
    outbox: Outbox,
    sender: _Sender,
    *,
    clock: Callable[[], datetime],
    at: Pause,
) -> str:
    """Send one message that was claimed; return the name of its count."""
    if not outbox.is_still_wanted(delivery):
        outbox.record_called_off(delivery, clock())
        return "called_off"
    try:
        at("before_send")
        receipt = sender.send(delivery)
        at("after_send")
    except DeliveryError as error:
        at("before_record")
        return _record_failure(delivery, error, outbox, sender.retry, now=clock(), at=at)
    at("before_record")
    outbox.record_sent(delivery, receipt, clock())
    at("after_record")
    _tell_log("alert.sent", delivery)
    return "sent"


def _record_failure(
    delivery: Delivery,
    error: DeliveryError,
    outbox: Outbox,
    retry: RetryPolicy,
    *,
    now: datetime,
    at: Pause,
) -> str:
    due_at = (
        None
        if error.permanent
        else retry.next_due_at(delivery.tries, now, error.retry_after_seconds)
    )
    outbox.record_failure(
        delivery,
        error_text=str(error),
        answer=error.answer,
        permanent=due_at is None,
        next_due_at=due_at,
        now=now,
    )
    at("after_record")
    rests_until = retry.rests_until(error, now)
    if rests_until is not None:
        outbox.rest(delivery.contact.channel, rests_until)
    _tell_log("alert.failed" if due_at is None else "alert.put_off", delivery, error=str(error))
    return "failed" if due_at is None else "retried"


def _tell_log(event: str, delivery: Delivery, **more: str) -> None:
    """Log what became of a message: numbers and names, never its words, address or answer.

    A message that carries several alerts has a line for each, so that every alert can be found.
    """
    told: list[Delivery | GatheredDelivery] = [delivery, *delivery.gathered]
    for each in told:
        _log.info(
            event,
            alert=each.alert_id,
            delivery=each.delivery_id,
            channel=delivery.contact.channel,
            case=each.case_number or None,
            person=each.person,
            tries=delivery.tries,
            together=1 + len(delivery.gathered),
            **more,
        )
