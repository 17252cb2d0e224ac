"""*generic*: a site of no known family, read by a few CSS rules in its source's file.

Needed are `row` (a row of the list) and `body` (the text on an item's page). With `post` an item's
page holds several messages (a forum's thread): `body`, `time` and `remove` then count inside each.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import Document, DocumentRole, ListedItem, Page, Source
from monitor.errors import LayoutChangedError, NotContentError
from spiders.charset import decode_page
from spiders.families.gates import refuse_gates
from spiders.families.news import article_key, short_key
from spiders.families.paging import next_by_link, next_by_rule
from spiders.markup import (
    all_of,
    attribute,
    first_of,
    link_of,
    one_line,
    parse_html,
    places_of,
    readable_text,
)
from spiders.reading import ItemPage, ListPage, list_item, make_document
from spiders.times import NO_MOMENT, Moment, parse_published_at

NEEDED = ("row", "body")

_MISSING = "S406"
_NEVER_TEXT = "script, style, nav, form"
_NUMBER = re.compile(r"\d+")


def read_list(page: Page, source: Source) -> ListPage:
    """Read the rows that the rules name; `changed` names what tells that a row changed.

    Raises:
        NotContentError: A sign-in page or a challenge came instead.
        LayoutChangedError: No row has a link.
    """
    text = decode_page(page, source)
    tree = parse_html(text)
    refuse_gates(page, source, text, tree)
    rows = all_of(tree, source.rules["row"])
    found = [_read_row(row, page, source) for row in rows]
    items = {item.key: item for item in found if item is not None}
    if not items and source.expect.list_min_items > 0:
        raise LayoutChangedError(source.name, f"{page.url}: no row with a link (rules.row)")
    if not items:
        return ListPage([])
    if "paging" in source.rules:
        return ListPage(list(items.values()), next_by_rule(page.url, source.rules["paging"]))
    next_url = next_by_link(tree, text, page.url, source.rules.get("next"))
    return ListPage(list(items.values()), next_url)


def read_item(page: Page, source: Source, item: ListedItem, now: datetime) -> ItemPage:
    """Read the messages of a page by the rules; where none is found, nothing is guessed.

    Raises:
        NotContentError: The item is gone (S406), or a sign-in page or a challenge came.
        LayoutChangedError: The rules find no text.
    """
    text = decode_page(page, source)
    tree = parse_html(text)
    if page.status in {404, 410}:
        raise NotContentError(source.name, f"{page.url}: the item is gone", code=_MISSING)
    refuse_gates(page, source, text, tree)
    named = source.rules.get("title")
    title = (one_line(first_of(tree, named)) if named else "") or item.title
    documents = _Reading(page, source, item, title, now).documents(tree)
    if not documents:
        raise LayoutChangedError(source.name, f"{page.url}: no text at rules.body")
    return ItemPage(documents, next_by_link(tree, "", page.url, source.rules.get("item_next", "")))


@dataclass(slots=True)
class _Reading:
    """What the messages of one page have in common."""

    page: Page
    source: Source
    item: ListedItem
    title: str
    now: datetime

    def documents(self, tree: LexborHTMLParser) -> list[Document]:
        """Make the documents of a page, in its order."""
        removed = places_of(tree, f"{_NEVER_TEXT}, {self.source.rules.get('remove', 'script')}")
        if "post" not in self.source.rules:
            role = DocumentRole(self.source.rules.get("role", DocumentRole.ARTICLE))
            found = self._document(tree, removed, "text", role)
            return [found] if found is not None else []
        posts = all_of(tree, self.source.rules["post"])
        is_first_page = self.page.url == self.item.url
        made = []
        for place, post in enumerate(posts):
            opening = place == 0 and is_first_page
            role = DocumentRole.POST if opening else DocumentRole.REPLY
            if opening or self.source.read_replies:
                made.append(self._document(post, removed, self._name_of(post, place), role))
        return [each for each in made if each is not None]

    def _document(
        self,
        box: LexborHTMLParser | LexborNode,
        removed: frozenset[int],
        name: str,
        role: DocumentRole,
    ) -> Document | None:
        words = readable_text(first_of(box, self.source.rules["body"]), removed)
        if not words:
            return None
        return make_document(
            self.source,
            self.item,
            key=f"{self.item.key}/{name}",
            address=self.page.url,
            role=role,
            title=self.title,
            text=words,
            published=self._time_in(box),
            fetched_at=self.page.fetched_at,
        )

    def _time_in(self, box: LexborHTMLParser | LexborNode) -> Moment:
        for selector in self.source.rules.get("time", "time[datetime]").split(";;"):
            for node in box.css(selector.strip())[:3]:
                for shown in (
                    attribute(node, "datetime"),
                    attribute(node, "title"),
                    one_line(node),
                ):
                    moment = parse_published_at(shown, self.now)
                    if moment != NO_MOMENT:
                        return moment
        return NO_MOMENT

    def _name_of(self, post: LexborNode, place: int) -> str:
        """Return the number in a message's id, else its place with the number of the page."""
        number = _NUMBER.search(post.id or attribute(post, "data-id"))
        if number is not None:
            return f"p{number[0]}"
        told = hashlib.blake2b(self.page.url.encode(), digest_size=4).hexdigest()
        return f"n{place}" if self.page.url == self.item.url else f"n{told}-{place}"


def _read_row(row: LexborNode, page: Page, source: Source) -> ListedItem | None:
    links = [row] if row.tag == "a" else all_of(row, source.rules.get("link", "a[href]"))
    for link in links:
        url = link_of(link, page.url)
        if (
            url is None
            or url == page.url
            or not (title := one_line(link) or attribute(link, "title"))
        ):
            continue
        told = "|".join(one_line(each) for each in row.css(source.rules.get("changed", "time")))
        digest = hashlib.blake2b(f"{title}|{told}".encode(), digest_size=8).hexdigest()
        return list_item(_key_of(url, source), url, title, change_key=digest)
    return None


def _key_of(url: str, source: Source) -> str:
    """Return the item's id: what the rule `key` (a pattern with one group) finds in its address."""
    pattern = source.rules.get("key")
    match = re.search(pattern, url) if pattern else None
    if match is None:
        return article_key(url)
    return short_key(f"a{match[1] if match.re.groups else match[0]}")
