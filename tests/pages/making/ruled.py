"""Sites of no family, which a few rules describe."""

import html
from collections.abc import Iterator
from typing import Any

from tests.pages.making.kinds import NOW, Saved, Wanted, ago, iso
from tests.pages.making.words import MEMBERS, article, post, reply

PHPBB = "http://old.qinghe.example/bbs/"


PHPBB_RULES = {
    "row": "li.row",
    "link": "a.topictitle",
    "changed": "dd.posts, dd.lastpost time",
    "body": "div.content",
    "post": "div.post",
    "time": "p.author time",
    "title": "h2.topic-title",
    "remove": "blockquote, div.signature",
    "key": r"[?&]t=(\d+)",
    "next": "li.next a",
    "item_next": "li.next a",
}


def topic(name: str, number: int, **over: Any) -> Saved:
    """A topic of a forum that no adapter knows."""
    began = ago(days=over.pop("days", 3), minutes=number)
    count = over.pop("replies", 2)
    inside = over.pop("inside", {})
    said = [post(number), *(reply(number + each) for each in range(1, count + 1))]
    blocks, wanted, names = [], [], []
    for place, each in enumerate(said):
        at = (
            began.replace(second=0)
            if not place
            else (began + (NOW - began) / (count + 2) * place).replace(second=0, microsecond=0)
        )
        author = MEMBERS[(number + place) % len(MEMBERS)]
        names.append(author)
        words = inside.get(place, "") + "<br>\n".join(
            html.escape(line, quote=False) for line in each.paragraphs
        )
        ident = f'id="p{number * 10 + place}" ' if not over.get("unnamed") else ""
        blocks.append(
            f'<div {ident}class="post has-profile bg{place % 2}"><div class="inner"><dl class="postprofile"><dt><a href="./memberlist.php?mode=viewprofile&amp;u={place}" class="username">{author}</a></dt><dd>帖子: {place * 9}</dd></dl><div class="postbody"><h3><a href="#p">回复: {post(number).title}</a></h3><p class="author">由 <strong>{author}</strong> » <time datetime="{at.isoformat()}">{at:%m月%d日}</time></p><div class="content">{words}</div><div class="signature">老实人做事</div></div></div></div>'
        )
        name_of = f"p{number * 10 + place}" if ident else f"n{place}"
        wanted.append(
            Wanted(
                f"a{number}/{name_of}",
                "post" if not place and over.get("first", True) else "reply",
                post(number).title,
                each.text,
                at.isoformat(),
                "second",
            )
        )
    pager = over.pop("pager", "")
    text = f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{post(number).title} - 老清河</title></head><body id="phpbb"><div id="page-header"><a href="./index.php">老清河</a></div><h2 class="topic-title"><a href="#">{post(number).title}</a></h2><div class="pagination"><ul>{pager}</ul></div>{"".join(blocks)}<div id="page-footer">Powered by phpBB</div></body></html>\n'
    over.pop("unnamed", None)
    over.pop("first", None)
    return Saved(
        name,
        "generic",
        "item",
        over.pop("url", f"{PHPBB}viewtopic.php?t={number}"),
        text,
        key=f"a{number}",
        rules=PHPBB_RULES,
        documents=wanted,
        absent=[*names, "老实人做事", *over.pop("absent", [])],
        **over,
    )


def ruled() -> Iterator[Saved]:
    """Sites that a few rules describe."""
    yield topic("topic", 1001)
    yield topic("topic-alone", 1002, replies=0)
    yield topic("many-replies", 1003, replies=9, days=30)
    quote = '<blockquote class="uncited"><div>河边老柳 写了: 同样的情况</div></blockquote>'
    yield topic("quoted", 1004, inside={1: quote})
    yield topic("no-ids", 1005, unnamed=True)
    pager = '<li class="next"><a href="./viewtopic.php?t=1006&amp;start=10">下一页</a></li>'
    yield topic(
        "page-one-of-two", 1006, pager=pager, next_url=f"{PHPBB}viewtopic.php?t=1006&start=10"
    )
    script = "<script>var x = 1;</script><style>p{color:red}</style>"
    yield topic("scripts-in-a-post", 1007, inside={0: script}, absent=["color:red"])
    gone = topic("gone", 1008, error="S406", sent={"status": 404})
    gone.documents = []
    yield gone
    changed = topic("layout-changed", 1009, error="S403")
    changed.text, changed.documents = changed.text.replace('class="content"', 'class="message"'), []
    yield changed
    numbers = range(1010, 1016)
    rows = "".join(
        f'<li class="row bg1"><dl><dt><a href="./viewtopic.php?t={n}" class="topictitle">{post(n).title}</a><br/>由 <a class="username">{MEMBERS[n % 9]}</a></dt><dd class="posts">{n % 7}</dd><dd class="lastpost"><time datetime="{ago(days=n % 9).isoformat()}">昨天</time></dd></dl></li>'
        for n in numbers
    )
    text = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>求助</title></head><body><ul class="topiclist">{rows}</ul><div class="pagination"><ul><li class="next"><a href="./viewforum.php?f=3&amp;start=25">下一页</a></li></ul></div></body></html>\n'
    items = [
        {"key": f"a{n}", "title": post(n).title, "url": f"{PHPBB}viewtopic.php?t={n}"}
        for n in numbers
    ]
    yield Saved(
        "forum",
        "generic",
        "list",
        f"{PHPBB}viewforum.php?f=3",
        text,
        rules=PHPBB_RULES,
        items=items,
        next_url=f"{PHPBB}viewforum.php?f=3&start=25",
    )
    yield Saved(
        "forum-without-rows",
        "generic",
        "list",
        f"{PHPBB}viewforum.php?f=3",
        text.replace('class="row', 'class="line'),
        rules=PHPBB_RULES,
        error="S403",
    )
    paper = {
        "row": ".newsItem",
        "body": ".newsContent",
        "time": ".newsDate",
        "title": ".newsTitle",
        "remove": ".copyright",
        "role": "article",
        "paging": "index_{n}.html from 2",
    }
    site = "http://paper.qinghe.example/col/"
    for n, (name, shown, at, precision) in enumerate(
        (
            ("article", "2026-11-20 09:05", ago(days=3, hours=3, minutes=25), "minute"),
            ("article-no-year", "11-20 09:05", ago(days=3, hours=3, minutes=25), "year_guessed"),
            ("article-yesterday", "昨天 20:15", ago(hours=16, minutes=15), "minute"),
        ),
        1101,
    ):
        said = article(n)
        inner = f'<div class="newsTitle">{said.title}</div><div class="newsDate">日期：{shown}</div><div class="newsContent">{"".join(f"<p>{each}</p>" for each in said.paragraphs)}<div class="copyright">版权所有</div></div>'
        page = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>x</title></head><body><div class="menu">菜单</div>{inner}<div class="foot">页脚</div></body></html>\n'
        yield Saved(
            name,
            "generic",
            "item",
            f"{site}{n}.html",
            page,
            key=f"a{n}",
            rules=paper,
            documents=[
                Wanted(
                    f"a{n}/text", "article", said.title, said.text, iso(at, precision), precision
                )
            ],
            absent=["版权所有", "菜单"],
        )
    rows = "".join(
        f'<div class="newsItem"><a href="{n}.html">{article(n).title}</a></div>'
        for n in range(1101, 1105)
    )
    items = [
        {"key": f"a{n}", "title": article(n).title, "url": f"{site}{n}.html"}
        for n in range(1101, 1105)
    ]
    text = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>x</title></head><body>{rows}</body></html>\n'
    yield Saved(
        "column",
        "generic",
        "list",
        f"{site}index.html",
        text,
        rules=paper,
        items=items,
        next_url=f"{site}index_2.html",
    )
    yield Saved(
        "column-page-two",
        "generic",
        "list",
        f"{site}index_2.html",
        text,
        rules=paper,
        items=items,
        next_url=f"{site}index_3.html",
    )
