"""One fetching process to measure: bare Scrapy, or `collect`; a reactor starts once in a process.

Arguments: bare|collect|unstored|scheduled, port, hosts, threads on each, folder.
"""

import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

from monitor.bootstrap.app import read_clock
from monitor.collecting import StoringSink
from monitor.domain import Basis, Family, Source
from monitor.storage.session import Storage
from spiders.crawl import run_collect
from spiders.manners import user_agent
from spiders.ports import Progress, ProgressKind
from tests.loopback_forums import ROWS, host_of


class BareSpider(Spider):
    """Fetches known addresses and does nothing with what comes."""

    name = "bare"

    def __init__(self, addresses: Sequence[str]) -> None:
        """Keep the addresses."""
        super().__init__(self.name)
        self.addresses = addresses
        self.pages = 0
        self.seconds = 0.0
        self.processor = 0.0

    async def start(self) -> AsyncIterator[Any]:
        """Ask for everything."""
        self._began, self._used = time.perf_counter(), time.process_time()
        for address in self.addresses:
            yield Request(address, callback=self.parse, dont_filter=True)

    def parse(self, response: Any) -> None:
        """Count the page."""
        assert response.status == 200
        self.pages += 1
        self.seconds = time.perf_counter() - self._began
        self.processor = time.process_time() - self._used


def tell(pages: int, documents: int, seconds: float, processor: float) -> None:
    print(
        json.dumps(
            {"pages": pages, "documents": documents, "seconds": seconds, "processor": processor}
        )
    )


def run_bare(port: int, hosts: int, threads: int) -> None:
    """Scrapy as it comes, without its console and its log."""
    addresses = [
        f"http://{host_of(host)}:{port}/forum.php?mod={what}"
        for numbers in (
            [f"forumdisplay&fid=2&page={n + 1}" for n in range(-(-threads // ROWS))],
            [f"viewthread&tid={n + 1}" for n in range(threads)],
        )
        for what in numbers
        for host in range(hosts)
    ]
    process = AsyncCrawlerProcess({"TELNETCONSOLE_ENABLED": False, "LOG_LEVEL": "ERROR"})
    crawler = process.create_crawler(BareSpider)
    process.crawl(crawler, addresses=addresses)
    process.start()
    spider = crawler.spider
    assert isinstance(spider, BareSpider)
    tell(spider.pages, 0, spider.seconds, spider.processor)


class CountingSink(StoringSink):
    """Our storage, which tells when the last source was finished; or nowhere at all."""

    def __init__(self, storage: Storage, hosts: int) -> None:
        """Wait for so many sources."""
        super().__init__(storage)
        self.left = hosts
        self.pages = self.documents = 0
        self.began, self.used = time.perf_counter(), time.process_time()

    def finish_poll(self, outcome: Any, now: Any, next_poll_at: Any) -> None:
        """End a claim; after the last one tell the figures and end the process."""
        super().finish_poll(outcome, now, next_poll_at)
        assert outcome.failed_with is None, outcome
        self.pages += outcome.pages + outcome.read
        self.documents += outcome.stored
        self.left -= 1
        if self.left == 0:
            tell(
                self.pages,
                self.documents,
                time.perf_counter() - self.began,
                time.process_time() - self.used,
            )
            sys.stdout.flush()
            os.kill(os.getpid(), signal.SIGTERM)


class NowhereSink(CountingSink):
    """Forgets what it is given."""

    def store_items(self, readings: Any) -> list[int]:
        """Say that all is stored."""
        return [len(reading.documents) for reading in readings]


def run_ours(mode: str, port: int, hosts: int, folder: Path) -> None:
    """`collect` on a database of its own."""
    storage = Storage(f"sqlite:///{folder / 'qingxin.db'}")
    storage.migrate()
    sources = make_sources(port, hosts, timedelta(hours=1))
    sink = (CountingSink if mode == "collect" else NowhereSink)(storage, hosts)
    watch(sources, sink)


def make_sources(port: int, hosts: int, poll_every: timedelta) -> list[Source]:
    """One source for each forum."""
    return [
        Source(
            f"forum-{n}",
            "论坛",
            Family.DISCUZ,
            Basis.HELP_SECTION,
            f"http://{host_of(n)}:{port}/forum.php?mod=forumdisplay&fid=2",
            delay=timedelta(0),
            max_pages=1000,
            poll_every=poll_every,
            local=True,
        )
        for n in range(hosts)
    ]


def watch(sources: list[Source], sink: StoringSink) -> None:
    """Run `collect` until it is told to stop."""

    def on_progress(progress: Progress) -> None:
        if progress.kind is ProgressKind.FAILED:
            print(progress, file=sys.stderr)

    run_collect(
        load=lambda: sources,
        sink=sink,
        clock=read_clock,
        user_agent=user_agent("https://office.invalid/contact"),
        on_progress=on_progress,
    )


def run_scheduled(port: int, hosts: int, folder: Path) -> None:
    """`collect` with every source on a schedule of five minutes, until it is told to stop."""
    storage = Storage(f"sqlite:///{folder / 'qingxin.db'}")
    storage.migrate()
    watch(make_sources(port, hosts, timedelta(minutes=5)), StoringSink(storage))


def main() -> None:
    """See above."""
    mode, port, hosts, threads, folder = sys.argv[1:6]
    if mode == "scheduled":
        run_scheduled(int(port), int(hosts), Path(folder))
    elif mode == "bare":
        run_bare(int(port), int(hosts), int(threads))
    else:
        run_ours(mode, int(port), int(hosts), Path(folder))


if __name__ == "__main__":
    main()
