"""The collector's port, on our storage."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from monitor.domain import Document, ListedItem
from monitor.storage.session import Storage
from monitor.storage.sources import SeenItem
from spiders.ports import Claim, KnownItem, PollOutcome

NEVER_SEEN = SeenItem("", datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))
"""What is remembered of an item that was removed before it was ever read."""


class StoringSink:
    """`spiders.ports.Sink`: every call is one transaction."""

    def __init__(self, storage: Storage) -> None:
        """Keep the storage; nothing is opened until something is asked."""
        self._storage = storage

    def claim_due_sources(
        self, names: Sequence[str], now: datetime, lease: timedelta
    ) -> list[Claim]:
        """Take the sources that are due, the longest overdue first."""
        with self._storage.work() as rows:
            claimed = rows.sources.claim_due(names, now, lease)
        return [
            Claim(
                source=each.name,
                unfinished=each.unfinished,
                failures=each.failures,
                watched_since=each.watched_since,
                last_new_at=each.last_new_at,
            )
            for each in claimed
        ]

    def extend_claim(self, source: str, now: datetime, lease: timedelta) -> None:
        """Move the end of a lease."""
        with self._storage.work() as rows:
            rows.sources.extend_claim(source, now + lease)

    def find_known_items(self, source: str, keys: Sequence[str]) -> dict[str, KnownItem]:
        """What is remembered of these items."""
        with self._storage.look() as rows:
            seen = rows.sources.find_items(source, keys)
            removed = rows.removals.find_items(source, keys)
        return {
            key: KnownItem(
                each.change_key, each.first_read_at, each.read_at, is_removed=key in removed
            )
            for key, each in (dict.fromkeys(removed, NEVER_SEEN) | seen).items()
        }

    def store_item(
        self, source: str, item: ListedItem, documents: Sequence[Document], now: datetime
    ) -> int:
        """Store an item's documents and its change key in one transaction.

        What somebody asked to have removed is dropped here, before it is written anywhere.
        """
        with self._storage.work() as rows:
            removed = rows.removals.find_documents(source, [each.key for each in documents])
            if rows.removals.find_items(source, [item.key]):
                removed = {each.key for each in documents}
            kept = [each for each in documents if each.key not in removed]
            stored = rows.documents.add_new_or_revised(kept)
            rows.sources.mark_read(source, item, now)
            if stored:
                rows.sources.count_new(source, stored, now)
        return stored

    def finish_poll(self, outcome: PollOutcome, now: datetime, next_poll_at: datetime) -> None:
        """End a claim."""
        with self._storage.work() as rows:
            rows.sources.finish_poll(
                outcome.source,
                now=now,
                next_poll_at=next_poll_at,
                failed=outcome.failed_with is not None,
                complete=outcome.complete,
            )

    def record_issue(self, code: str, subject: str, message: str, now: datetime) -> None:
        """Open an issue, or count it up."""
        with self._storage.work() as rows:
            rows.operations.record_issue(code, subject, message, now)

    def close_issues(self, subject: str, codes: Sequence[str], now: datetime) -> None:
        """Close the open issues of a subject."""
        with self._storage.work() as rows:
            rows.operations.close_issues(subject, tuple(codes), now)
