"""Feeds, WordPress's REST lists, and sites of no family that a few rules describe."""

import html
from collections.abc import Iterator
from typing import Any

from tests.pages.making.entries import BLOG, Entry, entries, rss
from tests.pages.making.kinds import NOW, Saved, ago
from tests.pages.making.words import REPORTERS, Said


def fed(name: str, found: list[Entry], text: str, **over: Any) -> Saved:
    """A feed's page."""
    whole = over.pop("whole", True)
    sent = {"content_type": "application/rss+xml; charset=UTF-8"} | over.pop("sent", {})
    return Saved(
        name, "feed", "list", over.pop("url", f"{BLOG}feed/"), text, ending="xml", sent=sent,
        items=[each.item() for each in found], documents=[each.wanted() for each in found] if whole else [],
        absent=sorted({each.author for each in found}), **over,
    )  # fmt: skip


def feeds() -> Iterator[Saved]:
    """RSS and Atom."""
    found = entries(41)
    yield fed("whole-texts", found, rss(found))
    found = entries(51)
    yield fed("summaries-only", found, rss(found, whole=False), whole=False)
    found = [
        Entry(n, url=f"{BLOG}2026/11/{n}-x/", guid=f"urn:qinghe:{n}", key=f"gurn:qinghe:{n}")
        for n in range(61, 65)
    ]
    yield fed("named-by-guid", found, rss(found))
    found = entries(71)
    gbk = {"encode": "gbk", "content_type": "application/xml"}
    yield fed(
        "gbk-in-the-declaration-only",
        found,
        rss(found, declaration='<?xml version="1.0" encoding="gbk"?>\n'),
        sent=gbk,
    )
    found = entries(81)
    yield fed(
        "declared-gbk-but-utf-8",
        found,
        rss(found, declaration='<?xml version="1.0" encoding="gb2312"?>\n'),
        sent={"content_type": "text/xml"},
    )
    found = entries(91)
    yield fed("times-without-zone", found, rss(found, date="%Y-%m-%d %H:%M:%S"))
    found = entries(101, precision="day")
    yield fed("days-only", found, rss(found, date="%Y-%m-%d"))
    found = entries(111)
    yield fed("local-zone", found, rss(found, date="%a, %d %b %Y %H:%M:%S +0800"))
    atom = entries(121)
    parts = "".join(
        f'<entry><id>{each.url}</id><title type="html">{each.said.title}</title><link rel="alternate" href="{each.url}"/><author><name>{each.author}</name></author><published>{each.at.isoformat()}</published><updated>{ago(days=0.5).isoformat()}</updated><summary>摘要</summary><content type="html">{html.escape(each.content)}</content></entry>'
        for each in atom
    )
    head = f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>清河新闻</title><id>{BLOG}</id><updated>{NOW.isoformat()}</updated>'
    yield fed(
        "atom", atom, f"{head}{parts}</feed>\n", sent={"content_type": "application/atom+xml"}
    )
    quoted = [Entry(131, said=Said("工资 & 考勤 <一>|写作 1 < 2，意思是“先干后结”。"))]
    yield fed("marks-in-a-title", quoted, rss(quoted))
    signed = entries(141, 2)
    text = rss(signed).replace(
        "</p>\n]]>", f"</p>\n<p>（记者 {REPORTERS[0]}）</p><p>责任编辑：{REPORTERS[1]}</p>]]>"
    )
    yield fed("signed", signed, text)
    broken = entries(151, 2)
    yield fed("a-stray-ampersand", broken, rss(broken).replace("讨薪、维权", "讨薪 & 维权"))
    tail = entries(161, 2)
    appended = rss(tail).replace(
        "]]></content:encoded>",
        '<div class="related"><p>相关文章</p></div><p class="share">分享</p>]]></content:encoded>',
    )
    yield fed("related-articles-inside", tail, appended)
    yield Saved("empty", "feed", "list", f"{BLOG}feed/", rss([]), ending="xml", error="S403")
    yield Saved(
        "sentence",
        "feed",
        "list",
        f"{BLOG}forum.php?mod=rss&fid=99",
        "指定的版块不存在\n",
        ending="xml",
        error="S404",
    )
    dated = [Entry(171, at=ago(days=900))]
    yield fed("very-old", dated, rss(dated))
