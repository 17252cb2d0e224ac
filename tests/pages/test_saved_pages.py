"""Every saved page beside this file gives exactly what the TOML file of the same name says.

`encode` is the character set in which the page is sent; `absent` are words (names, phones, junk)
that may stand in nothing that is read from it.
"""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.domain import Basis, Document, Expectations, Family, ListedItem, Page, Source
from monitor.errors import SourceError
from spiders import extract
from spiders.reading import ItemPage, ListPage

FOLDER = Path(__file__).parent
SPECS = sorted(FOLDER.rglob("*.toml"))


def open_page(spec_path: Path) -> tuple[dict[str, Any], Page, Source]:
    spec = tomllib.loads(spec_path.read_text("utf-8"))
    saved = next(path for path in spec_path.parent.glob(f"{spec_path.stem}.*") if path != spec_path)
    content_type = spec.get("content_type", "text/html; charset=utf-8")
    now = datetime.fromisoformat(spec.get("now", "2026-11-23T12:30:00+08:00"))
    text = saved.read_text("utf-8")
    body = text.encode(spec.get("encode", "utf-8"), errors="strict")
    headers = {"Content-Type": content_type}
    page = Page("saved", spec["url"], spec.get("status", 200), headers, body, now)
    source = Source(
        "saved",
        "来源",
        Family(spec["family"]),
        Basis.NEWS,
        "http://list.example.com/",
        rules=spec.get("rules", {}),
        expect=Expectations(list_min_items=spec.get("list_min_items", 1)),
    )
    return spec, page, source


def read_any(kind: str, page: Page, source: Source, item: ListedItem) -> ListPage | ItemPage:
    if kind == "list":
        return extract.read_list(page, source, page.fetched_at)
    return extract.read_item(page, source, item, page.fetched_at)


def check_documents(expected: list[dict[str, Any]], found: list[Document]) -> None:
    assert [document.key for document in found] == [each["key"] for each in expected]
    for wanted, document in zip(expected, found, strict=True):
        assert document.text == wanted["text"].strip("\n")
        assert document.title == wanted["title"]
        assert document.role == wanted["role"]
        assert document.precision == wanted["precision"]
        at = wanted["published_at"]
        assert document.published_at == (datetime.fromisoformat(at) if at else None)
        assert document.extraction == wanted.get("extraction", "rules")


def check_items(expected: list[dict[str, Any]], listed: ListPage) -> None:
    found = [
        {"key": item.key, "title": item.title, "url": item.url}
        | ({"pinned": True} if item.pinned else {})
        for item in listed.items
    ]
    assert found == expected
    assert all(item.change_key for item in listed.items)


@pytest.mark.parametrize("spec_path", SPECS, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_saved_page_gives_what_is_expected_of_it(spec_path: Path) -> None:
    spec, page, source = open_page(spec_path)
    item = ListedItem(spec.get("key", ""), spec["url"], "列表里的标题")
    if "error" in spec:
        with pytest.raises(SourceError) as caught:
            read_any(spec["read"], page, source, item)
        assert caught.value.code == spec["error"]
        return
    if spec["read"] == "list":
        listed = extract.read_list(page, source, page.fetched_at)
        check_items(spec.get("items", []), listed)
        at_hand = [document for each in listed.documents.values() for document in each]
        check_documents(spec.get("documents", []), at_hand)
        assert listed.next_url == spec.get("next_url")
        told = repr(listed)
    else:
        read = extract.read_item(page, source, item, page.fetched_at)
        check_documents(spec["documents"], read.documents)
        assert read.next_url == spec.get("next_url")
        told = repr(read)
    assert [word for word in spec.get("absent", []) if word in told] == []


def test_the_time_passing_by_itself_changes_no_change_key() -> None:
    spec = FOLDER / "discuz" / "list.toml"
    _, page, source = open_page(spec)
    later = Page(
        page.source, page.url, page.status, page.headers,
        page.body.replace("38&nbsp;分钟前".encode(), "2&nbsp;小时前".encode())
        .replace(b"<em>40</em>", b"<em>99</em>"),
        page.fetched_at,
    )  # fmt: skip
    replied = Page(
        page.source, page.url, page.status, page.headers,
        page.body.replace(b"2026-11-23 11:52", b"2026-11-23 11:53"), page.fetched_at,
    )  # fmt: skip

    def change_key(page: Page) -> str:
        items = extract.read_list(page, source, page.fetched_at).items
        return next(item.change_key for item in items if item.key == "t204")

    assert change_key(later) == change_key(page)
    assert change_key(replied) != change_key(page)
