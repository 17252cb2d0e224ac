"""What a poll decides: which items to read, whether to page on, when to come again. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zlib import crc32

from monitor.domain import Document, ListedItem, Source
from spiders.ports import Claim, KnownItem, PollOutcome

FRESH = timedelta(days=2)
"""A document that was written longer ago than this is no news of the day on which it was read."""

_EDITS_LOOKED_FOR = timedelta(days=3)
_FIRST_LOOK_POLLS = 5
_AGE_SHARE = 4
_SLOWEST = timedelta(hours=1)
_MOST_DOUBLINGS = 8
_FURTHER_AFTER_A_GAP = 4
_FASTER, _SLOWER = 1.5, 1.15
_MOST_TRIES = 5
_LONGEST_RETRY = timedelta(hours=6)


# ---------------------------------------------------------------- what to read


def is_changed(item: ListedItem, known: Mapping[str, KnownItem]) -> bool:
    """Tell whether the list shows something that was not read yet."""
    before = known.get(item.key)
    if before is not None and before.is_removed:
        return False
    return before is None or before.change_key != item.change_key


def is_set_aside(item: ListedItem, known: Mapping[str, KnownItem], now: datetime) -> bool:
    """Tell whether an item could not be read lately, and is not to be tried again yet."""
    before = known.get(item.key)
    return before is not None and before.retry_at is not None and before.retry_at > now


def next_visit_at(
    known: KnownItem | None, documents: Sequence[Document], source: Source, now: datetime
) -> datetime | None:
    """Say when to read an item again although no list shows a change; None for never.

    Lists do not show edits. A young item is therefore read again after some polls, then at growing
    distances, for three days since its newest message was written or, where the page does not say,
    since it was first read.
    """
    written = [each.published_at for each in documents if each.published_at is not None]
    first = known.first_read_at if known is not None and known.first_read_at else now
    age = now - (max(written) if written else first)
    if age > _EDITS_LOOKED_FOR:
        return None
    return now + max(source.poll_every * _FIRST_LOOK_POLLS, age / _AGE_SHARE)


def retry_at(tries: int, source: Source, now: datetime) -> datetime | None:
    """Say when to try an item again that has failed so many times; None to give it up."""
    if tries > _MOST_TRIES:
        return None
    wait = max(source.poll_every, timedelta(seconds=10)) * 2.0**tries
    return now + min(wait, _LONGEST_RETRY)


# ---------------------------------------------------------------- how far


def must_page_on(items: Sequence[ListedItem], known: Mapping[str, KnownItem], claim: Claim) -> bool:
    """Tell whether the next list page may hold something unread.

    A page on which every row is known and unchanged ends the poll; pinned rows stand first whatever
    their date and decide nothing. After a poll that was not finished every page is looked at.
    """
    if claim.unfinished:
        return True
    return any(is_changed(item, known) for item in items if not item.pinned)


def page_limit(source: Source, claim: Claim, *, reached_known: bool) -> int:
    """Return how many list pages may be read: more where nothing known was met yet."""
    if reached_known or claim.last_new_at is None:
        return source.max_pages
    return source.max_pages * _FURTHER_AFTER_A_GAP


def has_gap(claim: Claim, *, reached_known: bool, more_pages: bool) -> bool:
    """Tell whether posts may lie between what was read now and what was read before."""
    return claim.last_new_at is not None and not reached_known and more_pages


# ---------------------------------------------------------------- when again


def choose_interval(source: Source, claim: Claim, outcome: PollOutcome, *, gap: bool) -> timedelta:
    """Choose the pause until the next poll, between the bounds that the source allows.

    Something new makes it shorter, nothing new a little longer, and a gap as short as may be.
    """
    fastest = source.poll_fastest or source.poll_every
    slowest = source.poll_slowest or source.poll_every
    if gap:
        return fastest
    before = claim.interval or source.poll_every
    chosen = before / _FASTER if outcome.stored else before * _SLOWER
    return min(max(chosen, fastest), slowest)


def next_poll_at(source: Source, claim: Claim, outcome: PollOutcome, now: datetime) -> datetime:
    """Return when to come again: on schedule, or after failures ever later, but always.

    The schedule goes on from when the poll was due, so that being late once does not bring all
    sources to the same second. One that has no schedule yet gets a place of its own in what is left
    of the pause, however long its first crawl took: many first crawls end together.
    """
    if outcome.failed_with is not None:
        doublings = min(claim.failures + 1, _MOST_DOUBLINGS)
        return now + min(source.poll_every * (1 << doublings), max(_SLOWEST, source.poll_every))
    interval = outcome.interval or claim.interval or source.poll_every
    on_schedule = (claim.due_at or outcome.started_at) + interval
    if claim.interval is not None and on_schedule > now:
        return on_schedule
    left = outcome.started_at + interval - now
    return now + max(left, timedelta(0)) * (crc32(source.name.encode()) / 0xFFFFFFFF)
