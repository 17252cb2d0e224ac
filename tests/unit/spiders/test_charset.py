from datetime import UTC, datetime

import pytest

from monitor.domain import Basis, Family, Page, Source
from monitor.errors import CharsetError
from spiders.charset import decode_page, unescape_twice

WORDS = "清河论坛的工人说：工程队拖欠工资，一共三个月，请劳动监察大队帮忙。" * 3
SOURCE = Source("s", "来源", Family.DISCUZ, Basis.HELP_SECTION, "http://s.example/")


def make_page(body: bytes, content_type: str = "text/html") -> Page:
    headers = {"Content-Type": content_type}
    return Page("s", "http://s.example/", 200, headers, body, datetime(2026, 11, 23, tzinfo=UTC))


def html(words: str, charset: str, declared: str | None) -> bytes:
    meta = f'<meta charset="{declared}">' if declared else ""
    return f"<html><head>{meta}</head><body>{words}</body></html>".encode(charset)


@pytest.mark.parametrize("charset", ["utf-8", "gbk", "gb18030", "big5hkscs"])
@pytest.mark.parametrize("where", ["header", "meta", "nowhere"])
def test_a_page_is_read_whatever_its_charset_and_wherever_that_is_declared(
    charset: str, where: str
) -> None:
    words = WORDS if charset != "big5hkscs" else "工人說：工程隊拖欠工資，一共三個月，請幫忙。" * 5
    declared = {"gb18030": "gb2312", "big5hkscs": "big5"}.get(charset, charset)
    body = html(words, charset, declared if where == "meta" else None)
    header = f"text/html; charset={declared}" if where == "header" else "text/html"
    assert words in decode_page(make_page(body, header), SOURCE)


@pytest.mark.parametrize(("real", "declared"), [("gbk", "utf-8"), ("utf-8", "gbk")])
def test_a_wrong_declaration_is_not_believed(real: str, declared: str) -> None:
    page = make_page(html(WORDS, real, declared), f"text/html; charset={declared}")
    assert WORDS in decode_page(page, SOURCE)


def test_the_servers_standing_latin_1_proves_nothing() -> None:
    page = make_page(html(WORDS, "gbk", "gb2312"), "text/html; charset=ISO-8859-1")
    assert WORDS in decode_page(page, SOURCE)


def test_characters_outside_gb2312_are_read_though_gb2312_is_declared() -> None:
    words = WORDS + "镕喆"
    assert words in decode_page(make_page(html(words, "gbk", "gb2312")), SOURCE)


def test_a_character_cut_in_half_does_not_cost_the_page() -> None:
    body = html(WORDS, "gbk", "gbk").replace("帮忙".encode("gbk"), "帮忙".encode("gbk")[:3], 1)
    text = decode_page(make_page(body, "text/html; charset=gbk"), SOURCE)
    assert "清河论坛的工人说" in text


def test_bytes_that_are_no_text_are_refused() -> None:
    noise = bytes((7 * i * i + 3 * i) % 256 for i in range(4000))
    with pytest.raises(CharsetError):
        decode_page(make_page(noise), SOURCE)


def test_references_that_were_escaped_twice_become_their_characters() -> None:
    assert unescape_twice("王&#21894;和&amp;#128077;") == "王喆和👍"
    assert unescape_twice("A&B &lt;工资&gt;") == "A&B &lt;工资&gt;"
