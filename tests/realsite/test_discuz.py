"""A real Discuz!, watched by the real collector into a real database; `make realsite` skips it
unless `QINGXIN_DISCUZ` names an unpacked release (docs/realsite.md)."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from monitor.bootstrap.app import build
from tests.conftest import write_settings
from tests.installation import wait_for
from tests.integration.collect_harness import write_source
from tests.realsite.discuz import (
    HELP,
    MEMBERS_ONLY,
    Board,
    Post,
    Release,
    Thread,
    find_releases,
    make_threads,
    open_board,
    utc_now,
)
from tests.realsite.posts import fold
from tests.realsite.test_wordpress import running_collector
from tests.realsite.wordpress import Visit

pytestmark = [pytest.mark.realsite, pytest.mark.slow, pytest.mark.timeout(600)]

POLL = timedelta(seconds=2)
NO_TIME = datetime.min.replace(tzinfo=UTC)
CASES = [
    pytest.param((release, rewrites), id=f"{release.version}-{release.charset}-{form}")
    for release in find_releases()
    for rewrites, form in ((False, "plain"), (True, "rewritten"))
]


@dataclass(frozen=True)
class Watched:
    """A forum after it was watched: what was posted, what is stored, what was asked, how late."""

    threads: list[Thread]
    stored: dict[str, list[tuple[str, datetime]]]
    issues: set[tuple[str, str]]
    database: bytes
    visits: list[Visit]
    seconds: dict[str, float]


def read_stored(database: Path) -> dict[str, list[tuple[str, datetime]]]:
    """Text and time of every revision, by the key of the document."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened:
        rows = opened.execute(
            "SELECT key, text, published_at FROM documents ORDER BY key, revision"
        ).fetchall()
    opened.close()
    found: dict[str, list[tuple[str, datetime]]] = {}
    for key, text, at in rows:
        moment = datetime.fromisoformat(at).replace(tzinfo=UTC) if at else NO_TIME
        found.setdefault(key, []).append((text, moment))
    return found


@pytest.fixture(scope="module", params=CASES or [pytest.param(None, id="none")])
def watched(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    """A forum watched until everything is stored, with plain and with rewritten addresses."""
    if request.param is None:
        pytest.skip("QINGXIN_DISCUZ names no unpacked Discuz!")
    release, rewrites = request.param
    with open_board(release, rewrites=rewrites) as board:
        yield watch(board, release, tmp_path_factory.mktemp("watched"), rewrites=rewrites)


def watch(board: Board, release: Release, folder: Path, *, rewrites: bool) -> Watched:
    """Post, collect, post more meanwhile; say what came of it and how long it took."""
    threads = make_threads(utc_now())
    for thread in threads:
        board.write(thread)
    for fid in (HELP, MEMBERS_ONLY):
        form = f"forum-{fid}-1.html" if rewrites else f"forum.php?mod=forumdisplay&fid={fid}"
        write_source(
            folder / "sources",
            f"board-{fid}",
            url=f"{board.address}/{form}",
            poll_every=f"PT{POLL.seconds}S",
            delay="PT0S",
        )
    settings = write_settings(
        folder, sample__enabled="false", sources__folder=f'"{folder / "sources"}"'
    )
    app = build(settings)
    app.prepare()
    app.storage.close()
    database = folder / "data" / "qingxin.db"
    seconds: dict[str, float] = {}
    with running_collector(folder):
        wait_for(
            lambda: expected(threads).keys() <= read_stored(database).keys(),
            seconds=240,
            why="what was posted before is stored",
        )
        new = Thread(901, HELP, "刚刚发的新帖", [post_now(9001, "新来的，被拖欠四个月。")])
        threads.append(new)
        board.write(new)
        seconds["new thread"] = wait_long(database, "p9001")
        old = next(each for each in threads if each.title == "四百天前的老帖")
        board.reply(old, post_now(9002, "工资发了，谢谢。"))
        seconds["reply after 400 days"] = wait_long(database, "p9002")
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened:
        issues = set(opened.execute("SELECT code, subject FROM issues WHERE closed_at IS NULL"))
    opened.close()
    return Watched(
        threads,
        read_stored(database),
        issues,
        b"".join(path.read_bytes() for path in sorted(database.parent.glob("qingxin.db*"))),
        board.visits(),
        seconds,
    )


def post_now(pid: int, text: str) -> Post:
    return Post(pid, utc_now().replace(microsecond=0), text, text)


def wait_long(database: Path, pid: str) -> float:
    """Wait until a post is a document; return the seconds that it took."""
    began = utc_now()
    wait_for(
        lambda: any(key.endswith(f"/{pid}") for key in read_stored(database)),
        seconds=60,
        why=f"{pid} is stored",
    )
    return (utc_now() - began).total_seconds()


def expected(threads: list[Thread]) -> dict[str, tuple[str, datetime]]:
    """Text and time of every post that anybody may read, by the key of its document."""
    return {
        f"t{thread.tid}/p{post.pid}": (post.text, post.at)
        for thread in threads
        if thread.is_readable
        for post in thread.posts
        if post.text is not None
    }


def test_every_readable_post_is_read_once_word_for_word_with_its_time(
    watched: Watched, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    wanted = expected(watched.threads)
    exact = [k for k, (text, _) in wanted.items() if fold(watched.stored[k][0][0]) == fold(text)]
    on_time = [key for key, (_, at) in wanted.items() if watched.stored[key][0][1] == at]
    with capsys.disabled():
        print(  # the figures are what this test is for
            f"\n{request.node.callspec.id}: read {len(wanted.keys() & watched.stored.keys())} of "
            f"{len(wanted)}, exact {len(exact)}, times right {len(on_time)}; "
            + ", ".join(f"{name} {each:.1f} s" for name, each in watched.seconds.items())
        )
    assert [watched.stored[key] for key in wanted if key not in exact] == []
    assert [key for key in wanted if key not in on_time] == []
    assert watched.stored.keys() == wanted.keys()
    assert [key for key, revisions in watched.stored.items() if len(revisions) != 1] == []


def test_a_new_thread_and_a_reply_to_an_old_one_are_documents_in_time(watched: Watched) -> None:
    limit = (POLL + timedelta(seconds=5)).total_seconds()
    assert {name for name, each in watched.seconds.items() if each > limit} == set()


def test_nothing_that_is_not_for_everybody_and_nobody_s_name_is_stored(watched: Watched) -> None:
    stored = watched.database.decode("utf-8", errors="replace")
    for word in ("密语", "柳絮阿飞", "三更灯火", "站长大人", "203.0.113.77", "13905550142"):
        assert word not in stored, word


def test_robots_txt_is_kept_and_requests_never_overlap(watched: Watched) -> None:
    visits = watched.visits
    forbidden = ("/member.php", "/search.php", "/misc.php", "/api", "/data", "/home.php")
    assert not [each.path for each in visits if each.path.startswith(forbidden)]
    assert not [each.path for each in visits if "mod=redirect" in each.path]
    assert {each.agent.split("/")[0] for each in visits} == {"QingxinWageReader"}
    # PHP answers before its script has come to its end: what it still does then (it writes down
    # statistics) overlaps the next request by a little, and is no request.
    overlaps = [
        (one.path, other.path, one.ended - other.began)
        for one, other in pairwise(visits)
        if other.began < one.ended - 0.1
    ]
    assert overlaps == []


def test_the_board_for_members_only_is_told_and_nothing_else(watched: Watched) -> None:
    assert watched.issues == {("S404", f"board-{MEMBERS_ONLY}")}
