"""Visits, paces, days, gaps and pages of sources, and canaries.

Items that were read before have no visits: they are looked at for edits no more than before.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "visits",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("change_key", sa.String(length=400), nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "key"),
    )
    op.create_index("ix_visits_due", "visits", ["source", "due_at"])
    op.create_table(
        "source_paces",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("interval_seconds", sa.Float(), nullable=True),
        sa.Column("shape", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "source_days",
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", "day"),
    )
    op.create_table(
        "source_gaps",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("found_at", _INSTANT, nullable=False),
        sa.Column("since_at", _INSTANT, nullable=False),
        sa.Column("until_at", _INSTANT, nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_source_gaps_found", "source_gaps", ["found_at"])
    op.create_table(
        "issue_pages",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("outline", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", "subject"),
    )
    op.create_table(
        "canaries",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("written_at", _INSTANT, nullable=False),
        sa.Column("stored_at", _INSTANT, nullable=True),
        sa.Column("alert_id", _BIG_ID, nullable=True),
        sa.Column("alerted_at", _INSTANT, nullable=True),
        sa.Column("returned_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_canaries_written", "canaries", ["written_at"])


def downgrade() -> None:
    """Drop them."""
    for table in (
        "canaries",
        "issue_pages",
        "source_gaps",
        "source_days",
        "source_paces",
        "visits",
    ):
        op.drop_table(table)
