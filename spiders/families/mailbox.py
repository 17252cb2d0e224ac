"""Mailboxes of governments: a list of letters, each with its answer on a page of labels and values.

The pages of no two offices are alike, but their labels are. So fields are found by label text, in
table cells, definition lists or glued to the value; the letter and the answer are two documents,
each with its own time.
"""

import hashlib
import re
from datetime import datetime
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import DocumentRole, ListedItem, Page, Source
from monitor.errors import LayoutChangedError, NotContentError
from spiders.charset import decode_page
from spiders.families.gates import refuse_gates
from spiders.markup import (
    attribute,
    first_of,
    link_of,
    meta_of,
    one_line,
    parse_html,
    readable_text,
)
from spiders.reading import ItemPage, ListPage, list_item, make_document
from spiders.times import NO_MOMENT, Moment, parse_published_at

_MISSING = "S406"

# Labels as offices write them; the first of a field that is present counts.
_LABELS: dict[str, tuple[str, ...]] = {
    "title": ("信件标题", "来信标题", "留言标题", "信件主题", "来信主题", "标题", "主题"),
    "letter": (
        "来信内容",
        "信件内容",
        "留言内容",
        "咨询内容",
        "诉求内容",
        "投诉内容",
        "问题描述",
        "内容",
    ),
    "written": (
        "来信时间",
        "写信时间",
        "提交时间",
        "留言时间",
        "来信日期",
        "咨询时间",
        "信件时间",
        "受理时间",
    ),
    "answer": (
        "回复内容",
        "答复内容",
        "答复意见",
        "回复意见",
        "办理结果",
        "处理结果",
        "办理情况",
        "官方回复",
    ),
    "answered": ("回复时间", "答复时间", "办结时间", "回复日期", "答复日期", "办理时间"),
    "office": ("回复单位", "答复单位", "承办单位", "办理单位", "受理单位"),
    "number": ("信件编号", "受理编号", "编号", "查询编号"),
}
# Fields with the writer's name: kept out of the document, and taken out of its texts.
_WRITER = ("来信人", "写信人", "姓名", "申请人", "提问者", "发表人", "留言人", "反映人")
_KNOWN = frozenset(label for labels in _LABELS.values() for label in labels) | set(_WRITER)

_END_OF_LABEL = ":： \u00a0\u3000"
_LABEL_CELLS = "th, td, dt, dd, li, p, div, span, label, b, strong, h3, h4"
_LONGEST_LABEL = 10
_GLUED_IN = frozenset({"li", "p", "span", "td", "div", "dd"})
_LONGEST_GLUED = 5000
_ANY_LABEL = re.compile(f"(?:{'|'.join(sorted(_KNOWN, key=len, reverse=True))})\\s*[:：]")
_GLUED = re.compile(r"^\s*([\u4e00-\u9fa5]{2,8})\s*[:：]\s*(\S.*)$", re.DOTALL)
_ID_NAMES = ("id", "transactid", "mailid", "letterid", "originalid", "iid", "number", "code", "tid")
_ID_IN_PATH = re.compile(
    r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{0,100}\d[A-Za-z0-9_-]{0,100})(?:\.[a-z]{3,6})?/?$"
)
_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}")
_STATE = re.compile(r"已办结|已回复|已答复|办理中|待受理|已受理|待回复|处理中|办结|转办|未回复")
_NEXT = "a.next;;.page a.nxt;;a.nextpage;;a[rel=next]"
_ROWS = "table.mail-list tbody tr;;table tr;;ul li;;div.list > div"


def read_list(page: Page, source: Source) -> ListPage:
    """Read the rows of a mailbox list.

    A row is one with a link whose address names a letter. The change key is made of the row's state
    and dates, so that an answered letter is read again.

    Raises:
        NotContentError: A sign-in page or a challenge came instead.
        LayoutChangedError: No row leads to a letter.
    """
    text = decode_page(page, source)
    tree = parse_html(text)
    refuse_gates(page, source, text, tree)
    items: list[ListedItem] = []
    for selector in source.rules.get("row", _ROWS).split(";;"):
        rows = tree.css(selector.strip())
        items = [item for row in rows if (item := _read_row(row, page, source)) is not None]
        if items:
            break
    if not items:
        raise LayoutChangedError(source.name, f"{page.url}: no row with a link to a letter")
    next_link = first_of(tree, source.rules.get("next", _NEXT)) or _link_by_text(tree)
    unique = list({item.key: item for item in items}.values())
    return ListPage(unique, link_of(next_link, page.url))


def read_item(page: Page, source: Source, item: ListedItem, now: datetime) -> ItemPage:
    """Read a letter and its answer.

    Raises:
        NotContentError: The letter is gone (S406), or a sign-in page or a challenge came.
        LayoutChangedError: No label of a letter's content is on the page.
    """
    text = decode_page(page, source)
    tree = parse_html(text)
    refuse_gates(page, source, text, tree)
    fields = _read_fields(tree)
    letter = _field(fields, source, "letter")
    if not letter:
        if page.status == 404 or _letter_key(page.url) != item.key:  # noqa: PLR2004
            raise NotContentError(source.name, f"{item.url}: the letter is gone", code=_MISSING)
        raise LayoutChangedError(source.name, f"{page.url}: no label 来信内容 with a value")
    title = _field(fields, source, "title") or meta_of(tree, "ArticleTitle") or item.title
    make = partial(
        make_document,
        source,
        item,
        address=item.url,
        title=title.replace("\n", " "),
        fetched_at=page.fetched_at,
        names=_names(fields),
    )
    documents = [
        make(
            key=f"{item.key}/letter",
            role=DocumentRole.LETTER,
            text=letter,
            published=_moment(fields, source, "written", now),
        )
    ]
    answer = _field(fields, source, "answer")
    if answer and source.read_replies:
        published = _moment(fields, source, "answered", now)
        documents.append(
            make(
                key=f"{item.key}/answer",
                role=DocumentRole.ANSWER,
                text=answer,
                published=published,
            )
        )
    return ItemPage(documents)


def _names(fields: dict[str, LexborNode | str]) -> list[str]:
    """Return the writer's name, so that it can be taken out of the texts too."""
    values = [fields[label] for label in _WRITER if label in fields]
    return [value if isinstance(value, str) else one_line(value) for value in values]


def _read_row(row: LexborNode, page: Page, source: Source) -> ListedItem | None:
    for link in row.css(source.rules.get("link", "a[href]")):
        url = link_of(link, page.url)
        if url is None or (key := _letter_key(url)) is None or url == page.url:
            continue
        if urlsplit(url).hostname != urlsplit(page.url).hostname:
            continue
        shown = one_line(row)
        if not _DAY.search(shown) and not _STATE.search(shown):
            continue
        title = attribute(link, "title") or one_line(link)
        return list_item(key, url, title, change_key=_digest(shown))
    return None


def _digest(shown: str) -> str:
    """Digest the states and dates of a row; hit counters change by themselves."""
    told = "|".join([*_STATE.findall(shown), *_DAY.findall(shown)])
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def _letter_key(url: str) -> str | None:
    """Return the letter's own id from its address; None when the address names no letter."""
    parts = urlsplit(url)
    query = {name.lower(): value for name, value in parse_qsl(parts.query)}
    for name in _ID_NAMES:
        if query.get(name):
            return f"m{query[name]}"
    match = _ID_IN_PATH.search(parts.path)
    if match is None or parts.query or match[1].lower().startswith(("index", "list", "page")):
        return None
    return f"m{match[1]}"


def _link_by_text(tree: LexborHTMLParser) -> LexborNode | None:
    return next((a for a in tree.css("a[href]") if one_line(a) in {"下一页", "下页", ">"}), None)


def _read_fields(tree: LexborHTMLParser) -> dict[str, LexborNode | str]:
    """Map each known label to the node or the text that is its value; the first one counts."""
    fields: dict[str, LexborNode | str] = {}
    for cell in tree.css(_LABEL_CELLS):
        shown = (cell.text(deep=True) or "").strip()
        label = "".join(shown.split()).rstrip(_END_OF_LABEL)
        if label in _KNOWN and label not in fields:
            value = _next_element(cell)
            if value is not None:
                fields[label] = value
        elif cell.tag in _GLUED_IN and len(shown) < _LONGEST_GLUED:
            glued = _GLUED.match(shown)
            # A box that holds several labelled lines is not the value of the first of them.
            if glued and glued[1] in _KNOWN and len(_ANY_LABEL.findall(shown)) == 1:
                told = readable_text(cell).split(glued[1], 1)[-1].lstrip(_END_OF_LABEL)
                fields.setdefault(glued[1], told)
    return fields


def _next_element(node: LexborNode) -> LexborNode | None:
    following = node.next
    while following is not None and not following.is_element_node:
        following = following.next
    return following


def _field(fields: dict[str, LexborNode | str], source: Source, name: str) -> str:
    labels = source.rules.get(f"label_{name}")
    for label in labels.split("|") if labels else _LABELS[name]:
        value = fields.get(label)
        if value is None:
            continue
        text = value if isinstance(value, str) else readable_text(value)
        if text:
            return text
    return ""


def _moment(
    fields: dict[str, LexborNode | str], source: Source, name: str, now: datetime
) -> Moment:
    shown = _field(fields, source, name)
    return parse_published_at(shown, now) if shown else NO_MOMENT
