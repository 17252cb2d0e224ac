"""The `report` step of `work`: make what is due, keep it, tell the people in the settings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from monitor.errors import InputError, LeaseLostError
from monitor.reporting.archive import UnitOfWork, keep_report
from monitor.reporting.mailing import mail_report
from monitor.reporting.making import Office, ReportMaker
from monitor.reporting.press import Press
from monitor.reporting.schedule import list_due
from monitor.reports.periods import PeriodKind

REPORT_LEASE = "report"
TEMPLATE_CODE = "R701"
"""The issue of an office's template that cannot be used; the shipped one is taken instead."""

_HELD_FOR = timedelta(minutes=5)
"""A quarter of a large county takes a minute; a worker that dies is followed after this."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Which reports are made by themselves, at which local time, and who is told."""

    kinds: Sequence[PeriodKind]
    at: time
    people: Sequence[str]


def make_due_reports(
    work: UnitOfWork,
    look: UnitOfWork,
    office: Office,
    press: Press,
    schedule: Schedule,
    *,
    holder: str,
    now: datetime,
) -> list[str]:
    """Make every report that is due; return their names. Running it again makes nothing twice.

    Raises:
        LeaseLostError: Another process does it.
    """
    with look() as rows:
        due = list_due(rows, schedule.kinds, schedule.at, now)
    if not due:
        return []
    with work() as rows:
        if not rows.operations.take_lease(REPORT_LEASE, holder, now, _HELD_FOR):
            raise LeaseLostError("Another process makes the reports.")
    for period in due:
        with look() as rows:
            report = ReportMaker(rows, office, now).make(period)
        try:
            kept = keep_report(work, look, report, press.write)
        except InputError as error:
            # The report must not wait for somebody who mends a template.
            with work() as rows:
                rows.operations.record_issue(TEMPLATE_CODE, "report", str(error), now)
            kept = keep_report(work, look, report, replace(press, template=None).write)
        else:
            with work() as rows:
                rows.operations.close_issues("report", (TEMPLATE_CODE,), now)
        with work() as rows:
            mail_report(rows, kept.edition, schedule.people, press.desk_url, now)
    return [each.name for each in due]
