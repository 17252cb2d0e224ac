"""`assess`: the reader on lines of JSON."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import typer

from models.reader import ClaimReader, ReadingInput
from models.urgency import UrgencyCard, score_urgency
from monitor.bootstrap.app import build, read_clock
from monitor.bootstrap.reading import load_reader, read_urgency_card
from monitor.commands.lines import LineReader, LinesArgument, exit_if_bad
from monitor.commands.terms import JsonOption, SettingsOption, emit, say
from monitor.domain import SHANGHAI, Reading
from monitor.errors import InputTooLargeError
from monitor.storage.mapping import dump_facts

_BATCH = 256


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("assess")(assess_lines)


def assess_lines(
    file: LinesArgument = "-", settings: SettingsOption = None, as_json: JsonOption = False
) -> None:
    """判读：每行 {"id","title","text"[,"published_at"]}，每行一个答案。

    urgency 只算这一条自己说的；清零期限临近、雇主在 C 类名单的加分由 work 入库时另加。
    """
    del as_json  # the answer is JSON lines in any case; the option is kept for other programs
    built = build(settings)
    reader, card = load_reader(built).reader, read_urgency_card(built.settings)
    lines = LineReader(file, ("id", "text"))
    for batch in _batches(lines):
        good, inputs = [], []
        for line in batch:
            read = _as_input(line, lines)
            if read is not None:
                good.append(line)
                inputs.append(read)
        for line, given, reading in _read_all(reader, lines, good, inputs):
            emit(_answer(card, line, given, reading))
    exit_if_bad(lines)


def _batches(lines: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(lines)
    while batch := list(islice(waiting, _BATCH)):
        yield batch


def _as_input(line: dict[str, Any], lines: LineReader) -> ReadingInput | None:
    try:
        published_at = _parse_time(line.get("published_at"))
    except ValueError:
        lines.bad += 1
        say(f"{line['id']}：published_at 看不懂，要 ISO 8601，例如 2026-11-23T10:00:00+08:00；跳过")
        return None
    return ReadingInput(line.get("title") or "", line["text"], published_at)


def _parse_time(given: object) -> datetime | None:
    if given in {None, ""}:
        return None
    at = datetime.fromisoformat(str(given))
    # A time without a zone is what a Chinese site shows.
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def _read_all(
    reader: ClaimReader, lines: LineReader, good: list[dict[str, Any]], inputs: list[ReadingInput]
) -> Iterator[tuple[dict[str, Any], ReadingInput, Reading]]:
    try:
        yield from zip(good, inputs, reader.assess_many(inputs), strict=True)
    except InputTooLargeError as error:
        if len(good) == 1:
            lines.bad += 1
            say(f"{good[0]['id']}：{error}，跳过")
            return
        for line, given in zip(good, inputs, strict=True):
            yield from _read_all(reader, lines, [line], [given])


def _answer(
    card: UrgencyCard, line: dict[str, Any], given: ReadingInput, reading: Reading
) -> dict[str, Any]:
    urgency = score_urgency(
        reading.facts,
        published_at=given.published_at or read_clock(),
        card=card,
        days_to_deadline=None,
    )
    return {
        "id": line["id"],
        "kind": reading.kind.value,
        "claim": reading.claim,
        "score": round(reading.score, 6),
        "sentiment": reading.sentiment.value,
        "facts": dump_facts(reading.facts),
        "urgency": {
            "level": int(urgency.level),
            "points": urgency.points,
            "reasons": [*urgency.reasons],
        },
        "why": [{"text": each.text, "weight": round(each.weight, 4)} for each in reading.why],
        "model": reading.model,
    }
