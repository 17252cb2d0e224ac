"""Steps that come round: what a failure of one becomes, and the auditor's rounds."""

import logging
from collections.abc import Callable
from datetime import UTC

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.bootstrap.app import App
from monitor.bootstrap.auditing import make_auditor
from monitor.errors import LeaseLostError, StorageError
from monitor.pulse import Pulse

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

Step = Callable[[], object]


def start_auditing(app: App, role: str) -> BackgroundScheduler:
    """Let the auditor make its rounds in another role too, which tells of the death of `work`."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(
        timezone=UTC,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    auditor = make_auditor(app, role)
    scheduler.add_job(
        guard("audit", auditor.audit, app, app.make_pulse(role)),
        "interval",
        seconds=app.settings.watch.audit_every.total_seconds(),
        id="audit",
    )
    scheduler.start()
    return scheduler


def guard(name: str, step: Step, app: App, pulse: Pulse) -> Callable[[], None]:
    """Run a step so that its failure becomes an issue, which its next success closes."""

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
