"""`collect` against a small hostile server: bombs, loops, unreadable robots.txt, pauses."""

import contextlib
import gzip
import http.server
import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from tests.integration.collect_harness import run_collector, wait_until, write_source

pytestmark = pytest.mark.slow

ROW = '<li><a href="{0}.html">第{0}篇文章</a><span>2026-11-20</span></li>'
LIST = "<ul class='list'>" + "".join(ROW.format(n) for n in (1001, 1002)) + "</ul>"
ARTICLE = "<h1>题目</h1><div class='TRS_Editor'>河堤工程拖欠工资已经发放。</div>"
ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a0 "lol">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    + "]><rss><channel><item><title>&a11;</title><link>http://127.0.0.1/1</link></item></channel></rss>"
)
BOMB = gzip.compress(b"<p>x</p>" * 8_000_000)


class Hostile(http.server.BaseHTTPRequestHandler):
    """Each site is a path; robots.txt is what the test says."""

    robots = (200, "User-agent: *\nDisallow: /secret/\n")
    asked: list[tuple[float, str]] = []  # noqa: RUF012 - one server per test, emptied by it

    def do_GET(self) -> None:
        self.asked.append((time.monotonic(), self.path))
        if self.path == "/robots.txt":
            self._answer(self.robots[1].encode(), self.robots[0], "text/plain")
        elif self.path.startswith("/bomb/"):
            self._answer(BOMB, 200, encoding="gzip")
        elif self.path.startswith("/loop/"):
            self.send_response(302)
            self.send_header("Location", f"/loop/{len(self.path)}{self.path[6:]}")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path.startswith("/drip/"):
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            with contextlib.suppress(OSError):
                for _ in range(200):
                    self.wfile.write(b"<")
                    time.sleep(0.1)
        elif self.path.startswith("/entities/"):
            self._answer(ENTITIES.encode(), kind="application/xml")
        elif self.path.startswith("/elsewhere/"):
            self.send_response(302)
            elsewhere = f"http://127.0.0.2:{self.connection.getsockname()[1]}/good/index.html"
            self.send_header("Location", elsewhere)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path.startswith("/deep/"):
            self._answer(b"<div>" * 200_000 + b"text")
        elif self.path.endswith("index.html"):
            self._answer(LIST.encode())
        else:
            self._answer(ARTICLE.encode())

    def _answer(
        self, body: bytes, status: int = 200, kind: str = "text/html", encoding: str = ""
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent."""


@pytest.fixture
def hostile() -> Iterator[str]:
    Hostile.asked = []
    Hostile.robots = (200, "User-agent: *\nDisallow: /secret/\n")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def watch(
    folder: Path, base: str, *names: str, polls: int = 1, **keys: object
) -> dict[str, set[str]]:
    """Poll these sites; return the codes of the issues of each."""
    for name in names:
        given = {"family": "news_list", "basis": "news", "timeout": "PT3S", **keys}
        write_source(folder / "sources", name, url=f"{base}/{name}/index.html", **given)
    with run_collector(folder / "sources", folder / "journal") as collector:

        def polled() -> bool:
            done = [outcome["source"] for outcome in collector.sink().outcomes]
            return all(done.count(name) >= polls for name in names)

        wait_until(polled, seconds=40, what=f"{names} were polled")
        assert collector.stop() == 0
        sink = collector.sink()
    return {name: {code for code, subject in sink.issues if subject == name} for name in names}


def test_bombs_loops_and_depth_are_refused_and_the_good_site_is_read(
    hostile: str, tmp_path: Path
) -> None:
    found = watch(tmp_path, hostile, "bomb", "loop", "deep", "secret", "good")
    assert found == {
        "bomb": {"S411"},
        "loop": {"S412"},
        "deep": {"S403"},
        "secret": {"S409"},
        "good": set(),
    }
    assert not [path for _, path in Hostile.asked if path.startswith("/secret/")]


def test_a_robots_txt_that_cannot_be_read_allows_nothing(hostile: str, tmp_path: Path) -> None:
    Hostile.robots = (503, "busy")
    assert watch(tmp_path, hostile, "good") == {"good": {"S409"}}
    assert {path for _, path in Hostile.asked} == {"/robots.txt"}


def test_a_missing_robots_txt_allows_everything(hostile: str, tmp_path: Path) -> None:
    Hostile.robots = (404, "<html>not here</html>")
    assert watch(tmp_path, hostile, "good") == {"good": set()}


def test_the_pause_that_robots_txt_asks_for_is_kept(hostile: str, tmp_path: Path) -> None:
    Hostile.robots = (200, "User-agent: *\nCrawl-delay: 1\n")
    assert watch(tmp_path, hostile, "good") == {"good": set()}
    times = [at for at, _ in Hostile.asked]
    assert len(times) >= 4
    assert min(b - a for a, b in pairwise(times)) > 0.8


def test_an_answer_that_drips_ends_with_its_time(hostile: str, tmp_path: Path) -> None:
    began = time.monotonic()
    assert watch(tmp_path, hostile, "drip") == {"drip": {"S401"}}
    assert time.monotonic() - began < 30


def test_entities_that_multiply_do_no_harm(hostile: str, tmp_path: Path) -> None:
    # The entry is read, its title is not blown up, and its link (another port) is refused.
    assert watch(tmp_path, hostile, "entities", family="feed") == {"entities": {"S402"}}
    assert (tmp_path / "journal").stat().st_size < 50_000


def test_a_redirect_to_another_private_host_is_refused(hostile: str, tmp_path: Path) -> None:
    assert watch(tmp_path, hostile, "elsewhere") == {"elsewhere": {"S402"}}
    assert {path for _, path in Hostile.asked} == {"/robots.txt", "/elsewhere/index.html"}


def test_the_collector_listens_to_nobody(hostile: str, tmp_path: Path) -> None:
    write_source(tmp_path / "sources", "good", url=f"{hostile}/good/index.html",
                 family="news_list", basis="news")  # fmt: skip
    with run_collector(tmp_path / "sources", tmp_path / "journal") as collector:
        wait_until(lambda: bool(collector.sink().outcomes), seconds=40, what="it polled")
        sockets = psutil.Process(collector.process.pid).net_connections("all")
        assert [each for each in sockets if each.status == psutil.CONN_LISTEN] == []
        assert collector.stop() == 0


@pytest.fixture
def behind_tls(tmp_path: Path) -> Iterator[str]:
    """The same server, with a certificate that nobody has signed."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj",
         "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    Hostile.asked = []
    Hostile.robots = (200, "User-agent: *\nDisallow: /secret/\n")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hostile)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_a_certificate_that_nobody_signed_is_told_and_may_be_excepted_for_one_source(
    behind_tls: str, tmp_path: Path
) -> None:
    assert watch(tmp_path / "strict", behind_tls, "good") == {"good": {"S413"}}
    assert Hostile.asked == []
    assert watch(tmp_path / "excepted", behind_tls, "good", verify_tls=False) == {"good": set()}
    assert Hostile.asked
