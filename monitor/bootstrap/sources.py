"""The source files, as the settings let them count."""

from monitor.bootstrap.app import App
from monitor.domain import Problem, Source
from spiders.catalogue import load_sources as load_catalogue
from spiders.manners import user_agent


def load_sources(app: App) -> tuple[list[Source], list[Problem]]:
    """Read the source files anew; sample sources only while the sample county is on."""
    settings = app.settings
    sample = f"http://{settings.sample.host}:{settings.sample.port}"
    sources, problems = load_catalogue(settings.sources.folder, {"http://127.0.0.1:18930": sample})
    if not settings.sample.enabled:
        sources = [each for each in sources if not each.url.startswith(sample)]
    return sources, problems


def name_collector(app: App) -> str:
    """How the collector names itself to the sites that it reads.

    Raises:
        MonitorError: The contact holds a word by which forums take us for a phone or a robot.
    """
    return user_agent(app.settings.collect.contact)
