"""Many hosts that are due together: no more is asked at once than can be dealt with."""

import multiprocessing
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from monitor.domain import Basis, Family, Source
from monitor.storage.session import Storage
from monitor.storage.tables import DocumentRow
from spiders import guards
from tests.crash.collecting import collect
from tests.loopback_forums import Forum, Forums, running_forums

HOSTS, THREADS, MOST = 12, 4, 3


def collect_few_at_once(address: str, sources: list[Source], log: str) -> None:
    guards.MOST_AT_ONCE = MOST
    collect(address, sources, 30.0, log)


@pytest.mark.slow
def test_what_waits_for_its_turn_is_neither_asked_nor_late(tmp_path: Path) -> None:
    address, log = f"sqlite:///{tmp_path / 'qingxin.db'}", tmp_path / "log"
    storage = Storage(address)
    storage.migrate()
    now = datetime.now(UTC)
    boards = [Forum.make(THREADS, 1, now) for _ in range(HOSTS)]
    with running_forums(Forums(boards, slowness=0.5)) as forums:
        sources = [
            Source(
                f"forum-{n}", "论坛", Family.DISCUZ, Basis.HELP_SECTION, forums.address(n),
                local=True, delay=timedelta(0), timeout=timedelta(seconds=1.6),
            )
            for n in range(HOSTS)
        ]  # fmt: skip
        words = (address, sources, str(log))
        process = multiprocessing.get_context("spawn").Process(
            target=collect_few_at_once, args=words
        )
        process.start()
        try:
            end = time.monotonic() + 90
            while time.monotonic() < end and count(storage) < HOSTS * THREADS:
                time.sleep(0.2)
        finally:
            process.terminate()
            process.join(20)
        # Six rounds of twelve requests, three at a time: each host waits longer than its timeout.
        assert count(storage) == HOSTS * THREADS
        assert forums.most_open_in_all == MOST
        assert forums.most_open == 1
    assert "S401" not in log.read_text("utf-8")
    storage.close()


def count(storage: Storage) -> int:
    with storage.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(DocumentRow)) or 0
