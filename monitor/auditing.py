"""The auditor: watches the watch, apart from the sender, and tells by whatever still works.

Every minute it asks whether an alert is past its step, a message is stuck, a held alert is late, or
a role is silent; it sends by itself, not through the outbox, because the outbox may be what is
broken. It runs in two roles, so that the death of one is told by the other; a lease keeps them from
telling twice. The same round writes down what continuity can be shown for the minute.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

import structlog

from alerts.channels.port import Channel
from alerts.continuity import DayBits, mark, place
from alerts.wording import word_watch
from monitor.audit_look import CODES, UNREADABLE, AuditPolicy, Finding, Round, look
from monitor.domain import AlertCard, Person
from monitor.errors import DeliveryError, StorageError
from monitor.pipeline import DutyPolicy
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

AUDIT_LEASE = "audit"
KEEP_DAYS = 120
_LEASE = timedelta(seconds=90)
"""Longer than a round, shorter than two: when one auditor dies the other follows in a minute."""


class Auditor:
    """Looks, writes down, and tells; one in each of two roles."""

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        duty: DutyPolicy,
        policy: AuditPolicy,
        *,
        holder: str,
        clock: Callable[[], datetime],
    ) -> None:
        """Keep the collaborators; nothing is opened until the first round."""
        self._storage = storage
        self._channels = channels
        self._duty = duty
        self._policy = policy
        self._holder = holder
        self._clock = clock
        # Kept in memory too: a database that cannot be written must not silence the auditor.
        self._told: dict[str, datetime] = {}
        self._people: Sequence[Person] = ()
        self._looked_at: datetime | None = None

    def audit(self) -> Sequence[Finding]:
        """Do one round; return what is wrong. Another auditor's turn gives nothing."""
        now = self._clock()
        try:
            if not self._take_turn(now):
                return ()
            with self._storage.look() as rows:
                seen = look(rows, self._duty, self._policy, now)
            self._people = seen.people or self._people
            findings = seen.findings
        except StorageError as error:
            seen = None
            findings = [Finding("unreadable", UNREADABLE, f"数据库没有回应：{error}")]
        self._tell(findings, seen.told if seen else {}, now)
        if seen is not None:
            self._write(seen, now)
        self._looked_at = now
        return findings

    def _take_turn(self, now: datetime) -> bool:
        with self._storage.work() as rows:
            return rows.operations.take_lease(AUDIT_LEASE, self._holder, now, _LEASE)

    def _tell(
        self, findings: Sequence[Finding], stored: Mapping[str, datetime], now: datetime
    ) -> None:
        self._told = {
            each.key: max(times)
            for each in findings
            if (times := [at for told in (self._told, stored) if (at := told.get(each.key))])
        }
        untold = [
            each
            for each in findings
            if each.key not in self._told or now - self._told[each.key] >= self._policy.tell_again
        ]
        if not untold:
            return
        said = [f"{each.code} {each.message}" for each in untold]
        card = word_watch(said, desk_url=self._duty.desk_url, now=now)
        for person in self._people:
            through = self._send(card, person, now)
            if through is not None:
                self._told |= {each.key: now for each in untold}
                self._record_told(untold, person.username, through, now)
                _log.info("watch.told", person=person.username, channel=through)
                return
        _log.error("watch.nobody_told", findings=[each.code for each in untold])

    def _send(self, card: AlertCard, person: Person, now: datetime) -> str | None:
        """Try a person's channels one after another; return the one that took it."""
        for contact in person.contacts:
            channel = self._channels.get(contact.channel)
            if channel is None:
                continue
            try:
                channel.send(card, contact.address, f"watch-{now:%Y%m%d%H%M%S}-{person.username}")
            except DeliveryError as error:
                _log.warning(
                    "watch.not_told",
                    channel=contact.channel,
                    person=person.username,
                    error=str(error),
                )
            else:
                return contact.channel
        return None

    def _record_told(
        self, told: Sequence[Finding], person: str, channel: str, now: datetime
    ) -> None:
        try:
            with self._storage.work() as rows:
                for each in told:
                    rows.watch.see(each.key, each.code, each.message, now)
                rows.watch.tell([each.key for each in told], person, channel, now)
        except StorageError as error:
            _log.warning("watch.not_stored", error=str(error))

    # ---- continuity

    def _write(self, seen: Round, now: datetime) -> None:
        try:
            with self._storage.work() as rows:
                for each in seen.findings:
                    rows.watch.see(each.key, each.code, each.message, now)
                rows.watch.clear((*CODES, UNREADABLE), [each.key for each in seen.findings], now)
                for subject, is_good in seen.good.items():
                    for day, minutes in self._minutes_since(now):
                        self._mark(rows, day, subject, minutes, is_good=is_good)
                rows.watch.forget_before(place(now)[0] - timedelta(days=KEEP_DAYS))
        except StorageError as error:
            _log.warning("watch.not_stored", error=str(error))

    def _minutes_since(self, now: datetime) -> list[tuple[date, range]]:
        """This minute, and one before it that fell between two rounds."""
        day, minute = place(now)
        first = minute
        if self._looked_at is not None:
            last_day, last_minute = place(self._looked_at)
            if last_day == day and 0 < minute - last_minute <= 2:  # noqa: PLR2004 - one minute between
                first = last_minute + 1
        return [(day, range(first, minute + 1))]

    @staticmethod
    def _mark(rows: Rows, day: date, subject: str, minutes: range, *, is_good: bool) -> None:
        known = rows.watch.get_bits(day, subject)
        bits = mark(DayBits(*known) if known else DayBits(), minutes, is_good=is_good)
        rows.watch.set_bits(day, subject, bits.observed, bits.good)
