"""What the roles' commands have in common: the parent they die with, and where they log."""

from typing import Annotated

import typer

from monitor.bootstrap.app import App
from monitor.logs import configure_logging

ParentOption = Annotated[int | None, typer.Option("--parent", hidden=True)]


def start_logging(built: App, role: str) -> None:
    """Log into the data folder."""
    settings = built.settings
    configure_logging(settings.data.folder / "logs", settings.log.level, role)
