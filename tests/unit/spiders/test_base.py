"""`<base href>`: the links of a page count from where it says, in every family."""

from datetime import UTC, datetime

import pytest

from monitor.domain import Basis, Family, Page, Source
from spiders import extract
from spiders.markup import link_of, parse_html

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
ROWS = "".join(
    f'<li><a href="art/2026/{n}.html">第{n}条：河堤工程的工资</a><span>2026-11-20</span></li>'
    for n in range(1001, 1006)
)


@pytest.mark.parametrize(
    ("base", "leads_to"),
    [
        ("/xw/", "http://news.example.cn/xw/1001.html"),
        ("http://www.example.cn/col/", "http://www.example.cn/col/1001.html"),
        ("//www.example.cn/col/", "http://www.example.cn/col/1001.html"),
        ("javascript:alert(1)", "http://news.example.cn/list/1001.html"),
        ("", "http://news.example.cn/list/1001.html"),
    ],
)
def test_a_link_counts_from_the_base_of_its_page(base: str, leads_to: str) -> None:
    head = f'<head><BASE target="_blank"><base href="{base}"></head>'
    tree = parse_html(
        f'<html>{head}<body><a href="1001.html">x</a><a href="#a">y</a></body></html>'
    )
    first, second = tree.css("a")
    assert link_of(first, "http://news.example.cn/list/index.html") == leads_to
    assert link_of(second, "http://news.example.cn/list/index.html") is None


@pytest.mark.parametrize("family", [Family.NEWS_LIST, Family.TRS, Family.DEDECMS, Family.GENERIC])
def test_a_list_with_a_base_leads_to_its_items(family: Family) -> None:
    rules = {"row": "ul.list li", "body": "div"} if family is Family.GENERIC else {}
    source = Source(
        "x", "x", family, Basis.NEWS, "http://news.example.cn/a/b/index.html", rules=rules
    )
    html = (
        '<html><head><meta charset="utf-8"><base href="http://news.example.cn/"></head><body>'
        f'<div class="listbox"><ul class="list e2">{ROWS}</ul></div></body></html>'
    )
    page = Page("x", source.url, 200, {"Content-Type": "text/html"}, html.encode(), NOW)
    listed = extract.read_list(page, source, NOW)
    assert {item.url for item in listed.items} == {
        f"http://news.example.cn/art/2026/{n}.html" for n in range(1001, 1006)
    }


def test_a_mailbox_with_a_base_leads_to_its_letters() -> None:
    source = Source(
        "x", "x", Family.MAILBOX, Basis.ADDRESSED_TO_AUTHORITY, "http://a.example.cn/m/list.html"
    )
    rows = "".join(
        f'<tr><td>{n}</td><td><a href="show.do?id={n}">反映工资问题第{n}封</a></td>'
        "<td>2026-11-20</td></tr>"
        for n in range(2001, 2006)
    )
    html = (
        '<html><head><meta charset="utf-8"><base href="http://a.example.cn/jact/"></head><body><table>'
        f"<tr><th>编号</th><th>标题</th><th>日期</th></tr>{rows}</table></body></html>"
    )
    page = Page("x", source.url, 200, {"Content-Type": "text/html"}, html.encode(), NOW)
    listed = extract.read_list(page, source, NOW)
    assert [item.url for item in listed.items] == [
        f"http://a.example.cn/jact/show.do?id={n}" for n in range(2001, 2006)
    ]
