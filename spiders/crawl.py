"""The `collect` process: one reactor, all sources, each on its own schedule.

A single Scrapy spider is started and never ends. It makes no requests in Scrapy's usual way;
instead each poll is a coroutine that asks Scrapy's downloader for one page after the other, with
all of its middlewares (robots.txt, redirects, cookies, unpacking), so that a poll reads as a story.
"""

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from scrapy import Spider
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from monitor.domain import Source
from spiders.browsing import BrowserFetcher, browser_settings
from spiders.collector import LEASE, Collector
from spiders.fetch import Fetcher
from spiders.guards import GuardedResolver
from spiders.manners import scrapy_settings
from spiders.ports import OnProgress, Sink
from spiders.suffixes import use_shipped_list
from spiders.watched import Watched


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


def run_collect(
    *,
    load: Callable[[], Sequence[Source]],
    sink: Sink,
    clock: Callable[[], datetime],
    user_agent: str,
    on_progress: OnProgress,
    lease: timedelta = LEASE,
    browser: bool = False,
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
        browser: Whether scripts run (`spiders.browsing`); `load` then returns such sources only.
    """
    watched = Watched()
    collector = Collector(
        load=load,
        sink=sink,
        clock=clock,
        watched=watched,
        on_progress=on_progress,
        lease=lease,
        make_fetcher=BrowserFetcher if browser else Fetcher,
    )
    run_spider(watched, collector.run, user_agent, browser=browser)


def run_spider(
    watched: Watched, work: Callable[[Crawler], Any], agent: str, *, browser: bool = False
) -> None:
    """Run the reactor until the work ends or a signal comes; may be called once in a process."""
    use_shipped_list()
    process = AsyncCrawlerProcess(scrapy_settings(agent) | (browser_settings() if browser else {}))
    # Debug lines name every address; the collector tells its own progress.
    logging.getLogger("scrapy").setLevel(logging.WARNING)
    logging.getLogger("scrapy-playwright").setLevel(logging.CRITICAL)  # it quotes pages
    GuardedResolver.watched = watched
    process.crawl(WatchSpider, watched=watched, work=work)
    process.start()
