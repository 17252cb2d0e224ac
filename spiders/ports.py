"""What `collect` needs from storage and says to whoever watches it: the ports of this package.

Everything here is called from worker threads, one call at a time for one source; calls for
different sources may overlap. No call may keep a transaction open when it returns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
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
    it brought its first document. `last_success_at` is the end of the last good poll. `interval` is
    the pause that the last poll chose, None before the first. `posts` counts, by day in Shanghai,
    the fresh documents of the last weeks; a day without any is missing. `shape` is what the list
    looked like when it was last read well (`spiders.shapes`); empty before that.
    """

    source: str
    unfinished: bool
    failures: int
    watched_since: datetime
    last_new_at: datetime | None
    last_success_at: datetime | None = None
    interval: timedelta | None = None
    posts: Mapping[date, int] = field(default_factory=dict)
    shape: frozenset[int] = frozenset()
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KnownItem:
    """What storage remembers of an item: the change key of its last reading, and when that was.

    `change_key` and the times are None for an item that never could be read whole. `tries` counts
    the readings that failed since the last good one, and `retry_at` is when the next is due.
    `is_removed`: somebody asked that it be removed, so that it is never read again.
    """

    change_key: str | None
    first_read_at: datetime | None
    read_at: datetime | None
    tries: int = 0
    retry_at: datetime | None = None
    is_removed: bool = False

    @property
    def was_read(self) -> bool:
        """True when it was read whole at least once."""
        return self.change_key is not None


@dataclass(frozen=True, slots=True)
class Visit:
    """An item that is to be read again at `due_at`, whether a list shows it or not.

    `tries` is 0 for one that was read well and is looked at for edits; else it counts the readings
    that failed.
    """

    item: ListedItem
    due_at: datetime
    tries: int = 0


@dataclass(frozen=True, slots=True)
class ItemReading:
    """One item as it was read: what is stored of it in one transaction.

    `documents` may be empty: the item has nothing that may be kept (deleted, for members only).
    `is_seen` is False when a part of it could not be read: its documents are kept, and it counts as
    unread. `visit` says when to read it again; None for never, unless a list shows a change.
    Documents written before `fresh_since` do not count among the posts of a day; None counts none.
    """

    source: str
    item: ListedItem
    documents: Sequence[Document]
    read_at: datetime
    is_seen: bool = True
    visit: Visit | None = None
    fresh_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Time of which posts may be missing: from the last poll that met something known.

    `until` is when the oldest row that was read now was written; None when its page does not say.
    """

    source: str
    found_at: datetime
    since: datetime
    until: datetime | None
    pages: int


@dataclass(frozen=True, slots=True)
class SeenPage:
    """The page that shows what went wrong: where it was and what it was made of, in nobody's words.

    `outline` is masked (`spiders.shapes.outline`); `status` is 0 when no answer came.
    """

    address: str
    status: int
    outline: str


@dataclass(frozen=True, slots=True)
class PollOutcome:
    """What one poll of one source came to, counted.

    `complete` is True when the poll reached what was known (or the end of the list) and every
    changed item was read. `failed_with` is the code of the error that ended the poll (`S403`), or
    None; only such a poll counts as a failure of the source. `listed` counts rows seen, `read`
    items fetched, `with_text` those of them that had a text, `documents` the documents in them,
    `with_time` those of these that had a time, `stored` the new and revised ones. `interval` is the
    pause until the next poll, and `shape` what the list looked like; None when they did not change.
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
    interval: timedelta | None = None
    shape: frozenset[int] | None = None


class Sink(Protocol):
    """Where documents go.

    Every method may raise `StorageBusyError` or `StorageFullError` (and other `StorageError`s): the
    collector then leaves the item unread, records an issue when it can, and tries again.
    """

    def claim_due_sources(
        self,
        names: Sequence[str],
        now: datetime,
        lease: timedelta,
        hosts: Mapping[str, str] | None = None,
    ) -> list[Claim]:
        """Take the sources that are due, the longest overdue first.

        `hosts` names the host of each source. The host comes with the source, for as long: sources
        of a host that another process holds stay due, so that nobody is asked twice at a time.

        A name that is not yet known is added and due at once. Taking one moves its `next_poll_at`
        to `now + lease` and marks it unfinished, in one portable statement, so that two collectors
        never hold the same source; one whose collector died comes back when the lease ends.
        """
        ...

    def extend_claims(self, sources: Sequence[str], now: datetime, lease: timedelta) -> None:
        """Move the ends of the leases of these sources, and of their hosts, in one transaction.

        One whose poll has been finished meanwhile is left as it is.
        """
        ...

    def find_known_items(self, source: str, keys: Sequence[str]) -> dict[str, KnownItem]:
        """Return what is remembered of these items, visits after failures included.

        An unknown one is not in the answer.
        """
        ...

    def store_items(self, readings: Sequence[ItemReading]) -> list[int]:
        """Store items, each with its documents, its change key and its next visit: ONE transaction.

        A document whose key is new is added; one whose title or text differs from the newest
        revision becomes a new revision; any other adds nothing. Calling it twice with the same
        arguments changes nothing but `read_at`.

        Returns:
            For each reading in order, how many documents were added or revised.
        """
        ...

    def list_due_visits(self, source: str, now: datetime, limit: int) -> list[Visit]:
        """Return the items of a source that are due to be read again, the longest overdue first."""
        ...

    def record_gap(self, gap: Gap) -> None:
        """Keep that posts of some time may be missing."""
        ...

    def finish_poll(self, outcome: PollOutcome, now: datetime, next_poll_at: datetime) -> None:
        """End the claim: remember the outcome, clear `unfinished` if `complete`, count failures.

        Items that wait for a visit do not keep a source unfinished: they come back by themselves.
        """
        ...

    def record_issue(
        self,
        code: str,
        subject: str,
        message: str,
        now: datetime,
        page: SeenPage | None = None,
    ) -> None:
        """Open an issue, or count the open one up; keep the newest page that shows it."""
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
