"""One poll of one source: list → what changed → its pages → stored, item by item.

An item's documents and its change key are stored in one transaction, so a process that dies loses
nothing and repeats nothing. A poll that was not finished is known as such to storage, and the next
one looks through all list pages again.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from monitor.domain import Document, ListedItem, Source
from monitor.errors import (
    NotContentError,
    SourceError,
)
from spiders.decisions import has_gap, is_changed, is_due_again, must_page_on
from spiders.expectations import BROKEN, GAP, QUIET, broken_promises
from spiders.ports import Claim, KnownItem, PollOutcome, Progress, ProgressKind, Sink
from spiders.reading import ListPage
from spiders.visits import PageFetcher, read_documents, read_list

T = TypeVar("T")

CHALLENGE, MISSING, SIGN_IN, ITEM_GIVEN_UP = "S405", "S406", "S404", "S416"

SOURCE_CODES = tuple(
    f"S{number}"
    for number in (400, 401, 402, 403, 404, 405, 407, 409, 410, 411, 412, 413, 415, 499)
)
"""Issues of a source that a good poll closes."""

_MOST_TRIES = 5
_BAD_IN_A_ROW = 3


@dataclass(slots=True)
class SetAside:
    """An item that could not be read, to be tried again later whether listed or not."""

    item: ListedItem
    tries: int
    retry_at: datetime


@dataclass(slots=True)
class SourceMemory:
    """What a running process remembers of a source between polls; losing it costs a longer look."""

    set_aside: dict[str, SetAside] = field(default_factory=dict)
    may_have_issues: bool = True


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
        clock: Callable[[], datetime],
        on_progress: Callable[[Progress], None],
    ) -> None:
        """Take what the poll needs; `clock` gives the time in UTC."""
        self._source = source
        self._claim = claim
        self._memory = memory
        self._fetcher = fetcher
        self._sink = sink
        self._clock = clock
        self._tell = on_progress
        self.outcome = PollOutcome(source=source.name, started_at=clock(), complete=False)
        self._bad_in_a_row = 0
        self._reached_known = False
        self._told_issue = False

    async def run(self) -> PollOutcome:
        """Poll the source; its errors become issues and the outcome, and never leave here.

        Raises:
            StorageError: Storage could not take it; nothing that was stored is lost.
        """
        self._progress(ProgressKind.STARTED)
        try:
            await self._read_lists()
            await self._read_set_aside()
        except SourceError as error:
            self._count(failed_with=error.code)
            await self._issue(error.code, str(error))
        else:
            waiting = any(aside.tries < _MOST_TRIES for aside in self._memory.set_aside.values())
            self._count(complete=not waiting)
            await self._judge()
        return replace(self.outcome)

    def fail_with(self, code: str) -> None:
        """Note that something outside the source ended the poll."""
        self._count(complete=False, failed_with=code)

    async def _read_lists(self) -> None:
        url: str | None = self._source.url
        asked: set[str] = set()
        while url is not None and url not in asked:
            asked.add(url)
            listed = await read_list(self._fetcher, self._source, url)
            self._count(pages=1, listed=len(listed.items))
            self._progress(ProgressKind.LISTED, count=len(listed.items))
            known = await self._store(
                self._sink.find_known_items,
                self._source.name,
                [item.key for item in listed.items],
            )
            self._reached_known |= any(
                item.key in known for item in listed.items if not item.pinned
            )
            await self._read_changed(listed, known, is_first=len(asked) == 1)
            url = listed.next_url
            if url is None or not must_page_on(listed.items, known, self._claim):
                return
            if len(asked) >= self._source.max_pages:
                break
        if has_gap(self._claim, reached_known=self._reached_known, more_pages=url is not None):
            message = f"{len(asked)} 页之内没有遇到已读过的内容，其间可能有遗漏"
            await self._issue(GAP, message)

    async def _read_changed(
        self, listed: ListPage, known: dict[str, KnownItem], *, is_first: bool
    ) -> None:
        for item in listed.items:
            if item.key in self._memory.set_aside:
                continue
            changed = is_changed(item, known)
            again = is_first and is_due_again(item, known, self._source, self._clock())
            if changed or (again and item.key not in listed.documents):
                await self._read_one(item, listed.documents.get(item.key))

    async def _read_set_aside(self) -> None:
        now = self._clock()
        due = [aside for aside in self._memory.set_aside.values() if aside.retry_at <= now]
        for aside in due:
            await self._read_one(aside.item, None)

    async def _read_one(self, item: ListedItem, at_hand: Sequence[Document] | None) -> None:
        """Read and store one item; what only concerns this item does not end the poll."""
        try:
            documents = at_hand
            if documents is None:
                documents = await read_documents(self._fetcher, self._source, item)
        except NotContentError as error:
            await self._not_content(item, error)
        except SourceError as error:
            self._put_aside(item)
            await self._bad_item(item, error)
        else:
            self._bad_in_a_row = 0
            await self._keep(item, documents)

    async def _keep(self, item: ListedItem, documents: Sequence[Document]) -> None:
        stored = await self._store(
            self._sink.store_item, self._source.name, item, documents, self._clock()
        )
        self._memory.set_aside.pop(item.key, None)
        self._count(
            read=1,
            documents=len(documents),
            stored=stored,
            with_text=int(bool(documents)),
            with_time=sum(document.published_at is not None for document in documents),
        )
        if stored:
            self._progress(ProgressKind.STORED, count=stored, item_key=item.key)

    async def _not_content(self, item: ListedItem, error: NotContentError) -> None:
        """Take a deleted item for read; many sign-in pages in a row are the source's fault."""
        if error.code == CHALLENGE:
            self._put_aside(item)
            raise error
        if error.code != MISSING:
            await self._bad_item(item, error, quietly=True)
        await self._store(self._sink.store_item, self._source.name, item, (), self._clock())
        self._memory.set_aside.pop(item.key, None)

    async def _bad_item(
        self, item: ListedItem, error: SourceError, *, quietly: bool = False
    ) -> None:
        """Record it; three bad items before any good one mean that the source itself is bad."""
        self._count(failed_items=0 if quietly else 1)
        self._bad_in_a_row += 1
        if self._bad_in_a_row >= _BAD_IN_A_ROW and self.outcome.read == 0:
            raise error
        if not quietly:
            self._progress(
                ProgressKind.FAILED, item_key=item.key, code=error.code, detail=str(error)
            )
            await self._issue(error.code, str(error))

    def _put_aside(self, item: ListedItem) -> None:
        before = self._memory.set_aside.get(item.key)
        tries = before.tries + 1 if before else 1
        wait = max(self._source.poll_every, timedelta(seconds=10)) * 2 ** min(tries, 8)
        aside = SetAside(item, tries, self._clock() + min(wait, timedelta(hours=6)))
        self._memory.set_aside[item.key] = aside

    async def _judge(self) -> None:
        """Compare the poll with the source's promises; close what no longer holds."""
        broken = broken_promises(self._source, self._claim, self.outcome, self._clock())
        for promise in broken:
            await self._issue(promise.code, promise.message)
        if not self._memory.may_have_issues:
            return
        kept = {BROKEN, QUIET} - {promise.code for promise in broken}
        if not self._memory.set_aside:
            kept |= set(SOURCE_CODES) - ({GAP} if not self._reached_known else set())
        await self._store(self._sink.close_issues, self._source.name, sorted(kept), self._clock())
        self._memory.may_have_issues = self._told_issue or bool(self._memory.set_aside)

    async def _issue(self, code: str, message: str) -> None:
        self._memory.may_have_issues = self._told_issue = True
        self._progress(ProgressKind.FAILED, code=code, detail=message)
        await self._store(
            self._sink.record_issue, code, self._source.name, message[:500], self._clock()
        )

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

    def _progress(
        self,
        kind: ProgressKind,
        *,
        count: int = 0,
        item_key: str = "",
        code: str = "",
        detail: str = "",
    ) -> None:
        self._tell(Progress(kind, self._source.name, count, item_key, code, detail))

    @staticmethod
    async def _store(call: Callable[..., T], *arguments: object) -> T:
        return await asyncio.to_thread(call, *arguments)
