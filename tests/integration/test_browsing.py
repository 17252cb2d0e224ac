"""The browser's process on a site that shows nothing without its scripts; real chromium."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from monitor.bootstrap.app import build
from monitor.domain import Basis, Family, Source
from spiders.browser_wishes import why_refused
from spiders.browsing import missing_browser
from tests.conftest import ROOT, write_settings
from tests.integration.browser_site import LETTERS, script_site
from tests.integration.collect_harness import write_source
from tests.integration.test_one_at_a_time import running

needs_browser = pytest.mark.skipif(bool(missing_browser()), reason=missing_browser() or "-")
SOURCE = Source("mailbox", "信箱", Family.GENERIC, Basis.NEWS, "https://www.example.gov.cn/letters")
RULES = {"row": "ul.letters li", "body": "div.zw", "title": "h1", "time": "time"}


@pytest.mark.parametrize(
    ("kind", "method", "url", "body", "refused"),
    [
        ("document", "GET", "https://www.example.gov.cn/a", "", ""),
        ("fetch", "GET", "https://api.example.gov.cn/list", "", ""),
        ("xhr", "POST", "https://www.example.gov.cn/api", "page=1", ""),
        ("script", "GET", "https://cdn.example.net/vue.js", "", ""),
        ("fetch", "GET", "https://collect.example.net/me", "", "another site's"),
        ("document", "GET", "https://elsewhere.example.net/", "", "another site's"),
        ("fetch", "GET", "https://badexample.gov.cn/", "", "another site's"),
        ("image", "GET", "https://www.example.gov.cn/a.png", "", "image is not needed"),
        (
            "xhr",
            "POST",
            "https://www.example.gov.cn/api",
            "user=a&password=b",
            "leads to a sign-in",
        ),
        ("xhr", "POST", "https://www.example.gov.cn/doLogin", "", "leads to a sign-in"),
        ("document", "POST", "https://www.example.gov.cn/a", "a=1", "POST changes something"),
        ("fetch", "DELETE", "https://www.example.gov.cn/a", "", "DELETE changes something"),
        ("xhr", "POST", "https://www.example.gov.cn/api", "x" * 20_001, "POST changes something"),
    ],
)
def test_what_a_page_may_ask_for(kind: str, method: str, url: str, body: str, refused: str) -> None:
    assert why_refused(SOURCE, kind, method, url, body) == refused


def try_it(folder: Path, *words: str) -> tuple[int, list[dict[str, Any]], str]:
    told = subprocess.run(
        [sys.executable, "-m", "monitor.cli", "source", *words, "--settings", "settings.toml"],
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    lines = told.stdout.splitlines() if "--json" in words else []
    return told.returncode, [json.loads(line) for line in lines], told.stdout + told.stderr


def prepare(folder: Path, base: str, path: str = "letters", **keys: Any) -> Path:
    given = {"family": "generic", "basis": "addressed_to_authority", "browser": True, **keys}
    write_source(
        folder / "sources",
        "mailbox",
        url=f"{base}/{path}",
        **given,
        rules=RULES,
    )
    return write_settings(
        folder, sample__enabled="false", sources__folder=f'"{folder / "sources"}"'
    )


@needs_browser
@pytest.mark.slow
def test_a_site_that_only_a_script_fills_is_read_and_stored_and_the_browser_reaches_nothing(
    tmp_path: Path,
) -> None:
    with script_site() as (base, seen, trap):
        settings = prepare(tmp_path, base)
        app = build(settings)
        app.prepare()
        app.storage.close()
        database = tmp_path / "data" / "qingxin.db"

        def stored() -> set[tuple[str, str]]:
            with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as opened:
                rows = opened.execute("SELECT title, text FROM documents").fetchall()
            opened.close()
            return set(rows)

        from tests.installation import wait_for

        with running(settings, "--browser"):
            wait_for(lambda: len(stored()) == 2, seconds=90, why="both letters are stored")
        assert stored() == set(LETTERS.values())
        assert trap.asked == []
        assert ("POST", "/api/list") in seen.asked
        assert not {method for method, _ in seen.asked} & {"DELETE"}
        assert not [path for path in seen.paths() if "login" in path or path.startswith("/secret")]
        assert "/picture.png" not in seen.paths()
        assert seen.paths()[0] == "/robots.txt"
        assert {agent.split("/")[0] for agent in seen.agents} == {"QingxinWageReader"}
        assert seen.most == 1


@needs_browser
@pytest.mark.slow
@pytest.mark.parametrize(("path", "code"), [("endless", "S419"), ("large", "S411")])
def test_a_page_that_never_ends_or_grows_too_large_is_given_up(
    tmp_path: Path, path: str, code: str
) -> None:
    with script_site() as (base, _, _trap):
        prepare(tmp_path, base, path, timeout="PT3S")
        status, _, told = try_it(tmp_path, "try", "mailbox")
    assert status == 1
    assert code in told
    assert "Traceback" not in told


@needs_browser
@pytest.mark.slow
def test_collect_leaves_it_to_the_browser_and_try_says_what_to_do(tmp_path: Path) -> None:
    with script_site() as (base, _, _trap):
        prepare(tmp_path, base)
        status, _, told = try_it(tmp_path, "try", f"{base}/letters")
        assert status == 1
        assert "--browser" in told
        status, documents, told = try_it(tmp_path, "try", "mailbox", "--json")
        assert status == 0, told
        assert {(each["title"], each["text"]) for each in documents} == set(LETTERS.values())
