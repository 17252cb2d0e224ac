"""One small reader for each group of tables that other parts of the project keep.

A reader that answers None says that nothing of the kind is recorded, and the report says so. When a
table is added, its reader here is all that changes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.domain import ReferralBody
from monitor.reports.counts import Payments, WatchedParty
from monitor.storage.repositories import Rows

Body = ReferralBody | None
Returned = Mapping[int, Body]


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
