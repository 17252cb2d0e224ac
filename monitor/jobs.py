"""The `work` role: which step runs when, and nothing else."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.auditing import Auditor
from monitor.bootstrap import App, Worker
from monitor.domain import SHANGHAI
from monitor.errors import LeaseLostError, StorageError
from monitor.pulse import Pulse

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

Step = Callable[[], object]

_MISSED_REPORTS = timedelta(minutes=15)

_FAULTS_EVERY, _CANARIES_EVERY = timedelta(seconds=30), timedelta(seconds=10)


def run_work(app: App) -> None:
    """Assess, decide, send and escalate until SIGTERM or SIGINT; what was begun is finished."""
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    # A step that is still at work when its next turn comes is not worth a line in the log.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    worker = app.make_worker(stop.is_set)
    auditor = app.make_auditor("work")
    pulse = app.make_pulse("work", {"digest", "deliver", "escalate", "register"})
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for name, step, every in _steps(app, worker, auditor):
        scheduler.add_job(
            _guarded(name, step, app, pulse), "interval", seconds=every.total_seconds(), id=name
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
    step = _guarded("report", worker.report, app, pulse)
    scheduler.add_job(step, "cron", hour=at.hour, minute=at.minute, timezone=SHANGHAI, id="report")
    scheduler.add_job(step, "interval", seconds=_MISSED_REPORTS.total_seconds(), id="report-missed")


def start_auditing(app: App, role: str) -> BackgroundScheduler:
    """Let the auditor make its rounds in another role too, which tells of the death of `work`."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    auditor = app.make_auditor(role)
    scheduler.add_job(
        _guarded("audit", auditor.audit, app, app.make_pulse(role)),
        "interval",
        seconds=app.settings.watch.audit_every.total_seconds(),
        id="audit",
    )
    scheduler.start()
    return scheduler


def _guarded(name: str, step: Step, app: App, pulse: Pulse) -> Callable[[], None]:
    def run() -> None:
        try:
            step()
        except LeaseLostError:
            pulse.succeeded(name)  # another process does it: that is well too
        except StorageError as error:
            _log.warning("step.put_off", step=name, error=str(error))
            app.record_issue("J502", f"work {name}", str(error))
        except Exception as error:  # noqa: BLE001 - one of the two places: around one step
            _log.exception("step.failed", step=name)
            app.record_issue("J501", f"work {name}", f"{type(error).__name__}，详情见日志")
        else:
            pulse.succeeded(name)
            app.close_issues(f"work {name}", ("J501", "J502"))

    return run
