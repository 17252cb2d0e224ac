"""What becomes of a poll's faults and promises: issues opened, with the page, and closed again."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from monitor.domain import Document, Page, Source
from monitor.errors import SourceError
from spiders.decisions import FRESH
from spiders.expectations import (
    BROKEN,
    GAP,
    QUIET,
    WRONG_TIMES,
    BrokenPromise,
    Tally,
    broken_shares,
    find_silence,
    kept_shares,
)
from spiders.faults import FAULTS
from spiders.ports import Claim, PollOutcome, Progress, ProgressKind, SeenPage, Sink
from spiders.shapes import see_page

_KEPT_BY_ITSELF = frozenset({BROKEN, QUIET, GAP, WRONG_TIMES, "S416"})
"""Issues that a good poll does not close by being good; each has its own proof."""


class Remembering(Protocol):
    """The part of a source's memory that judging needs."""

    may_have_issues: bool
    tally: Tally


class Judge:
    """Opens and closes the issues of one source during one poll."""

    def __init__(
        self,
        source: Source,
        claim: Claim,
        memory: Remembering,
        *,
        sink: Sink,
        clock: Callable[[], datetime],
        on_progress: Callable[[Progress], None],
    ) -> None:
        """Bind the poll's collaborators."""
        self._source = source
        self._claim = claim
        self._memory = memory
        self._sink = sink
        self._clock = clock
        self._tell = on_progress
        self._opened: set[str] = set()

    def count(self, documents: Sequence[Document], *, is_new: bool) -> None:
        """Count an item that was read, for the shares."""
        written = [each.published_at for each in documents if each.published_at is not None]
        before = self._claim.last_success_at
        looks_back = is_new and before is not None and bool(written)
        aged = sum(at < before - FRESH for at in written) if looks_back and before else 0
        self._memory.tally = self._memory.tally.plus(
            Tally(
                read=1,
                with_text=int(bool(documents)),
                documents=len(documents),
                with_time=len(written),
                new=len(written) if looks_back else 0,
                aged=aged,
            )
        )

    async def report(self, error: SourceError, page: Page | None, *, item_key: str = "") -> None:
        """Record an error, with the page that shows it."""
        self._progress(error.code, str(error), item_key)
        await self._record(error.code, str(error), page)

    async def record(self, code: str, message: str, page: Page | None) -> None:
        """Record an issue, with the page that shows it."""
        self._progress(code, message)
        await self._record(code, message, page)

    async def _record(self, code: str, message: str, page: Page | None) -> None:
        self._memory.may_have_issues = True
        self._opened.add(code)
        seen = see_page(page) if page is not None else SeenPage(self._source.url, 0, "没有应答")
        await asyncio.to_thread(
            self._sink.record_issue, code, self._source.name, message[:500], self._clock(), seen
        )

    async def close(self, outcome: PollOutcome, *, reached_known: bool) -> None:
        """Compare a good poll with the source's promises; close what no longer holds."""
        tally = self._memory.tally
        broken, self._memory.tally = broken_shares(self._source, tally)
        broken += self._list_promises(outcome)
        if not outcome.stored:
            silence = find_silence(self._source, self._claim, self._clock())
            broken += [silence] if silence is not None else []
        for promise in broken:
            await self.record(promise.code, promise.message, None)
        if not self._memory.may_have_issues:
            return
        kept = set(FAULTS) - _KEPT_BY_ITSELF
        kept |= {QUIET} if QUIET not in self._opened else set()
        kept |= {GAP} if reached_known else set()
        kept |= kept_shares(self._source, tally)
        closing = sorted(kept - self._opened)
        await asyncio.to_thread(self._sink.close_issues, self._source.name, closing, self._clock())
        self._memory.may_have_issues = bool(self._opened) or not {BROKEN, WRONG_TIMES} <= kept

    def _list_promises(self, outcome: PollOutcome) -> list[BrokenPromise]:
        least = self._source.expect.list_min_items
        if not outcome.pages or outcome.listed >= least:
            return []
        return [BrokenPromise(BROKEN, f"列表只有 {outcome.listed} 条，应不少于 {least} 条")]

    def _progress(self, code: str, detail: str, item_key: str = "") -> None:
        self._tell(Progress(ProgressKind.FAILED, self._source.name, 0, item_key, code, detail))
