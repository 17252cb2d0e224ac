"""The table of kept reports."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables import BigId, Row


class ReportEditionRow(Row):
    """One edition of one report, as it was handed out; a trigger refuses every change."""

    __tablename__ = "report_editions"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    period: Mapped[str] = mapped_column(String(80))
    edition: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime]
    until: Mapped[datetime]
    made_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]
    changes: Mapped[list[Any]]
    page: Mapped[bytes] = mapped_column(LargeBinary)  # gzip
    paper: Mapped[bytes] = mapped_column(LargeBinary)
    tables: Mapped[bytes] = mapped_column(LargeBinary)
    public_page: Mapped[bytes] = mapped_column(LargeBinary)  # gzip
    __table_args__ = (UniqueConstraint("period", "edition"),)
