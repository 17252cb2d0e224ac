"""Who is responsible for a project (包保) and gets a copy: by the register or the settings."""

import re
from collections.abc import Callable, Iterable, Sequence

from monitor.casework import Party, PartyKind
from monitor.domain import Case, Person
from monitor.storage.repositories import Rows

Find = Callable[[Rows, Case], Sequence[str]]

_BETWEEN_NAMES = re.compile(r"[\s、，,；;/]+")
_LONGEST_KEY = 200


def responsible_by_register(normalise: Callable[[str], str], otherwise: Find) -> Find:
    """Find the inspector whom the register names for a case's project, else for its employer.

    Args:
        normalise: A party's name as the register compares it.
        otherwise: Asked where the register names nobody who has an account.
    """

    def find(rows: Rows, case: Case) -> Sequence[str]:
        for kind, name in ((PartyKind.PROJECT, case.project), (PartyKind.EMPLOYER, case.employer)):
            party = _find_party(rows, kind, normalise(name) if name else "")
            if party is not None and party.card.inspector:
                people = find_people(party.card.inspector, rows.users.list_all())
                if people:
                    return people
        return otherwise(rows, case)

    return find


def find_people(written: str, people: Iterable[Person]) -> list[str]:
    """Find whom a written name means: user names, in the order in which they are written.

    A name is a display name or a user name; two people of one name are both meant. Names of nobody,
    and people whose account is disabled, are left out.

    Args:
        written: One name or several, as an officer wrote them on a party's card.
        people: Everybody who has an account.
    """
    known = [each for each in people if not each.disabled]
    return [
        person.username
        for name in _BETWEEN_NAMES.split(written.strip())
        for person in known
        if name and name in {person.display_name, person.username}
    ]


def _find_party(rows: Rows, kind: PartyKind, key: str) -> Party | None:
    party_id = rows.parties.find_by_key(kind, key[:_LONGEST_KEY]) if key else None
    return None if party_id is None else rows.parties.get(party_id)
