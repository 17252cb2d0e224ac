"""Each way in which a source goes quiet, on a board that was read well before: told apart, by the
second poll at the latest, with the page that shows it and none of its words."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain import Basis, Expectations, Family, Page, Source
from monitor.errors import FetchError, SourceError
from spiders.decisions import next_poll_at
from spiders.faults import FAULTS, allowance_of
from spiders.poll import Poll, SourceMemory
from spiders.ports import PollOutcome
from spiders.storing import Storing
from tests.integration.collect_sink import JournalSink
from tests.loopback_forums import Forum, frame

pytestmark = pytest.mark.story

# A Monday noon in Shanghai, far from any holiday.
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
BASE = "http://bbs.example.com/"
SOURCE = Source(
    "board", "论坛", Family.DISCUZ, Basis.HELP_SECTION, f"{BASE}forum.php?mod=forumdisplay&fid=2",
    max_pages=1, expect=Expectations(quiet_after=timedelta(days=1)),
)  # fmt: skip
HANDLE = "王小明的店"


@dataclass
class Board:
    """A board whose answers can be changed; one clock for it and for who reads it."""

    folder: Path
    now: datetime = NOON
    forum: Forum = field(default_factory=Forum)
    changed: Callable[[bytes], bytes] = bytes
    instead: Callable[[str], bytes] | None = None
    leads_to: str = ""
    fails_with: SourceError | None = None

    def __post_init__(self) -> None:
        self.sink = JournalSink.open(self.folder / "journal")
        self.memory = SourceMemory()
        self.posted = 0

    def post(self, count: int, written_at: datetime | None = None) -> None:
        for _ in range(count):
            self.posted += 1
            self.forum.post(self.posted, written_at or self.now - timedelta(minutes=1))

    async def fetch_page(self, url: str, source: Source, *, is_list: bool) -> Page:
        if self.fails_with is not None:
            raise self.fails_with
        body = self.forum.answer(url.removeprefix(BASE))
        if self.instead is not None and is_list:
            body = self.instead(url)
        assert body is not None
        came = self.leads_to if self.leads_to and is_list else url
        headers = {"Content-Type": "text/html; charset=utf-8"}
        return Page(source.name, came, 200, headers, self.changed(body), self.now)

    def poll(self, source: Source = SOURCE) -> PollOutcome:
        async def run() -> PollOutcome:
            (claim,) = self.sink.claim_due_sources([source.name], self.now, timedelta(seconds=30))
            poll = Poll(
                source,
                claim,
                self.memory,
                fetcher=self,
                sink=self.sink,
                storing=Storing(self.sink, linger_seconds=0),
                clock=lambda: self.now,
                on_progress=lambda _: None,
            )
            outcome = await poll.run()
            due = next_poll_at(source, claim, outcome, self.now)
            self.sink.finish_poll(outcome, self.now, due)
            self.now = due
            return outcome

        return asyncio.run(run())

    def open_issues(self) -> set[str]:
        return {code for (code, _), issue in self.sink.issues.items() if issue["open"]}

    def stored(self) -> int:
        return len(self.sink.documents)


@pytest.fixture
def board(tmp_path: Path) -> Board:
    """A board with a life that was read well for a while."""
    board = Board(tmp_path)
    board.post(12)
    for _ in range(3):
        board.poll()
        board.post(1)
    assert board.open_issues() == set()
    return board


def told_by_the_second_poll(board: Board) -> set[str]:
    board.poll()
    board.post(6)
    board.poll()
    return board.open_issues()


def empty_list(_: str) -> bytes:
    return frame("求助", "<table></table><p>暂无帖子</p>")


def other_layout(_: str) -> bytes:
    rows = "".join(f'<section class="card-{n}"><h3>{HANDLE}</h3></section>' for n in "abcdefgh")
    return f'<body class="app"><main id="root">{rows}</main></body>'.encode()


def challenge(_: str) -> bytes:
    words = "请完成安全验证后继续访问"
    return f'<body><div id="verify">{words}</div><script>var _dsign="1"</script></body>'.encode()


def sign_in(_: str) -> bytes:
    return (
        f"<html><title>登录</title><body><form>{HANDLE}您好，请先登录"
        '<input name="username"><input type="password"></form></body></html>'
    ).encode()


@pytest.mark.parametrize(
    ("instead", "code"),
    [(empty_list, "S417"), (other_layout, "S403"), (challenge, "S405"), (sign_in, "S404")],
)
def test_what_comes_instead_of_the_list_is_told_apart(
    board: Board, instead: Callable[[str], bytes], code: str
) -> None:
    board.instead = instead
    assert told_by_the_second_poll(board) == {code}
    page = board.sink.issues[code, "board"]["page"]
    assert page["address"] == SOURCE.url
    assert HANDLE not in page["outline"]
    assert "字〕" in page["outline"]


def test_the_notice_of_a_gate_is_shown_and_nothing_else_of_its_words(board: Board) -> None:
    board.instead = challenge
    board.poll()
    outline = board.sink.issues["S405", "board"]["page"]["outline"]
    assert "页面上的提示语：请完成安全验证" in outline
    assert "继续访问" not in outline


def test_a_list_that_leads_elsewhere_on_its_host_is_told(board: Board) -> None:
    board.instead, board.leads_to = other_layout, f"{BASE}portal.php"
    assert told_by_the_second_poll(board) == {"S415"}


def test_a_list_of_another_kind_behind_a_redirect_stores_nothing(board: Board) -> None:
    before = board.stored()
    other = Forum.make(15, 1, board.now)

    def portal(url: str) -> bytes:
        body = other.answer(url.removeprefix(BASE))
        assert body is not None
        return b"<body id='nv_forum'><nav class='a b c'><menu class='d'><i class='e'>" * 3 + (
            body[body.index(b"<tbody") : body.rindex(b"</tbody>")].replace(b"class=", b"data-c=")
        ).replace(b'data-c="s xst"', b'class="s xst"')

    board.instead, board.leads_to = portal, f"{BASE}portal.php"
    assert told_by_the_second_poll(board) == {"S415"}
    assert board.stored() == before


def test_a_charset_that_flips_is_told_and_no_rubbish_is_stored(board: Board) -> None:
    before = board.stored()
    source = replace(SOURCE, charset="big5")  # as a site that moved to another character set

    def as_gbk(body: bytes) -> bytes:
        return body.decode("utf-8").encode("gb18030")

    board.changed = as_gbk
    board.poll(source)
    board.post(6)
    board.poll(source)
    assert board.open_issues() == {"S407"}
    assert board.stored() == before


def test_a_flipped_charset_that_can_still_be_known_is_read_on(board: Board) -> None:
    board.changed = lambda body: body.decode("utf-8").encode("gb18030")
    before = board.stored()
    assert told_by_the_second_poll(board) == set()
    assert board.stored() > before


def test_dates_that_flip_are_told(board: Board) -> None:
    # Day and month in turn: 2026-11-23 becomes 2026-01-02 and such.
    board.changed = lambda body: body.replace(b"2026-11-2", b"2026-01-0")
    board.post(6)
    assert told_by_the_second_poll(board) == {"S418"}


def test_dates_that_can_no_longer_be_read_are_told(board: Board) -> None:
    board.changed = lambda body: body.replace(b"title=", b"data-x=").replace("昨天".encode(), b"-")
    board.post(10)
    assert told_by_the_second_poll(board) == {"S418"}


@pytest.mark.parametrize("code", ["S401", "S409", "S411", "S412", "S413", "S415"])
def test_what_the_fetcher_tells_is_kept_as_it_is(board: Board, code: str) -> None:
    board.fails_with = FetchError("board", "told by the fetcher", temporary=True, code=code)
    assert told_by_the_second_poll(board) == {code}
    assert board.sink.issues[code, "board"]["page"]["status"] == 0


def test_silence_is_told_apart_from_every_fault(board: Board) -> None:
    board.poll()
    board.now += timedelta(days=2)
    board.poll()
    board.poll()
    assert board.open_issues() == {"S414"}
    board.post(1)
    board.poll()
    assert board.open_issues() == set()


def test_a_quiet_public_holiday_raises_no_alarm(tmp_path: Path) -> None:
    board = Board(tmp_path, now=datetime(2026, 9, 30, 9, 0, tzinfo=UTC))  # the last evening before
    board.post(12)
    for _ in range(3):
        board.poll()
    board.post(1)
    while board.now < datetime(2026, 10, 4, 0, 0, tzinfo=UTC):
        board.poll()
        assert board.open_issues() == set()
        board.now += timedelta(hours=3)


def test_a_source_that_fails_is_slowed_and_never_switched_off(board: Board) -> None:
    board.fails_with = FetchError("board", "no answer", temporary=True)
    waits = []
    for _ in range(15):
        before = board.now
        board.poll()
        waits.append(board.now - before)
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
    board.fails_with = None
    board.poll()
    assert board.open_issues() == set()


def test_every_fault_has_a_name_and_an_allowance_that_a_source_may_change() -> None:
    assert all(fault.name for fault in FAULTS.values())
    patient = replace(SOURCE, expect=Expectations(allowance=timedelta(days=2)))
    assert allowance_of("S403", SOURCE) == timedelta(hours=1)
    assert allowance_of("S403", patient) == timedelta(days=2)
    assert allowance_of("S406", patient) is None
