"""The two forums have the landmarks, states and oddities of the real software."""

import re

import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from sample_county.nouns import Site, Written
from sample_county.world import World
from tests.unit.sample_county.county_clock import NOON, Clock
from tests.unit.sample_county.county_pages import attribute, one

LIST = "/forum/forum.php?mod=forumdisplay&fid=2"


def rows_of(page: httpx.Response) -> list[int]:
    tree = LexborHTMLParser(page.content.decode(page.charset_encoding or "utf-8"))
    links = tree.css("tbody[id^=normalthread_] a.xst")
    return [int(re.search(r"tid=(\d+)", a.attributes["href"] or "")[1]) for a in links]  # type: ignore[index]


def test_a_list_shows_twenty_rows_newest_post_first_after_the_pinned_ones(
    web: httpx.Client, world: World
) -> None:
    page = web.get(LIST)
    tree = LexborHTMLParser(page.text)
    assert page.status_code == 200
    assert len(tree.css("tbody[id^=stickthread_]")) == 2
    last = [world.get(Site.FORUM, tid).last.posted_at for tid in rows_of(page)]
    assert len(last) == 20
    assert last == sorted(last, reverse=True)
    nxt = one(tree, "div.pg a.nxt")
    assert nxt is not None
    second = web.get("/forum/" + (nxt.attributes["href"] or ""))
    assert not set(rows_of(second)) & set(rows_of(page))
    assert not LexborHTMLParser(second.text).css("tbody[id^=stickthread_]")


def test_a_page_beyond_the_end_is_page_one_with_the_number_asked_for(web: httpx.Client) -> None:
    beyond = web.get(f"{LIST}&page=99")
    assert beyond.status_code == 200
    assert rows_of(beyond) == rows_of(web.get(LIST))
    assert "第99页" in beyond.text


def test_a_reply_lifts_a_thread_but_not_in_the_order_of_creation(
    web: httpx.Client, world: World, clock: Clock
) -> None:
    created = f"{LIST}&filter=author&orderby=dateline"
    by_creation = rows_of(web.get(created))
    lifted = rows_of(web.get(f"{LIST}&page=2"))[-1]
    world.post_reply(Site.FORUM, lifted, "顶一下", clock())
    assert rows_of(web.get(LIST))[0] == lifted
    assert rows_of(web.get(created)) == by_creation


@pytest.mark.parametrize(("site", "charset"), [(Site.FORUM, "utf-8"), (Site.OLDBBS, "gbk")])
def test_a_thread_gives_back_title_text_and_time(
    web: httpx.Client, world: World, clock: Clock, site: Site, charset: str
) -> None:
    posted = world.post_claim(site, clock())
    clock.forward(minutes=3)
    page = web.get(posted.path)
    assert page.headers["content-type"] == f"text/html; charset={charset}"
    tree = LexborHTMLParser(page.content.decode(charset))
    assert one(tree, "body").id == "nv_forum"
    assert one(tree, "#thread_subject").text() == posted.title
    body = one(tree, f"td.t_f#postmessage_{posted.pid}")
    for junk in body.css("font.jammer, span[style], i.pstatus, div.quote, div.locked"):
        junk.decompose()
    read = [line.strip() for line in body.text().split("\n")]
    assert "\n".join(line for line in read if line) == posted.text
    written = attribute(one(tree, f"em#authorposton{posted.pid} span"), "title")
    assert written == "2026-11-23 12:00:00"


def test_characters_outside_gbk_are_references_escaped_twice_in_the_text(
    web: httpx.Client, world: World, clock: Clock
) -> None:
    written = Written("𠮷祥饺子馆", "还在不在😋", None)
    item = world.post(Site.OLDBBS, written, world.new_person(), clock())
    page = web.get(f"/oldbbs/forum.php?mod=viewthread&tid={item.item_id}").content.decode("gbk")
    assert "&#134071;祥饺子馆" in page
    assert "还在不在&amp;#128523;" in page


def test_personal_data_stands_on_the_page_so_that_a_reader_can_drop_it(
    web: httpx.Client, world: World, clock: Clock
) -> None:
    posted = world.post_claim(Site.FORUM, clock())
    author = world.get(Site.FORUM, posted.item_id).first.author
    tree = LexborHTMLParser(web.get(posted.path).text)
    assert one(tree, "div.authi a.xw1").text() == author.handle
    page = web.get(posted.path).text
    for value in (author.home, author.name, f"avatar.php?uid={author.uid}", f"uid={author.uid}"):
        assert value in page


def test_an_edit_shows_a_notice_with_a_name_and_leaves_the_list_as_it_was(
    web: httpx.Client, world: World, clock: Clock
) -> None:
    posted = world.post_claim(Site.FORUM, clock())
    before = rows_of(web.get(LIST))
    clock.forward(minutes=2)
    world.edit(Site.FORUM, posted.item_id, posted.text + "\n补充一句", clock())
    assert rows_of(web.get(LIST)) == before
    notice = one(web.get(posted.path).text, "i.pstatus").text()
    author = world.get(Site.FORUM, posted.item_id).first.author
    assert notice.strip() == f"本帖最后由 {author.handle} 于 2026-11-23 12:02 编辑"


def test_what_is_gone_is_404_and_what_is_forbidden_is_a_200_notice(
    web: httpx.Client, world: World, clock: Clock
) -> None:
    posted = world.post_claim(Site.FORUM, clock())
    world.delete(Site.FORUM, posted.item_id, clock())
    gone = web.get(posted.path)
    assert gone.status_code == 404
    assert one(gone.text, "#messagetext.alert_error") is not None
    members = web.get("/forum/forum.php?mod=forumdisplay&fid=9")
    assert members.status_code == 200
    assert "没有权限访问该版块" in one(members.text, "#messagetext").text()
    hidden = next(i for i in world.list_items(Site.FORUM) if i.read_level)
    notice = web.get(f"/forum/forum.php?mod=viewthread&tid={hidden.item_id}")
    assert notice.status_code == 200
    assert hidden.first.text not in notice.text
    assert "提示信息" in one(notice.text, "title").text()


def test_the_odd_rows_behave(web: httpx.Client, world: World) -> None:
    items = world.list_items(Site.FORUM)
    stub = next(i for i in items if i.moved_to)
    moved = web.get(f"/forum/forum.php?mod=viewthread&tid={stub.item_id}")
    assert moved.status_code == 302
    assert moved.headers["location"].endswith(f"tid={stub.moved_to}")
    blocked = next(i for i in items if any(p.blocked for p in i.posts))
    page = web.get(f"/forum/forum.php?mod=viewthread&tid={blocked.item_id}").text
    assert "该帖被管理员或版主屏蔽" in page
    assert "加我办证" not in page
    long = next(i for i in items if len(i.posts) > 10)
    first = LexborHTMLParser(web.get(f"/forum/forum.php?mod=viewthread&tid={long.item_id}").text)
    assert len(first.css("div[id^=post_]")) == 10
    assert len(first.css("div.quote")) == 1
    rest = LexborHTMLParser(web.get("/forum/" + attribute(one(first, "a.nxt"), "href")).text)
    assert len(rest.css("div[id^=post_]")) == len(long.posts) - 10


def test_the_agent_decides_the_template(web: httpx.Client) -> None:
    touch = web.get(LIST, headers={"user-agent": "notice-reader/1.0 (promotion)"})
    assert one(touch.text, "body").id == "forum"
    robot = web.get("/forum/forum.php?mod=viewthread&tid=1213", headers={"user-agent": "a-bot/1"})
    assert "只看该作者" not in robot.text
    assert one(robot.text, "body").id == "nv_forum"


def test_two_looks_at_a_thread_never_have_the_same_bytes(web: httpx.Client) -> None:
    looks = [web.get("/forum/forum.php?mod=viewthread&tid=1213") for _ in range(2)]
    assert looks[0].content != looks[1].content
    assert "etag" not in looks[0].headers
    assert len(looks[0].headers.get_list("set-cookie")) == 6
    assert "set-cookie" not in looks[1].headers


def test_the_question_for_anything_new_answers_one_after_a_post(
    web: httpx.Client, world: World, clock: Clock
) -> None:
    asked = f"/forum/forum.php?mod=ajax&action=forumchecknew&fid=2&time={int(NOON.timestamp())}"
    assert "<![CDATA[0]]>" in web.get(asked).text
    clock.forward(seconds=5)
    world.post_claim(Site.FORUM, clock())
    assert "<![CDATA[1]]>" in web.get(asked).text


def test_the_feed_is_empty_for_whoever_triggers_its_building(web: httpx.Client) -> None:
    address = "/oldbbs/forum.php?mod=rss&fid=2"
    assert "<item>" not in web.get(address).content.decode("gbk")
    assert "<item>" in web.get(address).content.decode("gbk")
