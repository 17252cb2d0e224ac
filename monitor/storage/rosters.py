"""What was planned and changed in the roster: rotations, overrides, absences, swaps, calendars."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, insert, or_, select, update

from monitor.domain import DutyRole
from monitor.duty_nouns import (
    Absence,
    DayKind,
    RosterChange,
    Rotation,
    Stretch,
    Swap,
    SwapOffer,
    SwapState,
)
from monitor.errors import NotFoundError
from monitor.storage.duty_tables import (
    AbsenceRow,
    CalendarAddressRow,
    RosterChangeRow,
    RotationRow,
    SwapRow,
)


class RosterRepository:
    """The tables `rotations`, `roster_changes`, `absences`, `swaps` and `calendar_addresses`."""

    def __init__(self, connection: Connection) -> None:
        """Work inside this connection's transaction."""
        self._db = connection

    # ---- rotations

    def add_rotation(self, rotation: Rotation, made_by: str, now: datetime) -> int:
        """Keep a rotation; its number is given out here."""
        return self._db.execute(
            insert(RotationRow)
            .values(
                duty=rotation.duty.value,
                people=[*rotation.people],
                starts_on=rotation.starts_on,
                ends_on=rotation.ends_on,
                days_each=rotation.days_each,
                days=rotation.days.value,
                made_by=made_by,
                made_at=now,
            )
            .returning(RotationRow.id)
        ).scalar_one()

    def remove_rotation(self, rotation_id: int) -> None:
        """Forget a rotation.

        Raises:
            NotFoundError: There is no such rotation.
        """
        removed = self._db.execute(delete(RotationRow).where(RotationRow.id == rotation_id))
        if removed.rowcount == 0:
            raise NotFoundError(f"没有第 {rotation_id} 号轮值")

    def list_rotations(self) -> list[Rotation]:
        """Every rotation, oldest first."""
        rows = self._db.execute(select(RotationRow.__table__).order_by(RotationRow.id)).mappings()
        return [
            Rotation(
                rotation_id=row["id"],
                duty=DutyRole(row["duty"]),
                people=tuple(row["people"]),
                starts_on=row["starts_on"],
                ends_on=row["ends_on"],
                days_each=row["days_each"],
                days=DayKind(row["days"]),
            )
            for row in rows
        ]

    # ---- changes

    def add_change(
        self,
        stretch: Stretch,
        person: str | None,
        made_by: str,
        now: datetime,
        *,
        note: str = "",
        swap_id: int | None = None,
    ) -> int:
        """Put somebody in the place of whoever the plan names; return the change's number."""
        return self._db.execute(
            insert(RosterChangeRow)
            .values(
                duty=stretch.duty.value,
                person=person,
                starts_at=stretch.starts_at,
                ends_at=stretch.ends_at,
                made_by=made_by,
                made_at=now,
                note=note,
                swap_id=swap_id,
            )
            .returning(RosterChangeRow.id)
        ).scalar_one()

    def withdraw_change(self, change_id: int, now: datetime) -> None:
        """Let the plan hold again from now on; what was served stays served.

        Raises:
            NotFoundError: There is no such change, it is over, or it was withdrawn before.
        """
        which = (
            RosterChangeRow.id == change_id,
            RosterChangeRow.withdrawn_at.is_(None),
            RosterChangeRow.ends_at > now,
        )
        cut = self._db.execute(
            update(RosterChangeRow)
            .where(*which, RosterChangeRow.starts_at < now)
            .values(ends_at=now)
        )
        dropped = self._db.execute(update(RosterChangeRow).where(*which).values(withdrawn_at=now))
        if cut.rowcount + dropped.rowcount == 0:
            raise NotFoundError(f"没有第 {change_id} 号调整，或已经过去、撤回")

    def list_changes(self, starts_at: datetime, ends_at: datetime) -> list[RosterChange]:
        """The changes that hold and touch [starts_at, ends_at), in the order they were made."""
        rows = self._db.execute(
            select(RosterChangeRow.__table__)
            .where(
                RosterChangeRow.withdrawn_at.is_(None),
                RosterChangeRow.ends_at > starts_at,
                RosterChangeRow.starts_at < ends_at,
            )
            .order_by(RosterChangeRow.id)
        ).mappings()
        return [
            RosterChange(
                change_id=row["id"],
                duty=DutyRole(row["duty"]),
                person=row["person"],
                starts_at=row["starts_at"],
                ends_at=row["ends_at"],
                made_by=row["made_by"],
                made_at=row["made_at"],
                note=row["note"],
                swap_id=row["swap_id"],
            )
            for row in rows
        ]

    # ---- absences

    def add_absence(
        self,
        person: str,
        starts_at: datetime,
        ends_at: datetime,
        *,
        substitute: str | None,
        made_by: str,
        now: datetime,
    ) -> int:
        """Say that somebody is away; return the absence's number."""
        return self._db.execute(
            insert(AbsenceRow)
            .values(
                person=person,
                starts_at=starts_at,
                ends_at=ends_at,
                substitute=substitute,
                made_by=made_by,
                made_at=now,
            )
            .returning(AbsenceRow.id)
        ).scalar_one()

    def withdraw_absence(self, absence_id: int, now: datetime) -> None:
        """Say that somebody is back from now on.

        Raises:
            NotFoundError: There is no such absence, it is over, or it was withdrawn before.
        """
        which = (
            AbsenceRow.id == absence_id,
            AbsenceRow.withdrawn_at.is_(None),
            AbsenceRow.ends_at > now,
        )
        cut = self._db.execute(
            update(AbsenceRow).where(*which, AbsenceRow.starts_at < now).values(ends_at=now)
        )
        dropped = self._db.execute(update(AbsenceRow).where(*which).values(withdrawn_at=now))
        if cut.rowcount + dropped.rowcount == 0:
            raise NotFoundError(f"没有第 {absence_id} 号请假，或已经过去、撤回")

    def find_absence(self, absence_id: int) -> Absence | None:
        """Look an absence up, whether it holds or not."""
        row = (
            self._db.execute(select(AbsenceRow.__table__).where(AbsenceRow.id == absence_id))
            .mappings()
            .first()
        )
        return None if row is None else _load_absence(row)

    def list_absences(self, starts_at: datetime, ends_at: datetime) -> list[Absence]:
        """The absences that hold and touch [starts_at, ends_at), oldest first."""
        rows = self._db.execute(
            select(AbsenceRow.__table__)
            .where(
                AbsenceRow.withdrawn_at.is_(None),
                AbsenceRow.ends_at > starts_at,
                AbsenceRow.starts_at < ends_at,
            )
            .order_by(AbsenceRow.starts_at, AbsenceRow.id)
        ).mappings()
        return [_load_absence(row) for row in rows]

    # ---- swaps

    def add_swap(self, proposer: str, offer: SwapOffer, now: datetime) -> int:
        """Keep a proposal; return its number."""
        given, taken = offer.given, offer.taken
        return self._db.execute(
            insert(SwapRow)
            .values(
                proposer=proposer,
                other=offer.other,
                given_duty=given.duty.value,
                given_starts_at=given.starts_at,
                given_ends_at=given.ends_at,
                taken_duty=taken.duty.value if taken else None,
                taken_starts_at=taken.starts_at if taken else None,
                taken_ends_at=taken.ends_at if taken else None,
                state=SwapState.PROPOSED.value,
                note=offer.note,
                proposed_at=now,
            )
            .returning(SwapRow.id)
        ).scalar_one()

    def answer_swap(self, swap_id: int, state: SwapState, now: datetime) -> bool:
        """Answer a proposal; True for exactly one caller, False when it was answered before."""
        answered = self._db.execute(
            update(SwapRow)
            .where(SwapRow.id == swap_id, SwapRow.state == SwapState.PROPOSED.value)
            .values(state=state.value, answered_at=now)
        )
        return answered.rowcount == 1

    def expire_swaps(self, now: datetime) -> list[int]:
        """End the proposals whose stretch has begun unanswered; return their numbers."""
        late = self._db.scalars(
            select(SwapRow.id).where(
                SwapRow.state == SwapState.PROPOSED.value,
                or_(SwapRow.given_starts_at <= now, SwapRow.taken_starts_at <= now),
            )
        ).all()
        return [number for number in late if self.answer_swap(number, SwapState.EXPIRED, now)]

    def get_swap(self, swap_id: int) -> Swap:
        """Look a swap up.

        Raises:
            NotFoundError: There is no such swap.
        """
        found = self._swaps(SwapRow.id == swap_id, 1)
        if not found:
            raise NotFoundError(f"没有第 {swap_id} 号换班")
        return found[0]

    def list_swaps(self, states: Collection[SwapState], limit: int = 200) -> list[Swap]:
        """The swaps in these states, newest first."""
        return self._swaps(SwapRow.state.in_([state.value for state in states]), limit)

    def _swaps(self, which: ColumnElement[bool], limit: int) -> list[Swap]:
        rows = self._db.execute(
            select(SwapRow.__table__).where(which).order_by(SwapRow.id.desc()).limit(limit)
        ).mappings()
        return [_load_swap(row) for row in rows]

    # ---- calendars

    def set_calendar_address(self, username: str, token_hash: str, now: datetime) -> None:
        """Give a person's calendar an address; the one before stops working."""
        self._db.execute(delete(CalendarAddressRow).where(CalendarAddressRow.username == username))
        self._db.execute(
            insert(CalendarAddressRow).values(username=username, token_hash=token_hash, made_at=now)
        )

    def find_calendar_address(self, username: str) -> datetime | None:
        """Say since when a person's calendar has an address; None when it has none."""
        return self._db.scalar(
            select(CalendarAddressRow.made_at).where(CalendarAddressRow.username == username)
        )

    def find_calendar_owner(self, token_hash: str) -> str | None:
        """Say whose calendar an address is."""
        return self._db.scalar(
            select(CalendarAddressRow.username).where(CalendarAddressRow.token_hash == token_hash)
        )


def _load_absence(row: RowMapping) -> Absence:
    return Absence(
        absence_id=row["id"],
        person=row["person"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        substitute=row["substitute"],
        made_by=row["made_by"],
        made_at=row["made_at"],
    )


def _load_swap(row: RowMapping) -> Swap:
    taken = (
        Stretch(DutyRole(row["taken_duty"]), row["taken_starts_at"], row["taken_ends_at"])
        if row["taken_duty"]
        else None
    )
    return Swap(
        swap_id=row["id"],
        proposer=row["proposer"],
        other=row["other"],
        given=Stretch(DutyRole(row["given_duty"]), row["given_starts_at"], row["given_ends_at"]),
        taken=taken,
        state=SwapState(row["state"]),
        proposed_at=row["proposed_at"],
        answered_at=row["answered_at"],
        note=row["note"],
    )
