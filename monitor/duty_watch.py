"""The duty step of `work`: what must be told although no document came.

Held alerts when the quiet hours end; cases that nobody touches; gaps and double bookings before
they come; swaps that wait for an answer; hand-overs that nobody took. Like every step it finds its
own work in the database and may be run twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from alerts.announcing import (
    announce_handover,
    announce_swap,
    announce_troubles,
    announce_visits,
    shown_double,
    shown_gap,
    trouble_keys,
)
from alerts.handover import find_changes, is_late, stays
from alerts.quiet import QuietHours, find_release
from alerts.settling import Troubles
from monitor.domain import (
    SHANGHAI,
    AlertReason,
    CaseState,
    DutyRole,
    LadderStep,
    Shift,
    UrgencyLevel,
)
from monitor.duty_nouns import CallOff, Notice, SwapState
from monitor.errors import LeaseLostError
from monitor.pipeline import DutyPolicy, Raiser, Turn, UnitOfWork
from monitor.roster_book import read_roster_around, read_troubles
from monitor.storage.patrols import DueVisits
from monitor.storage.repositories import Rows

DUTY_LEASE = "duty"
ROSTER_CODE = "R300"
"""The code of a trouble of the roster among the watch's findings."""

_UNDECIDED = (CaseState.NEW, CaseState.REOPENED)
_OFFICE_HOURS = range(9, 17)
_MOST_NAMES = 5
_NEXT_DAY = timedelta(days=1)
"""What is not urgent and was told by day goes up by day: at the same hour of the next one."""


@dataclass(frozen=True, slots=True)
class WatchPolicy:
    """What the duty step depends on, from the settings.

    `needed` are the duties that somebody must have at every instant; `look_ahead` is how far ahead
    gaps are told, and a gap nearer than `near` is told once more, urgently. `untouched_after` is
    how long a case may lie before somebody is reminded. `handed_over` are the duties with a sheet,
    drawn up `sheet_before` the change; a sheet not accepted `accept_within` after it is told.
    """

    needed: tuple[DutyRole, ...] = tuple(DutyRole)
    look_ahead: timedelta = timedelta(days=60)
    near: timedelta = timedelta(days=1)
    untouched_after: Mapping[UrgencyLevel, timedelta] = field(default_factory=dict)
    handed_over: tuple[DutyRole, ...] = (DutyRole.OFFICER,)
    sheet_before: timedelta = timedelta(minutes=30)
    accept_within: timedelta = timedelta(minutes=30)
    night: QuietHours = field(default_factory=lambda: QuietHours(frozenset(UrgencyLevel)))


@dataclass(frozen=True, slots=True)
class WatchCount:
    """What one run of the step raised."""

    released: int = 0
    reminded: int = 0
    troubles: int = 0
    swaps: int = 0
    handovers: int = 0
    visits: int = 0


def watch_duty(work: UnitOfWork, duty: DutyPolicy, policy: WatchPolicy, turn: Turn) -> WatchCount:
    """Tell everything that has become due since the last run, in one transaction.

    Raises:
        LeaseLostError: Another process does this step.
    """
    with work() as rows:
        if not rows.operations.take_lease(DUTY_LEASE, turn.holder, turn.now, turn.lease):
            raise LeaseLostError(f"Another process does the step {DUTY_LEASE}.")
        watch = _Watch(rows, duty, policy, turn.now)
        return WatchCount(
            released=watch.release_held(),
            reminded=watch.remind_untouched(),
            troubles=watch.announce_troubles(),
            swaps=watch.announce_swaps(),
            handovers=watch.keep_handovers(),
            visits=watch.remind_visits(),
        )


class _Watch:
    """One run, inside one transaction."""

    def __init__(self, rows: Rows, duty: DutyPolicy, policy: WatchPolicy, now: datetime) -> None:
        self._rows = rows
        self._duty = duty
        self._policy = policy
        self._now = now
        people = {person.username: person for person in rows.users.list_all()}
        self._names = {name: person.display_name for name, person in people.items()}
        self._serving = {name for name, person in people.items() if not person.disabled}
        self._shifts: Sequence[Shift] = read_roster_around(rows, duty.rules, now)
        self._raiser = Raiser(rows, duty, self._shifts, people, now)

    @property
    def _is_night(self) -> bool:
        """Only what cannot wait is told now."""
        return find_release(UrgencyLevel.ROUTINE, self._now, self._policy.night) is not None

    def release_held(self) -> int:
        """Tell what was held over night, unless the matter is gone."""
        released = 0
        for case_id, reason, _ in self._rows.notices.list_held(self._now):
            self._rows.notices.drop_held(case_id)
            case = self._rows.cases.get(case_id)
            if case.state in _UNDECIDED:
                self._raiser.raise_for(case, reason)
                released += 1
        return released

    def remind_untouched(self) -> int:
        """Remind whoever holds a case that nobody has touched for too long; by day only."""
        reminded = 0
        for level, after in self._policy.untouched_after.items():
            if self._is_night:
                break
            for case_id in self._rows.notices.list_untouched(level, self._now - after):
                self._remind(case_id)
                reminded += 1
        return reminded

    def _remind(self, case_id: int) -> None:
        case = self._rows.cases.get(case_id)
        holder = case.owner or self._rows.handovers.find_holder(case_id)
        steps = (
            LadderStep(timedelta(0), DutyRole.OFFICER, person=holder or ""),
            LadderStep(_NEXT_DAY, DutyRole.LEADER),
        )
        number = self._rows.cases.count_ladder(case_id)
        self._raiser.raise_ladder(
            case, AlertReason.CASE_UNTOUCHED, f"case-{case_id}-{number}", steps
        )

    # ---- the roster

    def announce_troubles(self) -> int:
        """Tell the gaps and double bookings that nobody has been told of yet."""
        until = self._now + self._policy.look_ahead
        found = read_troubles(self._rows, self._duty.rules, self._policy.needed, self._now, until)
        near = self._now + self._policy.near
        lines = trouble_keys(found, self._now)
        nearby = {
            f"near:{key}": line
            for key, line in trouble_keys(_before(found, near), self._now).items()
        }
        for key, line in {**lines, **nearby}.items():
            self._rows.watch.see(key, ROSTER_CODE, line, self._now)
        self._rows.watch.clear((ROSTER_CODE,), {**lines, **nearby}, self._now)
        untold = [
            each.key
            for each in self._rows.watch.list_open()
            if each.code == ROSTER_CODE and each.told_at is None
        ]
        if not lines:
            for key in self._rows.notices.list_open_keys(AlertReason.ROSTER_TROUBLE):
                self._rows.alerts.call_off_ladder(key, CallOff.OVER, self._now)
        is_near = any(key.startswith("near:") for key in untold)
        if not untold or (self._is_night and not is_near):
            return 0
        shown = [
            *(shown_gap(gap, self._now) for gap in found.gaps),
            *(shown_double(double, self._names) for double in found.doubles),
        ]
        self._raise_watch(
            announce_troubles(
                shown,
                number=self._rows.notices.count(AlertReason.ROSTER_TROUBLE) + 1,
                is_near=is_near,
            ),
            is_near=is_near,
        )
        self._rows.watch.tell(untold, self._duty.fallback_person, "outbox", self._now)
        return len(untold)

    def _raise_watch(self, notice: Notice, *, is_near: bool) -> None:
        """Tell whoever keeps the roster, then the leaders; of a near gap both at once."""
        wait = timedelta(0) if is_near else _NEXT_DAY
        steps = (
            LadderStep(timedelta(0), DutyRole.LEADER, person=self._duty.fallback_person),
            LadderStep(wait, DutyRole.LEADER),
            LadderStep(wait * 2 or timedelta(hours=1), DutyRole.BUREAU_LEADER),
        )
        self._raise(notice, steps)

    def _raise(self, notice: Notice, steps: Sequence[LadderStep]) -> bool:
        if not self._rows.notices.add(notice, self._now):
            return False
        self._raiser.raise_ladder(notice, notice.reason, notice.key, steps)
        return True

    # ---- swaps and hand-overs

    def announce_swaps(self) -> int:
        """Ask for answers, and end the proposals whose time has come unanswered."""
        for swap_id in self._rows.rosters.expire_swaps(self._now):
            self._rows.alerts.call_off_ladder(f"swap-{swap_id}", CallOff.OVER, self._now)
        asked = 0
        for swap in self._rows.rosters.list_swaps([SwapState.PROPOSED]):
            if self._is_night and swap.given.starts_at - self._now > self._policy.near:
                continue
            step = LadderStep(timedelta(0), DutyRole.OFFICER, person=swap.other)
            asked += self._raise(announce_swap(swap, self._names), (step,))
        return asked

    def keep_handovers(self) -> int:
        """Draw up the sheet of every change that is near, and tell the leader what was left."""
        policy = self._policy
        for change in find_changes(
            self._shifts,
            policy.handed_over,
            self._now - policy.accept_within,
            self._now + policy.sheet_before,
        ):
            number = self._rows.handovers.open(
                change.duty, change.leaving, change.coming, change.at
            )
            for case_id, is_acknowledged in self._rows.handovers.list_matters(
                change.leaving, change.at
            ):
                self._rows.handovers.add_item(number, case_id, is_acknowledged=is_acknowledged)
        told = 0
        for handover in self._rows.handovers.list_recent(self._now - timedelta(days=2)):
            items = self._rows.handovers.list_items(handover.handover_id)
            if is_late(handover, items, self._now, policy.accept_within):
                left = sum(stays(item) for item in items)
                steps = (
                    LadderStep(timedelta(0), DutyRole.LEADER),
                    LadderStep(_NEXT_DAY, DutyRole.BUREAU_LEADER),
                )
                told += self._raise(announce_handover(handover, left, self._names), steps)
            elif self._rows.notices.find(key := f"handover-{handover.handover_id}"):
                self._rows.alerts.call_off_ladder(key, CallOff.OVER, self._now)
        return told

    # ---- visits

    def remind_visits(self) -> int:
        """Tell everybody once a day, in office hours, which visits are due.

        What nobody acknowledged yesterday goes to the leader at once with today's.
        """
        local = self._now.astimezone(SHANGHAI)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        reason = AlertReason.VISITS_DUE
        if local.hour not in _OFFICE_HOURS or self._rows.notices.count_since(reason, midnight):
            return 0
        unread = {key.split("-", 4)[-1] for key in self._rows.notices.list_open_keys(reason)}
        for key in self._rows.notices.list_open_keys(reason):
            self._rows.alerts.call_off_ladder(key, CallOff.REPLACED, self._now)
        theirs: dict[str, list[DueVisits]] = {}
        for due in self._rows.patrols.count_due_by_person(local.date()):
            theirs.setdefault(self._find_person(due.person), []).append(due)
        return sum(
            self._remind_of_visits(person, dues, local.date(), was_unread=person in unread)
            for person, dues in theirs.items()
        )

    def _remind_of_visits(
        self, person: str, dues: Sequence[DueVisits], day: date, *, was_unread: bool
    ) -> bool:
        patrols = self._rows.patrols
        names = [
            name for due in dues for name in patrols.list_due_names(due.person, day, _MOST_NAMES)
        ]
        notice = announce_visits(
            person,
            day,
            count=sum(due.count for due in dues),
            oldest=min(due.oldest for due in dues),
            names=names[:_MOST_NAMES],
            was_unread=was_unread,
        )
        first = LadderStep(timedelta(0), DutyRole.OFFICER, person=person)
        leader = LadderStep(
            timedelta(0) if was_unread or not person else _NEXT_DAY, DutyRole.LEADER
        )
        return self._raise(notice, (first, leader) if person else (leader,))

    def _find_person(self, written: str) -> str:
        """The user name behind what stands as inspector; empty for somebody without an account."""
        return next((name for name in self._serving if written in {name, self._names[name]}), "")


def _before(found: Troubles, at: datetime) -> Troubles:
    """The troubles that begin before an instant."""
    return Troubles(
        [each for each in found.gaps if each.starts_at < at],
        [each for each in found.doubles if each.starts_at < at],
    )
