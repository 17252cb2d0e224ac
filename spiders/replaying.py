"""The saved pages of a source: kept without anybody's words, and read again to see what changed.

Beside the source files lies `saved/<name>/`: one list page and some items, scrambled
(`scrambling.py`), and `expected.json`, what was read of them then. Reading them again shows a fault
of our rules; reading the site now shows a change of the site.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.domain import Document, ListedItem, Page, Problem, Source
from monitor.errors import SourceError
from spiders import extract
from spiders.charset import decode_page
from spiders.reading import ListPage
from spiders.scrambling import scramble

CHANGED, NOT_SAVED = "S419", "S421"
_MOST_ITEMS = 5
_EXPECTED = "expected.json"


@dataclass(frozen=True, slots=True)
class Answer:
    """One page to be saved, and the row of the list that led to it; None for the list itself."""

    asked: str
    page: Page
    item: ListedItem | None = None


def folder_of(sources: Path, name: str) -> Path:
    """Return where a source's saved pages lie."""
    return sources / "saved" / name


def has_saved(sources: Path, name: str) -> bool:
    """Tell whether pages of this source were saved."""
    return (folder_of(sources, name) / _EXPECTED).is_file()


def save(
    sources: Path, source: Source, answers: Sequence[Answer], listed: ListPage
) -> list[Problem]:
    """Save a list and its first items, scrambled; return what could not be.

    A page whose skeleton is not read like the page itself is not saved, and said.
    """
    folder = folder_of(sources, source.name)
    kept, problems = [], []
    known = {item.key: item for item in listed.items}
    for place, answer in enumerate(answers[: _MOST_ITEMS + 1]):
        told = _told(answer, source)
        bare = _bare(answer.page, source)
        if told is None or not _is_same(told, _told(_with_page(answer, bare), source)):
            what = "列表页" if answer.item is None else f"第 {place} 条"
            message = f"{what}去掉文字后读出的结果不同，没有存"
            problems.append(Problem(NOT_SAVED, source.name, message, "不影响使用；请报告给开发者"))
            continue
        kept.append(
            {
                "file": f"{place}.txt",
                "asked": answer.asked,
                "url": bare.url,
                "status": bare.status,
                "fetched_at": bare.fetched_at.isoformat(),
                "item": answer.item.key if answer.item else None,
                "item_url": known[answer.item.key].url if answer.item else None,
                "read": told,
            }
        )
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{place}.txt").write_bytes(bare.body)
    if kept:
        written = json.dumps({"pages": kept}, ensure_ascii=False, indent=1)
        (folder / _EXPECTED).write_text(written + "\n", "utf-8")
    return problems


def replay(sources: Path, source: Source) -> tuple[int, list[Problem]]:
    """Read the saved pages again; return how many there are, and what is read differently now."""
    folder = folder_of(sources, source.name)
    saved: list[dict[str, Any]] = json.loads((folder / _EXPECTED).read_text("utf-8"))["pages"]
    problems: list[Problem] = []
    for each in saved:
        at = datetime.fromisoformat(each["fetched_at"])
        body = (folder / Path(each["file"]).name).read_bytes()
        page = _page(source, each["url"], each["status"], body, at)
        item = ListedItem(each["item"], each["item_url"], "") if each["item"] else None
        now = _told(Answer(each["asked"], page, item), source)
        for difference in _differences(each["read"], now):
            cure = "规则或软件变了：核对规则，确认无误后 qingxin source test NAME --save 重存"
            problems.append(Problem(CHANGED, f"{source.name}: {each['file']}", difference, cure))
    return len(saved), problems


def _page(source: Source, url: str, status: int, body: bytes, at: datetime) -> Page:
    return Page(source.name, url, status, {"Content-Type": "text/html; charset=utf-8"}, body, at)


def _bare(page: Page, source: Source) -> Page:
    text = scramble(decode_page(page, source))
    return _page(source, page.url, page.status, text.encode(), page.fetched_at)


def _with_page(answer: Answer, page: Page) -> Answer:
    return Answer(answer.asked, page, answer.item)


def _told(answer: Answer, source: Source) -> dict[str, Any] | None:
    """Return what is read of a page, without its words; None when it cannot be read."""
    page = answer.page
    try:
        if answer.item is None:
            listed = extract.read_list(page, source, page.fetched_at)
            at_hand = [each for found in listed.documents.values() for each in found]
            return {
                "rows": [item.key for item in listed.items],
                "next": listed.next_url,
                "documents": [_shape(each) for each in at_hand],
            }
        read = extract.read_item(page, source, answer.item, page.fetched_at)
    except SourceError as error:
        return {"error": error.code}
    return {"next": read.next_url, "documents": [_shape(each) for each in read.documents]}


def _shape(document: Document) -> dict[str, Any]:
    at = document.published_at
    return {
        "key": document.key,
        "role": document.role.value,
        "published_at": at.isoformat() if at else None,
        "precision": document.precision.value,
    }


def _is_same(one: dict[str, Any], other: dict[str, Any] | None) -> bool:
    return not list(_differences(one, other))


def _differences(before: dict[str, Any], now: dict[str, Any] | None) -> Iterator[str]:
    """Say what is read differently, in words an administrator can act on."""
    now = now or {}
    if before.get("error") != now.get("error"):
        yield f"原先{before.get('error') or '读得出'}，现在{now.get('error') or '读得出'}"
        return
    if before.get("rows") != now.get("rows"):
        yield f"原先 {len(before['rows'])} 行，现在 {len(now['rows'])} 行，或编号不同"
    if before.get("next") != now.get("next"):
        yield "下一页的地址不同"
    earlier = {each["key"]: each for each in before.get("documents", [])}
    later = {each["key"]: each for each in now.get("documents", [])}
    if earlier.keys() != later.keys():
        yield f"原先 {len(earlier)} 份文书，现在 {len(later)} 份，或编号不同"
    for key in earlier.keys() & later.keys():
        changed = [name for name in earlier[key] if earlier[key][name] != later[key][name]]
        if changed:
            yield f"{key} 的 {'、'.join(changed)} 不同"
