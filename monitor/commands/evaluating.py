"""`evaluate`: how well the reader does on labelled lines of JSON."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from models.baselines import compare_baselines
from models.evaluation import LabelledText, evaluate
from models.normalise import MAX_CHARACTERS
from monitor.bootstrap.app import build
from monitor.bootstrap.reading import load_reader
from monitor.commands.lines import LineReader, LinesArgument, exit_if_bad
from monitor.commands.terms import JsonOption, SettingsOption, emit, say
from monitor.errors import InputError

_BAR = 30
"""Signs of a bar that stands for 1."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate")(evaluate_file)


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
    figures = evaluate(load_reader(built).reader, labelled).as_dict()
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
