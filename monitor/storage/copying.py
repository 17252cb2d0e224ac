"""Copies of a SQLite database while it is in use, and putting one back.

Both go through SQLite's own backup, which takes the pages of one moment and, as a destination, is
one transaction: a crash half-way leaves what was there. PostgreSQL has pg_dump and pg_restore.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from monitor.errors import InputError, StorageBusyError, StorageError

_HEADER = b"SQLite format 3\x00"
_WAIT_SECONDS = 5.0
_TRIES = 2


@dataclass(frozen=True, slots=True)
class Copy:
    """What a file holds; `version` is that of its tables."""

    version: str
    size_bytes: int


def find_database_file(address: str) -> Path | None:
    """The file of a SQLite address; None when the address is of another kind of database.

    Raises:
        StorageError: The address is not understood.
    """
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise StorageError("数据库地址看不懂，见 settings.toml 的 [database]") from error
    if url.get_backend_name() != "sqlite" or url.database in {None, "", ":memory:"}:
        return None
    return Path(str(url.database)).expanduser()


def copy_database(database: Path, target: Path) -> Copy:
    """Copy a database that may be in use to a new file that only its owner can read.

    The copy is written under another name, checked, and only then given its own.

    Raises:
        InputError: There is no database, or the target exists or cannot be written.
        StorageError: The database is damaged or not ours, or the copy does not pass its check.
    """
    if not database.is_file():
        raise InputError(f"{database} 还没有建立，没有可以备份的")
    part = target.with_name(f".{target.name}.part")
    with _claim_name(target), _remove_after(part):
        _make_private(part)
        with (
            _database_errors(database),
            closing(_open(database)) as source,
            closing(_open(part)) as copy,
        ):
            _copy_pages(source, copy)
            # One file, without a log beside it that somebody may forget to take along.
            copy.execute("PRAGMA journal_mode=DELETE")
        found = check_copy(part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(target)
    return found


def check_copy(file: Path) -> Copy:
    """Look whether a file is a whole database of ours; changes nothing.

    Raises:
        InputError: There is no such file, or it is not a SQLite database.
        StorageError: It is damaged, or holds no tables of ours.
    """
    try:
        with file.open("rb") as opened:
            is_sqlite = opened.read(len(_HEADER)) == _HEADER
        size_bytes = file.stat().st_size
    except OSError as error:
        raise InputError(f"{file} 读不了：{error.strerror}") from error
    if not is_sqlite:
        raise InputError(f"{file} 不是 SQLite 数据库文件")
    with _database_errors(file), closing(_open(file, mode="ro")) as database:
        said = database.execute("PRAGMA integrity_check(1)").fetchall()
        if said != [("ok",)]:
            raise StorageError(f"{file} 已损坏，没有通过完整性检查；换一份备份")
        if database.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise StorageError(f"{file} 里有记录指向不存在的记录；换一份备份")
        return Copy(_find_version(database, file), size_bytes)


def _find_version(database: sqlite3.Connection, file: Path) -> str:
    has_versions = database.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
    ).fetchone()
    row = (
        database.execute("SELECT version_num FROM alembic_version").fetchone()
        if has_versions
        else None
    )
    if row is None:
        raise StorageError(f"{file} 不是清薪的数据库")
    return str(row[0])


def is_in_use(database: Path) -> bool:
    """Say whether any other process has this database open.

    Raises:
        StorageError: It is damaged, so that nobody can say.
    """
    with _database_errors(database), closing(_open(database, wait_seconds=0.2)) as connection:
        try:
            # SQLite leaves the write-ahead log only when nobody else is connected.
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                return True
            raise
    return False


def set_aside(database: Path, aside: Path) -> None:
    """Move a damaged database away with the files beside it, as they are.

    Raises:
        StorageError: They cannot be moved.
    """
    try:
        for suffix in ("-wal", "-shm", ""):
            beside = database.with_name(database.name + suffix)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + suffix))
    except OSError as error:
        raise StorageError(f"{database} 移不开：{error.strerror}") from error


def put_back(file: Path, database: Path) -> None:
    """Make a database hold what a copy holds, in one transaction; a new one is made private.

    Raises:
        StorageBusyError: Somebody writes to the database.
        StorageError: It cannot be written.
    """
    if not database.exists():
        try:
            database.parent.mkdir(parents=True, exist_ok=True)
            _make_private(database)
        except OSError as error:
            raise StorageError(f"{database} 写不了：{error.strerror}") from error
    with (
        _database_errors(database),
        closing(_open(file, mode="ro")) as source,
        closing(_open(database)) as target,
    ):
        target.execute("PRAGMA synchronous=FULL")
        _copy_pages(source, target)


def find_known_versions() -> list[str]:
    """The versions of the tables that this software can read, newest first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - takes a second to load

    from monitor.storage.migrating import make_config  # noqa: PLC0415 - as above

    steps = ScriptDirectory.from_config(make_config()).walk_revisions()
    return [step.revision for step in steps]


def _copy_pages(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    tries = 0

    def give_up_when_busy(status: int, _remaining: int, _total: int) -> None:
        # Without this Python waits for ever for somebody who does not let go.
        nonlocal tries
        tries += status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
        if tries >= _TRIES:
            raise StorageBusyError("数据库一直被别的进程锁着，稍后再试")

    source.backup(target, progress=give_up_when_busy)


def _open(
    path: Path, *, mode: str = "rw", wait_seconds: float = _WAIT_SECONDS
) -> sqlite3.Connection:
    # Neither mode makes a file that is missing.
    return sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?mode={mode}",
        uri=True,
        timeout=wait_seconds,
        isolation_level=None,
    )


def _make_private(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


@contextmanager
def _claim_name(target: Path) -> Iterator[None]:
    """Refuse a name that is taken, and say plainly where a file cannot be written."""
    if target.exists():
        raise InputError(f"{target} 已经有了；换一个名字，备份不覆盖别的文件")
    try:
        yield
    except OSError as error:
        raise InputError(f"{target} 写不了：{error.strerror}") from error


@contextmanager
def _remove_after(part: Path) -> Iterator[None]:
    try:
        yield
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


@contextmanager
def _database_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        said = str(error).lower()
        if "locked" in said or "busy" in said:
            raise StorageBusyError(f"{path} 正被占用，稍后再试") from error
        raise StorageError(f"{path} 用不了：{error}") from error
    except sqlite3.DatabaseError as error:
        raise StorageError(f"{path} 已损坏或不是数据库：{error}") from error
