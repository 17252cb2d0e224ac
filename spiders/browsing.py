"""Pages that only a script fills, read with a browser that reaches nothing by itself.

The optional extra `browser` (scrapy-playwright) runs in a process of its own. The page comes
through the ordinary fetcher first, with all of its guards. Then the browser is given it, and each
thing that its scripts ask for is asked by us through the same downloader: private addresses refused
on every hop, robots.txt, size, time, one thing at a time, the same name. The browser's own way out
is shut (a proxy that nobody serves, names that do not resolve), so that what we do not hand it, it
does not have. Which of its wishes are granted: `spiders.browser_wishes`.
"""

import asyncio
import json
import os
import shutil
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.util import find_spec
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.http import Response

from monitor.domain import Page, Source
from monitor.errors import FetchError, SourceError
from spiders.asking import Ask
from spiders.browser_wishes import Wishes, why_refused
from spiders.charset import decode_page
from spiders.fetch import TOO_LARGE, Fetcher

NO_BROWSER, NOT_SHOWN = "S434", "S419"

_MOST_WISHES = 80
_LONGEST_LOADS = 3
_QUIET_SECONDS = 0.5
_CLOSING_SECONDS = 10.0
_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_SHUT = "http://127.0.0.1:9"
"""The discard port: nothing serves it, so the browser's own requests go nowhere."""

_ARGUMENTS = (
    f"--proxy-server={_SHUT}",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--renderer-process-limit=2",
    "--js-flags=--max-old-space-size=256",
)
_KEPT_HEADERS = ("content-type", "x-requested-with", "accept")
_NOT_PASSED_ON = frozenset(
    {"content-encoding", "content-length", "transfer-encoding", "set-cookie"}
)


def missing_browser() -> str:
    """Say what is missing to read such pages, in words for an administrator; empty if nothing."""
    if find_spec("scrapy_playwright") is None:
        return "没有安装浏览器部分：pip install 'qingxin[browser]'"
    if find_browser() is None:
        return "这台机器上没有 chromium：apt-get install chromium"
    return ""


def find_browser() -> str | None:
    """The path of a Chromium that the system has; None where there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def browser_settings() -> dict[str, Any]:
    """Scrapy's settings beside the usual ones (`spiders.manners`), for the browser's process."""
    return {
        "DOWNLOAD_HANDLERS": {
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
            "http": "spiders.browser_handler.BrowserHandler",
            "https": "spiders.browser_handler.BrowserHandler",
        },
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": find_browser(),
            "args": [*_ARGUMENTS],
            "headless": True,
            # The sandbox needs an ordinary user, which every installed service is.
            "chromium_sandbox": os.geteuid() != 0,
        },
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": 1,
        "PLAYWRIGHT_MAX_CONTEXTS": 1,
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,
    }


class BrowserFetcher:
    """Fetches pages as `Fetcher` does, and lets their scripts run."""

    def __init__(self, crawler: Crawler, clock: Callable[[], datetime]) -> None:
        """Use this crawler, which must run with `browser_settings`."""
        self._plain = Fetcher(crawler, clock)
        self._numbers = count(1)

    async def fetch_page(self, url: str, source: Source, *, is_list: bool) -> Page:
        """Fetch one page, and return it as it looks once its scripts have run.

        What is no HTML, and a notice that something is gone, comes back as it came.

        Raises:
            RefusedAddressError: A hop led to a private address, or not to http(s).
            FetchError: Nothing usable came; S419 if the browser could not show it.
        """
        page = await self._plain.fetch_page(url, source, is_list=is_list)
        if not _is_html(page) or page.status >= 300:  # noqa: PLR2004 - HTTP's own
            return page
        wishes = Wishes()
        response = await self._show(page, source, wishes)
        self._plain.refuse_answer(response, source, is_list=is_list)
        if len(response.body) > source.max_bytes or wishes.too_large:
            message = f"{page.url}: the page is larger than allowed once its scripts have run"
            raise FetchError(source.name, message, temporary=False, code=TOO_LARGE)
        return replace(
            page,
            url=response.url if "#" not in url else page.url,
            headers={"Content-Type": "text/html; charset=utf-8"},
            body=response.body.decode(response.encoding, "replace").encode(),  # type: ignore[attr-defined]
        )

    async def _show(self, page: Page, source: Source, wishes: Wishes) -> Response:
        """Load a page that came already, for no longer than three answers may take."""
        whole = _LONGEST_LOADS * source.timeout
        shown: dict[str, Any] = {}

        async def take_over(browser_page: Any, _request: Any) -> None:
            shown["page"] = browser_page
            await _shut_the_rest(browser_page)
            await browser_page.route("**", self._answering(page, source, wishes))

        load = asyncio.ensure_future(
            self._plain.ask(
                Ask(page.url.partition("#")[0]),
                source,
                playwright=True,
                playwright_include_page=True,
                playwright_context=f"{source.name} {next(self._numbers)}",
                playwright_context_kwargs={
                    "service_workers": "block",
                    "accept_downloads": False,
                    "locale": "zh-CN",
                    "timezone_id": "Asia/Shanghai",
                },
                playwright_page_init_callback=take_over,
                playwright_page_goto_kwargs={
                    "wait_until": "domcontentloaded",
                    "timeout": whole / timedelta(milliseconds=1),
                },
                playwright_page_methods=[_settling(source.timeout)],
                dont_redirect=True,
                handle_httpstatus_all=True,
            )
        )
        try:
            done, _ = await asyncio.wait({load}, timeout=(whole + source.timeout).total_seconds())
        finally:
            load.cancel()
            if (browser_page := shown.get("page")) is not None:
                with suppress(Exception):
                    await asyncio.wait_for(browser_page.context.close(), _CLOSING_SECONDS)
        if not done or load.exception() is not None:
            why = _words(load.exception()) if done else "its scripts do not come to an end"
            message = f"{page.url}: the browser could not show it ({why})"
            raise FetchError(source.name, message, temporary=True, code=NOT_SHOWN)
        return load.result()

    def _answering(
        self, page: Page, source: Source, wishes: Wishes
    ) -> Callable[[Any, Any], Awaitable[None]]:
        """Return what answers everything that the browser asks for."""
        is_first = True

        async def answer(route: Any, request: Any) -> None:
            nonlocal is_first
            if is_first and request.is_navigation_request():
                is_first = False
                await route.fulfill(
                    status=page.status,
                    headers={"content-type": "text/html; charset=utf-8"},
                    body=decode_page(page, source),
                )
                return
            wishes.count += 1
            body = request.post_data or ""
            refused = why_refused(source, request.resource_type, request.method, request.url, body)
            if refused or wishes.count > _MOST_WISHES or wishes.too_large:
                wishes.refused.append(f"{urlsplit(request.url).path}: {refused}")
                await route.abort("blockedbyclient")
                return
            try:
                given = await self._plain.ask(_ask(request, body), source)
            except SourceError as error:
                wishes.last_error = error
                await route.abort("failed")
                return
            wishes.bytes += len(given.body)
            wishes.too_large = wishes.bytes > _LONGEST_LOADS * source.max_bytes
            await route.fulfill(
                status=given.status, headers=_passed_on(given), body=bytes(given.body)
            )

        async def answer_if_open(route: Any, request: Any) -> None:
            try:
                await answer(route, request)
            except SourceError as error:  # its characters cannot be read
                wishes.last_error = error
                await route.abort("failed")
            except Exception as error:  # playwright's, of a page that was closed
                if "closed" not in str(error).lower():
                    raise

        return answer_if_open


def _ask(request: Any, body: str) -> Ask:
    headers = {
        name: value for name, value in request.headers.items() if name.lower() in _KEPT_HEADERS
    }
    return Ask(request.url.partition("#")[0], request.method, body.encode(), headers)


def _passed_on(response: Response) -> Mapping[str, str]:
    return {
        name.decode("latin-1"): values[-1].decode("latin-1")
        for name, values in response.headers.items()
        if values and name.decode("latin-1").lower() not in _NOT_PASSED_ON
    }


def _is_html(page: Page) -> bool:
    kind = page.headers.get("Content-Type", "").lower()
    return "html" in kind or (not kind and b"<" in page.body[:200])


async def _shut_the_rest(browser_page: Any) -> None:
    """Close what a page could open beside its requests: sockets to anywhere, and other windows."""
    await browser_page.route_web_socket("**", lambda socket: socket.close())

    async def close(popup: Any) -> None:
        with suppress(Exception):
            await popup.close()

    browser_page.on("popup", close)


def _settling(most: timedelta) -> Any:
    """Wait until a page asks for nothing more, or for as long as one answer may take."""
    from playwright.async_api import TimeoutError as TooLong  # noqa: PLC0415 - the extra's
    from scrapy_playwright.page import PageMethod  # noqa: PLC0415

    async def settle(browser_page: Any) -> None:
        with suppress(TooLong):
            await browser_page.wait_for_load_state(
                "networkidle", timeout=most / timedelta(milliseconds=1)
            )

    return PageMethod(settle)


def _words(error: BaseException | None) -> str:
    """The kind of an error and its first line: a browser's further lines quote the page."""
    first = str(error).splitlines()[0][:200] if str(error) else ""
    return json.dumps(f"{type(error).__name__}: {first}", ensure_ascii=False).strip('"')
