"""One small reader for each group of tables that other parts of the project keep.

A reader that answers None says that nothing of the kind is recorded, and the report says so. When a
table is added, its reader here is all that changes.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from monitor.domain import SHANGHAI, ReferralBody
from monitor.reports.counts import Payments, WatchedParty
from monitor.reports.silence import Stretch
from monitor.storage.repositories import Rows

Body = ReferralBody | None
Returned = Mapping[int, Body]


def list_source_gaps(rows: Rows, since: datetime, until: datetime) -> dict[str, list[Stretch]]:
    """The gaps in [since, until) that the collector found, by source.

    They are found when a source is read again, so that a gap at the very end of a period is known
    only to an edition that is made later.
    """
    found: dict[str, list[Stretch]] = {}
    for each in rows.visits.list_gaps(since):
        ends_at = each.until or each.found_at
        if each.since < until and ends_at > since and each.since < ends_at:
            found.setdefault(each.source, []).append(Stretch(each.since, ends_at))
    return found


def count_payments(rows: Rows, since: datetime, until: datetime) -> Payments:
    """What was paid on the days of this time, by the ledger of payments.

    A payment that is entered later counts on the day it was made: a report that is made again then
    becomes a second edition.
    """
    first = since.astimezone(SHANGHAI).date()
    last = (until - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
    return Payments(*rows.joined.sum_payments(first, last))


def list_class_c(rows: Rows, standing: Collection[int]) -> list[WatchedParty]:
    """The parties in class C, with those of their cases that stood open.

    No history of classes is kept that could be asked for a past day: the class is that of now.
    """
    return [
        WatchedParty(each.name, each.person, sorted(each.case_ids & set(standing)))
        for each in rows.joined.list_of_class("C")
    ]


def count_corrections(rows: Rows, since: datetime, until: datetime) -> int | None:
    """How many documents had their reading corrected in this time; None while none is kept."""
    del rows, since, until
    return None
