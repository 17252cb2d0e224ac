"""Tokens of programs: limited right, an end, only their hash is kept."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.desk.administering import check_administers
from monitor.domain import Person
from monitor.errors import InputError, NotFoundError
from monitor.storage.accounts import ApiToken
from monitor.storage.session import Storage

TOKEN_DAYS = (1, 366)


class Scope(StrEnum):
    """What a program's token may read; nothing can be written through it."""

    LEDGER = "ledger"
    PARTIES = "parties"


class Tokens:
    """Makes, shows, revokes and takes tokens; all but showing is audited."""

    _storage: Storage

    def make_token(
        self, person: Person, *, name: str, scopes: Sequence[Scope], days: int, now: datetime
    ) -> str:
        """Make a token for a program; it is shown once, only its hash is kept."""
        check_administers(person)
        if not scopes or not TOKEN_DAYS[0] <= days <= TOKEN_DAYS[1]:
            raise InputError("请至少选一项权限，有效期 1 到 366 天。")
        token = f"qx_{secrets.token_urlsafe(32)}"
        with self._storage.work() as rows:
            rows.accounts.add_token(
                name,
                hash_token(token),
                [each.value for each in scopes],
                made_by=person.username,
                made_at=now,
                expires_at=now + timedelta(days=days),
            )
            rows.audit.add(person.username, "token.made", f"token:{name}"[:80], now)
        return token

    def list_tokens(self, person: Person) -> list[ApiToken]:
        """Every token, newest first."""
        check_administers(person)
        with self._storage.look() as rows:
            return rows.accounts.list_tokens()

    def revoke_token(self, person: Person, token_id: int, now: datetime) -> None:
        """End a token at once."""
        check_administers(person)
        with self._storage.work() as rows:
            if not rows.accounts.revoke_token(token_id, now):
                raise NotFoundError
            rows.audit.add(person.username, "token.revoked", f"token:{token_id}", now)

    def redeem_token(self, token: str, scope: Scope, path: str, now: datetime) -> ApiToken | None:
        """The token, if it is in force and allows this; its use is audited."""
        with self._storage.look() as rows:
            known = rows.accounts.find_token(hash_token(token), now)
        if known is None or scope.value not in known.scopes:
            return None
        with self._storage.work() as rows:
            rows.accounts.touch_token(known.token_id, now)
            rows.audit.add(f"token:{known.token_id}", "api.read", path[:80], now)
        return known


def hash_token(token: str) -> str:
    """Hash a token; 256 random bits need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
