"""Overwriting on the disk what was deleted or emptied, as far as a database can.

SQLite overwrites freed bytes by itself (`secure_delete`), but earlier pages lie in the write-ahead
log until it is cut, and its search index only marks a word as gone until its parts are merged;
PostgreSQL keeps old versions of a row until it is vacuumed.
"""

import time
from datetime import timedelta

from monitor.errors import StorageError
from monitor.storage.session import BUSY_TIMEOUT_MS, Storage, our_errors

_WAIT_MS = 1_000
_WITH_WORDS = (
    "documents",
    "document_search",
    "assessments",
    "text_signatures",
    "text_bands",
    "deliveries",
    "delivery_attempts",
    "issues",
)


_MERGED_AT_ONCE = 200
"""Pages of the search index that one transaction rewrites, so that a writer waits for few of
them (https://sqlite.org/fts5.html, the command `merge`)."""
_NOTHING_DONE = 1
"""Changes that the command itself counts as; any more are pages that were rewritten."""


def scrub(storage: Storage, *, at_most: timedelta | None = None) -> bool:
    """Overwrite what was forgotten; harmless at any time.

    Args:
        storage: The database.
        at_most: Leave the rest of a large search index to the next run after this long.

    Returns:
        False when it must be done again later: somebody held the database, or time ran out.
    """
    try:
        if storage.dialect != "sqlite":
            return _vacuum(storage)
        merged = _merge_search(storage, at_most)
        return _cut_log(storage) and merged
    except StorageError:
        return False


def _merge_search(storage: Storage, at_most: timedelta | None) -> bool:
    end = None if at_most is None else time.monotonic() + at_most.total_seconds()
    with our_errors(), storage.engine.connect() as connection:
        raw = connection.connection.cursor()
        pages = -_MERGED_AT_ONCE  # negative: begin by taking every part into one merge
        while True:
            before = raw.connection.total_changes
            raw.execute(
                "INSERT INTO document_search(document_search, rank) VALUES ('merge', ?)", (pages,)
            )
            raw.connection.commit()
            if raw.connection.total_changes - before <= _NOTHING_DONE:
                return True
            pages = _MERGED_AT_ONCE
            if end is not None and time.monotonic() > end:
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
