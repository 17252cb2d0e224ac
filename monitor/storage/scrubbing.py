"""Overwriting on the disk what was deleted or emptied, as far as a database can.

SQLite overwrites freed bytes by itself (`secure_delete`), but earlier pages lie in the write-ahead
log until it is cut; PostgreSQL keeps old versions of a row until it is vacuumed.
"""

from monitor.errors import StorageError
from monitor.storage.session import BUSY_TIMEOUT_MS, Storage, our_errors

_WAIT_MS = 1_000
_WITH_WORDS = (
    "documents",
    "assessments",
    "text_signatures",
    "text_bands",
    "deliveries",
    "delivery_attempts",
    "issues",
)


def scrub(storage: Storage) -> bool:
    """Overwrite what was forgotten; harmless at any time.

    Returns:
        False when somebody held the database, so that it must be done again later.
    """
    try:
        return _cut_log(storage) if storage.dialect == "sqlite" else _vacuum(storage)
    except StorageError:
        return False


def _cut_log(storage: Storage) -> bool:
    with our_errors(), storage.engine.connect() as connection:
        raw = connection.connection.cursor()
        raw.execute(f"PRAGMA busy_timeout={_WAIT_MS}")
        try:
            # Answers (busy, pages in the log, pages moved).
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    return not busy


def _vacuum(storage: Storage) -> bool:
    with (
        our_errors(),
        storage.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        for table in _WITH_WORDS:
            connection.exec_driver_sql(f"VACUUM {table}")
    return True
