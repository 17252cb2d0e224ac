"""The county's memory: one file of JSON lines, each the newest state of one item.

A line is written with one call, so a killed server leaves at most one torn line at the end, which
the next start cuts off. Reading the file from the top gives every state that was ever served.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """The lines of one county, kept in `folder/journal.jsonl`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "journal.jsonl"

    def read(self) -> Iterator[dict[str, Any]]:
        """Yield every whole line, oldest first; a torn last line is passed over."""
        if not self._path.exists():
            return
        with self._path.open("rb") as lines:
            for line in lines:
                if line.endswith(b"\n"):
                    yield json.loads(line)

    def cut_torn_line(self) -> None:
        """Remove a last line that a killed server did not finish; harmless when there is none."""
        if not self._path.exists():
            return
        written = self._path.read_bytes()
        whole = written[: written.rfind(b"\n") + 1]
        if len(whole) != len(written):
            self._path.write_bytes(whole)

    def append(self, record: dict[str, Any]) -> None:
        """Add one line and hand it to the operating system before returning."""
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
        with self._path.open("ab", buffering=0) as out:
            out.write(line.encode())
