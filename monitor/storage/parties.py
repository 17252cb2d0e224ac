"""Parties: employers and projects with their names, their history, their class and their visits."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    case,
    func,
    insert,
    or_,
    select,
    update,
)

from monitor.casework import (
    Counted,
    Party,
    PartyCard,
    PartyClass,
    PartyHistory,
    PartyKind,
    PartyPart,
)
from monitor.domain import OPEN_STATES, CaseState
from monitor.errors import IllegalStepError, NotFoundError
from monitor.storage.ledger_tables import (
    CaseDetailsRow,
    OrderRow,
    PartyNameRow,
    PartyRow,
)
from monitor.storage.tables import CaseRow

_OPEN = tuple(state.value for state in OPEN_STATES)
_NOT_COUNTED = (CaseState.NOT_A_CLAIM.value, CaseState.MERGED.value)


@dataclass(frozen=True, slots=True)
class PartyQuery:
    """Which parties to list; None and empty mean no restriction. `without` is a party's number."""

    kind: PartyKind | None = None
    party_class: PartyClass | None = None
    town: str = ""
    text: str = ""
    without: int | None = None


class PartyRepository:
    """The tables `parties`, `party_names` and `patrols`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- finding

    def get(self, party_id: int) -> Party:
        """Return a party with its other names.

        Raises:
            NotFoundError: There is none of that number.
        """
        found = self.get_many([party_id])
        if party_id not in found:
            raise NotFoundError(f"There is no party {party_id}.")
        return found[party_id]

    def get_many(self, party_ids: Sequence[int]) -> Mapping[int, Party]:
        """Several parties by their numbers."""
        rows = (
            self._db.execute(select(PartyRow.__table__).where(PartyRow.id.in_(party_ids)))
            .mappings()
            .all()
        )
        return {each.party_id: each for each in self._load(rows)}

    def _load(self, rows: Sequence[RowMapping]) -> list[Party]:
        names: dict[int, list[str]] = {}
        for party_id, name in self._db.execute(
            select(PartyNameRow.party_id, PartyNameRow.name)
            .where(PartyNameRow.party_id.in_([row["id"] for row in rows]))
            .order_by(PartyNameRow.key)
        ):
            names.setdefault(party_id, []).append(name)
        return [_load_party(row, names.get(row["id"], ())) for row in rows]

    def find_by_key(self, kind: PartyKind, key: str) -> int | None:
        """The party that is known by a normalised name."""
        return self._db.scalar(
            select(PartyNameRow.party_id).where(
                PartyNameRow.kind == kind.value, PartyNameRow.key == key
            )
        )

    def list_page(self, query: PartyQuery, *, offset: int, limit: int) -> list[Party]:
        """One page of the parties that stand for themselves, class C first."""
        rows = (
            self._db.execute(
                select(PartyRow.__table__)
                .where(_where(query))
                .order_by(PartyRow.party_class.desc(), PartyRow.id)
                .offset(offset)
                .limit(limit)
            )
            .mappings()
            .all()
        )
        return self._load(rows)

    def count(self, query: PartyQuery) -> int:
        """How many parties a query finds."""
        return self._db.scalar(select(func.count()).select_from(PartyRow).where(_where(query))) or 0

    def list_towns(self) -> list[str]:
        """Every town that a party is in."""
        return list(
            self._db.scalars(
                select(PartyRow.town).where(PartyRow.town != "").distinct().order_by(PartyRow.town)
            )
        )

    def list_inspectors(self) -> list[str]:
        """Every inspector that a party's card names, as it was written."""
        return list(
            self._db.scalars(
                select(PartyRow.inspector)
                .where(PartyRow.inspector != "", PartyRow.merged_into.is_(None))
                .distinct()
                .order_by(PartyRow.inspector)
            )
        )

    # ---- writing

    def find_or_add(self, kind: PartyKind, name: str, key: str, now: datetime) -> int:
        """The party of a name; a new one where nobody has that name yet."""
        known = self.find_by_key(kind, key)
        if known is not None:
            return known
        party_id: int = self._db.execute(
            insert(PartyRow)
            .values(
                kind=kind.value,
                name=name,
                sector="",
                town="",
                part=PartyPart.UNKNOWN.value,
                local_leader="",
                sector_officer="",
                inspector="",
                party_class=PartyClass.A.value,
                class_reasons=[],
                created_at=now,
            )
            .returning(PartyRow.id)
        ).scalar_one()
        self._db.execute(
            insert(PartyNameRow).values(
                kind=kind.value, key=key, name=name, party_id=party_id, first_party=party_id
            )
        )
        return party_id

    def save_card(self, party_id: int, card: PartyCard) -> None:
        """Write what an officer says of a party."""
        self._db.execute(
            update(PartyRow)
            .where(PartyRow.id == party_id)
            .values(**asdict(card) | {"part": card.part.value})
        )

    def fill_card(self, party_id: int, *, sector: str, town: str) -> None:
        """Fill what nobody has said yet with what a case tells."""
        for column, value in ((PartyRow.sector, sector), (PartyRow.town, town)):
            if value:
                self._db.execute(
                    update(PartyRow)
                    .where(PartyRow.id == party_id, column == "")
                    .values({column: value[:80]})
                )

    def save_class(
        self,
        party_id: int,
        party_class: PartyClass,
        reasons: Sequence[str],
        now: datetime,
        *,
        chosen: bool,
    ) -> None:
        """Write the class and why."""
        self._db.execute(
            update(PartyRow)
            .where(PartyRow.id == party_id)
            .values(
                party_class=party_class.value,
                class_reasons=[*reasons],
                chosen=chosen,
                classed_at=now,
            )
        )

    def add_name(self, party_id: int, kind: PartyKind, name: str, key: str) -> None:
        """Give a party one more name.

        Raises:
            IllegalStepError: Another party has it: merge the two instead.
        """
        owner = self.find_by_key(kind, key)
        if owner == party_id:
            return
        if owner is not None:
            raise IllegalStepError("这个名称属于另一家单位；确认是同一家时，请用合并。")
        self._db.execute(
            insert(PartyNameRow).values(
                kind=kind.value, key=key, name=name, party_id=party_id, first_party=party_id
            )
        )

    def merge(self, loser: int, winner: int) -> None:
        """Let one party stand for both; names and cases follow, and remember where they were.

        Raises:
            IllegalStepError: They are the same, of two kinds, or one was merged already.
        """
        one, other = self.get(loser), self.get(winner)
        if loser == winner or one.kind is not other.kind or one.merged_into or other.merged_into:
            raise IllegalStepError("这两家不能合并：可能已经合并过，或者一家是单位、一家是项目。")
        self._db.execute(
            update(PartyNameRow).where(PartyNameRow.party_id == loser).values(party_id=winner)
        )
        self._db.execute(update(PartyRow).where(PartyRow.id == loser).values(merged_into=winner))
        for column in (CaseDetailsRow.employer_party, CaseDetailsRow.project_party):
            self._db.execute(update(CaseDetailsRow).where(column == loser).values({column: winner}))

    def split(self, party_id: int) -> int:
        """Take a merge back; return whom it had been merged into.

        Names return by where they were; cases by the name that they carry.

        Raises:
            IllegalStepError: It was not merged.
        """
        winner = self.get(party_id).merged_into
        if winner is None:
            raise IllegalStepError("这家没有合并过，不用拆开。")
        self._db.execute(update(PartyRow).where(PartyRow.id == party_id).values(merged_into=None))
        self._db.execute(
            update(PartyNameRow)
            .where(PartyNameRow.party_id == winner, PartyNameRow.first_party == party_id)
            .values(party_id=party_id)
        )
        keys = select(PartyNameRow.key).where(PartyNameRow.party_id == party_id)
        for column, key in (
            (CaseDetailsRow.employer_party, CaseRow.employer_key),
            (CaseDetailsRow.project_party, CaseRow.project_key),
        ):
            theirs = select(CaseRow.id).where(key.in_(keys))
            self._db.execute(
                update(CaseDetailsRow)
                .where(column == winner, CaseDetailsRow.case_id.in_(theirs))
                .values({column: party_id})
            )
        return winner

    # ---- history

    def find_history(self, party_id: int, since: datetime, today: date) -> PartyHistory:
        """What a class is computed from; cases that were none, or were merged, do not count."""
        theirs = or_(
            CaseDetailsRow.employer_party == party_id, CaseDetailsRow.project_party == party_id
        )
        is_open = CaseRow.state.in_(_OPEN)
        row = (
            self._db.execute(
                select(
                    func.count().filter(CaseRow.opened_at >= since).label("cases"),
                    func.count().filter(is_open).label("open_cases"),
                    func.coalesce(func.sum(CaseRow.amount_yuan).filter(is_open), 0.0).label(
                        "open_amount_yuan"
                    ),
                    func.coalesce(func.sum(CaseRow.workers).filter(is_open), 0).label(
                        "open_workers"
                    ),
                    func.count()
                    .filter(CaseDetailsRow.reopens > 0, CaseRow.opened_at >= since)
                    .label("reopened"),
                    func.coalesce(
                        func.max(case((CaseDetailsRow.fled & is_open, 1), else_=0)), 0
                    ).label("fled"),
                    func.coalesce(
                        func.max(case((CaseDetailsRow.public_money, 1), else_=0)), 0
                    ).label("public_money"),
                )
                .select_from(CaseDetailsRow)
                .join(CaseRow, CaseRow.id == CaseDetailsRow.case_id)
                .where(theirs, CaseRow.state.not_in(_NOT_COUNTED))
            )
            .mappings()
            .one()
        )
        overdue = self._db.scalar(
            select(func.count())
            .select_from(OrderRow)
            .join(CaseRow, CaseRow.id == OrderRow.case_id)
            .join(CaseDetailsRow, CaseDetailsRow.case_id == CaseRow.id)
            .where(theirs, CaseRow.state == CaseState.ORDERED.value, OrderRow.pay_by < today)
        )
        return PartyHistory(
            **dict(row)
            | {
                "overdue_orders": overdue or 0,
                "fled": bool(row["fled"]),
                "public_money": bool(row["public_money"]),
            }
        )

    def list_case_ids(self, party_id: int, limit: int) -> list[int]:
        """The newest cases of a party."""
        return list(
            self._db.scalars(
                select(CaseDetailsRow.case_id)
                .where(
                    or_(
                        CaseDetailsRow.employer_party == party_id,
                        CaseDetailsRow.project_party == party_id,
                    )
                )
                .order_by(CaseDetailsRow.case_id.desc())
                .limit(limit)
            )
        )

    def count_by_town(self) -> list[Counted]:
        """Cases by the town of their project, else of their employer, else as the text says."""
        project, employer = PartyRow.__table__.alias("p"), PartyRow.__table__.alias("e")
        town = func.coalesce(
            func.nullif(project.c.town, ""), func.nullif(employer.c.town, ""), CaseRow.place, ""
        ).label("town")
        is_open = CaseRow.state.in_(_OPEN)
        rows = self._db.execute(
            select(
                town,
                func.count(),
                func.count().filter(is_open),
                func.coalesce(func.sum(CaseRow.workers).filter(is_open), 0),
                func.coalesce(func.sum(CaseRow.amount_yuan).filter(is_open), 0.0),
            )
            .select_from(CaseRow)
            .outerjoin(CaseDetailsRow, CaseDetailsRow.case_id == CaseRow.id)
            .outerjoin(project, project.c.id == CaseDetailsRow.project_party)
            .outerjoin(employer, employer.c.id == CaseDetailsRow.employer_party)
            .where(is_open)
            .group_by(town)
        )
        found = [Counted(*row) for row in rows]
        return sorted(found, key=lambda each: (-each.open_cases, each.town))

    def list_keys_of_class(self, party_class: PartyClass) -> frozenset[tuple[str, str]]:
        """The kinds and normalised names of every party of a class, merged names too."""
        found = self._db.execute(
            select(PartyNameRow.kind, PartyNameRow.key)
            .join(PartyRow, PartyRow.id == PartyNameRow.party_id)
            .where(PartyRow.party_class == party_class.value)
        )
        return frozenset((row[0], row[1]) for row in found)


def _where(query: PartyQuery) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [PartyRow.merged_into.is_(None)]
    if query.kind is not None:
        wanted.append(PartyRow.kind == query.kind.value)
    if query.party_class is not None:
        wanted.append(PartyRow.party_class == query.party_class.value)
    if query.without is not None:
        wanted.append(PartyRow.id != query.without)
    if query.town:
        wanted.append(PartyRow.town == query.town)
    if query.text:
        named = select(PartyNameRow.party_id).where(
            PartyNameRow.name.contains(query.text, autoescape=True)
        )
        wanted.append(PartyRow.id.in_(named))
    return and_(*wanted)


def _load_party(row: RowMapping, names: Sequence[str]) -> Party:
    return Party(
        party_id=row["id"],
        kind=PartyKind(row["kind"]),
        name=row["name"],
        card=PartyCard(
            sector=row["sector"],
            town=row["town"],
            public_money=row["public_money"],
            part=PartyPart(row["part"]),
            local_leader=row["local_leader"],
            sector_officer=row["sector_officer"],
            inspector=row["inspector"],
        ),
        other_names=tuple(name for name in names if name != row["name"]),
        party_class=PartyClass(row["party_class"]),
        class_reasons=tuple(row["class_reasons"]),
        chosen=row["chosen"],
        merged_into=row["merged_into"],
    )
