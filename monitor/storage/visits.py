"""What the watch over sources keeps: visits, gaps, and the pages that show a fault."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, insert, select, tuple_

from monitor.domain import ListedItem
from monitor.storage.upserts import upsert
from monitor.storage.watch_tables import IssuePageRow, SourceGapRow, VisitRow


@dataclass(frozen=True, slots=True)
class PlannedVisit:
    """An item of a source that is to be read again; see `spiders.ports.Visit`."""

    source: str
    item: ListedItem
    due_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class FoundGap:
    """Time of which posts may be missing; see `spiders.ports.Gap`."""

    source: str
    found_at: datetime
    since: datetime
    until: datetime | None
    pages: int


@dataclass(frozen=True, slots=True)
class IssuePage:
    """The newest page that shows an issue, in nobody's words."""

    code: str
    subject: str
    seen_at: datetime
    address: str
    status: int
    outline: str


class VisitRepository:
    """The tables `visits`, `source_gaps` and `issue_pages`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- visits

    def plan_visits(self, visits: Sequence[PlannedVisit]) -> None:
        """Plan these; an earlier plan for the same item gives way."""
        rows = {
            (each.source, each.item.key): {
                "source": each.source,
                "key": each.item.key,
                "url": each.item.url,
                "title": each.item.title,
                "change_key": each.item.change_key,
                "due_at": each.due_at,
                "tries": each.tries,
            }
            for each in visits
        }
        if rows:
            upsert(self._db, VisitRow, [*rows.values()], keys=("source", "key"))

    def drop_visits(self, places: Sequence[tuple[str, str]]) -> None:
        """Forget the visits of these (source, item key)."""
        if places:
            self._db.execute(
                delete(VisitRow).where(tuple_(VisitRow.source, VisitRow.key).in_(places))
            )

    def list_due_visits(self, source: str, now: datetime, limit: int) -> list[PlannedVisit]:
        """The items of a source that are due, the longest overdue first."""
        rows = self._db.execute(
            select(VisitRow.__table__)
            .where(VisitRow.source == source, VisitRow.due_at <= now)
            .order_by(VisitRow.due_at)
            .limit(limit)
        ).mappings()
        return [_load_visit(row) for row in rows]

    def find_failed(self, source: str, keys: Sequence[str]) -> dict[str, PlannedVisit]:
        """The visits of these items that follow a failed reading."""
        rows = self._db.execute(
            select(VisitRow.__table__).where(
                VisitRow.source == source, VisitRow.key.in_(keys), VisitRow.tries > 0
            )
        ).mappings()
        return {row["key"]: _load_visit(row) for row in rows}

    # ---- gaps

    def add_gap(self, gap: FoundGap) -> None:
        """Keep a gap."""
        self._db.execute(
            insert(SourceGapRow).values(
                source=gap.source,
                found_at=gap.found_at,
                since_at=gap.since,
                until_at=gap.until,
                pages=gap.pages,
            )
        )

    def list_gaps(self, since: datetime) -> list[FoundGap]:
        """The gaps that were found since an instant, newest first."""
        rows = self._db.execute(
            select(SourceGapRow.__table__)
            .where(SourceGapRow.found_at >= since)
            .order_by(SourceGapRow.found_at.desc())
        ).mappings()
        return [
            FoundGap(row["source"], row["found_at"], row["since_at"], row["until_at"], row["pages"])
            for row in rows
        ]

    # ---- the pages that show a fault

    def keep_page(self, page: IssuePage) -> None:
        """Keep the newest page of an issue."""
        row = {
            "code": page.code,
            "subject": page.subject,
            "seen_at": page.seen_at,
            "address": page.address,
            "status": page.status,
            "outline": page.outline,
        }
        upsert(self._db, IssuePageRow, [row], keys=("code", "subject"))

    def list_pages(self) -> list[IssuePage]:
        """The newest page of every issue that has one."""
        rows = self._db.execute(select(IssuePageRow.__table__)).mappings()
        return [IssuePage(**row) for row in rows]


def _load_visit(row: RowMapping) -> PlannedVisit:
    item = ListedItem(row["key"], row["url"], row["title"], row["change_key"])
    return PlannedVisit(row["source"], item, row["due_at"], row["tries"])
