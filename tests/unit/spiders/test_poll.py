"""Polls against a site made of a dictionary: what is fetched, stored, reported, and when next."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.domain import Basis, Family, Page, Source
from monitor.errors import FetchError, SourceError
from spiders.decisions import next_poll_at
from spiders.poll import Poll, SourceMemory
from spiders.ports import PollOutcome, Progress
from spiders.storing import Storing
from tests.integration.collect_sink import JournalSink

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
BASE = "http://news.example.com/"
SOURCE = Source("news", "新闻", Family.NEWS_LIST, Basis.NEWS, f"{BASE}index.html", max_pages=3)


class PaperSite:
    """A news site in memory: `pages` lists of article numbers; `broken` numbers raise."""

    def __init__(self, *pages: list[int]) -> None:
        self.pages = pages
        self.broken: dict[int, SourceError] = {}
        self.asked: list[str] = []
        self.now = NOW
        self.written = "2026-11-22 10:00"

    async def fetch_page(self, url: str, source: Source, *, is_list: bool) -> Page:
        name = url.removeprefix(BASE)
        self.asked.append(name)
        body = self._list(name) if is_list else self._article(name)
        headers = {"Content-Type": "text/html; charset=utf-8"}
        return Page(source.name, url, 200, headers, body.encode(), self.now)

    def _list(self, name: str) -> str:
        number = int(name.removeprefix("index").removesuffix(".html").lstrip("_") or 0)
        rows = "".join(
            f'<li><a href="/{n}001.html">第{n}篇</a><span>2026-11-20</span></li>'
            for n in self.pages[number]
        )
        more = number + 1 < len(self.pages)
        link = f'<a class="next" href="index_{number + 1}.html">下一页</a>' if more else ""
        return f'<ul class="list">{rows}</ul>{link}'

    def _article(self, name: str) -> str:
        number = int(name.removesuffix("001.html"))
        if number in self.broken:
            raise self.broken[number]
        words = "拖欠工资已经发放" * 3
        return (
            f'<meta name="PubDate" content="{self.written}"><h1>第{number}篇</h1>'
            f'<div class="TRS_Editor">{words}{number}</div>'
        )


class Watch:
    """Polls a site again and again, as the collector does."""

    def __init__(self, tmp_path: Path, site: PaperSite) -> None:
        self.site = site
        self.sink = JournalSink.open(tmp_path / "journal")
        self.memory = SourceMemory()
        self.now = NOW
        self.told: list[Progress] = []

    def poll(self, source: Source = SOURCE) -> PollOutcome:
        self.site.asked.clear()
        (claim,) = self.sink.claim_due_sources([source.name], self.now, timedelta(seconds=30))

        async def run() -> PollOutcome:
            poll = Poll(
                source,
                claim,
                self.memory,
                fetcher=self.site,
                sink=self.sink,
                storing=Storing(self.sink, linger_seconds=0),
                clock=lambda: self.now,
                on_progress=self.told.append,
            )
            return await poll.run()

        outcome = asyncio.run(run())
        self.sink.finish_poll(outcome, self.now, next_poll_at(source, claim, outcome, self.now))
        self.now = self.sink.sources[source.name].next_poll_at
        return outcome

    def stored(self) -> set[int]:
        return {int(key.removesuffix("001/article")[1:]) for _, key in self.sink.documents}

    def open_issues(self) -> set[str]:
        return {code for (code, _), issue in self.sink.issues.items() if issue["open"]}


def test_the_first_poll_reads_every_page_the_next_looks_once_more_then_only_the_first(
    tmp_path: Path,
) -> None:
    watch = Watch(tmp_path, PaperSite([6, 5], [4, 3], [2, 1]))
    watch.poll()
    assert watch.stored() == {1, 2, 3, 4, 5, 6}
    assert watch.poll().complete
    assert watch.site.asked == ["index.html", "index_1.html", "index_2.html"]
    outcome = watch.poll()
    assert watch.site.asked == ["index.html"]
    assert (outcome.read, outcome.stored, outcome.listed) == (0, 0, 2)


def test_a_row_that_moved_up_while_the_list_was_paged_through_is_not_missed(
    tmp_path: Path,
) -> None:
    class Moving(PaperSite):
        """While its second page is on the way, an article of the first is deleted."""

        def _list(self, name: str) -> str:
            if name == "index_1.html" and len(self.pages[0]) == 3:
                self.pages = ([6, 4, 3], [2, 1])  # 5 is gone, and 3 moved to the first page
            return super()._list(name)

    watch = Watch(tmp_path, Moving([6, 5, 4], [3, 2, 1]))
    watch.poll()
    assert 3 not in watch.stored()
    watch.poll()
    assert watch.stored() >= {1, 2, 3, 4, 6}


def test_paging_goes_on_until_a_page_holds_nothing_new(tmp_path: Path) -> None:
    watch = Watch(tmp_path, PaperSite([4, 3], [2, 1]))
    watch.poll()
    watch.site.pages = ([7, 6], [5, 4], [3, 2])
    watch.poll()
    assert watch.stored() == {1, 2, 3, 4, 5, 6, 7}
    assert "index_2.html" in watch.site.asked
    assert watch.open_issues() == set()


def test_a_gap_is_recorded_with_its_length_after_paging_further(tmp_path: Path) -> None:
    source = replace(SOURCE, max_pages=1, poll_fastest=timedelta(minutes=1))
    watch = Watch(tmp_path, PaperSite([2, 1]))
    watch.poll(source)
    watch.site.pages = ([20, 19], [18, 17], [16, 15], [14, 13], [12, 11])
    watch.now = watch.site.now = began = NOW + timedelta(hours=3)
    watch.site.written = "2026-11-23 14:00"
    outcome = watch.poll(source)
    assert watch.stored() >= {20, 19, 18, 17, 16, 15, 14, 13}  # four times max_pages
    assert watch.open_issues() == {"S410"}
    (gap,) = watch.sink.gaps
    assert (gap["pages"], gap["since"]) == (4, NOW.isoformat())
    assert gap["until"] == "2026-11-23T06:00:00+00:00"
    assert "2.0 小时" in watch.sink.issues["S410", "news"]["message"]
    assert outcome.interval == timedelta(minutes=1)  # sooner
    assert watch.now - began <= timedelta(minutes=1)
    watch.poll(source)
    assert watch.open_issues() == set()
    assert len(watch.sink.gaps) == 1


def test_a_poll_that_died_is_followed_by_one_that_looks_at_every_page(tmp_path: Path) -> None:
    watch = Watch(tmp_path, PaperSite([4, 3], [2, 1]))
    watch.sink.claim_due_sources([SOURCE.name], watch.now, timedelta(0))  # it died
    watch.poll()
    assert watch.site.asked[0] == "index.html"
    assert "index_1.html" in watch.site.asked
    assert watch.stored() == {1, 2, 3, 4}


def test_an_item_that_fails_is_tried_again_after_a_restart_and_off_the_list(
    tmp_path: Path,
) -> None:
    watch = Watch(tmp_path, PaperSite([3, 2, 1]))
    watch.site.broken[2] = FetchError("news", "answered 500", temporary=True, code="S412")
    watch.poll()
    assert watch.stored() == {1, 3}
    assert watch.open_issues() == {"S412"}
    del watch.site.broken[2]
    watch.site.pages = ([9, 8, 7, 3, 1],)  # it is listed no more
    watch.memory = SourceMemory()  # and the process was restarted
    watch.now += timedelta(hours=1)
    watch.poll()
    assert watch.stored() >= {1, 2, 3}
    watch.poll()
    assert watch.open_issues() == set()


def test_an_item_that_always_fails_is_given_up_until_it_changes(tmp_path: Path) -> None:
    watch = Watch(tmp_path, PaperSite([3, 2, 1]))
    watch.site.broken[2] = FetchError("news", "answered 500", temporary=True, code="S412")
    asked = 0
    for _ in range(40):
        watch.poll()
        asked += watch.site.asked.count("2001.html")
        watch.now += timedelta(hours=7)
    assert asked == 6
    assert "S416" in watch.open_issues()


def test_three_bad_items_before_any_good_one_mean_a_bad_source(tmp_path: Path) -> None:
    watch = Watch(tmp_path, PaperSite([3, 2, 1]))
    error = FetchError("news", "answered 500", temporary=True, code="S412")
    watch.site.broken = dict.fromkeys((1, 2, 3), error)
    outcome = watch.poll()
    assert outcome.failed_with == "S412"
    assert not outcome.complete


def test_an_empty_list_fails_and_slows_the_source_but_never_ends_it(tmp_path: Path) -> None:
    watch = Watch(tmp_path, PaperSite([]))
    waits = []
    for _ in range(12):
        before = watch.now
        assert watch.poll().failed_with == "S403"
        waits.append(watch.now - before)
    assert waits == sorted(waits)
    assert waits[0] < waits[-1] == timedelta(hours=1)
    watch.site.pages = ([1],)
    before = watch.now
    assert watch.poll().complete
    assert watch.now - before <= SOURCE.poll_every
