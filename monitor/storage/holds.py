"""Holds: the texts of a running case are kept, for a reason and until an end."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from monitor.domain import Hold
from monitor.storage.tables import HoldRow


class HoldRepository:
    """The table `holds`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def place(self, case_id: int, reason: str, until: datetime, *, by: str, now: datetime) -> Hold:
        """Keep the texts of a case until an end; a further hold stands beside earlier ones."""
        hold_id = self._db.execute(
            insert(HoldRow)
            .values(case_id=case_id, reason=reason, placed_by=by, placed_at=now, until_at=until)
            .returning(HoldRow.id)
        ).scalar_one()
        return Hold(hold_id, case_id, reason, by, now, until)

    def lift(self, case_id: int, *, by: str, now: datetime) -> int:
        """End every active hold of a case now; return how many there were."""
        return self._db.execute(
            update(HoldRow)
            .where(HoldRow.case_id == case_id, HoldRow.lifted_at.is_(None), HoldRow.until_at > now)
            .values(lifted_at=now, lifted_by=by)
        ).rowcount

    def list_all(self, case_id: int | None = None) -> list[Hold]:
        """Every hold that there ever was, of one case or of all, newest first."""
        query = select(HoldRow.__table__).order_by(HoldRow.id.desc())
        if case_id is not None:
            query = query.where(HoldRow.case_id == case_id)
        return [
            Hold(
                row["id"],
                row["case_id"],
                row["reason"],
                row["placed_by"],
                row["placed_at"],
                row["until_at"],
                row["lifted_at"],
                row["lifted_by"],
            )
            for row in self._db.execute(query).mappings()
        ]
