"""Reports: what the settings say of them, and the step that makes them."""

import structlog

from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.calendars import read_roster_rules
from monitor.bootstrap.sources import load_sources
from monitor.reporting.making import Office
from monitor.reporting.press import Press
from monitor.reporting.schedule import list_due
from monitor.reporting.working import Schedule
from monitor.reporting.working import make_due_reports as make_scheduled
from monitor.reports.material import Standard
from monitor.reports.periods import Campaign, PeriodKind

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


def make_office(app: App) -> Office:
    """What the settings say of reports, and what the sources are called."""
    sources, _ = load_sources(app)
    report = app.settings.report
    return Office(
        name=report.office,
        titles={each.name: each.title for each in sources if each.enabled},
        campaigns=[Campaign(**each.model_dump()) for each in report.campaigns],
        standard=Standard(report.confidence, report.most_missing, report.cluster_at),
        triage_within=app.settings.cases.triage_within,
        roster=read_roster_rules(app.settings),
    )


def has_due_report(app: App) -> bool:
    """Say whether a report is due; costs no writer's lock."""
    report = app.settings.report
    kinds = [PeriodKind(each) for each in report.kinds]
    with app.storage.look() as rows:
        return bool(list_due(rows, kinds, report.at, read_clock()))


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
