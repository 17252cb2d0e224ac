"""`collect`: the role that reads the sources."""

from typing import Annotated

import typer

from monitor.commands.opening import open_app
from monitor.commands.role_terms import ParentOption, start_logging
from monitor.commands.terms import SettingsOption
from monitor.roles.collect import run_collect_role
from monitor.supervision import die_with_parent


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("collect")(collect)


def collect(
    settings: SettingsOption = None,
    parent: ParentOption = None,
    browser: Annotated[
        bool,
        typer.Option("--browser", help="读靠脚本才有内容的来源（browser = true），另开一个进程"),
    ] = False,
) -> None:
    """只运行采集。"""
    die_with_parent(parent)
    with open_app(settings) as built:
        start_logging(built, "browser" if browser else "collect")
        run_collect_role(built, browser=browser)
