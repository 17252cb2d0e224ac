"""Reads the roster as it holds: the one way from the tables to an answer.

Whoever asks who is on duty reads the settled roster here and asks `alerts.roster.on_duty`; nobody
else reads the tables (a test holds the project to it).
"""

from datetime import datetime, timedelta

from alerts.settling import RosterRules, Troubles, find_troubles, settle
from monitor.domain import DutyRole, Shift
from monitor.duty_nouns import RosterTables
from monitor.storage.repositories import Rows

_LONGEST_SHIFT = timedelta(days=2)


def read_tables(rows: Rows, starts_at: datetime, ends_at: datetime) -> RosterTables:
    """Read everything that says who is on duty in [starts_at, ends_at)."""
    return RosterTables(
        shifts=rows.duty.list_between(starts_at, ends_at),
        rotations=rows.rosters.list_rotations(),
        changes=rows.rosters.list_changes(starts_at, ends_at),
        absences=rows.rosters.list_absences(starts_at, ends_at),
    )


def read_roster(
    rows: Rows, rules: RosterRules, starts_at: datetime, ends_at: datetime
) -> list[Shift]:
    """Read who is on duty in [starts_at, ends_at): plan, overrides, swaps and absences settled.

    Returns:
        Oldest first; within a duty no two overlap; the first and the last are cut to the time that
        was asked about.
    """
    return settle(read_tables(rows, starts_at, ends_at), rules, starts_at, ends_at)


def read_roster_around(
    rows: Rows, rules: RosterRules, at: datetime, ahead: timedelta = _LONGEST_SHIFT
) -> list[Shift]:
    """Read the roster from two days before an instant on, so that today's shifts are whole."""
    return read_roster(rows, rules, at - _LONGEST_SHIFT, at + ahead)


def read_troubles(
    rows: Rows,
    rules: RosterRules,
    duties: tuple[DutyRole, ...],
    starts_at: datetime,
    ends_at: datetime,
) -> Troubles:
    """Read the gaps and double bookings of [starts_at, ends_at)."""
    return find_troubles(read_tables(rows, starts_at, ends_at), rules, duties, starts_at, ends_at)
