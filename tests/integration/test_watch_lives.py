"""The watch on the watch itself: canaries through real processes, and the ping outside."""

import http.server
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.dead_man import Verdict, allow_silence, judge_watch, needed_roles, ping
from monitor.domain import Basis, Family, Source
from monitor.storage.session import Storage
from tests.factories import NOON
from tests.installation import open_installation, wait_for


@dataclass
class Outside:
    """An address outside that is pinged: the paths, the words, and what it answers."""

    url: str = ""
    status: int = 200
    pinged: list[tuple[str, str]] = field(default_factory=list)


@pytest.fixture
def outside() -> Iterator[Outside]:
    kept = Outside()

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            kept.pinged.append((self.path, body))
            self.send_response(kept.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Stay silent."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    kept.url = f"http://127.0.0.1:{server.server_port}/ping/a-secret-uuid"
    yield kept
    server.shutdown()
    server.server_close()


def test_a_watch_that_lives_pings_and_one_that_is_ill_says_what_it_is(outside: Outside) -> None:
    assert ping(outside.url, Verdict())
    assert ping(outside.url, Verdict(("collect: no success for 0:02:00",)))
    assert outside.pinged == [
        ("/ping/a-secret-uuid", ""),
        ("/ping/a-secret-uuid/fail", "collect: no success for 0:02:00"),
    ]


def test_an_outside_that_does_not_answer_stops_nothing(
    outside: Outside, capsys: pytest.CaptureFixture[str]
) -> None:
    outside.status = 500
    assert not ping(outside.url, Verdict())
    assert not ping("http://127.0.0.1:1/ping/a-secret-uuid", Verdict())
    assert "a-secret-uuid" not in capsys.readouterr().out


def test_every_role_and_the_canary_are_looked_at(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path / 'qingxin.db'}")
    storage.migrate()
    late = timedelta(minutes=2)
    with storage.work() as rows:
        for role in ("collect", "work", "desk"):
            rows.operations.beat(role, "host", NOON, succeeded=True)
        assert judge_watch(rows, NOON + timedelta(minutes=1), late) == Verdict()
        rows.operations.beat("work", "host", NOON + timedelta(minutes=3), succeeded=True)
        rows.operations.beat("desk", "other", NOON + timedelta(minutes=3), succeeded=True)
        rows.operations.record_issue("C501", "canary", "lost", NOON)
        faults = judge_watch(rows, NOON + timedelta(minutes=4), late).faults
    assert [fault.split(":")[0] for fault in faults] == ["collect", "canary"]
    storage.close()


def test_the_browser_is_missed_where_a_source_needs_it(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path / 'qingxin.db'}")
    storage.migrate()
    source = Source(
        "letters", "信箱", Family.MAILBOX, Basis.ADDRESSED_TO_AUTHORITY, "https://x.example.gov.cn/"
    )
    script = replace(source, name="drawn", browser=True)
    late = timedelta(minutes=2)
    with storage.work() as rows:
        for role in ("collect", "work", "desk"):
            rows.operations.beat(role, "host", NOON, succeeded=True)
        for sources in ([source], [source, replace(script, enabled=False)]):
            assert judge_watch(rows, NOON, late, needed_roles(sources)) == Verdict()
        needed = needed_roles([source, script])
        allowed = {"collect": late, "work": late / 2}
        assert allow_silence(allowed, [source]) == allowed
        assert allow_silence(allowed, [source, script]) == allowed | {"browser": late}
        faults = judge_watch(rows, NOON, late, needed).faults
        assert [fault.split(":")[0] for fault in faults] == ["browser"]
        rows.operations.beat("browser", "host", NOON, succeeded=False)
        assert judge_watch(rows, NOON, late, needed).faults == faults, "it never read a page"
        rows.operations.beat("browser", "host", NOON, succeeded=True)
        assert judge_watch(rows, NOON, late, needed) == Verdict()
    storage.close()


@pytest.mark.slow
def test_a_canary_flies_through_the_real_processes_and_the_outside_hears_of_it(
    tmp_path: Path, outside: Outside
) -> None:
    with open_installation(
        tmp_path, canary__enabled="true", health__ping_every='"PT10S"'
    ) as office:
        office.environment["MONITOR_HEALTH__PING_URL"] = outside.url
        office.start()

        def has_returned() -> bool:
            with office.storage.look() as rows:
                return rows.canaries.find_newest_return() is not None

        began = time.monotonic()
        wait_for(has_returned, seconds=180, why="a canary returns")
        took = time.monotonic() - began
        with office.storage.engine.connect() as connection:
            for table in ("cases", "case_documents"):
                found = connection.scalar(text(f"SELECT count(*) FROM {table}"))
                assert found == 0, f"{found} rows in {table} after the canary"
            # On a slow machine the watch may have told of something else meanwhile.
            left = "SELECT ladder_key FROM alerts WHERE reason = 'canary'"
            assert connection.scalars(text(left)).all() == []
            left = "SELECT person FROM deliveries WHERE person = 'canary'"
            assert connection.scalars(text(left)).all() == []
            left = "SELECT count(*) FROM documents WHERE source = 'canary'"
            assert connection.scalar(text(left)) == 0
        wait_for(
            lambda: ("/ping/a-secret-uuid", "") in outside.pinged, seconds=60, why="it is pinged"
        )
        assert office.stop() == 0
        print(f"start to returned canary: {took:.1f} s; {len(outside.pinged)} pings")
