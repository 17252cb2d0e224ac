"""News sites and government columns: a list of links with dates, and articles.

Source:
    The national meta standard of government pages (ArticleTitle, PubDate), and the containers that
    the usual content systems use (`docs/sources.md`).
"""

import hashlib
import re
from datetime import datetime
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import Document, DocumentRole, ListedItem, Page, Source
from monitor.errors import LayoutChangedError, NotContentError
from spiders.charset import decode_page
from spiders.families.gates import refuse_gates
from spiders.families.generic import guess_article
from spiders.families.news_rules import NOT_THE_TEXT, rule_of
from spiders.families.paging import next_by_link, next_by_rule
from spiders.markup import (
    all_of,
    attribute,
    first_of,
    link_of,
    meta_of,
    one_line,
    parse_html,
    places_of,
    readable_text,
    tidy_lines,
)
from spiders.reading import ItemPage, ListPage, list_item, make_document
from spiders.times import NO_MOMENT, Moment, parse_published_at

_MISSING = "S406"

_SIGNATURE = re.compile(
    r"^[\[（(【]?[\x20\t\u3000]{0,20}(?:责任编辑|编\s?辑|责\s?编|作\s?者|记\s?者|通讯员|摄影|图/文|文/图|文字|校对|审核|初审|复审|终审|来\s?源|供稿|撰稿|监制|值班编委)"
    r"[\x20\t\u3000]{0,20}[:：/／].{0,60}$",
    re.MULTILINE,
)
_REPORTER = re.compile(
    r"[（(](?:[\u4e00-\u9fa5]{0,8})(?:记者|通讯员|见习记者|实习生|作者)[^（）()\n]{1,40}[)）]"
    r"|(?:本报|本网|本台|本刊)?(?:首席|见习|实习)?记者[ :：]?"
    r"[\u4e00-\u9fa5]{2,3}(?:[ 、][\u4e00-\u9fa5]{2,3}){0,4}(?=报道|[ ]|$)",
    re.MULTILINE,
)
_KEY_IN_NAME = re.compile(r"(t\d{8}_\d+|art_\d+_\d+(?:_\d+)?|^\d{3,12})(?=\.|$)")
_LONGEST_KEY = 120
_TIMES_LOOKED_AT = 3
_KEY_IN_QUERY = re.compile(r"[?&](?:id|aid|p|newsid|articleid|contentid)=(\d{1,12})", re.IGNORECASE)
_DAY = re.compile(r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2})|(?<!\d)\d{2}-\d{2}(?!\d)")

_LINES_BELOW_TITLE, _SHORT_LINE = 3, 80
_WHOLE_DATE = re.compile(r"20\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")


def read_list(page: Page, source: Source) -> ListPage:
    """Read the rows of a news list.

    Raises:
        NotContentError: A sign-in page or a challenge came instead.
        LayoutChangedError: No row leads to an article.
    """
    text = decode_page(page, source)
    tree = parse_html(text)
    refuse_gates(page, source, text, tree)
    items = read_rows(tree, page, source)
    if not items and source.expect.list_min_items > 0:
        raise LayoutChangedError(source.name, f"{page.url}: no row with a link and a date")
    return ListPage(items, _next_list(tree, text, page, source) if items else None)


def _next_list(tree: LexborHTMLParser, text: str, page: Page, source: Source) -> str | None:
    if "paging" in source.rules:
        return next_by_rule(page.url, source.rules["paging"])
    return next_by_link(tree, text, page.url, source.rules.get("next"))


def read_rows(tree: LexborHTMLParser, page: Page, source: Source) -> list[ListedItem]:
    """Return the rows of the first selector that gives any, each article once."""
    for selector in rule_of(source, "row").split(";;"):
        found = [_read_row(row, page, source) for row in tree.css(selector.strip())]
        items = {item.key: item for item in found if item is not None}
        if items:
            return list(items.values())
    return []


def read_item(page: Page, source: Source, item: ListedItem, now: datetime) -> ItemPage:
    """Read an article: rules first, and where none fits the generic reader, which says so.

    Raises:
        NotContentError: The article is gone (S406), or a sign-in page or a challenge came.
        LayoutChangedError: No text was found in any way.
    """
    text = decode_page(page, source)
    tree = parse_html(text)
    if page.status in {404, 410}:
        raise NotContentError(source.name, f"{page.url}: the article is gone", code=_MISSING)
    refuse_gates(page, source, text, tree)
    if tree.css_first("form.post-password-form") is not None:
        raise NotContentError(source.name, f"{page.url}: only with a password")
    title = _article_title(tree, source) or item.title
    published = _article_time(tree, source, now)
    words = _article_words(tree, source)
    extraction = "rules"
    if not words:
        words, extraction = tidy_article(guess_article(text)), "generic"
    if not words:
        raise LayoutChangedError(source.name, f"{page.url}: no text in the known containers")
    article = make_article(
        page,
        source,
        item,
        title=title,
        text=words,
        published=published,
        extraction=extraction,
        part=_part_of(page.url, item),
    )
    return ItemPage([article], _next_part(tree, page.url, item))


def _article_words(tree: LexborHTMLParser, source: Source) -> str:
    """Return the words of the first container that has any; some stand empty beside the real."""
    for selector in rule_of(source, "body").split(";;"):
        nodes = tree.css(selector.strip())
        for node in nodes:
            if words := article_text(node):
                return words
    return ""


def _name_of(url: str) -> str:
    """Return the name of the file that an address ends in, without its ending."""
    return urlsplit(url).path.rpartition("/")[2].rpartition(".")[0]


def _part_of(url: str, item: ListedItem) -> int:
    """Return the number of an article's page: 331.html is the first, 331_2.html the second."""
    first, shown = _name_of(item.url), _name_of(url)
    number = shown.removeprefix(f"{first}_")
    return int(number) if first and shown != number and number.isdigit() else 1


def _next_part(tree: LexborHTMLParser, page_url: str, item: ListedItem) -> str | None:
    """Return the next page of the same article, not the next article."""
    wanted = f"{_name_of(item.url)}_{_part_of(page_url, item) + 1}"
    links = (link_of(a, page_url) for a in tree.css("a[href]"))
    return next((url for url in links if url and _name_of(url) == wanted), None)


def make_article(
    page: Page,
    source: Source,
    item: ListedItem,
    *,
    title: str,
    text: str,
    published: Moment,
    extraction: str = "rules",
    part: int = 1,
) -> Document:
    """Make the document of an article, or of one page of it."""
    return make_document(
        source,
        item,
        key=f"{item.key}/article" if part == 1 else f"{item.key}/article-{part}",
        address=item.url,
        role=DocumentRole.ARTICLE,
        title=title,
        text=text,
        published=published,
        fetched_at=page.fetched_at,
        extraction=extraction,
    )


def article_text(body: LexborNode) -> str:
    """Return an article's words without bylines, signatures and the site's own parts."""
    return tidy_article(readable_text(body, places_of(body, NOT_THE_TEXT)))


def tidy_article(text: str) -> str:
    """Take bylines and editors' signatures out of an article's text."""
    return tidy_lines(_REPORTER.sub("", _SIGNATURE.sub("", text)))


def article_key(url: str) -> str:
    """Return the article's own id from its address, else its path without the host.

    Only the last part of a path can be an id: the folders before it are years and columns, which
    many articles share. A path too long for a key (an address in percent-encoded Chinese) is cut
    and told apart by its digest.
    """
    parts = urlsplit(url)
    if match := _KEY_IN_QUERY.search(f"?{parts.query}"):
        return f"a{match[1]}"
    if match := _KEY_IN_NAME.search(parts.path.rstrip("/").rpartition("/")[2]):
        return f"a{match[1]}"
    path = parts.path.strip("/").lower()
    return short_key(f"a/{path}?{parts.query}" if parts.query else f"a/{path}")


def short_key(key: str) -> str:
    """Return the key itself, or its beginning and a digest of it if it is long."""
    if len(key) <= _LONGEST_KEY:
        return key
    digest = hashlib.blake2b(key.encode(), digest_size=8).hexdigest()
    return f"{key[:_LONGEST_KEY]}~{digest}"


def _read_row(row: LexborNode, page: Page, source: Source) -> ListedItem | None:
    shown = one_line(row)
    if not _DAY.search(shown):
        return None
    links = all_of(row, rule_of(source, "link"))
    best = max(links, key=lambda a: len(attribute(a, "title") or one_line(a)), default=None)
    url = link_of(best, page.url)
    if best is None or url is None or url == page.url:
        return None
    title = attribute(best, "title") or one_line(best)
    if not title:
        return None
    told = f"{title}|{'|'.join(_DAY.findall(shown))}"
    digest = hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
    return list_item(article_key(url), url, title, change_key=digest)


def _article_title(tree: LexborHTMLParser, source: Source) -> str:
    if "title" in source.rules:
        return one_line(first_of(tree, source.rules["title"]))
    told = meta_of(tree, "ArticleTitle", "og:title")
    if told:
        return told
    heading = first_of(tree, rule_of(source, "title"))
    if heading is None:
        return ""
    return one_line(heading, places_of(heading, "span"))


def _article_time(tree: LexborHTMLParser, source: Source, now: datetime) -> Moment:
    """Read the time of publication: the page's metadata before what it shows."""
    told = meta_of(tree, "PubDate", "article:published_time", "publishdate", "pubtime")
    if told:
        moment = parse_published_at(told, now)
        if moment != NO_MOMENT:
            return moment
    for selector in rule_of(source, "time").split(";;"):
        for node in tree.css(selector.strip())[:_TIMES_LOOKED_AT]:
            moment = parse_published_at(attribute(node, "datetime") or one_line(node), now)
            if moment != NO_MOMENT:
                return moment
    return _time_below_title(tree, now)


def _time_below_title(tree: LexborHTMLParser, now: datetime) -> Moment:
    """Read the time from the short lines right below the title, as hand-made pages have it."""
    node, lines = tree.css_first("h1"), 0
    while node is not None and lines < _LINES_BELOW_TITLE:
        node = node.next
        if node is None or not node.is_element_node:
            continue
        lines += 1
        line = one_line(node)
        if len(line) <= _SHORT_LINE and _WHOLE_DATE.search(line):
            moment = parse_published_at(line, now)
            if moment != NO_MOMENT:
                return moment
    return NO_MOMENT
