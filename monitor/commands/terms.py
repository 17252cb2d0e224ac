"""What every command has in common: its options, its input lines, its way of speaking."""

import getpass
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from monitor.bootstrap import App, build, read_clock
from monitor.errors import InputError
from monitor.storage.repositories import Rows

SettingsOption = Annotated[
    Path | None, typer.Option("--settings", help="设置文件；缺省用当前目录的 settings.toml")
]
JsonOption = Annotated[bool, typer.Option("--json", help="标准输出只有结果（JSON）")]
LinesArgument = Annotated[str, typer.Argument(help="JSONL 文件，- 是标准输入")]

MOST_LINE_CHARACTERS = 8_000_000
_MOST_COMPLAINTS = 20


def say(text: str) -> None:
    """Write a line for the person at the terminal, apart from results."""
    typer.echo(text, err=True)


COMMAND = "command"
"""Who acts, in the audit, where somebody with the right to the machine used a command."""


def note_act(rows: Rows, action: str, subject: str, detail: str = "") -> None:
    """Write into the audit what a command changes, in the transaction that changes it.

    Who typed it is known by the name of the account of the machine, as far as that goes.
    """
    try:
        account = getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in some containers
        account = str(os.getuid())
    said = "，".join(each for each in (detail, account) if each)
    rows.audit.add(COMMAND, action, subject[:80], read_clock(), said[:200])


@contextmanager
def open_app(settings: Path | None) -> Iterator[App]:
    """Build the application and bring its database up to date.

    Raises:
        MonitorError: Settings or database cannot be used.
    """
    built = build(settings)
    built.prepare()
    try:
        yield built
    finally:
        built.storage.close()


class LineReader:
    """Reads JSON lines; a bad line is named on standard error and never stops the others."""

    def __init__(self, name: str, needed: tuple[str, ...]) -> None:
        """Keep the file's name (`-` for standard input) and the keys every line must have."""
        self._name = name
        self._needed = needed
        self.bad = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Give the good lines.

        Raises:
            InputError: The file cannot be read at all.
        """
        if self._name == "-":
            yield from self._read(sys.stdin.buffer)
            return
        try:
            with Path(self._name).open("rb") as file:
                yield from self._read(file)
        except OSError as error:
            raise InputError(f"{self._name} 读不了：{error.strerror}") from error

    def _read(self, file: IO[bytes]) -> Iterator[dict[str, Any]]:
        for number, raw in enumerate(file, 1):
            if not raw.strip():
                continue
            line, complaint = self._parse(raw)
            if complaint:
                self._complain(number, complaint)
            else:
                yield line

    def _parse(self, raw: bytes) -> tuple[dict[str, Any], str]:
        if len(raw) > MOST_LINE_CHARACTERS:
            return {}, f"超过 {MOST_LINE_CHARACTERS:,} 字节"
        try:
            line = json.loads(raw.decode("utf-8-sig"))
        except UnicodeDecodeError:
            return {}, "不是 UTF-8"
        except (ValueError, RecursionError):
            return {}, "不是 JSON"
        if not isinstance(line, dict):
            return {}, "不是 JSON 对象"
        missing = [key for key in self._needed if key not in line]
        wrong = [key for key in ("title", "text") if not isinstance(line.get(key, ""), str)]
        wrong = [key for key in wrong if key == "text" or line[key] is not None]
        if missing or wrong:
            return {}, "".join(
                [*(f"缺少 {key}；" for key in missing), *(f"{key} 不是文字；" for key in wrong)]
            )
        return line, ""

    def _complain(self, number: int, complaint: str) -> None:
        self.bad += 1
        if self.bad <= _MOST_COMPLAINTS:
            say(f"{self._name} 第 {number} 行：{complaint}，跳过")
        elif self.bad == _MOST_COMPLAINTS + 1:
            say("……还有别的坏行，不再一一列出")


def exit_if_bad(lines: LineReader) -> None:
    """End with 1 when some lines could not be read; the good ones were answered."""
    if lines.bad:
        say(f"{lines.bad} 行读不了。")
        raise typer.Exit(1)


def emit(answer: object) -> None:
    """Write one result line on standard output."""
    typer.echo(json.dumps(answer, ensure_ascii=False))
