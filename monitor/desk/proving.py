"""Who somebody is: the second factor, the password, and what a wrong one costs.

Codes are RFC 6238 (pyotp): six digits, 30 seconds, one step either way, each used once.
"""

import secrets
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from monitor.domain import Person, Role
from monitor.errors import InputError, NotAllowedError
from monitor.storage.accounts import Security
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

_HASHER = PasswordHasher()  # argon2id with the library's parameters (RFC 9106, low memory)
STEP_SECONDS = 30
MOST_WRONG_CODES = 5
LOCKED_FOR = timedelta(minutes=5)
LEAST_PASSWORD = 12


class Proving:
    """The proofs of a sign-in on storage; what changes is audited."""

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

    def prove(self, person: Person, proof: str, now: datetime) -> None:
        """Ask once more who somebody is: the phone's code where there is one, else the password.

        An account that has neither, such as a fresh one with a one-time sign-in, proves nothing.

        Raises:
            InputError: It is not right, or too many were wrong.
        """
        username = person.username
        with self._storage.look() as rows:
            security = rows.accounts.get_security(username)
            known = rows.users.find_password_hash(username)
        if _is_locked(security, now):
            raise InputError("错的次数太多，请过五分钟再试。")
        if security.has_totp:
            if not self.check_totp(username, proof, now):
                raise InputError("验证码不对或已经用过，请等手机上的下一个验证码。")
            return
        if known is None or _verifies(known, proof):
            return
        with self._storage.work() as rows:
            self.count_wrong_code(rows, username, now, "sign_in.wrong_password")
        raise InputError("现在的密码不对。")

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


def check_password(username: str, password: str) -> None:
    """Refuse a password that is short, or that is the name.

    Raises:
        InputError: With what to do.
    """
    if len(password) < LEAST_PASSWORD or len(password) > 256:  # noqa: PLR2004 - the form's own end
        raise InputError("新密码要 %(least)s 到 256 个字符。", least=LEAST_PASSWORD)
    if username.casefold() in password.casefold() or len(set(password)) < 5:  # noqa: PLR2004
        raise InputError("新密码太简单：不要包含用户名，也不要重复同一个字符。")


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
