"""No host is ever asked for two things at a time: not by many sources, nor by many processes."""

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.bootstrap.app import build
from monitor.collecting import StoringSink
from monitor.storage.session import Storage
from tests.conftest import ROOT, write_settings
from tests.factories import NOON
from tests.installation import wait_for
from tests.integration.collect_harness import write_source

ROW = '<li><a href="{0}.html">第{0}篇：河堤工程工资</a><span>2026-11-20</span></li>'
ARTICLE = "<h1>题目</h1><div class='TRS_Editor'>河堤工程拖欠工资已经发放{0}。</div>"
LEASE = timedelta(seconds=30)


@dataclass
class Seen:
    """What the server saw: how many requests there were at a time, and who asked what."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    now: int = 0
    most: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)


class Counting(http.server.BaseHTTPRequestHandler):
    """Answers slowly, and counts a request until just before its last byte leaves."""

    protocol_version = "HTTP/1.1"
    seen = Seen()

    def do_GET(self) -> None:
        seen = self.seen
        with seen.lock:
            seen.now += 1
            seen.most = max(seen.most, seen.now)
            seen.asked.append((self.headers["User-Agent"], self.path))
        body = self._page()
        if body is None:
            # A redirect may not start while what it came from still counts, or the reverse.
            self.send_response(302)
            self.send_header("Location", self.path.replace("/moved/", "/here/"))
        else:
            self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body or b" ")))
        self.end_headers()
        time.sleep(0.02)
        with seen.lock:
            seen.now -= 1
        self.wfile.write(body or b" ")

    def _page(self) -> bytes | None:
        if self.path == "/robots.txt":
            return b"User-agent: *\nDisallow: /secret/\n"
        if self.path.startswith("/moved/"):
            return None
        if self.path.endswith("index.html"):
            rows = "".join(ROW.format(number) for number in range(1001, 1007))
            return f"<ul class='list'>{rows}</ul>".encode()
        return ARTICLE.format(len(self.seen.asked)).encode()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent."""


@pytest.fixture
def host() -> Iterator[str]:
    Counting.seen = Seen()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Counting)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def write_office(folder: Path, shared: Path, contact: str) -> Path:
    folder.mkdir()
    return write_settings(
        folder,
        sample__enabled="false",
        sources__folder=f'"{shared / "sources"}"',
        database__address=f'"sqlite:///{shared / "qingxin.db"}"',
        collect__lease='"PT10S"',
        collect__contact=f'"{contact}"',
    )


def command(settings: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "monitor.cli", *words, "--settings", str(settings)]


@contextmanager
def running(settings: Path, *options: str) -> Iterator[None]:
    """Run `collect` until the block ends; it must stop by itself when asked to."""
    log = settings.with_name("collect.log")
    with (
        log.open("wb") as out,
        subprocess.Popen(
            command(settings, "collect", *options),
            stdout=out,
            stderr=out,
            cwd=settings.parent,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        ) as process,
    ):
        try:
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0, log.read_text("utf-8")
        finally:
            process.kill()


@pytest.mark.slow
def test_many_sources_of_two_collectors_and_a_look_by_hand_ask_one_thing_at_a_time(
    host: str, tmp_path: Path
) -> None:
    for name in ("one", "two", "moved", "four"):
        write_source(
            tmp_path / "sources",
            name,
            url=f"{host}/{name}/index.html",
            family="news_list",
            basis="news",
        )
    offices = [write_office(tmp_path / each, tmp_path, f"{each}@a.test") for each in ("a", "b")]
    app = build(offices[0])
    app.prepare()
    app.storage.close()
    with ExitStack() as stack:
        for office in offices:
            stack.enter_context(running(office))

        def both_read() -> bool:
            readers = [
                {agent for agent, path in Counting.seen.asked if path.startswith(f"/{name}/")}
                for name in ("one", "here")
            ]
            return all(len(found) == len(offices) for found in readers)

        wait_for(both_read, seconds=60, why="both processes read sources of the host")
        told = subprocess.run(
            [*command(offices[0], "source", "try", "two", "--items", "3"), "--json"],
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert told.returncode == 0, told.stderr
        assert len([json.loads(line) for line in told.stdout.splitlines()]) == 3
    assert Counting.seen.most == 1
    assert len(Counting.seen.asked) > 40


def test_sources_of_a_host_that_another_process_holds_stay_due(storage: Storage) -> None:
    hosts = {"a": "one.example.com", "b": "one.example.com", "c": "two.example.com"}
    first, second = StoringSink(storage, "first"), StoringSink(storage, "second")
    assert [each.source for each in first.claim_due_sources(["a"], NOON, LEASE, hosts)] == ["a"]
    taken = second.claim_due_sources(["a", "b", "c"], NOON, LEASE, hosts)
    assert [each.source for each in taken] == ["c"]
    # The process that has the host may take its other sources; one that died leaves it in time.
    assert [each.source for each in first.claim_due_sources(["b"], NOON, LEASE, hosts)] == ["b"]
    later = NOON + LEASE
    found = second.claim_due_sources(["a", "b"], later, LEASE, hosts)
    assert {each.source for each in found} == {"a", "b"}


def test_a_host_is_left_with_the_last_of_its_sources(storage: Storage) -> None:
    from spiders.ports import PollOutcome

    hosts = {"a": "one.example.com", "b": "one.example.com"}
    first, second = StoringSink(storage, "first"), StoringSink(storage, "second")
    assert len(first.claim_due_sources(["a", "b"], NOON, LEASE, hosts)) == 2
    done = [PollOutcome(name, NOON, complete=True) for name in ("a", "b")]
    first.finish_poll(done[0], NOON, NOON)
    assert second.claim_due_sources(["a"], NOON, LEASE, hosts) == []
    first.finish_poll(done[1], NOON, NOON)
    assert len(second.claim_due_sources(["a", "b"], NOON, LEASE, hosts)) == 2


def test_a_host_is_kept_while_a_long_poll_goes_on(storage: Storage) -> None:
    hosts = {"a": "one.example.com", "b": "one.example.com"}
    first, second = StoringSink(storage, "first"), StoringSink(storage, "second")
    first.claim_due_sources(["a"], NOON, LEASE, hosts)
    first.extend_claims(["a"], NOON + LEASE / 2, LEASE)
    assert second.claim_due_sources(["b"], NOON + LEASE, LEASE, hosts) == []


def test_a_poll_that_has_ended_does_not_get_its_lease_back(storage: Storage) -> None:
    from spiders.ports import PollOutcome

    first, second = StoringSink(storage, "first"), StoringSink(storage, "second")
    hosts = {name: f"{name}.example.com" for name in ("a", "b")}
    first.claim_due_sources(["a", "b"], NOON, LEASE, hosts)
    first.finish_poll(PollOutcome("a", NOON, complete=True), NOON, NOON + LEASE / 2)
    first.extend_claims(["a", "b"], NOON + LEASE / 2, LEASE)
    taken = second.claim_due_sources(["a", "b"], NOON + LEASE, LEASE, hosts)
    assert [each.source for each in taken] == ["a"]


def test_a_host_with_a_long_name_has_a_lease_of_its_own(storage: Storage) -> None:
    hosts = {"a": "x" * 100 + "1.example.com", "b": "x" * 100 + "2.example.com"}
    first, second = StoringSink(storage, "first"), StoringSink(storage, "second")
    assert len(first.claim_due_sources(["a"], NOON, LEASE, hosts)) == 1
    assert len(second.claim_due_sources(["b"], NOON, LEASE, hosts)) == 1
