"""Mailboxes of governments: a list of letters, each with its answer on a page of labels and values.

The pages of no two offices are alike, but their labels are. So fields are found by label text, in
table cells, definition lists or glued to the value; the letter and the answer are two documents,
each with its own time. What comes as JSON is read in `mailbox_records`.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from monitor.domain import Family, ListedItem, Page, Source
from monitor.errors import LayoutChangedError, NotContentError
from spiders.charset import decode_page
from spiders.families import mailbox_records
from spiders.families.gates import refuse_gates
from spiders.families.json_rows import looks_like_json
from spiders.families.mailbox_fields import field_text, read_fields, writers_names
from spiders.families.paging import next_by_link, next_by_rule
from spiders.markup import all_of, attribute, link_of, meta_of, one_line, parse_html
from spiders.reading import ItemPage, ListPage, list_item

_MISSING = "S406"

_ID_NAMES = (
    "id", "transactid", "mailid", "letterid", "originalid", "iid", "number", "code", "tid",
    "mail_id", "letter_id", "pid", "infoid", "xjid", "guid", "uuid", "sn",
)  # fmt: skip
_ID_IN_PATH = re.compile(
    r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{0,100}\d[A-Za-z0-9_-]{0,100})(?:\.[a-z]{3,6})?/?$"
)
_DAY = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}|(?<!\d)\d{2}-\d{2}(?!\d)|\d{1,2}月\d{1,2}日")
_STATE = re.compile(r"已办结|已回复|已答复|办理中|待受理|已受理|待回复|处理中|办结|转办|未回复")
_ROWS = (
    "table.mail-list tbody tr;;table tr;;ul li;;div.list > div;;.list .item;;dl dd;;"
    "div.letter-item;;body p"
)
# The people's network's older pages have no labels; a source's own rules count before these.
_BOARD_RULES = {
    "title": ".context-title-text",
    "letter": "div.liuyan_box03 p.zoom",
    "written": "div.liuyan_box03 h3 span",
    "answer": "div.liuyan_box05 p.zoom",
    "answered": "div.liuyan_box05 h4 span",
}
_CLICKABLE = "a, tr[onclick], td[onclick], li[onclick], div[onclick], span[onclick]"
_QUOTED = re.compile(r"[\"']([^\"'\s]{1,300})[\"']")
_LIKE_ADDRESS = re.compile(
    r"^(?:https?://|\.{0,2}/|[\w-]+(?:/[\w.-]+)*\.(?:s?html?|jspx?|do|action|aspx?|php))"
)
_ARGUMENTS = re.compile(r"\(([^()]{1,300})\)")


def read_list(page: Page, source: Source, now: datetime) -> ListPage:
    """Read the rows of a mailbox list.

    A row is one with a link whose address names a letter; a link may also stand in a script that
    runs when the row is clicked. The change key is made of the row's state and dates, so that an
    answered letter is read again.

    Raises:
        NotContentError: A sign-in page or a challenge came instead.
        LayoutChangedError: No row leads to a letter.
    """
    text = decode_page(page, source)
    if looks_like_json(text):
        return mailbox_records.read_list(text, page, source, now)
    tree = parse_html(text)
    refuse_gates(page, source, text, tree)
    items: list[ListedItem] = []
    for selector in source.rules.get("row", _ROWS).split(";;"):
        rows = tree.css(selector.strip())
        items = [item for row in rows if (item := _read_row(row, page, source)) is not None]
        if items:
            break
    if not items and "row" not in source.rules:
        loose = tree.css("a[href]")
        items = [item for link in loose if (item := _read_loose(link, page, source)) is not None]
    if not items and source.expect.list_min_items > 0:
        raise LayoutChangedError(source.name, f"{page.url}: no row with a link to a letter")
    unique = list({item.key: item for item in items}.values())
    return ListPage(unique, _next_list(tree, text, page, source) if items else None)


def _next_list(tree: LexborHTMLParser, text: str, page: Page, source: Source) -> str | None:
    if "paging" in source.rules:
        return next_by_rule(page.url, source.rules["paging"])
    return next_by_link(tree, text, page.url, source.rules.get("next"))


def read_item(page: Page, source: Source, item: ListedItem, now: datetime) -> ItemPage:
    """Read a letter and its answer.

    Raises:
        NotContentError: The letter is gone (S406), or a sign-in page or a challenge came.
        LayoutChangedError: No label of a letter's content is on the page.
    """
    text = decode_page(page, source)
    if looks_like_json(text):
        return mailbox_records.read_item(text, page, source, item, now)
    tree = parse_html(text)
    refuse_gates(page, source, text, tree)
    if source.family is Family.PEOPLE_BOARD:
        source = replace(source, rules=_BOARD_RULES | dict(source.rules))
    fields = read_fields(tree, source)
    letter = field_text(tree, fields, source, "letter")
    if not letter:
        if page.status == 404 or _letter_key(page.url) != item.key:  # noqa: PLR2004
            raise NotContentError(source.name, f"{item.url}: the letter is gone", code=_MISSING)
        raise LayoutChangedError(source.name, f"{page.url}: no label 来信内容 with a value")
    told = field_text(tree, fields, source, "title") or meta_of(tree, "ArticleTitle")
    return ItemPage(
        mailbox_records.letter_and_answer(
            page,
            source,
            item,
            title=told or item.title,
            texts=(letter, field_text(tree, fields, source, "answer")),
            times=(
                field_text(tree, fields, source, "written"),
                field_text(tree, fields, source, "answered"),
            ),
            names=writers_names(fields),
            now=now,
        )
    )


def _read_row(row: LexborNode, page: Page, source: Source) -> ListedItem | None:
    if "link" in source.rules:
        links = all_of(row, source.rules["link"])
    else:
        links = [*([row] if attribute(row, "onclick") else []), *row.css(_CLICKABLE)]
    return _item_of(row, one_line(row), links, page, source)


def _read_loose(link: LexborNode, page: Page, source: Source) -> ListedItem | None:
    """Read a link that is in no row: what stands after it up to the next link is its row.

    So it is where lines end in `br`, and where cells stand outside a table: the parser drops their
    tags, as browsers do.
    """
    shown, after = one_line(link), link.next
    while after is not None and after.tag != "a" and after.css_first("a") is None:
        shown += f" {after.text(deep=True) or ''}"
        after = after.next
    return _item_of(link, shown, [link], page, source)


def _item_of(
    row: LexborNode, shown: str, links: Sequence[LexborNode], page: Page, source: Source
) -> ListedItem | None:
    """Make an item of the first link that names a letter, if the row shows a day or a state."""
    if not _DAY.search(shown) and not _STATE.search(shown):
        return None
    for link in links:
        url = link_of(link, page.url) or _address_in_script(link, page.url, source)
        if url is None or (key := _letter_key(url)) is None or url == page.url:
            continue
        if urlsplit(url).hostname != urlsplit(page.url).hostname:
            continue
        title = attribute(link, "title") or _title_in(row, link)
        return list_item(key, url, title, change_key=_digest(shown))
    return None


def _title_in(row: LexborNode, link: LexborNode) -> str:
    """Return the link's own words; of a row that is clickable as a whole, its longest cell."""
    if link.tag not in {"tr", "li", "div"}:
        return one_line(link)
    cells = [one_line(cell) for cell in row.css("td, span, p, h3, h4, a")]
    return max(
        (cell for cell in cells if not _DAY.fullmatch(cell)), key=len, default=one_line(link)
    )


def _address_in_script(link: LexborNode, page_url: str, source: Source) -> str | None:
    """Find the address in `onclick` or `javascript:`; ids fill the source's template.

    The rule `onclick = "/mail/show.do?id={1}&type={2}"` takes the arguments of the call in turn.
    """
    script = attribute(link, "onclick") or attribute(link, "href")
    if not script or "__doPostBack" in script:
        return None
    template = source.rules.get("onclick")
    called = _ARGUMENTS.search(script)
    if template is not None and called is not None:
        arguments = [part.strip().strip("'\"") for part in called[1].split(",")]
        filled = re.sub(r"\{(\d)\}", lambda m: _argument(arguments, int(m[1])), template)
        return urljoin(page_url, filled)
    quoted = (each for each in _QUOTED.findall(script) if _LIKE_ADDRESS.match(each))
    return next((urljoin(page_url, each) for each in quoted), None)


def _argument(arguments: Sequence[str], number: int) -> str:
    return quote(arguments[number - 1], safe="%-_.~") if number <= len(arguments) else ""


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
