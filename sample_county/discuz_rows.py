"""One row of a forum list and one post of a thread, as the templates need them."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from urllib.parse import quote

from markupsafe import Markup, escape

from sample_county.nouns import Item, Person, Post, Site
from sample_county.served import Visit
from sample_county.times import plain_time, relative_time, time_span

_FLOORS = ("楼主", "沙发", "板凳", "地板")
_JUNK = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789# &!@"


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a list page; `href_tid` differs from the row's own id for a moved thread."""

    item: Item
    href_tid: int
    author: Person
    poster: Person
    poster_link: str
    created: Markup
    last: Markup
    replies: int
    views: int
    pages: int
    touch_time: str


@dataclass(frozen=True, slots=True)
class PostView:
    """One post of a thread page; `floor` is empty for robots."""

    post: Post
    floor: str
    number: int
    written: Markup
    touch_time: str
    print_time: str
    body: Markup


def make_row_view(item: Item, visit: Visit, views: Mapping[int, int]) -> RowView:
    """Return the row of one thread, seen by this visit."""
    poster = item.last.author
    charset = "gbk" if item.site is Site.OLDBBS else "utf-8"
    return RowView(
        item=item,
        href_tid=item.item_id if item.moved_to is None else item.moved_to,
        author=item.first.author,
        poster=poster,
        poster_link=quote(poster.handle, encoding=charset),
        created=time_span(item.first.posted_at, visit.now, form="day"),
        last=time_span(item.last.posted_at, visit.now, form="minute"),
        replies=len(item.posts) - 1,
        views=item.views + views.get(item.item_id, 0),
        pages=(len(item.posts) - 1) // 10 + 1,
        touch_time=relative_time(item.last.posted_at, visit.now) or plain_time(item.last.posted_at),
    )


def make_post_view(
    item: Item, number: int, post: Post, visit: Visit, jammer: Random | None
) -> PostView:
    """Return one post, seen by this visit; `jammer` puts junk between its lines."""
    floor = _FLOORS[number - 1] if 1 <= number <= len(_FLOORS) else ""
    return PostView(
        post=post,
        floor=floor,
        number=number,
        written=time_span(post.posted_at, visit.now, form="second"),
        touch_time=relative_time(post.posted_at, visit.now) or plain_time(post.posted_at),
        print_time=plain_time(post.posted_at),
        body=_body(item, post, jammer),
    )


def _body(item: Item, post: Post, jammer: Random | None) -> Markup:
    parts = Markup("")
    if post.edited_at is not None:
        parts += Markup('<i class="pstatus"> 本帖最后由 {} 于 {} 编辑 </i><br />\n<br />\n').format(
            post.edited_by, plain_time(post.edited_at)
        )
    quoted = next((other for other in item.posts if other.pid == post.quote_of), None)
    if quoted is not None:
        parts += Markup(
            '<div class="quote"><blockquote><font size="2"><a href="forum.php?mod=redirect&amp;'
            'goto=findpost&amp;pid={}&amp;ptid={}" target="_blank"><font color="#999999">'
            "{} 发表于 {}</font></a></font><br />\n{}</blockquote></div><br />\n"
        ).format(
            quoted.pid,
            item.item_id,
            quoted.author.handle,
            plain_time(quoted.posted_at),
            quoted.text.split("\n")[0][:60],
        )
    lines = [_line(line, item.site) for line in post.text.split("\n")]
    parts += Markup("<br />\n").join(
        line + (_junk(jammer) if jammer is not None else Markup("")) for line in lines
    )
    if post.hidden_tail:
        parts += Markup(
            '<br />\n<div class="locked">游客，如果您要查看本帖隐藏内容请'
            '<a href="forum.php?mod=post&amp;action=reply&amp;tid={}">回复</a></div>'
        ).format(item.item_id)
    return parts


def _line(line: str, site: Site) -> Markup:
    if site is not Site.OLDBBS:
        return escape(line)
    # The old forum stored characters it lacks as references, and then escaped those once more.
    stored = line.encode("gbk", "xmlcharrefreplace").decode("gbk")
    return escape(stored)


def _junk(rng: Random) -> Markup:
    noise = "".join(rng.choice(_JUNK) for _ in range(rng.randint(6, 14)))
    if rng.random() < 0.5:  # noqa: PLR2004 - the software alternates between its two forms
        return Markup('<font class="jammer">{}</font>').format(noise)
    return Markup('<span style="display:none">{}</span>').format(noise)
