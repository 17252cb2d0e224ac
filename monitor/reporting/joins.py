"""One small reader for each group of tables that other parts of the project keep.

A reader that answers None says that nothing of the kind is recorded, and the report says so. When a
table is added, its reader here is all that changes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.domain import ReferralBody
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


def count_payments(rows: Rows, since: datetime, until: datetime) -> Payments | None:
    """What was paid in this time, by the ledger of payments; None while none is kept."""
    del rows, since, until
    return None


def list_class_c(
    rows: Rows, until: datetime, open_by_party: Mapping[str, Sequence[int]]
) -> list[WatchedParty] | None:
    """The parties in class C at an instant, with their open cases; None while no class is kept."""
    del rows, until, open_by_party
    return None


def count_corrections(rows: Rows, since: datetime, until: datetime) -> int | None:
    """How many documents had their reading corrected in this time; None while none is kept."""
    del rows, since, until
    return None
