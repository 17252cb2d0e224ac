"""SIGKILL of `collect` at any moment of a crawl of many threads: none missed, none twice.

The full size, which is not the default: QINGXIN_KILL_THREADS=2000 QINGXIN_KILLS=50.
"""

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.domain import Basis, Family, Source
from monitor.storage.session import Storage
from spiders.masking import mask
from tests.crash.collecting import collect
from tests.loopback_forums import Forum, Forums, running_forums

pytestmark = [pytest.mark.crash, pytest.mark.slow, pytest.mark.timeout(1200)]

THREADS = int(os.environ.get("QINGXIN_KILL_THREADS", "300"))
KILLS = int(os.environ.get("QINGXIN_KILLS", "8"))
SLOWNESS = 0.02
LONG_THREADS = 12

# Scrapy is loaded once; each collector is forked from there, and is a process of its own.
NURSERY = multiprocessing.get_context("forkserver")
NURSERY.set_forkserver_preload(["tests.crash.collecting"])


@contextmanager
def collector(
    address: str, source: Source, log: Path
) -> Iterator[multiprocessing.process.BaseProcess]:
    process = NURSERY.Process(target=collect, args=(address, [source], 1.0, str(log)))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join(20)


def wait_until(condition: Callable[[], bool], seconds: float, why: str) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, why
        time.sleep(0.05)


def live(forum: Forum, chance: random.Random, edited: dict[int, int]) -> None:
    """What happens on a board meanwhile: an edit that no list shows, a new thread, replies.

    The newest thread is edited: it is the one that is read again within seconds.
    """
    now = datetime.now(UTC)
    tid = max(forum.threads)
    post = forum.threads[tid][0]
    forum.edit(tid, 0, f"{post.text}（已补充：又过了{len(edited)}天。）")
    edited[post.pid] = edited.get(post.pid, 0) + 1
    forum.post(tid + 1, now)
    for _ in range(3):
        forum.post(chance.choice([*forum.threads]), now)


def stored(storage: Storage) -> list[tuple[str, int, str]]:
    with storage.engine.connect() as connection:
        rows = connection.execute(text("SELECT key, revision, text FROM documents ORDER BY id"))
        return [(key, revision, words) for key, revision, words in rows]


def test_killed_again_and_again_it_misses_nothing_and_stores_nothing_twice(tmp_path: Path) -> None:
    chance = random.Random(20261125)
    address = f"sqlite:///{tmp_path / 'qingxin.db'}"
    storage = Storage(address)
    storage.migrate()
    forum = Forum.make(THREADS, 2, datetime.now(UTC))
    for tid in range(1, LONG_THREADS + 1):
        for _ in range(20):  # three pages
            forum.post(tid, datetime.now(UTC) - timedelta(hours=1))
    edited: dict[int, int] = {}
    with running_forums(Forums([forum], slowness=SLOWNESS)) as forums:
        source = Source(
            "forum", "论坛", Family.DISCUZ, Basis.HELP_SECTION, forums.address(0), local=True,
            poll_every=timedelta(seconds=1), delay=timedelta(0), max_pages=1000,
        )  # fmt: skip
        at_kills: list[int] = []
        for _ in range(KILLS):
            forums.asked.clear()
            with collector(address, source, tmp_path / "log"):
                wait_until(lambda: len(forums.asked) > 1, 60, "it never began")
                live(forum, chance, edited)
                time.sleep(chance.uniform(0.0, 2.0))
            at_kills.append(len(stored(storage)))

        def wrong() -> dict[str, tuple[str | None, str | None]]:
            newest = {key: words for key, _, words in stored(storage)}
            expected = {key: mask(words).text for key, words in forum.expected().items()}
            keys = newest.keys() | expected.keys()
            found = {key: (newest.get(key), expected.get(key)) for key in keys}
            return {key: (has, must) for key, (has, must) in found.items() if has != must}

        with collector(address, source, tmp_path / "log"):
            end = time.monotonic() + 120 + THREADS / 5
            while wrong() and time.monotonic() < end:
                time.sleep(0.5)
        assert wrong() == {}, "what is stored, and what must be"
    rows = stored(storage)
    copies = Counter((key, words) for key, _, words in rows)
    assert [place for place, count in copies.items() if count > 1] == []
    revisions = Counter(key for key, _, _ in rows)
    pids = {key: int(key.split("/p")[1]) for key in revisions}
    too_many = [key for key, count in revisions.items() if count > 1 + edited.get(pids[key], 0)]
    assert too_many == []
    assert forums.most_open == 1, "more than one request at a time to the host"
    assert "S499" not in (tmp_path / "log").read_text("utf-8")
    storage.close()
    print(
        f"{KILLS} kills; stored after each: {at_kills}; {len(forum.threads)} threads, "
        f"{len(revisions)} posts, {len(rows) - len(revisions)} revisions, none missed, none twice"
    )
