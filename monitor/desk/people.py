"""Accounts: the second factor, passwords, roles, one-time sign-ins, tokens of programs.

Codes are RFC 6238 (pyotp): six digits, 30 seconds, one step either way, each used once.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.domain import Person, Role
from monitor.errors import InputError, NotAllowedError, NotFoundError
from monitor.storage.accounts import ApiToken, Security
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

_HASHER = PasswordHasher()  # argon2id with the library's parameters (RFC 9106, low memory)
STEP_SECONDS = 30
MOST_WRONG_CODES = 5
LOCKED_FOR = timedelta(minutes=5)
LEAST_PASSWORD = 12
ONE_TIME_FOR = timedelta(hours=12)
TOKEN_DAYS = (1, 366)


class Scope(StrEnum):
    """What a program's token may read; nothing can be written through it."""

    LEDGER = "ledger"
    PARTIES = "parties"


@dataclass(frozen=True, slots=True)
class Account:
    """A user as the administrator sees one."""

    person: Person
    has_totp: bool
    has_password: bool


class PeopleDesk:
    """Accounts on storage; what changes is audited, and ends sessions where it must."""

    def __init__(self, storage: Storage, *, base_url: str = "", issuer: str = "清薪") -> None:
        """Keep the collaborators."""
        self._storage = storage
        self._base_url = base_url
        self._issuer = issuer

    # ---- sessions and the second factor

    def get_security(self, username: str) -> Security:
        """What protects an account."""
        with self._storage.look() as rows:
            return rows.accounts.get_security(username)

    def begin_totp(self, username: str) -> str:
        """Give the address for a fresh second factor, kept until it is confirmed.

        Raises:
            NotAllowedError: One is in force; an administrator has to take it away first.
        """
        with self._storage.work() as rows:
            security = rows.accounts.get_security(username)
            if security.has_totp:
                raise NotAllowedError("已经设置过第二因素；更换请联系管理员。")
            secret = security.totp_secret or pyotp.random_base32()
            rows.accounts.set_security(username, totp_secret=secret)
        return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=self._issuer)

    def check_totp(self, username: str, code: str, now: datetime) -> bool:
        """Say whether a code is right, and use it up; the first right one confirms the factor.

        After five wrong ones the account's second step rests for five minutes.
        """
        with self._storage.work() as rows:
            security = rows.accounts.get_security(username)
            if security.totp_secret is None or _is_locked(security, now):
                return False
            step = _find_step(security.totp_secret, code, now)
            if step is None or not rows.accounts.use_totp_step(username, step):
                self.count_wrong_code(rows, username, now)
                return False
            rows.accounts.set_security(
                username,
                failures=0,
                locked_until=None,
                totp_confirmed_at=security.totp_confirmed_at or now,
            )
            return True

    def may_try_code(self, username: str, now: datetime) -> bool:
        """The second step is set up and does not rest after wrong codes."""
        security = self.get_security(username)
        return security.has_totp and not _is_locked(security, now)

    def count_wrong_code(
        self, rows: Rows, username: str, now: datetime, action: str = "sign_in.wrong_code"
    ) -> None:
        """Count a wrong code or password; after five the second step rests."""
        failures = rows.accounts.get_security(username).failures + 1
        is_over = failures >= MOST_WRONG_CODES
        rows.accounts.set_security(
            username,
            failures=0 if is_over else failures,
            locked_until=now + LOCKED_FOR if is_over else None,
        )
        rows.audit.add(username, action, f"user:{username}", now)

    def note_sign_in(self, username: str, now: datetime, how: str) -> int:
        """Write a sign-in into the audit; return the epoch that the session belongs to."""
        with self._storage.work() as rows:
            rows.audit.add(username, "sign_in", f"user:{username}", now, how)
            return rows.accounts.get_security(username).epoch

    # ---- one's own account

    def change_password(self, person: Person, old: str, new: str, now: datetime) -> int:
        """Change a password; every session ends. Returns the epoch for a fresh one.

        Raises:
            InputError: The old one is wrong, the new one will not do, or after five wrong ones
                in a row the account rests for five minutes, as after wrong codes.
        """
        username = person.username
        check_password(username, new)
        with self._storage.look() as rows:
            known = rows.users.find_password_hash(username)
            if _is_locked(rows.accounts.get_security(username), now):
                raise InputError("错的次数太多，请过五分钟再试。")
        if known is not None and not _verifies(known, old):
            with self._storage.work() as rows:
                self.count_wrong_code(rows, username, now, "sign_in.wrong_password")
            raise InputError("现在的密码不对。")
        hashed = _HASHER.hash(new)
        with self._storage.work() as rows:
            rows.accounts.set_security(username, failures=0)
            rows.users.set_password_hash(person.username, hashed)
            rows.accounts.end_sessions(person.username)
            rows.audit.add(person.username, "password.changed", f"user:{person.username}", now)
            return rows.accounts.get_security(person.username).epoch

    # ---- the administrator's

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
            _audit(rows, person, "user.added", username, now, role.value)
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
            known = _get(rows, username)
            changed = replace(
                known,
                role=role or known.role,
                disabled=known.disabled if disabled is None else disabled,
            )
            rows.users.save(changed)
            rows.accounts.end_sessions(username)
            what = f"{changed.role.value}{'，停用' if changed.disabled else ''}"
            _audit(rows, person, "user.changed", username, now, what)

    def make_link(self, person: Person, username: str, now: datetime) -> str:
        """Make a one-time sign-in address for somebody who has lost the password."""
        check_administers(person)
        with self._storage.work() as rows:
            _get(rows, username)
            _audit(rows, person, "user.link", username, now)
            return self._make_link(rows, username, now)

    def reset_totp(self, person: Person, username: str, now: datetime) -> None:
        """Take a lost second factor away; the next sign-in sets up a new one."""
        check_administers(person)
        with self._storage.work() as rows:
            _get(rows, username)
            rows.accounts.set_security(
                username, totp_secret=None, totp_confirmed_at=None, failures=0, locked_until=None
            )
            rows.recovery.replace(username, (), now)
            rows.accounts.end_sessions(username)
            _audit(rows, person, "user.totp_reset", username, now)

    def _make_link(self, rows: Rows, username: str, now: datetime) -> str:
        code = secrets.token_urlsafe(18)
        rows.users.add_sign_in_code(
            hashlib.sha256(code.encode()).hexdigest(), username, now + ONE_TIME_FOR
        )
        return f"{self._base_url}/sign-in/once/{code}"

    # ---- tokens

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


def check_password(username: str, password: str) -> None:
    """Refuse a password that is short, or that is the name.

    Raises:
        InputError: With what to do.
    """
    if len(password) < LEAST_PASSWORD or len(password) > 256:  # noqa: PLR2004 - the form's own end
        raise InputError("新密码要 %(least)s 到 256 个字符。", least=LEAST_PASSWORD)
    if username.casefold() in password.casefold() or len(set(password)) < 5:  # noqa: PLR2004
        raise InputError("新密码太简单：不要包含用户名，也不要重复同一个字符。")


def check_administers(person: Person) -> None:
    """Refuse whoever is no administrator.

    Raises:
        NotAllowedError: It takes an administrator.
    """
    if person.role is not Role.ADMINISTRATOR:
        raise NotAllowedError("这一项要由管理员办理。")


def needs_second_factor(person: Person) -> bool:
    """Everybody but the read-only role."""
    return person.role is not Role.ANALYST


def _is_locked(security: Security, now: datetime) -> bool:
    return security.locked_until is not None and security.locked_until > now


def _find_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step that a code belongs to: this one, the one before or the one after."""
    current = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit()):
        return None
    for step in (current - 1, current, current + 1):
        if secrets.compare_digest(totp.at(step * STEP_SECONDS), typed):
            return step
    return None


def _verifies(known: str, password: str) -> bool:
    try:
        return _HASHER.verify(known, password)
    except (VerificationError, InvalidHashError):
        return False


def _get(rows: Rows, username: str) -> Person:
    person = rows.users.find(username)
    if person is None:
        raise NotFoundError
    return person


def _audit(  # noqa: PLR0917 - a line of the audit has these parts
    rows: Rows, person: Person, action: str, username: str, now: datetime, detail: str = ""
) -> None:
    rows.audit.add(person.username, action, f"user:{username}"[:80], now, detail)
