"""The collector as a process of its own, for tests: a reactor starts only once in a process."""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.errors import StorageBusyError, StorageError, StorageFullError
from spiders.catalogue import load_sources
from spiders.crawl import run_collect
from spiders.manners import user_agent
from spiders.ports import Progress
from tests.integration.collect_sink import JournalSink

_FAILURES: dict[str, type[StorageError]] = {"busy": StorageBusyError, "full": StorageFullError}


def main() -> None:
    """Arguments: folder of sources, journal, lease in seconds, and how storage fails (or none)."""
    folder, journal, lease, failing = sys.argv[1:5]
    sources, problems = load_sources(Path(folder))
    if problems:
        sys.exit("\n".join(map(str, problems)))
    sink = JournalSink.open(Path(journal))
    sink.fail_with = _FAILURES.get(failing)

    def tell(progress: Progress) -> None:
        shown = [progress.kind, progress.source, progress.count, progress.item_key]
        sys.stdout.write(json.dumps([*shown, progress.code, progress.detail]) + "\n")
        sys.stdout.flush()

    run_collect(
        load=lambda: sources,
        sink=sink,
        clock=lambda: datetime.now(UTC),
        user_agent=user_agent("https://office.invalid/contact"),
        on_progress=tell,
        lease=timedelta(seconds=float(lease)),
    )


if __name__ == "__main__":
    main()
