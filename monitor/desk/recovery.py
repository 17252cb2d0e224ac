"""Recovery codes: ten words on paper, each of which takes the place of the phone's code once.

The duty officer whose phone is broken at three in the morning gets in; the administrator sees in
the audit that it happened. Codes hold 50 bits, so that they are hashed like passwords.
"""

import secrets
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from monitor.desk.people import PeopleDesk
from monitor.domain import Person
from monitor.errors import InputError
from monitor.storage.session import Storage

HOW_MANY = 10
_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 that nobody takes for one another
_LENGTH = 10
_HASHER = PasswordHasher()  # argon2id, as for passwords


class Recovery:
    """Makes codes and takes them; both are audited."""

    def __init__(self, storage: Storage, people: PeopleDesk) -> None:
        """Keep the collaborators."""
        self._storage = storage
        self._people = people

    def count(self, username: str) -> int:
        """How many codes an account has left."""
        with self._storage.look() as rows:
            return rows.recovery.count_unused(username)

    def make(self, person: Person, code: str, now: datetime) -> list[str]:
        """Make new codes, once the phone's code has shown who asks; earlier ones end.

        Raises:
            InputError: The phone's code is not right, or there is no second factor.
        """
        if not self._people.get_security(person.username).has_totp:
            raise InputError("还没有设置第二因素，不需要恢复码。")
        if not self._people.check_totp(person.username, code, now):
            raise InputError("验证码不对或已经用过，请等手机上的下一个验证码。")
        codes = [_make_code() for _ in range(HOW_MANY)]
        hashes = [_HASHER.hash(_plain(each)) for each in codes]
        with self._storage.work() as rows:
            rows.recovery.replace(person.username, hashes, now)
            rows.audit.add(person.username, "recovery.made", f"user:{person.username}", now)
        return codes

    def check(self, username: str, code: str, now: datetime) -> bool:
        """Say whether a code is right, and use it up; wrong ones count like the phone's."""
        if not self._people.may_try_code(username, now):
            return False
        with self._storage.look() as rows:
            known = rows.recovery.list_unused(username)
        typed = _plain(code)
        right = next((number for number, hashed in known if _verifies(hashed, typed)), None)
        with self._storage.work() as rows:
            if right is not None and rows.recovery.use(right, now):
                rows.accounts.set_security(username, failures=0, locked_until=None)
                rows.audit.add(username, "sign_in.recovery", f"user:{username}", now)
                return True
            self._people.count_wrong_code(rows, username, now)
        return False


def _make_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return f"{letters[:5]}-{letters[5:]}"


def _plain(code: str) -> str:
    return "".join(each for each in code.upper() if each in _LETTERS)


def _verifies(hashed: str, typed: str) -> bool:
    if len(typed) != _LENGTH:
        return False
    try:
        return _HASHER.verify(hashed, typed)
    except VerificationError:
        return False
