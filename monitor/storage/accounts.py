"""What protects accounts beside passwords, the tokens of programs, and filters that people keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, or_, select, update

from monitor.storage.ledger_tables import ApiTokenRow, SavedFilterRow, UserSecurityRow


@dataclass(frozen=True, slots=True)
class Security:
    """What protects one account; `totp_secret` is None before it is set up."""

    epoch: int = 0
    totp_secret: str | None = None
    totp_confirmed_at: datetime | None = None
    totp_last_step: int = 0
    failures: int = 0
    locked_until: datetime | None = None

    @property
    def has_totp(self) -> bool:
        """A second factor was set up and tried."""
        return self.totp_secret is not None and self.totp_confirmed_at is not None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A program's token; never the token itself."""

    token_id: int
    name: str
    scopes: tuple[str, ...]
    made_by: str
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A ledger's filter under a name."""

    filter_id: int
    name: str
    query: str
    owner: str
    shared: bool


class AccountRepository:
    """The tables `user_security`, `api_tokens` and `saved_filters`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- accounts

    def get_security(self, username: str) -> Security:
        """What protects an account; the defaults where nothing was set up."""
        row = (
            self._db.execute(
                select(UserSecurityRow.__table__).where(UserSecurityRow.username == username)
            )
            .mappings()
            .first()
        )
        if row is None:
            return Security()
        return Security(**{name: value for name, value in row.items() if name != "username"})

    def set_security(self, username: str, **values: object) -> None:
        """Change some of what protects an account."""
        changed = self._db.execute(
            update(UserSecurityRow).where(UserSecurityRow.username == username).values(**values)
        )
        if changed.rowcount == 0:
            fresh = {"epoch": 0, "totp_last_step": 0, "failures": 0} | values
            self._db.execute(insert(UserSecurityRow).values(username=username, **fresh))

    def end_sessions(self, username: str) -> None:
        """Let every session of an account end at its next request."""
        self.set_security(username, epoch=self.get_security(username).epoch + 1)

    def use_totp_step(self, username: str, step: int) -> bool:
        """Use a time step's code up; False when it, or a later one, was used already."""
        used = self._db.execute(
            update(UserSecurityRow)
            .where(UserSecurityRow.username == username, UserSecurityRow.totp_last_step < step)
            .values(totp_last_step=step)
        )
        return used.rowcount == 1

    # ---- tokens

    def add_token(
        self,
        name: str,
        token_hash: str,
        scopes: Sequence[str],
        *,
        made_by: str,
        made_at: datetime,
        expires_at: datetime,
    ) -> None:
        """Keep a token's hash."""
        self._db.execute(
            insert(ApiTokenRow).values(
                name=name,
                token_hash=token_hash,
                scopes=[*scopes],
                made_by=made_by,
                made_at=made_at,
                expires_at=expires_at,
            )
        )

    def find_token(self, token_hash: str, now: datetime) -> ApiToken | None:
        """A token in force."""
        row = (
            self._db.execute(
                select(ApiTokenRow.__table__).where(
                    ApiTokenRow.token_hash == token_hash,
                    ApiTokenRow.revoked_at.is_(None),
                    ApiTokenRow.expires_at > now,
                )
            )
            .mappings()
            .first()
        )
        return None if row is None else _load_token(dict(row))

    def touch_token(self, token_id: int, now: datetime) -> None:
        """Remember that a token was used."""
        self._db.execute(
            update(ApiTokenRow).where(ApiTokenRow.id == token_id).values(last_used_at=now)
        )

    def list_tokens(self) -> list[ApiToken]:
        """Every token, newest first."""
        rows = self._db.execute(
            select(ApiTokenRow.__table__).order_by(ApiTokenRow.id.desc())
        ).mappings()
        return [_load_token(dict(row)) for row in rows]

    def revoke_token(self, token_id: int, now: datetime) -> bool:
        """End a token; False when there is none in force."""
        ended = self._db.execute(
            update(ApiTokenRow)
            .where(ApiTokenRow.id == token_id, ApiTokenRow.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        return ended.rowcount == 1

    # ---- filters

    def add_filter(self, name: str, query: str, owner: str, *, shared: bool) -> None:
        """Keep a filter."""
        self._db.execute(
            insert(SavedFilterRow).values(name=name, query=query, owner=owner, shared=shared)
        )

    def list_filters(self, person: str) -> list[SavedFilter]:
        """A person's own filters, and those that are shared."""
        rows = self._db.execute(
            select(SavedFilterRow.__table__)
            .where(or_(SavedFilterRow.owner == person, SavedFilterRow.shared))
            .order_by(SavedFilterRow.name, SavedFilterRow.id)
            .limit(50)
        ).mappings()
        return [
            SavedFilter(row["id"], row["name"], row["query"], row["owner"], row["shared"])
            for row in rows
        ]

    def remove_filter(self, filter_id: int, owner: str) -> None:
        """Forget a filter of one's own; another's stays."""
        self._db.execute(
            delete(SavedFilterRow).where(
                SavedFilterRow.id == filter_id, SavedFilterRow.owner == owner
            )
        )


def _load_token(row: dict[str, object]) -> ApiToken:
    values = {("token_id" if name == "id" else name): value for name, value in row.items()}
    values.pop("token_hash")
    return ApiToken(**values | {"scopes": tuple(row["scopes"])})  # type: ignore[arg-type]
