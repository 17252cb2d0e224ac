"""The `work` role: which step runs when, and nothing else."""

import logging
import signal
import threading
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.auditing import Auditor
from monitor.bootstrap.app import App
from monitor.bootstrap.auditing import make_auditor
from monitor.bootstrap.worker import Worker
from monitor.domain import SHANGHAI
from monitor.pulse import Pulse
from monitor.rounds import Step, guard

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

_MISSED_REPORTS = timedelta(minutes=15)

_FAULTS_EVERY, _CANARIES_EVERY = timedelta(seconds=30), timedelta(seconds=10)


def run_work(app: App) -> None:
    """Assess, decide, send and escalate until SIGTERM or SIGINT; what was begun is finished."""
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    # A step that is still at work when its next turn comes is not worth a line in the log.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    worker = Worker(app, stop.is_set)
    auditor = make_auditor(app, "work")
    pulse = app.make_pulse("work", {"digest", "deliver", "escalate", "register"})
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for name, step, every in _steps(app, worker, auditor):
        scheduler.add_job(
            guard(name, step, app, pulse), "interval", seconds=every.total_seconds(), id=name
        )
    _schedule_reports(scheduler, app, worker, pulse)
    pulse.start()
    scheduler.start()
    _log.info("role.started", role="work")
    stop.wait()
    scheduler.shutdown(wait=True)
    pulse.stop()
    worker.close()
    _log.info("role.stopped", role="work")


def _steps(app: App, worker: Worker, auditor: Auditor) -> list[tuple[str, Step, timedelta]]:
    work = app.settings.work
    return [
        ("digest", worker.digest, work.digest_every),
        ("deliver", worker.deliver, work.deliver_every),
        ("escalate", worker.escalate, work.escalate_every),
        ("register", worker.register, work.register_every),
        ("purge", worker.purge, app.settings.retention.purge_every),
        ("drift", worker.watch_drift, app.settings.model.drift_every),
        ("faults", worker.alert_faults, _FAULTS_EVERY),
        ("canaries", worker.return_canaries, _CANARIES_EVERY),
        ("ping", worker.ping, app.settings.health.ping_every),
        ("receive", worker.receive, work.receive_every),
        ("duty", worker.watch, app.settings.watch.duty_every),
        ("audit", auditor.audit, app.settings.watch.audit_every),
    ]


def _schedule_reports(
    scheduler: BackgroundScheduler, app: App, worker: Worker, pulse: Pulse
) -> None:
    """At the time that the settings name; and every quarter of an hour what was missed then."""
    at = app.settings.report.at
    step = guard("report", worker.report, app, pulse)
    scheduler.add_job(step, "cron", hour=at.hour, minute=at.minute, timezone=SHANGHAI, id="report")
    scheduler.add_job(step, "interval", seconds=_MISSED_REPORTS.total_seconds(), id="report-missed")
