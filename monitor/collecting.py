"""The collector's port, on our storage."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from secrets import token_hex
from socket import gethostname
from threading import Lock

from monitor.domain import SHANGHAI, Document, ListedItem
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage
from monitor.storage.sources import ReadItem, SeenItem
from monitor.storage.visits import FoundGap, IssuePage, PlannedVisit
from spiders.decisions import FRESH
from spiders.ports import Claim, Gap, ItemReading, KnownItem, PollOutcome, SeenPage, Visit


class StoringSink:
    """`spiders.ports.Sink`: every call is one transaction."""

    def __init__(self, storage: Storage, holder: str = "") -> None:
        """Keep the storage; nothing is opened until something is asked.

        Args:
            storage: The database.
            holder: The name under which this process holds hosts; one is made if it is empty.
        """
        self._storage = storage
        self._holder = holder or f"{gethostname()}-{token_hex(6)}"
        self._added: frozenset[str] = frozenset()
        self._held: dict[str, str] = {}
        self._claimed: set[str] = set()
        # A host must not be left by one poll's end while another of its sources is being taken.
        self._holding = Lock()

    def claim_due_sources(
        self,
        names: Sequence[str],
        now: datetime,
        lease: timedelta,
        hosts: Mapping[str, str] | None = None,
    ) -> list[Claim]:
        """Take the sources that are due and whose hosts are free, the longest overdue first."""
        hosts = hosts or {}
        wanted = frozenset(names)
        with self._storage.look() as rows:
            if wanted <= self._added:
                wanted &= frozenset(rows.sources.list_due(now))
            if not wanted:
                return []  # the usual answer costs no writer's lock
            asked = {hosts[name] for name in wanted if name in hosts}
            taken = rows.hosts.find_taken(asked, self._holder, now)
        free = [name for name in names if name in wanted and hosts.get(name) not in taken]
        if not free:
            return []
        with self._holding, self._storage.work() as rows:
            held = rows.hosts.hold(asked - taken, self._holder, now, now + lease)
            free = [name for name in free if name not in hosts or hosts[name] in held]
            claimed = rows.sources.claim_due(free, now, lease)
            self._held |= {each.name: hosts[each.name] for each in claimed if each.name in hosts}
            self._claimed |= {each.name for each in claimed}
        self._added |= frozenset(free)
        return [
            Claim(
                source=each.name,
                unfinished=each.unfinished,
                failures=each.failures,
                watched_since=each.watched_since,
                last_new_at=each.last_new_at,
                last_success_at=each.last_success_at,
                interval=each.interval,
                posts=each.posts,
                shape=each.shape,
                due_at=each.due_at,
            )
            for each in claimed
        ]

    def extend_claims(self, sources: Sequence[str], now: datetime, lease: timedelta) -> None:
        """Move the ends of the leases that are still ours, and of their hosts'."""
        # The lock keeps a poll that ends meanwhile from getting its lease back.
        with self._holding, self._storage.work() as rows:
            ours = [name for name in sources if name in self._claimed]
            rows.sources.extend_claims(ours, now + lease)
            hosts = [self._held[name] for name in ours if name in self._held]
            rows.hosts.hold(hosts, self._holder, now, now + lease)

    def find_known_items(self, source: str, keys: Sequence[str]) -> dict[str, KnownItem]:
        """What is remembered of these items."""
        with self._storage.look() as rows:
            seen = rows.sources.find_items(source, keys)
            failed = rows.visits.find_failed(source, keys)
            removed = rows.removals.find_items(source, keys)
        nothing = SeenItem(None, None, None)
        known: dict[str, KnownItem] = {}
        for key in {**seen, **failed, **dict.fromkeys(removed)}:
            item, visit = seen.get(key, nothing), failed.get(key)
            known[key] = KnownItem(
                item.change_key,
                item.first_read_at,
                item.read_at,
                visit.tries if visit else 0,
                visit.due_at if visit else None,
                is_removed=key in removed,
            )
        return known

    def store_items(self, readings: Sequence[ItemReading]) -> list[int]:
        """Store items with their documents, change keys and next visits in one transaction.

        What somebody asked to have removed is dropped here, before it is written anywhere.
        """
        with self._storage.work() as rows:
            readings = _without_removed(rows, readings)
            stored = _add_documents(rows, readings)
            rows.sources.mark_many(
                [
                    ReadItem(each.source, each.item, each.read_at)
                    for each in readings
                    if each.is_seen
                ]
            )
            # Of an item that comes twice the later reading says whether there is a visit.
            last = {(each.source, each.item.key): each for each in readings}
            rows.visits.drop_visits([place for place, each in last.items() if each.visit is None])
            rows.visits.plan_visits(
                [
                    PlannedVisit(each.source, each.visit.item, each.visit.due_at, each.visit.tries)
                    for each in last.values()
                    if each.visit is not None
                ]
            )
        return stored

    def store_item(
        self, source: str, item: ListedItem, documents: Sequence[Document], now: datetime
    ) -> int:
        """Store one item that was read whole; return how many documents were added or revised."""
        reading = ItemReading(source, item, documents, now, fresh_since=now - FRESH)
        return self.store_items([reading])[0]

    def list_due_visits(self, source: str, now: datetime, limit: int) -> list[Visit]:
        """The items of a source that are due to be read again."""
        with self._storage.look() as rows:
            planned = rows.visits.list_due_visits(source, now, limit)
        return [Visit(each.item, each.due_at, each.tries) for each in planned]

    def record_gap(self, gap: Gap) -> None:
        """Keep a gap."""
        with self._storage.work() as rows:
            rows.visits.add_gap(FoundGap(gap.source, gap.found_at, gap.since, gap.until, gap.pages))

    def finish_poll(self, outcome: PollOutcome, now: datetime, next_poll_at: datetime) -> None:
        """End a claim."""
        with self._holding, self._storage.work() as rows:
            self._claimed.discard(outcome.source)
            rows.sources.finish_poll(
                outcome.source,
                now=now,
                next_poll_at=next_poll_at,
                failed=outcome.failed_with is not None,
                complete=outcome.complete,
            )
            rows.sources.keep_pace(outcome.source, outcome.interval, outcome.shape)
            if (host := self._leave(outcome.source)) is not None:
                rows.hosts.leave([host], self._holder, now)

    def _leave(self, source: str) -> str | None:
        """Forget that a source is polled; return its host if no other source of it is."""
        host = self._held.pop(source, None)
        return None if host in self._held.values() else host

    def record_issue(
        self,
        code: str,
        subject: str,
        message: str,
        now: datetime,
        page: SeenPage | None = None,
    ) -> None:
        """Open an issue, or count it up."""
        with self._storage.work() as rows:
            rows.operations.record_issue(code, subject, message, now)
            if page is not None:
                rows.visits.keep_page(
                    IssuePage(code, subject, now, page.address, page.status, page.outline)
                )

    def close_issues(self, subject: str, codes: Sequence[str], now: datetime) -> None:
        """Close the open issues of a subject."""
        with self._storage.work() as rows:
            rows.operations.close_issues(subject, tuple(codes), now)


def _without_removed(rows: Rows, readings: Sequence[ItemReading]) -> list[ItemReading]:
    """Take out of the readings what was removed on request; a removed item is not visited again."""
    gone: set[tuple[str, str]] = set()
    barred: set[tuple[str, str]] = set()
    for source in {each.source for each in readings}:
        own = [each for each in readings if each.source == source]
        items = rows.removals.find_items(source, [each.item.key for each in own])
        keys = [document.key for each in own for document in each.documents]
        gone |= {(source, key) for key in items}
        barred |= {(source, key) for key in rows.removals.find_documents(source, keys)}
    if not gone and not barred:
        return [*readings]
    return [
        replace(each, documents=(), visit=None)
        if (each.source, each.item.key) in gone
        else replace(
            each,
            documents=[one for one in each.documents if (each.source, one.key) not in barred],
        )
        for each in readings
    ]


def _add_documents(rows: Rows, readings: Sequence[ItemReading]) -> list[int]:
    """Store the documents of many readings; say how many each added."""
    documents = [document for each in readings for document in each.documents]
    were_stored = iter(rows.documents.add_many(documents))
    posts: Counter[tuple[str, date]] = Counter()
    new: dict[str, tuple[int, datetime]] = {}
    counts: list[int] = []
    for each in readings:
        stored = [document for document in each.documents if next(were_stored)]
        counts.append(len(stored))
        if stored:
            day = each.read_at.astimezone(SHANGHAI).date()
            posts[each.source, day] += sum(_is_fresh(document, each) for document in stored)
            before = new.get(each.source, (0, each.read_at))[0]
            new[each.source] = (before + len(stored), each.read_at)
    for source, (count, at) in new.items():
        rows.sources.count_new(source, count, at)
    rows.sources.count_posts({place: count for place, count in posts.items() if count})
    return counts


def _is_fresh(document: Document, reading: ItemReading) -> bool:
    if reading.fresh_since is None:
        return False
    return document.published_at is None or document.published_at >= reading.fresh_since
