"""Where the desk's sessions and rate limits are kept: in our database, so that a restart ends none.

The store itself is advanced-alchemy's; ours is only the table.
"""

from datetime import timedelta

from advanced_alchemy.extensions.litestar import SQLAlchemySyncConfig
from advanced_alchemy.extensions.litestar.store import SQLAlchemyStore, StoreModelMixin

from monitor.storage.session import Storage, our_errors


class PoliteStore(SQLAlchemyStore[SQLAlchemySyncConfig]):
    """The library's store, whose errors are ours: a locked database is a 503, not a fault."""

    async def get(self, key: str, renew_for: int | timedelta | None = None) -> bytes | None:
        """Look something up."""
        with our_errors():
            return await super().get(key, renew_for)

    async def set(
        self, key: str, value: str | bytes, expires_in: int | timedelta | None = None
    ) -> None:
        """Keep something."""
        with our_errors():
            await super().set(key, value, expires_in)

    async def delete(self, key: str) -> None:
        """Forget something; harmless when it is not there."""
        with our_errors():
            await super().delete(key)


class SessionRow(StoreModelMixin):
    """One session: a digest of its number, and what the desk keeps in it (never a message)."""

    __tablename__ = "sessions"


def make_store(storage: Storage, namespace: str) -> SQLAlchemyStore[SQLAlchemySyncConfig]:
    """Keep something of the desk's beside everything else, under a name of its own."""
    # DEFERRED: a page view must not wait for a writer; each write of the store is one statement.
    engine = storage.engine.execution_options(qingxin_begin="DEFERRED")
    config = SQLAlchemySyncConfig(engine_instance=engine)
    return PoliteStore(config=config, model=SessionRow, namespace=namespace)
