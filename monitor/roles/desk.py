"""The role `desk`, which brings the web framework."""

import gc

import structlog
import uvicorn

from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.desk import (
    get_desk_secret,
    make_channel_board,
    make_desk,
    make_duty_desk,
    make_ledger_office,
    make_model_board,
    make_presses,
    make_pushes,
)
from monitor.rounds import start_auditing
from monitor.storage.sessions import make_store
from monitor.web.app import create_app
from monitor.web.buttons import CardButtons
from monitor.web.incoming import Intake
from monitor.web.options import WebSettings

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


def run_desk_role(app: App) -> None:
    """Serve the pages until SIGTERM."""
    settings = app.settings.desk
    pulse = app.make_pulse("desk")
    pages = create_app(
        make_desk(app),
        clock=read_clock,
        settings=WebSettings(
            secret_key=get_desk_secret(app),
            base_url=settings.base_url.rstrip("/"),
            cookie_secure=settings.cookie_secure,
            session_idle=settings.session_idle,
            session_absolute=settings.session_absolute,
            sign_ins_per_minute=settings.sign_ins_per_minute,
            # The sample county's invented officers have no phones.
            second_factor=settings.second_factor and not app.settings.sample.enabled,
        ),
        session_store=make_store(app.storage, "sessions"),
        limit_store=make_store(app.storage, "limits"),
        office=make_ledger_office(app),
        duty=make_duty_desk(app),
        intake=Intake(make_pushes(app)),
        channels=make_channel_board(app),
        models=make_model_board(app),
        buttons={name: CardButtons(*each) for name, each in make_presses(app).items()},
    )
    pulse.start()
    auditing = start_auditing(app, "desk")
    settle_memory()
    _log.info("role.started", role="desk", host=settings.host, port=settings.port)
    uvicorn.run(
        pages,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    auditing.shutdown(wait=False)
    pulse.stop()
    _log.info("role.stopped", role="desk")


def settle_memory() -> None:
    """Take what was loaded at the start out of the collector's rounds, since it stays to the end.

    A full round over all modules takes a quarter of a second, in which no page is answered.
    """
    gc.collect()
    gc.freeze()
