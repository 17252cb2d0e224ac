"""Who is signed in where, read from the sessions that the desk's store keeps."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, LargeBinary, String, column, delete, select, table

from monitor.storage.tables import UtcDateTime

# The store's own class (`monitor.storage.sessions`) would load the web framework for every command.
_SESSIONS = table(
    "sessions",
    column("key", String),
    column("namespace", String),
    column("value", LargeBinary),
    column("expires_at", UtcDateTime),
)
_NAMESPACE = "sessions"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One session. `key` is a digest that opens nothing; `device` is "phone" or "computer"."""

    key: str
    username: str
    signed_in_at: datetime
    seen_at: datetime
    epoch: int
    device: str


class SignedInRepository:
    """The table `sessions`, as far as it says who is signed in."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def list_of(self, username: str, now: datetime) -> list[SignedIn]:
        """The sessions of an account that have not run out, the newest sign-in first.

        Those of an earlier epoch have ended and are among them.
        """
        rows = self._db.execute(
            select(_SESSIONS.c.key, _SESSIONS.c.value).where(
                _SESSIONS.c.namespace == _NAMESPACE, _SESSIONS.c.expires_at > now
            )
        )
        found = [each for key, value in rows if (each := _read(key, value)) is not None]
        mine = [each for each in found if each.username == username]
        return sorted(mine, key=lambda each: each.signed_in_at, reverse=True)

    def end(self, username: str, key: str, now: datetime) -> bool:
        """End one session of an account; False when it has none of that key."""
        if key not in {each.key for each in self.list_of(username, now)}:
            return False
        self._db.execute(
            delete(_SESSIONS).where(_SESSIONS.c.namespace == _NAMESPACE, _SESSIONS.c.key == key)
        )
        return True


def _read(key: str, value: bytes) -> SignedIn | None:
    """Read one session; None for half a sign-in."""
    held: dict[str, Any] = json.loads(value)
    if "signed_in_at" not in held:
        return None
    return SignedIn(
        key=key,
        username=held["username"],
        signed_in_at=datetime.fromisoformat(held["signed_in_at"]),
        seen_at=datetime.fromisoformat(held["seen_at"]),
        epoch=held.get("epoch", 0),
        device=held.get("device", "computer"),
    )
