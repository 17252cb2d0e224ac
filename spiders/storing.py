"""Items on their way into storage: gathered over all polls, and stored many in one transaction.

A durable commit costs about as much for one item as for a hundred. So an item waits a tenth of a
second for others. Its poll goes on meanwhile, but does not end before storage has answered: an item
counts as read only in the transaction that holds its documents.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from monitor.errors import StorageBusyError, StorageFullError
from spiders.ports import ItemReading, Sink

_LINGER_SECONDS = 0.1
_MOST_TOGETHER = 200

Waiting = tuple[ItemReading, "asyncio.Future[int]"]


class Storing:
    """Stores readings in batches; used from one event loop."""

    def __init__(self, sink: Sink, linger_seconds: float = _LINGER_SECONDS) -> None:
        """Store into this sink; an item waits at most this long for others."""
        self._sink = sink
        self._linger = linger_seconds
        self._waiting: list[Waiting] = []
        self._full = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def store(self, reading: ItemReading) -> "asyncio.Future[int]":
        """Hand a reading over; the answer is how many documents were added or revised.

        Awaiting it raises `StorageError` when storage did not take it.
        """
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((reading, answer))
        if len(self._waiting) >= _MOST_TOGETHER:
            self._full.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())
        return answer

    async def _run(self) -> None:
        """Store until nothing waits."""
        while self._waiting:
            if len(self._waiting) < _MOST_TOGETHER and self._linger:
                self._full.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._full.wait(), self._linger)
            batch = self._waiting[:_MOST_TOGETHER]
            del self._waiting[:_MOST_TOGETHER]
            await self._store(batch)

    async def _store(self, batch: Sequence[Waiting]) -> None:
        """Store a batch; one that cannot be stored as it is must not hold the others up."""
        readings = [reading for reading, _ in batch]
        # Looked at instead of caught: whatever it is, no poll may wait for ever.
        task = asyncio.ensure_future(asyncio.to_thread(self._sink.store_items, readings))
        await asyncio.wait({task})
        error = task.exception()
        if error is None:
            for (_, answer), count in zip(batch, task.result(), strict=True):
                if not answer.done():
                    answer.set_result(count)
        elif len(batch) == 1 or isinstance(error, StorageBusyError | StorageFullError):
            _answer_all(batch, error)
        else:
            for each in batch:
                await self._store([each])


def _answer_all(batch: Sequence[Waiting], error: BaseException) -> None:
    for _, answer in batch:
        if not answer.done():
            answer.set_exception(error)
            answer.exception()  # a poll that was cancelled no longer asks
