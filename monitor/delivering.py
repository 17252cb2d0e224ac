"""The sender at work: every channel in a thread of its own, so that none holds up another."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event

from alerts.channels.port import Channel
from alerts.outbox import DeliverCount, RetryPolicy, deliver_due
from alerts.rules import ChannelRule
from monitor.domain import Delivery
from monitor.sending import StoringOutbox
from monitor.storage.outbox import Which
from monitor.storage.session import Storage

_MOST_A_ROUND = 500


class _UntilStopped(StoringOutbox):
    """Gives nothing more out once the sender is to stop; what is being sent is finished."""

    stopping: Event

    def claim_next_due(self, now: datetime, lease: timedelta) -> Delivery | None:
        """Take the next message, unless the sender stops."""
        return None if self.stopping.is_set() else super().claim_next_due(now, lease)


class Deliverer:
    """Sends what is due. A channel whose round still runs is left to it; the others go on."""

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        rules: Mapping[str, ChannelRule],
        *,
        clock: Callable[[], datetime],
        lease: timedelta,
    ) -> None:
        """Bind what every round has in common; nothing runs before `start_round`."""
        self._channels = channels
        self._clock = clock
        self._lease = lease
        self._stopping = Event()
        names = tuple(channels)
        which = {name: Which(only=name) for name in names} | {"": Which(but=names)}
        self._outboxes = {name: _UntilStopped(storage, rules, each) for name, each in which.items()}
        for outbox in self._outboxes.values():
            outbox.stopping = self._stopping
        self._pool = ThreadPoolExecutor(len(self._outboxes), "deliver")
        self._running: dict[str, Future[DeliverCount]] = {}

    def start_round(self) -> DeliverCount:
        """Start a round for every channel that has none; say what the ended ones did.

        Raises:
            Exception: Whatever ended a round before its time; the next call starts it again.
        """
        ended = [name for name, round_ in self._running.items() if round_.done()]
        rounds = [self._running.pop(name) for name in ended]
        for name, outbox in self._outboxes.items():
            if name not in self._running:
                self._running[name] = self._pool.submit(self._deliver, outbox)
        return _sum([each.result() for each in rounds])

    def wait(self) -> DeliverCount:
        """Wait until no round runs; say what they did."""
        rounds = [*self._running.values()]
        self._running.clear()
        return _sum([each.result() for each in rounds])

    def close(self) -> None:
        """Finish what is being sent, and begin nothing."""
        self._stopping.set()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _deliver(self, outbox: StoringOutbox) -> DeliverCount:
        return deliver_due(
            outbox,
            self._channels,
            clock=self._clock,
            lease=self._lease,
            retry=RetryPolicy(),
            limit=_MOST_A_ROUND,
        )


def _sum(counts: list[DeliverCount]) -> DeliverCount:
    return DeliverCount(
        sent=sum(each.sent for each in counts),
        retried=sum(each.retried for each in counts),
        failed=sum(each.failed for each in counts),
        called_off=sum(each.called_off for each in counts),
    )
