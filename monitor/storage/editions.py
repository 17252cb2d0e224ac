"""Kept reports: they are added and read, never changed."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

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

    def list_newest(self, limit: int, offset: int = 0) -> list[Edition]:
        """The editions, newest period first, of a period the newest edition first."""
        rows = self._db.execute(
            select(*_DESCRIPTION)
            .order_by(
                ReportEditionRow.starts_at.desc(),
                ReportEditionRow.period,
                ReportEditionRow.edition.desc(),
            )
            .limit(limit)
            .offset(offset)
        )
        return [Edition(*row) for row in rows]

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
