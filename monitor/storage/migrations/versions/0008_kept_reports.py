"""Reports are kept edition by edition, and what is kept is never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"
branch_labels = None
depends_on = None

# Only changing is refused: whoever restores a backup or drops the table must be able to.
_SQLITE = """
CREATE TRIGGER report_editions_stay BEFORE UPDATE ON report_editions
BEGIN SELECT RAISE(ABORT, 'a kept report is never changed; make a new edition'); END
"""
_FUNCTION = """
CREATE FUNCTION report_editions_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a kept report is never changed; make a new edition'; END $$
"""
_TRIGGER = """
CREATE TRIGGER report_editions_stay BEFORE UPDATE ON report_editions
FOR EACH ROW EXECUTE FUNCTION report_editions_stay()
"""


def upgrade() -> None:
    """Create the table and what keeps it from being changed."""
    op.create_table(
        "report_editions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("page", sa.LargeBinary(), nullable=False),
        sa.Column("paper", sa.LargeBinary(), nullable=False),
        sa.Column("tables", sa.LargeBinary(), nullable=False),
        sa.Column("public_page", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("period", "edition"),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_SQLITE)
    else:
        op.execute(_FUNCTION)
        op.execute(_TRIGGER)


def downgrade() -> None:
    """Drop them."""
    op.drop_table("report_editions")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION report_editions_stay()")
