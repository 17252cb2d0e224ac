"""`mask`: the mask on lines of JSON, as at the door."""

import typer

from monitor.commands.lines import LineReader, LinesArgument, exit_if_bad
from monitor.commands.terms import JsonOption, SettingsOption, emit
from spiders.masking import mask


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("mask")(mask_lines)


def mask_lines(
    file: LinesArgument = "-", settings: SettingsOption = None, as_json: JsonOption = False
) -> None:
    """遮盖：每行 {"id","text"}，与入库前同样的遮盖。"""
    del settings, as_json
    lines = LineReader(file, ("id", "text"))
    for line in lines:
        masked = mask(line["text"])
        emit({"id": line["id"], "text": masked.text, "masked": dict(masked.counts)})
    exit_if_bad(lines)
