"""Fetch and read: a list page, or all pages of an item. Nothing is stored here."""

import asyncio
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from monitor.domain import Document, ListedItem, Page, Source
from monitor.errors import LayoutChangedError, SourceError
from spiders import extract
from spiders.reading import ItemPage, ListPage

T = TypeVar("T")

_INLINE_BYTES = 256 * 1024


class PageFetcher(Protocol):
    """How a poll gets pages."""

    async def fetch_page(self, url: str, source: Source, *, is_list: bool) -> Page:
        """Fetch one page or raise a `SourceError`."""
        ...


async def read_list(fetcher: PageFetcher, source: Source, url: str) -> ListPage:
    """Fetch and read a list page.

    Raises:
        SourceError: It did not come, or is no list; an empty list is a failure.
    """
    page = await fetcher.fetch_page(url, source, is_list=True)
    return await _guarded(source, page, lambda: extract.read_list(page, source, page.fetched_at))


async def read_documents(fetcher: PageFetcher, source: Source, item: ListedItem) -> list[Document]:
    """Fetch and read an item: its pages in order, and the last when there are too many.

    Raises:
        SourceError: A page did not come or cannot be read; nothing of the item is returned then.
    """
    documents: dict[str, Document] = {}
    url: str | None = item.url
    asked: set[str] = set()
    while url is not None and url not in asked:
        asked.add(url)
        read = await _read_page(fetcher, source, item, url)
        documents |= {document.key: document for document in read.documents}
        url = read.next_url
        if len(asked) == source.max_pages and read.last_url is not None:
            url = read.last_url
        elif len(asked) > source.max_pages:
            break
    return list(documents.values())


async def _read_page(fetcher: PageFetcher, source: Source, item: ListedItem, url: str) -> ItemPage:
    page = await fetcher.fetch_page(url, source, is_list=False)
    return await _guarded(
        source, page, lambda: extract.read_item(page, source, item, page.fetched_at)
    )


async def _guarded(source: Source, page: Page, read: Callable[[], T]) -> T:
    """Run an adapter so that a fault in it is a fault of this page only.

    Large pages are read in a thread, so that they do not hold the others up.
    """

    async def run() -> T:
        return read()

    work = asyncio.to_thread(read) if len(page.body) > _INLINE_BYTES else run()
    task = asyncio.ensure_future(work)
    await asyncio.wait({task})
    error = task.exception()
    if error is None:
        return task.result()
    if isinstance(error, SourceError):
        raise error
    message = f"{page.url}: the reader failed ({where_it_failed(error)})"
    raise LayoutChangedError(source.name, message) from error


def where_it_failed(error: BaseException) -> str:
    """Return type, file and line of an unexpected error; its message may hold a page's words."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    place = f" at {Path(last.filename).name}:{last.lineno}" if last else ""
    return f"{type(error).__name__}{place}"
