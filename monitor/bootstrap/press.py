"""Writing reports: loads Word, spreadsheets and pictures, which few ways in need."""

import structlog

from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.reports import make_office
from monitor.reporting.archive import Press
from monitor.reporting.working import Schedule
from monitor.reporting.working import make_due_reports as make_scheduled
from monitor.reports.periods import PeriodKind

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


def make_press(app: App) -> Press:
    """How the files of a report are written."""
    return Press(app.desk_url, app.settings.report.template)


def make_due_reports(app: App, holder: str) -> None:
    """Make, keep and send the reports that are due."""
    report = app.settings.report
    made = make_scheduled(
        app.storage.work,
        app.storage.look,
        make_office(app),
        make_press(app),
        Schedule([PeriodKind(each) for each in report.kinds], report.at, report.people),
        holder=holder,
        now=read_clock(),
    )
    for name in made:
        _log.info("report.made", report=name)
