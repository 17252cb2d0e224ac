"""What `collect` needs from storage and says to whoever watches it: the ports of this package.

Everything here is called from worker threads, one call at a time for one source; calls for
different sources may overlap. No call may keep a transaction open when it returns.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from monitor.domain import Document, ListedItem


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to poll one source until the lease ends, and what is remembered of it.

    `unfinished` is True when the last poll was begun and never finished `complete` (the
    process died, or the source failed midway): this poll then looks through every list page, and
    not only as far as the first page that is known. `failures` counts the failed polls since the
    last good one. `watched_since` is when the source was first claimed; `last_new_at` is None until
    it brought its first document.
    """

    source: str
    unfinished: bool
    failures: int
    watched_since: datetime
    last_new_at: datetime | None


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What storage remembers of an item: the change key of its last reading, and when that was.

    `is_removed`: somebody asked that it be removed, so that it is never read again.
    """

    change_key: str
    first_read_at: datetime
    read_at: datetime
    is_removed: bool = False


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What one poll of one source came to, counted.

    `complete` is True when the poll reached what was known (or the end of the list) and every
    changed item was read. `failed_with` is the code of the error that ended the poll (`S403`), or
    None; only such a poll counts as a failure of the source. `listed` counts rows seen, `read`
    items fetched, `with_text` those of them that had a text, `documents` the documents in them,
    `with_time` those of these that had a time, `stored` the new and revised ones.
    """

    source: str
    started_at: datetime
    complete: bool
    failed_with: str | None = None
    pages: int = 0
    listed: int = 0
    read: int = 0
    with_text: int = 0
    failed_items: int = 0
    documents: int = 0
    with_time: int = 0
    stored: int = 0


class Sink(Protocol):
    """Where documents go.

    Every method may raise `StorageBusyError` or `StorageFullError` (and other `StorageError`s): the
    collector then leaves the item unread, records an issue when it can, and tries again.
    """

    def claim_due_sources(
        self, names: Sequence[str], now: datetime, lease: timedelta
    ) -> list[Claim]:
        """Take the sources that are due, the longest overdue first.

        A name that is not yet known is added and due at once. Taking one moves its `next_poll_at`
        to `now + lease` and marks it unfinished, in one portable statement, so that two collectors
        never hold the same source; one whose collector died comes back when the lease ends.
        """
        ...

    def extend_claim(self, source: str, now: datetime, lease: timedelta) -> None:
        """Move the end of the lease of a source that is still being polled to `now + lease`."""
        ...

    def find_known_items(self, source: str, keys: Sequence[str]) -> dict[str, KnownItem]:
        """Return what is remembered of these items; an unknown one is not in the answer."""
        ...

    def store_item(
        self, source: str, item: ListedItem, documents: Sequence[Document], now: datetime
    ) -> int:
        """Store an item's documents and its change key in ONE transaction.

        A document whose key is new is added; one whose title or text differs from the newest
        revision becomes a new revision; any other adds nothing. `documents` may be empty: the item
        was read and has nothing that may be kept (deleted, for members only). Calling it twice with
        the same arguments changes nothing but `read_at`.

        Returns:
            How many documents were added or revised.
        """
        ...

    def finish_poll(self, outcome: PollOutcome, now: datetime, next_poll_at: datetime) -> None:
        """End the claim: remember the outcome, clear `unfinished` if `complete`, count failures."""
        ...

    def record_issue(self, code: str, subject: str, message: str, now: datetime) -> None:
        """Open an issue, or count the open one of this code and subject up."""
        ...

    def close_issues(self, subject: str, codes: Sequence[str], now: datetime) -> None:
        """Close the open issues of this subject with one of these codes; none is not an error."""
        ...


class ProgressKind(StrEnum):
    """What happened, for whoever looks on."""

    STARTED = "started"
    LISTED = "listed"
    STORED = "stored"
    FAILED = "failed"
    FINISHED = "finished"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Progress:
    """One step of the collector, fit for a log: no field ever holds words of a page.

    `count` is the number of rows listed, of documents stored, or of documents stored in the poll;
    `code` and `detail` tell a failure.
    """

    kind: ProgressKind
    source: str = ""
    count: int = 0
    item_key: str = ""
    code: str = ""
    detail: str = ""


OnProgress = Callable[[Progress], None]
"""Called in the collector's thread; must return at once and never raise."""
