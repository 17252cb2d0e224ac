"""Kept reports: they are added and read, never changed."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, func, insert, select
from sqlalchemy.orm import aliased

from monitor.storage.edition_tables import ReportEditionRow


@dataclass(frozen=True, slots=True)
class Edition:
    """What is known of a kept report without opening its files; `content` is what it says."""

    kind: str
    period: str
    edition: int
    title: str
    starts_at: datetime
    until: datetime
    made_at: datetime
    content: dict[str, Any]
    changes: Sequence[str]


@dataclass(frozen=True, slots=True)
class EditionLine:
    """A kept report in a list of them; what it says is not read."""

    period: str
    edition: int
    title: str
    made_at: datetime
    changes: Sequence[str]
    is_newest: bool


@dataclass(frozen=True, slots=True)
class EditionFiles:
    """The files of a kept report, as they were handed out."""

    page: bytes
    paper: bytes
    tables: bytes
    public_page: bytes


class EditionRepository:
    """The table `report_editions`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def add(self, edition: Edition, files: EditionFiles) -> None:
        """Keep an edition; the database refuses a second one of the same number."""
        self._db.execute(
            insert(ReportEditionRow).values(
                kind=edition.kind,
                period=edition.period,
                edition=edition.edition,
                title=edition.title,
                starts_at=edition.starts_at,
                until=edition.until,
                made_at=edition.made_at,
                content=edition.content,
                changes=[*edition.changes],
                # The same page gives the same bytes: no time in the archive's head.
                page=gzip.compress(files.page, mtime=0),
                paper=files.paper,
                tables=files.tables,
                public_page=gzip.compress(files.public_page, mtime=0),
            )
        )

    def find(self, period: str, edition: int | None = None) -> Edition | None:
        """One edition of a report; without a number the newest."""
        which = [ReportEditionRow.period == period]
        if edition is not None:
            which.append(ReportEditionRow.edition == edition)
        row = self._db.execute(
            select(*_DESCRIPTION).where(*which).order_by(ReportEditionRow.edition.desc()).limit(1)
        ).first()
        return None if row is None else Edition(*row)

    def find_newest_number(self, period: str) -> int:
        """The number of the newest edition; 0 when there is none."""
        return (
            self._db.scalar(
                select(func.max(ReportEditionRow.edition)).where(ReportEditionRow.period == period)
            )
            or 0
        )

    def find_files(self, period: str, edition: int) -> EditionFiles | None:
        """The files of one edition."""
        row = self._db.execute(
            select(
                ReportEditionRow.page,
                ReportEditionRow.paper,
                ReportEditionRow.tables,
                ReportEditionRow.public_page,
            ).where(ReportEditionRow.period == period, ReportEditionRow.edition == edition)
        ).first()
        if row is None:
            return None
        return EditionFiles(
            gzip.decompress(row.page), row.paper, row.tables, gzip.decompress(row.public_page)
        )

    def list_newest(self, limit: int, offset: int = 0) -> list[EditionLine]:
        """The editions, newest period first, of a period the newest edition first."""
        order = (
            ReportEditionRow.starts_at.desc(),
            ReportEditionRow.period,
            ReportEditionRow.edition.desc(),
        )
        # Their numbers first: to sort whole rows SQLite would read what every report says.
        chosen = select(ReportEditionRow.id).order_by(*order).limit(limit).offset(offset)
        later = aliased(ReportEditionRow)
        has_later = exists().where(
            later.period == ReportEditionRow.period, later.edition > ReportEditionRow.edition
        )
        rows = self._db.execute(
            select(
                ReportEditionRow.period,
                ReportEditionRow.edition,
                ReportEditionRow.title,
                ReportEditionRow.made_at,
                ReportEditionRow.changes,
                ~has_later,
            )
            .where(ReportEditionRow.id.in_([*self._db.scalars(chosen)]))
            .order_by(*order)
        )
        return [EditionLine(*row) for row in rows]

    def count(self) -> int:
        """How many editions are kept."""
        return self._db.scalar(select(func.count()).select_from(ReportEditionRow)) or 0


_DESCRIPTION = (
    ReportEditionRow.kind,
    ReportEditionRow.period,
    ReportEditionRow.edition,
    ReportEditionRow.title,
    ReportEditionRow.starts_at,
    ReportEditionRow.until,
    ReportEditionRow.made_at,
    ReportEditionRow.content,
    ReportEditionRow.changes,
)
