"""RSS and Atom feeds, whatever character set their XML declaration names.

A feed that carries whole texts is read from the feed; for one with summaries the articles' pages
are read as those of a news site. Authors in feeds are never looked at.
"""

import hashlib
import io
import re
from calendar import timegm
from datetime import UTC, datetime

import feedparser

from monitor.domain import Document, ListedItem, Page, Source, TimePrecision
from monitor.errors import LayoutChangedError, NotContentError
from spiders.charset import decode_page
from spiders.families.gates import refuse_gates
from spiders.families.news import article_key, article_text, make_article, short_key
from spiders.markup import parse_html
from spiders.reading import ListPage, list_item
from spiders.times import NO_MOMENT, Moment, parse_published_at

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_LOOKS_LIKE_FEED = re.compile(r"<(?:rss|feed|rdf:RDF|channel)[\s>]", re.IGNORECASE)
_LOOKED_AT = 4000


def read_list(page: Page, source: Source, now: datetime) -> ListPage:
    """Read the entries of a feed; entries with their whole text come with their document.

    Raises:
        NotContentError: A sign-in page, a challenge or a notice came instead of XML.
        LayoutChangedError: The feed has no entries.
    """
    text = decode_page(page, source)
    if not _LOOKS_LIKE_FEED.search(text[:_LOOKED_AT]):
        refuse_gates(page, source, text, parse_html(text))
        raise NotContentError(source.name, f"{page.url}: the answer is no feed")
    body = _DECLARATION.sub("", text).encode("utf-8", errors="replace")
    parsed = feedparser.parse(
        io.BytesIO(b'<?xml version="1.0" encoding="utf-8"?>' + body),
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    items: list[ListedItem] = []
    documents: dict[str, list[Document]] = {}
    for entry in parsed.entries:
        item = _read_entry(entry)
        if item is None:
            continue
        items.append(item)
        document = _whole_document(entry, item, page, source, now)
        if document is not None:
            documents[item.key] = [document]
    if not items and source.expect.list_min_items > 0:
        raise LayoutChangedError(source.name, f"{page.url}: the feed has no entries")
    return ListPage(items, documents=documents)


def _read_entry(entry: feedparser.FeedParserDict) -> ListedItem | None:
    url = str(entry.get("link", ""))
    title = str(entry.get("title", ""))
    if not url.startswith(("http://", "https://")):
        return None
    told = f"{title}|{_told(entry, 'updated')}|{_content_of(entry)}"
    digest = hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
    return list_item(_entry_key(entry, url), url, _plain(title), change_key=digest)


def _entry_key(entry: feedparser.FeedParserDict, url: str) -> str:
    """Return the guid, unless it is an address; an address changes with the site's settings."""
    guid = str(entry.get("id", ""))
    if guid and not guid.startswith(("http://", "https://")):
        return short_key(f"g{guid}")
    return article_key(guid or url)


def _content_of(entry: feedparser.FeedParserDict) -> str:
    contents = entry.get("content") or []
    return max((str(part.get("value", "")) for part in contents), key=len, default="")


def _whole_document(
    entry: feedparser.FeedParserDict, item: ListedItem, page: Page, source: Source, now: datetime
) -> Document | None:
    """Make the document of an entry that carries its whole text; None for a summary."""
    content = _content_of(entry)
    if not content or source.rules.get("whole_text", "yes") == "no":
        return None
    body = parse_html(f"<div id='entry'>{content}</div>").css_first("#entry")
    text = article_text(body) if body is not None else ""
    if not text:
        return None
    title = _plain(str(entry.get("title", "")))
    return make_article(
        page, source, item, title=title, text=text, published=_published(entry, now)
    )


def _published(entry: feedparser.FeedParserDict, now: datetime) -> Moment:
    moment = parse_published_at(_told(entry, "published") or _told(entry, "updated"), now)
    if moment != NO_MOMENT:
        return moment
    parsed = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    if parsed is None:
        return NO_MOMENT
    at = datetime.fromtimestamp(timegm(parsed), UTC)
    return (at, TimePrecision.SECOND) if at <= now else NO_MOMENT


def _told(entry: feedparser.FeedParserDict, name: str) -> str:
    """Return what the feed itself says; the library answers for a missing field with another."""
    return str(dict.get(entry, name, "") or "")


def _plain(title: str) -> str:
    body = parse_html(title).body
    return " ".join((body.text() if body is not None else title).split())
