"""The sender's port, on our storage: claims that keep the vendors' limits, and their outcomes."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.buckets import Bucket, count_free, free_at, take
from alerts.grouping import count_together, gather
from alerts.rules import FREE, ChannelRule
from monitor.domain import Delivery, GatheredDelivery, Lane, Receipt
from monitor.storage.buckets import StoredBucket, name_of_address
from monitor.storage.outbox import Candidate, Which, claimed, gathered_with
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

CHANNEL_FAILED = "A401"
"""The issue of a channel that does not take messages; closed by the next one it takes."""

_MOST_LOOKS = 50
_AT_A_LOOK = 8
_MOST_WAITING = 200


class StoringOutbox:
    """`alerts.outbox.Outbox`: every call is one transaction."""

    def __init__(
        self,
        storage: Storage,
        rules: Mapping[str, ChannelRule] | None = None,
        which: Which | None = None,
    ) -> None:
        """Keep the storage; nothing is opened until something is asked.

        Args:
            storage: The database.
            rules: What each channel's vendor allows; a channel without one is free.
            which: The channels that this sender serves; None for all.
        """
        self._storage = storage
        self._rules = rules or {}
        self._which = which or Which()

    def claim_next_due(self, now: datetime, lease: timedelta) -> Delivery | None:
        """Take the next message; what may not go out yet is put off, untried."""
        with self._storage.look() as rows:
            if not rows.outbox.has_due(now, self._which):
                return None  # the usual answer costs no writer's lock
        with self._storage.work() as rows:
            return _Claim(rows, self._rules, now, now + lease).next(self._which)

    def is_still_wanted(self, delivery: Delivery) -> bool:
        """Read the state again before a send."""
        with self._storage.look() as rows:
            return rows.outbox.is_still_wanted(delivery)

    def record_sent(self, delivery: Delivery, receipt: Receipt, now: datetime) -> None:
        """Write down that the channel took it."""
        with self._storage.work() as rows:
            rows.outbox.record_sent(delivery, receipt.answer, now, receipt.vendor_id)
            _end_test(rows, delivery)
            rows.operations.close_issues(
                f"channel {delivery.contact.channel}", (CHANNEL_FAILED,), now
            )

    def record_failure(  # noqa: PLR0917 - the port's shape
        self,
        delivery: Delivery,
        error_text: str,
        answer: str,
        permanent: bool,  # noqa: FBT001 - the port's shape
        next_due_at: datetime | None,
        now: datetime,
    ) -> None:
        """Write down a failed try, and name the channel on the desk."""
        del permanent  # told by next_due_at
        said = f"{error_text} {answer}".strip()
        with self._storage.work() as rows:
            rows.outbox.record_failure(delivery, said, next_due_at, now)
            _end_test(rows, delivery)
            rows.operations.record_issue(
                CHANNEL_FAILED, f"channel {delivery.contact.channel}", error_text, now
            )

    def record_called_off(self, delivery: Delivery, now: datetime) -> None:
        """Write down that it is not wanted any more."""
        with self._storage.work() as rows:
            rows.outbox.record_called_off(delivery, now)

    def rest(self, channel: str, until: datetime) -> None:
        """Give nothing out for a channel before `until`, whoever asks."""
        with self._storage.work() as rows:
            bucket = rows.buckets.lock(channel)
            latest = max(until, bucket.rests_until or until)
            rows.buckets.save(channel, replace(bucket, rests_until=latest))


def _end_test(rows: Rows, delivery: Delivery) -> None:
    """A test from the desk waits for nobody's acknowledgement."""
    told: list[Delivery | GatheredDelivery] = [delivery, *delivery.gathered]
    for each in told:
        if not each.case_number:
            rows.channels.end_test(each.alert_id)


class _Claim:
    """One claim, inside one transaction."""

    def __init__(
        self, rows: Rows, rules: Mapping[str, ChannelRule], now: datetime, until: datetime
    ) -> None:
        self._rows = rows
        self._rules = rules
        self._now = now
        self._until = until

    def next(self, which: Which) -> Delivery | None:
        """Take the first message that may go out now."""
        for _ in range(_MOST_LOOKS):
            due = self._rows.outbox.list_due(self._now, which, _AT_A_LOOK)
            if not due:
                return None
            for each in due:
                if not each.wanted:
                    found = self._take(each.delivery)
                elif self._must_wait(each):
                    break  # others like it were put off with it: look again
                else:
                    found = self._take_with_others(each)
                if found is not None:
                    return found
        return None

    def _must_wait(self, first: Candidate) -> bool:
        """Put off what the vendor would refuse now, or what is being gathered."""
        contact = first.delivery.contact
        rule = self._rules.get(contact.channel, FREE)
        whole, own = self._buckets(first)
        put_off = self._rows.outbox.put_off
        if whole.rests_until is not None and whole.rests_until > self._now:
            put_off(contact.channel, self._now, whole.rests_until)
            return True
        until = free_at(whole, rule.limits, first.lane, self._now)
        if until > self._now:
            put_off(contact.channel, self._now, until, lane=first.lane)
            return True
        until = free_at(own, rule.address_limits, first.lane, self._now)
        if until > self._now:
            put_off(contact.channel, self._now, until, lane=first.lane, address=contact.address)
            return True
        if (
            first.lane is Lane.NORMAL
            and first.delivery.tries == 0
            and own.gathers_until is not None
            and own.gathers_until > self._now
        ):
            put_off(
                contact.channel,
                self._now,
                own.gathers_until,
                lane=first.lane,
                address=contact.address,
                untried=True,
            )
            return True
        return False

    def _take_with_others(self, first: Candidate) -> Delivery | None:
        """Take a message and what goes out with it, and use a place up for it."""
        is_again = first.delivery.tries > 0
        # What was tried before goes out as it was: to the last byte.
        delivery, left = (
            (self._rows.outbox.find_bundle(first.delivery) or first.delivery, 0)
            if is_again
            else self._fresh(first)
        )
        taken = self._take(delivery)
        if taken is None:
            return None
        if taken.gathered and not is_again:
            ids = [taken.delivery_id, *(each.delivery_id for each in taken.gathered)]
            self._rows.outbox.add_bundle(taken.card, taken.idempotency_key, ids, self._now)
        # While more of what was gathered is left, it follows at once: gathering begins after it.
        self._use_a_place(first, gathers=not is_again and left == 0)
        return taken

    def _fresh(self, first: Candidate) -> tuple[Delivery, int]:
        """Put a new message together; says too how many that wait are left for the next."""
        rule = self._rules.get(first.delivery.contact.channel, FREE)
        if rule.gathering is None:
            return first.delivery, 0
        waiting = self._rows.outbox.list_untried(first, self._now, _MOST_WAITING)
        cards = [each.delivery.card for each in waiting]
        if len(cards) <= 1:
            return first.delivery, 0
        whole, own = self._buckets(first)
        free = [
            count
            for count in (
                count_free(whole, rule.limits, first.lane, self._now),
                count_free(own, rule.address_limits, first.lane, self._now),
            )
            if count is not None
        ]
        count = count_together(
            cards,
            lane=first.lane,
            free=min(free) if free else None,
            rule=rule.gathering,
            fits=rule.fits,
            now=self._now,
        )
        if count == 1:
            return first.delivery, len(cards) - 1
        leader, *others = (each.delivery for each in waiting[:count])
        card = gather(cards[:count], now=self._now)
        key = f"bundle-{secrets.token_hex(12)}"
        bundle = replace(gathered_with(leader, others), card=card, idempotency_key=key)
        return bundle, len(cards) - count

    def _take(self, delivery: Delivery) -> Delivery | None:
        if not self._rows.outbox.claim(delivery, self._until):
            return None
        if delivery.gathered:
            others = [each.delivery_id for each in delivery.gathered]
            self._rows.outbox.claim_others(others, self._until)
        return claimed(delivery, self._until)

    def _buckets(self, first: Candidate) -> tuple[Bucket, Bucket]:
        """The bucket of the channel and of the address; locked where a rule counts on them."""
        contact = first.delivery.contact
        rule = self._rules.get(contact.channel, FREE)
        buckets = self._rows.buckets
        if rule is FREE:
            return _bucket(buckets.look(contact.channel)), Bucket()
        return (
            _bucket(buckets.lock(contact.channel)),
            _bucket(buckets.lock(name_of_address(contact.channel, contact.address))),
        )

    def _use_a_place(self, first: Candidate, *, gathers: bool) -> None:
        contact = first.delivery.contact
        rule = self._rules.get(contact.channel, FREE)
        if rule is FREE:
            return
        whole, own = self._buckets(first)
        own = take(own, rule.address_limits, self._now)
        if gathers and rule.gathering is not None and first.lane is Lane.NORMAL:
            own = replace(own, gathers_until=self._now + rule.gathering.wait)
        save = self._rows.buckets.save
        save(contact.channel, _stored(take(whole, rule.limits, self._now)))
        save(name_of_address(contact.channel, contact.address), _stored(own))


def _bucket(stored: StoredBucket) -> Bucket:
    return Bucket(stored.taken, stored.rests_until, stored.gathers_until)


def _stored(bucket: Bucket) -> StoredBucket:
    return StoredBucket(bucket.taken, bucket.rests_until, bucket.gathers_until)
