"""What an administrator does with accounts: adding, roles, links, a lost phone, sign-outs."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.domain import Person, Role
from monitor.errors import InputError, NotAllowedError, NotFoundError
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

ONE_TIME_FOR = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Account:
    """A user as the administrator sees one."""

    person: Person
    has_totp: bool
    has_password: bool


class Administering:
    """Accounts on storage; what changes is audited, and ends sessions where it must."""

    _storage: Storage
    _base_url: str

    def list_accounts(self, person: Person) -> list[Account]:
        """Every account."""
        check_administers(person)
        with self._storage.look() as rows:
            return [
                Account(
                    each,
                    rows.accounts.get_security(each.username).has_totp,
                    rows.users.find_password_hash(each.username) is not None,
                )
                for each in rows.users.list_all()
            ]

    def add_user(
        self, person: Person, *, username: str, name: str, role: Role, now: datetime
    ) -> str:
        """Add an account without a password; return its one-time sign-in address."""
        check_administers(person)
        with self._storage.work() as rows:
            if rows.users.find(username) is not None:
                raise InputError("已经有用户 %(username)s。", username=username)
            rows.users.add(Person(username, name, role), None, now)
            note(rows, person, "user.added", username, now, role.value)
            return self._make_link(rows, username, now)

    def change_user(
        self,
        person: Person,
        username: str,
        *,
        role: Role | None = None,
        disabled: bool | None = None,
        now: datetime,
    ) -> None:
        """Change a role, or disable or enable an account; its sessions end at once."""
        check_administers(person)
        if username == person.username:
            raise InputError("不能改自己的角色或停用自己，请另一位管理员办理。")
        with self._storage.work() as rows:
            known = get_person(rows, username)
            changed = replace(
                known,
                role=role or known.role,
                disabled=known.disabled if disabled is None else disabled,
            )
            rows.users.save(changed)
            rows.accounts.end_sessions(username)
            what = f"{changed.role.value}{'，停用' if changed.disabled else ''}"
            note(rows, person, "user.changed", username, now, what)

    def make_link(self, person: Person, username: str, now: datetime) -> str:
        """Make a one-time sign-in address for somebody who has lost the password."""
        check_administers(person)
        with self._storage.work() as rows:
            get_person(rows, username)
            note(rows, person, "user.link", username, now)
            return self._make_link(rows, username, now)

    def reset_totp(self, person: Person, username: str, now: datetime) -> None:
        """Take a lost second factor away; the next sign-in sets up a new one."""
        check_administers(person)
        with self._storage.work() as rows:
            get_person(rows, username)
            rows.accounts.set_security(
                username, totp_secret=None, totp_confirmed_at=None, failures=0, locked_until=None
            )
            rows.recovery.replace(username, (), now)
            rows.accounts.end_sessions(username)
            note(rows, person, "user.totp_reset", username, now)

    def _make_link(self, rows: Rows, username: str, now: datetime) -> str:
        code = secrets.token_urlsafe(18)
        rows.users.add_sign_in_code(
            hashlib.sha256(code.encode()).hexdigest(), username, now + ONE_TIME_FOR
        )
        return f"{self._base_url}/sign-in/once/{code}"


def check_administers(person: Person) -> None:
    """Refuse whoever is no administrator.

    Raises:
        NotAllowedError: It takes an administrator.
    """
    if person.role is not Role.ADMINISTRATOR:
        raise NotAllowedError("这一项要由管理员办理。")


def get_person(rows: Rows, username: str) -> Person:
    """Look an account up.

    Raises:
        NotFoundError: There is none of that name.
    """
    person = rows.users.find(username)
    if person is None:
        raise NotFoundError
    return person


def note(  # noqa: PLR0917 - a line of the audit has these parts
    rows: Rows, person: Person, action: str, username: str, now: datetime, detail: str = ""
) -> None:
    """Write a line about an account into the audit."""
    rows.audit.add(person.username, action, f"user:{username}"[:80], now, detail)
