"""The tables, their indexes, and what null means in each column.

Every time is UTC. There is no column for the person who wrote a message.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from monitor.refusals import check_names


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant in UTC; SQLite, which keeps no zone, gets it stamped on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time, which would be read in another zone on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A naive time may not be stored; give it a zone.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


BigId = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up by itself only in a column that is exactly INTEGER."""


# SQLite uses a partial index only where a query repeats its condition word by word, so both the
# indexes and the queries take it from here.
FORGOTTEN_STAGE = 8
"""The stage of a document whose words are gone; the row stays, so that old weeks count the same."""

WAITING_DOCUMENT = "documents.stage < 2"
OPEN_ALERT = "alerts.state IN ('due', 'sent')"
CALLED_OFF_ALERT = "alerts.state = 'called_off'"
DUE_DELIVERY = "deliveries.state = 'due'"


def _partial(condition: str) -> dict[str, Any]:
    bare = sql(condition.partition(".")[2])
    return {"sqlite_where": bare, "postgresql_where": bare}


class Row(DeclarativeBase):
    """The base of every table."""

    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012 - SQLAlchemy reads it as it is

    def __init_subclass__(cls, **options: Any) -> None:
        """Refuse a table with a column for who speaks, or how loudly."""
        super().__init_subclass__(**options)
        check_names((column.name for column in cls.__table__.columns), cls.__tablename__)


class SourceRow(Row):
    """What is remembered of a source between polls."""

    __tablename__ = "sources"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    watched_since: Mapped[datetime]
    next_poll_at: Mapped[datetime] = mapped_column(index=True)
    unfinished: Mapped[bool] = mapped_column(Boolean, default=False)
    failures: Mapped[int] = mapped_column(default=0)
    last_attempt_at: Mapped[datetime | None]  # null: never polled
    last_success_at: Mapped[datetime | None]  # null: no poll has succeeded yet
    last_new_at: Mapped[datetime | None]  # null: it has brought no document yet
    documents: Mapped[int] = mapped_column(default=0)


class ItemRow(Row):
    """What was seen of one thread, letter or article: the watermark."""

    __tablename__ = "items"
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    change_key: Mapped[str] = mapped_column(String(400))
    first_read_at: Mapped[datetime]
    read_at: Mapped[datetime]


class DocumentRow(Row):
    """A masked text.

    `stage` says what is still to do: 0 assess, 1 decide, 2 done, 8 forgotten, 9 set aside.
    """

    __tablename__ = "documents"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    source: Mapped[str] = mapped_column(String(80))
    key: Mapped[str] = mapped_column(String(200))
    revision: Mapped[int]
    item_key: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    text_hash: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime | None]  # null: the page does not say
    precision: Mapped[str] = mapped_column(String(20))
    fetched_at: Mapped[datetime]
    masked: Mapped[dict[str, Any]]
    extraction: Mapped[str] = mapped_column(String(20))
    stage: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        UniqueConstraint("source", "key", "revision"),
        Index("ix_documents_item", "source", "item_key"),
        Index("ix_documents_fetched", "fetched_at"),
        # Partial: the queue stays small however many documents are stored.
        Index(
            "ix_documents_stage",
            "stage",
            "id",
            **_partial(WAITING_DOCUMENT),
        ),
    )


class AssessmentRow(Row):
    """What one model version said of one document."""

    __tablename__ = "assessments"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"))
    model: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    score: Mapped[float] = mapped_column(Float)
    sentiment: Mapped[str] = mapped_column(String(20))
    facts: Mapped[dict[str, Any]]
    why: Mapped[list[Any]]
    level: Mapped[int]
    points: Mapped[int]
    reasons: Mapped[list[Any]]
    assessed_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("document_id", "model"),
        Index("ix_assessments_kind", "kind"),
    )


class CaseRow(Row):
    """A case. The keys are normalised names, by which later documents find it."""

    __tablename__ = "cases"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    level: Mapped[int]
    points: Mapped[int]
    reasons: Mapped[list[Any]]
    employer: Mapped[str | None] = mapped_column(Text)  # null: no document names it
    employer_key: Mapped[str | None] = mapped_column(String(200))  # null: as employer
    project: Mapped[str | None] = mapped_column(Text)  # null: no document names it
    project_key: Mapped[str | None] = mapped_column(String(200))  # null: as project
    place: Mapped[str | None] = mapped_column(Text)  # null: no document says
    workers: Mapped[int | None]  # null: no document says
    amount_yuan: Mapped[float | None]  # null: no document says
    danger_to_life: Mapped[bool]
    owner: Mapped[str | None] = mapped_column(String(80))  # null: the duty desk owns it
    model: Mapped[str] = mapped_column(String(80))
    threshold: Mapped[float]
    version: Mapped[int] = mapped_column(default=1)
    ladders: Mapped[int] = mapped_column(default=0)
    referred_to: Mapped[str | None] = mapped_column(String(40))  # null: not referred
    __table_args__ = (
        Index("ix_cases_state", "state", "level", "opened_at"),
        Index("ix_cases_employer", "employer_key"),
        Index("ix_cases_project", "project_key"),
        Index("ix_cases_sum", "amount_yuan", "workers"),
        Index("ix_cases_owner", "owner"),
        Index("ix_cases_order", "level", "opened_at"),
        Index("ix_cases_changed", "changed_at"),
    )


class CaseDocumentRow(Row):
    """Which case a document belongs to; a document is in one case at most."""

    __tablename__ = "case_documents"
    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
    )
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    joined_at: Mapped[datetime]
    because: Mapped[str] = mapped_column(String(40))


class CaseEventRow(Row):
    """One line of a case's history; never changed."""

    __tablename__ = "case_events"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text)


class TextBandRow(Row):
    """Bands of the MinHash signature of a text in a case, to find texts that say the same."""

    __tablename__ = "text_bands"
    band: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    __table_args__ = ({"sqlite_with_rowid": False},)


class TextSignatureRow(Row):
    """The MinHash signature of a text in a case: unsigned 32-bit numbers, little-endian."""

    __tablename__ = "text_signatures"
    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True
    )
    algorithm: Mapped[str] = mapped_column(String(40))
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class HoldRow(Row):
    """The texts of a case are kept beyond their time, for a reason and until an end."""

    __tablename__ = "holds"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[str] = mapped_column(String(80))
    placed_at: Mapped[datetime]
    until_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]  # null: not ended before its time
    lifted_by: Mapped[str | None] = mapped_column(String(80))  # null: as above


class RemovalRow(Row):
    """What was removed on request and is never read again; who asked is not kept."""

    __tablename__ = "removals"
    source: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    whole_item: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    removed_at: Mapped[datetime]
    removed_by: Mapped[str] = mapped_column(String(80))


class ForgottenCountRow(Row):
    """How many things were forgotten on a day (UTC), by rule: all that is left of them."""

    __tablename__ = "forgotten_counts"
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


class AlertRow(Row):
    """One message that one person must see; `ladder` is the policy as it was when it was raised."""

    __tablename__ = "alerts"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)  # null: a test
    ladder_key: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(30))
    step: Mapped[int]
    duty: Mapped[str] = mapped_column(String(20))
    person: Mapped[str | None] = mapped_column(String(80))  # null: the roster had a gap
    level: Mapped[int]
    ladder: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(20))
    raised_at: Mapped[datetime]
    ladder_started_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]  # null: no channel has taken it yet
    acknowledged_at: Mapped[datetime | None]  # null: nobody has acknowledged
    acknowledged_by: Mapped[str | None] = mapped_column(String(80))  # null: as above
    through: Mapped[str | None] = mapped_column(String(20))  # null: as above
    __table_args__ = (
        Index(
            "ix_alerts_open",
            "ladder_key",
            **_partial(OPEN_ALERT),
        ),
        Index("ix_alerts_open_case", "case_id", **_partial(OPEN_ALERT)),
        Index("ix_alerts_ladder", "ladder_key", "step"),
        Index("ix_alerts_person", "person", "ladder_key", "id"),
        Index("ix_alerts_reason", "reason", "id"),
        Index("ix_alerts_called_off", "id", **_partial(CALLED_OFF_ALERT)),
    )


class DeliveryRow(Row):
    """One alert on one channel: the outbox. A claim moves `due_at` forward."""

    __tablename__ = "deliveries"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), index=True)
    person: Mapped[str] = mapped_column(String(80))
    channel: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(Text)
    card: Mapped[dict[str, Any]]
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]  # null: not sent
    lane: Mapped[int] = mapped_column(default=1, server_default="1")
    __table_args__ = (
        Index(
            "ix_deliveries_due",
            "due_at",
            **_partial(DUE_DELIVERY),
        ),
        Index(
            "ix_deliveries_channel",
            "channel",
            "lane",
            "due_at",
            **_partial(DUE_DELIVERY),
        ),
    )


class DeliveryAttemptRow(Row):
    """Every try of a delivery, with the vendor's answer (masked)."""

    __tablename__ = "delivery_attempts"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), index=True)
    at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(Text)


class BucketRow(Row):
    """What was handed to a channel (or to one address on it) lately, and what it waits for."""

    __tablename__ = "buckets"
    name: Mapped[str] = mapped_column(String(400), primary_key=True)
    taken: Mapped[list[Any]]  # milliseconds since 1970, oldest first
    rests_until: Mapped[datetime | None]  # null: it does not rest
    gathers_until: Mapped[datetime | None]  # null: nothing is being gathered


class BundleRow(Row):
    """Several deliveries that go out as one message; its words never change once it is made."""

    __tablename__ = "bundles"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True)
    card: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]


class BundledDeliveryRow(Row):
    """Which message a delivery goes out in; a delivery is in one bundle at most."""

    __tablename__ = "bundled_deliveries"
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), primary_key=True)
    bundle_id: Mapped[int] = mapped_column(ForeignKey("bundles.id"), index=True)


class VendorMessageRow(Row):
    """The vendor's own number of a message, by which its receipt comes back."""

    __tablename__ = "vendor_messages"
    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id"), primary_key=True)
    vendor_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    channel: Mapped[str] = mapped_column(String(80))
    __table_args__ = (Index("ix_vendor_messages_vendor", "channel", "vendor_id"),)


class IncomingRow(Row):
    """A receipt or a reply that a vendor handed over; its key tells one that comes twice."""

    __tablename__ = "incoming"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    channel: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    delivery_id: Mapped[int | None] = mapped_column(
        ForeignKey("deliveries.id"), index=True
    )  # null: of no message of ours
    outcome: Mapped[str] = mapped_column(String(20))
    answer: Mapped[str] = mapped_column(Text)


class AcknowledgementCodeRow(Row):
    """A single-use code in an alert's link, bound to the delivery and its person."""

    __tablename__ = "acknowledgement_codes"
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"), index=True)
    person: Mapped[str] = mapped_column(String(80))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # null: not used


class UserRow(Row):
    """An officer who may sign in and be alerted."""

    __tablename__ = "users"
    username: Mapped[str] = mapped_column(String(80), primary_key=True)
    display_name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(30))
    password_hash: Mapped[str | None] = mapped_column(Text)  # null: only a one-time sign-in
    contacts: Mapped[list[Any]]
    disabled: Mapped[bool] = mapped_column(Boolean, default=False)
    created_at: Mapped[datetime]


class SignInCodeRow(Row):
    """A one-time sign-in; only its hash is kept."""

    __tablename__ = "sign_in_codes"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("users.username", ondelete="CASCADE"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]  # null: not used


class ShiftRow(Row):
    """A person is on duty in [starts_at, ends_at)."""

    __tablename__ = "shifts"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    duty: Mapped[str] = mapped_column(String(20))
    person: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index("ix_shifts_time", "ends_at", "starts_at"),)


class IssueRow(Row):
    """Something went wrong while running; one open row for a code and a subject."""

    __tablename__ = "issues"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    code: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(120))
    message: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    count: Mapped[int] = mapped_column(default=1)
    closed_at: Mapped[datetime | None]  # null: still open
    __table_args__ = (
        Index(
            "uq_issues_open",
            "code",
            "subject",
            unique=True,
            sqlite_where=sql("closed_at IS NULL"),
            postgresql_where=sql("closed_at IS NULL"),
        ),
    )


class LeaseRow(Row):
    """Who does a step of the work until when; `token` counts every taking over."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    holder: Mapped[str] = mapped_column(String(120))
    token: Mapped[int]
    until_at: Mapped[datetime]


class HeartbeatRow(Row):
    """The newest sign of life of a role on a host."""

    __tablename__ = "heartbeats"
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    host: Mapped[str] = mapped_column(String(120), primary_key=True)
    beat_at: Mapped[datetime]
    last_success_at: Mapped[datetime | None]  # null: nothing has succeeded yet
