"""What a poll decides: which items to read, whether to page on, when to come again. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from monitor.domain import ListedItem, Source
from spiders.ports import Claim, KnownItem, PollOutcome

_EDITS_LOOKED_FOR = timedelta(days=3)
_FIRST_LOOK_POLLS = 5
_AGE_SHARE = 4
_SLOWEST = timedelta(hours=1)
_MOST_DOUBLINGS = 8


def is_changed(item: ListedItem, known: Mapping[str, KnownItem]) -> bool:
    """Tell whether the list shows something that was not read yet."""
    before = known.get(item.key)
    if before is not None and before.is_removed:
        return False
    return before is None or before.change_key != item.change_key


def is_due_again(
    item: ListedItem, known: Mapping[str, KnownItem], source: Source, now: datetime
) -> bool:
    """Tell whether to read an unchanged item again, because a list does not show edits.

    A young item is read again after some polls, then at growing distances, for three days.
    """
    before = known.get(item.key)
    if before is None or item.pinned or before.is_removed:
        return False
    age = now - before.first_read_at
    if age > _EDITS_LOOKED_FOR:
        return False
    return now - before.read_at >= max(source.poll_every * _FIRST_LOOK_POLLS, age / _AGE_SHARE)


def must_page_on(items: Sequence[ListedItem], known: Mapping[str, KnownItem], claim: Claim) -> bool:
    """Tell whether the next list page may hold something unread.

    A page on which every row is known and unchanged ends the poll; pinned rows stand first whatever
    their date and decide nothing. After a poll that was not finished every page is looked at.
    """
    if claim.unfinished:
        return True
    return any(is_changed(item, known) for item in items if not item.pinned)


def has_gap(claim: Claim, *, reached_known: bool, more_pages: bool) -> bool:
    """Tell whether posts may lie between what was read now and what was read before."""
    return claim.last_new_at is not None and not reached_known and more_pages


def next_poll_at(source: Source, claim: Claim, outcome: PollOutcome, now: datetime) -> datetime:
    """Return when to come again: on schedule, or after failures ever later, but always."""
    if outcome.failed_with is None:
        return max(now, outcome.started_at + source.poll_every)
    doublings = min(claim.failures + 1, _MOST_DOUBLINGS)
    return now + min(source.poll_every * (1 << doublings), max(_SLOWEST, source.poll_every))
