"""`assess`, `evaluate`, `mask`: the reader and the mask on lines of JSON."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from models.baselines import compare_baselines
from models.evaluation import LabelledText, evaluate
from models.normalise import MAX_CHARACTERS
from models.reader import ReadingInput
from models.urgency import score_urgency
from monitor.bootstrap import App, build, read_clock
from monitor.commands.terms import (
    JsonOption,
    LineReader,
    LinesArgument,
    SettingsOption,
    emit,
    exit_if_bad,
    say,
)
from monitor.domain import SHANGHAI, Reading
from monitor.errors import InputError, InputTooLargeError
from monitor.storage.mapping import dump_facts
from spiders.masking import mask

_BATCH = 256
_BAR = 30
"""Signs of a bar that stands for 1."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("assess")(assess_lines)
    app.command("evaluate")(evaluate_file)
    app.command("mask")(mask_lines)


def assess_lines(
    file: LinesArgument = "-", settings: SettingsOption = None, as_json: JsonOption = False
) -> None:
    """判读：每行 {"id","title","text"[,"published_at"]}，每行一个答案。

    urgency 只算这一条自己说的；清零期限临近、雇主在 C 类名单的加分由 work 入库时另加。
    """
    del as_json  # the answer is JSON lines in any case; the option is kept for other programs
    built = build(settings)
    lines = LineReader(file, ("id", "text"))
    for batch in _batches(lines):
        good, inputs = [], []
        for line in batch:
            read = _as_input(line, lines)
            if read is not None:
                good.append(line)
                inputs.append(read)
        for line, given, reading in _read_all(built, lines, good, inputs):
            emit(_answer(built, line, given, reading))
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
    built: App, lines: LineReader, good: list[dict[str, Any]], inputs: list[ReadingInput]
) -> Iterator[tuple[dict[str, Any], ReadingInput, Reading]]:
    reader = built.reader.reader
    try:
        yield from zip(good, inputs, reader.assess_many(inputs), strict=True)
    except InputTooLargeError as error:
        if len(good) == 1:
            lines.bad += 1
            say(f"{good[0]['id']}：{error}，跳过")
            return
        for line, given in zip(good, inputs, strict=True):
            yield from _read_all(built, lines, [line], [given])


def _answer(
    built: App, line: dict[str, Any], given: ReadingInput, reading: Reading
) -> dict[str, Any]:
    urgency = score_urgency(
        reading.facts,
        published_at=given.published_at or read_clock(),
        card=built.urgency_card,
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


def evaluate_file(
    file: LinesArgument,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
    with_baselines: Annotated[
        bool, typer.Option("--baselines", help="再列出更简单的办法在同一批数据上的成绩（要几秒）")
    ] = False,
) -> None:
    """评估：每行 {"id","title","text","label":0|1}，给出查准、查全、F1、PR-AUC、Brier。"""
    built = build(settings)
    lines = LineReader(file, ("text", "label"))
    labelled = []
    for line in track(list(lines), "读入", console=Console(stderr=True), transient=True):
        text = _as_labelled(line, lines)
        if text is not None:
            labelled.append(text)
    if not labelled:
        raise InputError(f"{file} 里没有可用的行")
    figures = evaluate(built.reader.reader, labelled).as_dict()
    rows = [asdict(row) for row in compare_baselines(labelled)] if with_baselines else []
    if as_json:
        emit(figures | ({"baselines": rows} if with_baselines else {}))
    else:
        _print_figures(f"{file}：{len(labelled)} 条", figures, rows)
    exit_if_bad(lines)


def _as_labelled(line: dict[str, Any], lines: LineReader) -> LabelledText | None:
    complaint = ""
    if isinstance(line["label"], list | dict) or line["label"] not in {0, 1}:
        complaint = "label 要是 0 或 1"
    elif max(len(line["text"]), len(line.get("title") or "")) > MAX_CHARACTERS:
        complaint = f"超过 {MAX_CHARACTERS:,} 字"
    if complaint:
        lines.bad += 1
        say(f"{line.get('id')}：{complaint}，跳过")
        return None
    return LabelledText(line.get("title") or "", line["text"], bool(line["label"]))


def _print_figures(title: str, figures: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    console = Console()
    table = Table("项目", "数值", title=title)
    for name, value in figures.items():
        if name not in {"reliability", "curve"}:
            table.add_row(name, f"{value:.4f}" if isinstance(value, float) else str(value))
    console.print(table)
    curve = Table("阈值", "查准", "查全", title="查准—查全曲线")
    for step in figures["curve"]:
        curve.add_row(*(f"{value:.3f}" for value in step))
    console.print(curve)
    picture = Table("平均分", "实际比例", "条数", "", title="分数可靠吗（■ 实际比例，· 分数）")
    for mean, share, count in figures["reliability"]:
        bar = "■" * round(share * _BAR)
        mark = round(mean * _BAR)
        drawn = f"{bar:<{_BAR + 1}}"
        picture.add_row(
            f"{mean:.2f}", f"{share:.2f}", str(count), f"{drawn[:mark]}·{drawn[mark + 1 :]}"
        )
    console.print(picture)
    if rows:
        beside = Table("办法", "查准", "查全", "F1", "PR-AUC", title="更简单的办法")
        for row in rows:
            area = row["pr_auc"]
            beside.add_row(
                row["name"],
                *(f"{row[key]:.3f}" for key in ("precision", "recall", "f1")),
                "–" if area is None else f"{area:.3f}",
            )
        console.print(beside)


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
