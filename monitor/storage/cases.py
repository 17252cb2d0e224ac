"""Cases, the documents in them, and their history."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy import text as sql

from monitor.domain import (
    OPEN_STATES,
    Assessment,
    Case,
    CaseEvent,
    CaseFacts,
    CaseState,
    LikelyCase,
    ReferralBody,
    StoredDocument,
    UrgencyLevel,
)
from monitor.errors import IllegalStepError, NotFoundError
from monitor.storage.ledger_tables import CaseDetailsRow
from monitor.storage.mapping import load_assessment, load_case, load_document
from monitor.storage.tables import (
    FORGOTTEN_STAGE,
    OPEN_ALERT,
    AlertRow,
    AssessmentRow,
    CaseDocumentRow,
    CaseEventRow,
    CaseRow,
    DocumentRow,
    TextBandRow,
    TextSignatureRow,
)

_CHANGED_BEFORE = "这个线索刚刚被别人改动过，请刷新后再操作。"
_FEWEST_FOR_SUM = 3
_OPEN = tuple(state.value for state in OPEN_STATES)
_TOLD = tuple(column.name for column in fields(CaseFacts))

# What is asked and written for every claim is built once, here: SQLAlchemy takes far longer to put
# a statement together than SQLite takes to answer it (`docs/benchmarks.md`).
_BY_ID = select(CaseRow.__table__).where(CaseRow.id == bindparam("case_id"))
_OF_ITEM = (
    select(CaseRow.__table__)
    .where(
        CaseRow.id.in_(
            select(CaseDocumentRow.case_id)
            .join(DocumentRow, DocumentRow.id == CaseDocumentRow.document_id)
            .where(
                DocumentRow.source == bindparam("source"),
                DocumentRow.item_key == bindparam("item_key"),
            )
        )
    )
    .order_by(CaseRow.id.desc())
)
_OF_PARTY = (  # a key that is null equals nothing
    select(CaseRow.__table__)
    .where(
        or_(
            CaseRow.employer_key == bindparam("employer_key"),
            CaseRow.project_key == bindparam("project_key"),
        ),
        CaseRow.state.in_(_OPEN),
    )
    .order_by(CaseRow.id)
    .limit(50)
)
_OF_SUM = (
    select(CaseRow.__table__)
    .where(
        CaseRow.amount_yuan == bindparam("amount_yuan"),
        CaseRow.workers == bindparam("workers"),
        CaseRow.state.in_(_OPEN),
    )
    .order_by(CaseRow.id)
    .limit(50)
)
_BY_BANDS = (
    select(CaseRow.__table__, TextSignatureRow.signature, TextSignatureRow.algorithm)
    .join(CaseDocumentRow, CaseDocumentRow.case_id == CaseRow.id)
    .join(TextSignatureRow, TextSignatureRow.document_id == CaseDocumentRow.document_id)
    .where(
        CaseDocumentRow.document_id.in_(
            select(TextBandRow.document_id)
            .where(TextBandRow.band.in_(bindparam("bands", expanding=True)))
            .limit(200)
            .distinct()
        ),
        CaseRow.state.in_(_OPEN),
    )
    .order_by(CaseRow.id)
)
_OF_DOCUMENT = select(CaseDocumentRow.case_id).where(
    CaseDocumentRow.document_id == bindparam("document_id")
)
_OPEN_CASE = insert(CaseRow).returning(CaseRow.id)
_NUMBER_CASE = (
    update(CaseRow)
    .where(CaseRow.id == bindparam("case_id"))
    .values(number=bindparam("new_number"))
    .returning(CaseRow.__table__)
)
_REVISE = (
    update(CaseRow)
    .where(CaseRow.id == bindparam("case_id"))
    .values(
        {column: bindparam(f"new_{column}") for column in (*_TOLD, "changed_at")}
        | {"version": CaseRow.version + 1}
    )
    .returning(CaseRow.__table__)
)
_COUNT_LADDER = (
    update(CaseRow)
    .where(CaseRow.id == bindparam("case_id"))
    .values(ladders=CaseRow.ladders + 1)
    .returning(CaseRow.ladders)
)
_ADD_DOCUMENT = insert(CaseDocumentRow)
_ADD_SIGNATURE = insert(TextSignatureRow)
_ADD_BANDS = insert(TextBandRow)
_ADD_EVENT = insert(CaseEventRow)


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases to list; None means no restriction. Times are bounds on `opened_at`."""

    states: tuple[CaseState, ...] | None = None
    level: UrgencyLevel | None = None
    owner: str | None = None
    unacknowledged: bool = False
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    text: str = ""


class CaseRepository:
    """The tables `cases`, `case_documents`, `case_events` and the text signatures."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- finding

    def get(self, case_id: int) -> Case:
        """Return a case.

        Raises:
            NotFoundError: There is none of that number.
        """
        row = self._db.execute(_BY_ID, {"case_id": case_id}).mappings().first()
        if row is None:
            raise NotFoundError(f"There is no case {case_id}.")
        return load_case(row)

    def take(self, case_id: int) -> Case:
        """Return a case that is about to be changed; whoever wants it next waits for our end.

        On PostgreSQL the row is locked first of all, or two officers who act at once would wait for
        each other's rows in a ring; on SQLite there is one writer anyway.

        Raises:
            NotFoundError: There is none of that number.
        """
        self._db.execute(
            select(CaseRow.id).where(CaseRow.id == case_id).with_for_update(key_share=True)
        )
        return self.get(case_id)

    def find_number(self, number: str) -> int | None:
        """The id of the case that people know by this number; None when there is none."""
        return self._db.scalar(select(CaseRow.id).where(CaseRow.number == number))

    def find_of_item(self, source: str, item_key: str) -> list[LikelyCase]:
        """The cases, in any state, that documents of this thread or letter are in; newest first."""
        return self._likely(_OF_ITEM, {"source": source, "item_key": item_key})

    def find_of_key(self, source: str, key: str) -> LikelyCase | None:
        """The case that an earlier revision of this very document is in."""
        found = self._likely(
            select(CaseRow.__table__)
            .where(
                CaseRow.id.in_(
                    select(CaseDocumentRow.case_id)
                    .join(DocumentRow, DocumentRow.id == CaseDocumentRow.document_id)
                    .where(DocumentRow.source == source, DocumentRow.key == key)
                )
            )
            .order_by(CaseRow.id.desc())
            .limit(1)
        )
        return found[0] if found else None

    def find_open_of_party(
        self, employer_key: str | None, project_key: str | None
    ) -> list[LikelyCase]:
        """Open cases of this employer or this project; oldest first."""
        if not employer_key and not project_key:
            return []
        return self._likely(
            _OF_PARTY, {"employer_key": employer_key or None, "project_key": project_key or None}
        )

    def find_open_of_sum(self, workers: int | None, amount_yuan: float | None) -> list[LikelyCase]:
        """Open cases in which as many workers are owed as much; oldest first.

        One worker, or a number that is not told, is no sign: many people are owed a round sum.
        """
        if workers is None or amount_yuan is None or workers < _FEWEST_FOR_SUM:
            return []
        return self._likely(_OF_SUM, {"amount_yuan": amount_yuan, "workers": workers})

    def find_open_by_bands(self, bands: Sequence[int]) -> list[tuple[LikelyCase, bytes, str]]:
        """Open cases with a text that shares a band, each with that text's signature."""
        if not bands:
            return []
        rows = self._db.execute(_BY_BANDS, {"bands": [*bands]}).mappings()
        return [
            (
                LikelyCase(load_case(row), row["employer_key"], row["project_key"]),
                row["signature"],
                row["algorithm"],
            )
            for row in rows
        ]

    def _likely(
        self, query: Select[tuple[object, ...]], values: Mapping[str, object] | None = None
    ) -> list[LikelyCase]:
        return [
            LikelyCase(load_case(row), row["employer_key"], row["project_key"])
            for row in self._db.execute(query, values).mappings()
        ]

    # ---- writing

    def open(
        self, change: CaseFacts, *, year: int, model: str, threshold: float, now: datetime
    ) -> Case:
        """Open a case; its number is the year and a count that never repeats."""
        case_id: int = self._db.execute(
            _OPEN_CASE,
            {
                "number": secrets.token_hex(8),  # unique until the count is known
                "state": CaseState.NEW.value,
                "opened_at": now,
                "changed_at": now,
                **_columns(change),
                "model": model,
                "threshold": threshold,
                "version": 1,
                "ladders": 0,
            },
        ).scalar_one()
        numbered = self._db.execute(
            _NUMBER_CASE, {"case_id": case_id, "new_number": f"QX{year}-{case_id:06d}"}
        )
        return load_case(numbered.mappings().one())

    def revise(self, case_id: int, change: CaseFacts, now: datetime) -> Case:
        """Write what a further document told."""
        told = {f"new_{column}": value for column, value in _columns(change).items()}
        revised = self._db.execute(_REVISE, {"case_id": case_id, "new_changed_at": now, **told})
        return load_case(revised.mappings().one())

    def change_state(
        self,
        case_id: int,
        *,
        expected_version: int,
        state: CaseState,
        now: datetime,
        owner: str | None,
        referred_to: ReferralBody | None = None,
    ) -> Case:
        """Make a step, if nobody changed the case since it was looked at.

        Raises:
            IllegalStepError: The case is not of that version any more.
        """
        changed = self._db.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id, CaseRow.version == expected_version)
            .values(
                state=state.value,
                changed_at=now,
                owner=owner,
                referred_to=referred_to.value if referred_to else None,
                version=CaseRow.version + 1,
            )
        )
        if changed.rowcount != 1:
            raise IllegalStepError(_CHANGED_BEFORE)
        return self.get(case_id)

    def take_first(self, case_id: int, person: str) -> bool:
        """Make whoever heard first responsible, if nobody is yet; no version, it is no step."""
        taken = self._db.execute(
            update(CaseRow)
            .where(CaseRow.id == case_id, CaseRow.owner.is_(None))
            .values(owner=person)
        )
        return taken.rowcount == 1

    def give_to(self, case_id: int, person: str, *, expected_version: int, now: datetime) -> Case:
        """Change the owner and nothing else.

        Raises:
            IllegalStepError: The case is not of that version any more.
        """
        case = self.get(case_id)
        return self.change_state(
            case_id,
            expected_version=expected_version,
            state=case.state,
            now=now,
            owner=person,
            referred_to=case.referred_to,
        )

    def correct(
        self, case_id: int, change: CaseFacts, *, expected_version: int, now: datetime
    ) -> Case:
        """Write what an officer has verified.

        Raises:
            IllegalStepError: The case is not of that version any more.
        """
        if self.get(case_id).version != expected_version:
            raise IllegalStepError(_CHANGED_BEFORE)
        return self.revise(case_id, change, now)

    def list_after(
        self,
        case_id: int,
        *,
        limit: int,
        changed_since: datetime | None = None,
        state: CaseState | None = None,
    ) -> list[Case]:
        """Cases with a greater number, in the order of their numbers."""
        query = select(CaseRow.__table__).where(CaseRow.id > case_id)
        if changed_since is not None:
            query = query.where(CaseRow.changed_at >= changed_since)
        if state is not None:
            query = query.where(CaseRow.state == state.value)
        rows = self._db.execute(query.order_by(CaseRow.id).limit(limit)).mappings()
        return [load_case(row) for row in rows]

    def find_mark(self) -> str:
        """A mark that differs once any case, or any alert that waits, has changed."""
        newest = self._db.scalar(select(func.max(CaseRow.changed_at)))
        alerts, last = self._db.execute(
            select(func.count(), func.max(AlertRow.id)).where(sql(OPEN_ALERT))
        ).one()
        return f"{newest.timestamp() if newest else 0}-{alerts}-{last or 0}"

    def find_id(self, number: str) -> int | None:
        """The case of a number such as QX2026-000012."""
        return self._db.scalar(select(CaseRow.id).where(CaseRow.number == number))

    def move_documents(
        self, documents: Sequence[int], from_case: int, into_case: int, because: str, now: datetime
    ) -> None:
        """Put documents of one case into another.

        Raises:
            IllegalStepError: One of them is not in that case any more.
        """
        moved = self._db.execute(
            update(CaseDocumentRow)
            .where(CaseDocumentRow.document_id.in_(documents), CaseDocumentRow.case_id == from_case)
            .values(case_id=into_case, because=because, joined_at=now)
        )
        if moved.rowcount != len(set(documents)):
            raise IllegalStepError(_CHANGED_BEFORE)

    def list_document_ids(self, case_id: int) -> list[int]:
        """The numbers of a case's documents, oldest first."""
        return list(
            self._db.scalars(
                select(CaseDocumentRow.document_id)
                .where(CaseDocumentRow.case_id == case_id)
                .order_by(CaseDocumentRow.document_id)
            )
        )

    def list_changed(self, since: datetime, limit: int) -> list[Case]:
        """Cases changed since a time whose details were taken from an older version, oldest."""
        rows = self._db.execute(
            select(CaseRow.__table__)
            .outerjoin(CaseDetailsRow, CaseDetailsRow.case_id == CaseRow.id)
            .where(
                CaseRow.changed_at >= since,
                or_(
                    CaseDetailsRow.case_id.is_(None),
                    CaseDetailsRow.case_version != CaseRow.version,
                ),
            )
            .order_by(CaseRow.changed_at)
            .limit(limit)
        ).mappings()
        return [load_case(row) for row in rows]

    def get_many(self, case_ids: Sequence[int]) -> list[Case]:
        """Several cases, in the order that is asked for."""
        rows = self._db.execute(
            select(CaseRow.__table__).where(CaseRow.id.in_(case_ids))
        ).mappings()
        found = {row["id"]: load_case(row) for row in rows}
        return [found[each] for each in case_ids if each in found]

    def count_ladder(self, case_id: int) -> int:
        """Count one more thing that is told about a case; return the count."""
        return self._db.execute(_COUNT_LADDER, {"case_id": case_id}).scalar_one()

    def add_document(self, case_id: int, document_id: int, because: str, now: datetime) -> None:
        """Put a document into a case; a document that is in one already stays there."""
        if self._db.scalar(_OF_DOCUMENT, {"document_id": document_id}) is None:
            self._db.execute(
                _ADD_DOCUMENT,
                {
                    "document_id": document_id,
                    "case_id": case_id,
                    "joined_at": now,
                    "because": because,
                },
            )

    def add_signature(
        self, document_id: int, *, algorithm: str, signature: bytes, bands: Sequence[int]
    ) -> None:
        """Remember what a text in a case looks like."""
        self._db.execute(
            _ADD_SIGNATURE,
            {"document_id": document_id, "algorithm": algorithm, "signature": signature},
        )
        self._db.execute(
            _ADD_BANDS, [{"band": band, "document_id": document_id} for band in set(bands)]
        )

    def add_event(self, event: CaseEvent) -> None:
        """Write one line of history."""
        self._db.execute(
            _ADD_EVENT,
            {
                "case_id": event.case_id,
                "at": event.at,
                "actor": event.actor,
                "action": event.action,
                "note": event.note,
            },
        )

    # ---- showing

    def list_documents(self, case_id: int) -> list[tuple[StoredDocument, Assessment]]:
        """The documents of a case with their newest assessment, oldest first."""
        rows = (
            self._db.execute(
                select(DocumentRow.__table__)
                .join(CaseDocumentRow, CaseDocumentRow.document_id == DocumentRow.id)
                .where(CaseDocumentRow.case_id == case_id, DocumentRow.stage != FORGOTTEN_STAGE)
                .order_by(DocumentRow.id)
            )
            .mappings()
            .all()
        )
        assessments = self._db.execute(
            select(AssessmentRow.__table__)
            .where(AssessmentRow.document_id.in_([row["id"] for row in rows]))
            .order_by(AssessmentRow.id)
        ).mappings()
        newest = {row["document_id"]: load_assessment(row) for row in assessments}
        return [(load_document(row), newest[row["id"]]) for row in rows]

    def list_events(self, case_id: int) -> list[CaseEvent]:
        """The history of a case, oldest first."""
        rows = self._db.execute(
            select(CaseEventRow.__table__)
            .where(CaseEventRow.case_id == case_id)
            .order_by(CaseEventRow.id)
        ).mappings()
        return [
            CaseEvent(row["case_id"], row["at"], row["actor"], row["action"], row["note"])
            for row in rows
        ]

    def list_page(self, query: CaseQuery, *, offset: int, limit: int) -> list[Case]:
        """One page of cases, most urgent first, then oldest first."""
        rows = self._db.execute(
            select(CaseRow.__table__)
            .where(_where(query))
            .order_by(CaseRow.level.desc(), CaseRow.opened_at, CaseRow.id)
            .offset(offset)
            .limit(limit)
        ).mappings()
        return [load_case(row) for row in rows]

    def find_page(self, query: CaseQuery, *, offset: int, limit: int) -> tuple[list[Case], int]:
        """One page as `list_page` gives it, and how many there are in all.

        A phrase has to be looked for in every case: that is done once for both answers.
        """
        if not query.text:
            return self.list_page(query, offset=offset, limit=limit), self.count(query)
        hits = select(
            CaseRow.id, CaseRow.level, CaseRow.opened_at, func.count().over().label("total")
        ).where(_where(query))
        found = self._db.execute(
            hits.order_by(CaseRow.level.desc(), CaseRow.opened_at, CaseRow.id)
            .offset(offset)
            .limit(limit)
        ).all()
        if not found:
            return [], self.count(query) if offset else 0
        by_id = {each.case_id: each for each in self.get_many([row[0] for row in found])}
        return [by_id[row[0]] for row in found], found[0][3]

    def count(self, query: CaseQuery) -> int:
        """How many cases a query finds."""
        return self._db.scalar(select(func.count()).select_from(CaseRow).where(_where(query))) or 0

    def count_by_level(self, query: CaseQuery) -> dict[UrgencyLevel, int]:
        """How many cases of each level a query finds."""
        rows = self._db.execute(
            select(CaseRow.level, func.count()).where(_where(query)).group_by(CaseRow.level)
        )
        return {UrgencyLevel(level): count for level, count in rows}

    def count_by_state(self) -> dict[CaseState, int]:
        """How many cases there are in each state."""
        rows = self._db.execute(select(CaseRow.state, func.count()).group_by(CaseRow.state))
        return {CaseState(state): count for state, count in rows}

    def list_unacknowledged(self, case_ids: Sequence[int]) -> set[int]:
        """Which of these cases have an alert that nobody acknowledged."""
        return {
            case_id
            for case_id in self._db.scalars(
                select(AlertRow.case_id)
                .where(AlertRow.case_id.in_(case_ids), sql(OPEN_ALERT))
                .distinct()
            )
            if case_id is not None
        }


def _columns(change: CaseFacts) -> dict[str, object]:
    return {
        "level": int(change.level),
        "points": change.points,
        "reasons": [*change.reasons],
        "employer": change.employer,
        "employer_key": change.employer_key,
        "project": change.project,
        "project_key": change.project_key,
        "place": change.place,
        "workers": change.workers,
        "amount_yuan": change.amount_yuan,
        "danger_to_life": change.danger_to_life,
    }


def _where(query: CaseQuery) -> ColumnElement[bool]:
    wanted: list[ColumnElement[bool]] = [CaseRow.id > 0]
    if query.states is not None:
        wanted.append(CaseRow.state.in_([state.value for state in query.states]))
    if query.level is not None:
        wanted.append(CaseRow.level == int(query.level))
    if query.owner is not None:
        wanted.append(CaseRow.owner == query.owner)
    if query.unacknowledged:
        wanted.append(
            CaseRow.id.in_(
                select(AlertRow.case_id).where(sql(OPEN_ALERT), AlertRow.case_id.is_not(None))
            )
        )
    if query.opened_from is not None:
        wanted.append(CaseRow.opened_at >= query.opened_from)
    if query.opened_before is not None:
        wanted.append(CaseRow.opened_at < query.opened_before)
    if query.text:
        columns = (CaseRow.employer, CaseRow.project, CaseRow.place, CaseRow.number)
        wanted.append(or_(*(each.contains(query.text, autoescape=True) for each in columns)))
    return and_(*wanted)
