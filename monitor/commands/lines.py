"""Lines of JSON as commands take them in."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Any

import typer

from monitor.commands.terms import say
from monitor.errors import InputError

LinesArgument = Annotated[str, typer.Argument(help="JSONL 文件，- 是标准输入")]

MOST_LINE_CHARACTERS = 8_000_000
_MOST_COMPLAINTS = 20


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
