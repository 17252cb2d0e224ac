"""What `collect` reads, and where it puts it. The watch's other roles ask here what is watched."""

from monitor import canary
from monitor.bootstrap.app import App
from monitor.bootstrap.sources import load_sources
from monitor.collecting import StoringSink
from monitor.domain import Source


def list_enabled_sources(app: App) -> list[Source]:
    """The sources to watch now; a broken file is an issue and stops no other."""
    sources, problems = load_sources(app)
    for problem in problems:
        app.record_issue(problem.code, problem.where[:120], str(problem))
    ours = [make_canary_source(app)] if app.settings.canary.enabled else []
    return [*(each for each in sources if each.enabled), *ours]


def make_canary_source(app: App) -> Source:
    """The place where our own messages are found: the desk."""
    return canary.make_source(app.settings.desk.port)


def make_sink(app: App, holder: str = "") -> StoringSink:
    """The collector's port; `holder` is the name under which it holds hosts."""
    return StoringSink(app.storage, holder)
