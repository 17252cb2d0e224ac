"""The desk and the ledger: what is kept about a case until the money is paid, and the search index.

The search index is kept by triggers, so that neither a step of the work nor a purge can forget it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_SQLITE_SEARCH = (
    "CREATE VIRTUAL TABLE document_search USING fts5(grams, content='')",
    (
        "CREATE TRIGGER document_search_add AFTER INSERT ON documents BEGIN "
        "INSERT INTO document_search(rowid, grams) "
        "VALUES (new.id, qingxin_grams(new.title || char(10) || new.text)); END"
    ),
    (
        "CREATE TRIGGER document_search_remove AFTER DELETE ON documents BEGIN "
        "INSERT INTO document_search(document_search, rowid, grams) "
        "VALUES ('delete', old.id, qingxin_grams(old.title || char(10) || old.text)); END"
    ),
    (
        "CREATE TRIGGER document_search_change AFTER UPDATE OF title, text ON documents BEGIN "
        "INSERT INTO document_search(document_search, rowid, grams) "
        "VALUES ('delete', old.id, qingxin_grams(old.title || char(10) || old.text)); "
        "INSERT INTO document_search(rowid, grams) "
        "VALUES (new.id, qingxin_grams(new.title || char(10) || new.text)); END"
    ),
    (
        "INSERT INTO document_search(rowid, grams) "
        "SELECT id, qingxin_grams(title || char(10) || text) FROM documents"
    ),
)
# The runs are those of `monitor.storage.grams`: letters, digits, Chinese characters. A class
# such as \\w would leave out every Chinese character in a database with the locale C, so what parts
# the runs is named.
_POSTGRES_SEARCH = (
    (
        "CREATE FUNCTION qingxin_grams(written text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS $$ "
        "SELECT coalesce(array_to_tsvector(array_agg(DISTINCT gram)), ''::tsvector) FROM ("
        "SELECT CASE WHEN length(run) = 1 THEN run ELSE substr(run, at, 2) END AS gram "
        "FROM regexp_split_to_table(lower(written), "
        "'[[:space:][:punct:]\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
        "\u2000-\u206f\u00a0-\u00bf]+') AS run, "
        "generate_series(1, greatest(length(run) - 1, 1)) AS at WHERE run <> '') AS cut $$"
    ),
    (
        "CREATE TABLE document_search (document_id bigint PRIMARY KEY "
        "REFERENCES documents(id) ON DELETE CASCADE, grams tsvector NOT NULL)"
    ),
    (
        "CREATE FUNCTION qingxin_search() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO document_search "
        "VALUES (new.id, qingxin_grams(new.title || chr(10) || new.text)) "
        "ON CONFLICT (document_id) DO UPDATE SET grams = excluded.grams; RETURN NULL; END $$"
    ),
    (
        "CREATE TRIGGER document_search_keep AFTER INSERT OR UPDATE OF title, text ON documents "
        "FOR EACH ROW EXECUTE FUNCTION qingxin_search()"
    ),
    "INSERT INTO document_search SELECT id, qingxin_grams(title || chr(10) || text) FROM documents",
    "CREATE INDEX ix_document_search_grams ON document_search USING gin (grams)",
)


def upgrade() -> None:
    """Create the tables, the head of the audit and the search index."""
    op.create_table(
        "api_tokens",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token_hash"),
    )
    op.create_table(
        "audit",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_audit_actor", "audit", ["actor", "id"], unique=False)
    op.create_index("ix_audit_subject", "audit", ["subject", "id"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", _ID, nullable=False),
        sa.Column("entry_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "parties",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sector", sa.String(length=80), nullable=False),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("public_money", sa.Boolean(), nullable=True),
        sa.Column("part", sa.String(length=30), nullable=False),
        sa.Column("local_leader", sa.String(length=80), nullable=False),
        sa.Column("sector_officer", sa.String(length=80), nullable=False),
        sa.Column("inspector", sa.String(length=80), nullable=False),
        sa.Column("party_class", sa.String(length=1), nullable=False),
        sa.Column("class_reasons", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("merged_into", _ID, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("classed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["merged_into"],
            ["parties.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(("ix_parties_merged_into"), "parties", ["merged_into"], unique=False)
    op.create_index(("ix_parties_party_class"), "parties", ["party_class"], unique=False)
    op.create_index("ix_parties_town", "parties", ["town"], unique=False)
    op.create_table(
        "saved_filters",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(("ix_saved_filters_owner"), "saved_filters", ["owner"], unique=False)
    op.create_table(
        "case_clocks",
        sa.Column("case_id", _ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("working_days", sa.Integer(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("edition", sa.String(length=80), nullable=False),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "kind"),
    )
    op.create_index(
        "ix_case_clocks_due",
        "case_clocks",
        ["due_on"],
        unique=False,
        sqlite_where=sa.text("stopped_on IS NULL"),
        postgresql_where=sa.text("stopped_on IS NULL"),
    )
    op.create_index(
        "ix_case_clocks_provisional",
        "case_clocks",
        ["edition"],
        unique=False,
        sqlite_where=sa.text("provisional"),
        postgresql_where=sa.text("provisional"),
    )
    op.create_table(
        "case_details",
        sa.Column("case_id", _ID, autoincrement=False, nullable=False),
        sa.Column("case_version", sa.Integer(), nullable=False),
        sa.Column("employer_party", _ID, nullable=True),
        sa.Column("project_party", _ID, nullable=True),
        sa.Column("public_money", sa.Boolean(), nullable=False),
        sa.Column("fled", sa.Boolean(), nullable=False),
        sa.Column("owed_since", sa.String(length=7), nullable=True),
        sa.Column("large_reasons", sa.JSON(), nullable=False),
        sa.Column("listed_until", sa.Date(), nullable=True),
        sa.Column("extended_by", sa.String(length=80), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopens", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["employer_party"],
            ["parties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["project_party"],
            ["parties.id"],
        ),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index(
        ("ix_case_details_employer_party"), "case_details", ["employer_party"], unique=False
    )
    op.create_index(
        ("ix_case_details_project_party"), "case_details", ["project_party"], unique=False
    )
    op.create_table(
        "case_team",
        sa.Column("case_id", _ID, autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "person"),
    )
    op.create_table(
        "labels",
        sa.Column("id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("is_claim", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("model", sa.String(length=80), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(("ix_labels_document_id"), "labels", ["document_id"], unique=False)
    op.create_table(
        "merges",
        sa.Column("id", _ID, nullable=False),
        sa.Column("from_case", _ID, nullable=False),
        sa.Column("into_case", _ID, nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_case"],
            ["cases.id"],
        ),
        sa.ForeignKeyConstraint(
            ["into_case"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(("ix_merges_from_case"), "merges", ["from_case"], unique=False)
    op.create_index(("ix_merges_into_case"), "merges", ["into_case"], unique=False)
    op.create_table(
        "offers",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("from_person", sa.String(length=80), nullable=True),
        sa.Column("to_person", sa.String(length=80), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(("ix_offers_case_id"), "offers", ["case_id"], unique=False)
    op.create_index(
        "ix_offers_to",
        "offers",
        ["to_person"],
        unique=False,
        sqlite_where=sa.text("answer IS NULL"),
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.create_index(
        "uq_offers_open",
        "offers",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("answer IS NULL"),
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.create_table(
        "orders",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=False),
        sa.Column("pay_by", sa.Date(), nullable=False),
        sa.Column("amount_yuan", sa.Float(), nullable=True),
        sa.Column("workers", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("way", sa.String(length=20), nullable=True),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(("ix_orders_case_id"), "orders", ["case_id"], unique=False)
    op.create_table(
        "party_names",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("party_id", _ID, nullable=False),
        sa.Column("first_party", _ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["first_party"],
            ["parties.id"],
        ),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["parties.id"],
        ),
        sa.PrimaryKeyConstraint("kind", "key"),
    )
    op.create_index(("ix_party_names_party_id"), "party_names", ["party_id"], unique=False)
    op.create_table(
        "patrols",
        sa.Column("id", _ID, nullable=False),
        sa.Column("party_id", _ID, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("assigned_to", sa.String(length=80), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(length=80), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["party_id"],
            ["parties.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_patrols_due",
        "patrols",
        ["due_on"],
        unique=False,
        sqlite_where=sa.text("done_on IS NULL"),
        postgresql_where=sa.text("done_on IS NULL"),
    )
    op.create_index("ix_patrols_party", "patrols", ["party_id", "due_on"], unique=False)
    op.create_index(
        "uq_patrols_open",
        "patrols",
        ["party_id"],
        unique=True,
        sqlite_where=sa.text("done_on IS NULL"),
        postgresql_where=sa.text("done_on IS NULL"),
    )
    op.create_table(
        "payments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("workers", sa.Integer(), nullable=False),
        sa.Column("amount_yuan", sa.Float(), nullable=False),
        sa.Column("whose", sa.String(length=30), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(length=80), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("voided_by", sa.String(length=80), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(("ix_payments_case_id"), "payments", ["case_id"], unique=False)
    op.create_table(
        "referrals",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("body", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("letter", sa.String(length=80), nullable=False),
        sa.Column("body_told_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("receipt", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=True),
        sa.Column("result_on", sa.Date(), nullable=True),
        sa.Column("result_note", sa.Text(), nullable=False),
        sa.Column("asker_told_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(("ix_referrals_case_id"), "referrals", ["case_id"], unique=False)
    op.create_table(
        "user_security",
        sa.Column("username", sa.String(length=80), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_last_step", _ID, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["username"], ["users.username"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("username"),
    )
    op.create_table(
        "witnesses",
        sa.Column("id", _ID, nullable=False),
        sa.Column("case_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(("ix_witnesses_case_id"), "witnesses", ["case_id"], unique=False)

    op.create_index("ix_cases_changed", "cases", ["changed_at"], unique=False)
    op.execute(
        sa.text("INSERT INTO audit_head (id, entries, entry_hash) VALUES (1, 0, :zero)").bindparams(
            zero="0" * 64
        )
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _SQLITE_SEARCH if is_sqlite else _POSTGRES_SEARCH:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    """Take everything away again."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("add", "remove", "change"):
            op.execute(f"DROP TRIGGER document_search_{name}")
    else:
        op.execute("DROP TRIGGER document_search_keep ON documents")
        op.execute("DROP FUNCTION qingxin_search()")
    op.execute("DROP TABLE document_search")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION qingxin_grams(text)")

    op.drop_index("ix_cases_changed", table_name="cases")
    op.drop_index(("ix_witnesses_case_id"), table_name="witnesses")
    op.drop_table("witnesses")
    op.drop_table("user_security")
    op.drop_index(("ix_referrals_case_id"), table_name="referrals")
    op.drop_table("referrals")
    op.drop_index(("ix_payments_case_id"), table_name="payments")
    op.drop_table("payments")
    op.drop_index(
        "uq_patrols_open",
        table_name="patrols",
        sqlite_where=sa.text("done_on IS NULL"),
        postgresql_where=sa.text("done_on IS NULL"),
    )
    op.drop_index("ix_patrols_party", table_name="patrols")
    op.drop_index(
        "ix_patrols_due",
        table_name="patrols",
        sqlite_where=sa.text("done_on IS NULL"),
        postgresql_where=sa.text("done_on IS NULL"),
    )
    op.drop_table("patrols")
    op.drop_index(("ix_party_names_party_id"), table_name="party_names")
    op.drop_table("party_names")
    op.drop_index(("ix_orders_case_id"), table_name="orders")
    op.drop_table("orders")
    op.drop_index(
        "uq_offers_open",
        table_name="offers",
        sqlite_where=sa.text("answer IS NULL"),
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.drop_index(
        "ix_offers_to",
        table_name="offers",
        sqlite_where=sa.text("answer IS NULL"),
        postgresql_where=sa.text("answer IS NULL"),
    )
    op.drop_index(("ix_offers_case_id"), table_name="offers")
    op.drop_table("offers")
    op.drop_index(("ix_merges_into_case"), table_name="merges")
    op.drop_index(("ix_merges_from_case"), table_name="merges")
    op.drop_table("merges")
    op.drop_index(("ix_labels_document_id"), table_name="labels")
    op.drop_table("labels")
    op.drop_table("case_team")
    op.drop_index(("ix_case_details_project_party"), table_name="case_details")
    op.drop_index(("ix_case_details_employer_party"), table_name="case_details")
    op.drop_table("case_details")
    op.drop_index(
        "ix_case_clocks_provisional",
        table_name="case_clocks",
        sqlite_where=sa.text("provisional"),
        postgresql_where=sa.text("provisional"),
    )
    op.drop_index(
        "ix_case_clocks_due",
        table_name="case_clocks",
        sqlite_where=sa.text("stopped_on IS NULL"),
        postgresql_where=sa.text("stopped_on IS NULL"),
    )
    op.drop_table("case_clocks")
    op.drop_index(("ix_saved_filters_owner"), table_name="saved_filters")
    op.drop_table("saved_filters")
    op.drop_index("ix_parties_town", table_name="parties")
    op.drop_index(("ix_parties_party_class"), table_name="parties")
    op.drop_index(("ix_parties_merged_into"), table_name="parties")
    op.drop_table("parties")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_subject", table_name="audit")
    op.drop_index("ix_audit_actor", table_name="audit")
    op.drop_table("audit")
    op.drop_table("api_tokens")
