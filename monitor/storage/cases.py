"""Cases, the documents in them, and their history."""

import secrets
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import (
    Connection,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy import text as sql

from monitor.domain import (
    Assessment,
    Case,
    CaseEvent,
    CaseFacts,
    CaseState,
    ReferralBody,
    StoredDocument,
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
_TOLD = tuple(column.name for column in fields(CaseFacts))

# What is asked and written for every claim is built once, here: SQLAlchemy takes far longer to put
# a statement together than SQLite takes to answer it (`docs/benchmarks.md`).
_BY_ID = select(CaseRow.__table__).where(CaseRow.id == bindparam("case_id"))
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
