"""The time of an article on a page that somebody made by hand."""

from datetime import UTC, datetime

import pytest

from monitor.domain import Basis, Family, ListedItem, Page, Source
from spiders import extract

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
SOURCE = Source("x", "x", Family.NEWS_LIST, Basis.NEWS, "http://a.example.cn/list.html")
TEXT = "会议要求各有关部门压实责任，抓紧清理拖欠农民工工资的历史积案，确保春节前基本清零。"


@pytest.mark.parametrize(
    ("below", "told"),
    [
        ("<div>2026-11-20 10:20 来源：县人社局</div>", datetime(2026, 11, 20, 2, 20, tzinfo=UTC)),
        ("<hr><p>发布：2026年11月20日 9:05</p>", datetime(2026, 11, 20, 1, 5, tzinfo=UTC)),
        (f"<p>自2024年3月5日起{TEXT * 3}</p>", None),
        ("<p>11-20 10:20</p>", None),
        ("<p>2031-01-01 10:00</p>", None),
    ],
)
def test_a_short_line_below_the_title_tells_the_time(below: str, told: datetime | None) -> None:
    html = (
        '<html><head><meta charset="utf-8"></head><body><h1>根治欠薪工作会议</h1>'
        f'{below}<div class="content"><p>{TEXT}</p></div></body></html>'
    )
    page = Page(
        "x", "http://a.example.cn/11.html", 200, {"Content-Type": "text/html"}, html.encode(), NOW
    )
    (article,) = extract.read_item(page, SOURCE, ListedItem("a11", page.url, ""), NOW).documents
    assert article.published_at == told
