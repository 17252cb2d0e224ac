"""One small reader for each group of tables that other parts of the project keep.

A reader that answers None says that nothing of the kind is recorded, and the report says so. When a
table is added, its reader here is all that changes.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from monitor.domain import SHANGHAI, CaseStep, ReferralBody
from monitor.reports.counts import Deadline, Paid, Payments, Reviewed, WatchedParty
from monitor.reports.deadlines import SOON, find_met
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
    return Payments(
        [
            Paid(each.case_id, each.number, each.paid_on, each.workers, each.amount_yuan)
            for each in rows.joined.list_payments(*_days(since, until))
        ]
    )


def _days(since: datetime, until: datetime) -> tuple[date, date]:
    """The first and the last day of a stretch, in Asia/Shanghai."""
    last = until - timedelta(microseconds=1)
    return since.astimezone(SHANGHAI).date(), last.astimezone(SHANGHAI).date()


def list_class_c(rows: Rows, standing: Collection[int]) -> list[WatchedParty]:
    """The parties in class C, with those of their cases that stood open.

    No history of classes is kept that could be asked for a past day: the class is that of now.
    """
    return [
        WatchedParty(each.name, each.person, sorted(each.case_ids & set(standing)))
        for each in rows.joined.list_of_class("C")
    ]


def list_reviewed(rows: Rows, since: datetime, until: datetime) -> list[Reviewed]:
    """What reviewers said of readings in this time; who said it stays behind."""
    return [
        Reviewed(each.at, each.model, each.kind, each.is_claim)
        for each in rows.joined.list_labelled(since, until)
    ]


def list_deadlines(rows: Rows, since: datetime, until: datetime) -> list[Deadline]:
    """The deadlines that fell in this time, that were past at its end, and that come soon.

    Whether one was kept is told from the history of its case, so that a past period gives the same
    again. The day itself is that of now: an extension that was granted later moves it.
    """
    first, last = _days(since, until)
    found = rows.joined.list_deadlines(first, last, last + SOON)
    steps: dict[int, list[tuple[CaseStep, date]]] = {}
    for step in rows.tallies.list_steps_of(sorted({each.case_id for each in found}), until):
        steps.setdefault(step.case_id, []).append((step.step, step.at.astimezone(SHANGHAI).date()))
    deadlines = [
        Deadline(
            each.case_id,
            each.number,
            each.kind,
            each.starts_on,
            each.due_on,
            find_met(each.kind, each.starts_on, steps.get(each.case_id, ())),
            each.provisional,
        )
        for each in found
    ]
    # One that was past and had been met before this time is no matter of it.
    return [each for each in deadlines if each.due_on >= first or each.met_on is None]
