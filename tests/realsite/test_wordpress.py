"""A WordPress that nobody here wrote, watched by the real collector into a real database."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from monitor.bootstrap.app import build
from spiders.families.wordpress import rest_address
from tests.conftest import ROOT, write_settings
from tests.installation import wait_for
from tests.integration.collect_harness import write_source
from tests.realsite.posts import (
    AUTHORS,
    COMMENTER,
    EDITED_LINE,
    REMARK,
    BlogPost,
    fold,
    make_later_posts,
    make_posts,
    utc_now,
)
from tests.realsite.wordpress import Blog, Visit, missing_packages, open_blog

pytestmark = [pytest.mark.realsite, pytest.mark.slow, pytest.mark.timeout(280)]

DATED, NUMBERED = "/%year%/%monthnum%/%postname%/", ""
FEED_AT = {DATED: "/feed/", NUMBERED: "/?feed=rss2"}
IN_FEED = 10
REST_AT = {DATED: "/wp-json/", NUMBERED: "/?rest_route=/"}
FEED, PAGES, REST = "blog-feed", "blog-pages", "blog-rest"
SHOW_EDITS = (FEED, REST)
"""A list of pages does not show that an article of three days ago was edited."""


@dataclass(frozen=True)
class Stored:
    """One revision of a document, as it stands in the database."""

    source: str
    key: str
    revision: int
    title: str
    text: str
    published_at: datetime


@dataclass(frozen=True)
class Watched:
    """A blog after it was watched: what was on it, what is stored, what was asked of it."""

    posts: dict[str, list[BlogPost]]
    edited: BlogPost
    edited_text: str
    hidden: list[BlogPost]
    stored: list[Stored]
    issues: list[tuple[str, str, str]]
    database: bytes
    visits: list[Visit]
    version: str
    tried: list[dict[str, Any]]


def read_stored(database: Path) -> list[Stored]:
    """Every revision of every document."""
    query = "SELECT source, key, revision, title, text, published_at FROM documents ORDER BY id"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened:
        rows = opened.execute(query).fetchall()
    opened.close()
    return [
        Stored(source, key, revision, title, text, datetime.fromisoformat(at).replace(tzinfo=UTC))
        for source, key, revision, title, text, at in rows
    ]


def read_issues(database: Path) -> list[tuple[str, str, str]]:
    """Code, subject and message of what is open."""
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened:
        rows = opened.execute(
            "SELECT code, subject, message FROM issues WHERE closed_at IS NULL"
        ).fetchall()
    opened.close()
    return list(rows)


@pytest.fixture(scope="module", params=[DATED, NUMBERED], ids=["dated", "numbered"])
def watched(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    """A blog watched until all that was posted is stored; once with each form of addresses."""
    if missing := missing_packages():
        pytest.skip(f"needs Debian's packages: apt-get install {' '.join(missing)}")
    folder = tmp_path_factory.mktemp("watched")
    with open_blog(request.param) as blog:
        yield watch(
            blog,
            f"{blog.address}{FEED_AT[request.param]}",
            rest_address(f"{blog.address}{REST_AT[request.param]}"),
            folder,
        )


def watch(blog: Blog, feed: str, rest: str, folder: Path) -> Watched:
    """Post, collect, post more and edit while it is collected; say what came of it."""
    posts = make_posts(utc_now())
    numbers = dict(zip((post.title for post in posts), blog.write(posts), strict=True))
    readable = [post for post in posts if post.is_readable]
    edited = next(post for post in readable if post.title.startswith("来信照登"))
    blog.remark(numbers[edited.title], COMMENTER, REMARK)
    newest = [post for post in posts if post.status == "publish"][-IN_FEED:]
    expected = {
        FEED: [post for post in newest if post.is_readable],
        PAGES: readable,
        REST: readable,
    }
    database = prepare_office(folder, blog, feed, rest)

    def count(source: str) -> int:
        return len({each.key for each in read_stored(database) if each.source == source})

    with running_collector(folder):
        wait_for(
            lambda: all(count(source) >= len(posts) for source, posts in expected.items()),
            seconds=90,
            why="what was posted before is stored",
        )
        later = make_later_posts(utc_now())
        blog.write(later)
        blog.rewrite(numbers[edited.title], f"{edited.html}\n<p>{EDITED_LINE}</p>")
        wait_for(lambda: has_all_of_it(database, later), seconds=60, why="later posts and an edit")
    tried = try_the_address(blog, folder)
    return Watched(
        posts={source: [*posts, *later] for source, posts in expected.items()},
        edited=edited,
        edited_text=f"{edited.text}{EDITED_LINE}",
        hidden=[post for post in posts if not post.is_readable],
        stored=read_stored(database),
        issues=read_issues(database),
        database=b"".join(
            path.read_bytes() for path in sorted(database.parent.glob("qingxin.db*"))
        ),
        visits=blog.visits(),
        version=blog.version,
        tried=tried,
    )


def try_the_address(blog: Blog, folder: Path) -> list[dict[str, Any]]:
    """What `source try` says of the blog's bare address."""
    command = [sys.executable, "-m", "monitor.cli", "source", "try", f"{blog.address}/", "--local"]
    told = subprocess.run(
        [*command, "--json", "--items", "5", "--settings", "settings.toml"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    return [json.loads(line) for line in told.stdout.splitlines()]


def has_all_of_it(database: Path, later: list[BlogPost]) -> bool:
    """True when every source has the later posts, and those that show edits the edited text."""
    stored = read_stored(database)
    for source in (FEED, PAGES, REST):
        titles = {each.title for each in stored if each.source == source}
        edits = [each for each in stored if each.source == source and EDITED_LINE in each.text]
        if (source in SHOW_EDITS and not edits) or not titles >= {post.title for post in later}:
            return False
    return True


def prepare_office(folder: Path, blog: Blog, feed: str, rest: str) -> Path:
    """Write settings and two source files, make the database; return its path."""
    watch_it: dict[str, Any] = {"basis": "news", "poll_every": "PT1S", "delay": "PT0.02S"}
    sources = folder / "sources"
    write_source(sources, FEED, family="feed", url=feed, **watch_it)
    write_source(sources, PAGES, family="wordpress", url=f"{blog.address}/", **watch_it)
    write_source(
        sources, REST, family="wordpress", url=rest, **{"expect.list_min_items": 0}, **watch_it
    )
    settings = write_settings(
        folder, sample__enabled="false", sources__folder=f'"{sources}"', collect__lease='"PT10S"'
    )
    app = build(settings)
    app.prepare()
    app.storage.close()
    return folder / "data" / "qingxin.db"


@contextmanager
def running_collector(folder: Path) -> Iterator[None]:
    """Run `qingxin collect`; at the end it must stop by itself when asked to."""
    command = [sys.executable, "-m", "monitor.cli", "collect", "--settings", "settings.toml"]
    with (
        (folder / "collect.log").open("wb") as log,
        subprocess.Popen(
            command, stdout=log, stderr=log, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}
        ) as process,
    ):
        try:
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0, (folder / "collect.log").read_text("utf-8")
        finally:
            process.kill()


@pytest.mark.parametrize("source", [FEED, PAGES, REST])
def test_every_readable_post_is_read_once_word_for_word_with_its_time(
    watched: Watched, source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    posts = watched.posts[source]
    by_title: dict[str, list[Stored]] = {}
    for each in watched.stored:
        if each.source == source:
            by_title.setdefault(fold(each.title), []).append(each)
    found = [(post, by_title.get(fold(unescape(post.title)), [])) for post in posts]
    read = [(post, revisions) for post, revisions in found if len({r.key for r in revisions}) == 1]
    exact = [post for post, revisions in read if fold(revisions[0].text) == fold(post.text)]
    on_time = [post for post, revisions in read if revisions[0].published_at == post.written_at]
    with capsys.disabled():
        print(  # the figures are what this test is for
            f"\nWordPress {watched.version}, {source}: read {len(read)} of {len(posts)}, "
            f"exact {len(exact)}, times right {len(on_time)}"
        )
    assert [post.title for post in posts if post not in exact] == []
    assert [post.title for post in posts if post not in on_time] == []
    assert len(by_title) == len(posts), sorted(by_title)
    again = {post.title: len(revisions) for post, revisions in found if len(revisions) != 1}
    assert again == ({watched.edited.title: 2} if source in SHOW_EDITS else {})


@pytest.mark.parametrize("source", SHOW_EDITS)
def test_an_edit_becomes_a_new_revision(watched: Watched, source: str) -> None:
    revisions = [
        each
        for each in watched.stored
        if each.source == source and each.title == watched.edited.title
    ]
    assert [each.revision for each in revisions] == [1, 2]
    assert fold(revisions[1].text) == fold(watched.edited_text)
    assert revisions[1].published_at == watched.edited.written_at


def test_nothing_that_is_not_for_everybody_is_stored(watched: Watched) -> None:
    assert len(watched.hidden) == 4
    for post in watched.hidden:
        assert post.text.split("，")[-1] not in watched.database.decode("utf-8", errors="replace")
        assert not [each for each in watched.stored if post.title in each.title]
    assert not [each for each in watched.stored if "受密码保护" in each.text]


def test_no_writer_and_no_reader_of_the_blog_is_named_in_the_database(watched: Watched) -> None:
    people = [*AUTHORS, *AUTHORS.values(), COMMENTER, "keeper", "@example.invalid", "13905550142"]
    found = [word for word in [*people, REMARK[:8]] if word.encode() in watched.database]
    assert found == []


def test_robots_txt_comes_first_and_is_kept_and_requests_never_overlap(watched: Watched) -> None:
    visits = watched.visits
    assert visits[0].path == "/robots.txt"
    paths = [visit.path for visit in visits if not visit.path.startswith("/wp-json/wp/v2/posts")]
    assert not [path for path in paths if path.startswith(("/wp-", "/?author"))]
    assert not [path for path in paths if "users" in path or "comments" in path]
    assert {visit.agent.split("/")[0] for visit in visits} == {"QingxinWageReader"}
    # Without rewriting there is no robots.txt, and the answer for it is 404.
    assert {visit.path for visit in visits if visit.status != 200} <= {"/robots.txt"}
    overlaps = [
        (one.path, other.path) for one, other in pairwise(visits) if other.began < one.ended
    ]
    assert overlaps == []


def test_the_bare_address_is_known_for_a_wordpress_and_read_by_rest(watched: Watched) -> None:
    site, *documents = watched.tried
    assert site["family"] == "wordpress"
    assert "orderby=modified" in site["url"]
    texts = {fold(each["title"]): each for each in documents}
    for post in watched.posts[REST][-3:]:
        assert fold(texts[fold(post.title)]["text"]) == fold(post.text)
    assert not [
        name for name in AUTHORS.values() if name in json.dumps(watched.tried, ensure_ascii=False)
    ]


def test_no_issue_stays_open(watched: Watched) -> None:
    assert watched.issues == []
