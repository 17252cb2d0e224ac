"""The tables of the desk and the ledger (step 0005); null means what stands beside the column."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, Date, Float, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from monitor.storage.tables import BigId, Row


def _only(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sql(condition), "postgresql_where": sql(condition)}


class CaseDetailsRow(Row):
    """What is known of a case beside the case; `case_version` is the version it was taken from."""

    __tablename__ = "case_details"
    case_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False
    )
    case_version: Mapped[int]
    employer_party: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("parties.id"), index=True
    )  # null: no document names one
    project_party: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("parties.id"), index=True
    )  # null: as above
    public_money: Mapped[bool] = mapped_column(Boolean, default=False)
    fled: Mapped[bool] = mapped_column(Boolean, default=False)
    owed_since: Mapped[str | None] = mapped_column(String(7))  # null: no document says
    large_reasons: Mapped[list[Any]]
    listed_until: Mapped[date | None] = mapped_column(Date)  # null: not listed
    extended_by: Mapped[str | None] = mapped_column(String(80))  # null: not extended
    accepted_at: Mapped[datetime | None]  # null: nobody has accepted it yet
    reopened_at: Mapped[datetime | None]  # null: never opened again
    reopens: Mapped[int] = mapped_column(default=0)


class CaseClockRow(Row):
    """A deadline as computed; `edition` is the calendar that it leans on."""

    __tablename__ = "case_clocks"
    case_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False
    )
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    starts_on: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date] = mapped_column(Date)
    working_days: Mapped[int | None]  # null: a fixed day
    provisional: Mapped[bool] = mapped_column(Boolean)
    edition: Mapped[str] = mapped_column(String(80))
    stopped_on: Mapped[date | None] = mapped_column(Date)  # null: still running
    reminded_on: Mapped[date | None] = mapped_column(Date)  # null: nobody was reminded yet
    __table_args__ = (
        Index("ix_case_clocks_due", "due_on", **_only("stopped_on IS NULL")),
        Index("ix_case_clocks_provisional", "edition", **_only("provisional")),
    )


class OrderRow(Row):
    """An order to pay."""

    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    number: Mapped[str] = mapped_column(String(80))
    addressee: Mapped[str] = mapped_column(Text)
    ordered_on: Mapped[date] = mapped_column(Date)
    pay_by: Mapped[date] = mapped_column(Date)
    amount_yuan: Mapped[float | None] = mapped_column(Float)  # null: the order names no sum
    workers: Mapped[int | None]  # null: the order names no number
    made_by: Mapped[str] = mapped_column(String(80))
    delivered_on: Mapped[date | None] = mapped_column(Date)  # null: not proved yet
    way: Mapped[str | None] = mapped_column(String(20))  # null: as above
    proof: Mapped[str] = mapped_column(Text, default="")


class PaymentRow(Row):
    """Wages paid out; a wrong line is struck out and stays."""

    __tablename__ = "payments"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    paid_on: Mapped[date] = mapped_column(Date)
    workers: Mapped[int]
    amount_yuan: Mapped[float] = mapped_column(Float)
    whose: Mapped[str] = mapped_column(String(30))
    proof: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[str] = mapped_column(String(80))
    recorded_at: Mapped[datetime]
    voided_by: Mapped[str | None] = mapped_column(String(80))  # null: it stands
    void_reason: Mapped[str] = mapped_column(Text, default="")


class WitnessRow(Row):
    """A second witness of a payment."""

    __tablename__ = "witnesses"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)


class ReferralRow(Row):
    """A case given to another body, with its receipt, its result and the two notices."""

    __tablename__ = "referrals"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    body: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    letter: Mapped[str] = mapped_column(String(80), default="")
    body_told_on: Mapped[date | None] = mapped_column(Date)  # null: not told yet
    received_on: Mapped[date | None] = mapped_column(Date)  # null: no receipt yet
    receipt: Mapped[str] = mapped_column(Text, default="")
    result: Mapped[str | None] = mapped_column(String(20))  # null: no result yet
    result_on: Mapped[date | None] = mapped_column(Date)  # null: as above
    result_note: Mapped[str] = mapped_column(Text, default="")
    asker_told_on: Mapped[date | None] = mapped_column(Date)  # null: not answered there yet


class OfferRow(Row):
    """An owner asks another to take over; at most one waits for an answer."""

    __tablename__ = "offers"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    from_person: Mapped[str | None] = mapped_column(String(80))  # null: the duty desk
    to_person: Mapped[str] = mapped_column(String(80))
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    answer: Mapped[str | None] = mapped_column(String(20))  # null: it waits
    answered_at: Mapped[datetime | None]  # null: as above
    __table_args__ = (
        Index("uq_offers_open", "case_id", unique=True, **_only("answer IS NULL")),
        Index("ix_offers_to", "to_person", **_only("answer IS NULL")),
    )


class MergeRow(Row):
    """The documents of one case were put into another."""

    __tablename__ = "merges"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    from_case: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    into_case: Mapped[int] = mapped_column(BigId, ForeignKey("cases.id"), index=True)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    documents: Mapped[list[Any]]


class TeamRow(Row):
    """Who works on a large case together with its owner."""

    __tablename__ = "case_team"
    case_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("cases.id"), primary_key=True, autoincrement=False
    )
    person: Mapped[str] = mapped_column(String(80), primary_key=True)
    added_by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class PartyRow(Row):
    """An employer or a project. `key` is its normalised name."""

    __tablename__ = "parties"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(Text)
    sector: Mapped[str] = mapped_column(String(80), default="")
    town: Mapped[str] = mapped_column(String(80), default="")
    public_money: Mapped[bool | None]  # null: nobody has said
    part: Mapped[str] = mapped_column(String(30))
    local_leader: Mapped[str] = mapped_column(String(80), default="")
    sector_officer: Mapped[str] = mapped_column(String(80), default="")
    inspector: Mapped[str] = mapped_column(String(80), default="")
    party_class: Mapped[str] = mapped_column(String(1), index=True)
    class_reasons: Mapped[list[Any]]
    chosen: Mapped[bool] = mapped_column(Boolean, default=False)
    merged_into: Mapped[int | None] = mapped_column(
        BigId, ForeignKey("parties.id"), index=True
    )  # null: it stands for itself
    created_at: Mapped[datetime]
    classed_at: Mapped[datetime | None]  # null: the rules have not been asked yet
    __table_args__ = (
        Index("ix_parties_town", "town"),
        Index("ix_parties_standing", sql("party_class DESC"), "id", **_only("merged_into IS NULL")),
        Index(
            "ix_parties_standing_kind",
            "kind",
            sql("party_class DESC"),
            "id",
            **_only("merged_into IS NULL"),
        ),
    )


class PartyNameRow(Row):
    """A name by which a party is known; a normalised name belongs to one party of a kind.

    `first_party` is whose it was before any merging, so that a merge can be undone.
    """

    __tablename__ = "party_names"
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    party_id: Mapped[int] = mapped_column(BigId, ForeignKey("parties.id"), index=True)
    first_party: Mapped[int] = mapped_column(BigId, ForeignKey("parties.id"))


class PatrolRow(Row):
    """A visit to a party."""

    __tablename__ = "patrols"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    party_id: Mapped[int] = mapped_column(BigId, ForeignKey("parties.id"))
    due_on: Mapped[date] = mapped_column(Date)
    assigned_to: Mapped[str | None] = mapped_column(String(80))  # null: nobody in particular
    done_on: Mapped[date | None] = mapped_column(Date)  # null: not done yet
    done_by: Mapped[str | None] = mapped_column(String(80))  # null: as above
    result: Mapped[str | None] = mapped_column(String(20))  # null: as above
    note: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (
        Index("ix_patrols_party", "party_id", "due_on"),
        Index("ix_patrols_due", "due_on", **_only("done_on IS NULL")),
        Index("uq_patrols_open", "party_id", unique=True, **_only("done_on IS NULL")),
    )


class AuditRow(Row):
    """One line of the audit; `entry_hash` is taken over the line and the hash before it."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    detail: Mapped[str] = mapped_column(Text)
    entry_hash: Mapped[str] = mapped_column(String(64))
    __table_args__ = (
        Index("ix_audit_actor", "actor", "id"),
        Index("ix_audit_subject", "subject", "id"),
    )


class AuditHeadRow(Row):
    """Where the audit ends: one row, so that lines cut off at the end are noticed too."""

    __tablename__ = "audit_head"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entries: Mapped[int] = mapped_column(BigId)
    entry_hash: Mapped[str] = mapped_column(String(64))


class LabelRow(Row):
    """What a reviewer said of one document; the newest of a document holds."""

    __tablename__ = "labels"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(
        BigId, ForeignKey("documents.id", ondelete="CASCADE"), index=True
    )
    is_claim: Mapped[bool] = mapped_column(Boolean)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    model: Mapped[str] = mapped_column(String(80))
    score: Mapped[float] = mapped_column(Float)


class UserSecurityRow(Row):
    """What protects an account beside its password. No row: nothing has been set up."""

    __tablename__ = "user_security"
    username: Mapped[str] = mapped_column(
        ForeignKey("users.username", ondelete="CASCADE"), primary_key=True
    )
    epoch: Mapped[int] = mapped_column(default=0)  # sessions of an older one have ended
    totp_secret: Mapped[str | None] = mapped_column(String(64))  # null: none yet
    totp_confirmed_at: Mapped[datetime | None]  # null: shown, but no code was entered yet
    totp_last_step: Mapped[int] = mapped_column(BigId, default=0)  # a code is used once
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]  # null: not locked


class ApiTokenRow(Row):
    """A token for a program, with limited right; only its hash is kept."""

    __tablename__ = "api_tokens"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    token_hash: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[Any]]
    made_by: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]  # null: in force
    last_used_at: Mapped[datetime | None]  # null: never used
    __table_args__ = (UniqueConstraint("token_hash"),)


class SavedFilterRow(Row):
    """A ledger's filter that somebody keeps; `shared` shows it to everybody."""

    __tablename__ = "saved_filters"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(500))
    owner: Mapped[str] = mapped_column(String(80), index=True)
    shared: Mapped[bool] = mapped_column(Boolean, default=False)
