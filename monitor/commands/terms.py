"""What every command has in common: its options, its way of speaking."""

import json
from pathlib import Path
from typing import Annotated

import typer

SettingsOption = Annotated[
    Path | None, typer.Option("--settings", help="设置文件；缺省用当前目录的 settings.toml")
]
JsonOption = Annotated[bool, typer.Option("--json", help="标准输出只有结果（JSON）")]


def say(text: str) -> None:
    """Write a line for the person at the terminal, apart from results."""
    typer.echo(text, err=True)


def emit(answer: object) -> None:
    """Write one result line on standard output."""
    typer.echo(json.dumps(answer, ensure_ascii=False))
