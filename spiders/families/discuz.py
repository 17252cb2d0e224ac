"""Discuz! X3.4 and X3.5, desktop pages: board lists and threads.

Source:
    Landmarks measured on running forums (`docs/sources.md`). Threads are known by `tid`, posts by
    `pid`; the same thread answers under six addresses.
"""

import hashlib
import re
from datetime import datetime
from functools import partial

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import Document, DocumentRole, ListedItem, Page, Source
from monitor.errors import LayoutChangedError, NotContentError
from spiders.charset import decode_page
from spiders.families import discuz_views
from spiders.families.discuz_words import page_number, thread_key, without_handles
from spiders.markup import (
    attribute,
    link_of,
    one_line,
    parse_html,
    places_of,
    readable_text,
)
from spiders.reading import ItemPage, ListPage, list_item, make_document
from spiders.times import NO_MOMENT, Moment, parse_published_at

MISSING = "S406"
_CHALLENGE = "S405"

_EXTRA = re.compile(r"&extra=[^&]*")
_GONE = re.compile(r"不存在|已被删除|正在被审核")
_FOR_MEMBERS = re.compile(r"登录|权限|阅读权限|用户组|会员")
_RELOAD = re.compile(r"频繁刷新限制|页面重载开启|_dsign=|__jsl_clearance|acw_sc__v2")

# Parts of a post that are not its writer's words, or that carry somebody's name.
_NOT_THE_TEXT = (
    "i.pstatus, div.quote, blockquote, font.jammer, div.locked, script, style, ignore_js_op, "
    "div.pattl, dl.tattl, div.attach_nopermission, div.tip, div.cm, div.pstl, table.ratl, "
    "div.sign, div.modact, div.attach_popup, div.rate"
)
_FIRST_FLOOR = frozenset({"1", "1#", "1 #", "1楼", "一楼"})
_SORTED = "div.typeoption table tr"
_PERSONAL = re.compile(r"联系|姓名|电话|手机|微信|QQ|邮箱|地址|称呼", re.IGNORECASE)


def read_list(page: Page, source: Source) -> ListPage:
    """Read the rows of a board.

    Rows that stand for a moved thread are left out. The change key is made of the number of
    replies and the time of the last one; who wrote it is not part of it.

    Raises:
        NotContentError: A notice, a sign-in page or a challenge came instead.
        LayoutChangedError: The page is no board list that this adapter knows.
    """
    if discuz_views.is_archiver(page.url):
        return discuz_views.read_archiver_list(page, source)
    tree = _open(page, source)
    rows = tree.css("tbody[id^=normalthread_], tbody[id^=stickthread_]")
    items = [item for row in rows if (item := _read_row(row, page.url)) is not None]
    if source.rules.get("view") == "print":
        items = [discuz_views.as_printed(item, page.url) for item in items]
    if not items:
        raise LayoutChangedError(source.name, f"{page.url}: no thread rows (tbody, a.xst)")
    return ListPage(items, link_of(tree.css_first("div.pg a.nxt"), page.url))


def read_item(page: Page, source: Source, item: ListedItem) -> ItemPage:
    """Read the posts of one page of a thread; the first post and each reply are documents.

    A post whose text may not be read (blocked, paid, hidden) gives no document.

    Raises:
        NotContentError: The thread is deleted (S406), for members only, or a notice came.
        LayoutChangedError: The page is no thread that this adapter knows.
    """
    if discuz_views.is_archiver(page.url):
        return discuz_views.read_archiver_thread(page, source, item)
    if discuz_views.is_printed(page.url):
        return discuz_views.read_printed_thread(page, source, item)
    tree = _open(page, source)
    title = one_line(tree.css_first("#thread_subject"))
    posts = tree.css("[id^=postmessage_]")
    blocked = tree.css("#postlist div.locked")
    if not title or not (posts or blocked):
        raise LayoutChangedError(source.name, f"{page.url}: no #thread_subject or td.t_f")
    documents = _read_posts(tree, posts, page, source, item)
    next_url = link_of(tree.css_first("div.pg a.nxt"), page.url)
    return ItemPage(documents, _plain(next_url), _plain(_last_url(tree, page.url)))


def _open(page: Page, source: Source) -> LexborHTMLParser:
    """Parse a page and refuse what is not a board's own page."""
    text = decode_page(page, source)
    tree = parse_html(text)
    if notice := tree.css_first("#messagetext"):
        _refuse_notice(page, source, one_line(notice))
    body = attribute(tree.css_first("body"), "id")
    if body == "forum":
        raise LayoutChangedError(
            source.name, f"{page.url}: the phone template came (no exact times)"
        )
    if body == "nv_forum":
        if "提示信息" in one_line(tree.css_first("title")):
            raise NotContentError(source.name, f"{page.url}: a notice page")
        return tree
    if _RELOAD.search(text[:20_000]):
        raise NotContentError(source.name, f"{page.url}: a challenge page", code=_CHALLENGE)
    if tree.css_first("input[type=password]"):
        raise NotContentError(source.name, f"{page.url}: a sign-in page")
    raise LayoutChangedError(source.name, f"{page.url}: not a Discuz page (body#nv_forum)")


def _refuse_notice(page: Page, source: Source, words: str) -> None:
    if page.status == 404 or _GONE.search(words):  # noqa: PLR2004
        raise NotContentError(source.name, f"{page.url}: deleted or unknown", code=MISSING)
    if _FOR_MEMBERS.search(words):
        raise NotContentError(source.name, f"{page.url}: only for members")
    raise NotContentError(source.name, f"{page.url}: a notice page")


def _read_row(row: LexborNode, page_url: str) -> ListedItem | None:
    link = row.css_first("a.xst")
    url = link_of(link, page_url)
    heading = row.css_first("th")
    if link is None or url is None or (key := thread_key(url)) is None:
        return None
    if heading is not None and one_line(heading).startswith("移动:"):
        return None
    return list_item(
        key,
        _plain(url) or url,
        one_line(link),
        change_key=_change_key(row),
        pinned=(row.id or "").startswith("stickthread_"),
    )


def _change_key(row: LexborNode) -> str:
    """Digest the number of replies and the exact time of the last one.

    Under a week the exact time is in a title; the text beside it grows older by itself and must not
    count as a change.
    """
    replies = one_line(row.css_first("td.num a"))
    by = row.css("td.by")
    last = by[-1].css_first("em a") if len(by) > 1 else None
    exact = attribute(last.css_first("span[title]"), "title") if last is not None else ""
    shown = exact or one_line(last)
    return hashlib.blake2b(f"{replies}|{shown}".encode(), digest_size=8).hexdigest()


def _opening_place(tree: LexborHTMLParser, posts: list[LexborNode], url: str) -> int | None:
    """Return which of the posts shown is the opening one; None where it is on another page.

    Its floor label says so in any order of reading. Robots get no labels, and owners rename them:
    then it is the first post of the first page, unless the one above it may not be read.
    """
    for place, post in enumerate(posts):
        label = tree.css_first(f"#postnum{_pid(post)}")
        if label is not None and ("楼主" in (shown := one_line(label)) or shown in _FIRST_FLOOR):
            return place
    if not posts or page_number(url) != 1 or "ordertype=1" in url:
        return None
    topmost = attribute(tree.css_first("#postlist table[id^=pid]"), "id").removeprefix("pid")
    return 0 if topmost in {"", _pid(posts[0])} else None


def _read_posts(
    tree: LexborHTMLParser,
    posts: list[LexborNode],
    page: Page,
    source: Source,
    item: ListedItem,
) -> list[Document]:
    """Make the documents of the posts that hold a text, in the page's order."""
    foreign = places_of(tree, _NOT_THE_TEXT)
    times = {node.id: node for node in tree.css("em[id^=authorposton]")}
    address = _plain(page.url)
    make = partial(
        make_document,
        source,
        item,
        title=one_line(tree.css_first("#thread_subject")),
        fetched_at=page.fetched_at,
    )
    opening = _opening_place(tree, posts, page.url)
    documents: list[Document] = []
    for place, post in enumerate(posts):
        is_first = place == opening
        text = without_handles(readable_text(post, foreign))
        if is_first:
            text = "\n".join(filter(None, [_sorted_facts(tree), text]))
        if not text or not (is_first or source.read_replies):
            continue
        pid = _pid(post)
        documents.append(
            make(
                key=f"{item.key}/p{pid}",
                address=f"{address}#pid{pid}",
                role=DocumentRole.POST if is_first else DocumentRole.REPLY,
                text=text,
                published=_read_time(times.get(f"authorposton{pid}"), page.fetched_at),
            )
        )
    return documents


def _sorted_facts(tree: LexborHTMLParser) -> str:
    """Return what the writer filled into the board's own form, contacts left out."""
    lines = []
    for row in tree.css(_SORTED):
        label, value = one_line(row.css_first("th")).rstrip(":："), one_line(row.css_first("td"))
        if label and value not in {"", "-"} and not _PERSONAL.search(label):
            lines.append(f"{label}：{value}")
    return "\n".join(lines)


def _read_time(node: LexborNode | None, now: datetime) -> Moment:
    if node is None:
        return NO_MOMENT
    exact = attribute(node.css_first("span[title]"), "title")
    return parse_published_at(exact or one_line(node), now)


def _pid(post: LexborNode) -> str:
    return (post.id or "").removeprefix("postmessage_")


def _last_url(tree: LexborHTMLParser, page_url: str) -> str | None:
    """Return the address of the last page, from the link with the highest number."""
    links = [url for a in tree.css("div.pg a") if (url := link_of(a, page_url)) is not None]
    furthest = max(links, key=page_number, default=None)
    if furthest is None or page_number(furthest) <= page_number(page_url):
        return None
    return furthest


def _plain(url: str | None) -> str | None:
    """Drop what only says from where the link was followed."""
    return _EXTRA.sub("", url) if url else None
