"""The roles that bring a framework of their own: `collect`, `desk` and the sample county."""

import logging
from contextlib import suppress

import structlog

from monitor.bootstrap import App, read_clock
from monitor.domain import Source
from monitor.errors import InputError, StorageError
from monitor.web.options import WebSettings
from spiders.ports import Progress, ProgressKind

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)


def run_collect_role(app: App, *, browser: bool = False) -> None:
    """Read every source on its own schedule until SIGTERM.

    Args:
        app: The application.
        browser: Read the sources that only a script fills, and no others; else the others.

    Raises:
        InputError: The browser, or the part of the software that drives it, is not there.
    """
    from spiders.browsing import missing_browser  # noqa: PLC0415 - loads Scrapy, as the next does
    from spiders.crawl import run_collect  # noqa: PLC0415 - loads Scrapy, which takes a second

    if browser and (missing := missing_browser()):
        raise InputError(missing)
    role = "browser" if browser else "collect"
    pulse = app.make_pulse(role, {"poll"})
    pulse.start()

    def on_progress(progress: Progress) -> None:
        if progress.kind is not ProgressKind.FAILED:
            pulse.succeeded("poll")
        if progress.kind is ProgressKind.STORED:
            _log.info("item.stored", source=progress.source, documents=progress.count)
        elif progress.kind is ProgressKind.FAILED:
            _log.warning(
                "source.failed", source=progress.source, code=progress.code, error=progress.detail
            )

    def load() -> list[Source]:
        return [each for each in app.list_enabled_sources() if each.browser == browser]

    _log.info("role.started", role=role)
    holder = app.make_holder()
    run_collect(
        load=load,
        sink=app.make_sink(holder),
        clock=read_clock,
        user_agent=app.user_agent,
        on_progress=on_progress,
        lease=app.settings.collect.lease,
        browser=browser,
    )
    pulse.stop()
    with suppress(StorageError), app.storage.work() as rows:
        rows.operations.release_leases(holder)
    _log.info("role.stopped", role=role)


def run_desk_role(app: App) -> None:
    """Serve the pages until SIGTERM."""
    # Loaded here: they take a second, which no other role needs to wait.
    import uvicorn  # noqa: PLC0415

    from monitor.jobs import start_auditing  # noqa: PLC0415
    from monitor.storage.sessions import make_store  # noqa: PLC0415
    from monitor.web.app import create_app  # noqa: PLC0415
    from monitor.web.buttons import CardButtons  # noqa: PLC0415
    from monitor.web.incoming import Intake  # noqa: PLC0415

    settings = app.settings.desk
    pulse = app.make_pulse("desk")
    pages = create_app(
        app.make_desk(),
        clock=read_clock,
        settings=WebSettings(
            secret_key=app.get_desk_secret(),
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
        office=app.make_ledger_office(),
        duty=app.make_duty_desk(),
        intake=Intake(app.make_pushes()),
        channels=app.make_channel_board(),
        models=app.make_model_board(),
        buttons={name: CardButtons(*each) for name, each in app.make_presses().items()},
    )
    pulse.start()
    auditing = start_auditing(app, "desk")
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


def run_sample_role(app: App) -> None:
    """Serve the sample county until SIGTERM."""
    from sample_county.running import serve  # noqa: PLC0415 - no other role needs it

    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    sample = app.settings.sample
    serve(
        app.settings.data.folder / "sample",
        host=sample.host,
        port=sample.port,
        seed=sample.seed,
        pace=sample.pace,
        clock=read_clock,
    )
