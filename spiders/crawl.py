"""The `collect` process: one reactor, all sources, each on its own schedule.

A single Scrapy spider is started and never ends. It makes no requests in Scrapy's usual way;
instead each poll is a coroutine that asks Scrapy's downloader for one page after the other, with
all of its middlewares (robots.txt, redirects, cookies, unpacking), so that a poll reads as a story.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from monitor.domain import Document, Source
from monitor.errors import MonitorError, SourceError, StorageError
from spiders.decisions import next_poll_at
from spiders.fetch import Fetcher
from spiders.guards import GuardedResolver
from spiders.poll import Poll, SourceMemory, read_documents, read_list, where_it_failed
from spiders.ports import Claim, OnProgress, Progress, ProgressKind, Sink
from spiders.watched import Watched

LEASE = timedelta(seconds=30)
"""How long a source stays with a collector that no longer answers."""

STORAGE, UNEXPECTED = "S420", "S499"

_TICK_SECONDS = 0.5
_RELOAD_EVERY_TICKS = 20
_STORAGE_PAUSE_SECONDS = 2.0

# Forum software sends phones another template without exact times, and looks for these anywhere in
# the name of the reader; "bot" and the like get a third one.
_WORDS_THAT_CHANGE_PAGES = re.compile(
    r"bot|crawl|spider|slurp|phone|mobile|wap|java|series|sony|samsung|huawei|nokia|android|maui|"
    r"bird|spice|lg|nec|tcl|mot|alcatel|haier|benq|iphone|ipad|symbian|opera mini|ucweb|palm|htc|zte|"
    r"vivo|oppo|lenovo|panasonic|philips|sagem|sharp|sie-|ericsson|blackberry|windows ce|midp|cldc|"
    r"ppc|smart|avantgo|portal|pda|j2me|kddi|docomo|vodafone|up\.browser",
    re.IGNORECASE,
)


def user_agent(contact: str) -> str:
    """Return the name under which we read: what it is, and whom to ask about it.

    Args:
        contact: An address of the office that runs it (https://… or an e-mail address).

    Raises:
        MonitorError: The contact holds a word for which forums send other pages.
    """
    name = f"QingxinWageReader/0.1 (+{contact})"
    if found := _WORDS_THAT_CHANGE_PAGES.search(name):
        message = f"联系地址中含有“{found[0]}”，论坛会因此改发另一种页面；换一个联系地址"
        raise MonitorError(message)
    return name


def scrapy_settings(agent: str) -> dict[str, Any]:
    """Return Scrapy's settings, where its defaults are not ours."""
    return {
        "USER_AGENT": agent,
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": agent.split("/", 1)[0],
        "DOWNLOADER_MIDDLEWARES": {
            "spiders.guards.AddressGuard": 60,
            "spiders.guards.RobotsGate": 100,
            "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
            "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
        },
        "DOWNLOAD_HANDLERS": {
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
            "http": "spiders.guards.VerifyingHandler",
            "https": "spiders.guards.VerifyingHandler",
        },
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "TWISTED_DNS_RESOLVER": "spiders.guards.GuardedResolver",
        # The process lives for months: a name that moved must be noticed.
        "DNSCACHE_ENABLED": False,
        "DNS_TIMEOUT": 10,
        "CONCURRENT_REQUESTS": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY_JITTER": 0.0,
        "REDIRECT_MAX_TIMES": 5,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
        },
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "LOGSTATS_INTERVAL": 0,
        "STATS_DUMP": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "REACTOR_THREADPOOL_MAXSIZE": 20,
    }


class WatchSpider(Spider):
    """The spider that never ends: it runs one coroutine beside Scrapy's downloader."""

    name = "watch"

    def __init__(self, watched: Watched, work: "Callable[[Crawler], Any]") -> None:
        """Keep the table of sources, and the coroutine function to run."""
        super().__init__(self.name)
        self.watched = watched
        self._work = work

    async def start(self) -> AsyncIterator[Any]:
        """Run the work; nothing is ever handed to Scrapy's scheduler."""
        await self._work(self.crawler)
        return
        yield  # makes this a generator, as Scrapy wants it


class Collector:
    """Claims the sources that are due and polls each in a task of its own."""

    def __init__(  # noqa: PLR0913
        self,
        *,
        load: Callable[[], Sequence[Source]],
        sink: Sink,
        clock: Callable[[], datetime],
        watched: Watched,
        on_progress: OnProgress,
        lease: timedelta = LEASE,
    ) -> None:
        """Take the collaborators; `clock` gives the time in UTC."""
        self._load = load
        self._sink = sink
        self._clock = clock
        self._watched = watched
        self._tell = on_progress
        self._lease = lease
        self._memories: dict[str, SourceMemory] = {}
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._is_idle = False

    async def run(self, crawler: Crawler) -> None:
        """Poll whatever is due until cancelled."""
        fetcher = Fetcher(crawler, self._clock)
        ticks = 0
        try:
            while True:
                if ticks % _RELOAD_EVERY_TICKS == 0:
                    self._watched.replace(await asyncio.to_thread(self._load))
                ticks += 1
                pause = await self._start_due(fetcher)
                await asyncio.sleep(pause)
        finally:
            for task in self._polls.values():
                task.cancel()
            if self._polls:
                await asyncio.wait(self._polls.values())

    async def _start_due(self, fetcher: Fetcher) -> float:
        """Start a poll for every source that is due; return the seconds to wait."""
        idle = [name for name in self._watched.by_name if name not in self._polls]
        if not idle:
            return _TICK_SECONDS
        try:
            claims = await asyncio.to_thread(
                self._sink.claim_due_sources, idle, self._clock(), self._lease
            )
        except StorageError as error:
            self._tell(Progress(ProgressKind.FAILED, code=STORAGE, detail=str(error)))
            return _STORAGE_PAUSE_SECONDS
        if not claims and not self._polls and not self._is_idle:
            self._tell(Progress(ProgressKind.IDLE))
        self._is_idle = not claims and not self._polls
        for claim in claims:
            source = self._watched.by_name.get(claim.source)
            if source is not None:
                task = asyncio.create_task(self._poll(source, claim, fetcher))
                self._polls[source.name] = task
                task.add_done_callback(lambda done, name=source.name: self._ended(name, done))
        return _TICK_SECONDS

    def _ended(self, name: str, task: asyncio.Task[None]) -> None:
        self._polls.pop(name, None)
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            detail = where_it_failed(error)
            logging.getLogger(__name__).error("poll of %s failed: %s", name, detail)
            self._tell(Progress(ProgressKind.FAILED, name, code=UNEXPECTED, detail=detail))

    async def _poll(self, source: Source, claim: Claim, fetcher: Fetcher) -> None:
        """Poll one source, keeping its lease; whatever goes wrong, it is due again later."""
        poll = Poll(
            source,
            claim,
            self._memories.setdefault(source.name, SourceMemory()),
            fetcher=fetcher,
            sink=self._sink,
            clock=self._clock,
            on_progress=self._tell,
        )
        running = asyncio.create_task(poll.run())
        try:
            await self._keep_lease(source.name, running)
        finally:
            running.cancel()
        await self._finish(source, claim, poll, running)

    async def _keep_lease(self, name: str, running: "asyncio.Task[Any]") -> None:
        """Wait for the poll, and move the end of its lease forward meanwhile."""
        third = self._lease.total_seconds() / 3
        while True:
            done, _ = await asyncio.wait({running}, timeout=third)
            if done:
                return
            try:
                await asyncio.to_thread(
                    self._sink.extend_claim, name, self._clock(), self._lease
                )
            except StorageError as error:
                # The lease outlives two missed extensions; a third lets another collector in,
                # which is harmless, because storing is idempotent.
                self._tell(Progress(ProgressKind.FAILED, name, code=STORAGE, detail=str(error)))

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


def run_collect(  # noqa: PLR0913
    *,
    load: Callable[[], Sequence[Source]],
    sink: Sink,
    clock: Callable[[], datetime],
    user_agent: str,
    on_progress: OnProgress,
    lease: timedelta = LEASE,
) -> None:
    """Watch all sources until SIGTERM or SIGINT; may be called once in a process.

    Args:
        load: Returns the sources in use; called again every ten seconds, so that a new file is
            noticed without a restart.
        sink: Where documents go.
        clock: The time in UTC.
        user_agent: The name under which we read; see `user_agent`.
        on_progress: Told of every step; see `Progress`.
        lease: How long a source stays with a process that died.
    """
    watched = Watched()
    collector = Collector(
        load=load,
        sink=sink,
        clock=clock,
        watched=watched,
        on_progress=on_progress,
        lease=lease,
    )
    _run(watched, collector.run, user_agent)


def try_source(
    source: Source, *, clock: Callable[[], datetime], user_agent: str, most_items: int = 20
) -> list[Document]:
    """Read one list page and its items now, and return the documents; store nothing.

    May be called once in a process.

    Raises:
        SourceError: The list did not come or cannot be read, or no item could.
    """
    watched = Watched()
    watched.replace([source])
    documents: list[Document] = []
    failures: list[SourceError] = []

    async def work(crawler: Crawler) -> None:
        fetcher = Fetcher(crawler, clock)
        try:
            listed = await read_list(fetcher, source, source.url)
        except SourceError as error:
            failures.append(error)
            listed = None
        for item in listed.items[:most_items] if listed else []:
            try:
                at_hand = listed.documents.get(item.key) if listed else None
                documents.extend(at_hand or await read_documents(fetcher, source, item))
            except SourceError as error:
                failures.append(error)

    _run(watched, work, user_agent)
    if failures and not documents:
        raise failures[0]
    return documents


def _run(watched: Watched, work: Callable[[Crawler], Any], agent: str) -> None:
    """Run the reactor until the work ends or a signal comes."""
    process = AsyncCrawlerProcess(scrapy_settings(agent))
    # Debug lines name every address; the collector tells its own progress.
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    GuardedResolver.watched = watched
    process.crawl(WatchSpider, watched=watched, work=work)
    process.start()
