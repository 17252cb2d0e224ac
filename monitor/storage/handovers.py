"""Hand-overs: from whom to whom, what, and who took it over."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, insert, or_, select, update

from monitor.domain import AlertState, CaseState, DutyRole
from monitor.duty_nouns import Handover, HandoverItem
from monitor.storage.duty_tables import HandoverItemRow, HandoverRow
from monitor.storage.mapping import load_case
from monitor.storage.tables import AlertRow, CaseEventRow, CaseRow

_UNDECIDED = (CaseState.NEW.value, CaseState.REOPENED.value)
_WAITING = (AlertState.DUE.value, AlertState.SENT.value)


class HandoverRepository:
    """The tables `handovers` and `handover_items`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    def open(self, duty: DutyRole, leaving: str, coming: str, at: datetime) -> int:
        """Open the sheet of one change; while it has not come, a swap may still change who comes.

        Returns:
            The sheet's number; that of the open one when there is one already.
        """
        known = self._find(and_(HandoverRow.duty == duty.value, HandoverRow.at == at))
        if known:
            if (known[0].leaving, known[0].coming) != (leaving, coming):
                self._db.execute(
                    update(HandoverRow)
                    .where(
                        HandoverRow.id == known[0].handover_id, HandoverRow.accepted_at.is_(None)
                    )
                    .values(leaving=leaving, coming=coming)
                )
            return known[0].handover_id
        return self._db.execute(
            insert(HandoverRow)
            .values(duty=duty.value, leaving=leaving, coming=coming, at=at, note="")
            .returning(HandoverRow.id)
        ).scalar_one()

    def list_matters(self, person: str, before: datetime) -> list[tuple[int, bool]]:
        """The cases that are a person's to hand over: nobody has decided on them yet.

        Those whose alert was raised to this person before `before`, or that this person has
        acknowledged; True where somebody has acknowledged.
        """
        told = exists().where(
            AlertRow.case_id == CaseRow.id,
            AlertRow.raised_at < before,
            or_(AlertRow.person == person, AlertRow.acknowledged_by == person),
        )
        waits = exists().where(AlertRow.case_id == CaseRow.id, AlertRow.state.in_(_WAITING))
        taken_by_others = exists().where(
            CaseEventRow.case_id == CaseRow.id,
            CaseEventRow.action == "acknowledged",
            CaseEventRow.actor != person,
        )
        taken_by_me = exists().where(
            CaseEventRow.case_id == CaseRow.id,
            CaseEventRow.action == "acknowledged",
            CaseEventRow.actor == person,
        )
        rows = self._db.execute(
            select(CaseRow.id, waits)
            .where(CaseRow.state.in_(_UNDECIDED), told, or_(waits, taken_by_me, ~taken_by_others))
            .order_by(CaseRow.level.desc(), CaseRow.id)
        )
        return [(case_id, not waiting) for case_id, waiting in rows]

    def add_item(self, handover_id: int, case_id: int, *, is_acknowledged: bool) -> None:
        """Put a case on a sheet; harmless when it stands there."""
        changed = self._db.execute(
            update(HandoverItemRow)
            .where(HandoverItemRow.handover_id == handover_id, HandoverItemRow.case_id == case_id)
            .values(is_acknowledged=is_acknowledged)
        )
        if changed.rowcount == 0:
            self._db.execute(
                insert(HandoverItemRow).values(
                    handover_id=handover_id, case_id=case_id, is_acknowledged=is_acknowledged
                )
            )

    def write_note(self, handover_id: int, note: str, now: datetime) -> None:
        """Keep what the leaving person tells the next."""
        self._db.execute(
            update(HandoverRow).where(HandoverRow.id == handover_id).values(note=note, noted_at=now)
        )

    def accept_sheet(self, handover_id: int, person: str, now: datetime) -> None:
        """Write down that the note was read and the sheet accepted; the first one holds."""
        self._db.execute(
            update(HandoverRow)
            .where(HandoverRow.id == handover_id, HandoverRow.accepted_at.is_(None))
            .values(accepted_at=now, accepted_by=person)
        )

    def accept(
        self, handover_id: int, case_ids: Collection[int], person: str, now: datetime
    ) -> int:
        """Take these cases over; return how many were taken now."""
        taken = self._db.execute(
            update(HandoverItemRow)
            .where(
                HandoverItemRow.handover_id == handover_id,
                HandoverItemRow.case_id.in_([*case_ids]),
                HandoverItemRow.accepted_at.is_(None),
            )
            .values(accepted_at=now, accepted_by=person)
        )
        return taken.rowcount

    def take_case(self, case_id: int, person: str, now: datetime) -> None:
        """Write down that somebody took a case up who is not the one who left with it."""
        left_by_others = select(HandoverRow.id).where(HandoverRow.leaving != person)
        self._db.execute(
            update(HandoverItemRow)
            .where(
                HandoverItemRow.case_id == case_id,
                HandoverItemRow.accepted_at.is_(None),
                HandoverItemRow.handover_id.in_(left_by_others),
            )
            .values(accepted_at=now, accepted_by=person)
        )

    def find(self, handover_id: int) -> Handover | None:
        """Look a sheet up."""
        found = self._find(HandoverRow.id == handover_id)
        return found[0] if found else None

    def list_recent(self, since: datetime) -> list[Handover]:
        """The sheets of changes since then, newest first."""
        return self._find(HandoverRow.at >= since)

    def list_items(self, handover_id: int) -> list[HandoverItem]:
        """The cases of a sheet as they are now, most urgent first."""
        rows = self._db.execute(
            select(
                CaseRow.__table__,
                HandoverItemRow.is_acknowledged,
                HandoverItemRow.accepted_at,
                HandoverItemRow.accepted_by,
            )
            .join(HandoverItemRow, HandoverItemRow.case_id == CaseRow.id)
            .where(HandoverItemRow.handover_id == handover_id)
            .order_by(CaseRow.level.desc(), CaseRow.id)
        ).mappings()
        return [
            HandoverItem(
                case=load_case(row),
                is_acknowledged=row["is_acknowledged"],
                accepted_at=row["accepted_at"],
                accepted_by=row["accepted_by"],
            )
            for row in rows
        ]

    def find_holder(self, case_id: int) -> str | None:
        """Say with whom a case stays by the newest hand-over: who accepted it, else who left."""
        row = self._db.execute(
            select(HandoverItemRow.accepted_by, HandoverRow.leaving)
            .join(HandoverRow, HandoverRow.id == HandoverItemRow.handover_id)
            .where(HandoverItemRow.case_id == case_id)
            .order_by(HandoverRow.at.desc())
            .limit(1)
        ).first()
        return None if row is None else row[0] or row[1]

    def _find(self, which: ColumnElement[bool]) -> list[Handover]:
        rows = self._db.execute(
            select(HandoverRow.__table__).where(which).order_by(HandoverRow.at.desc())
        ).mappings()
        return [
            Handover(
                handover_id=row["id"],
                duty=DutyRole(row["duty"]),
                leaving=row["leaving"],
                coming=row["coming"],
                at=row["at"],
                note=row["note"],
                noted_at=row["noted_at"],
                accepted_at=row["accepted_at"],
                accepted_by=row["accepted_by"],
            )
            for row in rows
        ]
