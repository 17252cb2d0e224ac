"""What stands between the collector and the network: addresses, robots.txt, certificates.

These are parts that Scrapy builds by itself, so they find the table of sources on the spider.
"""

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.core.engine import ExecutionEngine
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.resolver import CachingThreadedResolver
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from twisted.internet.error import DNSLookupError
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from monitor.errors import FetchError, RefusedAddressError
from spiders.addresses import endpoint_of, is_private, refuse_address
from spiders.watched import Watched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from twisted.internet.defer import Deferred

MOST_AT_ONCE = 200
"""Requests under way over all hosts: at 100 pages a second each waits 2 s for its turn."""

SOURCE = "source"
"""The key in `Request.meta` that holds the source's name; redirects keep it."""

ROBOTS_CODE = "S409"
_ROBOTS_REFRESHED = timedelta(hours=12)
_ROBOTS_RETRIED = timedelta(minutes=2)
_ROBOTS_MAX_BYTES = 512 * 1024
_MOST_CRAWL_DELAY_SECONDS = 3600.0
_SUCCESS, _CLIENT_ERROR, _SERVER_ERROR = 200, 400, 500


def watched_by(crawler: Crawler) -> Watched:
    """Return the table of sources of the spider that is running."""
    return cast("Watched", crawler.spider.watched)  # type: ignore[union-attr]


def engine_of(crawler: Crawler) -> ExecutionEngine:
    """Return the engine of a crawler that runs."""
    if crawler.engine is None:
        message = "the crawler does not run"
        raise RuntimeError(message)
    return crawler.engine


class AddressGuard:
    """Refuses private addresses on every hop, and keeps each request in its host's queue."""

    def __init__(self, crawler: Crawler) -> None:
        """Remember the crawler, which knows the sources."""
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "AddressGuard":
        """Build the guard, as Scrapy asks for it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Look at the address before anything is sent, redirects and robots.txt included."""
        watched = watched_by(self._crawler)
        name = str(request.meta[SOURCE])
        refuse_address(name, request.url, watched.own_endpoint(name))
        endpoint = endpoint_of(request.url)
        if endpoint is not None:
            host, port = endpoint
            if watched.is_local_name(host) and endpoint != watched.own_endpoint(name):
                raise RefusedAddressError(name, f"another source's private host: {host}:{port}")
            # A redirect would otherwise stay in the queue of the host it came from, and two
            # requests could reach one host at the same time.
            # The load of a page in a browser waits for its parts, which have the host's own queue.
            in_browser = request.meta.get("playwright", False)
            request.meta["download_slot"] = f"browser of {host}" if in_browser else host

    def process_response(self, request: Request, response: Response) -> Response:
        """Look at the address that answered, in case a name changed between the two looks."""
        name = str(request.meta[SOURCE])
        answered = str(response.ip_address or "")
        if is_private(answered) and watched_by(self._crawler).own_endpoint(name) is None:
            raise RefusedAddressError(name, f"answered from a private address: {answered}")
        return response


class GuardedResolver(CachingThreadedResolver):
    """Resolves names, and gives out no private address unless a local source lives there."""

    watched: Watched | None = None

    def getHostByName(  # noqa: N802 - Twisted's name
        self, name: str, timeout: "Sequence[int]" = ()
    ) -> "Deferred[str]":
        """Resolve a name to an IPv4 address."""
        return super().getHostByName(name, timeout).addCallback(self._refuse_private, name)

    def _refuse_private(self, address: str, name: str) -> str:
        is_local = self.watched is not None and self.watched.is_local_name(name.lower())
        if is_private(address) and not is_local:
            message = f"{name} has a private address"
            raise DNSLookupError(message)
        return address


@dataclass(slots=True)
class _Robots:
    """A robots.txt as it was read; `parser` is None when everything is allowed."""

    parser: RobotParser | None
    read_at: float
    readable: bool = True

    def is_fresh(self) -> bool:
        kept = _ROBOTS_REFRESHED if self.readable else _ROBOTS_RETRIED
        return monotonic() - self.read_at < kept.total_seconds()


class RobotsGate(RobotsTxtMiddleware):
    """Obeys robots.txt as RFC 9309 says, and reads it again twice a day.

    Scrapy's own keeps it for the life of the process, and takes an error page for permission. Here
    "not found" allows everything, and a server that cannot answer allows nothing until it does.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Start without any robots.txt."""
        super().__init__(crawler)
        self._read: dict[str, _Robots] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the rules for the request's host, reading them first where they are old.

        Raises:
            FetchError: robots.txt could not be read, so nothing else may be.
        """
        scheme, _, rest = request.url.partition("://")
        root = f"{scheme}://{rest.split('/', 1)[0].split('?', 1)[0]}"
        async with self._locks.setdefault(root, asyncio.Lock()):
            known = self._read.get(root)
            if known is None or not known.is_fresh():
                known = await self._read_robots(root, request, known)
                self._read[root] = known
        if not known.readable:
            name = str(request.meta[SOURCE])
            message = f"{root}/robots.txt cannot be read, so nothing else may be"
            raise FetchError(name, message, temporary=True, code=ROBOTS_CODE)
        self._keep_crawl_delay(request, known.parser)
        return known.parser

    async def _read_robots(self, root: str, request: Request, before: _Robots | None) -> _Robots:
        robots = Request(
            f"{root}/robots.txt",
            callback=NO_CALLBACK,
            meta={
                SOURCE: request.meta[SOURCE],
                "dont_obey_robotstxt": True,
                "download_maxsize": _ROBOTS_MAX_BYTES,
                "download_timeout": request.meta.get("download_timeout", 30),
                "cookiejar": request.meta.get("cookiejar"),
            },
        )
        task = asyncio.ensure_future(engine_of(self.crawler).download_async(robots))
        await asyncio.wait({task})
        stale = before is not None and before.readable
        if (error := task.exception()) is not None:
            # A host that cannot be reached at all is told as that, and not as a matter of robots.
            if isinstance(error, RefusedAddressError) or not stale:
                raise error
            status = _SERVER_ERROR
        else:
            status = task.result().status
        if status >= _SERVER_ERROR or status < _SUCCESS:
            return _Robots(before.parser if stale and before else None, monotonic(), readable=stale)
        if status >= _CLIENT_ERROR:
            return _Robots(None, monotonic())
        parser = ProtegoRobotParser.from_crawler(self.crawler, task.result().body)
        return _Robots(parser, monotonic())

    def _keep_crawl_delay(self, request: Request, parser: RobotParser | None) -> None:
        """Widen the pause between requests to what the host asks for, up to an hour."""
        if parser is None or not self._robotstxt_useragent:
            return
        asked = parser.crawl_delay(self._robotstxt_useragent)
        if asked:
            delay = min(float(asked), _MOST_CRAWL_DELAY_SECONDS)
            widen_pause(self.crawler, str(request.meta["download_slot"]), delay)


@implementer(IPolicyForHTTPS)
class _CertificatePolicy:
    """Verifies certificates, except for the hosts whose source file says otherwise."""

    def __init__(self, crawler: Crawler, verifying: Any) -> None:
        self._crawler = crawler
        self._verifying = verifying
        self._trusting = _ScrapyClientContextFactory(verify_certificates=False)

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # noqa: N802
        host = hostname.decode("ascii").lower()
        excepted = watched_by(self._crawler).is_unverified(host)
        chosen = self._trusting if excepted else self._verifying
        return chosen.creatorForNetloc(hostname, port)


class VerifyingHandler(HTTP11DownloadHandler):
    """Scrapy's handler of http and https: our certificate policy, one request at a time to a host.

    Scrapy's own slots do not hold where there is no pause: under asyncio they begin all that waits
    in a host's queue, as a download counts only once its task has run (2.19: four at a time
    were seen). A lock here takes in robots.txt and every hop of a redirect.

    Over all hosts no more is asked at once than can be dealt with in time: when 2,000 sources were
    due together, every answer waited in this process until its time was over, and each site was
    said not to answer. What waits here has not begun, and its time has not either.
    """

    def __init__(self, crawler: Crawler) -> None:
        """Wrap the verifying policy that Scrapy builds from its settings."""
        super().__init__(crawler)
        self._contextFactory = cast(
            "IPolicyForHTTPS", _CertificatePolicy(crawler, self._contextFactory)
        )
        self._one_at_a_time = one_at_a_time(crawler)
        self._under_way = asyncio.Semaphore(MOST_AT_ONCE)

    async def download_request(self, request: Request) -> Response:
        """Ask for one thing, when nothing else is being asked of its host."""
        host = str(request.meta["download_slot"])
        async with self._one_at_a_time[host], self._under_way:
            return await super().download_request(request)


_LOCKS: "WeakKeyDictionary[Crawler, defaultdict[str, asyncio.Lock]]" = WeakKeyDictionary()


def one_at_a_time(crawler: Crawler) -> "defaultdict[str, asyncio.Lock]":
    """Return the locks of the hosts that a crawler asks; http and https share them."""
    return _LOCKS.setdefault(crawler, defaultdict(asyncio.Lock))


def widen_pause(crawler: Crawler, host: str, seconds: float) -> None:
    """Make the pause between two requests to a host at least this long, one request at a time."""
    downloader = engine_of(crawler).downloader
    pace = downloader.per_slot_settings.setdefault(
        host, {"concurrency": 1, "delay": seconds, "jitter": 0.0}
    )
    pace["delay"] = max(pace["delay"], seconds)
    if (slot := downloader.slots.get(host)) is not None:
        slot.delay = pace["delay"]


def is_robots_refusal(error: BaseException) -> bool:
    """Tell whether Scrapy dropped a request because of robots.txt."""
    return isinstance(error, IgnoreRequest) and "robots.txt" in str(error)
