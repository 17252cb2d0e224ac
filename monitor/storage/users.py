"""Officers and their one-time sign-ins."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, select, update

from monitor.domain import Person
from monitor.storage.mapping import load_person
from monitor.storage.tables import SignInCodeRow, UserRow


class UserRepository:
    """The tables `users` and `sign_in_codes`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def add(self, person: Person, password_hash: str | None, now: datetime) -> None:
        """Add a user; the name must be new."""
        self._db.execute(
            insert(UserRow).values(
                username=person.username,
                display_name=person.display_name,
                role=person.role.value,
                password_hash=password_hash,
                contacts=[[each.channel, each.address] for each in person.contacts],
                disabled=person.disabled,
                created_at=now,
            )
        )

    def save(self, person: Person) -> None:
        """Write back name, role, contacts and whether the person is disabled."""
        self._db.execute(
            update(UserRow)
            .where(UserRow.username == person.username)
            .values(
                display_name=person.display_name,
                role=person.role.value,
                contacts=[[each.channel, each.address] for each in person.contacts],
                disabled=person.disabled,
            )
        )

    def set_password_hash(self, username: str, password_hash: str) -> None:
        """Replace a password."""
        self._db.execute(
            update(UserRow).where(UserRow.username == username).values(password_hash=password_hash)
        )

    def find(self, username: str) -> Person | None:
        """Look a user up by name."""
        row = (
            self._db.execute(select(UserRow.__table__).where(UserRow.username == username))
            .mappings()
            .first()
        )
        return None if row is None else load_person(row)

    def find_password_hash(self, username: str) -> str | None:
        """The argon2id hash; None when there is no such user or no password yet."""
        return self._db.scalar(select(UserRow.password_hash).where(UserRow.username == username))

    def list_all(self) -> list[Person]:
        """Every user, by name."""
        rows = self._db.execute(select(UserRow.__table__).order_by(UserRow.username)).mappings()
        return [load_person(row) for row in rows]

    def count(self) -> int:
        """How many users there are."""
        return self._db.scalar(select(func.count()).select_from(UserRow)) or 0

    def add_sign_in_code(self, code_hash: str, username: str, expires_at: datetime) -> None:
        """Keep the hash of a one-time sign-in."""
        self._db.execute(
            insert(SignInCodeRow).values(
                code_hash=code_hash, username=username, expires_at=expires_at
            )
        )

    def use_sign_in_code(self, code_hash: str, now: datetime) -> str | None:
        """Use a one-time sign-in up; return its user name, or None when it is not good any more."""
        used = self._db.execute(
            update(SignInCodeRow)
            .where(
                SignInCodeRow.code_hash == code_hash,
                SignInCodeRow.used_at.is_(None),
                SignInCodeRow.expires_at > now,
            )
            .values(used_at=now)
        )
        if used.rowcount != 1:
            return None
        return self._db.scalar(
            select(SignInCodeRow.username).where(SignInCodeRow.code_hash == code_hash)
        )
