"""The archiver and the print view of the same threads."""

import html
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tests.pages.making.forum import (
    ATTACHMENTS,
    HIDDEN_PART,
    PICTURE,
    SITE,
    Shown,
    discuz_time,
    names_in,
    shown_post,
    simple,
)
from tests.pages.making.kinds import Saved, Wanted, ago, fill, iso
from tests.pages.making.words import MEMBERS, Said, masked_post, post

ARCHIVER = f"{SITE}archiver/"


def named_by_time(posts: list[Shown], tid: int, title: str, precision: str) -> list[Wanted]:
    """These views show no ids: posts are named by their times."""
    seen: dict[str, int] = {}
    wanted = []
    for place, each in enumerate(posts):
        at = each.at.replace(second=0) if precision == "minute" else each.at
        name = f"at{_utc(at)}"
        seen[name] = seen.get(name, 0) + 1
        name += f"-{seen[name]}" if seen[name] > 1 else ""
        if each.wanted:
            role = "post" if place == 0 else "reply"
            wanted.append(
                Wanted(f"t{tid}/{name}", role, title, each.wanted, iso(at, precision), precision)
            )
    return wanted


def _utc(at: datetime) -> str:
    return f"{at - at.utcoffset():%Y%m%d%H%M%S}" if at.utcoffset() is not None else ""  # type: ignore[operator]


def archived(name: str, number: int, posts: list[Shown], **more: Any) -> Saved:
    """An archiver's thread."""
    tid = number + 300
    title = more.pop("title", None) or post(number).title
    url = more.pop("url", f"{ARCHIVER}?tid-{tid}.html")
    page = more.pop("page", 1)
    text = fill(
        "archiver_thread.html", title=html.escape(title, quote=False), tid=tid, page=page,
        description="", posts=posts, pager=more.pop("pager", ""),
    )  # fmt: skip
    documents = named_by_time(posts, tid, title, "second")
    if page > 1:
        for each in documents:
            each.role = "reply"
    return Saved(
        name, "discuz", "item", url, text, key=f"t{tid}", documents=documents,
        absent=[*names_in(posts), *more.pop("absent", [])], **more,
    )  # fmt: skip


def archiver() -> Iterator[Saved]:
    """The archiver's pages."""
    yield archived("fresh", 1, simple(1, replies=3))
    yield archived("older-than-a-week", 2, simple(2, first_days=33, replies=2))
    quoted = simple(3, replies=2, first_days=10)
    quoted[2].html = (
        f"{quoted[1].author} 发表于 2026-11-16 10:07 static/image/common/back.gif<br />\n"
        f"{quoted[1].html}<br />\n<br />\n{quoted[2].html}"
    )
    yield archived("quoted", 3, quoted, absent=["back.gif"])
    hidden = simple(4)
    hidden[0].html = f"{hidden[0].html}<br />\n<b>**** Hidden Message *****</b>"
    yield archived("hidden-until-reply", 4, hidden, absent=["Hidden Message"])
    two = simple(5, replies=3, first_days=4)[1:]
    pager = '<a href="?tid-305.html">1</a> <strong>2</strong> '
    yield archived("page-two", 5, two, url=f"{ARCHIVER}?tid-305.html&page=2", page=2, pager=pager)
    pager = '<strong>1</strong> <a href="?tid-306.html&page=2">2</a> <a href="?tid-306.html&page=3">3</a> '
    yield archived("page-one-of-three", 6, simple(6, replies=6), pager=pager,
                   next_url=f"{ARCHIVER}?tid-306.html&page=2")  # fmt: skip
    anonymous = simple(7)
    anonymous[0].anonymous = True
    yield archived("anonymous", 7, anonymous)
    edited = simple(8)
    edited[
        0
    ].html = (
        f" 本帖最后由 {edited[0].author} 于 2026-11-23 11:02 编辑 <br />\n<br />\n{edited[0].html}"
    )
    yield archived("edited", 8, edited, absent=["编辑"])
    banned = simple(9, replies=3)
    banned[1].html, banned[1].wanted = None, ""
    yield archived("banned-member", 9, banned)
    headed = simple(10)
    headed[1].subject = "回复：同意楼上"
    yield archived("reply-with-a-subject", 10, headed, absent=["同意楼上"])
    gbk = {"encode": "gbk", "content_type": "text/html; charset=gbk"}
    yield archived("gbk-said-in-the-header-only", 11, simple(11), sent=gbk)
    masked = simple(12)
    masked[0] = shown_post(12, masked_post(1), ago(hours=3, seconds=2), place=0)
    yield archived("wechat-number", 12, masked, title=masked_post(1).title, absent=["wxgongdi"])
    twice = simple(13, replies=2)
    twice[2].at = twice[1].at
    twice[2].shown_at = twice[1].shown_at
    yield archived("two-in-one-second", 13, twice)
    yield archived("rewritten", 14, simple(14), url=f"{ARCHIVER}tid-314.html")
    words = "抱歉，指定的主题不存在或已被删除或正在被审核"
    text = fill(
        "discuz_notice.html", words=words, old=True, charset="utf-8", kind="alert_error", more=""
    )
    yield Saved("deleted", "discuz", "item", f"{ARCHIVER}?tid-315.html", text, key="t315",
                error="S406", sent={"status": 404})  # fmt: skip
    yield archiver_board("board", boards=[], pager="")
    pager = (
        '<a href="?fid-2.html&page=1">1</a> <strong>2</strong> <a href="?fid-2.html&page=3">3</a> '
    )
    yield archiver_board("board-page-two", boards=["失物招领", "邻里互助"], pager=pager, page=2)


def archiver_board(name: str, *, boards: list[str], pager: str, page: int = 1) -> Saved:
    """A board's list in the archiver: titles and numbers of replies."""
    rows = [
        {"url": f"?tid-{300 + each}.html", "title": post(each).title, "replies": each * 3}
        for each in range(page, page + 6)
    ]
    url = f"{ARCHIVER}?fid-2.html" + (f"&page={page}" if page > 1 else "")
    text = fill("archiver_list.html", title="百姓求助", description="", boards=boards, rows=rows,
                page=page, pager=pager)  # fmt: skip
    items = [
        {
            "key": f"t{300 + each}",
            "title": post(each).title,
            "url": f"{ARCHIVER}?tid-{300 + each}.html",
        }
        for each in range(page, page + 6)
    ]
    following = f"{ARCHIVER}?fid-2.html&page={page + 1}" if pager else ""
    return Saved(name, "discuz", "list", url, text, items=items, next_url=following)


def printed_page(name: str, number: int, posts: list[Shown], **more: Any) -> Saved:
    """A print view: all posts in one page, times to the minute."""
    tid = number + 300
    title = more.pop("title", None) or post(number).title
    for each in posts:
        each.shown_at = more.get("shown_at") or discuz_time(each.at, seconds=False)
    charset = more.pop("charset", "utf-8")
    text = fill(
        "printed_thread.html", title=html.escape(title, quote=False), charset=charset, posts=posts
    )
    url = f"{SITE}forum.php?mod=viewthread&action=printable&tid={tid}"
    return Saved(
        name, "discuz", "item", url, text, key=f"t{tid}",
        documents=named_by_time(posts, tid, title, "minute"),
        absent=[*names_in(posts), *more.pop("absent", [])], **more,
    )  # fmt: skip


def printed() -> Iterator[Saved]:
    """The print views."""
    yield printed_page("fresh", 15, simple(15))
    yield printed_page("older-than-a-week", 16, simple(16, first_days=90, replies=4))
    quoted = simple(17, replies=2, first_days=30)
    quoted[2].html = (
        f'<div class="quote"><blockquote>{quoted[1].author} 发表于 2026-11-4 08:00<br />{quoted[1].html}'
        f"</blockquote></div><br />\n{quoted[2].html}"
    )
    yield printed_page("quoted", 17, quoted)
    edited = simple(18)
    edited[
        0
    ].html = f'<i class="pstatus"> 本帖最后由 {edited[0].author} 于 2026-11-23 11:36 编辑 </i><br />\n{edited[0].html}'
    yield printed_page("edited", 18, edited, absent=["编辑"])
    pictures = simple(19)
    pictures[0].html = f"{pictures[0].html}<br />{PICTURE}{ATTACHMENTS}"
    yield printed_page("pictures-and-attachments", 19, pictures, absent=["下载次数"])
    hidden = simple(20)
    hidden[0].html = f"{hidden[0].html}<br />\n{HIDDEN_PART}"
    yield printed_page("hidden-until-reply", 20, hidden, absent=["隐藏内容"])
    blocked = simple(21, replies=3)
    blocked[1].html, blocked[1].wanted = "提示: 该帖被管理员或版主屏蔽", ""
    yield printed_page("blocked-reply", 21, blocked, absent=["屏蔽"])
    paid = simple(22)
    paid[0].html, paid[0].wanted = "本主题需向作者支付 5 金钱 才能浏览", ""
    yield printed_page("paid-thread", 22, paid, absent=["金钱"])
    anonymous = simple(24)
    anonymous[0].anonymous = True
    yield printed_page("anonymous", 24, anonymous)
    headed = simple(25)
    headed[0].subject = post(25).title
    yield printed_page("subject-of-its-own", 25, headed)
    yield printed_page("fourteen-posts", 26, simple(26, replies=13, first_days=60))
    masked = simple(27)
    masked[0] = shown_post(27, masked_post(2), ago(hours=3, seconds=2), place=0)
    yield printed_page(
        "phone-number", 27, masked, title=masked_post(2).title, absent=["13911112222"]
    )
    twice = simple(28, replies=2, first_days=15)
    twice[2].at = twice[1].at
    yield printed_page("two-in-one-minute", 28, twice)
    unsaid = {"encode": "gbk", "content_type": "text/html"}
    yield printed_page("gbk-said-nowhere", 29, simple(29), charset="", sent=unsaid)
    said = Said("用工清单|清单：|瓦工 4 人|木工 3 人|工钱都没有结。")
    words = '清单：<br />\n<table class="t_table"><tr><td>瓦工</td><td>4 人</td></tr><tr><td>木工</td><td>3 人</td></tr></table>工钱都没有结。'
    table = simple(10)
    table[0] = shown_post(10, said, ago(days=9), place=0, words=words)
    yield printed_page("table", 10, table, title=said.title)
    unknown = "<p>抱歉，您尚未登录，没有权限访问该版块</p>"
    text = fill(
        "discuz_notice.html", words=unknown, old=True, charset="utf-8", kind="alert_info", more=""
    )
    url = f"{SITE}forum.php?mod=viewthread&action=printable&tid=316"
    yield Saved("for-members-only", "discuz", "item", url, text, key="t316", error="S404",
                absent=[MEMBERS[0]])  # fmt: skip
