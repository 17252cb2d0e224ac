"""`source try | add | test` and `check` as an administrator uses them, on a site on loopback."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.domain import Basis, Family
from spiders.catalogue import load_sources
from tests.conftest import ROOT, write_settings
from tests.pages.making.words import MEMBERS, POSTS
from tests.pages.test_saved_pages import FOLDER, open_page

pytestmark = pytest.mark.slow

CORPUS = FOLDER / "corpus"
SIGN_IN = CORPUS / "mailbox-definitions" / "sign-in-page.html"


@dataclass
class Site:
    """A site that serves saved pages under the addresses they were saved from."""

    address: str = ""
    robots: str = "User-agent: *\nDisallow: /closed/\n"
    answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def serve_folder(self, folder: str) -> None:
        """Serve a family's pages."""
        for path in sorted((CORPUS / folder).glob("*.toml")):
            _, page, _ = open_page(path)
            parts = urlsplit(page.url)
            where = f"{parts.path}?{parts.query}" if parts.query else parts.path
            kind = page.headers["Content-Type"]
            self.answers.setdefault(where, (page.status, kind, page.body))

    def serve(self, where: str, text: str) -> None:
        """Serve one page of our own."""
        self.answers[where] = (200, "text/html; charset=utf-8", text.encode())


@pytest.fixture
def site() -> Iterator[Site]:
    served = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            status, kind, body = served.answers.get(self.path, (404, "text/html", b"<p>404</p>"))
            if self.path == "/robots.txt":
                status, kind, body = 200, "text/plain", served.robots.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield served
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Office:
    folder: Path

    @property
    def sources(self) -> Path:
        return self.folder / "sources"

    def run(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run the command in a process of its own: the reactor starts once a process."""
        command = [sys.executable, "-m", "monitor.cli", *words, "--settings", "settings.toml"]
        return subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, timeout=120, check=False,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = Office(tmp_path)
    made.sources.mkdir()
    write_settings(tmp_path, sample__enabled="false", sources__folder=f'"{made.sources}"')
    return made


def test_a_thread_leads_to_its_board_and_its_file_keeps_what_it_promises(
    site: Site, office: Office
) -> None:
    site.serve_folder("discuz-x35")
    thread = f"{site.address}/forum.php?mod=viewthread&tid=301"

    refused = office.run("source", "try", thread)
    assert refused.returncode == 1
    assert "S402" in refused.stderr
    assert "--local" in refused.stderr
    assert site.asked == []

    tried = office.run("source", "try", thread, "--local", "--json", "--items", "3")
    lines = [json.loads(line) for line in tried.stdout.splitlines()]
    assert lines[0]["family"] == "discuz"
    assert lines[0]["url"] == f"{site.address}/forum.php?mod=forumdisplay&fid=2"
    assert "取它所在的版块" in "".join(lines[0]["why"])
    texts = {each["key"]: each for each in lines[1:]}
    assert texts["t301/p10"]["text"] == "\n".join(POSTS[1].split("|")[1:])
    assert texts["t301/p10"]["kind"] is not None
    assert not [name for name in MEMBERS if name in tried.stdout + tried.stderr]
    assert list(office.sources.iterdir()) == []
    assert not (office.folder / "data" / "qingxin.db").exists()

    added = office.run(
        "source",
        "add",
        thread,
        "--local",
        "--basis",
        "help_section",
        "--name",
        "laoxiang",
        "--items",
        "3",
    )
    assert added.returncode == 0, added.stderr
    (source,), problems = load_sources(office.sources)
    assert problems == []
    assert (source.family, source.basis) == (Family.DISCUZ, Basis.HELP_SECTION)
    assert source.local
    assert 0 < source.expect.published_share <= 1
    with sqlite3.connect(office.folder / "data" / "qingxin.db") as database:
        lines = database.execute("SELECT actor, action, subject FROM audit").fetchall()
    assert lines == [("command", "source.added", "source:laoxiang")]
    saved = "".join(path.read_text("utf-8") for path in (office.sources / "saved").rglob("*.*"))
    assert not [name for name in MEMBERS if name in saved]
    assert not [line for each in POSTS for line in each.split("|") if line in saved]

    again = office.run(
        "source", "add", thread, "--local", "--basis", "help_section", "--name", "laoxiang"
    )
    assert again.returncode == 1
    assert "已经有了" in again.stderr

    tested = office.run("source", "test", "laoxiang", "--items", "2")
    assert "读出的与存时相同" in tested.stderr, tested.stderr


def test_a_redesign_fails_the_test_of_a_source_and_its_saved_page_still_passes(
    site: Site, office: Office
) -> None:
    site.serve_folder("trs")
    listed = f"{site.address}/xwzx/index.html"
    for n in range(203, 211):
        where = f"/xwzx/202611/t20261103_{n}.html"
        site.answers[where] = site.answers["/xwzx/202611/t20261103_88120.html"]
    add_it = ["source", "add", "--local", "--basis", "news", "--name", "yaowen", "--items", "2"]
    added = office.run(*add_it, listed)
    assert added.returncode == 0, added.stderr
    assert office.run("source", "test", "yaowen", "--items", "2").stdout.strip() == "合格"
    site.serve("/xwzx/index.html", "<html><body><main>新版网站</main></body></html>")
    failed = office.run("source", "test", "yaowen", "--items", "2")
    assert failed.returncode == 1
    assert failed.stdout.strip() == "不合格"
    assert "读出的与存时相同" in failed.stderr
    assert "S403" in failed.stderr


def test_what_may_not_be_read_is_not_added_and_is_refused_by_check(
    site: Site, office: Office
) -> None:
    site.serve("/closed/index.html", "<html><body>…</body></html>")
    site.serve("/oa/index.html", SIGN_IN.read_text("utf-8"))
    site.serve(
        "/app/", "<html><body><div id='app'></div><script src='/a.js'></script></body></html>"
    )
    refusals = {"/closed/index.html": "S409", "/oa/index.html": "S404", "/app/": "S431"}
    for where, code in refusals.items():
        url = f"{site.address}{where}"
        refused = office.run("source", "add", url, "--local", "--basis", "news")
        assert refused.returncode == 1
        assert code in refused.stderr
        assert list(office.sources.iterdir()) == [], where
    tried = office.run("source", "try", f"{site.address}/oa/index.html", "--local")
    assert tried.returncode == 1
    assert "S404" in tried.stderr
    assert "这个页面要登录才能看，不能作为来源" in tried.stderr
    assert (
        office.run(
            "source", "add", f"{site.address}/member.php?mod=logging", "--basis", "news"
        ).returncode
        == 1
    )
    assert office.run("source", "add", f"{site.address}/x/").returncode == 2  # no basis, no source

    (office.sources / "closed.toml").write_text(
        'title = "x"\nfamily = "news_list"\nbasis = "news"\nlocal = true\n'
        f'url = "{site.address}/closed/index.html"\n'
    )
    (office.sources / "unsaid.toml").write_text(
        f'title = "x"\nfamily = "news_list"\nurl = "{site.address}/y.html"\n'
    )
    checked = office.run("check", "--json")
    found = {(each["code"], each["where"]) for each in json.loads(checked.stdout)}
    assert ("S409", "closed.toml: url") in found
    assert ("S109", "unsaid.toml: basis") in found
    assert checked.returncode == 1
