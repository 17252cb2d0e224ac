"""Every place where a running office keeps, sends or shows something, as names and bytes.

Pages are found as a reader finds them, by following every link from the first page with the rights
of each role; `list_page_routes` says which there are, so that a page nobody links to is missed by a
test and not by chance.
"""

import email
import email.policy
import io
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

import httpx
from litestar import Litestar
from litestar.di import Provide

from monitor.bootstrap.desk import make_ledger_office
from monitor.bootstrap.sign_in import make_sign_in
from monitor.desk.tokens import Scope
from monitor.domain import Person, Role
from monitor.web.app import make_routes
from monitor.web.options import WebSettings
from monitor.web.visit import receive_visit
from tests.conftest import ROOT
from tests.installation import Installation, clock

MOST_PAGES = {
    Role.CASE_OFFICER: 120,
    Role.ADMINISTRATOR: 40,
    Role.REVIEWER: 40,
    Role.LEADER: 40,
}
# Beside what is linked: answers without a page of their own, and an error.
BESIDE = (
    "/healthz",
    "/metrics",
    "/nowhere",
    "/cases/999999",
    "/search?q=工资",
    "/reports",
    "/duty/continuity/breaks?subject=duty",
    "/duty/roster/import",
)
_LINK = re.compile(r'(?:href|hx-get|src|action)="(/[^"#]*)"')
_EDITION = re.compile(r'href="/reports/([^"/]+)/[0-9]+"')
_ZIP = b"PK\x03\x04"


def unpack(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the content, and of a spreadsheet or a letter every part."""
    yield name, content
    if content.startswith(_ZIP):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            for part in book.namelist():
                yield f"{name}: {part}", book.read(part)


def read_tables(office: Installation) -> Iterator[tuple[str, bytes]]:
    """Every table of the database, the search index and what SQLite keeps beside it."""
    with sqlite3.connect(office.folder / "data" / "qingxin.db") as database:
        names = [
            row[0]
            for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        for name in names:
            rows = database.execute(f'SELECT * FROM "{name}"').fetchall()
            said = str(rows)
            blobs = b"".join(cell for row in rows for cell in row if isinstance(cell, bytes))
            yield f"table {name}", said.encode() + said.encode("gb18030", "replace") + blobs


def read_mails(office: Installation) -> Iterator[tuple[str, bytes]]:
    """Every message that the mail server took, raw and decoded."""
    for number, raw in enumerate(office.mailbox.messages):
        message = email.message_from_bytes(raw, policy=email.policy.default)
        parts = (part.get_content() for part in message.walk() if not part.is_multipart())
        yield f"mail {number}", raw + "".join(map(str, parts)).encode()


def read_files(office: Installation) -> Iterator[tuple[str, bytes]]:
    """Every file that the office wrote: database, write-ahead log, logs, editions, exports."""
    for folder in (office.folder / "data", office.folder / "out"):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield from unpack(f"file {path.relative_to(office.folder)}", path.read_bytes())
    yield "file run.log", (office.folder / "run.log").read_bytes()


def run_command(office: Installation, *words: str) -> str:
    """Run a command of the office; return everything that it said."""
    done = subprocess.run(
        [sys.executable, "-m", "monitor.cli", *words, "--settings", office.settings],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=office.environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def write_out(office: Installation, when: str) -> Iterator[tuple[str, bytes]]:
    """Write all that leaves the house into a folder (read by `read_files`); give what was said."""
    folder = office.folder / "out" / when
    folder.mkdir(parents=True)
    commands = (
        ("export", "ledger", "--out", str(folder / "ledger.xlsx")),
        ("export", "parties", "--out", str(folder / "parties.xlsx")),
        ("report", "week", "--out", str(folder)),
        ("backup", str(folder / "qingxin.backup")),
        ("disclose",),
        ("purge", "--dry-run", "--json"),
    )
    for words in commands:
        yield f"said by {when} {' '.join(words[:2])}", run_command(office, *words).encode()


# ---- pages


def list_page_routes() -> set[str]:
    """The patterns of all addresses that are read by GET, with N for a number, X for a word."""
    settings = WebSettings(b"0" * 32, "http://localhost", cookie_secure=False)
    served = Litestar(
        make_routes(settings, has_ledger=True),
        dependencies={"visit": Provide(receive_visit, sync_to_thread=False)},
        openapi_config=None,
    )
    patterns = set()
    for route in served.routes:
        methods: set[str] = getattr(route, "methods", set())
        if "GET" in methods and not route.path.startswith("/static"):
            patterns.add(re.sub(r"\{[^}]*\}", "X", route.path_format))
    return patterns


def add_readers(office: Installation) -> None:
    """One officer of each role that opens pages."""
    with office.storage.work() as rows:
        for role in MOST_PAGES:
            rows.users.add(Person(f"see_{role.value}", role.value, role, ()), None, clock())


def read_pages(office: Installation) -> Iterator[tuple[str, bytes]]:
    """Every page that a role can reach by links, and every file that is linked there."""
    for role, most in MOST_PAGES.items():
        with sign_in(office, f"see_{role.value}") as browser:
            for path, content in walk(browser, most):
                yield from unpack(f"page {path} as {role.value}", content)
    yield from read_interface(office)


def walk(browser: httpx.Client, most: int) -> Iterator[tuple[str, bytes]]:
    """Follow links, each pattern's first ones first, until there is none or enough is read."""
    first, more = deque(["/", *BESIDE]), deque[str]()
    known = set(first)
    patterns: set[str] = set()
    while (first or more) and most:
        path = (first or more).popleft()
        most -= 1
        answer = browser.get(path)
        yield path, answer.content + repr(answer.headers).encode()
        if not answer.headers.get("content-type", "").startswith("text/html"):
            continue
        links = _LINK.findall(answer.text)
        # A report's newest edition stands at its period's own address, which is in no link.
        links += [f"/reports/{period}" for period in set(_EDITION.findall(answer.text))]
        for link in links:
            target = urlsplit(urljoin(path, link.replace("&amp;", "&")))
            address = target.path + (f"?{target.query}" if target.query else "")
            pattern = re.sub(r"[0-9]+", "N", target.path) + "?" * bool(target.query)
            if address in known or target.path.startswith(("/static", "/sign-out")):
                continue
            known.add(address)
            (more if pattern in patterns else first).append(address)
            patterns.add(pattern)


@contextmanager
def sign_in(office: Installation, username: str) -> Iterator[httpx.Client]:
    """A browser in which this officer has signed in by a one-time link."""
    link = make_sign_in(office.app, clock(), username)
    assert link
    base = office.app.settings.desk.base_url
    with httpx.Client(base_url=base, timeout=30, follow_redirects=True) as browser:
        form = browser.get(link)
        token = re.search(r'name="_csrf_token" value="([^"]+)"', form.text)
        assert token
        answer = browser.post(link, data={"_csrf_token": token[1]}).raise_for_status()
        assert not answer.url.path.startswith("/sign-in"), "a second factor is asked for"
        yield browser


def read_interface(office: Installation) -> Iterator[tuple[str, bytes]]:
    """What other programs are given."""
    administrator = Person("see_administrator", "administrator", Role.ADMINISTRATOR, ())
    token = make_ledger_office(office.app).people.make_token(
        administrator, name="平台", scopes=list(Scope), days=1, now=clock()
    )
    with httpx.Client(
        base_url=office.app.settings.desk.base_url,
        timeout=30,
        headers={"authorization": f"Bearer {token}"},
    ) as program:
        cases = program.get("/api/v1/cases").raise_for_status()
        paths = ["/api/v1/cases", "/api/v1/parties", "/api/openapi.json"]
        paths += [f"/api/v1/cases/{each['id']}" for each in cases.json()["cases"]]
        assert len(paths) > 10, "the ledger is empty"
        for path in paths:
            yield f"page {path}", program.get(path).raise_for_status().content
