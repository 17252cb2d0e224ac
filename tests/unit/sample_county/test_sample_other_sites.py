"""The mailbox, the news site, the faults and the county's own pages."""

import feedparser
import httpx
import pytest
from selectolax.lexbor import LexborHTMLParser

from sample_county.faults import Fault
from sample_county.nouns import Site
from sample_county.running import RunningCounty
from sample_county.world import World
from tests.unit.sample_county.county_clock import Clock
from tests.unit.sample_county.county_pages import attribute, one

FAULTY = "/faults/{}/forum.php?mod=forumdisplay&fid=2"


def cells(page: httpx.Response) -> dict[str, str]:
    tree = LexborHTMLParser(page.text)
    labels = tree.css("table.mail-detail th")
    found = {}
    for label in labels:
        value = label.next
        while value is not None and value.tag != "td":
            value = value.next
        assert value is not None
        found[label.text()] = value.text(separator="\n").strip()
    return found


def test_a_letter_is_a_table_of_labels_and_is_answered_later(
    web: httpx.Client, world: World, clock: Clock
) -> None:
    posted = world.post_claim(Site.MAILBOX, clock())
    before = cells(web.get(posted.path))
    writer = world.get(Site.MAILBOX, posted.item_id).first.author
    assert before["来信人"] == writer.name
    assert before["信件标题"] == posted.title
    assert before["来信时间"] == "2026-11-23 12:00:00"
    assert posted.text.split("\n")[0] in before["来信内容"]
    assert "回复内容" not in before
    clock.forward(hours=26)
    world.answer(posted.item_id, "县人力资源和社会保障局", "已责令支付。", clock())
    after = cells(web.get(posted.path))
    assert after["办理状态"] == "已办结"
    assert after["回复时间"] == "2026-11-24 14:00"
    assert after["回复内容"].endswith("已责令支付。")
    assert after["来信时间"] == before["来信时间"]


def test_the_letters_are_listed_newest_first_over_pages(web: httpx.Client, world: World) -> None:
    pages = [LexborHTMLParser(web.get(f"/mailbox/index.html?page={n}").text) for n in (1, 2, 99)]
    ids = [
        [int((a.attributes["href"] or "").rpartition("=")[2]) for a in page.css("td.tit a")]
        for page in pages
    ]
    assert len(ids[0]) == 10
    assert ids[0] + ids[1] == sorted(
        (i.item_id for i in world.list_items(Site.MAILBOX)), reverse=True
    )
    assert ids[2] == []
    assert web.get("/mailbox/letter.html?id=5").headers["location"] == "/mailbox/index.html"


def test_an_article_has_its_date_in_the_head_and_two_feeds_name_it(
    web: httpx.Client, world: World
) -> None:
    listed = LexborHTMLParser(web.get("/news/index.html").text).css("ul.list li a")
    page = LexborHTMLParser(web.get("/news/" + (listed[0].attributes["href"] or "")).text)
    item = world.list_items(Site.NEWS)[-1]
    assert attribute(one(page, "meta[name=ArticleTitle]"), "content") == item.title
    assert one(page, "div.TRS_Editor").text().count("　　") == item.first.text.count("\n") + 1
    assert item.editor in one(page, "p.editor").text()
    for name in ("rss", "atom"):
        entry = feedparser.parse(web.get(f"/news/{name}.xml").content).entries[0]
        assert entry.title == item.title
        assert httpx.get(entry.link, trust_env=False).status_code == 200
        assert entry.author == item.reporter
    second = LexborHTMLParser(web.get("/news/index_1.html").text)
    assert second.css("ul.list li a")
    assert web.get("/news/index_9.html").status_code == 404


def test_a_feed_that_has_not_changed_answers_304(web: httpx.Client) -> None:
    first = web.get("/news/rss.xml")
    same = web.get("/news/rss.xml", headers={"if-none-match": first.headers["etag"]})
    assert same.status_code == 304
    assert same.content == b""


@pytest.mark.parametrize(
    ("fault", "status", "sign"),
    [
        (Fault.LOGIN, 200, "pg_logging"),
        (Fault.EMPTY, 200, "forum_2"),
        (Fault.REDESIGN, 200, "card-link"),
        (Fault.CHALLENGE, 200, "acw_sc__v2"),
        (Fault.CLOSED, 200, "messagetext"),
        (Fault.SERVER_ERROR, 500, "System Error"),
        (Fault.BUSY, 503, "System Error"),
        (Fault.DENIED, 200, "normalthread_"),
    ],
)
def test_a_fault_answers_as_it_says(
    web: httpx.Client, fault: Fault, status: int, sign: str
) -> None:
    page = web.get(FAULTY.format(fault))
    assert page.status_code == status
    assert sign in page.text
    assert fault is Fault.DENIED or not LexborHTMLParser(page.text).css("a.xst")


def test_the_redirect_goes_where_it_is_told(web: httpx.Client) -> None:
    told = web.get("/faults/redirect/forum.php", params={"to": "http://127.0.0.1:1/"})
    assert told.headers["location"] == "http://127.0.0.1:1/"
    assert "169.254.169.254" in web.get(FAULTY.format("redirect")).headers["location"]


def test_the_wrong_charset_says_utf_8_and_is_not(web: httpx.Client) -> None:
    for query in ("mod=forumdisplay&fid=2", "mod=viewthread&tid=1213"):
        page = web.get(f"/faults/wrong-charset/forum.php?{query}")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        with pytest.raises(UnicodeDecodeError):
            page.content.decode("utf-8")
        assert "清河论坛" in page.content.decode("gb18030")


def test_the_huge_answer_streams_and_may_be_left(web: httpx.Client) -> None:
    read = 0
    with web.stream("GET", FAULTY.format("huge")) as page:
        assert "content-length" not in page.headers
        for chunk in page.iter_bytes():
            read += len(chunk)
            if read > 5_000_000:
                break
    assert web.get("/robots.txt").status_code == 200


def test_a_slow_answer_takes_its_time_while_others_are_served(web: httpx.Client) -> None:
    with pytest.raises(httpx.ReadTimeout):
        web.get("/faults/slow/forum.php?seconds=20", timeout=0.3)
    assert web.get("/robots.txt").status_code == 200
    assert "清河论坛" in web.get("/faults/slow/forum.php?seconds=0.01").text


def test_a_whole_site_can_be_broken_and_made_whole(
    web: httpx.Client, county: RunningCounty
) -> None:
    county.faults.set(Site.MAILBOX, Fault.BUSY)
    assert web.get("/mailbox/index.html").status_code == 503
    assert web.get("/news/index.html").status_code == 200
    county.faults.clear(Site.MAILBOX)
    assert web.get("/mailbox/index.html").status_code == 200


def test_the_log_tells_who_asked_and_whether_two_asked_at_once(
    web: httpx.Client, county: RunningCounty
) -> None:
    web.get("/robots.txt")
    web.get("/forum/forum.php?mod=forumdisplay&fid=2")
    seen = web.get("/.well-known/qingxin-sample/requests").json()
    assert [r["path"] for r in seen["requests"]] == [
        "/robots.txt",
        "/forum/forum.php?mod=forumdisplay&fid=2",
    ]
    assert {r["agent"] for r in seen["requests"]} == {"wage-reader/1.0"}
    assert seen["most_at_once"] == 1
    assert all(r.ended is not None for r in county.requests.list_requests())


def test_a_visitor_writes_a_message_and_finds_it_on_the_help_board(
    web: httpx.Client, world: World
) -> None:
    words = {"title": "<b>测试</b>欠薪", "text": "第一行\r\n第二行"}
    done = web.post("/post", data=words, follow_redirects=True)
    assert "已发布" in done.text
    item = world.list_items(Site.FORUM)[-1]
    assert (item.title, item.first.text) == ("<b>测试</b>欠薪", "第一行\n第二行")
    thread = web.get(f"/forum/forum.php?mod=viewthread&tid={item.item_id}").text
    assert "&lt;b&gt;测试&lt;/b&gt;欠薪" in thread
    refused = web.post("/post", data={"title": " ", "text": "x"}, follow_redirects=True)
    assert "标题和内容都要写" in refused.text


def test_tests_may_ask_for_claims_and_secrets_and_post_a_claim(
    web: httpx.Client, world: World
) -> None:
    before = len(web.get("/.well-known/qingxin-sample/claims").json())
    posted = web.post("/.well-known/qingxin-sample/claims/forum").json()
    claims = web.get("/.well-known/qingxin-sample/claims").json()
    assert len(claims) == before + 1
    assert posted in claims
    assert len(web.get("/.well-known/qingxin-sample/secrets").json()) == len(world.served())
