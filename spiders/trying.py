"""Look at a source now: one list page and its items, read as `collect` would; nothing is stored."""

from collections.abc import Callable
from datetime import datetime

from scrapy.crawler import Crawler

from monitor.domain import Document, Problem, Source
from monitor.errors import SourceError
from spiders.crawl import run_spider
from spiders.fetch import Fetcher
from spiders.visits import read_documents, read_list
from spiders.watched import Watched

_CURES = {
    "S401": "看看这个地址在浏览器里能不能打开",
    "S402": "只读公网地址；本机的样例要写 local = true",
    "S403": "把这个页面存到 tests/pages/ 下，再改规则；确认 family 写对了",
    "S404": "这个页面要登录才能看，不能作为来源",
    "S405": "网站出了验证页；不绕过，放慢 poll_every 或与网站联系",
    "S406": "这一条已经删除",
    "S407": "在文件里写明 charset",
    "S409": "robots.txt 不许读，换一个来源，或请网站允许",
    "S411": "核对地址；确有必要时调大 max_bytes",
    "S413": "请网站更新证书；确认无误后才写 verify_tls = false",
    "S415": "把 url 改成新的地址",
}


def try_source(
    source: Source, *, clock: Callable[[], datetime], user_agent: str, most_items: int = 20
) -> tuple[list[Document], list[Problem]]:
    """Read the first list page and its first items, and say what would be stored.

    May be called once in a process, because the reactor starts only once.

    Returns:
        The documents, and what went wrong; a list that cannot be read leaves no documents.
    """
    watched = Watched()
    watched.replace([source])
    documents: list[Document] = []
    problems: list[Problem] = []

    async def read(crawler: Crawler) -> None:
        fetcher = Fetcher(crawler, clock)
        try:
            listed = await read_list(fetcher, source, source.url)
        except SourceError as error:
            problems.append(_problem(source, error))
            return
        for item in listed.items[:most_items]:
            try:
                at_hand = listed.documents.get(item.key)
                documents.extend(at_hand or await read_documents(fetcher, source, item))
            except SourceError as error:
                problems.append(_problem(source, error))

    run_spider(watched, read, user_agent)
    return documents, problems


def _problem(source: Source, error: SourceError) -> Problem:
    cure = _CURES.get(error.code, "稍后再试；一直如此时见 docs/sources.md")
    return Problem(error.code, source.name, str(error), cure)
