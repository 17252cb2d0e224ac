"""Where somebody is signed in: seen and ended by themselves, and ended by an administrator."""

from collections.abc import Sequence
from datetime import datetime

from monitor.desk.administering import check_administers, get_person, note
from monitor.desk.proving import Proving
from monitor.domain import Person
from monitor.errors import InputError, NotFoundError
from monitor.storage.signed_in import SignedIn

MOST_SESSIONS = 5
"""So many sessions of one account stand beside one another; one more ends the oldest."""


class SignIns(Proving):
    """Sessions on storage; each beginning and each ending by hand is a line of the audit."""

    def note_sign_in(self, username: str, now: datetime, how: str) -> int:
        """Write a sign-in into the audit; return the epoch that the session belongs to.

        Makes room for the session that begins: the oldest end.
        """
        with self._storage.work() as rows:
            rows.audit.add(username, "sign_in", f"user:{username}", now, how)
            epoch = rows.accounts.get_security(username).epoch
            others = [each for each in rows.signed_in.list_of(username, now) if each.epoch == epoch]
            for each in others[MOST_SESSIONS - 1 :]:
                rows.signed_in.end(username, each.key, now)
            return epoch

    def list_sessions(self, person: Person, now: datetime) -> Sequence[SignedIn]:
        """One's own open sessions, the newest sign-in first."""
        with self._storage.look() as rows:
            epoch = rows.accounts.get_security(person.username).epoch
            found = rows.signed_in.list_of(person.username, now)
        return [each for each in found if each.epoch == epoch]

    def end_session(self, person: Person, key: str, proof: str, now: datetime) -> None:
        """End one of one's own sessions, once the code or the password has shown who asks.

        Raises:
            InputError: The proof is not right.
            NotFoundError: There is no such session (any more).
        """
        self.prove(person, proof, now)
        with self._storage.work() as rows:
            if not rows.signed_in.end(person.username, key, now):
                raise NotFoundError
            note(rows, person, "session.ended", person.username, now)

    def end_other_sessions(self, person: Person, proof: str, now: datetime) -> int:
        """End all of one's own sessions; return the epoch for a fresh one.

        Raises:
            InputError: The proof is not right.
        """
        self.prove(person, proof, now)
        with self._storage.work() as rows:
            rows.accounts.end_sessions(person.username)
            note(rows, person, "session.ended", person.username, now, "其他全部")
            return rows.accounts.get_security(person.username).epoch

    # ---- the administrator's

    def end_sessions_of(self, person: Person, username: str, now: datetime) -> None:
        """Sign somebody out everywhere.

        Raises:
            NotAllowedError: It takes an administrator.
            NotFoundError: There is no such account.
            InputError: It is one's own, which the page of one's account ends.
        """
        check_administers(person)
        if username == person.username:
            raise InputError("自己的登录请在“我的账号”里结束。")
        with self._storage.work() as rows:
            get_person(rows, username)
            rows.accounts.end_sessions(username)
            note(rows, person, "user.signed_out", username, now)

    def end_everybodys_sessions(self, person: Person, now: datetime) -> None:
        """Sign everybody else out everywhere.

        Raises:
            NotAllowedError: It takes an administrator.
        """
        check_administers(person)
        with self._storage.work() as rows:
            for each in rows.users.list_all():
                if each.username != person.username:
                    rows.accounts.end_sessions(each.username)
                    note(rows, person, "user.signed_out", each.username, now)
