"""The role `collect`, which brings Scrapy."""

from contextlib import suppress

import structlog

from monitor.bootstrap.app import App, make_holder, read_clock
from monitor.bootstrap.collecting import list_enabled_sources, make_sink
from monitor.bootstrap.sources import name_collector
from monitor.domain import Source
from monitor.errors import InputError, StorageError
from spiders.browsing import missing_browser
from spiders.crawl import run_collect
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
        return [each for each in list_enabled_sources(app) if each.browser == browser]

    _log.info("role.started", role=role)
    holder = make_holder()
    run_collect(
        load=load,
        sink=make_sink(app, holder),
        clock=read_clock,
        user_agent=name_collector(app),
        on_progress=on_progress,
        lease=app.settings.collect.lease,
        browser=browser,
    )
    pulse.stop()
    with suppress(StorageError), app.storage.work() as rows:
        rows.operations.release_leases(holder)
    _log.info("role.stopped", role=role)
