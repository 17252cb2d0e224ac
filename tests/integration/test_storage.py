"""Storage on real databases: steps up and down, a full disk, a locked database."""

import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect

from monitor.collecting import StoringSink
from monitor.domain import DutyRole, ListedItem, Shift
from monitor.errors import SchemaError, StorageBusyError, StorageError, StorageFullError
from monitor.storage import migrating, session
from monitor.storage.session import Storage
from monitor.storage.tables import Row
from tests.factories import NOON, make_document

ITEM = ListedItem("t1", "http://127.0.0.1/t1", "求助", "k")


def test_the_newest_version_in_the_code_is_the_newest_step() -> None:
    assert migrating.find_newest_version() == session.NEWEST_VERSION


def test_steps_go_up_and_down_and_up_again(storage: Storage) -> None:
    with storage.engine.begin() as connection:
        migrating.downgrade(connection)
    assert set(inspect(storage.engine).get_table_names()) <= {"alembic_version"}
    assert not storage.is_current()
    storage.migrate()
    assert storage.is_current()


def test_the_steps_make_what_the_code_expects(storage: Storage) -> None:
    found = inspect(storage.engine)
    for name, table in Row.metadata.tables.items():
        assert {each["name"] for each in found.get_columns(name)} == {c.name for c in table.columns}
        assert {each["name"] for each in found.get_indexes(name)} >= {i.name for i in table.indexes}


def test_two_that_open_a_new_file_at_once_do_not_lock_each_other_out(tmp_path: Path) -> None:
    # SQLite's switch to WAL does not wait for another switcher: 9 of 150 such starts failed.
    def open_one(address: str, failures: list[str]) -> None:
        opened = Storage(address)
        try:
            opened.is_current()
        except StorageError as error:
            failures.append(str(error))
        finally:
            opened.close()

    failures: list[str] = []
    for number in range(40):
        address = f"sqlite:///{tmp_path}/{number}.db"
        threads = [threading.Thread(target=open_one, args=(address, failures)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


def test_several_processes_may_start_at_once(database_address: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        opened = Storage(database_address)
        try:
            opened.migrate()
        except StorageError as error:
            failures.append(error)
        finally:
            opened.close()

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_an_unmigrated_database_says_so(database_address: str) -> None:
    opened = Storage(database_address)
    with pytest.raises(SchemaError), opened.look() as rows:
        rows.users.list_all()
    opened.close()


def test_a_time_comes_back_as_it_was_and_a_naive_one_is_refused(storage: Storage) -> None:
    with storage.work() as rows:
        rows.operations.beat("work", "host", NOON, succeeded=True)
    with storage.look() as rows:
        assert rows.operations.list_heartbeats()[0].beat_at == NOON
    naive = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 - the point of the test
    with pytest.raises(StorageError), storage.work() as rows:
        rows.operations.beat("work", "host", naive, succeeded=True)


def test_an_item_is_stored_with_its_change_key_or_not_at_all(storage: Storage) -> None:
    sink = StoringSink(storage)
    broken = make_document(text=None)
    with pytest.raises(StorageError):
        sink.store_item("forum", ITEM, [make_document(), broken], NOON)
    assert sink.find_known_items("forum", ["t1"]) == {}
    assert sink.store_item("forum", ITEM, [make_document()], NOON) == 1


def test_a_source_is_given_to_one_collector_only(storage: Storage) -> None:
    sink = StoringSink(storage)
    lease = timedelta(minutes=2)
    assert [each.source for each in sink.claim_due_sources(["a", "b"], NOON, lease)] == ["a", "b"]
    assert sink.claim_due_sources(["a", "b"], NOON, lease) == []
    later = NOON + lease
    assert all(each.unfinished for each in sink.claim_due_sources(["a", "b"], later, lease))


# ---------------------------------------------------------------- a full disk, a locked database


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Two megabytes of their own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_said_and_loses_nothing(small_disk: Path) -> None:
    opened = Storage(f"sqlite:///{small_disk}/qingxin.db")
    opened.migrate()
    sink = StoringSink(opened)
    stored = 0
    with pytest.raises(StorageFullError):  # noqa: PT012 - which of many calls meets the end is open
        for number in range(1000):
            text = f"{number} " + "工资没有发" * 1000
            item = ListedItem(f"t{number}", "http://127.0.0.1/", "求助", "k")
            sink.store_item("forum", item, [make_document(key=f"t{number}", text=text)], NOON)
            stored += 1
    assert stored > 5
    assert sink.find_known_items("forum", [f"t{stored}"]) == {}, "so that it is read again"
    assert len(sink.find_known_items("forum", [f"t{n}" for n in range(stored)])) == stored
    subprocess.run(["mount", "-o", "remount,size=8m", small_disk], check=True)
    item = ListedItem(f"t{stored}", "http://127.0.0.1/", "求助", "k")
    assert sink.store_item("forum", item, [make_document(key=f"t{stored}")], NOON) == 1
    opened.close()


def test_a_locked_database_is_said_and_then_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "BUSY_TIMEOUT_MS", 200)
    opened = Storage(f"sqlite:///{tmp_path}/qingxin.db")
    opened.migrate()
    sink = StoringSink(opened)
    other = sqlite3.connect(tmp_path / "qingxin.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    with pytest.raises(StorageBusyError):
        sink.store_item("forum", ITEM, [make_document()], NOON)
    assert time.monotonic() - started < 3
    assert sink.find_known_items("forum", ["t1"]) == {}, "reading goes on meanwhile"
    threading.Timer(0.1, lambda: other.execute("ROLLBACK")).start()
    assert sink.store_item("forum", ITEM, [make_document()], NOON) == 1
    other.close()
    opened.close()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="cannot be used"):
        Storage(f"sqlite:///{tmp_path}/file/qingxin.db")


def test_an_address_of_nonsense_is_said() -> None:
    with pytest.raises(StorageError):
        Storage("nonsense")


def test_a_new_duty_table_keeps_the_hours_already_served(storage: Storage) -> None:
    hour = timedelta(hours=1)
    with storage.work() as rows:
        rows.duty.replace([Shift(DutyRole.OFFICER, "zhou", NOON, NOON + 24 * hour)])
        rows.duty.replace([Shift(DutyRole.OFFICER, "zheng", NOON + 8 * hour, NOON + 16 * hour)])
    with storage.look() as rows:
        shifts = rows.duty.list_between(NOON, NOON + 24 * hour)
    assert [(each.person, each.starts_at, each.ends_at) for each in shifts] == [
        ("zhou", NOON, NOON + 8 * hour),
        ("zheng", NOON + 8 * hour, NOON + 16 * hour),
        ("zhou", NOON + 16 * hour, NOON + 24 * hour),
    ]
