"""`work`: the role that reads, decides, sends and escalates."""

import typer

from monitor.commands.opening import open_app
from monitor.commands.role_terms import ParentOption, start_logging
from monitor.commands.terms import SettingsOption
from monitor.jobs import run_work
from monitor.supervision import die_with_parent


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("work")(work)


def work(settings: SettingsOption = None, parent: ParentOption = None) -> None:
    """只运行处理：判读、立案、提醒、升级。"""
    die_with_parent(parent)
    with open_app(settings) as built:
        start_logging(built, "work")
        run_work(built)
