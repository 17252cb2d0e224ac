"""Where the desk's sessions are kept: in our database, so that a restart ends none of them.

The store itself is advanced-alchemy's; ours is only the table.
"""

from advanced_alchemy.extensions.litestar import SQLAlchemySyncConfig
from advanced_alchemy.extensions.litestar.store import SQLAlchemyStore, StoreModelMixin

from monitor.storage.session import Storage


class SessionRow(StoreModelMixin):
    """One session: a digest of its number, and what the desk keeps in it (never a message)."""

    __tablename__ = "sessions"


def make_session_store(storage: Storage) -> SQLAlchemyStore[SQLAlchemySyncConfig]:
    """Keep sessions beside everything else."""
    config = SQLAlchemySyncConfig(engine_instance=storage.engine)
    return SQLAlchemyStore(config=config, model=SessionRow, namespace="desk")
