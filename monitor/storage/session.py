"""The engine, SQLite's pragmas, and `Storage.work`: the only place that commits.

Deadlines of waiting for a lock and the mapping from driver errors to ours live here, so that no
SQLAlchemy error passes this package.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
    StatementError,
)

from monitor.errors import SchemaError, StorageBusyError, StorageError, StorageFullError
from monitor.storage.grams import cut_grams
from monitor.storage.repositories import Rows

NEWEST_VERSION = "0015"
"""The newest step under migrations/; a test holds it against alembic's own answer."""

BUSY_TIMEOUT_MS = 5_000
"""How long a SQLite connection waits for another writer before it says that it is busy."""


def make_engine(address: str) -> Engine:
    """Build an engine for a database address, with the pragmas that SQLite needs.

    Raises:
        StorageError: The folder of a SQLite file cannot be made, or the address is not understood.
    """
    try:
        url = make_url(address)
        if url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}:
            Path(str(url.database)).expanduser().parent.mkdir(parents=True, exist_ok=True)
        if url.get_backend_name() == "postgresql" and url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        engine = create_engine(
            url,
            pool_pre_ping=url.get_backend_name() == "postgresql",
            hide_parameters=True,  # they hold messages, and an error's text ends in a log
        )
    except (ArgumentError, NoSuchModuleError, ImportError, OSError) as error:
        raise StorageError(
            f"The database address cannot be used: {type(error).__name__}."
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _switch_to_wal(cursor: Any) -> None:
    """Turn a new file to WAL, one process at a time.

    SQLite answers a second switcher with "database is locked" at once, whatever its busy timeout,
    so that of two roles that start together on a new file one failed. The mode stays in the file:
    only its first openers ever take the lock.
    """
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "delete":
        return  # already WAL, or in memory
    path = cursor.execute("PRAGMA database_list").fetchone()[2]
    try:
        with FileLock(f"{path}.starting", timeout=BUSY_TIMEOUT_MS / 1000):
            cursor.execute("PRAGMA journal_mode=WAL")
    except Timeout as error:
        raise StorageBusyError from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise StorageFullError from error
        raise StorageError(
            f"The folder of the database cannot be written to: {error.strerror}."
        ) from error


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, see below
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    _switch_to_wal(cursor)
    for pragma in (
        "synchronous=FULL",  # an alert that was promised survives a power cut
        "foreign_keys=ON",
        "secure_delete=ON",  # what retention removes is overwritten, not only unlinked
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    # The triggers that keep the search index call it (step 0005).
    connection.create_function("qingxin_grams", 1, cut_grams, deterministic=True)


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: a transaction that reads before it writes would otherwise fail at once, without
    # waiting, when another writer came in between (SQLITE_BUSY_SNAPSHOT).
    mode = connection.get_execution_options().get("qingxin_begin", "IMMEDIATE")
    connection.exec_driver_sql(f"BEGIN {mode}")


@contextmanager
def our_errors() -> Iterator[None]:
    """Turn the driver's errors into ours: no SQLAlchemy error passes this package."""
    try:
        yield
    except IntegrityError as error:
        raise StorageError(
            "Two processes wrote the same row; the later one is tried again."
        ) from error
    except OperationalError as error:
        said = str(error.orig).lower()
        if "disk is full" in said or "no space left" in said or "disk i/o error" in said:
            raise StorageFullError from error
        if "locked" in said or "busy" in said or "deadlock" in said or "lock timeout" in said:
            raise StorageBusyError from error
        if "no such table" in said or "no such column" in said:
            raise SchemaError from error
        raise StorageError(f"The database does not answer: {_first_line(error)}") from error
    except DBAPIError as error:
        if type(error.orig).__name__ == "DiskFull":
            raise StorageFullError from error
        if type(error.orig).__name__ in {"UndefinedTable", "UndefinedColumn"}:
            raise SchemaError from error
        raise StorageError(f"The database refused: {_first_line(error)}") from error
    except StatementError as error:
        raise StorageError(f"A value cannot be stored: {error.orig}") from error


def _first_line(error: DBAPIError) -> str:
    # The driver's own line only: SQLAlchemy's text would quote parameters, which hold messages.
    return str(error.orig).splitlines()[0][:200] if str(error.orig) else type(error.orig).__name__


class Storage:
    """One database: hands out units of work and brings its tables up to date."""

    def __init__(self, address: str) -> None:
        """Open a database address, e.g. `sqlite:///data/qingxin.db` or `postgresql://…`."""
        self.engine = make_engine(address)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def work(self) -> Iterator[Rows]:
        """Open one transaction for reading and writing; commits at the end, or rolls back.

        Raises:
            StorageBusyError: Another process held the database for too long.
            StorageFullError: The disk is full.
            StorageError: Anything else the database refused.
        """
        with our_errors(), self.engine.begin() as connection:
            yield Rows(connection)

    @contextmanager
    def look(self) -> Iterator[Rows]:
        """Open one transaction for reading only; never waits for a writer on SQLite."""
        with (
            our_errors(),
            self.engine.connect().execution_options(qingxin_begin="DEFERRED") as connection,
            connection.begin() as transaction,
        ):
            yield Rows(connection)
            transaction.rollback()

    def exists(self) -> bool:
        """False for a SQLite file that nobody has made yet; looking does not make it."""
        database = self.engine.url.database
        if self.dialect != "sqlite" or database in {None, "", ":memory:"}:
            return True
        return Path(str(database)).expanduser().is_file()

    def migrate(self) -> None:
        """Bring the tables to the newest version; safe to call from several processes at once."""
        if self.is_current():
            return
        from monitor.storage import migrating  # noqa: PLC0415 - alembic takes a second to load

        with our_errors(), self.engine.begin() as connection:
            if self.dialect == "postgresql":
                # Serialises starters on one server; released with the transaction.
                connection.execute(text("SELECT pg_advisory_xact_lock(7236141)"))
            migrating.upgrade(connection)

    def find_schema_version(self) -> str | None:
        """Return the version of the tables; None when there are none yet."""
        with our_errors(), self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return version

    def is_current(self) -> bool:
        """True when the tables are of the newest version."""
        return self.find_schema_version() == NEWEST_VERSION

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()
