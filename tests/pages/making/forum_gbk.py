"""Discuz! X3.4 in GBK with rewritten addresses: what an old forum of a county looks like."""

from collections.abc import Iterator
from typing import Any

from tests.pages.making.boards import listed, row
from tests.pages.making.forum import (
    SITE,
    TIPS,
    discuz_time,
    notice,
    shown_post,
    simple,
    thread,
)
from tests.pages.making.kinds import Saved, ago, fill
from tests.pages.making.words import MEMBERS, Said, post

GBK: dict[str, Any] = {"encode": "gbk", "content_type": "text/html; charset=gbk"}
UNSAID: dict[str, Any] = {"encode": "gbk", "content_type": "text/html"}


def old(name: str, number: int, posts: list[Any], **more: Any) -> Saved:
    """A thread of the old board."""
    tid = number + 300
    told = {
        "old": True, "charset": "gbk", "sent": GBK, "url": f"{SITE}thread-{tid}-1-1.html",
        "board_url": "forum-2-1.html",
    } | more  # fmt: skip
    return thread(name, number, posts, **told)


def x34() -> Iterator[Saved]:
    """The pages."""
    yield old("declared-in-header-and-page", 17, simple(17))
    yield old("declared-nowhere", 18, simple(18, first_days=12), charset="", sent=UNSAID)
    wrong = {"encode": "gb18030", "content_type": "text/html; charset=utf-8"}
    yield old("declared-utf-8-wrongly", 19, simple(19), charset="utf-8", sent=wrong)
    latin = {"encode": "gbk", "content_type": "text/html; charset=ISO-8859-1"}
    yield old("header-says-latin", 20, simple(20, first_days=2), sent=latin)
    yield old("characters-outside-gbk", 21, rare_characters(21))
    yield old("robots-see-no-floors", 22, simple(22), robot=True)
    yield old("reply-to-a-floor", 24, old_style_replies(24))
    yield old("signature-comments-ratings", 25, decorated(25), absent=["点评", "贫道只渡有缘人"])
    modact = (
        '<div class="modact"><a href="forum.php?mod=misc&amp;action=viewthreadmod&amp;tid=326" '
        f'title="主题操作">本主题由 {MEMBERS[7]} 于 2026-11-20 09:00 关闭</a></div>'
    )
    yield old("closed-by-a-moderator", 26, simple(26), closed=True, modact=modact,
              absent=[MEMBERS[7]])  # fmt: skip
    yield old("pinned-reply", 27, pinned_reply(27))
    turned = list(reversed(simple(28)))
    url = f"{SITE}forum.php?mod=viewthread&tid=328&extra=&ordertype=1"
    plain = {"url": url, "opening": 2}
    yield old("newest-reply-first", 28, turned, **plain)
    yield old("poll", 29, poll(29), absent=["投票", "44%"])
    paid = simple(0, replies=2)
    paid[0].blocked = "<em>购买主题</em> 本主题需向作者支付 <strong>5 金钱</strong> 才能浏览"
    paid[0].wanted = ""
    yield old("paid-thread", 0, paid, absent=["购买主题"])
    yield old("table-and-list", 12, table_and_list(12))
    tips = simple(13)
    tips[0].html = f"{TIPS}\n{tips[0].html}"
    yield old("tips-for-guests", 13, tips, absent=["马上注册", "立即注册"])
    closed = "论坛维护中，预计明早八点恢复，给您带来不便敬请谅解"
    yield notice("site-closed", 14, closed, "S404", old=True, charset="gbk", sent=GBK)
    yield rewritten_board("board-rewritten")


def rare_characters(number: int) -> list[Any]:
    """Characters that GBK has not: as numbers, once escaped and twice."""
    said = Said("砖窑的工钱|我们村在𡋾头，六个人干了一个月😭|老板姓㵙，说好十月结。")
    words = (
        f"我们村在&#{ord('𡋾')};头，六个人干了一个月&amp;#{ord('😭')};<br />\n"
        f"老板姓&amp;#{ord('㵙')};，说好十月结。"
    )
    posts = simple(number)
    posts[0] = shown_post(number, said, ago(hours=5, minutes=1, seconds=9), place=0, words=words)
    return posts


def old_style_replies(number: int) -> list[Any]:
    """Replies that name whom they answer, as boards of 2012 wrote it, and a mention."""
    posts = simple(number, replies=3, first_days=20)
    first, second = posts[1], posts[2]
    first.html = (
        f"<b>回复 <a href='forum.php'>1#</a> <i>{posts[0].author}</i> </b><br />\n{first.html}"
    )
    second.html = f"@{posts[1].author} ，{second.html}"
    second.wanted = f"@〔网友〕 ，{second.wanted}"
    return posts


def decorated(number: int) -> list[Any]:
    """Signatures, comments under a post, ratings: words of other people around it."""
    posts = simple(number)
    for each in posts:
        each.signature = "贫道只渡有缘人，二手车、过户、年检请找小店"
    posts[0].comments = (
        f'<h3 class="psth xs1">点评</h3><div class="pstl xs1 cl"><div class="psta vm"><a href="home.php'
        f'?mod=space&amp;uid=71">{MEMBERS[9]}</a></div><div class="psti">已阅，帮转&nbsp;<span class="xg1">'
        "发表于 2026-11-23 12:01</span></div></div>"
        '<table class="ratl"><tr><th>参与人数 1</th><th>金钱 +2</th></tr><tr><td>'
        f"{MEMBERS[10]}</td><td>+ 2</td></tr></table>"
    )
    return posts


def pinned_reply(number: int) -> list[Any]:
    """A reply that the board's keeper put under the opening post."""
    posts = simple(number, replies=3, first_days=5)
    posts[
        1
    ].floor = (
        '<img src ="static/image/common/settop.png" title="置顶回复" /> 来自 <em>4</em><sup>#</sup>'
    )
    return posts


def poll(number: int) -> list[Any]:
    """A poll: the text stands in a box of its own, the choices beside it."""
    posts = simple(number)
    posts[0].special = True
    posts[0].below = (
        '<form id="poll" name="poll" method="post" action="forum.php?mod=misc&amp;action=votepoll"><div '
        'class="pinf"><strong>单选投票</strong>, 共有 <strong>9</strong> 人参与投票</div><div class="pcht">'
        '<table summary="poll panel"><tr><td class="pvt"><label>1. &nbsp;按月发</label></td></tr><tr><td>'
        '<em style="color:#E92725">44%</em> (4)</td></tr></table></div></form>'
    )
    return posts


def table_and_list(number: int) -> list[Any]:
    """A post with a table and an unclosed list, as the board's own marks make them."""
    said = Said(
        "各班组未结清单|清单如下，数字是核对过的：|班组 人数 欠款|瓦工 9 31200|木工 6 18800|工人要求|先给路费|月底结清"
    )
    words = (
        '清单如下，数字是核对过的：<br />\n<table cellspacing="0" class="t_table" style="width:60%"><tr><td>'
        "班组</td><td>人数</td><td>欠款</td></tr><tr><td>瓦工</td><td>9</td><td>31200</td></tr><tr><td>木工"
        "</td><td>6</td><td>18800</td></tr></table>工人要求<br />\n<ul><br />\n<li>先给路费<br />\n<li>"
        "月底结清<br />\n</ul>"
    )
    posts = simple(number)
    posts[0] = shown_post(number, said, ago(days=8, seconds=4), place=0, words=words)
    return posts


def rewritten_board(name: str) -> Saved:
    """A board whose links are rewritten, and whose next page is."""
    rows = [
        row(
            each, url=f"thread-{300 + each}-1-1.html", plain_url=f"{SITE}thread-{300 + each}-1-1.html",
            last=discuz_time(ago(days=each * 3, minutes=7), seconds=False),
        )
        for each in range(1, 8)
    ]  # fmt: skip
    pager = '<div class="pg"><a href="forum-2-1.html" class="prev">1</a><strong>2</strong><a href="forum-2-3.html" class="nxt">下一页</a></div>'
    text = fill("discuz_list.html", rows=rows, pager=pager, old=True, charset="gbk",
                moderator="老木匠董三")  # fmt: skip
    return Saved(
        name, "discuz", "list", f"{SITE}forum-2-2.html", text, sent=GBK, items=listed(rows),
        next_url=f"{SITE}forum-2-3.html", absent=["老木匠董三", post(99).title + "x"],
    )  # fmt: skip
