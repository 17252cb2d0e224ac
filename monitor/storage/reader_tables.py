"""The tables of trained readers: what was trained here, which one works, and how it began."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables import BigId, Row


class ReaderRow(Row):
    """A candidate that was trained here; kept whole, so that every host reads with the same one."""

    __tablename__ = "readers"
    version: Mapped[str] = mapped_column(String(80), primary_key=True)
    made_at: Mapped[datetime]
    card: Mapped[dict[str, Any]]
    arrays: Mapped[bytes] = mapped_column(LargeBinary)  # the file reader.npz
    judgement: Mapped[dict[str, Any]]  # figures, and numbers of documents; no word of any


class PromotionRow(Row):
    """From `at` on this reader works; a later line takes its place, and none is ever changed."""

    __tablename__ = "promotions"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    version: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text)
    undoes: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("promotions.id")
    )  # null: a promotion of its own; else which one it takes back


class ReaderReferenceRow(Row):
    """What a reader's scores and words were like at first: counts over many texts."""

    __tablename__ = "reader_references"
    version: Mapped[str] = mapped_column(String(80), primary_key=True)
    made_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]


class ReaderDriftRow(Row):
    """How far a reader's scores and words had moved when that was last looked at."""

    __tablename__ = "reader_drifts"
    version: Mapped[str] = mapped_column(String(80), primary_key=True)
    made_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]
