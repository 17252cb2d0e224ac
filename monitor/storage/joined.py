"""What a report takes from the ledger: payments, class C, deadlines, labels. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, or_, select

from monitor.casework import ClockKind
from monitor.domain import DocumentKind
from monitor.storage.ledger_tables import (
    CaseClockRow,
    CaseDetailsRow,
    LabelRow,
    PartyRow,
    PaymentRow,
)
from monitor.storage.tables import AssessmentRow, CaseDocumentRow, CaseRow


@dataclass(frozen=True, slots=True)
class PaidLine:
    """One payment: of which case, when, to how many, how much in yuan."""

    case_id: int
    number: str
    paid_on: date
    workers: int
    amount_yuan: float


@dataclass(frozen=True, slots=True)
class PartyOfClass:
    """A party, whoever is responsible for it, and its cases (of any state)."""

    name: str
    person: str | None
    case_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class CaseDeadline:
    """A deadline of a case, as it was reckoned last; the last day on which it is kept."""

    case_id: int
    number: str
    kind: ClockKind
    starts_on: date
    due_on: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class LabelledReading:
    """What a reviewer said of a document, and what the model that he saw had made of it.

    `kind` is None where that reading is gone.
    """

    document_id: int
    at: datetime
    model: str
    kind: DocumentKind | None
    is_claim: bool


class JoinedRepository:
    """The ledger's tables, as a report reads them."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def list_payments(self, first: date, last: date) -> list[PaidLine]:
        """What was paid on these days, both included; what was struck out is left out."""
        rows = self._db.execute(
            select(
                PaymentRow.case_id,
                CaseRow.number,
                PaymentRow.paid_on,
                PaymentRow.workers,
                PaymentRow.amount_yuan,
            )
            .join(CaseRow, CaseRow.id == PaymentRow.case_id)
            .where(
                PaymentRow.paid_on >= first,
                PaymentRow.paid_on <= last,
                PaymentRow.voided_by.is_(None),
            )
            .order_by(PaymentRow.paid_on, PaymentRow.id)
        )
        return [PaidLine(*row) for row in rows]

    def list_deadlines(self, first: date, last: date, horizon: date) -> list[CaseDeadline]:
        """The deadlines that ran at some time on these days and end by the horizon.

        What ended before `first` may be among them, never the other way round: the day on which a
        clock stopped is only known to be no later than the table says.
        """
        rows = self._db.execute(
            select(
                CaseClockRow.case_id,
                CaseRow.number,
                CaseClockRow.kind,
                CaseClockRow.starts_on,
                CaseClockRow.due_on,
                CaseClockRow.provisional,
            )
            .join(CaseRow, CaseRow.id == CaseClockRow.case_id)
            .where(
                CaseClockRow.starts_on <= last,
                CaseClockRow.due_on <= horizon,
                or_(CaseClockRow.stopped_on.is_(None), CaseClockRow.stopped_on >= first),
            )
            .order_by(CaseClockRow.due_on, CaseClockRow.case_id, CaseClockRow.kind)
        )
        return [
            CaseDeadline(case_id, number, ClockKind(kind), starts_on, due_on, provisional)
            for case_id, number, kind, starts_on, due_on, provisional in rows
        ]

    def list_labelled(self, since: datetime, until: datetime) -> list[LabelledReading]:
        """What reviewers said in this time, oldest first; of a document their last word."""
        rows = self._db.execute(
            select(
                LabelRow.document_id,
                LabelRow.at,
                LabelRow.model,
                AssessmentRow.kind,
                LabelRow.is_claim,
            )
            .outerjoin(
                AssessmentRow,
                and_(
                    AssessmentRow.document_id == LabelRow.document_id,
                    AssessmentRow.model == LabelRow.model,
                ),
            )
            .where(LabelRow.at >= since, LabelRow.at < until)
            .order_by(LabelRow.id)
        )
        last = {
            row.document_id: LabelledReading(
                row.document_id,
                row.at,
                row.model,
                DocumentKind(row.kind) if row.kind else None,
                row.is_claim,
            )
            for row in rows
        }
        return sorted(last.values(), key=lambda each: each.at)

    def find_cases_of(self, document_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
        """The case that each of a page's documents joined, by number and name; none for some."""
        rows = self._db.execute(
            select(CaseDocumentRow.document_id, CaseRow.id, CaseRow.number)
            .join(CaseRow, CaseRow.id == CaseDocumentRow.case_id)
            .where(CaseDocumentRow.document_id.in_(document_ids))
        )
        return {document_id: (case_id, number) for document_id, case_id, number in rows}

    def list_of_class(self, party_class: str) -> list[PartyOfClass]:
        """The parties of a class as it is now, by name; merged ones stand under their winner."""
        parties = self._db.execute(
            select(
                PartyRow.id,
                PartyRow.name,
                PartyRow.inspector,
                PartyRow.sector_officer,
                PartyRow.local_leader,
            )
            .where(PartyRow.party_class == party_class, PartyRow.merged_into.is_(None))
            .order_by(PartyRow.name, PartyRow.id)
        ).all()
        cases: dict[int, set[int]] = {}
        of_class = select(PartyRow.id).where(PartyRow.party_class == party_class)
        rows = self._db.execute(
            select(
                CaseDetailsRow.case_id, CaseDetailsRow.employer_party, CaseDetailsRow.project_party
            ).where(
                or_(
                    CaseDetailsRow.employer_party.in_(of_class),
                    CaseDetailsRow.project_party.in_(of_class),
                )
            )
        )
        for case_id, employer, project in rows:
            for party in {employer, project}:
                if party is not None:
                    cases.setdefault(party, set()).add(case_id)
        return [
            PartyOfClass(
                each.name,
                each.inspector or each.sector_officer or each.local_leader or None,
                frozenset(cases.get(each.id, ())),
            )
            for each in parties
        ]
