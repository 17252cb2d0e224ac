"""What is remembered of sources and their items between polls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from monitor.domain import ListedItem, SourceHealth
from monitor.storage.tables import ItemRow, SourceRow


@dataclass(frozen=True, slots=True)
class ClaimedSource:
    """A source that this process may poll until its lease ends; see `spiders.ports.Claim`."""

    name: str
    unfinished: bool
    failures: int
    watched_since: datetime
    last_new_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeenItem:
    """What is remembered of an item."""

    change_key: str
    first_read_at: datetime
    read_at: datetime


class SourceRepository:
    """The tables `sources` and `items`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def claim_due(
        self, names: Sequence[str], now: datetime, lease: timedelta
    ) -> list[ClaimedSource]:
        """Take the sources that are due, the longest overdue first; unknown names are added."""
        known = set(self._db.scalars(select(SourceRow.name).where(SourceRow.name.in_(names))))
        for name in names:
            if name not in known:
                self._db.execute(
                    insert(SourceRow).values(
                        name=name,
                        watched_since=now,
                        next_poll_at=now,
                        unfinished=False,
                        failures=0,
                        documents=0,
                    )
                )
        due = self._db.execute(
            select(SourceRow.__table__)
            .where(SourceRow.name.in_(names), SourceRow.next_poll_at <= now)
            .order_by(SourceRow.next_poll_at)
        ).mappings()
        return [
            ClaimedSource(
                row["name"],
                row["unfinished"],
                row["failures"],
                row["watched_since"],
                row["last_new_at"],
            )
            for row in due.all()
            if self._take(row["name"], row["next_poll_at"], now, lease)
        ]

    def _take(self, name: str, as_read: datetime, now: datetime, lease: timedelta) -> bool:
        taken = self._db.execute(
            update(SourceRow)
            .where(SourceRow.name == name, SourceRow.next_poll_at == as_read)
            .values(next_poll_at=now + lease, unfinished=True, last_attempt_at=now)
        )
        return taken.rowcount == 1

    def extend_claim(self, name: str, until: datetime) -> None:
        """Move the end of a lease."""
        self._db.execute(update(SourceRow).where(SourceRow.name == name).values(next_poll_at=until))

    def finish_poll(
        self, name: str, *, now: datetime, next_poll_at: datetime, failed: bool, complete: bool
    ) -> None:
        """End a claim; a failed poll counts up, a good one clears the count."""
        values: dict[str, object] = {"next_poll_at": next_poll_at, "unfinished": not complete}
        if failed:
            values["failures"] = SourceRow.failures + 1
        else:
            values |= {"failures": 0, "last_success_at": now}
        self._db.execute(update(SourceRow).where(SourceRow.name == name).values(**values))

    def count_new(self, name: str, count: int, now: datetime) -> None:
        """Remember that a source brought new documents."""
        self._db.execute(
            update(SourceRow)
            .where(SourceRow.name == name)
            .values(documents=SourceRow.documents + count, last_new_at=now)
        )

    def find_items(self, source: str, keys: Sequence[str]) -> dict[str, SeenItem]:
        """What is remembered of these items; unknown ones are missing from the answer."""
        rows = self._db.execute(
            select(ItemRow.__table__).where(ItemRow.source == source, ItemRow.key.in_(keys))
        ).mappings()
        return {
            row["key"]: SeenItem(row["change_key"], row["first_read_at"], row["read_at"])
            for row in rows
        }

    def mark_read(self, source: str, item: ListedItem, now: datetime) -> None:
        """Remember an item's change key."""
        changed = self._db.execute(
            update(ItemRow)
            .where(ItemRow.source == source, ItemRow.key == item.key)
            .values(change_key=item.change_key, read_at=now)
        )
        if changed.rowcount == 0:
            self._db.execute(
                insert(ItemRow).values(
                    source=source,
                    key=item.key,
                    change_key=item.change_key,
                    first_read_at=now,
                    read_at=now,
                )
            )

    def list_health(self) -> list[SourceHealth]:
        """Every source that was ever watched, by name."""
        rows = self._db.execute(select(SourceRow.__table__).order_by(SourceRow.name)).mappings()
        return [
            SourceHealth(
                name=row["name"],
                last_attempt_at=row["last_attempt_at"],
                last_success_at=row["last_success_at"],
                last_new_at=row["last_new_at"],
                next_poll_at=row["next_poll_at"],
                consecutive_failures=row["failures"],
                documents=row["documents"],
            )
            for row in rows
        ]
