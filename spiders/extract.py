"""Pages → list rows and documents, by the family of the source. Pure: no network, no clock."""

from datetime import datetime
from typing import assert_never

from monitor.domain import Family, ListedItem, Page, Source
from spiders.families import discuz, feed, mailbox, news
from spiders.reading import ItemPage, ListPage


def read_list(page: Page, source: Source, now: datetime) -> ListPage:
    """Read the rows of a list page, in the page's order.

    Args:
        page: The answer as it came.
        source: The place that it came from.
        now: When it was fetched (UTC).

    Raises:
        NotContentError: A notice, a sign-in form or a challenge came instead.
        LayoutChangedError: No rows; an empty list is a failure, not "no news".
        CharsetError: The bytes cannot be read.
    """
    match source.family:
        case Family.DISCUZ:
            return discuz.read_list(page, source)
        case Family.MAILBOX:
            return mailbox.read_list(page, source)
        case Family.NEWS_LIST:
            return news.read_list(page, source)
        case Family.FEED:
            return feed.read_list(page, source, now)
        case _:
            assert_never(source.family)


def read_item(page: Page, source: Source, item: ListedItem, now: datetime) -> ItemPage:
    """Read the documents of one page of an item: masked, and without their authors.

    Raises:
        NotContentError: The item is gone (S406), or a notice, sign-in form or challenge came.
        LayoutChangedError: The page is not what the family's rules expect.
        CharsetError: The bytes cannot be read.
    """
    match source.family:
        case Family.DISCUZ:
            return discuz.read_item(page, source, item)
        case Family.MAILBOX:
            return mailbox.read_item(page, source, item, now)
        case Family.NEWS_LIST | Family.FEED:
            return news.read_item(page, source, item, now)
        case _:
            assert_never(source.family)
