"""The odd rows that every real board has, made once when the county opens.

Pinned rules, a closed thread, one that asks for a reading level, one with hidden text, a moved
thread's stub, an anonymous and a blocked post, a board for members, a thread of two pages and one
that is older than all others.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any, Protocol

from sample_county import life_texts, other_texts
from sample_county.nouns import Item, Kind, Person, Post, PostedItem, Site, Truth, Written

_ORDINARY = Truth(Kind.UNRELATED)
_LONG_THREAD_REPLIES = 13


class Opening(Protocol):
    """What is needed of the county to furnish it."""

    seed: int

    def new_person(self) -> Person:
        """Return somebody who has not written yet."""

    def post(
        self, site: Site, written: Written, author: Person, now: datetime, *, board: int = 2,
        **marks: Any,
    ) -> Item:  # fmt: skip
        """Open an item."""

    def post_reply(
        self, site: Site, item_id: int, text: str, now: datetime, *, truth: Truth | None = None,
        author: Person | None = None, quote_of: int | None = None,
    ) -> PostedItem:  # fmt: skip
        """Add a reply."""

    def save(self, item: Item) -> Item:
        """Write an item's newest state."""


def make_specials(county: Opening, now: datetime) -> None:
    """Post the odd rows, all of them older than the rest of the backlog."""
    old = now - timedelta(days=41)
    for site in (Site.FORUM, Site.OLDBBS):
        for title, text in life_texts.NOTICES:
            _post(county, site, title, text, old, pinned=True)
    _post(
        county,
        Site.FORUM,
        "以前的老照片",
        "翻出一张老县城的照片，那时候桥还是木头的。",
        old,
        board=3,
    )
    _post(county, Site.FORUM, "【已结】十月拼车名单", "名单已满，不再接受报名。", old, closed=True)
    _post(
        county, Site.FORUM, "内部通知（老用户）", "这一条只给等级够的用户看。", old, read_level=20
    )
    _post(county, Site.FORUM, "版主交接安排", "下周起由新版主值班。", old, board=9)
    _post(county, Site.FORUM, "本月违规处理记录", "本月删除广告若干。", old, board=9)
    moved = _post(county, Site.FORUM, "求一份旧县志", "想找一本旧县志看看。", old, board=3)
    _post(county, Site.FORUM, moved.title, "", old, moved_to=moved.item_id)
    _hide_and_block(county, old)
    _long_thread(county, old)


def _hide_and_block(county: Opening, old: datetime) -> None:
    hidden = _post(county, Site.FORUM, "分享几个做面食的方子", "先说和面：水要温的，慢慢加。", old)
    tail = replace(hidden.first, hidden_tail="调料比例都在这里了。")
    county.save(replace(hidden, posts=(tail,)))
    asked = _post(county, Site.FORUM, "匿名问个事", "离婚了户口怎么迁？不方便实名。", old)
    asked = county.save(replace(asked, posts=(replace(asked.first, anonymous=True),)))
    advert = Post(asked.first.pid + 1, county.new_person(), "加我办证，快速便捷", old, _ORDINARY)
    posts = (*asked.posts, replace(advert, blocked=True))
    county.save(replace(asked, posts=posts))
    county.post_reply(Site.FORUM, asked.item_id, "去政务大厅户籍窗口问", old, truth=_ORDINARY)


def _long_thread(county: Opening, old: datetime) -> None:
    rng = Random(f"{county.seed}:long")
    title = "大家说说县城哪条路最堵"
    thread = _post(county, Site.FORUM, title, "我先来：中心小学门口，早上七点半到八点。", old)
    for place in range(_LONG_THREAD_REPLIES):
        text = rng.choice(("老汽车站", "菜市场东口", "医院门前", "东环红绿灯", "新桥头"))
        county.post_reply(
            Site.FORUM,
            thread.item_id,
            f"{text}，{rng.choice(other_texts.REPLIES)}",
            old + timedelta(hours=place + 1),
            truth=_ORDINARY,
            quote_of=thread.first.pid if place == 2 else None,  # noqa: PLR2004 - one quote
        )


def _post(
    county: Opening, site: Site, title: str, text: str, now: datetime, *, board: int = 2,
    **marks: Any,
) -> Item:  # fmt: skip
    author = county.new_person()
    return county.post(
        site, Written(title, text, _ORDINARY), author, now, board=board, views=86, **marks
    )
