"""`check`: every problem of an installation, with its code and its cure."""

import json
from dataclasses import asdict

import typer

from monitor.bootstrap.app import build, read_clock
from monitor.checking import find_barred_sources, find_problems
from monitor.commands.terms import JsonOption, SettingsOption
from monitor.domain import Problem, Severity
from monitor.errors import SettingsError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(settings: SettingsOption = None, as_json: JsonOption = False) -> None:
    """检查设置、来源、值班表、模型、数据库、渠道：每个问题有代号和改法。"""
    try:
        built = build(settings)
        problems = [*find_problems(built, read_clock()), *find_barred_sources(built)]
    except SettingsError as error:
        problems = [
            Problem(each.code, each.where, each.message, each.cure) for each in error.problems
        ]
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in problems], ensure_ascii=False))
    else:
        for each in problems:
            typer.echo(("错误 " if each.severity is Severity.ERROR else "提醒 ") + str(each))
        if not problems:
            typer.echo("没有问题。")
    if any(each.severity is Severity.ERROR for each in problems):
        raise typer.Exit(1)
