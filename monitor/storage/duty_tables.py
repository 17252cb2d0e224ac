"""The tables of the roster, the hand-over and the watch over the watch.

Every time is UTC; every day is a date in Asia/Shanghai.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables import BigId, Row


class RotationRow(Row):
    """People who have one duty in turn."""

    __tablename__ = "rotations"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    duty: Mapped[str] = mapped_column(String(20))
    people: Mapped[list[Any]]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]  # null: it goes on
    days_each: Mapped[int]
    days: Mapped[str] = mapped_column(String(20))
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]


class RosterChangeRow(Row):
    """In [starts_at, ends_at) this person has the duty, whatever the plan says; never deleted."""

    __tablename__ = "roster_changes"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    duty: Mapped[str] = mapped_column(String(20))
    person: Mapped[str | None] = mapped_column(String(80))  # null: everybody is taken off
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    swap_id: Mapped[int | None] = mapped_column(ForeignKey("swaps.id"))  # null: no swap made it
    withdrawn_at: Mapped[datetime | None]  # null: it holds
    __table_args__ = (Index("ix_roster_changes_time", "ends_at", "starts_at"),)


class AbsenceRow(Row):
    """A person cannot be on duty in [starts_at, ends_at); why is not kept."""

    __tablename__ = "absences"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    person: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    substitute: Mapped[str | None] = mapped_column(String(80))  # null: nobody takes their place
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]  # null: it holds
    __table_args__ = (Index("ix_absences_time", "ends_at", "starts_at"),)


class SwapRow(Row):
    """One person gives a stretch of duty to another, and may take one in return."""

    __tablename__ = "swaps"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    proposer: Mapped[str] = mapped_column(String(80))
    other: Mapped[str] = mapped_column(String(80))
    given_duty: Mapped[str] = mapped_column(String(20))
    given_starts_at: Mapped[datetime]
    given_ends_at: Mapped[datetime]
    taken_duty: Mapped[str | None] = mapped_column(String(20))  # null: nothing is given back
    taken_starts_at: Mapped[datetime | None]  # null: as above
    taken_ends_at: Mapped[datetime | None]  # null: as above
    state: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # null: not answered
    __table_args__ = (Index("ix_swaps_state", "state", "proposed_at"),)


class HandoverRow(Row):
    """The change from one person to the next in one duty."""

    __tablename__ = "handovers"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    duty: Mapped[str] = mapped_column(String(20))
    leaving: Mapped[str] = mapped_column(String(80))
    coming: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[datetime | None]  # null: the leaving person wrote nothing
    accepted_at: Mapped[datetime | None]  # null: nobody has taken over
    accepted_by: Mapped[str | None] = mapped_column(String(80))  # null: as above
    __table_args__ = (UniqueConstraint("duty", "at"), Index("ix_handovers_at", "at"))


class HandoverItemRow(Row):
    """A case that is handed over; without `accepted_at` it stays with the one who left."""

    __tablename__ = "handover_items"
    handover_id: Mapped[int] = mapped_column(
        ForeignKey("handovers.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    is_acknowledged: Mapped[bool] = mapped_column(Boolean)
    accepted_at: Mapped[datetime | None]  # null: not taken over
    accepted_by: Mapped[str | None] = mapped_column(String(80))  # null: as above


class CalendarAddressRow(Row):
    """The secret address of a person's calendar; only its hash is kept."""

    __tablename__ = "calendar_addresses"
    username: Mapped[str] = mapped_column(
        ForeignKey("users.username", ondelete="CASCADE"), primary_key=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]


class NoticeRow(Row):
    """The words of an alert that is about the watch itself and belongs to no case."""

    __tablename__ = "notices"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    reason: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(Text)
    lines: Mapped[list[Any]]
    path: Mapped[str] = mapped_column(String(200))
    urgent: Mapped[bool] = mapped_column(Boolean)
    made_at: Mapped[datetime]


class HeldAlertRow(Row):
    """A change of a case that is not urgent and is told when the quiet hours end."""

    __tablename__ = "held_alerts"
    case_id: Mapped[int] = mapped_column(
        ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    reason: Mapped[str] = mapped_column(String(30))
    held_at: Mapped[datetime]
    release_at: Mapped[datetime] = mapped_column(index=True)


class WatchFindingRow(Row):
    """Something that is wrong with the watch, and whether a person was told."""

    __tablename__ = "watch_findings"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    code: Mapped[str] = mapped_column(String(20))
    message: Mapped[str] = mapped_column(Text)
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    told_at: Mapped[datetime | None]  # null: nobody was told yet
    told_to: Mapped[str | None] = mapped_column(String(80))  # null: as above
    told_through: Mapped[str | None] = mapped_column(String(80))  # null: as above
    gone_at: Mapped[datetime | None]  # null: it is still so
    __table_args__ = (
        Index(
            "uq_watch_findings_open",
            "key",
            unique=True,
            sqlite_where=sql("gone_at IS NULL"),
            postgresql_where=sql("gone_at IS NULL"),
        ),
    )


class ContinuityRow(Row):
    """One day of one subject, a bit a minute: was it looked at, and was it well.

    180 bytes each; minute m of the day (Asia/Shanghai) is bit m % 8 of byte m // 8.
    """

    __tablename__ = "continuity"
    day: Mapped[date] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(100), primary_key=True)
    observed: Mapped[bytes] = mapped_column(LargeBinary)
    good: Mapped[bytes] = mapped_column(LargeBinary)


class AcknowledgementRow(Row):
    """One act of acknowledging: who, when, through what. Never changed."""

    __tablename__ = "acknowledgements"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ladder_key: Mapped[str] = mapped_column(String(80), index=True)
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id"), index=True
    )  # null: a notice
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"))  # null: from the desk
    person: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    through: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(80))  # empty: from the desk


class CallOffRow(Row):
    """One ladder ended without a person, because its matter was gone or is told anew."""

    __tablename__ = "call_offs"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ladder_key: Mapped[str] = mapped_column(String(80), index=True)
    case_id: Mapped[int | None] = mapped_column(
        ForeignKey("cases.id"), index=True
    )  # null: a notice
    at: Mapped[datetime]
    why: Mapped[str] = mapped_column(String(20))
