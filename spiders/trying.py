"""Look at a place now, as `collect` would read it; nothing is stored.

`try_source` reads a source that has a file. `examine` looks at an address that has none: which
software it is and why, and what reading it gives.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit

from scrapy.crawler import Crawler

from monitor.domain import Basis, Document, Expectations, Family, ListedItem, Page, Problem, Source
from monitor.errors import SourceError
from spiders.asking import with_form
from spiders.browsing import BrowserFetcher
from spiders.crawl import run_spider
from spiders.fetch import Fetcher
from spiders.reading import ListPage
from spiders.recognise import Guess, needs_a_script, recognise, title_of
from spiders.visits import PageFetcher, read_documents, read_list
from spiders.watched import Watched

UNKNOWN, NEEDS_SCRIPT = "S430", "S431"
ROBOTS, SIGN_IN = "S409", "S404"

_CURES = {
    "S401": "看看这个地址在浏览器里能不能打开",
    "S402": "只读公网地址；本机或内网的要写明 local = true（命令行加 --local）",
    "S403": "把这个页面存到 tests/pages/ 下，再改规则；确认 family 写对了",
    "S404": "这个页面要登录才能看，不能作为来源",
    "S405": "网站出了验证页；不绕过，放慢 poll_every 或与网站联系",
    "S406": "这一条已经删除",
    "S407": "在文件里写明 charset",
    "S409": "robots.txt 不许读，换一个来源，或请网站允许",
    "S411": "核对地址；确有必要时调大 max_bytes",
    "S412": "看看网址写对了没有（404 是没有这一页）；网站自己出错时稍后再试",
    "S413": "请网站更新证书；确认无误后才写 verify_tls = false",
    "S415": "把 url 改成新的地址",
    "S419": "网页里的脚本停不下来或出错；看看它有没有 RSS 或 JSON",
}
_GUESSES_TRIED = 4
_NO_PAGES = (
    *("application/pdf", "application/zip", "application/octet-stream", "application/msword"),
    *("application/vnd.", "image/", "video/", "audio/"),
)
_PASSWORD = re.compile(rb"<input[^>]+type=[\"']?password", re.IGNORECASE)
_FIRST_NAME = "try"
_LOOKED_WITH = Family.GENERIC


class Keeping:
    """A fetcher that asks for nothing twice and keeps what came."""

    def __init__(self, fetcher: PageFetcher) -> None:
        """Wrap the fetcher that asks."""
        self._fetcher = fetcher
        self.pages: dict[str, Page] = {}

    async def fetch_page(self, url: str, source: Source, *, is_list: bool) -> Page:
        """Fetch one page, or return it as it came the first time."""
        known = self.pages.get(url)
        if known is None:
            known = self.pages[url] = await self._fetcher.fetch_page(url, source, is_list=is_list)
        return replace(known, source=source.name)


@dataclass(slots=True)
class Tried:
    """What reading a place once gave; `pages` are the answers by the address that was asked."""

    source: Source
    why: tuple[str, ...] = ()
    listed: ListPage | None = None
    documents: list[Document] = field(default_factory=list)
    by_item: dict[str, list[Document]] = field(default_factory=dict)
    items: list[ListedItem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    pages: Mapping[str, Page] = field(default_factory=dict)

    @property
    def is_readable(self) -> bool:
        """True when the list was read and gave at least one document."""
        return self.listed is not None and bool(self.documents)


def try_source(
    source: Source, *, clock: Callable[[], datetime], user_agent: str, most_items: int = 20
) -> Tried:
    """Read the first list page and its first items, and say what would be stored.

    May be called once in a process, because the reactor starts only once.
    """
    watched = Watched()
    watched.replace([replace(source, enabled=True)])
    tried = Tried(source)

    async def read(crawler: Crawler) -> None:
        fetcher = BrowserFetcher if source.browser else Fetcher
        await _read_into(tried, Keeping(fetcher(crawler, clock)), most_items)

    run_spider(watched, read, user_agent, browser=source.browser)
    return tried


def examine(
    url: str,
    *,
    local: bool,
    clock: Callable[[], datetime],
    user_agent: str,
    most_items: int = 10,
    browser: bool = False,
) -> Tried:
    """Look at an address: which family it is, why, and what the likeliest that works gives.

    May be called once in a process. `local` allows this address's own private host and port;
    `browser` lets scripts run.
    """
    watched = Watched()
    first = Source(
        _FIRST_NAME,
        _FIRST_NAME,
        _LOOKED_WITH,
        Basis.NEWS,
        url,
        local=local,
        rules={"row": "a"},
        browser=browser,
    )
    watched.replace([first])
    results: list[Tried] = []

    async def look(crawler: Crawler) -> None:
        fetcher = BrowserFetcher if browser else Fetcher
        keeping = Keeping(fetcher(crawler, clock))
        results.append(await _examine(first, watched, keeping, most_items))

    run_spider(watched, look, user_agent, browser=browser)
    return results[0] if results else Tried(first, problems=[_interrupted(url)])


async def _examine(first: Source, watched: Watched, keeping: Keeping, most_items: int) -> Tried:
    page: Page | None = None
    try:
        page = await keeping.fetch_page(first.url, first, is_list=True)
        guesses = recognise(page)
    except SourceError as error:
        is_no_page = page is not None and _is_file(page)
        told = _unknown(page) if page is not None and is_no_page else _problem(first, error)
        return Tried(first, problems=[told])
    first_named = replace(first, title=title_of(page))
    best = Tried(first_named, problems=[_unknown(page)])
    for guess in guesses[:_GUESSES_TRIED]:
        tried = Tried(_source_of(guess, first_named), why=guess.why)
        watched.replace([tried.source])
        await _read_into(tried, keeping, most_items)
        tried.source = _named_after_its_list(tried.source, keeping)
        if tried.is_readable:
            return tried
        if _is_better(tried, best):
            best = tried
    if best.why and best.listed is None and needs_a_script(page) and not first.browser:
        best.problems.append(_unknown(page))
    return best


def _is_better(tried: Tried, best: Tried) -> bool:
    """Prefer what came nearest to being read, and among equals the likelier, which came first."""
    return not best.why or (tried.listed is not None and best.listed is None)


def _source_of(guess: Guess, first: Source) -> Source:
    url = with_form(guess.address, guess.form)
    expect = first.expect
    if guess.family is Family.WORDPRESS and "modified_after" in url:
        expect = Expectations(list_min_items=0)
    return replace(first, family=guess.family, url=url, rules=guess.rules, expect=expect)


def _named_after_its_list(source: Source, keeping: Keeping) -> Source:
    """Take the list's own title, where it has one; JSON has none."""
    page = keeping.pages.get(source.url)
    if page is None or (title := title_of(page)) == urlsplit(page.url).hostname:
        return source
    return replace(source, title=title)


async def _read_into(tried: Tried, keeping: Keeping, most_items: int) -> None:
    """Read a list and its first items into `tried`; what goes wrong becomes its problems."""
    source = tried.source
    tried.pages = keeping.pages
    try:
        tried.listed = await read_list(keeping, source, source.url)
    except SourceError as error:
        tried.problems.append(_problem(source, error))
        return
    tried.items = list(tried.listed.items[:most_items])
    for item in tried.items:
        try:
            at_hand = tried.listed.documents.get(item.key)
            found = list(at_hand or await read_documents(keeping, source, item))
        except SourceError as error:
            tried.problems.append(_problem(source, error))
            if error.code == ROBOTS:
                return
            continue
        tried.by_item[item.key] = found
        tried.documents += found


def _kind_of(page: Page) -> str:
    return page.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _is_file(page: Page) -> bool:
    """Tell whether what came is a document or a picture instead of a page."""
    return _kind_of(page).startswith(_NO_PAGES) or page.body[:5] == b"%PDF-"


def _unknown(page: Page) -> Problem:
    if _is_file(page):
        kind = _kind_of(page)
        cure = "给出列出它的那个网页的地址；附件里的内容不读"
        return Problem(UNKNOWN, page.url, f"这是一个文件（{kind or 'PDF'}），不是网页", cure)
    if _PASSWORD.search(page.body) and not needs_a_script(page):
        return Problem(SIGN_IN, page.url, "这个页面要求登录", _CURES[SIGN_IN])
    if needs_a_script(page):
        return Problem(
            NEEDS_SCRIPT,
            page.url,
            "这个页面要靠脚本才显示内容，本软件不运行网页里的脚本",
            "找它的 RSS、JSON 接口或手机版；都没有时加 --browser，见 docs/sources.md",
        )
    cure = "给出列表页的地址；不是已知的软件时用 family = generic 写几条规则，见 docs/sources.md"
    return Problem(UNKNOWN, page.url, "认不出是哪一类网站", cure)


def _interrupted(url: str) -> Problem:
    return Problem("S401", url, "没有读完就停下了", "再试一次")


def _problem(source: Source, error: SourceError) -> Problem:
    cure = _CURES.get(error.code, "稍后再试；一直如此时见 docs/sources.md")
    return Problem(error.code, source.name, str(error), cure)


def refusals(tried: Tried) -> Sequence[Problem]:
    """Return what forbids watching a place: robots.txt, a sign-in, or that nothing can be read."""
    forbidden = [each for each in tried.problems if each.code == ROBOTS]
    if forbidden or tried.listed is None:
        return forbidden or tried.problems
    return [] if tried.documents or not tried.items else tried.problems
