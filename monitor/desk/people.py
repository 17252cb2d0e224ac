"""Accounts: proofs of a sign-in, sessions, the administrator's acts, tokens of programs."""

from monitor.desk.administering import Administering
from monitor.desk.proving import Proving
from monitor.desk.sign_ins import SignIns
from monitor.desk.tokens import Tokens


class PeopleDesk(SignIns, Proving, Administering, Tokens):
    """Everything about accounts; safe to call from several threads."""
