"""A backup is restored on a fresh machine, and it is the same ledger: every table, every page."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import select

from monitor.casework import PartyCard, PartyPart
from monitor.storage.copying import copy_database, find_database_file, put_back
from monitor.storage.session import Storage
from monitor.storage.tables import Row
from tests.conftest import _find_postgres
from tests.county import County
from tests.integration.ledger_office import Ledger

DAY = "2026-11-23"
PAGES = ("/cases", "/cases/1", "/cases/2", "/parties", "/parties/1", "/towns", "/search?q=没发工资")


class RestoredCounty(County):
    """A county whose people are in the database already."""

    def _add_people(self) -> None:
        pass


def words(page: str) -> str:
    """A page without what differs from visit to visit."""
    return re.sub(r'name="_csrf_token" value="[0-9a-f]+"', "", page)


def live(ledger: Ledger) -> None:
    """Leave something in every part of the ledger."""
    ledger.post()
    ledger.post("青禾公司欠我们，没发工资", key="t2")
    with ledger.visit("zheng") as officer:
        officer.act(1, "accept")
        officer.act(1, "order", number="7 号", addressee="宏图公司", on=DAY, until="2026-12-01")
        officer.act(
            1, "pay", on=DAY, workers="3", amount="9", whose="employer", proof="x", in_full="1"
        )
        officer.act(2, "refer", body="court", reason="归法院")
        officer.submit(officer.get("/cases"), "/filters", name="我的", query="/cases?state=new")
    with ledger.visit("fuhe") as reviewer:
        reviewer.act(1, "witness-second", reason="名册一致")
        reviewer.submit(reviewer.get("/review"), "/review", answer="yes")
    with ledger.storage.look() as rows:
        han = rows.users.find("han")
    assert han
    ledger.office.parties.save_card(
        1, PartyCard(part=PartyPart.SUBCONTRACTOR, inspector="zheng"), han, ledger.clock.now
    )
    ledger.office.people.begin_totp("zheng")
    with ledger.storage.work() as rows:
        rows.recovery.replace("zheng", ["$argon2id$x"], ledger.clock.now)


def read_everything(storage: Storage) -> dict[str, list[Any]]:
    """Every row of every table."""
    with storage.engine.connect() as connection:
        return {
            name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for name, table in Row.metadata.tables.items()
        }


def run(command: list[Any]) -> None:
    subprocess.run(command, check=True, capture_output=True)


@contextmanager
def restore_elsewhere(storage: Storage, folder: Path, server: str | None) -> Iterator[Storage]:
    """Back up, and restore where nothing has been before."""
    if storage.dialect == "sqlite":
        file = find_database_file(str(storage.engine.url))
        assert file
        copy_database(file, folder / "backup.db")
        (folder / "fresh").mkdir()
        put_back(folder / "backup.db", folder / "fresh" / "qingxin.db")
        address = f"sqlite:///{folder / 'fresh' / 'qingxin.db'}"
    else:
        assert server
        binaries = _find_postgres()
        assert binaries
        address = f"{server}/fresh_{folder.name.replace('-', '_')}"
        name = address.rpartition("/")[2]
        plain = storage.engine.url.set(drivername="postgresql").render_as_string()
        dump = folder / "backup.dump"
        run([binaries / "pg_dump", "-Fc", "-f", dump, plain])
        with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
        run([binaries / "pg_restore", "--exit-on-error", "-d", address, dump])
    fresh = Storage(address)
    try:
        yield fresh
    finally:
        fresh.close()
        if storage.dialect != "sqlite":
            name = address.rpartition("/")[2]
            with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
                admin.execute(f'DROP DATABASE "{name}"')


def test_a_backup_on_a_fresh_machine_is_the_same_ledger(
    storage: Storage, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    ledger = Ledger(County(storage))
    live(ledger)
    before = read_everything(storage)
    filled = {name for name, rows in before.items() if rows}
    assert {
        "parties", "party_names", "patrols", "case_details", "case_clocks", "orders", "payments",
        "witnesses", "referrals", "labels", "audit", "saved_filters", "user_security",
        "recovery_codes",
    } <= filled  # fmt: skip
    server = request.getfixturevalue("postgres_server") if storage.dialect != "sqlite" else None

    with restore_elsewhere(storage, tmp_path, server) as fresh:
        assert read_everything(fresh) == before
        assert fresh.is_current()
        with fresh.look() as rows:
            assert rows.audit.verify().broken_at is None
        again = Ledger(RestoredCounty(fresh), ledger.clock)
        for path in PAGES:
            with ledger.visit("han") as here, again.visit("han") as there:
                assert words(here.get(path).text) == words(there.get(path).text), path
        with again.visit("zheng") as officer:
            assert officer.act(1, "close").status_code == 303, "and the work goes on"
        with fresh.look() as rows:
            assert rows.audit.verify().broken_at is None
        again.close()
    ledger.close()
