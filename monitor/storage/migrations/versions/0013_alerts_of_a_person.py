"""Indexes for years: alerts of a person, a reason, called off, open of a case; readings by kind.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes; on a million alerts this takes seconds."""
    op.create_index("ix_alerts_person", "alerts", ["person", "ladder_key", "id"])
    op.create_index("ix_alerts_reason", "alerts", ["reason", "id"])
    still_open = sa.text("state IN ('due', 'sent')")
    op.create_index(
        "ix_alerts_open_case",
        "alerts",
        ["case_id"],
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    op.create_index("ix_assessments_kind", "assessments", ["kind"])
    called_off = sa.text("state = 'called_off'")
    op.create_index(
        "ix_alerts_called_off",
        "alerts",
        ["id"],
        sqlite_where=called_off,
        postgresql_where=called_off,
    )


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_alerts_called_off", "alerts")
    op.drop_index("ix_assessments_kind", "assessments")
    op.drop_index("ix_alerts_open_case", "alerts")
    op.drop_index("ix_alerts_reason", "alerts")
    op.drop_index("ix_alerts_person", "alerts")
