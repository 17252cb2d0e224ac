"""Pages → list rows and documents, by the family of the source. Pure: no network, no clock."""

from collections.abc import Callable, Mapping
from datetime import datetime

from monitor.domain import Family, ListedItem, Page, Source
from spiders.families import discuz, feed, hanweb, mailbox, news, ruled, wordpress
from spiders.reading import ItemPage, ListPage

_NEWS = (
    Family.NEWS_LIST,
    Family.TRS,
    Family.DEDECMS,
    Family.PHPCMS,
    Family.EMPIRECMS,
)
_LISTS: Mapping[Family, Callable[[Page, Source], ListPage]] = {
    Family.DISCUZ: discuz.read_list,
    Family.HANWEB: hanweb.read_list,
    Family.GENERIC: ruled.read_list,
} | dict.fromkeys(_NEWS, news.read_list)
# Lists that hold whole documents, whose times may be relative to the moment of fetching.
_LISTS_WITH_DOCUMENTS: Mapping[Family, Callable[[Page, Source, datetime], ListPage]] = {
    Family.MAILBOX: mailbox.read_list,
    Family.PEOPLE_BOARD: mailbox.read_list,
    Family.WORDPRESS: wordpress.read_list,
    Family.FEED: feed.read_list,
}
_ITEMS: Mapping[Family, Callable[[Page, Source, ListedItem, datetime], ItemPage]] = {
    Family.MAILBOX: mailbox.read_item,
    Family.PEOPLE_BOARD: mailbox.read_item,
    Family.GENERIC: ruled.read_item,
} | dict.fromkeys((*_NEWS, Family.HANWEB, Family.WORDPRESS, Family.FEED), news.read_item)


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
    if (read := _LISTS.get(source.family)) is not None:
        return read(page, source)
    return _LISTS_WITH_DOCUMENTS[source.family](page, source, now)


def read_item(page: Page, source: Source, item: ListedItem, now: datetime) -> ItemPage:
    """Read the documents of one page of an item: masked, and without their authors.

    Raises:
        NotContentError: The item is gone (S406), or a notice, sign-in form or challenge came.
        LayoutChangedError: The page is not what the family's rules expect.
        CharsetError: The bytes cannot be read.
    """
    if source.family is Family.DISCUZ:
        return discuz.read_item(page, source, item)
    return _ITEMS[source.family](page, source, item, now)
