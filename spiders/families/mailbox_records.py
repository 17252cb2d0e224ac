"""Letters that come as JSON: lists, details, and whole letters in a list's rows.

Names of fields differ from office to office; the usual ones are known, and a source's rules may
name others. Fields that hold a person (nickName, ip, linkman …) are never looked at, except a
name that is taken out of the texts.
"""

import hashlib
import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from urllib.parse import quote, urljoin

from monitor.domain import Document, DocumentRole, Family, ListedItem, Page, Source
from monitor.errors import LayoutChangedError, NotContentError
from spiders.asking import form_of
from spiders.families.json_rows import Row, first_text, read_json, rows_of, text_at
from spiders.families.paging import next_by_rule
from spiders.markup import parse_html, readable_text, tidy_lines
from spiders.reading import ItemPage, ListPage, list_item, make_document
from spiders.times import parse_published_at

_MISSING = "S406"

_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "originalId", "tid", "mailId", "letterId", "transactId", "uuid", "iid", "guid"),
    "title": ("title", "subject", "letterTitle", "theme", "mailTitle", "zhuti", "bt"),
    "letter": ("content", "letterContent", "mailContent", "neirong", "question", "body", "nr"),
    "written": (
        "writeDate", "fomateWriteDate", "createTime", "createDate", "submitTime", "dateline",
        "letterDate", "writeTime", "addTime", "time", "lxsj", "pubDate",
    ),
    "answer": (
        "answerContent", "replyContent", "dealWithDescription", "jieguo", "reply", "answer",
        "resultContent", "hfnr", "dealResult",
    ),
    "answered": (
        "answerDateline", "replyTime", "replyDate", "answerTime", "dealTime", "completeDate",
        "hfsj", "finishTime",
    ),
    "state": ("status", "state", "stateInfo", "zhuangtai", "statusName", "replyStatus"),
    "detail": ("url", "link", "detailUrl", "href"),
}  # fmt: skip
_WRITER = ("who", "nickName", "userName", "linkman", "name", "writer", "author", "xm", "realName")


@dataclass(frozen=True, slots=True)
class _Preset:
    """What is known of one system's answers: the rules that a source may leave out."""

    detail: str = ""
    cursor: str = ""


_PRESETS = {
    Family.PEOPLE_BOARD: _Preset(detail="/threads/content?tid={id}", cursor="lastItem"),
}


def read_list(text: str, page: Page, source: Source, now: datetime) -> ListPage:
    """Read the rows of a JSON answer; rows that hold the whole letter come with their documents.

    Raises:
        NotContentError: The answer is a refusal.
        LayoutChangedError: It holds no rows, or its rows name no letter.
    """
    answer = _open(text, page, source)
    rows = rows_of(answer, source.rules.get("items"))
    preset = _PRESETS.get(source.family, _Preset())
    items: list[ListedItem] = []
    documents: dict[str, list[Document]] = {}
    for row in rows:
        item = _item_of(row, page, source, preset)
        if item is None:
            continue
        items.append(item)
        if found := _documents_of(row, page, source, item, now):
            documents[item.key] = found
    if not items and source.expect.list_min_items > 0:
        raise LayoutChangedError(
            source.name, f"{page.url}: no row with an id ({_keys(rows, answer)})"
        )
    return ListPage(items, _next_list(rows, items, page, source, preset), documents)


def read_item(text: str, page: Page, source: Source, item: ListedItem, now: datetime) -> ItemPage:
    """Read a letter that comes as one JSON object.

    Raises:
        NotContentError: The letter is gone (S406).
        LayoutChangedError: No field holds a letter's content.
    """
    answer = _open(text, page, source)
    for row in _objects_in(answer):
        if found := _documents_of(row, page, source, item, now):
            return ItemPage(found)
    if not answer or (isinstance(answer, dict) and answer.get("data", 0) is None):
        raise NotContentError(source.name, f"{page.url}: the letter is gone", code=_MISSING)
    raise LayoutChangedError(source.name, f"{page.url}: no letter in it ({_keys([], answer)})")


def letter_and_answer(
    page: Page,
    source: Source,
    item: ListedItem,
    *,
    title: str,
    texts: tuple[str, str],
    times: tuple[str, str],
    names: Sequence[str],
    now: datetime,
) -> list[Document]:
    """Make the documents of a letter and of its answer, each with its own time.

    Args:
        page: Where they stood.
        source: The place.
        item: The row of the list that led to them.
        title: Of the letter.
        texts: The letter's and the answer's words; the answer's may be empty.
        times: When each was written, as the page shows it.
        names: Persons named beside the texts.
        now: When the page was fetched (UTC).
    """
    make = partial(
        make_document,
        source,
        item,
        address=item.url,
        title=title.replace("\n", " "),
        fetched_at=page.fetched_at,
        names=names,
    )
    parts = [("letter", DocumentRole.LETTER), ("answer", DocumentRole.ANSWER)]
    return [
        make(
            key=f"{item.key}/{name}", role=role, text=text, published=parse_published_at(shown, now)
        )
        for (name, role), text, shown in zip(parts, texts, times, strict=True)
        if text and (name == "letter" or source.read_replies)
    ]


def _open(text: str, page: Page, source: Source) -> object:
    try:
        return read_json(text)
    except ValueError:
        raise LayoutChangedError(source.name, f"{page.url}: the answer is no JSON") from None


def _objects_in(answer: object) -> list[Row]:
    """Return the object itself, and those one and two levels down, outermost first."""
    found: list[Row] = []
    level = answer[:3] if isinstance(answer, list) else [answer]
    for _ in range(3):
        objects = [each for each in level if isinstance(each, dict)]
        found += objects
        level = [value for each in objects for value in each.values()]
        level += [one for each in level if isinstance(each, list) for one in each[:3]]
    return found


def _told(row: Row, source: Source, name: str) -> str:
    own = source.rules.get(name)
    return text_at(row, own) if own else first_text(row, _NAMES[name])


def _item_of(row: Row, page: Page, source: Source, preset: _Preset) -> ListedItem | None:
    number = _told(row, source, "id")
    if not number:
        return None
    template = source.rules.get("detail", preset.detail)
    if "{" in template:
        url = urljoin(page.url, template.replace("{id}", quote(number, safe="")))
    else:
        told = text_at(row, template) if template else first_text(row, _NAMES["detail"])
        url = urljoin(form_of(page.url)[0], told)
    told = "|".join(_told(row, source, each) for each in ("state", "written", "answered"))
    digest = hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
    title = _plain(_told(row, source, "title")).replace("\n", " ")
    return list_item(f"m{number}", url, title, change_key=digest)


def _documents_of(
    row: Row, page: Page, source: Source, item: ListedItem, now: datetime
) -> list[Document]:
    letter = _plain(_told(row, source, "letter"))
    if not letter:
        return []
    return letter_and_answer(
        page,
        source,
        item,
        title=_plain(_told(row, source, "title")) or item.title,
        texts=(letter, _plain(_told(row, source, "answer"))),
        times=(_told(row, source, "written"), _told(row, source, "answered")),
        names=[value for name in _WRITER if (value := text_at(row, name))],
        now=now,
    )


def _next_list(
    rows: Sequence[Row],
    items: Sequence[ListedItem],
    page: Page,
    source: Source,
    preset: _Preset,
) -> str | None:
    """Page on by the source's rule, or by the last row's id where the system counts so."""
    if not items:
        return None
    if "paging" in source.rules:
        return next_by_rule(page.url, source.rules["paging"])
    if not preset.cursor:
        return None
    return _with_cursor(page.url, preset.cursor, _told(rows[-1], source, "id"))


def _with_cursor(address: str, name: str, value: str) -> str | None:
    """Put the last id read into the address or the form; None where it is there already."""
    before, marker, after = address.partition(f"{name}=")
    if not marker:
        return f"{address}&{name}={value}"
    old, _, rest = after.partition("&")
    if old == value:
        return None
    return f"{before}{marker}{value}{'&' + rest if rest else ''}"


def _plain(text: str) -> str:
    """Return what a reader sees of a value that may be HTML."""
    if "<" not in text:
        return tidy_lines(html.unescape(text))
    return readable_text(parse_html(f"<body>{text}</body>").body)


def _keys(rows: Sequence[Row], answer: object) -> str:
    """Name the fields that did come, for whoever must write the rules; never their values."""
    row = rows[0] if rows else answer
    names = sorted(map(str, row))[:12] if isinstance(row, dict) else [type(row).__name__]
    return "fields: " + ", ".join(names)
