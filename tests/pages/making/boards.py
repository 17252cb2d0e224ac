"""Lists of a Discuz! board."""

from typing import Any

from tests.pages.making.forum import SITE, discuz_time
from tests.pages.making.kinds import Saved, ago, fill
from tests.pages.making.words import MEMBERS, post


def row(number: int, **more: Any) -> dict[str, Any]:
    """A row of a board's list."""
    at = ago(hours=number * 5 + 1)
    tid = more.get("tid", 300 + number)
    told: dict[str, Any] = {
        "tid": tid, "title": post(number).title, "kind": "", "before": "", "after": "", "pages": 1,
        "pinned": False, "closed": False, "author": MEMBERS[number % len(MEMBERS)],
        "created": f'<span title="{at.year}-{at.month}-{at.day}">{number}&nbsp;天前</span>',
        "replies": number * 2, "views": number * 31,
        "last_poster": MEMBERS[(number + 3) % len(MEMBERS)], "last": discuz_time(at, seconds=False),
        "url": f"forum.php?mod=viewthread&amp;tid={tid}&amp;extra=page%3D1",
        "plain_url": f"{SITE}forum.php?mod=viewthread&tid={tid}",
    }  # fmt: skip
    told |= more
    kind = "stickthread" if told["pinned"] else "normalthread"
    return {"body_id": f"{kind}_{tid}"} | told


def listed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What must be read of rows; the stub of a moved thread is none."""
    return [
        {"key": f"t{each['tid']}", "title": each["title"], "url": each["plain_url"]}
        | ({"pinned": True} if each["pinned"] else {})
        for each in rows
        if not each["before"]
    ]


def board(name: str) -> Saved:
    """A board's first page: pinned threads, a moved one's stub, a reading level, a closed one."""
    rows = [
        row(90, tid=12, title="版规：发帖请写明单位和时间", pinned=True),
        row(1, kind="求助"),
        row(2, after=' - [阅读权限 <span class="xw1">20</span>]', pages=3),
        row(3, before="移动:", body_id="normalthread_9981"),
        row(4, closed=True, author=""),
        row(100, title="四百天前的帖子又有人回", tid=52),
    ]
    pager = (
        '<div class="pg"><strong>1</strong><a href="forum.php?mod=forumdisplay&amp;fid=2&amp;page=2">2'
        '</a><a href="forum.php?mod=forumdisplay&amp;fid=2&amp;page=2" class="nxt">下一页</a></div>'
    )
    text = fill("discuz_list.html", rows=rows, pager=pager, old=False, charset="utf-8",
                moderator="石桥头老孟")  # fmt: skip
    return Saved(
        name, "discuz", "list", f"{SITE}forum.php?mod=forumdisplay&fid=2", text,
        items=listed(rows), next_url=f"{SITE}forum.php?mod=forumdisplay&fid=2&page=2",
        absent=["石桥头老孟"],
    )  # fmt: skip
