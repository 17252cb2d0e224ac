"""The loop of `collect`: claims the sources that are due, and polls each in a task of its own."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from scrapy.crawler import Crawler

from monitor.domain import Source
from monitor.errors import StorageError
from spiders.decisions import next_poll_at
from spiders.fetch import Fetcher
from spiders.poll import Poll, SourceMemory
from spiders.ports import Claim, OnProgress, Progress, ProgressKind, Sink
from spiders.storing import Storing
from spiders.visits import PageFetcher, where_it_failed
from spiders.watched import Watched

LEASE = timedelta(seconds=30)
"""How long a source stays with a collector that no longer answers."""

STORAGE, UNEXPECTED = "S420", "S499"

_TICK_SECONDS = 0.5
_RELOAD_EVERY_TICKS = 20
_TOLD_EVERY_TICKS = 10
_STORAGE_PAUSE_SECONDS = 2.0


class Collector:
    """Claims the sources that are due and polls each in a task of its own."""

    def __init__(
        self,
        *,
        load: Callable[[], Sequence[Source]],
        sink: Sink,
        clock: Callable[[], datetime],
        watched: Watched,
        on_progress: OnProgress,
        lease: timedelta = LEASE,
        make_fetcher: Callable[[Crawler, Callable[[], datetime]], PageFetcher] = Fetcher,
    ) -> None:
        """Take the collaborators; `clock` gives the time in UTC."""
        self._make_fetcher = make_fetcher
        self._load = load
        self._sink = sink
        self._clock = clock
        self._watched = watched
        self._tell = on_progress
        self._lease = lease
        self._memories: dict[str, SourceMemory] = {}
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._storing = Storing(sink)
        self._ticks = 0

    async def run(self, crawler: Crawler) -> None:
        """Poll whatever is due until cancelled."""
        fetcher = self._make_fetcher(crawler, self._clock)
        keeping = asyncio.create_task(self._keep_leases())
        keeping.add_done_callback(partial(self._ended, ""))
        try:
            while True:
                if self._ticks % _RELOAD_EVERY_TICKS == 0:
                    self._watched.replace(await asyncio.to_thread(self._load))
                pause = await self._start_due(fetcher)
                self._ticks += 1
                await asyncio.sleep(pause)
        finally:
            tasks = [keeping, *self._polls.values()]
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _start_due(self, fetcher: PageFetcher) -> float:
        """Start a poll for every source that is due; return the seconds to wait."""
        idle = [name for name in self._watched.by_name if name not in self._polls]
        if not idle:
            return _TICK_SECONDS
        try:
            hosts = self._watched.hosts
            claims = await asyncio.to_thread(
                self._sink.claim_due_sources, idle, self._clock(), self._lease, hosts
            )
        except StorageError as error:
            self._tell(Progress(ProgressKind.FAILED, code=STORAGE, detail=str(error)))
            return _STORAGE_PAUSE_SECONDS
        if not claims and not self._polls and self._ticks % _TOLD_EVERY_TICKS == 0:
            self._tell(Progress(ProgressKind.IDLE))
        for claim in claims:
            source = self._watched.by_name.get(claim.source)
            if source is not None:
                task = asyncio.create_task(self._poll(source, claim, fetcher))
                self._polls[source.name] = task
                task.add_done_callback(partial(self._ended, source.name))
        return _TICK_SECONDS

    def _ended(self, name: str, task: asyncio.Task[None]) -> None:
        self._polls.pop(name, None)
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            detail = where_it_failed(error)
            logging.getLogger(__name__).error("poll of %s failed: %s", name, detail)
            self._tell(Progress(ProgressKind.FAILED, name, code=UNEXPECTED, detail=detail))

    async def _poll(self, source: Source, claim: Claim, fetcher: PageFetcher) -> None:
        """Poll one source; whatever goes wrong, it is due again later."""
        poll = Poll(
            source,
            claim,
            self._memories.setdefault(source.name, SourceMemory()),
            fetcher=fetcher,
            sink=self._sink,
            storing=self._storing,
            clock=self._clock,
            on_progress=self._tell,
        )
        running = asyncio.create_task(poll.run())
        try:
            await asyncio.wait({running})
        finally:
            running.cancel()
        await self._finish(source, claim, poll, running)

    async def _keep_leases(self) -> None:
        """Move the ends of all running polls' leases forward; at once, for there may be many."""
        third = self._lease.total_seconds() / 3
        while True:
            await asyncio.sleep(third)
            if not self._polls:
                continue
            names, now = [*self._polls], self._clock()
            try:
                await asyncio.to_thread(self._sink.extend_claims, names, now, self._lease)
            except StorageError as error:
                # A lease outlives two missed extensions; a third lets another collector in,
                # which is harmless, because storing is idempotent.
                self._tell(Progress(ProgressKind.FAILED, code=STORAGE, detail=str(error)))

    async def _finish(
        self, source: Source, claim: Claim, poll: Poll, running: "asyncio.Task[Any]"
    ) -> None:
        """Write down how the poll ended, and when the source is due again."""
        error = running.exception()
        now = self._clock()
        if isinstance(error, StorageError):
            code, detail = STORAGE, str(error)
        elif error is not None:
            code, detail = UNEXPECTED, where_it_failed(error)
        else:
            code = detail = ""
        outcome = poll.outcome
        if code:
            poll.fail_with(code)
            outcome = poll.outcome
            self._tell(Progress(ProgressKind.FAILED, source.name, code=code, detail=detail))
        try:
            if code:
                await asyncio.to_thread(self._sink.record_issue, code, source.name, detail, now)
            at = next_poll_at(source, claim, outcome, now)
            await asyncio.to_thread(self._sink.finish_poll, outcome, now, at)
        except StorageError as failed:
            # The lease ends by itself and the source is due again, marked unfinished.
            self._tell(Progress(ProgressKind.FAILED, source.name, code=STORAGE, detail=str(failed)))
            return
        self._tell(Progress(ProgressKind.FINISHED, source.name, outcome.stored))
