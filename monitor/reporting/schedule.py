"""Which reports are due: those of every wanted kind that are over and not kept yet."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from monitor.domain import SHANGHAI
from monitor.reports.periods import Period, PeriodKind, last_over
from monitor.storage.repositories import Rows


def list_due(rows: Rows, kinds: Sequence[PeriodKind], at: time, now: datetime) -> list[Period]:
    """The newest period of each kind, once its time has come and as long as it is not kept whole.

    A period before anybody watched is never due. An edition that was made while it ran does not
    count: the whole one is still to come.

    Args:
        rows: An open transaction.
        kinds: Which kinds are made by themselves.
        at: The local time, on the day after the period, from which it is made.
        now: The time now.
    """
    watched_since = rows.reporting.find_watched_since()
    due = []
    for kind in kinds:
        period = last_over(kind, now)
        from_at = datetime.combine(period.ends_on + timedelta(days=1), at, SHANGHAI)
        if now < from_at or watched_since is None or watched_since >= period.ends_at:
            continue
        kept = rows.editions.find(period.name)
        if kept is None or kept.until < period.ends_at:
            due.append(period)
    return due
