"""Recovery codes, each of which opens an account once without the phone; only hashes are kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, String, delete, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables import BigId, Row


class RecoveryCodeRow(Row):
    """One code of an account; argon2id, as its entropy is below what a plain hash would need."""

    __tablename__ = "recovery_codes"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    username: Mapped[str] = mapped_column(
        ForeignKey("users.username", ondelete="CASCADE"), index=True
    )
    code_hash: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # null: it can still be used


class RecoveryRepository:
    """The table `recovery_codes`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def replace(self, username: str, hashes: Sequence[str], now: datetime) -> None:
        """Put new codes in the place of all earlier ones; none takes all away."""
        self._db.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.username == username))
        if hashes:
            self._db.execute(
                insert(RecoveryCodeRow),
                [{"username": username, "code_hash": each, "made_at": now} for each in hashes],
            )

    def list_unused(self, username: str) -> list[tuple[int, str]]:
        """The numbers and hashes of the codes that can still be used."""
        found = self._db.execute(
            select(RecoveryCodeRow.id, RecoveryCodeRow.code_hash)
            .where(RecoveryCodeRow.username == username, RecoveryCodeRow.used_at.is_(None))
            .order_by(RecoveryCodeRow.id)
        )
        return [(row[0], row[1]) for row in found]

    def count_unused(self, username: str) -> int:
        """How many codes can still be used."""
        return (
            self._db.scalar(
                select(func.count())
                .select_from(RecoveryCodeRow)
                .where(RecoveryCodeRow.username == username, RecoveryCodeRow.used_at.is_(None))
            )
            or 0
        )

    def use(self, code_id: int, now: datetime) -> bool:
        """Use a code up; False when somebody else has just done so."""
        used = self._db.execute(
            update(RecoveryCodeRow)
            .where(RecoveryCodeRow.id == code_id, RecoveryCodeRow.used_at.is_(None))
            .values(used_at=now)
        )
        return used.rowcount == 1
