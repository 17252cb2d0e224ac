"""What is remembered of sources and their items between polls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, update

from monitor.domain import SHANGHAI, ListedItem, SourceHealth
from monitor.storage.tables import ItemRow, SourceRow
from monitor.storage.upserts import upsert
from monitor.storage.watch_tables import SourceDayRow, SourcePaceRow

_DAYS_LOOKED_AT = timedelta(days=70)
_COUNT_NEW = (
    update(SourceRow)
    .where(SourceRow.name == bindparam("source"))
    .values(documents=SourceRow.documents + bindparam("count"), last_new_at=bindparam("at"))
)


@dataclass(frozen=True, slots=True)
class ClaimedSource:
    """A source that this process may poll until its lease ends; see `spiders.ports.Claim`."""

    name: str
    unfinished: bool
    failures: int
    watched_since: datetime
    last_new_at: datetime | None
    last_success_at: datetime | None
    interval: timedelta | None
    posts: Mapping[date, int]
    shape: frozenset[int]
    due_at: datetime


@dataclass(frozen=True, slots=True)
class SeenItem:
    """What is remembered of an item; nothing of one that was never read whole."""

    change_key: str | None
    first_read_at: datetime | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item that was read at an instant, to be remembered."""

    source: str
    item: ListedItem
    read_at: datetime


class SourceRepository:
    """The tables `sources`, `items`, `source_paces` and `source_days`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- claims

    def add_unknown(self, names: Sequence[str], now: datetime) -> None:
        """Add the names that are not known yet; they are due at once."""
        known = set(self._db.scalars(select(SourceRow.name)))
        unknown = [name for name in dict.fromkeys(names) if name not in known]
        if unknown:
            row = {
                "watched_since": now,
                "next_poll_at": now,
                "unfinished": False,
                "failures": 0,
                "documents": 0,
            }
            self._db.execute(insert(SourceRow), [{"name": name, **row} for name in unknown])

    def list_due(self, now: datetime) -> list[str]:
        """The names of all sources that are due, the longest overdue first."""
        due = select(SourceRow.name).where(SourceRow.next_poll_at <= now)
        return [*self._db.scalars(due.order_by(SourceRow.next_poll_at))]

    def claim_due(
        self, names: Sequence[str], now: datetime, lease: timedelta
    ) -> list[ClaimedSource]:
        """Take the sources that are due, the longest overdue first; unknown names are added."""
        self.add_unknown(names, now)
        wanted = set(names)
        due = self._db.execute(
            select(SourceRow.__table__)
            .where(SourceRow.next_poll_at <= now)
            .order_by(SourceRow.next_poll_at)
        ).mappings()
        taken = [
            row
            for row in due.all()
            if row["name"] in wanted and self._take(row["name"], row["next_poll_at"], now, lease)
        ]
        paces = self._find_paces([row["name"] for row in taken])
        posts = self._find_posts([row["name"] for row in taken], now)
        nothing: tuple[timedelta | None, frozenset[int]] = (None, frozenset())
        return [
            ClaimedSource(
                row["name"],
                row["unfinished"],
                row["failures"],
                row["watched_since"],
                row["last_new_at"],
                row["last_success_at"],
                paces.get(row["name"], nothing)[0],
                posts.get(row["name"], {}),
                paces.get(row["name"], nothing)[1],
                row["next_poll_at"],
            )
            for row in taken
        ]

    def _take(self, name: str, as_read: datetime, now: datetime, lease: timedelta) -> bool:
        taken = self._db.execute(
            update(SourceRow)
            .where(SourceRow.name == name, SourceRow.next_poll_at == as_read)
            .values(next_poll_at=now + lease, unfinished=True, last_attempt_at=now)
        )
        return taken.rowcount == 1

    def _find_paces(
        self, names: Sequence[str]
    ) -> dict[str, tuple[timedelta | None, frozenset[int]]]:
        rows = self._db.execute(
            select(SourcePaceRow.name, SourcePaceRow.interval_seconds, SourcePaceRow.shape).where(
                SourcePaceRow.name.in_(names)
            )
        )
        return {
            name: (None if seconds is None else timedelta(seconds=seconds), frozenset(shape or ()))
            for name, seconds, shape in rows
        }

    def _find_posts(self, names: Sequence[str], now: datetime) -> dict[str, dict[date, int]]:
        since = (now - _DAYS_LOOKED_AT).astimezone(SHANGHAI).date()
        rows = self._db.execute(
            select(SourceDayRow.source, SourceDayRow.day, SourceDayRow.documents).where(
                SourceDayRow.source.in_(names), SourceDayRow.day >= since
            )
        )
        posts: dict[str, dict[date, int]] = {}
        for source, day, documents in rows:
            posts.setdefault(source, {})[day] = documents
        return posts

    def extend_claims(self, names: Sequence[str], until: datetime) -> None:
        """Move the ends of leases, in the order of the names."""
        if names:
            moved = update(SourceRow).where(SourceRow.name == bindparam("whose"))
            self._db.execute(
                moved.values(next_poll_at=bindparam("until")),
                [{"whose": name, "until": until} for name in sorted(names)],
            )

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

    def keep_pace(
        self, name: str, interval: timedelta | None, shape: frozenset[int] | None
    ) -> None:
        """Remember the pause that was chosen and the list's shape; None leaves what is known."""
        row: dict[str, object] = {"name": name}
        if interval is not None:
            row["interval_seconds"] = interval.total_seconds()
        if shape is not None:
            row["shape"] = sorted(shape)
        if len(row) > 1:
            upsert(self._db, SourcePaceRow, [row], keys=("name",))

    # ---- items

    def count_new(self, name: str, count: int, now: datetime) -> None:
        """Remember that a source brought new documents."""
        self._db.execute(_COUNT_NEW, {"source": name, "count": count, "at": now})

    def count_posts(self, counts: Mapping[tuple[str, date], int]) -> None:
        """Add fresh documents to the days of sources."""
        rows = [
            {"source": source, "day": day, "documents": count}
            for (source, day), count in counts.items()
        ]
        if rows:
            upsert(self._db, SourceDayRow, rows, keys=("source", "day"), adding=("documents",))

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
        self.mark_many([ReadItem(source, item, now)])

    def mark_many(self, read: Sequence[ReadItem]) -> None:
        """Remember the change keys of many items; of one that comes twice the later one counts."""
        rows = {
            (each.source, each.item.key): {
                "source": each.source,
                "key": each.item.key,
                "change_key": each.item.change_key,
                "first_read_at": each.read_at,
                "read_at": each.read_at,
            }
            for each in read
        }
        if rows:
            upsert(
                self._db,
                ItemRow,
                [*rows.values()],
                keys=("source", "key"),
                changing=("change_key", "read_at"),
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
