"""The roster, the swaps and the hand-overs as one person may see them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from alerts.announcing import shown_double, shown_gap
from alerts.handover import is_late, stays
from alerts.roster import find_gaps, on_duty
from alerts.settling import RosterRules
from monitor.cases import ACTING_ROLES
from monitor.desk.duty_views import (
    DutyCell,
    HandoverView,
    OwnedStretch,
    RosterDay,
    RosterView,
    SwapLine,
    SwapsView,
)
from monitor.desk.rostering import may_keep
from monitor.domain import SHANGHAI, DutyRole, Person, Shift
from monitor.duty_nouns import Handover, Stretch, SwapState
from monitor.errors import NotFoundError
from monitor.roster_book import read_roster, read_roster_around, read_troubles
from monitor.storage.repositories import Rows

DAYS_SHOWN = 14
SWAP_AHEAD = timedelta(days=45)
RECENT = timedelta(days=7)
ACCEPT_WITHIN = timedelta(minutes=30)
_DAY = timedelta(days=1)
_MOST_TROUBLES = 20


def view_roster(
    rows: Rows,
    rules: RosterRules,
    person: Person,
    *,
    needed: tuple[DutyRole, ...],
    look_ahead: timedelta,
    first: date | None,
    now: datetime,
) -> RosterView:
    """Two weeks of the roster, and everything that changes the plan."""
    today = _duty_day(now, rules)
    first = first or today
    starts_at = datetime.combine(first, rules.day_starts, SHANGHAI)
    ends_at = starts_at + DAYS_SHOWN * _DAY
    shifts = read_roster(rows, rules, starts_at, ends_at)
    people = [each for each in rows.users.list_all() if not each.disabled]
    names = _names(rows)
    troubles = read_troubles(rows, rules, needed, now, now + look_ahead)
    told = [
        *(shown_gap(gap, now) for gap in troubles.gaps),
        *(shown_double(double, names) for double in troubles.doubles),
    ]
    return RosterView(
        days=[
            _view_day(
                first + number * _DAY,
                shifts,
                rules,
                needed,
                person=person,
                names=names,
                today=today,
            )
            for number in range(DAYS_SHOWN)
        ],
        duties=tuple(DutyRole),
        troubles=told[:_MOST_TROUBLES],
        look_ahead_days=look_ahead.days,
        changes=rows.rosters.list_changes(now, now + look_ahead),
        absences=rows.rosters.list_absences(now, now + look_ahead),
        rotations=rows.rosters.list_rotations(),
        people=people,
        names=names,
        may_keep=may_keep(person),
        earlier=first - DAYS_SHOWN * _DAY,
        later=first + DAYS_SHOWN * _DAY,
        calendar_since=rows.rosters.find_calendar_address(person.username),
    )


def _duty_day(now: datetime, rules: RosterRules) -> date:
    local = now.astimezone(SHANGHAI)
    return local.date() if local.time() >= rules.day_starts else local.date() - _DAY


def _names(rows: Rows) -> dict[str, str]:
    return {each.username: each.display_name for each in rows.users.list_all()} | {
        "console": "命令行"
    }


def _view_day(
    day: date,
    shifts: Sequence[Shift],
    rules: RosterRules,
    needed: Sequence[DutyRole],
    *,
    person: Person,
    names: Mapping[str, str],
    today: date,
) -> RosterDay:
    starts_at = datetime.combine(day, rules.day_starts, SHANGHAI)
    ends_at = starts_at + _DAY
    touching = [each for each in shifts if each.starts_at < ends_at and each.ends_at > starts_at]
    cells: dict[DutyRole, list[DutyCell]] = {duty: [] for duty in DutyRole}
    for each in touching:
        is_whole = each.starts_at <= starts_at and each.ends_at >= ends_at
        cells[each.duty].append(
            DutyCell(
                person_name=names.get(each.person, each.person),
                is_me=each.person == person.username,
                starts_at=None if is_whole else max(each.starts_at, starts_at),
                ends_at=None if is_whole else min(each.ends_at, ends_at),
                note=each.note,
            )
        )
    return RosterDay(
        day=day,
        is_rest=rules.calendar.is_rest(day),
        is_provisional=rules.calendar.is_provisional(day),
        is_today=day == today,
        cells=cells,
        gaps=frozenset(gap.duty for gap in find_gaps(touching, needed, starts_at, ends_at)),
    )


def view_swaps(rows: Rows, rules: RosterRules, person: Person, now: datetime) -> SwapsView:
    """The swaps, newest first, and what this person could exchange."""
    ahead = [
        OwnedStretch(each.person, Stretch(each.duty, each.starts_at, each.ends_at))
        for each in read_roster(rows, rules, now, now + SWAP_AHEAD)
        if each.starts_at > now and each.ends_at < now + SWAP_AHEAD
    ]
    able = [
        each
        for each in rows.users.list_all()
        if not each.disabled and each.role in ACTING_ROLES and each.username != person.username
    ]
    swappable = {each.username for each in able}
    return SwapsView(
        lines=[
            SwapLine(
                each,
                may_answer=each.state is SwapState.PROPOSED and each.other == person.username,
                may_withdraw=each.state is SwapState.PROPOSED and each.proposer == person.username,
            )
            for each in rows.rosters.list_swaps(list(SwapState), limit=30)
        ],
        mine=[each for each in ahead if each.person == person.username],
        others=[each for each in ahead if each.person in swappable],
        people=able,
        names=_names(rows),
    )


# ---------------------------------------------------------------- hand-over


def list_handovers(
    rows: Rows, rules: RosterRules, person: Person, now: datetime
) -> list[HandoverView]:
    """The hand-overs of the last days; those that left something behind stay in the list."""
    shifts = read_roster_around(rows, rules, now)
    names = _names(rows)
    return [
        _view_handover(rows, each, shifts, person=person, names=names, now=now)
        for each in rows.handovers.list_recent(now - RECENT)
    ]


def view_handover(
    rows: Rows, rules: RosterRules, handover_id: int, person: Person, now: datetime
) -> HandoverView:
    """One hand-over.

    Raises:
        NotFoundError: There is no such sheet.
    """
    handover = rows.handovers.find(handover_id)
    if handover is None:
        raise NotFoundError("没有这张交接单。")
    shifts = read_roster_around(rows, rules, now)
    return _view_handover(rows, handover, shifts, person=person, names=_names(rows), now=now)


def _view_handover(
    rows: Rows,
    handover: Handover,
    shifts: Sequence[Shift],
    *,
    person: Person,
    names: Mapping[str, str],
    now: datetime,
) -> HandoverView:
    items = rows.handovers.list_items(handover.handover_id)
    # Whoever has the duty now may take what an earlier shift left behind.
    takers = {handover.coming, on_duty(shifts, handover.duty, now)}
    return HandoverView(
        handover=handover,
        items=items,
        left=sum(stays(item) for item in items),
        is_late=is_late(handover, items, now, ACCEPT_WITHIN),
        may_note=person.username == handover.leaving and handover.accepted_at is None,
        may_accept=person.username in takers and person.username != handover.leaving,
        names=names,
    )
