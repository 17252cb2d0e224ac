"""WordPress: its REST lists (new posts and edits, with their texts), feeds and pages.

A source's address may be any of the three; what came tells which it is. REST is the best: ordered
by the time of change it shows edits, and asked with `_fields` it sends no author at all.
"""

import hashlib
import json
import re
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit

from monitor.domain import Document, ListedItem, Page, Source
from monitor.errors import LayoutChangedError, NotContentError
from spiders.charset import decode_page
from spiders.families import feed, news
from spiders.families.json_rows import Row, text_at
from spiders.families.paging import next_by_rule
from spiders.markup import parse_html
from spiders.reading import ListPage, list_item
from spiders.times import NO_MOMENT, Moment, parse_published_at

FIELDS = "id,date_gmt,modified_gmt,link,title,content"
PER_PAGE = 20
_FEED = re.compile(r"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_LOOKED_AT = 4000


def rest_address(root: str) -> str:
    """Return the list of what changed in the last thirty days, newest change first.

    Args:
        root: The site's REST root, e.g. `https://x.example/wp-json/` or `…/?rest_route=/`.
    """
    posts = f"{root.rstrip('/')}/wp/v2/posts"
    joint = "&" if "?" in posts else "?"
    return (
        f"{posts}{joint}per_page={PER_PAGE}&orderby=modified&order=desc"
        f"&modified_after={{moment-30}}&_fields={FIELDS}"
    )


def read_list(page: Page, source: Source, now: datetime) -> ListPage:
    """Read a REST list, a feed or a page of posts, whichever came.

    Raises:
        NotContentError: A sign-in page, a challenge, or a REST that is closed to guests.
        LayoutChangedError: No posts; with `list_min_items = 0` an empty REST list is none.
    """
    text = decode_page(page, source)
    start = text.lstrip()[:1]
    if start in {"[", "{"}:
        return _read_rest(text, page, source, now)
    if _FEED.search(text[:_LOOKED_AT]):
        return feed.read_list(page, source, now)
    return news.read_list(page, source)


def _read_rest(text: str, page: Page, source: Source, now: datetime) -> ListPage:
    try:
        posts = json.loads(text)
    except ValueError:
        raise LayoutChangedError(source.name, f"{page.url}: the list is no JSON") from None
    if isinstance(posts, dict):
        _refuse_answer(posts, page, source)
    posts = [post for post in posts if isinstance(post, dict)]
    if not posts and source.expect.list_min_items > 0:
        raise LayoutChangedError(source.name, f"{page.url}: an empty list of posts")
    items: list[ListedItem] = []
    documents: dict[str, list[Document]] = {}
    for post in posts:
        item = _item_of(post)
        if item is None:
            continue
        items.append(item)
        if (document := _document_of(post, item, page, source, now)) is not None:
            documents[item.key] = [document]
    more = next_by_rule(page.url, "page+1") if len(posts) >= _asked_for(page.url) else None
    return ListPage(items, more, documents)


def _asked_for(url: str) -> int:
    """Return how many posts a full page has."""
    match = re.search(r"[?&]per_page=(\d{1,3})", url)
    return int(match[1]) if match else 10


def _refuse_answer(answer: Row, page: Page, source: Source) -> None:
    """Tell a refusal from an answer of another kind; REST says `code` and `message`."""
    if str(answer.get("code", "")).startswith("rest_"):
        raise NotContentError(
            source.name, f"{page.url}: the REST list is closed ({answer['code']})"
        )
    raise LayoutChangedError(source.name, f"{page.url}: not a list of posts")


def _item_of(post: Row) -> ListedItem | None:
    number, link = post.get("id"), str(post.get("link", ""))
    content = post.get("content")
    if not isinstance(number, int) or not link.startswith(("http://", "https://")):
        return None
    if isinstance(content, dict) and content.get("protected"):
        return None
    told = f"{post.get('modified_gmt')}|{text_at(post, 'title.rendered')}"
    digest = hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
    return list_item(f"a{number}", link, _shown(text_at(post, "title.rendered")), change_key=digest)


def _document_of(
    post: Row, item: ListedItem, page: Page, source: Source, now: datetime
) -> Document | None:
    content = text_at(post, "content.rendered")
    if not content:
        return None
    body = parse_html(f"<div id='post'>{content}</div>").css_first("#post")
    words = news.article_text(body) if body is not None else ""
    if not words:
        return None
    title = _shown(text_at(post, "title.rendered"))
    return news.make_article(
        page, source, item, title=title, text=words, published=_written(post, now)
    )


def _written(post: Row, now: datetime) -> Moment:
    """Read when a post was published; `date_gmt` is UTC without saying so."""
    if told := text_at(post, "date_gmt"):
        moment = parse_published_at(f"{told}Z", now)
        if moment != NO_MOMENT:
            return moment
    return parse_published_at(text_at(post, "date"), now)


def _shown(title: str) -> str:
    body = parse_html(title).body
    return " ".join((body.text() if body is not None else title).split())


def site_of(url: str) -> str:
    """Return the address of a site's first page."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
