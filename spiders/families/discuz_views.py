"""The archiver and the print view of Discuz!: the same threads, lighter, and without post ids.

The archiver's list (4 KB, titles and reply counts) is the cheapest way to see that a board changed.
Neither view shows a post's id, so posts are named by the second, or minute, in which they were
written; what a second post of the same minute is called does not change when others are deleted.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import Document, DocumentRole, ListedItem, Page, Source
from monitor.errors import LayoutChangedError, NotContentError
from spiders.charset import decode_page
from spiders.families.discuz_words import page_number, thread_key, without_handles
from spiders.families.gates import refuse_gates
from spiders.markup import (
    attribute,
    link_of,
    one_line,
    parse_html,
    places_of,
    text_after,
    tidy_lines,
)
from spiders.reading import ItemPage, ListPage, list_item, make_document
from spiders.times import Moment, parse_published_at

_MISSING = "S406"
_REPLIES = re.compile(r"[(（]\s*(\d{1,7})\s*\D{0,8}[)）]")
_FOREIGN = (
    "i.pstatus, div.quote, blockquote, font.jammer, div.locked, script, style, ignore_js_op, "
    "div.pattl, dl.tattl, div.attach_nopermission, div.tip, div.attach_popup, h3, div.page"
)
_HIDDEN = re.compile(r"\*{4} Hidden Message \*{4,5}|^\[\*\]", re.MULTILINE)
_PICTURE = re.compile(r"(?<!\s)\s*static/image/\S{1,80}")
_NOTICE = re.compile(
    r"^(?:提示[:：].{0,40}(?:禁止|屏蔽|删除).{0,60}|本主题需向作者支付.{0,60}|.{0,20}内容自动屏蔽.{0,20})$",
    re.MULTILINE,
)
_QUOTED = re.compile(
    r"^.{1,40}? 发表于 "
    r"(?:\d{4}-\d{1,2}-\d{1,2} \d{1,2}:\d{2}(?::\d{2})?|.{1,8}前|[昨前]天.{0,8})\s*$"
)
_AUTHOR_LABEL = re.compile(r"作者\s*[:：]")
_SUBJECT_LABEL = re.compile(r"标题\s*[:：]")


@dataclass(slots=True)
class _Post:
    """One post of these views: what stands between two headings."""

    shown_at: str
    lines: str


def is_archiver(url: str) -> bool:
    """Tell whether an address is of the archiver."""
    return "/archiver/" in urlsplit(url).path


def is_printed(url: str) -> bool:
    """Tell whether an address is of the print view."""
    return "action=printable" in urlsplit(url).query


def as_printed(item: ListedItem, page_url: str) -> ListedItem:
    """Return the row with the address of its thread's print view, up to 100 posts in one page."""
    tid = item.key.removeprefix("t")
    url = urljoin(page_url, f"forum.php?mod=viewthread&action=printable&tid={tid}")
    return replace(item, url=url)


def read_archiver_list(page: Page, source: Source) -> ListPage:
    """Read the rows of an archiver's board; the number of replies is the change key.

    Raises:
        NotContentError: A notice or a sign-in page came, or the archiver led back to the board.
        LayoutChangedError: No row leads to a thread.
    """
    tree, base = _open(page, source)
    items: list[ListedItem] = []
    for row in tree.css("#content ul li"):
        link = row.css_first("a[href]")
        url = link_of(link, base)
        if url is None or (key := thread_key(url)) is None:
            continue
        replies = _REPLIES.search(one_line(row).removeprefix(one_line(link)))
        told = f"{replies[1] if replies else ''}".encode()
        digest = hashlib.blake2b(told, digest_size=8).hexdigest()
        items.append(list_item(key, url, one_line(link), change_key=digest))
    if not items:
        raise LayoutChangedError(source.name, f"{page.url}: no thread in #content")
    return ListPage(items, _next_page(tree, base, page.url))


def read_archiver_thread(page: Page, source: Source, item: ListedItem) -> ItemPage:
    """Read the posts of an archiver's thread.

    Raises:
        NotContentError: The thread is gone (S406), or for members only.
        LayoutChangedError: No post in it.
    """
    tree, base = _open(page, source)
    content = tree.css_first("#content")
    headings = tree.css("#content p.author")
    if content is None or not headings:
        raise _absent(tree, page, source)
    stops, foreign = {each.mem_id for each in headings}, places_of(tree, _FOREIGN)
    posts = [_Post(_time_beside(each), text_after(each, stops, foreign)) for each in headings]
    crumbs = one_line(tree.css_first("#nav")).rsplit("›", 1)
    title = crumbs[-1].strip() if len(crumbs) > 1 else item.title
    documents = _documents(posts, page, source, item, title or item.title)
    return ItemPage(documents, _next_page(tree, base, page.url))


def read_printed_thread(page: Page, source: Source, item: ListedItem) -> ItemPage:
    """Read the posts of a print view: each begins with a rule, its author and its time.

    Raises:
        NotContentError: The thread is gone (S406), or for members only.
        LayoutChangedError: No post in it.
    """
    tree, _ = _open(page, source)
    rules = tree.css("body hr")
    stops = {rule.mem_id for rule in rules}
    found = (_printed_post(tree, rule, stops) for rule in rules)
    posts = [post for post in found if post is not None]
    if not posts:
        raise _absent(tree, page, source)
    heading = tree.css_first("title")
    title = one_line(heading).split(" - ", 1)[0] or item.title
    return ItemPage(_documents(posts, page, source, item, title))


def _open(page: Page, source: Source) -> tuple[LexborHTMLParser, str]:
    """Return the tree, and what its relative addresses count from."""
    text = decode_page(page, source)
    tree = parse_html(text)
    if tree.css_first("#messagetext") is not None:
        raise _absent(tree, page, source)
    refuse_gates(page, source, text, tree)
    base = attribute(tree.css_first("base"), "href")
    return tree, urljoin(page.url, base) if base else page.url


def _absent(tree: LexborHTMLParser, page: Page, source: Source) -> Exception:
    words = one_line(tree.css_first("#messagetext") or tree.css_first("body"))[:400]
    if page.status == 404 or re.search(r"不存在|已被删除|正在被审核", words):  # noqa: PLR2004
        return NotContentError(source.name, f"{page.url}: deleted or unknown", code=_MISSING)
    if re.search(r"登录|权限|会员", words):
        return NotContentError(source.name, f"{page.url}: only for members")
    if tree.css_first("#messagetext") is not None:
        return NotContentError(source.name, f"{page.url}: a notice page")
    return LayoutChangedError(source.name, f"{page.url}: no posts in this view")


def _next_page(tree: LexborHTMLParser, base: str, page_url: str) -> str | None:
    """Return the page whose number is the next one; the archiver has no link that says so."""
    wanted = page_number(page_url) + 1
    links = (link_of(a, base) for a in tree.css("div.page a[href]"))
    return next((url for url in links if url and page_number(url) == wanted), None)


def _documents(
    posts: Sequence[_Post], page: Page, source: Source, item: ListedItem, title: str
) -> list[Document]:
    taken: dict[str, int] = {}
    documents: list[Document] = []
    earlier: list[str] = []
    for place, post in enumerate(posts):
        published = parse_published_at(post.shown_at, page.fetched_at)
        name = _name_of(published, place, taken)
        is_first = place == 0 and page_number(page.url) == 1
        text = _own_words(post.lines, earlier)
        earlier.append(text)
        if not text or not (is_first or source.read_replies):
            continue
        documents.append(
            make_document(
                source,
                item,
                key=f"{item.key}/{name}",
                address=page.url,
                role=DocumentRole.POST if is_first else DocumentRole.REPLY,
                title=title,
                text=text,
                published=published,
                fetched_at=page.fetched_at,
            )
        )
    return documents


def _name_of(published: Moment, place: int, taken: dict[str, int]) -> str:
    at = published[0]
    name = f"at{at:%Y%m%d%H%M%S}" if at is not None else f"n{place}"
    taken[name] = taken.get(name, 0) + 1
    return name if taken[name] == 1 else f"{name}-{taken[name]}"


def _own_words(lines: str, earlier: Sequence[str]) -> str:
    """Drop notices, and quotations: their heading, and what an earlier post on the page said."""
    text = _NOTICE.sub("", _HIDDEN.sub("", _PICTURE.sub("", tidy_lines(lines))))
    kept: list[str] = []
    quoting = False
    for line in tidy_lines(text).split("\n"):
        if _QUOTED.match(line):
            quoting = True
        elif quoting and any(line.rstrip(". …") in said for said in earlier):
            continue
        else:
            quoting = False
            kept.append(line)
    return without_handles("\n".join(kept)).strip()


def _time_beside(heading: LexborNode) -> str:
    return attribute(heading.css_first("span[title]"), "title") or one_line(
        heading, places_of(heading, "strong")
    )


def _printed_post(tree: LexborHTMLParser, rule: LexborNode, stops: set[int]) -> _Post | None:
    """Read one post: `作者: NAME 时间: TIME`, its subject perhaps, and its words."""
    lines = text_after(rule, stops, places_of(tree, _FOREIGN))
    head, _, rest = lines.partition("\n")
    if not _AUTHOR_LABEL.match(head) or "时间" not in head:
        return None
    first, _, others = rest.partition("\n")
    words = others if _SUBJECT_LABEL.match(first) else rest
    return _Post(_exact_time(rule) or head.rpartition("时间")[2], words)


def _exact_time(rule: LexborNode) -> str:
    """Return the title of the time under a rule; a time older than a week has none."""
    node = rule.next
    while node is not None and node.tag != "br":
        if node.tag == "span" and (told := attribute(node, "title")):
            return told
        node = node.next
    return ""
