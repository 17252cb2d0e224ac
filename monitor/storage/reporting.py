"""What the weekly report and the public disclosure count. Reads only.

Bounds are instants in UTC, half-open: [since, until). What a case says of workers, sums and names
is what it says now; states and steps come from the history, so a past week counts the same again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select
from sqlalchemy import case as when

from monitor.domain import (
    OPEN_STATES,
    AlertState,
    Case,
    CaseState,
    CaseStep,
    DocumentKind,
    Issue,
    TimePrecision,
)
from monitor.storage.documents import CANARY_SOURCE, is_newest_reading
from monitor.storage.mapping import load_case
from monitor.storage.tables import (
    AlertRow,
    AssessmentRow,
    CaseDocumentRow,
    CaseEventRow,
    CaseRow,
    DocumentRow,
    IssueRow,
    SourceRow,
)

OPENED = "opened"
"""How `case_documents.because` marks the document that opened its case."""

LEADS_TO = {
    CaseStep.ACCEPT: CaseState.ACCEPTED,
    CaseStep.REFER: CaseState.REFERRED,
    CaseStep.NOT_A_CLAIM: CaseState.NOT_A_CLAIM,
    CaseStep.ORDER: CaseState.ORDERED,
    CaseStep.RECORD_PAID: CaseState.PAID,
    CaseStep.CLOSE: CaseState.CLOSED,
    CaseStep.REOPEN: CaseState.REOPENED,
    CaseStep.MERGE: CaseState.MERGED,
}
"""The state that each step leads to."""

_MOST_PARAMETERS = 500


@dataclass(frozen=True, slots=True)
class DocumentCount:
    """How many documents of one source and one kind; `kind` is None while nobody has read them."""

    source: str
    kind: DocumentKind | None
    documents: int


@dataclass(frozen=True, slots=True)
class FirstTold:
    """When the first alert of a case was sent, and when its opening message was published.

    `published_at` is None when the page does not say; `watched_since` when the source is not known.
    """

    case_id: int
    number: str
    sent_at: datetime
    published_at: datetime | None
    precision: TimePrecision
    watched_since: datetime | None


@dataclass(frozen=True, slots=True)
class LadderSpan:
    """One thing that somebody had to acknowledge; None where it has not happened.

    `climbed_at` is when the second step was told; `called_off_at` when a later ladder of the same
    case took its place, which is the only way in which one is called off.
    """

    case_id: int
    number: str
    started_at: datetime
    sent_at: datetime | None
    acknowledged_at: datetime | None
    climbed_at: datetime | None
    called_off_at: datetime | None


class ReportingRepository:
    """Counts over several tables."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def find_watched_since(self) -> datetime | None:
        """When the first source was first watched; None when none ever was."""
        return self._db.scalar(select(func.min(SourceRow.watched_since)))

    def find_watched_sources(self) -> dict[str, datetime]:
        """For each source when it was first watched."""
        rows = self._db.execute(select(SourceRow.name, SourceRow.watched_since))
        return {name: watched_since for name, watched_since in rows}  # noqa: C416 - rows have no keys()

    # ---- cases

    def list_opened(self, since: datetime, until: datetime) -> list[Case]:
        """The cases that were opened in this time, most urgent first, then oldest first."""
        rows = self._db.execute(
            select(CaseRow.__table__)
            .where(CaseRow.opened_at >= since, CaseRow.opened_at < until)
            .order_by(CaseRow.level.desc(), CaseRow.opened_at, CaseRow.id)
        ).mappings()
        return [load_case(row) for row in rows]

    def count_open_at(self, at: datetime) -> dict[CaseState, int]:
        """How many cases stood in each open state at an instant, by their history."""
        last = (
            select(CaseEventRow.case_id, func.max(CaseEventRow.id).label("event_id"))
            .where(CaseEventRow.action.in_([step.value for step in CaseStep]), CaseEventRow.at < at)
            .group_by(CaseEventRow.case_id)
            .subquery()
        )
        rows = self._db.execute(
            select(CaseEventRow.action, func.count())
            .select_from(CaseRow)
            .outerjoin(last, last.c.case_id == CaseRow.id)
            .outerjoin(CaseEventRow, CaseEventRow.id == last.c.event_id)
            .where(CaseRow.opened_at < at)
            .group_by(CaseEventRow.action)
        )
        counts = {
            LEADS_TO[CaseStep(action)] if action else CaseState.NEW: count for action, count in rows
        }
        return {state: count for state, count in counts.items() if state in OPEN_STATES}

    # ---- documents

    def count_documents(self, since: datetime, until: datetime) -> list[DocumentCount]:
        """Documents fetched in this time; a changed text counts as one more."""
        rows = self._db.execute(
            select(DocumentRow.source, AssessmentRow.kind, func.count())
            .select_from(DocumentRow)
            .outerjoin(AssessmentRow, is_newest_reading())
            .where(
                DocumentRow.fetched_at >= since,
                DocumentRow.fetched_at < until,
                DocumentRow.source != CANARY_SOURCE,
            )
            .group_by(DocumentRow.source, AssessmentRow.kind)
            .order_by(DocumentRow.source, AssessmentRow.kind)
        )
        return [
            DocumentCount(source, DocumentKind(kind) if kind else None, count)
            for source, kind, count in rows
        ]

    def count_documents_by_source(self, since: datetime, until: datetime) -> list[DocumentCount]:
        """Documents fetched in this time, whatever their kind; costs no look at the readings."""
        rows = self._db.execute(
            select(DocumentRow.source, func.count())
            .where(DocumentRow.fetched_at >= since, DocumentRow.fetched_at < until)
            .group_by(DocumentRow.source)
            .order_by(DocumentRow.source)
        )
        return [DocumentCount(source, None, count) for source, count in rows]

    def count_all_documents(self) -> int:
        """How many texts are stored."""
        counted = select(func.count()).select_from(DocumentRow)
        return self._db.scalar(counted.where(DocumentRow.source != CANARY_SOURCE)) or 0

    # ---- alerts

    def list_first_told(self, since: datetime, until: datetime) -> list[FirstTold]:
        """The cases whose first alert was sent in this time."""
        told_then = select(AlertRow.case_id).where(
            AlertRow.sent_at >= since, AlertRow.sent_at < until
        )
        first = (
            select(AlertRow.case_id, func.min(AlertRow.sent_at).label("sent_at"))
            .where(AlertRow.case_id.in_(told_then), AlertRow.sent_at.is_not(None))
            .group_by(AlertRow.case_id)
            .subquery()
        )
        rows = self._db.execute(
            select(
                first.c.case_id,
                CaseRow.number,
                first.c.sent_at,
                DocumentRow.published_at,
                DocumentRow.precision,
                SourceRow.watched_since,
            )
            .select_from(first)
            .join(CaseRow, CaseRow.id == first.c.case_id)
            .join(
                CaseDocumentRow,
                and_(CaseDocumentRow.case_id == first.c.case_id, CaseDocumentRow.because == OPENED),
            )
            .join(DocumentRow, DocumentRow.id == CaseDocumentRow.document_id)
            .outerjoin(SourceRow, SourceRow.name == DocumentRow.source)
            .where(first.c.sent_at >= since, first.c.sent_at < until)
            .order_by(first.c.case_id)
        )
        return [
            FirstTold(case_id, number, sent_at, published, TimePrecision(precision), watched_since)
            for case_id, number, sent_at, published, precision, watched_since in rows
        ]

    def list_ladders(self, since: datetime, until: datetime) -> list[LadderSpan]:
        """What was raised or acknowledged in this time; test messages are left out."""
        touched = select(AlertRow.ladder_key).where(
            AlertRow.case_id.is_not(None),
            or_(
                and_(AlertRow.ladder_started_at >= since, AlertRow.ladder_started_at < until),
                and_(AlertRow.acknowledged_at >= since, AlertRow.acknowledged_at < until),
            ),
        )
        climbed = when((AlertRow.step > 0, AlertRow.raised_at))
        called_off = when((AlertRow.state == AlertState.CALLED_OFF.value, 1), else_=0)
        rows = self._db.execute(
            select(
                CaseRow.id,
                func.min(CaseRow.number),
                func.min(AlertRow.ladder_started_at),
                func.min(AlertRow.sent_at),
                func.min(AlertRow.acknowledged_at),
                func.min(climbed),
                func.max(called_off),
            )
            .join(CaseRow, CaseRow.id == AlertRow.case_id)
            .where(AlertRow.ladder_key.in_(touched))
            .group_by(AlertRow.ladder_key, CaseRow.id)
            .order_by(func.min(AlertRow.ladder_started_at), AlertRow.ladder_key)
        ).all()
        later = self._list_ladder_starts([row[0] for row in rows if row[6]])
        return [
            LadderSpan(
                row[0],
                row[1],
                row[2],
                row[3],
                row[4],
                row[5],
                called_off_at=min(
                    (each for each in later.get(row[0], ()) if each > row[2]), default=row[2]
                )
                if row[6]
                else None,
            )
            for row in rows
        ]

    def _list_ladder_starts(self, case_ids: Sequence[int]) -> dict[int, list[datetime]]:
        starts: dict[int, list[datetime]] = {}
        for start in range(0, len(case_ids), _MOST_PARAMETERS):
            rows = self._db.execute(
                select(AlertRow.case_id, AlertRow.ladder_started_at)
                .where(AlertRow.case_id.in_(case_ids[start : start + _MOST_PARAMETERS]))
                .distinct()
            )
            for case_id, started_at in rows:
                starts.setdefault(case_id or 0, []).append(started_at)
        return starts

    # ---- the watch

    def list_issues(self, since: datetime, until: datetime) -> list[Issue]:
        """Every issue that was open at some time in between, oldest first."""
        rows = self._db.execute(
            select(IssueRow.__table__)
            .where(
                IssueRow.opened_at < until,
                or_(IssueRow.closed_at.is_(None), IssueRow.closed_at > since),
            )
            .order_by(IssueRow.opened_at, IssueRow.id)
        ).mappings()
        return [
            Issue(
                code=row["code"],
                subject=row["subject"],
                message=row["message"],
                opened_at=row["opened_at"],
                last_seen_at=row["last_seen_at"],
                count=row["count"],
                closed_at=row["closed_at"],
            )
            for row in rows
        ]
