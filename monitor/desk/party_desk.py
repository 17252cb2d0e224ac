"""What officers see and do about employers and projects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.cases import ACTING_ROLES
from monitor.casework import (
    Counted,
    Party,
    PartyCard,
    PartyClass,
    Patrol,
    PatrolResult,
)
from monitor.clocks import day_of
from monitor.desk.registering import RegisterRules, class_party
from monitor.domain import Case, Person, Role
from monitor.errors import InputError, NotAllowedError
from monitor.storage.parties import PartyQuery
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

PAGE_SIZE = 30
_CASES_SHOWN = 50
_ALIKE = 2
"""With so many characters names begin alike: mostly the place, 清河…."""

_MERGING = frozenset({Role.CASE_OFFICER, Role.REVIEWER, Role.LEADER})


@dataclass(frozen=True, slots=True)
class PartyList:
    """One page of parties; `total` counts all pages, `names` are of the people."""

    parties: Sequence[Party]
    total: int
    page: int
    page_size: int
    towns: Sequence[str]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PartyView:
    """One party, its cases (newest first) and its visits (newest first); `names` are of people."""

    party: Party
    winner: Party | None
    cases: Sequence[Case]
    patrols: Sequence[Patrol]
    names: Mapping[str, str]
    may_act: bool
    may_merge: bool


@dataclass(frozen=True, slots=True)
class SameView:
    """One page of the parties of its kind that a party may be the same as, by a part of a name."""

    party: Party
    text: str
    others: Sequence[Party]
    total: int
    page: int
    page_size: int


@dataclass(frozen=True, slots=True)
class PatrolLine:
    """A visit that is due, and to whom."""

    patrol: Patrol
    party: Party
    is_overdue: bool


class PartyDesk:
    """Parties on storage; every act is checked, written down and audited."""

    def __init__(self, storage: Storage, rules: RegisterRules) -> None:
        """Keep the collaborators."""
        self._storage = storage
        self._rules = rules

    def list_page(self, query: PartyQuery, page: int) -> PartyList:
        """One page of the parties, class C first."""
        with self._storage.look() as rows:
            return PartyList(
                rows.parties.list_page(query, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE),
                rows.parties.count(query),
                page,
                PAGE_SIZE,
                rows.parties.list_towns(),
                _names(rows),
            )

    def view(self, party_id: int, person: Person) -> PartyView:
        """Open one party.

        Raises:
            NotFoundError: There is no such party.
        """
        with self._storage.look() as rows:
            party = rows.parties.get(party_id)
            winner = rows.parties.get(party.merged_into) if party.merged_into else None
            ids = rows.parties.list_case_ids(party_id, _CASES_SHOWN)
            return PartyView(
                party,
                winner,
                rows.cases.get_many(ids),
                rows.patrols.list_patrols(party_id),
                _names(rows),
                may_act=person.role in ACTING_ROLES,
                may_merge=person.role in _MERGING,
            )

    def find_same(self, party_id: int, text: str | None, page: int, person: Person) -> SameView:
        """One page of the parties that a party may be the same as.

        Args:
            party_id: The party that would be merged into one of them.
            text: A part of a name of theirs; empty for all, None for those that begin alike.
            page: Counts from 1.
            person: Who asks; merging takes a role that may.

        Raises:
            NotFoundError: There is no such party.
            NotAllowedError: This role may not merge.
            InputError: It has been merged already.
        """
        _check(person, _MERGING)
        with self._storage.look() as rows:
            party = rows.parties.get(party_id)
            if party.merged_into is not None:
                raise InputError("已经合并过了；不是同一家的，先拆开。")
            wanted = party.name[:_ALIKE] if text is None else text
            query = PartyQuery(kind=party.kind, text=wanted, without=party_id)
            return SameView(
                party,
                wanted,
                rows.parties.list_page(query, offset=(page - 1) * PAGE_SIZE, limit=PAGE_SIZE),
                rows.parties.count(query),
                page,
                PAGE_SIZE,
            )

    def find_other(self, party_id: int, said: str) -> int:
        """The party that somebody means by its name, another name of it, or its number.

        Raises:
            InputError: None of that kind is called so; says which are called nearly so.
        """
        if said.isascii() and said.isdigit():
            return int(said[:9])
        with self._storage.look() as rows:
            kind = rows.parties.get(party_id).kind
            found = rows.parties.find_by_key(kind, self._rules.normalise(said)[:200] or said)
            if found is not None:
                return found
            near = rows.parties.list_page(PartyQuery(kind=kind, text=said), offset=0, limit=5)
        if near:
            raise InputError(
                "没有名称正好是“%(name)s”的，相近的有：%(near)s。请从中选一个。",
                name=said,
                near="、".join(each.name for each in near),
            )
        raise InputError("没有名称是“%(name)s”的，请核对，或填它页面上的编号。", name=said)

    def due_patrols(self, now: datetime) -> list[PatrolLine]:
        """The visits that are due today or were before."""
        today = day_of(now)
        with self._storage.look() as rows:
            due = rows.patrols.list_due_patrols(today)
            parties = rows.parties.get_many([each.party_id for each in due])
        return [
            PatrolLine(each, parties[each.party_id], each.due_on < today)
            for each in due
            if parties[each.party_id].merged_into is None
        ]

    def count_by_town(self) -> list[Counted]:
        """Open cases by town, most first."""
        with self._storage.look() as rows:
            return rows.parties.count_by_town()

    # ---- acts

    def save_card(self, party_id: int, card: PartyCard, person: Person, now: datetime) -> None:
        """Write what an officer says of a party; what depends on it is computed anew."""
        _check(person, ACTING_ROLES)
        with self._storage.work() as rows:
            rows.parties.get(party_id)
            rows.parties.save_card(party_id, card)
            class_party(rows, party_id, self._rules, now)
            _audit(rows, person, "party.card", party_id, now)

    def choose_class(
        self,
        party_id: int,
        party_class: PartyClass | None,
        reason: str,
        person: Person,
        now: datetime,
    ) -> None:
        """Set a class by hand, or give it back to the rules (None)."""
        _check(person, _MERGING)
        with self._storage.work() as rows:
            party = rows.parties.get(party_id)
            chosen = party_class or party.party_class
            rows.parties.save_class(party_id, chosen, [reason], now, chosen=party_class is not None)
            class_party(rows, party_id, self._rules, now)
            _audit(rows, person, "party.class", party_id, now, f"{chosen.value}：{reason}")

    def add_name(self, party_id: int, name: str, person: Person, now: datetime) -> None:
        """Give a party one more name, by which later messages find it."""
        _check(person, ACTING_ROLES)
        with self._storage.work() as rows:
            party = rows.parties.get(party_id)
            key = self._rules.normalise(name)[:200] or name
            rows.parties.add_name(party_id, party.kind, name, key)
            _audit(rows, person, "party.name", party_id, now, name)

    def merge(self, loser: int, winner: int, reason: str, person: Person, now: datetime) -> None:
        """Say that two parties are the same; the second stands for both."""
        _check(person, _MERGING)
        with self._storage.work() as rows:
            rows.parties.merge(loser, winner)
            class_party(rows, winner, self._rules, now)
            _audit(rows, person, "party.merged", loser, now, f"{winner}：{reason}")

    def split(self, party_id: int, reason: str, person: Person, now: datetime) -> None:
        """Take a merge back."""
        _check(person, _MERGING)
        with self._storage.work() as rows:
            winner = rows.parties.split(party_id)
            for each in (party_id, winner):
                class_party(rows, each, self._rules, now)
            _audit(rows, person, "party.split", party_id, now, reason)

    def end_patrol(
        self,
        party_id: int,
        patrol_id: int,
        *,
        result: PatrolResult,
        note: str,
        person: Person,
        now: datetime,
    ) -> None:
        """Write what a visit found; the next one is planned from the class."""
        _check(person, ACTING_ROLES)
        with self._storage.work() as rows:
            rows.patrols.end_patrol(
                party_id,
                patrol_id,
                by=person.username,
                on=day_of(now),
                result=result,
                note=note,
            )
            class_party(rows, party_id, self._rules, now)
            _audit(rows, person, "party.visited", party_id, now, result.value)


def _names(rows: Rows) -> dict[str, str]:
    return {each.username: each.display_name for each in rows.users.list_all() if not each.disabled}


def _check(person: Person, roles: frozenset[Role]) -> None:
    if person.role not in roles:
        raise NotAllowedError("您的角色不能办理这一步。")


def _audit(  # noqa: PLR0917 - a line of the audit has these parts
    rows: Rows, person: Person, action: str, party_id: int, now: datetime, detail: str = ""
) -> None:
    rows.audit.add(person.username, action, f"party:{party_id}", now, detail)
