"""The public edition: no names, no count under five, none that could be reckoned. Pure.

Only what is marked public goes out; sentences are made anew from what is left. Within a table a
single hidden count could be had by taking the others from the total, so that the next smallest is
hidden with it; a total under five is hidden itself.
"""

from collections.abc import Sequence
from dataclasses import replace

from monitor.reports.groups import OTHERS
from monitor.reports.nouns import (
    Bars,
    Cell,
    Chart,
    ColumnKind,
    Course,
    Figure,
    Report,
    Section,
    Table,
    Unit,
)
from monitor.reports.words import NOT_SAID, show_figure

SMALLEST = 5
HIDDEN = "少于 5"
ALSO_HIDDEN = "不公布"
_COUNTED = frozenset({Unit.CASES, Unit.PEOPLE, Unit.DOCUMENTS, Unit.TIMES})
_WAITS = {"told_after": "told", "acknowledged_after": "alerts"}


def make_public(report: Report) -> Report:
    """Make the edition that may be published.

    Returns:
        A report without lists, cases, employers, projects, referrals, officers and issues.
    """
    opened = _value(report, "opened")
    figures = [_public(each, report, opened) for each in report.figures if each.is_public]
    tables = [
        _hide_table(table) for section in report.sections for table in section.tables if _may(table)
    ]
    silent = next((each for each in report.figures if each.key == "silent"), None)
    watch = [f"{silent.title} {show_figure(silent)}。"] if silent else []
    return replace(
        report,
        notes=[
            "这是公开版：不含用人单位、项目和人员的名称；少于 5 的数不写，零也在内。",
            *[note for note in report.notes if "值守" in note and "离散" not in note],
            "线索来自公开的地方，未经核实的也在内；人数、金额只计写明的，不估算。",
        ],
        leader=[f"{each.title}：{show_figure(each)}。" for each in figures if each.key != "silent"]
        + watch,
        figures=figures,
        sections=[
            Section("一、欠薪线索", [], [each for each in tables if each.key != "kinds"]),
            Section("二、读到的文书", [], [each for each in tables if each.key == "kinds"]),
        ],
        cases=Table("cases", "新增线索", (), ()),
        leader_charts=[chart for each in report.leader_charts if (chart := _hide_chart(each))],
        sheets=(),
        lists={},
        changes=(),
        is_public=True,
    )


def _value(report: Report, key: str) -> float:
    return next((each.value or 0 for each in report.figures if each.key == key), 0)


def _may(table: Table) -> bool:
    return table.is_public


# ---- figures


def _public(figure: Figure, report: Report, opened: float) -> Figure:
    bare = replace(figure, before=None, last_year=None, comparisons={}, list_key="", sheet="")
    if figure.key in {"workers", "amount"} and opened < SMALLEST:
        return _hidden(bare)
    if figure.key in _WAITS and _measured(report, _WAITS[figure.key]) < SMALLEST:
        return _hidden(bare)
    if figure.unit in _COUNTED and figure.value is not None and figure.value < SMALLEST:
        return _hidden(bare)
    return bare


def _hidden(figure: Figure) -> Figure:
    return replace(figure, value=None, why_none=HIDDEN)


def _measured(report: Report, sheet: str) -> int:
    return next((len(each.rows) for each in report.sheets if each.key == sheet), 0)


# ---- tables


def _hide_table(table: Table) -> Table:
    """Keep the names and the counts of this period; hide what is small."""
    kept = [row for row in table.rows if not str(row[0]).startswith("其余 ")]
    rest = [row for row in table.rows if str(row[0]).startswith("其余 ")]
    shown = hide_small([_count(row[1]) for row in [*kept, *rest]])
    names = [_plain_name(table, str(row[0])) for row in [*kept, *rest]]
    return Table(
        table.key,
        table.title,
        (table.columns[0], (table.columns[1][0], ColumnKind.TEXT)),
        [(name, count) for name, count in zip(names, shown, strict=True)],
        is_public=True,
    )


def _plain_name(table: Table, name: str) -> str:
    """A place that is no town could be a site or a firm's address: it is not named."""
    if table.key != "places" or name == NOT_SAID or name.startswith("其余 "):
        return name
    return name if name.endswith(("镇", "乡", "街道", "开发区", "工业园", "新区")) else OTHERS


def hide_small(counts: Sequence[int]) -> list[Cell]:
    """Hide counts under five, and one more where a single hidden one could be reckoned.

    Returns:
        For each count the number, 少于 5, or 不公布.
    """
    small = [number for number, count in enumerate(counts) if count < SMALLEST]
    also: int | None = None
    # What the hidden ones add up to can be had from the total: it must not itself be small.
    if small and (len(small) == 1 or sum(counts[each] for each in small) < SMALLEST):
        larger = [number for number, count in enumerate(counts) if count >= SMALLEST]
        also = min(larger, key=lambda number: counts[number], default=None)
    return [
        HIDDEN if number in small else ALSO_HIDDEN if number == also else count
        for number, count in enumerate(counts)
    ]


def _count(cell: Cell) -> int:
    return int(cell) if isinstance(cell, int | float) else 0


# ---- pictures


def _hide_chart(chart: Chart) -> Chart | None:
    """The course without small weeks; bars stand in no public edition, the table says enough."""
    if isinstance(chart, Bars) or not chart.is_public:
        return None
    shown = replace(
        chart,
        opened=[_large(each) for each in chart.opened],
        closed=[_large(each) for each in chart.closed],
    )
    return replace(
        shown, said=f"{chart.names[0]} 至 {chart.names[-1]} 每周新增和销号；{_gaps(shown)}"
    )


def _large(count: float | None) -> float | None:
    return count if count is not None and count >= SMALLEST else None


def _gaps(chart: Course) -> str:
    if not chart.gaps:
        return "没有发现值守缺口。"
    return "值守有缺口的周：" + "、".join(chart.names[each] for each in chart.gaps) + "。"
