"""Where trained readers lie: the one that ships with the project, candidates, and which one works.

A promotion is a person's act: it is written down with its reason and can be undone by another one.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.errors import InputError, NotFoundError

SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class ShelvedReader:
    """A reader that may be promoted; `version` is a hash of what it learned."""

    version: str
    folder: Path
    is_shipped: bool
    is_working: bool


class Shelf:
    """The folder of candidates, `<version>/reader.npz`, and the list of promotions beside it."""

    def __init__(self, folder: Path, shipped: Path) -> None:
        """Keep the folders; neither has to exist yet."""
        self._folder = folder
        self._shipped = shipped

    @property
    def folder(self) -> Path:
        """Where candidates are written."""
        return self._folder

    def find_working_folder(self) -> Path:
        """The folder of the reader that works now: the last one promoted, else the shipped one."""
        version = self._find_promoted()
        return self._shipped if version in {None, SHIPPED} else self._folder / str(version)

    def list_readers(self) -> list[ShelvedReader]:
        """The shipped reader first, then candidates by version."""
        working = self.find_working_folder()
        folders = [self._shipped, *sorted(self._folder.glob("*/card.json"))]
        return [
            ShelvedReader(
                version=_read_version(folder),
                folder=folder,
                is_shipped=folder == self._shipped,
                is_working=folder == working,
            )
            for folder in (each if each.is_dir() else each.parent for each in folders)
        ]

    def promote(self, version: str, *, reason: str, now: datetime) -> None:
        """Let a reader work from the next start of `work` on.

        Raises:
            NotFoundError: There is none of that version.
            InputError: No reason was given.
        """
        if not reason.strip():
            raise InputError("写明理由：qingxin model promote VERSION --reason 为什么")
        known = {each.version: each for each in self.list_readers()}
        if version not in known:
            raise NotFoundError(f"没有模型 {version}；现有：{'、'.join(known)}")
        written = SHIPPED if known[version].is_shipped else known[version].folder.name
        line = {"version": written, "reason": reason, "at": now.isoformat()}
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._promotions.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    @property
    def _promotions(self) -> Path:
        return self._folder / "promotions.jsonl"

    def _find_promoted(self) -> str | None:
        try:
            lines = self._promotions.read_text("utf-8").splitlines()
        except FileNotFoundError:
            return None
        return str(json.loads(lines[-1])["version"]) if lines else None


def _read_version(folder: Path) -> str:
    try:
        return str(json.loads((folder / "card.json").read_text("utf-8"))["version"])
    except (OSError, ValueError, KeyError):
        return f"{folder.name}（坏）"
