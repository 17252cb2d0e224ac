"""Which trained readers there are, which one works, and who said so.

The shipped reader lies in the project's folder; candidates and promotions are in the database, so
that every host reads with the same reader. A promotion is a person's act, written down with its
reason, and can be taken back. A reader that cannot be loaded never stops the one before it.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from models.artefact import Artefact, find_library_changes, load_artefact, read_artefact
from models.candidate import Standing, judge_reader
from models.probes import PROBES, check_probes, take_probes
from models.reader import ClaimReader
from monitor.domain import Person
from monitor.errors import InputError, ModelError, NotFoundError, SchemaError
from monitor.promoting import (
    SHIPPED,
    check_may_promote,
    check_reason,
    check_standing,
    find_standing_promotions,
)
from monitor.storage.copying import find_database_file
from monitor.storage.readers import KeptReader, Promotion
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

Note = Callable[[Rows, str], None]
"""Writes into the audit that a reader of this version was kept."""

MOST_CANDIDATES = 20
"""So many candidates are kept that nobody ever let work; those that worked are kept for good."""


@dataclass(frozen=True, slots=True)
class ShelvedReader:
    """A reader that may be promoted; `version` is a hash of what it learned.

    `fault` says why it cannot be loaded, empty when it can.
    """

    version: str
    is_shipped: bool
    is_working: bool
    made_at: datetime | None = None
    card: dict[str, Any] = field(default_factory=dict)
    judgement: dict[str, Any] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The reader that works now, by which promotion (0: by none), and what was skipped, and why."""

    reader: ClaimReader
    promotion_id: int
    faults: tuple[str, ...] = ()


class Shelf:
    """The shipped reader, and the readers that were trained here."""

    def __init__(self, storage: Storage, shipped: Path) -> None:
        """Keep the collaborators; neither database nor folder has to exist yet."""
        self._storage = storage
        self._shipped = shipped

    # ---- looking

    def list_promotions(self) -> list[Promotion]:
        """Every promotion and every taking back, oldest first; none where there is no database."""
        if not self._is_there():
            return []
        try:
            with self._storage.look() as rows:
                return rows.readers.list_promotions()
        except SchemaError:
            return []  # of a version without readers: the shipped one works

    def find_newest_promotion(self) -> int:
        """The number of the newest line; 0 without any. Costs one look-up."""
        with self._storage.look() as rows:
            return rows.readers.find_newest_promotion()

    def list_readers(self) -> list[ShelvedReader]:
        """The shipped reader first, then candidates, oldest first."""
        standing = find_standing_promotions(self.list_promotions())
        working = standing[-1].version if standing else SHIPPED
        kept: list[KeptReader] = []
        if standing or self._is_there():
            kept = self._list_kept()
        card, fault = self._read_shipped_card()
        return [
            ShelvedReader(
                str(card.get("version", SHIPPED)),
                is_shipped=True,
                is_working=working == SHIPPED,
                card=card,
                fault=fault,
            ),
            *(
                ShelvedReader(
                    each.version,
                    is_shipped=False,
                    is_working=working == each.version,
                    made_at=each.made_at,
                    card=each.card,
                    judgement=each.judgement,
                    fault=self._find_fault(each.version),
                )
                for each in kept
            ),
        ]

    def _list_kept(self) -> list[KeptReader]:
        try:
            with self._storage.look() as rows:
                return rows.readers.list_kept()
        except SchemaError:
            return []

    def _find_fault(self, version: str) -> str:
        try:
            self.load(version)
        except ModelError as error:
            return str(error)
        return ""

    def _read_shipped_card(self) -> tuple[dict[str, Any], str]:
        try:
            return load_artefact(self._shipped).card, ""
        except ModelError as error:
            return {}, str(error)

    def _is_there(self) -> bool:
        """A SQLite file that does not exist must not be made by looking."""
        file = find_database_file(
            str(self._storage.engine.url.render_as_string(hide_password=False))
        )
        return file is None or file.is_file()

    # ---- loading

    def load(self, version: str) -> ClaimReader:
        """Load one reader; it reads as it did when it was judged.

        Raises:
            NotFoundError: There is none of that version.
            ModelError: It cannot be loaded, or it reads otherwise than when it was judged.
        """
        if version == SHIPPED:
            return ClaimReader.load(self._shipped)
        artefact = self._find_artefact(version)
        try:
            reader = ClaimReader(artefact)
            check_probes(reader, artefact.card)
        except ValueError as error:  # its weights were learned for other features than ours
            raise ModelError(f"{version}: {error}") from error
        return reader

    def _find_artefact(self, version: str) -> Artefact:
        with self._storage.look() as rows:
            kept, body = rows.readers.find(version), rows.readers.find_arrays(version)
        if kept is None or body is None:
            raise NotFoundError(f"没有模型 {version}；qingxin model list 列出现有的。")
        return read_artefact(kept.card, body, f"the database ({version})")

    def load_working(self) -> Loaded:
        """Load the reader that works now; where it cannot be loaded, the one before it.

        Raises:
            ModelError: Not even the shipped one can be loaded.
        """
        lines = self.list_promotions()
        newest = lines[-1].promotion_id if lines else 0
        faults: list[str] = []
        for line in reversed(find_standing_promotions(lines)):
            try:
                return Loaded(self.load(line.version), newest, tuple(faults))
            except (ModelError, NotFoundError) as error:
                faults.append(f"{line.version}：{error}")
        return Loaded(self.load(SHIPPED), newest, tuple(faults))

    def find_working_threshold(self) -> float:
        """The working reader's threshold in [0, 1]; 0.5 when no card says, and no page stops."""
        standing = find_standing_promotions(self.list_promotions())
        card: dict[str, Any] = {}
        if standing and standing[-1].version != SHIPPED:
            with self._storage.look() as rows:
                kept = rows.readers.find(standing[-1].version)
            card = kept.card if kept else {}
        return float((card or self._read_shipped_card()[0]).get("working_threshold", 0.5))

    def list_library_changes(self) -> list[str]:
        """The libraries that are of another version than when the working reader was trained."""
        working = next((each for each in self.list_readers() if each.is_working), None)
        return find_library_changes(working.card) if working else []

    # ---- acts

    def keep(
        self,
        folder: Path,
        judgement: dict[str, Any],
        now: datetime,
        note: Note = lambda _rows, _version: None,
    ) -> KeptReader:
        """Keep a candidate that was written to a folder, with what was found about it.

        `note` writes who made it, in the same transaction.
        """
        artefact = load_artefact(folder)
        card = artefact.card | {PROBES: take_probes(ClaimReader(artefact))}
        body = io.BytesIO()
        np.savez_compressed(body, **artefact.arrays)  # type: ignore[arg-type]
        kept = KeptReader(str(card["version"]), now, card, judgement)
        with self._storage.work() as rows:
            rows.readers.keep(kept, body.getvalue())
            rows.readers.drop_old(MOST_CANDIDATES)
            note(rows, kept.version)
        return kept

    def promote(
        self,
        version: str,
        person: Person,
        reason: str,
        now: datetime,
        *,
        despite_shortfalls: bool = False,
    ) -> Standing:
        """Let a reader work from now on; it is judged once more before.

        Args:
            version: Of a candidate, or of the shipped reader.
            person: Who decides.
            reason: Why; kept, and shown on the desk.
            now: An aware time.
            despite_shortfalls: Let one work that falls below a floor. No word helps an unfair one.

        Raises:
            NotFoundError: There is none of that version.
            NotAllowedError: This role may not.
            InputError: No reason, it works already, it is below a floor, or it is unfair.
            ModelError: It cannot be loaded.
        """
        check_may_promote(person)
        written = check_reason(reason)
        named = self._name(version)
        reader = self.load(named)
        standing = judge_reader(reader)
        check_standing(standing, despite_shortfalls=despite_shortfalls)
        detail = written
        if standing.shortfalls:
            detail = f"{written}（低于底线：{'；'.join(standing.shortfalls)}）"
        with self._storage.work() as rows:
            rows.readers.add_promotion(named, person.username, written, now)
            rows.audit.add(
                person.username, "model.promoted", f"model:{reader.version}", now, detail
            )
        return standing

    def _name(self, version: str) -> str:
        """How the promotion of a version is written; refuses what is not there or works already."""
        readers = self.list_readers()
        found = next((each for each in readers if each.version == version), None)
        if found is None and version == SHIPPED:
            found = readers[0]
        if found is None:
            known = "、".join(each.version for each in readers)
            raise NotFoundError(f"没有模型 {version}；现有：{known}")
        if found.is_working:
            raise InputError(f"{version} 已经是现用的模型。")
        return SHIPPED if found.is_shipped else version

    def undo(self, person: Person, reason: str, now: datetime) -> str:
        """Take the newest promotion back; return what works again.

        Raises:
            NotAllowedError: This role may not.
            InputError: No reason, or nothing to take back.
            ModelError: What worked before cannot be loaded.
        """
        check_may_promote(person)
        written = check_reason(reason)
        standing = find_standing_promotions(self.list_promotions())
        if not standing:
            raise InputError("现用的就是随项目带的模型，没有可以撤销的启用。")
        before = standing[-2].version if len(standing) > 1 else SHIPPED
        works = self.load(before).version
        with self._storage.work() as rows:
            rows.readers.add_promotion(
                before, person.username, written, now, undoes=standing[-1].promotion_id
            )
            rows.audit.add(person.username, "model.undone", f"model:{works}", now, written)
        return works
