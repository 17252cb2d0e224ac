"""What vendors say later: a message arrived or did not, and somebody answered 1.

A receipt that says "did not arrive" makes that way to the person a failed one, so that the ladder
goes on at once. A receipt may be lost, come twice, or before the other: what arrived has arrived,
and a second copy changes nothing. An answer acknowledges what the last message to that number said
before it was written.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from alerts.channels.port import Answerable, Channel, Pending, Receipted
from alerts.sms import is_acknowledgement
from monitor.desk.acknowledging import acknowledge_case
from monitor.domain import DeliveryReceipt, DeliveryState, SmsReply, Through
from monitor.errors import DeliveryError
from monitor.storage.incoming import Incoming, Told
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

RECEIPTS_LATE = "A403"
"""The issue of a channel that gives no receipts; closed by the next round that goes well."""

_ASKED_FOR = timedelta(hours=24)
_MOST_ASKED = 20
_ANSWER_WITHIN = timedelta(hours=24)
_CLOCKS_DIFFER = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class ReceiveCount:
    """What one round learned: arrived, did not arrive, alerts acknowledged."""

    delivered: int = 0
    failed: int = 0
    acknowledged: int = 0


class Receiver:
    """Asks the channels that can be asked, and takes what vendors push."""

    def __init__(
        self, storage: Storage, channels: Mapping[str, Channel], clock: Callable[[], datetime]
    ) -> None:
        """Bind what every round has in common."""
        self._storage = storage
        self._channels = channels
        self._clock = clock

    def receive(self) -> ReceiveCount:
        """Ask every channel once; one that does not answer stops no other."""
        counts = [self._ask(name, channel) for name, channel in self._channels.items()]
        return ReceiveCount(
            sum(each.delivered for each in counts),
            sum(each.failed for each in counts),
            sum(each.acknowledged for each in counts),
        )

    def take(
        self, channel: str, receipts: Iterable[DeliveryReceipt], replies: Iterable[SmsReply]
    ) -> ReceiveCount:
        """Act on receipts and answers, in one transaction; each counts once, however often it came.

        Args:
            channel: The channel's name in the settings.
            receipts: In any order.
            replies: In any order.
        """
        now = self._clock()
        with self._storage.work() as rows:
            results = [_take_receipt(rows, channel, each, now) for each in receipts]
            acknowledged = sum(_take_reply(rows, channel, each, now) for each in replies)
        return ReceiveCount(results.count(True), results.count(False), acknowledged)

    def _ask(self, name: str, channel: Channel) -> ReceiveCount:
        receipts: list[DeliveryReceipt] = []
        replies: list[SmsReply] = []
        try:
            if isinstance(channel, Answerable):
                replies = channel.fetch_replies()
            if isinstance(channel, Receipted):
                receipts = channel.fetch(self._list_pending(name))
        except DeliveryError as error:
            with self._storage.work() as rows:
                rows.operations.record_issue(
                    RECEIPTS_LATE, f"channel {name}", f"取不到回执：{error}", self._clock()
                )
            # What came before the failure counts: some vendors do not give it a second time.
            return self.take(name, receipts, replies)
        if not receipts and not replies:
            return ReceiveCount()
        with self._storage.work() as rows:
            rows.operations.close_issues(f"channel {name}", (RECEIPTS_LATE,), self._clock())
        return self.take(name, receipts, replies)

    def _list_pending(self, name: str) -> list[Pending]:
        with self._storage.look() as rows:
            waiting = rows.incoming.list_unconfirmed(name, self._clock() - _ASKED_FOR, _MOST_ASKED)
        return [Pending(each.vendor_id, each.address, each.sent_at) for each in waiting]


def _take_receipt(rows: Rows, channel: str, receipt: DeliveryReceipt, now: datetime) -> bool | None:
    """Write one receipt down; True arrived, False did not, None changes nothing."""
    found = rows.incoming.find_told(channel, receipt.vendor_id, receipt.out_id)
    told: list[Told | None] = [*found] or [None]  # of no message of ours: written down all the same
    outcome = "delivered" if receipt.delivered else "not_delivered"
    changed = False
    for each in told:
        number = None if each is None else each.delivery_id
        new = rows.incoming.add(
            Incoming(
                key=_key(channel, outcome, receipt.vendor_id, str(number)),
                channel=channel,
                kind="receipt",
                at=receipt.at,
                received_at=now,
                delivery_id=number,
                outcome=outcome,
                answer=receipt.answer,
            )
        )
        if new and each is not None:
            changed |= _apply(rows, each, receipt)
    return receipt.delivered if changed else None


def _apply(rows: Rows, told: Told, receipt: DeliveryReceipt) -> bool:
    if receipt.delivered:
        rows.incoming.record_delivered(told, receipt.at, receipt.answer)
        return True
    if told.state is DeliveryState.CALLED_OFF or rows.incoming.was_delivered(told.delivery_id):
        return False  # what arrived has arrived, in whatever order its receipts came
    rows.incoming.record_not_delivered(told, receipt.at, receipt.answer)
    return True


def _take_reply(rows: Rows, channel: str, reply: SmsReply, now: datetime) -> int:
    """Write one answer down (not its words) and acknowledge what it answers; how many alerts."""
    understood = is_acknowledgement(reply.text)
    told = (
        rows.incoming.find_last_told(channel, reply.address, reply.at + _CLOCKS_DIFFER)
        if reply.address and now - reply.at < _ANSWER_WITHIN
        else []
    )
    new = rows.incoming.add(
        Incoming(
            key=_key(channel, "reply", reply.address, reply.at.isoformat(), reply.text),
            channel=channel,
            kind="reply",
            at=reply.at,
            received_at=now,
            delivery_id=told[0].delivery_id if told else None,
            outcome="acknowledged" if understood and told else "not_understood",
            answer="",
        )
    )
    if not new or not understood:
        return 0
    return sum(_acknowledge(rows, each, now) for each in told)


def _acknowledge(rows: Rows, told: Told, now: datetime) -> int:
    person = rows.users.find(told.person)
    alert = rows.alerts.find(told.alert_id)
    if person is None or person.disabled or alert is None:
        return 0
    through = Through.SMS_REPLY
    if alert.new.case_id is None:
        count = rows.alerts.acknowledge_ladder(alert.new.ladder_key, told.person, through, now)
    else:
        count = acknowledge_case(rows, alert.new.case_id, told.person, through, now)
    if count:
        _log.info("alert.acknowledged", alert=told.alert_id, person=told.person, through="sms")
    return count


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()
