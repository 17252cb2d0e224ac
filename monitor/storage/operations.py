"""Issues, leases and heartbeats: what keeps the watch itself honest."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update

from monitor.domain import Heartbeat, Issue
from monitor.storage.tables import HeartbeatRow, IssueRow, LeaseRow


class OperationsRepository:
    """The tables `issues`, `leases` and `heartbeats`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- issues

    def record_issue(self, code: str, subject: str, message: str, now: datetime) -> None:
        """Open an issue, or count the open one of this code and subject up."""
        counted = self._db.execute(
            update(IssueRow)
            .where(IssueRow.code == code, IssueRow.subject == subject, IssueRow.closed_at.is_(None))
            .values(count=IssueRow.count + 1, last_seen_at=now, message=message[:1000])
        )
        if counted.rowcount == 0:
            self._db.execute(
                insert(IssueRow).values(
                    code=code,
                    subject=subject,
                    message=message[:1000],
                    opened_at=now,
                    last_seen_at=now,
                    count=1,
                )
            )

    def close_issues(
        self, subject: str, codes: "list[str] | tuple[str, ...]", now: datetime
    ) -> int:
        """Close the open issues of a subject with one of these codes; return how many."""
        closed = self._db.execute(
            update(IssueRow)
            .where(
                IssueRow.subject == subject,
                IssueRow.code.in_(codes),
                IssueRow.closed_at.is_(None),
            )
            .values(closed_at=now)
        )
        return closed.rowcount

    def list_open_issues(self) -> list[Issue]:
        """Every open issue, newest first."""
        rows = self._db.execute(
            select(IssueRow.__table__)
            .where(IssueRow.closed_at.is_(None))
            .order_by(IssueRow.opened_at.desc())
        ).mappings()
        return [_load_issue(row) for row in rows]

    def list_issues(self) -> list[Issue]:
        """Every issue that there ever was, newest first."""
        rows = self._db.execute(
            select(IssueRow.__table__).order_by(IssueRow.opened_at.desc())
        ).mappings()
        return [_load_issue(row) for row in rows]

    def count_open_issues(self) -> int:
        """How many issues are open."""
        return (
            self._db.scalar(
                select(func.count()).select_from(IssueRow).where(IssueRow.closed_at.is_(None))
            )
            or 0
        )

    # ---- leases

    def take_lease(self, name: str, holder: str, now: datetime, lease: timedelta) -> bool:
        """Take or renew the right to do a step; False when somebody else holds it.

        Taken inside the transaction that does the work, so that losing the lease rolls it back.
        """
        until = now + lease
        renewed = self._db.execute(
            update(LeaseRow)
            .where(LeaseRow.name == name, (LeaseRow.holder == holder) | (LeaseRow.until_at <= now))
            .values(holder=holder, until_at=until, token=LeaseRow.token + 1)
        )
        if renewed.rowcount == 1:
            return True
        known = self._db.scalar(select(LeaseRow.name).where(LeaseRow.name == name))
        if known is None:
            self._db.execute(
                insert(LeaseRow).values(name=name, holder=holder, token=1, until_at=until)
            )
            return True
        return False

    def release_leases(self, holder: str) -> None:
        """Give back everything that a holder has, when it stops cleanly."""
        self._db.execute(delete(LeaseRow).where(LeaseRow.holder == holder))

    # ---- heartbeats

    def beat(self, role: str, host: str, now: datetime, *, succeeded: bool) -> None:
        """Leave a sign of life."""
        values: dict[str, Any] = {"beat_at": now}
        if succeeded:
            values["last_success_at"] = now
        updated = self._db.execute(
            update(HeartbeatRow)
            .where(HeartbeatRow.role == role, HeartbeatRow.host == host)
            .values(**values)
        )
        if updated.rowcount == 0:
            self._db.execute(insert(HeartbeatRow).values(role=role, host=host, **values))

    def list_heartbeats(self) -> list[Heartbeat]:
        """Every role on every host, by role."""
        rows = self._db.execute(
            select(HeartbeatRow.__table__).order_by(HeartbeatRow.role, HeartbeatRow.host)
        ).mappings()
        return [
            Heartbeat(row["role"], row["host"], row["beat_at"], row["last_success_at"])
            for row in rows
        ]


def _load_issue(row: RowMapping) -> Issue:
    return Issue(
        code=row["code"],
        subject=row["subject"],
        message=row["message"],
        opened_at=row["opened_at"],
        last_seen_at=row["last_seen_at"],
        count=row["count"],
        closed_at=row["closed_at"],
    )
