"""`sample`: the role that serves the invented county."""

import typer

from monitor.bootstrap.app import build
from monitor.commands.role_terms import ParentOption, start_logging
from monitor.commands.terms import SettingsOption
from monitor.roles.sample import run_sample_role
from monitor.supervision import die_with_parent


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sample", hidden=True)(sample)


def sample(settings: SettingsOption = None, parent: ParentOption = None) -> None:
    """只运行样例县。"""
    die_with_parent(parent)
    built = build(settings)
    start_logging(built, "sample")
    run_sample_role(built)
