"""Discuz! threads and boards as its desktop templates show them, X3.5 in UTF-8 and X3.4 in GBK."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.pages.making.kinds import NOW, Saved, Wanted, ago, fill, iso
from tests.pages.making.words import MEMBERS, Said, masked_post, post, reply

SITE = "http://bbs.qinghe.example/"


FLOORS = ("楼主", "沙发", "板凳", "地板")


_DAY, _HOUR, _MINUTE = 86_400, 3_600, 60


_FRESH_DAYS = 7


JUNK = '<font class="jammer">{0}</font>'


HIDDEN_JUNK = '<span style="display:none">{0}</span>'


PICTURE = (
    '<ignore_js_op><img id="aimg_71" aid="71" src="static/image/common/none.gif" zoomfile="data/'
    'attachment/forum/202611/23/101.jpg" file="data/attachment/forum/202611/23/101.jpg" class="zoom" '
    'alt="工地.jpg" /><div class="tip tip_4 aimg_tip" id="aimg_71_menu" style="position: absolute; '
    'display: none"><div class="xs0"><p><strong>工地.jpg</strong> <em class="xg1">(112.3 KB, 下载次数:'
    ' 3)</em></p><p class="xg1 y">2026-11-23 10:02 上传</p></div></div></ignore_js_op>'
)


ATTACHMENTS = (
    '<div class="pattl"><ignore_js_op><dl class="tattl"><dt><img src="static/image/filetype/zip.gif" '
    'alt="" /></dt><dd><p class="attnm"><a href="forum.php?mod=attachment&amp;aid=NzF8" >考勤表.zip'
    "</a></p><p>2026-11-23 10:03 上传</p><p>9.2 KB, 下载次数: 5</p></dd></dl></ignore_js_op></div>"
)


TIPS = (
    '<div class="attach_nopermission attach_tips"><div><h3><strong>马上注册，结交更多好友，享用更多功能'
    '</strong></h3><p>您需要 <a href="member.php?mod=logging&amp;action=login">登录</a> 才可以下载或查看'
    '，没有账号？<a href="member.php?mod=register">立即注册</a></p></div><span class="atips_close">x'
    "</span></div>"
)


HIDDEN_PART = '<div class="locked">游客，如果您要查看本帖隐藏内容请<a href="forum.php?mod=post">回复</a></div>'


def discuz_time(at: datetime, *, seconds: bool = True) -> str:
    """Write a time as the software does: relative with a title for a week, then plain."""
    clock = at.strftime("%H:%M:%S" if seconds else "%H:%M")
    exact = f"{at.year}-{at.month}-{at.day} {clock}"
    age = (NOW - at).total_seconds()
    days = (NOW.date() - at.date()).days
    if days > _FRESH_DAYS:
        return exact
    return f'<span title="{exact}">{_relative(at, age, days)}</span>'


def _relative(at: datetime, age: float, days: int) -> str:
    if days == 0 and age < _MINUTE:
        return f"{int(age)}&nbsp;秒前"
    if days == 0 and age < _HOUR / 2:
        return f"{int(age // _MINUTE)}&nbsp;分钟前"
    if days == 0 and age < _HOUR:
        return "半小时前"
    if days == 0:
        return f"{int(age // _HOUR)}&nbsp;小时前"
    if days <= 2:
        return f"{('昨天', '前天')[days - 1]}&nbsp;{at:%H:%M}"
    return f"{days}&nbsp;天前"


@dataclass(slots=True)
class Shown:
    """One post as a template takes it."""

    pid: int
    uid: int
    author: str
    shown_at: str
    html: str | None
    at: datetime
    wanted: str
    floor: str = ""
    above: str = ""
    below: str = ""
    blocked: str = ""
    comments: str = ""
    signature: str = ""
    subject: str = ""
    anonymous: bool = False
    phone: bool = False
    special: bool = False

    @property
    def space(self) -> str:
        """The member's page."""
        return f"home.php?mod=space&amp;uid={self.uid}"


def shown_post(number: int, said: Said, at: datetime, *, place: int, **more: Any) -> Shown:
    """Put a text into a post; `before` and `after` stand around it in the page."""
    lines = [html.escape(each, quote=False) for each in said.paragraphs]
    inner = "<br />\n".join(lines)
    inner = more.pop("before", "") + more.pop("words", inner) + more.pop("after", "")
    floor = FLOORS[place] if place < len(FLOORS) else f"<em>{place + 1}</em><sup>#</sup>"
    uid = 40 + (number * 7 + place * 3) % 50
    return Shown(
        pid=number * 10 + place,
        uid=uid,
        author=MEMBERS[(number + place) % len(MEMBERS)],
        shown_at=more.pop("shown_at", discuz_time(at)),
        html=inner,
        at=at,
        wanted=more.pop("wanted", said.text),
        floor=more.pop("floor", floor),
        **more,
    )


def wanted_of(posts: list[Shown], tid: int, title: str, *, opening: int | None = 0) -> list[Wanted]:
    """The documents of posts that have a text."""
    return [
        Wanted(
            key=f"t{tid}/p{each.pid}",
            role="post" if place == opening else "reply",
            title=title,
            text=each.wanted,
            published_at=iso(each.at),
            precision="second",
        )
        for place, each in enumerate(posts)
        if each.wanted
    ]


def names_in(posts: list[Shown]) -> list[str]:
    """The members of a page, none of whom may be found in what is read."""
    return sorted({each.author for each in posts})


def thread(name: str, number: int, posts: list[Shown], **more: Any) -> Saved:
    """Fill the thread template and say what must be read of it."""
    tid = more.pop("tid", number + 300)
    title = more.pop("title", None) or post(number).title
    url = more.pop("url", f"{SITE}forum.php?mod=viewthread&tid={tid}")
    opening = more.pop("opening", 0)
    told = {
        "old": False, "charset": "utf-8", "robot": False, "closed": False, "kind_of_thread": "",
        "pager": "", "modact": "", "board_url": "forum.php?mod=forumdisplay&amp;fid=2",
        "views": 120 + number * 13, "replies": max(len(posts) - 1, 0),
    }  # fmt: skip
    sent = more.pop("sent", {})
    absent = [*names_in(posts), *more.pop("absent", [])]
    next_url = more.pop("next_url", "")
    text = fill(
        "discuz_thread.html",
        title=html.escape(title, quote=False),
        description=html.escape(" ".join(post(number).paragraphs)[:80]),
        tid=tid,
        url=html.escape(url),
        posts=posts,
        **(told | more),
    )
    documents = wanted_of(posts, tid, title, opening=opening)
    return Saved(
        name, "discuz", "item", url, text,
        key=f"t{tid}", documents=documents, sent=sent, absent=absent, next_url=next_url,
    )  # fmt: skip


def simple(number: int, *, replies: int = 2, first_days: float = 0.1, **more: Any) -> list[Shown]:
    """An opening post and replies, each some time after the last."""
    began = ago(days=first_days)
    step = (NOW - began) / (replies + 2)
    opening = shown_post(number, post(number), began, place=0, **more)
    rest = [
        shown_post(
            number, reply(number + each), (began + step * each).replace(microsecond=0), place=each
        )
        for each in range(1, replies + 1)
    ]
    return [opening, *rest]


def notice(name: str, number: int, words: str, error: str, **more: Any) -> Saved:
    """A notice that comes instead of a thread."""
    tid = number + 300
    sent = {"status": more.pop("status", 200)} | more.pop("sent", {})
    told = {"old": False, "charset": "utf-8", "kind": "alert_info", "more": ""} | more
    text = fill("discuz_notice.html", words=words, **told)
    url = f"{SITE}forum.php?mod=viewthread&tid={tid}"
    return Saved(name, "discuz", "item", url, text, key=f"t{tid}", error=error, sent=sent)


def x35() -> Iterator[Saved]:
    """Discuz! X3.5 in UTF-8 with plain addresses."""
    yield thread("fresh", 1, simple(1))
    yield thread("older-than-a-week", 2, simple(2, first_days=40, replies=3))
    edited = simple(3)
    edited[0].html = (
        f'<i class="pstatus"> 本帖最后由 {edited[0].author} 于 2026-11-23 11:36 编辑 </i><br />\n'
        f"<br />\n{edited[0].html}"
    )
    yield thread("edited", 3, edited)
    yield thread("quoted", 4, quoted_replies(4))
    yield thread("junk-against-copying", 5, junk_posts(5))
    pictures = simple(6)
    pictures[0].html = f"{pictures[0].html}<br />\n{PICTURE}<br />\n"
    pictures[0].below = ATTACHMENTS
    yield thread("pictures-and-attachments", 6, pictures, absent=["下载次数", "工地.jpg"])
    hidden = simple(7)
    hidden[0].html = f"{hidden[0].html}<br />\n{HIDDEN_PART}"
    yield thread("hidden-until-reply", 7, hidden, absent=["隐藏内容"])
    blocked = simple(8, replies=3)
    blocked[2].blocked, blocked[2].wanted = "提示: <em>该帖被管理员或版主屏蔽</em>", ""
    yield thread("blocked-reply", 8, blocked, absent=["屏蔽"])
    anonymous = simple(9)
    anonymous[0].anonymous = True
    yield thread("anonymous", 9, anonymous)
    page_two = simple(10, replies=4, first_days=3)[1:]
    for place, each in enumerate(page_two, 10):
        each.floor = f"<em>{place + 1}</em><sup>#</sup>"
    pager = (
        '<div class="pg"><a href="forum.php?mod=viewthread&amp;tid=310&amp;extra=&amp;page=1" '
        'class="prev">&nbsp;&nbsp;</a><a href="forum.php?mod=viewthread&amp;tid=310&amp;extra=&amp;'
        'page=1">1</a><strong>2</strong></div>'
    )
    url = f"{SITE}forum.php?mod=viewthread&tid=310&page=2"
    yield thread("page-two", 10, page_two, url=url, pager=pager, opening=None)
    pager = (
        '<div class="pg"><strong>1</strong><a href="forum.php?mod=viewthread&amp;tid=311&amp;extra='
        'page%3D1&amp;page=2">2</a><label><input type="text" name="custompage" class="px" value="1" />'
        '<span title="共 2 页"> / 2 页</span></label><a href="forum.php?mod=viewthread&amp;tid=311&amp;'
        'extra=page%3D1&amp;page=2" class="nxt">下一页</a></div>'
    )
    next_url = f"{SITE}forum.php?mod=viewthread&tid=311&page=2"
    many = simple(11, replies=9, first_days=6)
    yield thread("page-one-of-two", 11, many, pager=pager, next_url=next_url)
    yield notice("for-members-only", 12, "抱歉，您尚未登录，没有权限访问该版块", "S404")
    gone = "抱歉，指定的主题不存在或已被删除或正在被审核"
    yield notice("deleted-or-moderated", 13, gone, "S406", status=404, kind="alert_error")
    yield notice("reading-level", 14, "抱歉，本帖要求阅读权限高于 30 才能浏览", "S404")
    yield sorted_facts(15)
    yield thread("phone-number-and-name", 16, masked_posts(16), title=masked_post(0).title,
                 absent=["13800001234", "陈大勇"])  # fmt: skip


def quoted_replies(number: int) -> list[Shown]:
    """A reply that quotes another, as the software writes it."""
    posts = simple(number, replies=2, first_days=9)
    quote = (
        '<div class="quote"><blockquote><font size="2"><a href="forum.php?mod=redirect&amp;goto='
        f'findpost&amp;pid={posts[1].pid}&amp;ptid={number + 300}" target="_blank"><font color="#999999">'
        f"{posts[1].author} 发表于 2026-11-15 08:10</font></a></font><br />\n"
        f"{posts[1].html}</blockquote></div><br />\n"
    )
    posts[2].html = quote + (posts[2].html or "")
    return posts


def junk_posts(number: int) -> list[Shown]:
    """Posts with the random characters that a board inserts against copying."""
    posts = simple(number)
    for place, each in enumerate(posts):
        seed = f"{place}x%Q#{number}"
        lines = (each.html or "").split("<br />\n")
        junk = [JUNK.format(f"  {seed}k&quot; "), HIDDEN_JUNK.format(f"7 {seed}.Z, ")]
        each.html = f"{junk[1]}<br />\n".join(f"{line}{junk[0]}" for line in lines)
    return posts


def sorted_facts(number: int) -> Saved:
    """A thread in a board whose form asks for facts; contacts among them are not kept."""
    posts = simple(number)
    posts[0].above = (
        '<div class="typeoption"><table summary="分类信息" cellpadding="0" cellspacing="0" class="cgtl '
        'mbm"><caption>讨薪求助</caption><tbody><tr><th>欠薪单位:</th><td>石桥头砖瓦厂 </td></tr><tr>'
        "<th>欠薪金额:</th><td>8600 元</td></tr><tr><th>联系人:</th><td>董老三 </td></tr><tr><th>联系"
        "电话:</th><td>0555-6612345 </td></tr><tr><th>备注:</th><td>-</td></tr></tbody></table></div>"
    )
    posts[0].wanted = f"欠薪单位：石桥头砖瓦厂\n欠薪金额：8600 元\n{posts[0].wanted}"
    return thread("facts-of-the-boards-form", number, posts, absent=["董老三", "6612345"])


def masked_posts(number: int) -> list[Shown]:
    """An opening post that holds a name and a number."""
    posts = simple(number)
    said = masked_post(0)
    posts[0] = shown_post(number, said, ago(hours=2, seconds=7), place=0)
    return posts
