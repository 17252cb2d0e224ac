"""`desk`: the role that serves the pages."""

import typer

from monitor.commands.opening import open_app
from monitor.commands.role_terms import ParentOption, start_logging
from monitor.commands.terms import SettingsOption
from monitor.roles.desk import run_desk_role
from monitor.supervision import die_with_parent


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("desk")(desk)


def desk(settings: SettingsOption = None, parent: ParentOption = None) -> None:
    """只运行页面。"""
    die_with_parent(parent)
    with open_app(settings) as built:
        start_logging(built, "desk")
        run_desk_role(built)
