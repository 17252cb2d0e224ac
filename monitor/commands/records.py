"""`export ledger`, `export parties`: what leaves the database as a file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from monitor.bootstrap.app import read_clock
from monitor.commands.opening import open_app
from monitor.commands.terms import SettingsOption, say
from monitor.desk.words import WORDS
from monitor.domain import SHANGHAI
from monitor.errors import InputError
from monitor.storage.repositories import Rows

exports = typer.Typer(help="导出。", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(exports, name="export")


@exports.command("ledger")
def export_ledger(
    out: Annotated[Path, typer.Option("--out", help="xlsx 文件")], settings: SettingsOption = None
) -> None:
    """把台账导出成 xlsx：数字是数字，日期是日期。"""
    from monitor.desk.spreadsheets import write_ledger  # noqa: PLC0415 - loads openpyxl

    _export(out, settings, write_ledger, WORDS, "export.ledger", "个线索")


@exports.command("parties")
def export_parties(
    out: Annotated[Path, typer.Option("--out", help="xlsx 文件")], settings: SettingsOption = None
) -> None:
    """把单位和项目（等级、责任人）导出成 xlsx。"""
    from monitor.desk.spreadsheets import write_parties  # noqa: PLC0415 - loads openpyxl

    _export(out, settings, write_parties, WORDS, "export.parties", "个单位和项目")


def _export(
    out: Path,
    settings: Path | None,
    write: Callable[[Rows, Mapping[str, str]], tuple[bytes, int]],
    words: Mapping[str, str],
    action: str,
    unit: str,
) -> None:
    with open_app(settings) as built:
        with built.storage.look() as rows:
            content, count = write(rows, words)
        with built.storage.work() as rows:
            rows.audit.add("command", action, "file", read_clock(), str(count))
    try:
        out.write_bytes(content)
    except OSError as error:
        raise InputError(f"{out} 写不了：{error.strerror}") from error
    say(f"{out}：{count} {unit}，{read_clock().astimezone(SHANGHAI):%Y-%m-%d %H:%M}")
