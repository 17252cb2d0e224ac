"""What a report counts, as it stood at a past instant. Reads only.

Bounds are instants in UTC, half-open: [since, until). States come from the history and facts from
the documents that had joined by then, so that a past period counts the same again.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from monitor.domain import Assessment, Case, CaseState, CaseStep, ReferralBody
from monitor.storage.mapping import load_assessment, load_case
from monitor.storage.reporting import LEADS_TO
from monitor.storage.tables import (
    AssessmentRow,
    CaseDocumentRow,
    CaseEventRow,
    CaseRow,
    DocumentRow,
)
from monitor.storage.tallied import PartyMessage, PastCase, ReadHour, StepEvent, Told

_MOST_PARAMETERS = 500
_STEPS = [step.value for step in CaseStep]
_OPENING_STEPS = [
    step.value
    for step, state in LEADS_TO.items()
    if state not in {CaseState.CLOSED, CaseState.NOT_A_CLAIM}
]


class TallyRepository:
    """Counts over cases, their history and their documents."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- cases

    def list_past_cases(self, since: datetime, until: datetime) -> list[PastCase]:
        """Cases opened in [since, until) and those that stood open at `until`, as they stood then.

        Most urgent first, then oldest first.
        """
        last = (
            select(CaseEventRow.case_id, func.max(CaseEventRow.id).label("event_id"))
            .where(CaseEventRow.action.in_(_STEPS), CaseEventRow.at < until)
            .group_by(CaseEventRow.case_id)
            .subquery()
        )
        rows = self._db.execute(
            select(
                CaseRow.__table__,
                CaseEventRow.action.label("last_action"),
                CaseEventRow.at.label("last_at"),
                CaseEventRow.note.label("last_note"),
            )
            .select_from(CaseRow)
            .outerjoin(last, last.c.case_id == CaseRow.id)
            .outerjoin(CaseEventRow, CaseEventRow.id == last.c.event_id)
            .where(
                CaseRow.opened_at < until,
                or_(
                    CaseRow.opened_at >= since,
                    last.c.event_id.is_(None),
                    CaseEventRow.action.in_(_OPENING_STEPS),
                ),
            )
            .order_by(CaseRow.level.desc(), CaseRow.opened_at, CaseRow.id)
        ).mappings()
        return [_past_case(row) for row in rows]

    def find_late_joined(self, case_ids: Sequence[int], until: datetime) -> set[int]:
        """Those of these cases that a document joined at or after an instant."""
        return {
            case_id
            for some in _chunks(case_ids)
            for case_id in self._db.scalars(
                select(CaseDocumentRow.case_id)
                .where(CaseDocumentRow.case_id.in_(some), CaseDocumentRow.joined_at >= until)
                .distinct()
            )
        }

    def list_told(self, case_ids: Sequence[int]) -> list[Told]:
        """What the documents of these cases told, oldest first, by their newest reading."""
        found: dict[int, Told] = {}
        # Taken out by the database: to parse all facts here took a third of the counting.
        sector = AssessmentRow.facts["sector", "value"].as_string()
        public_project = AssessmentRow.facts["public_project", "value"].as_boolean()
        for some in _chunks(case_ids):
            rows = self._db.execute(
                select(
                    CaseDocumentRow.case_id,
                    CaseDocumentRow.document_id,
                    CaseDocumentRow.joined_at,
                    sector,
                    public_project,
                )
                .join(AssessmentRow, AssessmentRow.document_id == CaseDocumentRow.document_id)
                .where(CaseDocumentRow.case_id.in_(some))
                .order_by(CaseDocumentRow.document_id, AssessmentRow.id)
            )
            for row in rows:
                found[row.document_id] = Told(*row)  # the newest reading of a document stays
        return sorted(found.values(), key=lambda each: each.document_id)

    def list_assessments(
        self, case_ids: Sequence[int], until: datetime
    ) -> dict[int, list[tuple[Assessment, str]]]:
        """For each case what its documents said that had joined by then, with why they joined."""
        found: dict[int, list[tuple[Assessment, str]]] = {}
        for some in _chunks(case_ids):
            rows = self._db.execute(
                select(AssessmentRow.__table__, CaseDocumentRow.case_id, CaseDocumentRow.because)
                .join(CaseDocumentRow, CaseDocumentRow.document_id == AssessmentRow.document_id)
                .where(CaseDocumentRow.case_id.in_(some), CaseDocumentRow.joined_at < until)
                .order_by(CaseDocumentRow.joined_at, AssessmentRow.document_id, AssessmentRow.id)
            ).mappings()
            for row in rows:
                found.setdefault(row["case_id"], []).append((load_assessment(row), row["because"]))
        return found

    # ---- steps

    def list_steps(self, since: datetime, until: datetime) -> list[StepEvent]:
        """Every step made in this time, oldest first."""
        return self._steps(CaseEventRow.at >= since, CaseEventRow.at < until)

    def list_steps_of(self, case_ids: Sequence[int], until: datetime) -> list[StepEvent]:
        """Every step on these cases before an instant, oldest first within a case."""
        return [
            step
            for some in _chunks(case_ids)
            for step in self._steps(CaseEventRow.case_id.in_(some), CaseEventRow.at < until)
        ]

    def _steps(self, *which: ColumnElement[bool]) -> list[StepEvent]:
        rows = self._db.execute(
            select(
                CaseEventRow.case_id,
                CaseRow.number,
                CaseRow.opened_at,
                CaseEventRow.action,
                CaseEventRow.at,
                CaseEventRow.note,
            )
            .join(CaseRow, CaseRow.id == CaseEventRow.case_id)
            .where(CaseEventRow.action.in_(_STEPS), *which)
            .order_by(CaseEventRow.at, CaseEventRow.id)
        )
        return [
            StepEvent(
                case_id,
                number,
                opened_at,
                CaseStep(action),
                at,
                _body_of(note) if action == CaseStep.REFER else None,
            )
            for case_id, number, opened_at, action, at, note in rows
        ]

    def list_opened_at(self, since: datetime, until: datetime) -> list[datetime]:
        """When each case of this time was opened, oldest first."""
        return [
            *self._db.scalars(
                select(CaseRow.opened_at)
                .where(CaseRow.opened_at >= since, CaseRow.opened_at < until)
                .order_by(CaseRow.opened_at)
            )
        ]

    def list_closed_at(self, since: datetime, until: datetime) -> list[datetime]:
        """When cases were struck off in this time, oldest first."""
        return [
            *self._db.scalars(
                select(CaseEventRow.at)
                .where(
                    CaseEventRow.action == CaseStep.CLOSE.value,
                    CaseEventRow.at >= since,
                    CaseEventRow.at < until,
                )
                .order_by(CaseEventRow.at)
            )
        ]

    # ---- messages

    def list_party_messages(self, since: datetime, until: datetime) -> list[PartyMessage]:
        """The messages that joined cases in this time, oldest first."""
        rows = self._db.execute(
            select(
                CaseDocumentRow.case_id,
                CaseRow.employer,
                CaseRow.employer_key,
                CaseRow.project,
                CaseRow.project_key,
                DocumentRow.source,
                DocumentRow.item_key,
                CaseDocumentRow.joined_at,
            )
            .join(CaseRow, CaseRow.id == CaseDocumentRow.case_id)
            .join(DocumentRow, DocumentRow.id == CaseDocumentRow.document_id)
            .where(CaseDocumentRow.joined_at >= since, CaseDocumentRow.joined_at < until)
            .order_by(CaseDocumentRow.joined_at, CaseDocumentRow.document_id)
        )
        return [PartyMessage(*row) for row in rows]

    def list_read_hours(self, since: datetime, until: datetime) -> list[ReadHour]:
        """The hours in which a document was fetched, in order."""
        hour = (
            func.substr(
                DocumentRow.fetched_at, 1, 13
            )  # 2026-11-23 10; strftime takes half as long again
            if self._db.dialect.name == "sqlite"
            else func.date_trunc("hour", DocumentRow.fetched_at)
        )
        first, last = func.min(DocumentRow.fetched_at), func.max(DocumentRow.fetched_at)
        rows = self._db.execute(
            select(first, last, func.count())
            .where(DocumentRow.fetched_at >= since, DocumentRow.fetched_at < until)
            .group_by(hour)
            .order_by(hour)
        )
        return [ReadHour(*row) for row in rows]

    def list_fetched(self, since: datetime, until: datetime) -> list[tuple[str, datetime]]:
        """The source and the time of every document fetched in this time, oldest first."""
        rows = self._db.execute(
            select(DocumentRow.source, DocumentRow.fetched_at)
            .where(DocumentRow.fetched_at >= since, DocumentRow.fetched_at < until)
            .order_by(DocumentRow.fetched_at)
        )
        return [(source, at) for source, at in rows]


def _past_case(row: Any) -> PastCase:
    action = row["last_action"]
    state = LEADS_TO[CaseStep(action)] if action else CaseState.NEW
    body = _body_of(row["last_note"]) if action == CaseStep.REFER else None
    now = load_case(row)
    changed = {name: getattr(now, name) for name in type(now).__slots__}
    return PastCase(Case(**changed | {"state": state, "referred_to": body}), row["last_at"])


def _body_of(note: str) -> ReferralBody | None:
    """The body that a referral names: its note is `body：reason`."""
    name = note.partition("：")[0]
    return ReferralBody(name) if name in set(ReferralBody) else None


def _chunks(case_ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(case_ids), _MOST_PARAMETERS):
        yield case_ids[start : start + _MOST_PARAMETERS]
