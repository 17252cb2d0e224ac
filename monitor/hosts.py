"""Asking a host by hand while `collect` may be asking it: one of the two waits."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from monitor.bootstrap.app import App, make_holder, read_clock
from monitor.errors import InputError, StorageError
from monitor.storage.session import Storage

_LEASE = timedelta(minutes=10)
_PATIENCE_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.2


@contextmanager
def holding_host(app: App, url: str) -> Iterator[None]:
    """Keep the host of an address to ourselves until the block ends.

    Without a database there is no collector to share with, and nothing is held.

    Raises:
        InputError: `collect` has been reading this host for a minute without a pause.
    """
    host = (urlsplit(url).hostname or "").lower()
    holder = make_holder()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not _take(app.storage, host, holder, read_clock()):
        if time.monotonic() > deadline:
            message = f"采集正在读 {host}，一分钟都没有停；一个网站同时只问一次，请过一会儿再试"
            raise InputError(message)
        time.sleep(_LOOK_EVERY_SECONDS)
    try:
        yield
    finally:
        _leave(app.storage, host, holder, read_clock())


def _take(storage: Storage, host: str, holder: str, now: datetime) -> bool:
    try:
        if not storage.exists() or not storage.is_current():
            return True
        with storage.look() as rows:
            if rows.hosts.find_taken([host], holder, now):
                return False
        with storage.work() as rows:
            return bool(rows.hosts.hold([host], holder, now, now + _LEASE))
    except StorageError:
        return True


def _leave(storage: Storage, host: str, holder: str, now: datetime) -> None:
    try:
        if storage.exists() and storage.is_current():
            with storage.work() as rows:
                rows.hosts.leave([host], holder, now)
    except StorageError:
        return  # it ends by itself
