"""The audit: who saw and did what, each line sealed with a hash over itself and all before it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, insert, select, update

from monitor.casework import AuditEntry
from monitor.storage.ledger_tables import AuditHeadRow, AuditRow

_START = "0" * 64
_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """What a walk along the chain found. `broken_at` is the first line that does not fit."""

    entries: int
    head: str
    broken_at: int | None = None


class AuditRepository:
    """The tables `audit` and `audit_head`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def add(self, actor: str, action: str, subject: str, now: datetime, detail: str = "") -> None:
        """Write one line; whoever writes next waits until this transaction has ended."""
        taken = self._db.execute(
            update(AuditHeadRow)
            .where(AuditHeadRow.id == 1)
            .values(entries=AuditHeadRow.entries + 1)
            .returning(AuditHeadRow.entries, AuditHeadRow.entry_hash)
        ).one()
        number, before = taken
        sealed = seal(before, number, now, (actor, action, subject, detail))
        self._db.execute(
            insert(AuditRow).values(
                id=number,
                at=now,
                actor=actor,
                action=action,
                subject=subject,
                detail=detail,
                entry_hash=sealed,
            )
        )
        self._db.execute(update(AuditHeadRow).where(AuditHeadRow.id == 1).values(entry_hash=sealed))

    def find_head(self) -> tuple[int, str]:
        """How many lines there are, and the hash of the last."""
        row = self._db.execute(
            select(AuditHeadRow.entries, AuditHeadRow.entry_hash).where(AuditHeadRow.id == 1)
        ).first()
        return (0, _START) if row is None else (row[0], row[1])

    def verify(self) -> AuditVerdict:
        """Walk the whole chain."""
        entries, head = self.find_head()
        before, expected = _START, 1
        for row in self._walk():
            said = (row["actor"], row["action"], row["subject"], row["detail"])
            sealed = seal(before, expected, row["at"], said)
            if row["id"] != expected or row["entry_hash"] != sealed:
                return AuditVerdict(entries, head, broken_at=expected)
            before, expected = sealed, expected + 1
        if (expected - 1, before) != (entries, head):
            return AuditVerdict(entries, head, broken_at=expected)
        return AuditVerdict(entries, head)

    def _walk(self) -> Iterator[RowMapping]:
        last = 0
        while True:
            rows = (
                self._db.execute(
                    select(AuditRow.__table__)
                    .where(AuditRow.id > last)
                    .order_by(AuditRow.id)
                    .limit(_PAGE)
                )
                .mappings()
                .all()
            )
            if not rows:
                return
            yield from rows
            last = rows[-1]["id"]

    def list_newest(
        self, *, actor: str = "", subject: str = "", before: int | None = None, limit: int = 50
    ) -> list[AuditEntry]:
        """The newest lines, optionally of one person or about one thing."""
        query = select(AuditRow.__table__).order_by(AuditRow.id.desc()).limit(limit)
        if actor:
            query = query.where(AuditRow.actor == actor)
        if subject:
            query = query.where(AuditRow.subject == subject)
        if before is not None:
            query = query.where(AuditRow.id < before)
        return [
            AuditEntry(
                row["id"],
                row["at"],
                row["actor"],
                row["action"],
                row["subject"],
                row["detail"],
                row["entry_hash"],
            )
            for row in self._db.execute(query).mappings()
        ]


def seal(before: str, number: int, at: datetime, said: tuple[str, str, str, str]) -> str:
    """Hash a line together with the hash before it (SHA-256 over canonical JSON).

    Args:
        before: The hash of the line before.
        number: Of the line, from 1.
        at: When it was written.
        said: Who, what, about what, and the detail.
    """
    line = [before, number, at.astimezone(UTC).isoformat(), *said]
    return hashlib.sha256(
        json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()
