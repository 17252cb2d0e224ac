"""One poll of one source: list → what changed → its pages → stored, item by item.

An item's documents and its change key are stored in one transaction, so a process that dies loses
nothing and repeats nothing. A poll that was not finished is known as such to storage, and the next
one looks through all list pages again. What could not be read, and what may be edited, is planned
as a visit and comes back whether a list shows it or not.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from monitor.domain import Document, ListedItem, Source
from monitor.errors import CharsetError, NotContentError, SourceError
from spiders.cheap_check import question, says_nothing_new
from spiders.decisions import (
    FRESH,
    choose_interval,
    has_gap,
    is_changed,
    is_set_aside,
    must_page_on,
    next_visit_at,
    page_limit,
    retry_at,
)
from spiders.expectations import GAP, Tally
from spiders.faults import diagnose_list, refuse_elsewhere
from spiders.judging import Judge
from spiders.ports import (
    Claim,
    Gap,
    ItemReading,
    KnownItem,
    PollOutcome,
    Progress,
    ProgressKind,
    Sink,
    Visit,
)
from spiders.reading import ListPage
from spiders.shapes import alike, is_garbled, shape_of
from spiders.storing import Storing
from spiders.visits import ItemParts, LastPage, PageFetcher, read_list, read_parts

T = TypeVar("T")

CHALLENGE, MISSING, ITEM_GIVEN_UP = "S405", "S406", "S416"

_BAD_IN_A_ROW = 3
_MOST_VISITS = 20
_MOST_UNSTORED = 100
_SAME_SHAPE = 0.8


@dataclass(slots=True)
class SourceMemory:
    """What a running process remembers of a source between polls; losing it costs a closer look."""

    may_have_issues: bool = True
    tally: Tally = field(default_factory=Tally)
    listed_at: datetime | None = None


class Poll:
    """One poll of one source; `run` may be called once."""

    def __init__(
        self,
        source: Source,
        claim: Claim,
        memory: SourceMemory,
        *,
        fetcher: PageFetcher,
        sink: Sink,
        storing: Storing,
        clock: Callable[[], datetime],
        on_progress: Callable[[Progress], None],
    ) -> None:
        """Take what the poll needs; `clock` gives the time in UTC."""
        self._source = source
        self._claim = claim
        self._memory = memory
        self._fetcher = LastPage(fetcher)
        self._sink = sink
        self._storing = storing
        self._clock = clock
        self._tell = on_progress
        self.outcome = PollOutcome(source=source.name, started_at=clock(), complete=False)
        self._judge = Judge(source, claim, memory, sink=sink, clock=clock, on_progress=on_progress)
        self._bad_in_a_row = 0
        self._reached_known = False
        self._found_below = False
        self._gap = False
        self._oldest: datetime | None = None
        self._read_now: dict[str, str] = {}
        self._unstored: dict[asyncio.Future[int], str] = {}

    async def run(self) -> PollOutcome:
        """Poll the source; its errors become issues and the outcome, and never leave here.

        Raises:
            StorageError: Storage could not take it; nothing that was stored is lost.
        """
        self._progress(ProgressKind.STARTED)
        try:
            await self._read_lists()
            await self._make_visits()
            await self._settle(0)
        except SourceError as error:
            await self._settle(0)
            self._count(failed_with=error.code)
            await self._judge.report(error, self._fetcher.page)
        else:
            # Rows move up when a thread is deleted while its list is paged through; what was found
            # below the first page is therefore looked at once more.
            self._count(complete=not self._found_below)
            interval = choose_interval(self._source, self._claim, self.outcome, gap=self._gap)
            self.outcome = replace(self.outcome, interval=interval)
            await self._judge.close(self.outcome, reached_known=self._reached_known)
        return replace(self.outcome)

    def fail_with(self, code: str) -> None:
        """Note that something outside the source ended the poll."""
        self._count(complete=False, failed_with=code)

    # ---------------------------------------------------------------- lists

    async def _has_nothing_new(self) -> bool:
        """Ask the cheap question, where the file wants it and all was well; a doubt is a no."""
        sound = not (self._claim.unfinished or self._claim.failures)
        asked = question(self._source, self._memory.listed_at, self._clock()) if sound else None
        if asked is None:
            return False
        try:
            page = await self._fetcher.fetch_page(asked, self._source, is_list=False)
        except SourceError:
            return False
        return says_nothing_new(page)

    async def _read_lists(self) -> None:
        if await self._has_nothing_new():
            self._reached_known = True
            return
        began = self._clock()
        await self._read_all_lists()
        self._memory.listed_at = None if self._found_below else began

    async def _read_all_lists(self) -> None:
        url: str | None = self._source.url
        asked: set[str] = set()
        while url is not None and url not in asked:
            asked.add(url)
            listed = await self._read_list(url, is_first=len(asked) == 1)
            self._count(pages=1, listed=len(listed.items))
            self._progress(ProgressKind.LISTED, count=len(listed.items))
            known = await self._ask(
                self._sink.find_known_items,
                self._source.name,
                [item.key for item in listed.items],
            )
            self._reached_known |= any(
                item.key in known and known[item.key].was_read and item.key not in self._read_now
                for item in listed.items
                if not item.pinned
            )
            await self._read_changed(listed, known, is_first=len(asked) == 1)
            url = listed.next_url
            if url is None or not must_page_on(listed.items, known, self._claim):
                break
            if len(asked) >= page_limit(
                self._source, self._claim, reached_known=self._reached_known
            ):
                break
        more_pages = url is not None
        if has_gap(self._claim, reached_known=self._reached_known, more_pages=more_pages):
            await self._record_gap(len(asked))

    async def _read_list(self, url: str, *, is_first: bool) -> ListPage:
        """Read one list page; the first one is also looked at from a distance."""
        try:
            listed = await read_list(self._fetcher, self._source, url)
        except SourceError as error:
            if not is_first:
                raise
            page, shape = self._fetcher.page, self._claim.shape
            raise diagnose_list(error, page, self._source, shape) from error
        page = self._fetcher.page
        if is_first and page is not None:
            refuse_elsewhere(page, self._source, self._claim.shape)
            if is_garbled([item.title for item in listed.items]):
                raise CharsetError(self._source.name, f"{page.url}: 标题是乱码，字符集可能变了")
            shape = shape_of(page)
            if listed.items and alike(shape, self._claim.shape) < _SAME_SHAPE:
                self.outcome = replace(self.outcome, shape=shape)
        return listed

    async def _record_gap(self, pages: int) -> None:
        self._gap = True
        now = self._clock()
        since = self._claim.last_success_at or self._claim.last_new_at or self._claim.watched_since
        await self._ask(
            self._sink.record_gap, Gap(self._source.name, now, since, self._oldest, pages)
        )
        until = self._oldest if self._oldest is not None and self._oldest > since else None
        length = (
            "长度不明" if until is None else f"约 {(until - since).total_seconds() / 3600:.1f} 小时"
        )
        message = f"{pages} 页之内没有遇到已读过的内容，其间可能有遗漏（{length}）"
        await self._judge.record(GAP, message, self._fetcher.page)

    async def _read_changed(
        self, listed: ListPage, known: dict[str, KnownItem], *, is_first: bool
    ) -> None:
        now = self._clock()
        for item in listed.items:
            if self._read_now.get(item.key) == item.change_key or is_set_aside(item, known, now):
                continue
            if is_changed(item, known):
                self._found_below |= not is_first
                await self._read_one(item, listed.documents.get(item.key), known.get(item.key))

    # ---------------------------------------------------------------- items

    async def _make_visits(self) -> None:
        now = self._clock()
        due = await self._ask(self._sink.list_due_visits, self._source.name, now, _MOST_VISITS)
        due = [visit for visit in due if visit.item.key not in self._read_now]
        keys = [visit.item.key for visit in due]
        known = await self._ask(self._sink.find_known_items, self._source.name, keys)
        for visit in due:
            await self._read_one(visit.item, None, known.get(visit.item.key))

    async def _read_one(
        self, item: ListedItem, at_hand: Sequence[Document] | None, known: KnownItem | None
    ) -> None:
        """Read and store one item; what only concerns this item does not end the poll."""
        self._read_now[item.key] = item.change_key
        parts = ItemParts(list(at_hand or ()))
        try:
            if at_hand is None:
                parts = await read_parts(self._fetcher, self._source, item)
        except NotContentError as error:
            await self._not_content(item, error, known)
        except SourceError as error:
            await self._set_aside(item, (), known)
            await self._bad_item(item, error)
        else:
            self._bad_in_a_row = 0
            await self._keep(item, parts, known)

    async def _keep(self, item: ListedItem, parts: ItemParts, known: KnownItem | None) -> None:
        documents, now = parts.documents, self._clock()
        written = [each.published_at for each in documents if each.published_at is not None]
        if written:
            self._oldest = min(self._oldest or max(written), max(written))
        self._count(
            read=1,
            documents=len(documents),
            with_text=int(bool(documents)),
            with_time=len(written),
        )
        self._judge.count(documents, is_new=known is None or not known.was_read)
        if parts.error is not None:
            self._count(failed_items=1)
            await self._judge.report(parts.error, self._fetcher.page, item_key=item.key)
            await self._set_aside(item, documents, known)
            return
        again_at = next_visit_at(known, documents, self._source, now)
        visit = None if again_at is None else Visit(item, again_at)
        await self._store(item, documents, visit=visit)

    async def _set_aside(
        self, item: ListedItem, documents: Sequence[Document], known: KnownItem | None
    ) -> None:
        """Keep what there is, and plan to try again; what fails again and again is given up."""
        tries = (known.tries if known is not None else 0) + 1
        at = retry_at(tries, self._source, self._clock())
        if at is not None:
            await self._store(item, documents, visit=Visit(item, at, tries), is_seen=False)
            return
        # Until a list shows that it changed.
        await self._store(item, documents, visit=None)
        message = f"{item.key}: 试了 {tries} 次都读不全，有变化时再读"
        await self._judge.record(ITEM_GIVEN_UP, message, self._fetcher.page)

    async def _store(
        self,
        item: ListedItem,
        documents: Sequence[Document],
        *,
        visit: Visit | None,
        is_seen: bool = True,
    ) -> None:
        """Hand over what was read, and go on; the poll does not end before it is stored."""
        now = self._clock()
        is_first_poll = self._claim.last_success_at is None
        answer = self._storing.store(
            ItemReading(
                self._source.name,
                item,
                documents,
                now,
                is_seen=is_seen,
                visit=visit,
                fresh_since=None if is_first_poll else now - FRESH,
            )
        )
        self._unstored[answer] = item.key
        await self._settle(_MOST_UNSTORED)

    async def _settle(self, most: int) -> None:
        """Wait until no more than so many items wait for storage.

        Raises:
            StorageError: One of them was not stored.
        """
        while len(self._unstored) > most:
            done, _ = await asyncio.wait(self._unstored, return_when=asyncio.FIRST_COMPLETED)
            for answer in done:
                item_key = self._unstored.pop(answer)
                stored = answer.result()
                self._count(stored=stored)
                if stored:
                    self._progress(ProgressKind.STORED, count=stored, item_key=item_key)

    async def _not_content(
        self, item: ListedItem, error: NotContentError, known: KnownItem | None
    ) -> None:
        """Take a deleted item for read; many sign-in pages in a row are the source's fault."""
        if error.code == CHALLENGE:
            await self._set_aside(item, (), known)
            raise error
        if error.code != MISSING:
            await self._bad_item(item, error, quietly=True)
        await self._store(item, (), visit=None)

    async def _bad_item(
        self, item: ListedItem, error: SourceError, *, quietly: bool = False
    ) -> None:
        """Record it; three bad items before any good one mean that the source itself is bad."""
        self._count(failed_items=0 if quietly else 1)
        self._bad_in_a_row += 1
        if self._bad_in_a_row >= _BAD_IN_A_ROW and self.outcome.read == 0:
            raise error
        if not quietly:
            await self._judge.report(error, self._fetcher.page, item_key=item.key)

    # ---------------------------------------------------------------- telling

    def _count(
        self, *, complete: bool | None = None, failed_with: str | None = None, **more: int
    ) -> None:
        """Add to the outcome's numbers, or set how it ended."""
        added = {name: getattr(self.outcome, name) + number for name, number in more.items()}
        self.outcome = replace(self.outcome, **added)
        if complete is not None:
            self.outcome = replace(self.outcome, complete=complete)
        if failed_with is not None:
            self.outcome = replace(self.outcome, failed_with=failed_with)

    def _progress(self, kind: ProgressKind, *, count: int = 0, item_key: str = "") -> None:
        self._tell(Progress(kind, self._source.name, count, item_key))

    @staticmethod
    async def _ask(call: Callable[..., T], *arguments: object) -> T:
        return await asyncio.to_thread(call, *arguments)
