"""`collect` on a real database, as a process that a test kills; loaded once, started many times."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.collecting import StoringSink
from monitor.domain import Source
from monitor.storage.session import Storage
from spiders.crawl import run_collect
from spiders.manners import user_agent
from spiders.ports import Progress


def collect(address: str, sources: list[Source], lease_seconds: float, log: str) -> None:
    """Read these sources into the database at an address until the process ends."""
    storage = Storage(address)

    def tell(progress: Progress) -> None:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{progress}\n")

    run_collect(
        load=lambda: sources,
        sink=StoringSink(storage),
        clock=lambda: datetime.now(UTC),
        user_agent=user_agent("https://office.invalid/contact"),
        on_progress=tell,
        lease=timedelta(seconds=lease_seconds),
    )
