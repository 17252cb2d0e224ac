"""How many messages a channel may still take now, so that the vendor never has to refuse. Pure.

A bucket remembers when each message was handed over. A vendor counts in a window that slides, and
so do we: a bucket that only drips would allow either too few at once or too many in a minute.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.domain import Lane

SLACK = timedelta(seconds=1)
"""Added to a window, but at most a tenth of it: the vendor counts on its own clock, and from when
the message arrives."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` messages in any stretch of `per`; `reserved` of them only for the urgent."""

    most: int
    per: timedelta
    reserved: int = 0

    @property
    def window(self) -> timedelta:
        """The stretch in which we count: a little longer than the vendor's."""
        return self.per + min(SLACK, self.per / 10)

    def share(self, lane: Lane) -> int:
        """How many this lane may use; at least one, so that nothing waits for ever."""
        return self.most if lane is Lane.URGENT else max(1, self.most - self.reserved)


@dataclass(frozen=True, slots=True)
class Bucket:
    """What was handed over, oldest first, and what it waits for.

    `rests_until` is set when the vendor named a wait or did not answer: nothing is handed over
    before. `gathers_until` is set by a message of the normal lane: what comes before then goes
    out together. None where neither holds.
    """

    taken: tuple[datetime, ...] = ()
    rests_until: datetime | None = None
    gathers_until: datetime | None = None


def free_at(bucket: Bucket, limits: Iterable[Limit], lane: Lane, now: datetime) -> datetime:
    """Say when this lane may next hand a message over.

    Returns:
        `now` when it may at once, else the earliest later instant.
    """
    instants = [now]
    if bucket.rests_until is not None:
        instants.append(bucket.rests_until)
    for limit in limits:
        recent = [at for at in bucket.taken if at > now - limit.window]
        excess = len(recent) - limit.share(lane)
        if excess >= 0:
            instants.append(recent[excess] + limit.window)
    return max(instants)


def count_free(bucket: Bucket, limits: Iterable[Limit], lane: Lane, now: datetime) -> int | None:
    """Count the messages that this lane may hand over at once; None without a limit."""
    counts = [
        limit.share(lane) - sum(at > now - limit.window for at in bucket.taken) for limit in limits
    ]
    return max(0, min(counts)) if counts else None


def take(bucket: Bucket, limits: Iterable[Limit], now: datetime) -> Bucket:
    """Use one place up, and forget what no window reaches any more."""
    longest = max((limit.window for limit in limits), default=timedelta(0))
    kept = tuple(at for at in bucket.taken if at > now - longest)
    return replace(bucket, taken=(*kept, now) if longest else ())
