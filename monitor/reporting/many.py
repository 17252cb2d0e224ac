"""Make many reports: one process counts, others write the files.

Counting must stay in one transaction, and so in one process; pictures, Word and spreadsheets take
more than half of the time and need nothing but the report.
"""

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from typing import TYPE_CHECKING

from monitor.reporting.archive import (
    Draft,
    Kept,
    UnitOfWork,
    add_edition,
    compare_kept,
)
from monitor.reporting.making import ReportMaker
from monitor.reporting.press import Press
from monitor.reports.periods import Period

if TYPE_CHECKING:
    from monitor.storage.editions import EditionFiles

_WAITING = 2
"""Reports a writer that are counted ahead: more would only take memory."""


def keep_many(
    work: UnitOfWork,
    look: UnitOfWork,
    maker: ReportMaker,
    periods: Iterable[Period],
    press: Press,
    *,
    writers: int,
) -> Generator[tuple[Period, Kept]]:
    """Keep the report of every period, in their order; each is given as soon as it is kept.

    Args:
        work: Opens a transaction that writes.
        look: Opens one that reads.
        maker: Counts; its transaction stays open meanwhile.
        periods: Which; each must have begun.
        press: How files are written.
        writers: How many processes write files beside this one.

    Raises:
        InputError: The office's template cannot be used; what was given before is kept.
        StorageError: Somebody else kept an edition at the same moment; making it again is safe.
    """
    waiting: deque[tuple[Period, Kept | Draft, Future[EditionFiles] | None]] = deque()

    def finish() -> tuple[Period, Kept]:
        period, draft, files = waiting.popleft()
        if isinstance(draft, Kept) or files is None:
            assert isinstance(draft, Kept)  # noqa: S101 - only a draft has files to come
            return period, draft
        return period, add_edition(work, draft, files.result())

    with ExitStack() as stack:
        # Not forked: the database's connection and its transaction belong to this process.
        pool = ProcessPoolExecutor(writers, mp_context=get_context("spawn"))
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        for period in periods:
            draft = compare_kept(look, maker.make(period))
            files = pool.submit(press.write, draft.report) if isinstance(draft, Draft) else None
            waiting.append((period, draft, files))
            if len(waiting) > writers * _WAITING:
                yield finish()
        while waiting:
            yield finish()
