"""Lanes, buckets, bundles, and what vendors say later."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_DUE = sa.text("state = 'due'")


def upgrade() -> None:
    """Add the lane of a message, the vendors' limits as used, and receipts."""
    # What waits from before goes through the normal lane; the server default says so.
    op.add_column("deliveries", sa.Column("lane", sa.Integer(), nullable=False, server_default="1"))
    op.create_index(
        "ix_deliveries_channel",
        "deliveries",
        ["channel", "lane", "due_at"],
        sqlite_where=_DUE,
        postgresql_where=_DUE,
    )
    op.create_table(
        "buckets",
        sa.Column("name", sa.String(length=400), nullable=False),
        sa.Column("taken", sa.JSON(), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gathers_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "bundles",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("card", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("idempotency_key"),
    )
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "bundled_deliveries",
        sa.Column("delivery_id", big, nullable=False),
        sa.Column("bundle_id", big, nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"]),
        sa.ForeignKeyConstraint(["bundle_id"], ["bundles.id"]),
        sa.PrimaryKeyConstraint("delivery_id"),
    )
    op.create_index("ix_bundled_deliveries_bundle_id", "bundled_deliveries", ["bundle_id"])
    op.create_table(
        "vendor_messages",
        sa.Column("delivery_id", big, nullable=False),
        sa.Column("vendor_id", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"]),
        sa.PrimaryKeyConstraint("delivery_id", "vendor_id"),
    )
    op.create_index("ix_vendor_messages_vendor", "vendor_messages", ["channel", "vendor_id"])
    op.create_table(
        "incoming",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery_id", big, nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_incoming_delivery_id", "incoming", ["delivery_id"])


def downgrade() -> None:
    """Take it all away; messages that wait stay in the outbox."""
    for table in ("incoming", "vendor_messages", "bundled_deliveries", "bundles", "buckets"):
        op.drop_table(table)
    op.drop_index("ix_deliveries_channel", "deliveries")
    op.drop_column("deliveries", "lane")
