"""Fetch one page politely, and say in our own errors why it did not come."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from OpenSSL.SSL import Error as TlsError
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from service_identity.exceptions import VerificationError

from monitor.domain import Page, Source
from monitor.errors import FetchError, SourceError
from spiders.asking import Ask, answered_as, ask_of
from spiders.guards import ROBOTS_CODE, SOURCE, engine_of, is_robots_refusal, widen_pause

NO_ANSWER, TOO_LARGE, BAD_STATUS, BAD_CERTIFICATE, MOVED = "S401", "S411", "S412", "S413", "S415"

_MISSING = frozenset({404, 410})
_TOO_MANY, _SERVER_ERROR, _REDIRECT, _ERROR = 429, 500, 300, 400


class Fetcher:
    """Fetches pages through Scrapy's downloader: one at a time for a host, guards included."""

    def __init__(self, crawler: Crawler, clock: Callable[[], datetime]) -> None:
        """Use this crawler's engine, and this clock (UTC) for the time of fetching."""
        self._crawler = crawler
        self._clock = clock

    async def fetch_page(self, url: str, source: Source, *, is_list: bool) -> Page:
        """Fetch one page, redirects followed.

        An item's 404 is a page like others, because its notice may say why; a list's is an error.

        Raises:
            RefusedAddressError: A hop led to a private address, or not to http(s).
            FetchError: Nothing usable came; the code says what, `temporary` whether to try again.
        """
        ask = ask_of(url, self._clock())
        response = await self.ask(ask, source)
        self.refuse_answer(response, source, is_list=is_list)
        return Page(
            source=source.name,
            url=answered_as(url, response.url),
            status=response.status,
            headers={
                key.decode("latin-1"): b", ".join(values).decode("latin-1")
                for key, values in response.headers.items()
            },
            body=response.body,
            fetched_at=self._clock(),
        )

    async def ask(self, ask: Ask, source: Source, **meta: Any) -> Response:
        """Send one request and return whatever is answered, redirects followed.

        Args:
            ask: What is sent.
            source: For whom; its limits hold.
            meta: More of Scrapy's request metadata.

        Raises:
            SourceError: Nothing came, or a guard refused it.
        """
        request = Request(
            ask.url,
            method=ask.method,
            body=ask.body,
            headers=dict(ask.headers),
            callback=NO_CALLBACK,
            meta={
                SOURCE: source.name,
                "download_maxsize": source.max_bytes,
                "download_warnsize": 0,
                "download_timeout": source.timeout.total_seconds(),
                "cookiejar": source.name,
                **meta,
            },
        )
        self._keep_pace(source)
        # The task's exception is looked at instead of caught: whatever Twisted raises must not
        # stop the other sources, and each kind is told apart.
        task = asyncio.ensure_future(engine_of(self._crawler).download_async(request))
        try:
            await asyncio.wait({task})
        finally:
            task.cancel()
        if (error := task.exception()) is not None:
            raise _translate(source.name, ask.url, error) from error
        return task.result()

    def _keep_pace(self, source: Source) -> None:
        """Tell the downloader how long to pause between requests to this source's host."""
        host = (urlsplit(source.url).hostname or "").lower()
        widen_pause(self._crawler, host, source.delay.total_seconds())

    @staticmethod
    def refuse_answer(response: Response, source: Source, *, is_list: bool) -> None:
        """Refuse an answer that is an error, or that came from another site.

        Raises:
            FetchError: The code says what it was.
        """
        status = response.status
        if status in _MISSING and not is_list:
            return
        if status >= _REDIRECT:
            temporary = status >= _SERVER_ERROR or status == _TOO_MANY or status < _ERROR
            message = f"{response.url}: answered {status}"
            raise FetchError(source.name, message, temporary=temporary, code=BAD_STATUS)
        if is_list and site_of(response.url) != site_of(source.url):
            message = f"{source.url} leads to {site_of(response.url)}"
            raise FetchError(source.name, message, temporary=False, code=MOVED)


def site_of(url: str) -> str:
    """Return the host of an address, `www.` left out."""
    return (urlsplit(url).hostname or "").lower().removeprefix("www.")


def _translate(name: str, url: str, error: BaseException) -> SourceError:
    """Turn what the downloader raised into our error; its own words never leave this module."""
    if isinstance(error, SourceError):
        return error
    if is_robots_refusal(error):
        message = f"{url}: robots.txt forbids it"
        return FetchError(name, message, temporary=False, code=ROBOTS_CODE)
    what, code, temporary = _kind_of(error)
    return FetchError(name, f"{url}: {what}", temporary=temporary, code=code)


_KINDS: tuple[tuple[type[Exception], str, str, bool], ...] = (
    (CannotResolveHostError, "the host has no public address that can be found", NO_ANSWER, True),
    (DownloadConnectionRefusedError, "the connection was refused", NO_ANSWER, True),
    (DownloadTimeoutError, "no answer within the time allowed", NO_ANSWER, True),
    (DownloadCancelledError, "the answer is larger than allowed", TOO_LARGE, False),
)


def _kind_of(error: BaseException) -> tuple[str, str, bool]:
    """Say what happened, its code, and whether trying again can help."""
    for kind, what, code, temporary in _KINDS:
        if isinstance(error, kind):
            return what, code, temporary
    if isinstance(error, IgnoreRequest) and "DOWNLOAD_MAXSIZE" in str(error):
        return "the answer is larger than allowed once unpacked", TOO_LARGE, False
    if isinstance(error, IgnoreRequest) and "redirect" in str(error):
        return "too many redirects", BAD_STATUS, True
    if _is_certificate_fault(error):
        return "the certificate cannot be verified", BAD_CERTIFICATE, True
    return f"no answer ({type(error).__name__})", NO_ANSWER, True


def _is_certificate_fault(error: BaseException) -> bool:
    """Look for a TLS failure among the reasons that Twisted gathers."""
    if isinstance(error, (TlsError, VerificationError)):
        return True
    reasons = getattr(error, "reasons", None) or getattr(error.__cause__, "reasons", None) or []
    return any(
        isinstance(getattr(reason, "value", reason), (TlsError, VerificationError))
        for reason in reasons
    )
