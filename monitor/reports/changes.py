"""What differs between two editions of one report. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from monitor.reports.nouns import Cell, Report, Unit
from monitor.reports.words import format_figure, format_moment

_MOST = 12
Content = Mapping[str, Any]
"""What is kept of an edition to compare with: figures, rows, lists, until when it was counted."""


def content_of(report: Report) -> dict[str, Any]:
    """Everything that a report says, as JSON; two reports that say the same are equal here."""
    tables = [table for section in report.sections for table in section.tables]
    return {
        "until": report.until.isoformat(),
        "figures": {
            each.key: [each.title, each.unit.value, each.value, each.list_key]
            for each in report.figures
        },
        "tables": {
            each.title: [[_plain(cell) for cell in row] for row in each.rows]
            for each in [*tables, report.cases, *report.sheets]
        },
        "leader": [*report.leader],
        "lists": {key: [*case_ids] for key, case_ids in report.lists.items()},
        "list_titles": {
            key: f"{table.title}：{row[0]}"
            for table in tables
            for key, row in zip(table.list_keys, table.rows, strict=False)
            if key
        },
    }


def _plain(cell: Cell) -> str | int | float | None:
    return cell.isoformat() if isinstance(cell, date) else cell


def says_the_same(one: Content, other: Content) -> bool:
    """The figures and every row behind them are equal."""
    return all(one[part] == other[part] for part in ("until", "figures", "tables"))


def tell_changes(before: Content, now: Content, *, edition: int, whole_at: datetime) -> list[str]:
    """Say what a new edition changes; empty for the first.

    Args:
        before: What the edition before said.
        now: What this one says.
        edition: The number of this one.
        whole_at: The end of the period: an edition that was made before it told less.
    """
    until = datetime.fromisoformat(before["until"])
    if until < whole_at:
        return [f"第 {edition} 版：第 {edition - 1} 版只计到 {format_moment(until)}。"]
    changed = [line for key in now["figures"] if (line := _tell_figure(key, before, now))]
    tables = [
        f"“{title}”" for title, rows in now["tables"].items() if rows != before["tables"].get(title)
    ]
    told = [f"第 {edition} 版，改正第 {edition - 1} 版：", *changed[:_MOST]]
    if len(changed) > _MOST:
        told.append(f"另有 {len(changed) - _MOST} 个指标不同。")
    if tables:
        told.append(f"内容有变的表：{_list(tables)}。")
    return told


def _tell_figure(key: str, before: Content, now: Content) -> str:
    title, unit, value, _ = now["figures"][key]
    was = before["figures"].get(key, [title, unit, None, ""])[2]
    if was == value:
        return ""
    return f"{title}：原 {format_figure(was, Unit(unit))}，现 {format_figure(value, Unit(unit))}。"


def _list(names: Sequence[str]) -> str:
    shown = "、".join(names[:_MOST])
    return shown if len(names) <= _MOST else f"{shown}等 {len(names)} 张"
