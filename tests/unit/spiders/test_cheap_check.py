"""`check = "forumchecknew"`: 66 bytes instead of a list, and nothing is missed by it."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.domain import Basis, Family, Page, Source
from monitor.errors import FetchError
from spiders.cheap_check import question, says_nothing_new
from spiders.decisions import next_poll_at
from spiders.poll import Poll, SourceMemory
from spiders.ports import PollOutcome
from spiders.storing import Storing
from tests.integration.collect_sink import JournalSink
from tests.loopback_forums import Forum

NOW = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
LIST = "http://bbs.example.com/forum.php?mod=forumdisplay&fid=2"
SOURCE = Source(
    "board", "板", Family.DISCUZ, Basis.HELP_SECTION, LIST, rules={"check": "forumchecknew"}
)


def with_address(url: str) -> Source:
    return Source("b", "b", Family.DISCUZ, Basis.NEWS, url, rules=SOURCE.rules)


@pytest.mark.parametrize(
    ("url", "root"),
    [
        (LIST, "http://bbs.example.com/"),
        ("http://bbs.example.com/bbs/forum-2-1.html", "http://bbs.example.com/bbs/"),
        ("http://bbs.example.com/bbs/archiver/?fid-2.html", "http://bbs.example.com/bbs/"),
        ("http://bbs.example.com/archiver/fid-2.html", "http://bbs.example.com/"),
    ],
)
def test_the_question_is_asked_of_the_board_s_own_forum(url: str, root: str) -> None:
    since = int((NOW - timedelta(minutes=3)).timestamp())
    asked = question(with_address(url), NOW - timedelta(minutes=1), NOW)
    assert asked == f"{root}forum.php?mod=ajax&action=forumchecknew&fid=2&time={since}&inajax=yes"


def test_the_list_is_read_at_first_and_every_quarter_of_an_hour_and_without_the_rule() -> None:
    assert question(SOURCE, None, NOW) is None
    assert question(SOURCE, NOW - timedelta(minutes=15), NOW) is None
    plain = Source("b", "b", Family.DISCUZ, Basis.NEWS, LIST)
    assert question(plain, NOW - timedelta(minutes=1), NOW) is None


@pytest.mark.parametrize(
    ("body", "is_no"),
    [
        ('<?xml version="1.0" encoding="gbk"?>\n<root><![CDATA[0]]></root>', True),
        ('<?xml version="1.0" encoding="gbk"?>\n<root><![CDATA[1]]></root>', False),
        ("<html><body>抱歉，您尚未登录</body></html>", False),
        ("", False),
        ("<root><![CDATA[10]]></root>", False),
    ],
)
def test_only_a_plain_no_is_a_no(body: str, *, is_no: bool) -> None:
    page = Page("b", LIST, 200, {}, body.encode(), NOW)
    assert says_nothing_new(page) is is_no
    assert not says_nothing_new(Page("b", LIST, 503, {}, body.encode(), NOW))


class Site:
    """A forum that answers the question as Discuz! does, and counts what it is asked."""

    def __init__(self) -> None:
        self.forum = Forum.make(threads=3, posts=1, now=NOW - timedelta(hours=1))
        self.now = NOW
        self.asked: list[str] = []
        self.is_down = False

    async def fetch_page(self, url: str, source: Source, *, is_list: bool) -> Page:
        del is_list
        self.asked.append(url)
        if found := re.search(r"forumchecknew&fid=2&time=(\d+)", url):
            if self.is_down:
                raise FetchError(source.name, "down", temporary=True, code="S401")
            newest = max(post.written_at for posts in self.forum.threads.values() for post in posts)
            answer = int(newest.timestamp() > int(found[1]))
            body = f"<root><![CDATA[{answer}]]></root>".encode()
        else:
            parts = urlsplit(url)
            body = self.forum.answer(f"{parts.path}?{parts.query}") or b""
        kind = {"Content-Type": "text/html; charset=utf-8"}
        return Page(source.name, url, 200, kind, body, self.now)


def poll(site: Site, sink: JournalSink, memory: SourceMemory) -> list[str]:
    site.asked.clear()
    (claim,) = sink.claim_due_sources([SOURCE.name], site.now, timedelta(seconds=30))

    async def run() -> PollOutcome:
        return await Poll(
            SOURCE,
            claim,
            memory,
            fetcher=site,
            sink=sink,
            storing=Storing(sink, linger_seconds=0),
            clock=lambda: site.now,
            on_progress=lambda _: None,
        ).run()

    outcome = asyncio.run(run())
    sink.finish_poll(outcome, site.now, next_poll_at(SOURCE, claim, outcome, site.now))
    site.now = max(site.now + timedelta(minutes=5), sink.sources[SOURCE.name].next_poll_at)
    return [url for url in site.asked if "viewthread" not in url]


def test_an_unchanged_board_costs_one_small_question_and_a_new_post_is_read_at_once(
    tmp_path: Path,
) -> None:
    site, sink, memory = Site(), JournalSink.open(tmp_path / "journal"), SourceMemory()
    assert poll(site, sink, memory) == [LIST]
    asked = poll(site, sink, memory)
    assert len(asked) == 1
    assert "forumchecknew" in asked[0]
    site.forum.post(9, site.now)
    asked = poll(site, sink, memory)
    assert asked[-1] == LIST
    assert len(sink.documents) == 4
    # What failed to answer is no "nothing new", and every quarter of an hour the list is read.
    poll(site, sink, memory)
    site.is_down = True
    assert poll(site, sink, memory)[-1] == LIST
