"""Layouts told apart, outlines without anybody's words, rubbish told from Chinese."""

from datetime import UTC, datetime

import pytest

from spiders.shapes import ALIKE_AT, alike, is_garbled, outline, shape_of_text
from tests.loopback_forums import Forum, frame

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def page(path: str) -> str:
    body = Forum.make(40, 2, NOW).answer(path)
    assert body is not None
    return body.decode()


LIST = page("/forum.php?mod=forumdisplay&fid=2")


def test_a_list_keeps_its_shape_whatever_it_says_and_when_it_is_empty() -> None:
    shape = shape_of_text(LIST)
    other = page("/forum.php?mod=forumdisplay&fid=2&page=2")
    assert alike(shape, shape_of_text(other)) > 0.9
    empty = frame("求助", "<table></table>").decode()
    assert alike(shape, shape_of_text(empty)) >= ALIKE_AT


@pytest.mark.parametrize(
    "text",
    [
        "<body><form><input type=password></form></body>",
        "<body><div id=verify>请完成安全验证</div></body>",
        "<body class=app><main id=root><section class=card></section></main></body>",
        "",
    ],
)
def test_another_layout_has_another_shape(text: str) -> None:
    assert alike(shape_of_text(LIST), shape_of_text(text)) < ALIKE_AT


def test_an_outline_holds_no_word_of_the_page() -> None:
    text = (
        "<title>张三丰的主页</title><body><div id='zhangsanfeng' class='card_7788 zhangsanfeng'>"
        "<p>我是张三丰，电话 13812345678</p><a>zhangsanfeng</a></div></body>"
    )
    shown = outline(text)
    assert "div.card" in shown
    for word in ("张三丰", "1381234", "zhangsanfeng", "7788"):
        assert word not in shown
    assert all(f"hao{n}" not in outline(LIST) for n in range(50))


def test_a_deep_page_does_no_harm() -> None:
    assert outline("<div>" * 200_000 + "文字")
    assert shape_of_text("<div>" * 200_000) is not None


@pytest.mark.parametrize("declared", ["gb18030", "latin-1"])
def test_text_that_was_read_wrongly_is_told_from_chinese(declared: str) -> None:
    titles = [
        "清河小区二期工程拖欠我们八个人三个月工资，找谁都不管",
        "请问劳动监察大队在哪里办公？",
    ] * 3
    assert not is_garbled(titles)
    assert is_garbled([title.encode().decode(declared, errors="replace") for title in titles])
    assert not is_garbled(["short"])
