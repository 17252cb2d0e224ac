"""The sign of life of a role, by which everybody else sees that it works."""

import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from monitor.errors import StorageError
from monitor.storage.session import Storage

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

BEAT_EVERY = timedelta(seconds=5)


class Pulse:
    """Writes a role's sign of life every few seconds.

    A success is written when every needed step has succeeded since the last one.
    """

    def __init__(
        self,
        storage: Storage,
        role: str,
        needed: frozenset[str],
        clock: Callable[[], datetime],
    ) -> None:
        """Bind a role; with no needed steps, being alive is the success."""
        self._storage = storage
        self._clock = clock
        self._role = role
        self._needed = needed
        self._seen: set[str] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"pulse-{role}", daemon=True)

    def succeeded(self, step: str) -> None:
        """Say that a step has succeeded; cheap, from any thread."""
        self._seen.add(step)

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self) -> None:
        """Stop beating."""
        self._stop.set()
        self._thread.join(timeout=BEAT_EVERY.total_seconds())

    def _run(self) -> None:
        while True:
            done = self._seen >= self._needed
            if done:
                self._seen.clear()
            try:
                with self._storage.work() as rows:
                    rows.operations.beat(
                        self._role, socket.gethostname(), self._clock(), succeeded=done
                    )
            except StorageError as error:
                _log.warning("pulse.not_stored", role=self._role, error=str(error))
            if self._stop.wait(BEAT_EVERY.total_seconds()):
                return
