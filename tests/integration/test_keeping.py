"""Backups of a database in use, putting them back, and what is said in public."""

import json
import re
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.commands.disclosed_words import CHINESE, ENGLISH, RECORDS
from monitor.commands.disclosure import LEAST_SHOWN, Held, show_held
from monitor.domain import CaseState
from monitor.errors import InputError, StorageBusyError, StorageError
from monitor.storage.copying import (
    check_copy,
    copy_database,
    find_database_file,
    find_known_versions,
    is_in_use,
    put_back,
)
from monitor.storage.session import NEWEST_VERSION, Storage
from tests.conftest import ROOT, write_settings
from tests.county import START, County

FEW = CHINESE.few.format(least=LEAST_SHOWN)

Ledger = list[tuple[object, ...]]


def read_ledger(database: Path) -> dict[str, Ledger]:
    """Every row of every table."""
    with closing(sqlite3.connect(database)) as connection:
        names = [
            name
            for (name,) in connection.execute(
                # How the search index lies on the disk changes when its parts are merged.
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                " AND name NOT LIKE 'document_search_%'"
            )
        ]
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in names
        }


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A ledger with three cases, alerts and messages, and nobody connected."""
    path = tmp_path / "data" / "qingxin.db"
    storage = Storage(f"sqlite:///{path}")
    storage.migrate()
    county = County(storage)
    for number in range(3):
        county.post(f"工厂{number}欠我们没发工资", key=f"t{number}")
    county.forward(1)
    storage.close()
    return path


@pytest.fixture
def opened(database: Path) -> Iterator[Storage]:
    """The same ledger, open in this process as in a running role."""
    storage = Storage(f"sqlite:///{database}")
    with storage.look() as rows:
        assert rows.reporting.count_all_documents() == 3
    yield storage
    storage.close()


# ---------------------------------------------------------------- copies


def test_a_copy_holds_the_same_ledger_and_only_its_owner_may_read_it(
    database: Path, tmp_path: Path
) -> None:
    copy = copy_database(database, tmp_path / "b.db")

    assert copy.version == NEWEST_VERSION
    assert read_ledger(tmp_path / "b.db") == read_ledger(database)
    assert stat.S_IMODE((tmp_path / "b.db").stat().st_mode) == 0o600
    assert sorted(each.name for each in tmp_path.iterdir()) == ["b.db", "data"]


def test_a_copy_can_be_taken_while_another_process_is_in_the_middle_of_writing(
    opened: Storage, database: Path, tmp_path: Path
) -> None:
    with opened.work() as rows:
        rows.operations.record_issue("S401", "forum", "还没有提交", START)
        copy_database(database, tmp_path / "b.db")

    assert read_ledger(tmp_path / "b.db")["issues"] == []
    assert len(read_ledger(database)["issues"]) == 1


def test_what_was_written_a_moment_ago_is_in_the_copy_though_it_stands_in_the_log(
    opened: Storage, database: Path, tmp_path: Path
) -> None:
    with opened.work() as rows:
        rows.operations.record_issue("S401", "forum", "刚刚", START)
    assert database.with_name("qingxin.db-wal").stat().st_size > 0
    copy_database(database, tmp_path / "b.db")

    assert len(read_ledger(tmp_path / "b.db")["issues"]) == 1


def test_a_copy_never_covers_another_file(database: Path, tmp_path: Path) -> None:
    (tmp_path / "b.db").write_text("something dear")
    with pytest.raises(InputError, match="已经有了"):
        copy_database(database, tmp_path / "b.db")

    assert (tmp_path / "b.db").read_text() == "something dear"


def test_a_database_that_is_not_there_or_a_folder_that_is_not_is_said(
    database: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="还没有建立"):
        copy_database(tmp_path / "none.db", tmp_path / "b.db")
    with pytest.raises(InputError, match="写不了"):
        copy_database(database, tmp_path / "nowhere" / "b.db")


def test_a_damaged_database_makes_no_copy_that_looks_whole(database: Path, tmp_path: Path) -> None:
    damage(database)
    with pytest.raises(StorageError, match="损坏"):
        copy_database(database, tmp_path / "b.db")

    assert sorted(each.name for each in tmp_path.iterdir()) == ["data"]


def damage(database: Path) -> None:
    """Overwrite the pages behind the first one, as a failing disk does."""
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 65_536)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "不是 SQLite"),
        (b"PK\x03\x04 a spreadsheet", "不是 SQLite"),
        (b"SQLite format 3\x00" + b"\x00" * 2000, "损坏|不是数据库"),
    ],
)
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "b.db").write_bytes(content)
    with pytest.raises((InputError, StorageError), match=says):
        check_copy(tmp_path / "b.db")


def test_a_database_of_somebody_else_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "b.db")) as other:
        other.execute("CREATE TABLE books (title TEXT)")
    with pytest.raises(StorageError, match="不是清薪的数据库"):
        check_copy(tmp_path / "b.db")


# ---------------------------------------------------------------- putting back


def test_putting_back_into_an_empty_folder_gives_the_same_ledger(
    database: Path, tmp_path: Path
) -> None:
    copy_database(database, tmp_path / "b.db")
    elsewhere = tmp_path / "new" / "machine" / "qingxin.db"
    put_back(tmp_path / "b.db", elsewhere)

    assert read_ledger(elsewhere) == read_ledger(database)
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o600


def test_a_restored_ledger_works_on(database: Path, tmp_path: Path) -> None:
    copy_database(database, tmp_path / "b.db")
    put_back(tmp_path / "b.db", tmp_path / "new.db")
    storage = Storage(f"sqlite:///{tmp_path / 'new.db'}")
    storage.migrate()
    with storage.work() as rows:
        before = rows.case_lists.count_by_state()
        rows.operations.record_issue("S401", "forum", "之后", START + timedelta(days=1))
    storage.close()

    assert before == {CaseState.NEW: 3}
    assert check_copy(tmp_path / "new.db").version == NEWEST_VERSION


def test_an_open_database_is_noticed_and_a_closed_one_is_not(
    database: Path, opened: Storage
) -> None:
    assert is_in_use(database)
    opened.close()
    assert not is_in_use(database)


def test_roles_that_run_on_see_what_was_put_back(
    database: Path, opened: Storage, tmp_path: Path
) -> None:
    copy_database(database, tmp_path / "b.db")
    with opened.work() as rows:
        rows.operations.record_issue("S401", "forum", "之后", START)
    put_back(tmp_path / "b.db", database)

    with opened.look() as rows:
        assert rows.operations.count_open_issues() == 0
    with opened.work() as rows:
        rows.operations.record_issue("S401", "forum", "再之后", START)
    opened.close()
    assert len(read_ledger(database)["issues"]) == 1


@pytest.mark.slow
def test_somebody_who_never_lets_go_does_not_hang_the_restore(
    database: Path, tmp_path: Path
) -> None:
    copy_database(database, tmp_path / "b.db")
    with closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageBusyError):
            put_back(tmp_path / "b.db", database)
        holder.execute("ROLLBACK")

    assert read_ledger(database) == read_ledger(tmp_path / "b.db")


def test_the_newest_version_that_is_known_is_that_of_the_tables() -> None:
    assert find_known_versions()[0] == NEWEST_VERSION


def test_only_a_file_of_sqlite_can_be_copied() -> None:
    assert find_database_file("sqlite:////srv/q/qingxin.db") == Path("/srv/q/qingxin.db")
    assert find_database_file("postgresql://qingxin@127.0.0.1/qingxin") is None
    assert find_database_file("sqlite:///:memory:") is None


# ---------------------------------------------------------------- the commands


def run_qingxin(settings: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "monitor.cli", *arguments, "--settings", str(settings)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=120,
    )


@pytest.fixture
def settings(database: Path) -> Path:
    path = write_settings(database.parent.parent)
    assert find_database_file(f"sqlite:///{path.parent / 'data' / 'qingxin.db'}") == database
    return path


def list_kept(database: Path) -> list[Path]:
    kept = database.parent.glob("qingxin.db.before-*")
    return sorted(each for each in kept if not each.name.endswith(("-wal", "-shm")))


@pytest.mark.slow
def test_what_was_there_is_kept_beside_what_is_put_back(
    settings: Path, database: Path, tmp_path: Path
) -> None:
    then = read_ledger(database)
    assert run_qingxin(settings, "backup", str(tmp_path / "b.db")).returncode == 0
    storage = Storage(f"sqlite:///{database}")
    with storage.work() as rows:
        rows.operations.record_issue("S401", "forum", "备份之后", START)
    storage.close()
    later = read_ledger(database)

    done = run_qingxin(settings, "restore", str(tmp_path / "b.db"))
    assert done.returncode == 0, done.stderr
    assert read_ledger(database) == then
    assert [read_ledger(each) for each in list_kept(database)] == [later]


@pytest.mark.slow
def test_a_database_in_use_is_left_alone_unless_forced(
    settings: Path, database: Path, opened: Storage, tmp_path: Path
) -> None:
    copy_database(database, tmp_path / "b.db")
    refused = run_qingxin(settings, "restore", str(tmp_path / "b.db"))
    assert refused.returncode == 1
    assert "正在使用" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert list_kept(database) == []

    forced = run_qingxin(settings, "restore", str(tmp_path / "b.db"), "--force")
    assert forced.returncode == 0, forced.stderr
    assert len(list_kept(database)) == 1
    with opened.look() as rows:
        assert rows.reporting.count_all_documents() == 3


@pytest.mark.slow
def test_tables_of_a_newer_version_are_left_alone_unless_forced(
    settings: Path, database: Path, tmp_path: Path
) -> None:
    copy_database(database, tmp_path / "b.db")
    copy_database(database, tmp_path / "newer.db")
    for each in (database, tmp_path / "newer.db"):
        with closing(sqlite3.connect(each)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")

    for file in ("newer.db", "b.db"):
        refused = run_qingxin(settings, "restore", str(tmp_path / file))
        assert refused.returncode == 1
        assert "更新的版本（9999）" in refused.stderr
    assert run_qingxin(settings, "restore", str(tmp_path / "b.db"), "--force").returncode == 0
    assert check_copy(database).version == NEWEST_VERSION


@pytest.mark.slow
def test_a_damaged_database_is_moved_aside_as_it_is(
    settings: Path, database: Path, tmp_path: Path
) -> None:
    then = read_ledger(database)
    copy_database(database, tmp_path / "b.db")
    damage(database)
    bytes_before = database.read_bytes()

    refused = run_qingxin(settings, "restore", str(tmp_path / "b.db"))
    assert refused.returncode == 1
    assert "--force" in refused.stderr
    assert database.read_bytes() == bytes_before

    done = run_qingxin(settings, "restore", str(tmp_path / "b.db"), "--force")
    assert done.returncode == 0, done.stderr
    assert read_ledger(database) == then
    assert [each.read_bytes() for each in list_kept(database)] == [bytes_before]


@pytest.mark.slow
@pytest.mark.postgres
def test_postgresql_is_sent_to_its_own_tools(tmp_path: Path) -> None:
    settings = write_settings(tmp_path, database__address='"postgresql://q@127.0.0.1:1/q"')
    for command in ("backup", "restore"):
        done = run_qingxin(settings, command, str(tmp_path / "b.db"))
        assert done.returncode == 1
        assert "pg_dump" in done.stderr
        assert "pg_restore" in done.stderr
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_restoring_the_database_from_itself_is_refused(settings: Path, database: Path) -> None:
    done = run_qingxin(settings, "restore", str(database))

    assert done.returncode == 1
    assert "不是备份" in done.stderr


# ---------------------------------------------------------------- said in public


def test_counts_that_could_point_to_somebody_are_not_published() -> None:
    shown = show_held(Held(4, {CaseState.NEW: 5, CaseState.ACCEPTED: 4, CaseState.CLOSED: 1200}))

    assert shown["documents"] == FEW
    assert shown["cases"]["待处置"] == 5
    assert shown["cases"]["已受理"] == shown["cases"]["不属欠薪"] == FEW
    assert shown["cases"]["已销号"] == 1200
    assert set(shown) == {"documents", "cases", "records", "forgotten"}  # no total of cases
    assert (
        shown["records"]["办案需要、到期暂不清除的保留"]
        == shown["forgotten"]["应要求删除的原文"]
        == FEW
    )


@pytest.mark.slow
def test_what_is_said_in_public_names_sources_and_refusals_and_nobody(
    settings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_DESK__SECRET", "x9-secret-of-the-desk")
    done = run_qingxin(settings, "disclose")
    told = json.loads(run_qingxin(settings, "disclose", "--json").stdout)

    assert done.returncode == 0, done.stderr
    for source in told["watched"]:
        assert source["title"] in done.stdout
        assert source["basis"] in done.stdout
        assert source["address"] in done.stdout
    assert len(told["watched"]) == 4
    reasons = [each[part] for each in told["refusals"] for part in ("what", "why")]
    assert len(reasons) >= 16
    for sentence in (*told["retention"], *told["removal"], *told["seen_by"]["rules"], *reasons):
        assert sentence in done.stdout
    assert "销号后 180 天清除" in done.stdout
    for sentence in (*told["backups"], *told["seen_by"]["audit"], "备份", "操作记录"):
        assert sentence in done.stdout
    for secret in ("x9-secret", "周值班", "zhiban", "zhou", "工厂1", "没发工资", "QX2026"):
        assert secret not in done.stdout


@pytest.mark.slow
def test_the_disclosure_is_whole_in_english_too(settings: Path) -> None:
    done = run_qingxin(settings, "disclose", "--language", "en")
    assert done.returncode == 0, done.stderr
    told = json.loads(run_qingxin(settings, "disclose", "--language", "en", "--json").stdout)
    assert {"Duty officer", "Administrator"} & set(told["seen_by"]["roles"])
    sources = [each["title"] for each in told["watched"]]
    for line in done.stdout.splitlines():
        if not any(title in line for title in sources):
            assert not re.search("[\u4e00-\u9fff]", line), line
    assert run_qingxin(settings, "disclose", "--language", "fr").returncode == 2


def test_both_languages_say_the_same_things() -> None:
    for name in ("headings", "retention", "backups", "seen_by", "audit", "removal"):
        assert len(getattr(CHINESE, name)) == len(getattr(ENGLISH, name)), name
    for name in ("basis", "masked_names", "states", "records", "forgotten_names", "refusals"):
        assert set(getattr(CHINESE, name)) == set(getattr(ENGLISH, name)), name
    assert set(CHINESE.records) == set(RECORDS)


# ---------------------------------------------------------------- forgetting and backups


@pytest.mark.slow
def test_what_was_removed_does_not_come_back_with_a_backup(settings: Path, tmp_path: Path) -> None:
    from monitor.bootstrap.app import build
    from monitor.collecting import StoringSink
    from monitor.domain import ListedItem, Removal
    from monitor.purging import remove
    from tests.factories import make_document

    app = build(settings)
    app.prepare()
    now = datetime.now(UTC)
    document = make_document(text="没发工资，紫色的梯子", fetched_at=now)
    item = ListedItem("t1", document.address, "求助", "1")
    StoringSink(app.storage).store_item("forum", item, [document], now)
    assert run_qingxin(settings, "backup", str(tmp_path / "b.db")).returncode == 0
    remove(app.storage, Removal("forum", "t1", whole_item=True, removed_at=now, removed_by="han"))
    app.storage.close()
    done = run_qingxin(settings, "restore", str(tmp_path / "b.db"))
    assert done.returncode == 0, done.stderr
    assert "已再次清除" in done.stderr
    database = app.settings.data.folder / "qingxin.db"
    assert "紫色的梯子".encode() not in database.read_bytes()
    assert "紫色的梯子".encode() in (tmp_path / "b.db").read_bytes(), "the search finds it"
