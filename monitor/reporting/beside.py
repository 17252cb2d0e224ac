"""Writing one report with a second process, which loads Word and pictures while this one counts.

To load them takes as long as to count, and to write the spreadsheet as long as to write all else.
This file is what the second process loads first, so it brings no database; what writes is loaded
where it writes.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.reporting.forms import Forms
    from monitor.reports.nouns import Report


@contextmanager
def writing_beside(
    desk_url: str, template: Path | None
) -> Iterator[Callable[["Report"], Callable[[], "Forms"]] | None]:
    """Start a second process; None where there is one core only, so that it would be no help.

    What is given begins to write the forms of a report, and returns what waits for them, which
    raises InputError where the office's template cannot be used.
    """
    if len(os.sched_getaffinity(0)) < 2:  # noqa: PLR2004
        yield None
        return
    # Not forked: the database's connection and its transaction belong to this process.
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    try:
        pool.submit(load_forms)
        yield lambda report: pool.submit(write_forms, report, desk_url, template).result
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def load_forms() -> None:
    """Load what writes the forms."""
    import monitor.reporting.forms  # noqa: F401, PLC0415 - the reason of this file


def write_tables(report: "Report", desk_url: str) -> bytes:
    """Write the spreadsheet in this process."""
    from monitor.reporting.tables import write_tables as write  # noqa: PLC0415 - as above

    return write(report, desk_url)


def write_forms(report: "Report", desk_url: str, template: Path | None) -> "Forms":
    """Write the forms in this process, and load them now where nobody has yet.

    Raises:
        InputError: The office's template cannot be used.
    """
    from monitor.reporting.forms import write_forms as write  # noqa: PLC0415 - as above

    return write(report, desk_url, template)
