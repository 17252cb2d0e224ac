"""交接班: when one person follows another in a duty, and whether the next has taken over. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from monitor.domain import OPEN_STATES, CaseState, DutyRole, Shift
from monitor.duty_nouns import Handover, HandoverItem

_UNDECIDED = frozenset({CaseState.NEW, CaseState.REOPENED})


@dataclass(frozen=True, slots=True)
class Change:
    """At `at` the duty goes from `leaving` to `coming`."""

    duty: DutyRole
    leaving: str
    coming: str
    at: datetime


def find_changes(
    shifts: Sequence[Shift], duties: Sequence[DutyRole], starts_at: datetime, ends_at: datetime
) -> list[Change]:
    """Find every change of person in [starts_at, ends_at), oldest first.

    Args:
        shifts: The settled roster, from before `starts_at` on.
        duties: The duties that are handed over.
        starts_at: From when.
        ends_at: Until when.

    Returns:
        Where a gap lies between two people, the change is when the next one comes: until then
        everything stays with the one who left.
    """
    changes = []
    for duty in duties:
        own = sorted(
            (each for each in shifts if each.duty is duty), key=lambda each: each.starts_at
        )
        changes += [
            Change(duty, before.person, after.person, after.starts_at)
            for before, after in pairwise(own)
            if before.person != after.person and starts_at <= after.starts_at < ends_at
        ]
    return sorted(changes, key=lambda each: (each.at, each.duty))


def stays(item: HandoverItem) -> bool:
    """Say whether a case still stays with the one who left: not taken over, and undecided."""
    return item.accepted_at is None and item.case.state in _UNDECIDED


def is_open(item: HandoverItem) -> bool:
    """Say whether a case is not put down yet."""
    return item.case.state in OPEN_STATES


def is_late(
    handover: Handover, items: Sequence[HandoverItem], now: datetime, within: timedelta
) -> bool:
    """Say whether the leader must see a hand-over: its time is up, and something was left behind.

    A sheet without a case and without a note needs nobody's acceptance.
    """
    if now < handover.at + within:
        return False
    is_unread = bool(handover.note) and handover.accepted_at is None
    return is_unread or any(stays(item) for item in items)
