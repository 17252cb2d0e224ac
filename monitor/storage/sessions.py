"""Where the desk's sessions and rate limits are kept: in our database, so that a restart ends none.

The store itself is advanced-alchemy's; ours is only the table.
"""

from advanced_alchemy.extensions.litestar import SQLAlchemySyncConfig
from advanced_alchemy.extensions.litestar.store import SQLAlchemyStore, StoreModelMixin

from monitor.storage.session import Storage


class SessionRow(StoreModelMixin):
    """One session: a digest of its number, and what the desk keeps in it (never a message)."""

    __tablename__ = "sessions"


def make_store(storage: Storage, namespace: str) -> SQLAlchemyStore[SQLAlchemySyncConfig]:
    """Keep something of the desk's beside everything else, under a name of its own."""
    config = SQLAlchemySyncConfig(engine_instance=storage.engine)
    return SQLAlchemyStore(config=config, model=SessionRow, namespace=namespace)
