"""The two forums: lists, threads, notices and the odd corners of the forum software.

The shapes follow Discuz! X3.5 (UTF-8) and X3.4 (GBK); wording of the pages is our own where the
landmarks do not fix it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from random import Random
from typing import Any

from sample_county.discuz_rows import make_post_view, make_row_view
from sample_county.life_texts import HELPLINE_DESKS
from sample_county.nouns import Item, Site
from sample_county.served import TEMPLATES, Served, Visit, encode, redirect
from sample_county.times import plain_time
from sample_county.views import CHINA
from sample_county.world import World

ROWS_PER_PAGE, POSTS_PER_PAGE = 20, 10
_FEED_AGE = timedelta(minutes=60)
_MEMBERS_BOARD = 9
_GONE = "抱歉，指定的主题不存在或已被删除或正在被审核"
_MEMBERS_ONLY = "抱歉，您尚未登录，没有权限访问该版块"


@dataclass(frozen=True, slots=True)
class ForumLook:
    """How one of the two forums differs from the other."""

    name: str
    version: str
    charset: str
    boards: dict[int, str]
    jammer_boards: frozenset[int]


LOOKS = {
    Site.FORUM: ForumLook(
        "清河论坛",
        "X3.5",
        "utf-8",
        dict(zip((2, 3, _MEMBERS_BOARD), HELPLINE_DESKS, strict=True)),
        frozenset({2}),
    ),
    Site.OLDBBS: ForumLook("清河老乡网", "X3.4", "gbk", {2: "百姓呼声"}, frozenset()),
}


class DiscuzSite:
    """One forum: turns the query of forum.php into a page."""

    def __init__(self, world: World, site: Site) -> None:
        self.site = site
        self.look = LOOKS[site]
        self._world = world
        self._rng = Random(f"{world.seed}:{site}:pages")
        self._views: Counter[int] = Counter()
        self._sorted: dict[tuple[int, bool], tuple[int, list[Item]]] = {}
        self._feeds: dict[int, Any] = {}

    def serve(self, query: Mapping[str, str], visit: Visit) -> Served:
        """Answer forum.php."""
        answers = {
            "forumdisplay": self._list,
            "viewthread": self._thread,
            "redirect": self._redirect,
            "ajax": self._check_new,
            "rss": self._feed,
            "post": self._ask_to_sign_in,
            "misc": self._ask_to_sign_in,
            "attachment": self._ask_to_sign_in,
        }
        return answers.get(query.get("mod", ""), self._index)(query, visit)

    # ------------------------------------------------------------ pages

    def notice(self, words: str, *, status: int = 200, kind: str = "alert_info") -> Served:
        """Answer with the software's message page."""
        return self._page("discuz_notice.html", {"words": words, "kind": kind}, status=status)

    def _ask_to_sign_in(self, _query: Mapping[str, str], _visit: Visit) -> Served:
        return self.notice("抱歉，您尚未登录，没有权限进行此操作")

    def _index(self, _query: Mapping[str, str], visit: Visit) -> Served:
        boards = [
            (fid, name, len(self._rows(fid, by_creation=False)))
            for fid, name in self.look.boards.items()
        ]
        return self._page("discuz_index.html", {"boards": boards}, visit)

    def _list(self, query: Mapping[str, str], visit: Visit) -> Served:
        board = _number(query, "fid")
        if board == _MEMBERS_BOARD:
            return self.notice(_MEMBERS_ONLY)
        if board not in self.look.boards:
            return self.notice("抱歉，指定的版块不存在")
        by_creation = query.get("orderby") == "dateline"
        rows = self._rows(board, by_creation=by_creation)
        pages = max(1, ceil(len(rows) / ROWS_PER_PAGE))
        asked = max(1, _number(query, "page", 1))
        # Beyond the end the software shows the first page again, under the number asked for.
        page = asked if asked <= pages else 1
        start = (page - 1) * ROWS_PER_PAGE
        pinned = self._pinned(board) if page == 1 else []
        view = {
            "fid": board,
            "board": self.look.boards[board],
            "pinned": [make_row_view(item, visit, self._views) for item in pinned],
            "rows": [
                make_row_view(item, visit, self._views)
                for item in rows[start : start + ROWS_PER_PAGE]
            ],
            "asked": asked,
            "pages": pages,
            "order": "&filter=author&orderby=dateline" if by_creation else "",
            "unix": int(visit.now.timestamp()),
        }
        name = "discuz_touch_list.html" if visit.is_phone else "discuz_list.html"
        return self._page(name, view, visit)

    def _thread(self, query: Mapping[str, str], visit: Visit) -> Served:
        item = self._world.find(self.site, _number(query, "tid"))
        if item is None:
            return self.notice(_GONE, status=404, kind="alert_error")
        refused = self._refuse_guest(item)
        if refused is not None:
            return refused
        self._views[item.item_id] += 1
        posts = list(enumerate(item.posts, start=1))
        if only := _number(query, "authorid"):
            posts = [(floor, p) for floor, p in posts if p.author.uid == only and not p.anonymous]
        if query.get("action") == "printable":
            return self._print(item, visit)
        pages = max(1, ceil(len(posts) / POSTS_PER_PAGE))
        asked = max(1, _number(query, "page", 1))
        start = (min(asked, pages) - 1) * POSTS_PER_PAGE
        jammer = self._rng if item.board in self.look.jammer_boards else None
        view = {
            "item": item,
            "board": self.look.boards[item.board],
            "posts": [
                make_post_view(item, floor, post, visit, jammer)
                for floor, post in posts[start : start + POSTS_PER_PAGE]
            ],
            "asked": asked,
            "pages": pages,
            "views": item.views + self._views[item.item_id],
            "closed_at": plain_time(item.last.posted_at) if item.closed else "",
        }
        name = "discuz_touch_thread.html" if visit.is_phone else "discuz_thread.html"
        return self._page(name, view, visit)

    def _refuse_guest(self, item: Item) -> Served | None:
        if item.moved_to is not None:
            return redirect(f"forum.php?mod=viewthread&tid={item.moved_to}")
        if item.board == _MEMBERS_BOARD:
            return self.notice(_MEMBERS_ONLY)
        if item.read_level:
            return self.notice(f"抱歉，本帖要求阅读权限高于 {item.read_level} 才能浏览")
        return None

    def _print(self, item: Item, visit: Visit) -> Served:
        posts = [make_post_view(item, floor, p, visit, None) for floor, p in enumerate(item.posts)]
        return self._page("discuz_print.html", {"item": item, "posts": posts}, visit)

    # ------------------------------------------------------------ corners

    def _redirect(self, query: Mapping[str, str], _visit: Visit) -> Served:
        item = self._world.find(self.site, _number(query, "tid") or _number(query, "ptid"))
        if item is None:
            return self.notice(_GONE, status=404, kind="alert_error")
        pids = [post.pid for post in item.posts]
        last = query.get("goto") == "lastpost"
        wanted = pids[-1] if last else _number(query, "pid")
        floor = pids.index(wanted) if wanted in pids else 0
        page = floor // POSTS_PER_PAGE + 1
        address = f"forum.php?mod=viewthread&tid={item.item_id}&page={page}#pid{pids[floor]}"
        return redirect(address, 302 if last else 301)

    def _check_new(self, query: Mapping[str, str], _visit: Visit) -> Served:
        since = _number(query, "time")
        rows = self._rows(_number(query, "fid"), by_creation=False)
        is_newer = bool(rows) and int(rows[0].last.posted_at.timestamp()) > since
        answer = f'<?xml version="1.0" encoding="utf-8"?>\n<root><![CDATA[{int(is_newer)}]]></root>'
        return Served(answer.encode(), content_type="application/xml; charset=utf-8")

    def _feed(self, query: Mapping[str, str], visit: Visit) -> Served:
        board = _number(query, "fid", 2)
        if board not in self.look.boards or board == _MEMBERS_BOARD:
            return Served(encode("抱歉，指定的版块不存在", self.look.charset))
        built_at, items = self._feeds.get(board, (None, []))
        shown = items
        if built_at is None or visit.now - built_at > _FEED_AGE:
            # The request that triggers the rebuild is answered with an empty feed.
            shown, fresh = [], self._rows(board, by_creation=True)[:ROWS_PER_PAGE]
            self._feeds[board] = (visit.now, fresh)
        view = {"items": shown, "board": self.look.boards[board], "now": visit.now}
        page = TEMPLATES.get_template("discuz_rss.xml").render(
            look=self.look, site=self.site, **view
        )
        return Served(encode(page, self.look.charset), content_type="application/xml")

    # ------------------------------------------------------------ parts

    def _rows(self, board: int, *, by_creation: bool) -> list[Item]:
        """List the normal rows of a board; sorted again only after the county has changed."""
        version, rows = self._sorted.get((board, by_creation), (-1, []))
        if version != self._world.version:
            version = self._world.version
            rows = [
                item
                for item in self._world.list_items(self.site)
                if item.board == board and not item.deleted and not item.pinned
            ]
            rows.sort(key=lambda i: (i.first if by_creation else i.last).posted_at, reverse=True)
            self._sorted[board, by_creation] = (version, rows)
        return rows

    def _pinned(self, board: int) -> list[Item]:
        return [
            item
            for item in self._world.list_items(self.site)
            if item.pinned and not item.deleted and board in (2, 3)
        ]

    def _page(
        self,
        name: str,
        view: dict[str, Any],
        visit: Visit | None = None,
        *,
        status: int = 200,
    ) -> Served:
        declared = "utf-8" if "touch" in name else self.look.charset
        text = TEMPLATES.get_template(name).render(
            look=self.look,
            site=self.site,
            charset=declared,
            formhash=f"{self._rng.getrandbits(32):08x}",
            seconds=f"{self._rng.uniform(0.01, 0.09):.6f}",
            robot=visit is not None and visit.is_robot,
            zone=CHINA,
            **view,
        )
        cookies = () if visit is None or visit.has_cookie else self._cookies(visit)
        return Served(
            encode(text, declared),
            status=status,
            content_type=f"text/html; charset={declared}",
            cookies=cookies,
        )

    def _cookies(self, visit: Visit) -> tuple[str, ...]:
        head = f"qh{self.look.version[-1]}_2132_"
        unix = int(visit.now.timestamp())
        return (
            f"{head}saltkey={self._rng.getrandbits(32):08x}; path=/; HttpOnly",
            f"{head}lastvisit={unix}; path=/",
            f"{head}sid={self._rng.getrandbits(24):06x}; path=/",
            f"{head}lastact={unix}; path=/",
            f"{head}visitedfid=2; path=/",
            f"{head}viewid=tid_0; path=/",
        )


def _number(query: Mapping[str, str], name: str, default: int = 0) -> int:
    value = query.get(name, "")
    return int(value) if value.isascii() and value.isdigit() else default
