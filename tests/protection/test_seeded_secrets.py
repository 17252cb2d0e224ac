"""Every personal value that the sample county served is searched for everywhere: none is found."""

import json
import os
import re
import sqlite3
from collections import Counter
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select, update

from monitor.bootstrap.keeping import read_retention_policy
from monitor.domain import CaseState, DeliveryState, Forgotten
from monitor.purging import purge
from monitor.storage.tables import CaseRow, DocumentRow
from sample_county.nouns import Secret, Site
from sample_county.secrets import served_secrets
from tests.installation import ROLES, Installation, clock, open_installation, wait_for
from tests.protection.everywhere import (
    add_readers,
    list_page_routes,
    read_files,
    read_mails,
    read_pages,
    read_tables,
    write_out,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CLAIMS = int(os.environ.get("QINGXIN_SEEDED_CLAIMS", "84"))
FEWEST_SECRETS = 500
NAMED_KINDS = frozenset({"name", "name_in_text", "handle", "phone", "identity", "card", "wechat"})

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

# Pages that nobody reaches by a link here, and why; every other one is read.
NOT_REACHED = {
    "/a/X": "an alert's link is in the mails, which are searched",
    "/calendar/X": "a roster for a telephone; it is made of the roster alone",
    "/canary/X": "a page that tries the readers; it is made by the program",
    "/canary/index.html": "the same",
    "/duty/handovers/X": "nobody hands over in three minutes",
    "/live": "a number that the pages ask for",
    "/sign-in": "shows a form",
    "/sign-in/once/X": "shows a button",
    "/sign-in/second": "shows a form",
    "/cases/X/reply": "asks for the kind of reply first",
    "/reports/X/X/reviews/X": "lists what reviewers said, without a word of a text",
    "/reports/X/X/lists/X": "opens where a line of the report has cases",
    "/cases/X/referrals/X/letter.docx": "nothing is referred here; it is made of the case alone",
    "/cases/X/referrals/X/notice.docx": "the same",
    "/model/candidates/X": "nothing is trained here; it shows texts as the tables have them",
    "/model/documents/X": "leads from such a page to the text's case",
    "/model/reliability.png": "a picture of counts",
}


def test_nothing_that_was_kept_sent_or_shown_holds_a_served_secret(tmp_path: Path) -> None:
    changes = {"log__level": '"debug"', "desk__second_factor": "false"}
    with open_installation(tmp_path, backlog=True, **changes) as office:
        post_claims(office)
        add_readers(office)
        office.start()
        wait_for(lambda: everything_is_read(office), seconds=300, why="everything is read")
        for role in ROLES:
            process = office.find_role(role)
            assert process
            assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)
        said = dict(write_out(office, "before"))
        places = {**said, **dict(read_tables(office)), **dict(read_pages(office))}
        places |= dict(read_mails(office))
        office.stop()
        places |= dict(read_files(office))
        secrets = served_secrets(office.county.world)
        kinds = Counter(each.kind for each in secrets)
        assert sum(kinds[kind] for kind in NAMED_KINDS) >= FEWEST_SECRETS, kinds
        assert_everything_was_looked_at(places)
        assert leaks_in(places, secrets) == []

        texts = forget_everything(office)
        after = {**dict(write_out(office, "after")), **dict(read_tables(office))}
        files = dict(read_files(office))
        kept = {name: held for name, held in files.items() if "/before/" not in name}
        assert leaks_in({**after, **kept}, secrets) == []
        assert_forgotten(after | kept, texts)


def post_claims(office: Installation) -> None:
    """Letters and posts of many people, and one that holds values of every kind."""
    world = office.county.world
    sites = (Site.FORUM, Site.OLDBBS, Site.MAILBOX)
    for number in range(CLAIMS):
        world.post_claim(sites[number % len(sites)], clock())
    for site in sites:
        world.post_claim(site, clock(), title="没发工资", text=OWN_TEXT, secrets=OWN_SECRETS)


def everything_is_read(office: Installation) -> bool:
    with office.storage.look() as rows:
        health = rows.sources.list_health()
        waiting = rows.documents.has_waiting()
        due = rows.alerts.count_deliveries_by_state().get(DeliveryState.DUE, 0)
    polled = len(health) == 4 and all(each.last_success_at for each in health)
    return polled and not waiting and due == 0


def assert_everything_was_looked_at(places: dict[str, bytes]) -> None:
    """The search covered every table, page, file and message that there is."""
    names = "\n".join(places)
    for wanted in ("mail 0", "qingxin.db", "run.log", ".xlsx", ".docx", ".html", ".backup"):
        assert wanted in names, wanted
    assert places["table documents"].count("没发工资".encode()) > 0
    read = {
        re.sub(r"/(?:[0-9]+|20[0-9]{2}-[^/ ]+|xlsx|docx|html)(?=/|$)", "/X", name.split()[1])
        for name in places
        if name.startswith("page /")
    }
    read = {re.sub(r"\?.*", "", each) for each in read}
    assert sorted(list_page_routes() - read - set(NOT_REACHED)) == []


def leaks_in(places: dict[str, bytes], secrets: list[Secret]) -> list[tuple[str, str, str]]:
    """Where a value is found; a line that many pages share is searched once."""
    whole, lines = {}, dict[bytes, str]()
    for name, held in places.items():
        if "qingxin" in name:
            whole[name] = held
        else:
            for line in held.split(b"\n"):
                lines.setdefault(line, name)
    whole["lines"] = b"\n".join(lines)
    found = [
        (secret, where)
        for secret in secrets
        for where, held in whole.items()
        if holds(held, secret)
    ]
    return [
        (secret.kind, secret.value, name)
        for secret, where in found
        for name in (
            [name for line, name in lines.items() if holds(line, secret)]
            if where == "lines"
            else [where]
        )
    ]


def holds(kept: bytes, secret: Secret) -> bool:
    value = secret.value
    forms = {value.encode(), value.encode("gb18030"), json.dumps(value)[1:-1].encode()}
    return any(form in kept for form in forms)


def forget_everything(office: Installation) -> list[str]:
    """Close every case, let its time pass, purge; return pieces of the texts that were held."""
    with office.storage.engine.begin() as connection:
        held = [text for (text,) in connection.execute(select(DocumentRow.text))]
        connection.execute(update(CaseRow).values(state=CaseState.CLOSED.value))
    later = clock() + timedelta(days=400)
    purged = purge(office.storage, read_retention_policy(office.app.settings), later, holder="test")
    assert purged.counts[Forgotten.CLOSED] > 10
    assert purged.scrubbed
    # A piece from the middle, long enough to be nothing else.
    pieces = [text[len(text) // 3 :][:24].split("\n")[0] for text in held]
    return [piece for piece in pieces if len(piece) >= 16]


def assert_forgotten(places: dict[str, bytes], texts: list[str]) -> None:
    """The words of the texts are in no byte of the database, its log, its backup or an export."""
    assert len(texts) > 50
    database = {name: held for name, held in places.items() if "qingxin" in name}
    assert any("backup" in name for name in database)
    left = [
        (text, name) for text in texts for name, held in places.items() if text.encode() in held
    ]
    assert left == []


def test_the_search_itself_finds_what_is_there(tmp_path: Path) -> None:
    assert holds("电话138-1234-5678".encode(), Secret("phone", "138-1234-5678"))
    assert holds("王小明".encode("gb18030"), Secret("name", "王小明"))
    assert holds(json.dumps("王小明").encode(), Secret("name", "王小明"))
    assert not holds("王小".encode(), Secret("name", "王小明"))
    one, page = Secret("name", "王小明"), "上一行\n王小明\n".encode()
    places = {"page /": page, "file data/qingxin.db": page, "page /cases": b""}
    assert leaks_in(places, [one]) == [
        ("name", "王小明", "file data/qingxin.db"),
        ("name", "王小明", "page /"),
    ]
    path = tmp_path / "one.db"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE said (words TEXT)")
        database.execute("INSERT INTO said VALUES ('电话138-1234-5678')")
    database.close()
    assert holds(path.read_bytes(), Secret("phone", "138-1234-5678"))
