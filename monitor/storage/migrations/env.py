"""How alembic reaches the database when it is run by hand; the project calls `Storage.migrate`."""

from alembic import context

from monitor.storage import ledger_tables  # noqa: F401 - registers its tables
from monitor.storage.sessions import SessionRow
from monitor.storage.tables import Row

target_metadata = [Row.metadata, SessionRow.metadata]
connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=target_metadata)
with context.begin_transaction():
    context.run_migrations()
