"""The duty pages' port (`monitor.desk.duty_views.DutyDesk`), on our storage."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from alerts.continuity import DayBits, Part, count, cover, cut, find_breaks, place
from alerts.duty_calendar import write_calendar
from monitor.desk import roster_pages, rostering
from monitor.desk.codes import hash_code
from monitor.desk.duty_views import (
    BreaksView,
    ContinuityView,
    FindingView,
    HandoverView,
    RosterView,
    SubjectView,
    SwapsView,
)
from monitor.desk.roster_import import TableDraft, read_draft, take_draft
from monitor.desk.stored_desk import DeskPolicy
from monitor.domain import SHANGHAI, Person, Shift
from monitor.duty_nouns import Stretch, SwapOffer
from monitor.errors import NotAllowedError, NotFoundError
from monitor.roster_book import read_roster
from monitor.storage.repositories import Rows
from monitor.storage.session import Storage

WINDOWS = (1, 7, 30, 90)
"""The stretches of time, in days, that continuity is counted over."""

_MOST_BREAKS = 500
_LONGEST_NOTE = 2000
_CALENDAR_BACK, _CALENDAR_AHEAD = timedelta(days=30), timedelta(days=180)
_DAY = timedelta(days=1)


class StoredDutyDesk:
    """Everything the duty pages ask for and do; safe to call from several threads."""

    def __init__(self, storage: Storage, policy: DeskPolicy) -> None:
        """Keep the collaborators; nothing is opened until something is asked."""
        self._storage = storage
        self._policy = policy

    # ---- the roster

    def roster(self, person: Person, first: date | None, now: datetime) -> RosterView:
        """The roster from a day on."""
        policy = self._policy
        with self._storage.look() as rows:
            return roster_pages.view_roster(
                rows,
                policy.rules,
                person,
                needed=policy.needed,
                look_ahead=policy.look_ahead,
                first=first,
                now=now,
            )

    def put_person(
        self, by: Person, stretch: Stretch, username: str | None, note: str, now: datetime
    ) -> None:
        """Put somebody into a stretch of duty."""
        _check_keeper(by)
        with self._storage.work() as rows:
            rostering.put_person(rows, stretch, username, by=by.username, note=note, now=now)

    def withdraw_change(self, by: Person, change_id: int, now: datetime) -> None:
        """Let the plan hold again."""
        _check_keeper(by)
        with self._storage.work() as rows:
            rows.rosters.withdraw_change(change_id, now)

    def add_absence(
        self,
        by: Person,
        username: str,
        starts_at: datetime,
        ends_at: datetime,
        *,
        substitute: str | None,
        now: datetime,
    ) -> None:
        """Say that somebody is away."""
        _check_keeper(by)
        with self._storage.work() as rows:
            rostering.add_absence(
                rows,
                username,
                starts_at,
                ends_at,
                substitute=substitute,
                by=by.username,
                now=now,
            )

    def end_absence(self, by: Person, absence_id: int, now: datetime) -> None:
        """Say that somebody is back."""
        _check_keeper(by)
        with self._storage.work() as rows:
            rows.rosters.withdraw_absence(absence_id, now)

    def read_table(self, by: Person, content: bytes, name: str, now: datetime) -> TableDraft:
        """Read a duty table; changes nothing."""
        _check_keeper(by)
        with self._storage.look() as rows:
            return read_draft(
                rows, content, name, day_starts=self._policy.rules.day_starts, now=now
            )

    def take_table(
        self, by: Person, shifts: Sequence[Shift], basis: str, name: str, now: datetime
    ) -> None:
        """Let a duty table take effect that was shown before."""
        _check_keeper(by)
        with self._storage.work() as rows:
            take_draft(rows, shifts, basis, by=by, name=name, now=now)

    # ---- swaps

    def swaps(self, person: Person, now: datetime) -> SwapsView:
        """The swaps, and what could be exchanged."""
        with self._storage.look() as rows:
            return roster_pages.view_swaps(rows, self._policy.rules, person, now)

    def propose_swap(self, person: Person, offer: SwapOffer, now: datetime) -> None:
        """Ask somebody to take a stretch."""
        with self._storage.work() as rows:
            rostering.propose_swap(rows, self._policy.rules, person, offer, now)

    def answer_swap(self, person: Person, swap_id: int, *, agree: bool, now: datetime) -> None:
        """Agree or decline."""
        with self._storage.work() as rows:
            rostering.answer_swap(rows, self._policy.rules, swap_id, person, agree=agree, now=now)

    def withdraw_swap(self, person: Person, swap_id: int, now: datetime) -> None:
        """Take a proposal back."""
        with self._storage.work() as rows:
            rostering.withdraw_swap(rows, swap_id, person, now)

    # ---- hand-overs

    def handovers(self, person: Person, now: datetime) -> Sequence[HandoverView]:
        """The hand-overs of the last days."""
        with self._storage.look() as rows:
            return roster_pages.list_handovers(rows, self._policy.rules, person, now)

    def handover(self, handover_id: int, person: Person, now: datetime) -> HandoverView:
        """One hand-over."""
        with self._storage.look() as rows:
            return self._view(rows, handover_id, person, now)

    def _view(self, rows: Rows, handover_id: int, person: Person, now: datetime) -> HandoverView:
        return roster_pages.view_handover(rows, self._policy.rules, handover_id, person, now)

    def write_note(self, handover_id: int, person: Person, note: str, now: datetime) -> None:
        """Write what the next person must know."""
        with self._storage.work() as rows:
            if not self._view(rows, handover_id, person, now).may_note:
                raise NotAllowedError("交班说明由交班的人写；接班以后不能再改。")
            rows.handovers.write_note(handover_id, note.strip()[:_LONGEST_NOTE], now)

    def accept_handover(
        self, handover_id: int, person: Person, case_id: int | None, now: datetime
    ) -> None:
        """Take over one case, or all of them and the note."""
        with self._storage.work() as rows:
            view = self._view(rows, handover_id, person, now)
            if not view.may_accept:
                raise NotAllowedError("只有接班的人可以接手。")
            on_sheet = [item.case.case_id for item in view.items]
            taken = on_sheet if case_id is None else [each for each in on_sheet if each == case_id]
            if case_id is None:
                rows.handovers.accept_sheet(handover_id, person.username, now)
            rows.handovers.accept(handover_id, taken, person.username, now)

    # ---- continuity

    def continuity(self, now: datetime) -> ContinuityView:
        """What can be shown of the last 90 days."""
        bits, since = self._read_bits(now)
        names = {each.username: each.display_name for each in self._people()}
        with self._storage.look() as rows:
            findings = rows.watch.list_open()
        return ContinuityView(
            subjects=_view_subjects(bits, now),
            findings=[
                FindingView(
                    each.code,
                    each.message,
                    each.first_seen_at,
                    each.told_at,
                    names.get(each.told_to or "", each.told_to),
                    each.told_through,
                )
                for each in findings
            ],
            since=since,
        )

    def breaks(self, subject: str, now: datetime) -> BreaksView:
        """The breaks of one subject."""
        bits, since = self._read_bits(now, subject)
        if subject not in bits or since is None:
            raise NotFoundError("没有这一项的记录。")
        starts_at = max(
            now - WINDOWS[-1] * _DAY, datetime.combine(since, datetime.min.time(), SHANGHAI)
        )
        found = find_breaks(bits[subject], starts_at, now)
        return BreaksView(
            subject,
            cover(bits[subject], starts_at, now),
            found[: -_MOST_BREAKS - 1 : -1],
            len(found),
        )

    def _people(self) -> list[Person]:
        with self._storage.look() as rows:
            return rows.users.list_all()

    def _read_bits(
        self, now: datetime, subject: str | None = None
    ) -> tuple[dict[str, dict[date, DayBits]], date | None]:
        first = place(now)[0] - WINDOWS[-1] * _DAY
        bits: dict[str, dict[date, DayBits]] = {}
        with self._storage.look() as rows:
            for day, name, observed, good in rows.watch.list_bits(first, subject):
                bits.setdefault(name, {})[day] = DayBits(observed, good)
            since = rows.watch.find_first_day(first)
        return bits, since

    # ---- calendars

    def make_calendar_address(self, person: Person, now: datetime) -> str:
        """Give this person's calendar a new secret address."""
        token = secrets.token_urlsafe(24)
        with self._storage.work() as rows:
            rows.rosters.set_calendar_address(person.username, hash_code(token), now)
        return f"{self._policy.desk_url}/calendar/{token}.ics"

    def read_calendar(self, token: str, now: datetime) -> bytes | None:
        """The calendar behind an address."""
        with self._storage.look() as rows:
            username = rows.rosters.find_calendar_owner(hash_code(token))
            person = rows.users.find(username) if username else None
            if person is None or person.disabled:
                return None
            shifts = read_roster(
                rows, self._policy.rules, now - _CALENDAR_BACK, now + _CALENDAR_AHEAD
            )
        return write_calendar(
            shifts,
            person.username,
            person.display_name,
            desk_url=self._policy.desk_url,
            now=now,
        )


def _check_keeper(person: Person) -> None:
    if not rostering.may_keep(person):
        raise NotAllowedError("值班表由带班领导或管理员调整；自己的班请用换班。")


def _view_subjects(bits: Mapping[str, Mapping[date, DayBits]], now: datetime) -> list[SubjectView]:
    """Count every subject; the stretches are the same for all and are cut once."""
    windows = {window: cut(now - window * _DAY, now) for window in WINDOWS}
    days = [(day, _cut_day(day, now)) for day in _days_shown(now)]
    return [
        SubjectView(
            subject,
            {window: count(known, parts) for window, parts in windows.items()},
            [(day, count(known, parts)) for day, parts in days],
        )
        for subject, known in sorted(bits.items())
    ]


def _days_shown(now: datetime) -> list[date]:
    today = place(now)[0]
    return [today - number * _DAY for number in range(WINDOWS[-1] - 1, -1, -1)]


def _cut_day(day: date, now: datetime) -> list[Part]:
    midnight = datetime.combine(day, datetime.min.time(), SHANGHAI)
    return cut(midnight, min(midnight + _DAY, now))
