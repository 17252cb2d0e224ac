"""Indexes of the parties that stand for themselves, in the order of their lists."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    stands = sa.text("merged_into IS NULL")
    for name, first in (("ix_parties_standing", ()), ("ix_parties_standing_kind", ("kind",))):
        op.create_index(
            name,
            "parties",
            [*first, sa.text("party_class DESC"), "id"],
            sqlite_where=stands,
            postgresql_where=stands,
        )


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_parties_standing_kind", "parties")
    op.drop_index("ix_parties_standing", "parties")
