"""The tables of the watch over sources: visits, days, gaps, pages that show a fault, canaries."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables import BigId, Row


class VisitRow(Row):
    """An item that is to be read again, whether a list shows it or not; gone when it is done with.

    `tries` is 0 for one that is looked at for edits, else it counts the readings that failed.
    """

    __tablename__ = "visits"
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    change_key: Mapped[str] = mapped_column(String(400))
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(Integer)
    __table_args__ = (Index("ix_visits_due", "source", "due_at"),)


class SourcePaceRow(Row):
    """How a source is read: the pause that was chosen last, and what its list looks like."""

    __tablename__ = "source_paces"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    interval_seconds: Mapped[float | None] = mapped_column(Float)  # null: no poll has ended yet
    shape: Mapped[list[Any] | None]  # null: the list was never read well


class SourceDayRow(Row):
    """How many fresh documents a source brought on a day in Shanghai; a day without has no row."""

    __tablename__ = "source_days"
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    documents: Mapped[int] = mapped_column(Integer)


class SourceGapRow(Row):
    """Time of which posts may be missing."""

    __tablename__ = "source_gaps"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    found_at: Mapped[datetime]
    since_at: Mapped[datetime]
    until_at: Mapped[datetime | None]  # null: the oldest page that was read does not say
    pages: Mapped[int] = mapped_column(Integer)
    __table_args__ = (Index("ix_source_gaps_found", "found_at"),)


class IssuePageRow(Row):
    """The newest page that shows an issue, in nobody's words (`spiders.shapes.outline`)."""

    __tablename__ = "issue_pages"
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(Text)
    status: Mapped[int] = mapped_column(Integer)
    outline: Mapped[str] = mapped_column(Text)


class CanaryRow(Row):
    """One canary message on its way through the chain; nulls are the steps that it has not made."""

    __tablename__ = "canaries"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    written_at: Mapped[datetime]
    stored_at: Mapped[datetime | None]
    alert_id: Mapped[int | None] = mapped_column(BigId)
    alerted_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_canaries_written", "written_at"),)
