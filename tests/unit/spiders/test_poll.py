"""Polls against a site made of a dictionary: what is fetched, stored, reported, and when next."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain import Basis, Family, Page, Source
from monitor.errors import FetchError, SourceError
from spiders.decisions import is_due_again, next_poll_at
from spiders.expectations import broken_promises
from spiders.poll import Poll, SourceMemory
from spiders.ports import Claim, KnownItem, PollOutcome, Progress
from spiders.reading import list_item
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

    async def fetch_page(self, url: str, source: Source, *, is_list: bool) -> Page:
        name = url.removeprefix(BASE)
        self.asked.append(name)
        body = self._list(name) if is_list else self._article(name)
        headers = {"Content-Type": "text/html; charset=utf-8"}
        return Page(source.name, url, 200, headers, body.encode(), NOW)

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
            f'<meta name="PubDate" content="2026-11-20 10:00"><h1>第{number}篇</h1>'
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
        poll = Poll(
            source,
            claim,
            self.memory,
            fetcher=self.site,
            sink=self.sink,
            clock=lambda: self.now,
            on_progress=self.told.append,
        )
        outcome = asyncio.run(poll.run())
        self.sink.finish_poll(outcome, self.now, next_poll_at(source, claim, outcome, self.now))
        self.now = self.sink.sources[source.name].next_poll_at
        return outcome

    def stored(self) -> set[int]:
        return {int(key.removesuffix("001/article")[1:]) for _, key in self.sink.documents}

    def open_issues(self) -> set[str]:
        return {code for (code, _), issue in self.sink.issues.items() if issue["open"]}


def test_the_first_poll_reads_every_page_it_may_and_the_next_only_the_first(
    tmp_path: Path,
) -> None:
    watch = Watch(tmp_path, PaperSite([6, 5], [4, 3], [2, 1]))
    assert watch.poll().complete
    assert watch.stored() == {1, 2, 3, 4, 5, 6}
    outcome = watch.poll()
    assert watch.site.asked == ["index.html"]
    assert (outcome.read, outcome.stored, outcome.listed) == (0, 0, 2)


def test_paging_goes_on_until_a_page_holds_nothing_new(tmp_path: Path) -> None:
    watch = Watch(tmp_path, PaperSite([4, 3], [2, 1]))
    watch.poll()
    watch.site.pages = ([7, 6], [5, 4], [3, 2])
    watch.poll()
    assert watch.stored() == {1, 2, 3, 4, 5, 6, 7}
    assert "index_2.html" in watch.site.asked
    assert watch.open_issues() == set()


def test_a_gap_is_recorded_when_nothing_known_is_reached(tmp_path: Path) -> None:
    watch = Watch(tmp_path, PaperSite([2, 1]))
    watch.poll()
    watch.site.pages = ([20, 19], [18, 17], [16, 15], [14, 13])
    watch.poll()
    assert watch.open_issues() == {"S410"}
    watch.poll()
    assert watch.open_issues() == set()


def test_a_poll_that_died_is_followed_by_one_that_looks_at_every_page(tmp_path: Path) -> None:
    watch = Watch(tmp_path, PaperSite([4, 3], [2, 1]))
    watch.site.broken[2] = FetchError("news", "gone", temporary=True)
    first = watch.poll()
    assert not first.complete
    del watch.site.broken[2]
    watch.memory = SourceMemory()  # the process was killed
    assert watch.poll().complete
    assert watch.stored() == {1, 2, 3, 4}


def test_an_item_that_fails_is_an_issue_and_is_tried_again_until_it_is_read(
    tmp_path: Path,
) -> None:
    watch = Watch(tmp_path, PaperSite([3, 2, 1]))
    watch.site.broken[2] = FetchError("news", "answered 500", temporary=True, code="S412")
    watch.poll()
    assert watch.stored() == {1, 3}
    assert watch.open_issues() == {"S412"}
    del watch.site.broken[2]
    watch.now += timedelta(hours=1)
    watch.poll()
    assert watch.stored() == {1, 2, 3}
    assert watch.open_issues() == set()


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
    assert watch.now - before == SOURCE.poll_every


def test_young_items_are_read_again_because_lists_do_not_show_edits() -> None:
    item = list_item("a1", BASE, "题", change_key="c")

    def due(age: timedelta, since: timedelta) -> bool:
        known = {"a1": KnownItem("c", NOW - age, NOW - since)}
        return is_due_again(item, known, SOURCE, NOW)

    assert not due(timedelta(minutes=20), timedelta(minutes=20))
    assert due(timedelta(minutes=30), timedelta(minutes=30))
    assert not due(timedelta(hours=20), timedelta(hours=4))
    assert due(timedelta(hours=20), timedelta(hours=5))
    assert not due(timedelta(days=4), timedelta(days=4))


CLAIM = Claim("news", unfinished=False, failures=0, watched_since=NOW, last_new_at=NOW)
GOOD = PollOutcome("news", NOW, complete=True, pages=1, listed=9, read=6, with_text=6, documents=6,
                   with_time=6, stored=6)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"listed": 0}, "S408"),
        ({"with_text": 5}, "S408"),
        ({"with_time": 4}, "S408"),
        ({"read": 4, "with_text": 0, "documents": 0, "with_time": 0}, None),
    ],
)
def test_a_broken_promise_is_told(changes: dict[str, int], code: str | None) -> None:
    outcome = replace(GOOD, **changes)  # type: ignore[arg-type]
    found = broken_promises(SOURCE, CLAIM, outcome, NOW)
    assert [promise.code for promise in found] == ([code] if code else [])


def test_silence_is_told_after_its_allowance_and_not_before() -> None:
    quiet = replace(GOOD, read=0, with_text=0, documents=0, with_time=0, stored=0)
    before = NOW + SOURCE.expect.quiet_after
    assert broken_promises(SOURCE, CLAIM, quiet, before) == []
    (promise,) = broken_promises(SOURCE, CLAIM, quiet, before + timedelta(minutes=1))
    assert promise.code == "S414"
    never = replace(CLAIM, last_new_at=None)
    assert broken_promises(SOURCE, never, quiet, before + timedelta(minutes=1)) == [promise]
