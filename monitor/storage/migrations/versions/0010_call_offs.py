"""When and why alerts were called off is kept: a ladder that ends without a person says so."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "call_offs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("ladder_key", sa.String(length=80), nullable=False),
        sa.Column("case_id", _ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_call_offs_ladder_key", "call_offs", ["ladder_key"])
    op.create_index("ix_call_offs_case_id", "call_offs", ["case_id"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("call_offs")
