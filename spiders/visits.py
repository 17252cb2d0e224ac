"""Fetch and read: a list page, or all pages of an item. Nothing is stored here."""

import asyncio
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from monitor.domain import Document, ListedItem, Page, Source
from monitor.errors import LayoutChangedError, SourceError
from spiders import extract
from spiders.reading import ItemPage, ListPage

T = TypeVar("T")

_INLINE_BYTES = 256 * 1024
_NUMBERS = re.compile(r"(\d{1,9})")


class PageFetcher(Protocol):
    """How a poll gets pages."""

    async def fetch_page(self, url: str, source: Source, *, is_list: bool) -> Page:
        """Fetch one page or raise a `SourceError`."""
        ...


class LastPage:
    """Fetches through another fetcher, and remembers the newest page for whoever asks what came."""

    def __init__(self, fetcher: PageFetcher) -> None:
        """Fetch through this one."""
        self._fetcher = fetcher
        self.page: Page | None = None

    async def fetch_page(self, url: str, source: Source, *, is_list: bool) -> Page:
        """Fetch one page or raise a `SourceError`; an older page is forgotten either way."""
        self.page = None
        self.page = await self._fetcher.fetch_page(url, source, is_list=is_list)
        return self.page


async def read_list(fetcher: PageFetcher, source: Source, url: str) -> ListPage:
    """Fetch and read a list page.

    Raises:
        SourceError: It did not come, or is no list; an empty list is a failure.
    """
    page = await fetcher.fetch_page(url, source, is_list=True)
    return await _guarded(source, page, lambda: extract.read_list(page, source, page.fetched_at))


@dataclass(slots=True)
class ItemParts:
    """What could be read of an item, and what could not: the first error of one of its pages."""

    documents: list[Document]
    error: SourceError | None = None
    pages: int = 0


async def read_documents(fetcher: PageFetcher, source: Source, item: ListedItem) -> list[Document]:
    """Fetch and read an item: its pages in order, and the last when there are too many.

    Raises:
        SourceError: A page did not come or cannot be read; nothing of the item is returned then.
    """
    parts = await read_parts(fetcher, source, item)
    if parts.error is not None:
        raise parts.error
    return parts.documents


async def read_parts(fetcher: PageFetcher, source: Source, item: ListedItem) -> ItemParts:
    """Fetch and read what can be read of an item; one bad page does not hide the others.

    The address of the page after a bad one is guessed from the bad one's own, as long as the last
    page is known.

    Raises:
        SourceError: The first page did not come or cannot be read.
    """
    documents: dict[str, Document] = {}
    parts = ItemParts([])
    url: str | None = item.url
    last_url: str | None = None
    asked: set[str] = set()
    while url is not None and url not in asked:
        asked.add(url)
        try:
            read = await _read_page(fetcher, source, item, url)
        except SourceError as error:
            if len(asked) == 1:
                raise
            parts.error = parts.error or error
            url = next_address(url, last_url)
        else:
            documents |= {document.key: document for document in read.documents}
            url, last_url = read.next_url, read.last_url or last_url
        if len(asked) == source.max_pages and last_url is not None:
            url = last_url
        elif len(asked) > source.max_pages:
            break
    parts.documents, parts.pages = list(documents.values()), len(asked)
    return parts


def next_address(url: str, last_url: str | None) -> str | None:
    """Guess the address of the page after this one, from the one number in which the last differs.

    None when there is no such number, or this is the last page.
    """
    if last_url is None:
        return None
    here, last = _NUMBERS.split(url), _NUMBERS.split(last_url)
    if len(here) != len(last):
        return None
    places = [n for n, (one, other) in enumerate(zip(here, last, strict=True)) if one != other]
    if len(places) != 1 or not here[places[0]].isdigit() or not last[places[0]].isdigit():
        return None
    number = int(here[places[0]]) + 1
    if number > int(last[places[0]]):
        return None
    here[places[0]] = str(number)
    return "".join(here)


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
