"""Every personal value that the sample county served is searched for everywhere: none is found."""

import email
import email.policy
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from monitor.domain import DeliveryState
from sample_county.nouns import Secret, Site
from sample_county.secrets import served_secrets
from tests.installation import Installation, clock, open_installation, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PAGES = ("/", "/cases", "/cases?page=2", "/sources", "/duty", "/healthz", "/metrics", "/nowhere")

OWN_SECRETS = (
    Secret("identity", "110101199003077715"),
    Secret("card", "6222 0200 0000 0000 010"),
    Secret("phone", "一三八零零一三八零零零"),
    Secret("phone", "０１０－８８８８６６６６"),
    Secret("wechat", "qinghe_lao_ban_66"),
    Secret("name_in_text", "欧阳守信"),
)
OWN_TEXT = (
    "我叫欧阳守信，身份证110101199003077715，在清河金禾制衣厂做了四个月没发工资，欠我两万三千元，"
    "请打到卡号6222 0200 0000 0000 010，电话一三八零零一三八零零零，座机０１０－８８８８６６６６，"
    "微信号：qinghe_lao_ban_66。"
)


def test_nothing_that_was_kept_sent_or_shown_holds_a_served_secret(tmp_path: Path) -> None:
    with open_installation(tmp_path, backlog=True, log__level='"debug"') as office:
        for site in (Site.FORUM, Site.OLDBBS, Site.MAILBOX) * 4:
            office.county.world.post_claim(site, clock())
        for site in (Site.FORUM, Site.OLDBBS, Site.MAILBOX):
            office.county.world.post_claim(
                site, clock(), title="没发工资", text=OWN_TEXT, secrets=OWN_SECRETS
            )
        office.start()
        wait_for(lambda: everything_is_read(office), seconds=240, why="everything is read")
        secrets = served_secrets(office.county.world)
        assert len(secrets) > 200
        assert {"name", "handle", "phone", "identity"} <= {each.kind for each in secrets}
        places = dict(everything_kept(office))
        assert any("documents" in name for name in places)
        assert any(name.startswith("page /cases/") for name in places)
        assert any(name.startswith("mail") for name in places)
        office.stop()
        places |= dict(files_of(office))
        leaks = [
            (secret.kind, secret.value, where)
            for secret in secrets
            for where, kept in places.items()
            if holds(kept, secret)
        ]
        assert leaks == []


def test_the_search_itself_finds_what_is_there() -> None:
    assert holds("电话138-1234-5678".encode(), Secret("phone", "138-1234-5678"))
    assert holds("王小明".encode("gb18030"), Secret("name", "王小明"))
    assert holds(json.dumps("王小明").encode(), Secret("name", "王小明"))
    assert not holds("王小".encode(), Secret("name", "王小明"))


def holds(kept: bytes, secret: Secret) -> bool:
    value = secret.value
    forms = {value.encode(), value.encode("gb18030"), json.dumps(value)[1:-1].encode()}
    return any(form in kept for form in forms)


def everything_is_read(office: Installation) -> bool:
    with office.storage.look() as rows:
        health = rows.sources.list_health()
        waiting = rows.documents.has_waiting()
        due = rows.alerts.count_deliveries_by_state().get(DeliveryState.DUE, 0)
    polled = len(health) == 4 and all(each.last_success_at for each in health)
    return polled and not waiting and due == 0


def everything_kept(office: Installation) -> Iterator[tuple[str, bytes]]:
    """Tables, mails and pages, each under a name that says where it is."""
    with sqlite3.connect(office.folder / "data" / "qingxin.db") as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master")]
        for table in tables:
            if database.execute(
                "SELECT 1 FROM sqlite_master WHERE type='table' AND name=?", (table,)
            ).fetchone():
                rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
                yield f"table {table}", repr(rows).encode() + str(rows).encode("gb18030", "replace")
    for number, raw in enumerate(office.mailbox.messages):
        message = email.message_from_bytes(raw, policy=email.policy.default)
        parts = (part.get_content() for part in message.walk() if not part.is_multipart())
        yield f"mail {number}", raw + "".join(parts).encode()
    yield from pages_of(office)


def pages_of(office: Installation) -> Iterator[tuple[str, bytes]]:
    base = office.app.settings.desk.base_url
    link = office.app.make_sign_in(clock())
    assert link
    with httpx.Client(base_url=base, timeout=20, follow_redirects=True) as browser:
        form = browser.get(link)
        token = re.search(r'name="_csrf_token" value="([^"]+)"', form.text)
        assert token
        browser.post(link, data={"_csrf_token": token[1]}).raise_for_status()
        seen = set()
        for path in PAGES:
            answer = browser.get(path)
            yield f"page {path}", answer.content + repr(answer.headers).encode()
            seen |= set(re.findall(r'href="(/cases/\d+)"', answer.text))
        assert seen, "no case is listed"
        for path in sorted(seen):
            answer = browser.get(path)
            assert answer.status_code == 200
            yield f"page {path}", answer.content


def files_of(office: Installation) -> Iterator[tuple[str, bytes]]:
    """Every file that the office wrote: database, write-ahead log, logs, supervisor's files."""
    for path in sorted((office.folder / "data").rglob("*")):
        if path.is_file():
            yield f"file {path.name}", path.read_bytes()
    yield "file run.log", (office.folder / "run.log").read_bytes()
