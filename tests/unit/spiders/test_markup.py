import time

import pytest

from spiders.markup import parse_html, places_of, readable_text


def text_of(html: str, without: str = "i") -> str:
    body = parse_html(f"<body>{html}</body>").body
    assert body is not None
    return readable_text(body, places_of(body, without))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("一<br />二<br>三", "一\n二\n三"),
        ("<p>　　一</p><p></p><p>二&nbsp; 三</p>", "一\n二 三"),
        ("<ul><br /><li>甲<li>乙</ul>", "甲\n乙"),
        ("<table><tr><td>甲</td><td>乙</td></tr></table>", "甲 乙"),
        ("看<script>x</script><style>y</style><span style='DISPLAY : none'>z</span>见", "看见"),
        ("留<i>去<b>也去</b></i>下", "留下"),
        ("一\n二", "一 二"),
        ("隐\u200b形\ufeff", "隐形"),
        ("&amp;#21894;", "喆"),
    ],
)
def test_lines_are_what_a_reader_sees(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize("tag", ["<div>", "<b>", "<ul><li>", "<table><tr><td>", "<p><span>"])
def test_a_page_nested_without_end_is_read_in_reasonable_time(tag: str) -> None:
    started = time.perf_counter()
    assert "先" in text_of(f"<p>先</p>{tag * 100_000}后", without="i, div.quote, b u")
    assert time.perf_counter() - started < 5


def test_a_long_page_that_is_not_deep_is_read_to_its_end() -> None:
    assert text_of("<div><b>行</b></div>" * 20_000 + "尾").endswith("尾")
