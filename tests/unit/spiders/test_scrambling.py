"""What is kept of a page tells nothing of anyone, and is still read like the page."""

from pathlib import Path

import pytest

from monitor.domain import ListedItem
from spiders.reading import ListPage
from spiders.replaying import Answer, has_saved, replay, save
from spiders.scrambling import scramble, scramble_words
from tests.pages.making.words import MEMBERS, REPORTERS, WRITERS
from tests.pages.test_saved_pages import SPECS, open_page

# The words of a page's own furniture that the tests of pages name as absent.
FURNITURE = {"编辑", "屏蔽", "投票", "隐藏内容", "点评"}
LEAST_SAVED = 0.95


@pytest.mark.parametrize("path", SPECS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_word_of_anybody_is_left(path: Path) -> None:
    spec, page, _ = open_page(path)
    left = scramble(page.body.decode("utf-8", errors="replace"))
    if spec.get("encode", "utf-8") != "utf-8":
        left = scramble(page.body.decode(spec["encode"]))
    people = {*MEMBERS, *REPORTERS, *WRITERS, *spec.get("absent", [])} - FURNITURE
    assert [name for name in people if name in left] == []
    lines = [line for each in spec.get("documents", []) for line in each["text"].split("\n")]
    assert [line for line in lines if len(line) > 8 and line in left] == []


def test_a_page_is_read_like_its_skeleton_or_not_kept(tmp_path: Path) -> None:
    kept = readable = 0
    for number, path in enumerate(SPECS):
        spec, page, source = open_page(path)
        if "error" in spec:
            continue
        readable += 1
        item = None if spec["read"] == "list" else ListedItem(spec["key"], spec["url"], "")
        listed = ListPage([item] if item else [])
        folder = tmp_path / str(number)
        problems = save(folder, source, [Answer(spec["url"], page, item)], listed)
        if not problems:
            kept += 1
            assert replay(folder, source) == (1, [])
        else:
            assert not has_saved(folder, source.name)
            assert "没有存" in problems[0].message
    assert kept >= readable * LEAST_SAVED


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("发表于 2026-11-3 10:07:33", "发表于 2026-11-3 10:07:33"),
        ("来信人：王建国", "来信人：文文文"),
        ("电话13800001234", "文文00000000000"),
        ("12", "12"),
        ("张三 昨天 21:05", "文文 昨天 21:05"),
        ("ok thanks", "xx xxxxxx"),
        ("&#134158;村", "文文"),
    ],
)
def test_dates_and_labels_stay_and_words_go(written: str, left: str) -> None:
    assert scramble_words(written) == left


def test_members_addresses_go() -> None:
    member = '<a href="home.php?mod=space&amp;uid=7">甲</a>'
    assert scramble(member) == '<a href="#">文</a>'
    thread = '<a href="thread-9-1-1.html" title="乙丙">丁</a>'
    assert scramble(thread) == '<a href="thread-9-1-1.html" title="文文">文</a>'
