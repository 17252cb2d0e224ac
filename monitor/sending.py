"""The sender's port, on our storage."""

from datetime import datetime, timedelta

from monitor.domain import Delivery, Receipt
from monitor.storage.session import Storage

CHANNEL_FAILED = "A401"
"""The issue of a channel that does not take messages; closed by the next one it takes."""


class StoringOutbox:
    """`alerts.outbox.Outbox`: every call is one transaction."""

    def __init__(self, storage: Storage) -> None:
        """Keep the storage; nothing is opened until something is asked."""
        self._storage = storage

    def claim_next_due(self, now: datetime, lease: timedelta) -> Delivery | None:
        """Take the message that has been due longest."""
        with self._storage.look() as rows:
            if not rows.outbox.has_due(now):
                return None  # the usual answer costs no writer's lock
        with self._storage.work() as rows:
            return rows.outbox.claim_next_due(now, lease)

    def is_still_wanted(self, delivery: Delivery) -> bool:
        """Read the state again before a send."""
        with self._storage.look() as rows:
            return rows.outbox.is_still_wanted(delivery)

    def record_sent(self, delivery: Delivery, receipt: Receipt, now: datetime) -> None:
        """Write down that the channel took it."""
        with self._storage.work() as rows:
            rows.outbox.record_sent(delivery, receipt.answer, now)
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
            rows.operations.record_issue(
                CHANNEL_FAILED, f"channel {delivery.contact.channel}", error_text, now
            )

    def record_called_off(self, delivery: Delivery, now: datetime) -> None:
        """Write down that it is not wanted any more."""
        with self._storage.work() as rows:
            rows.outbox.record_called_off(delivery, now)
