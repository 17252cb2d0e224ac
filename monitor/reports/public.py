"""The public edition: no names, no count under five, none that could be reckoned. Pure.

Only what is marked public goes out; sentences are made anew from what is left. A total under five
is hidden itself. Within a table what is hidden adds up to the total less what is shown, which may
leave a small count no choice (one hidden; two that add up to eight): the next smallest is hidden
too, until every small count could be at least three different numbers. Months, quarters and
campaigns are rounded, as one of them less those that lie in it would give a hidden one. A period
that runs is not published: its next edition less this one would be a small count.
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
from monitor.reports.periods import PeriodKind
from monitor.reports.words import NOT_SAID, show_figure

SMALLEST = 5
HIDDEN = "少于 5"
ALSO_HIDDEN = "不公布"
_LEAST_CHOICES = 3
"""So many different numbers must a hidden count be able to be."""

_COUNTED = frozenset({Unit.CASES, Unit.PEOPLE, Unit.DOCUMENTS, Unit.TIMES})
_WAITS = {"told_after": "told", "acknowledged_after": "alerts"}


def make_public(report: Report) -> Report:
    """Make the edition that may be published.

    Returns:
        A report without lists, cases, employers, projects, referrals, officers and issues.
    """
    if not report.is_whole:
        return _not_yet(report)
    opened = _value(report, "opened")
    figures = [_public(each, report, opened) for each in report.figures if each.is_public]
    if report.period.kind is not PeriodKind.WEEK:
        figures = [_round_figure(each) for each in figures]
    tables = [
        _hide_table(table, exact=report.period.kind is PeriodKind.WEEK)
        for section in report.sections
        for table in section.tables
        if table.is_public
    ]
    silent = next((each for each in report.figures if each.key == "silent"), None)
    watch = [f"{silent.title} {show_figure(silent)}。"] if silent else []
    return replace(
        report,
        notes=[
            "这是公开版：不含用人单位、项目和人员的名称；少于 5 的数不写，零也在内。",
            *(
                []
                if report.period.kind is PeriodKind.WEEK
                else ["件数、人数、份数取整到 5，金额取两位有效数字。"]
            ),
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


def _not_yet(report: Report) -> Report:
    """A page that says only that there is nothing to publish yet."""
    return replace(
        report,
        notes=["这是公开版：这一期还没有结束，结束以后才公布。"],
        leader=[],
        figures=[],
        sections=[],
        cases=Table("cases", "新增线索", (), ()),
        leader_charts=[],
        sheets=(),
        lists={},
        changes=(),
        is_public=True,
    )


def _value(report: Report, key: str) -> float:
    return next((each.value or 0 for each in report.figures if each.key == key), 0)


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


def _round_figure(figure: Figure) -> Figure:
    if figure.value is None:
        return figure
    if figure.unit in _COUNTED:
        return replace(figure, value=_round(figure.value))
    if figure.unit is Unit.YUAN:
        return replace(figure, value=float(f"{figure.value:.1e}"))
    return figure


def _round(count: float) -> int:
    """To the nearest five."""
    return SMALLEST * round(count / SMALLEST)


def _hidden(figure: Figure) -> Figure:
    return replace(figure, value=None, why_none=HIDDEN)


def _measured(report: Report, sheet: str) -> int:
    return next((len(each.rows) for each in report.sheets if each.key == sheet), 0)


# ---- tables


def _hide_table(table: Table, *, exact: bool) -> Table:
    """Keep the names and the counts of this period; hide what is small."""
    kept = [row for row in table.rows if not str(row[0]).startswith("其余 ")]
    rest = [row for row in table.rows if str(row[0]).startswith("其余 ")]
    shown = hide_small([_count(row[1]) for row in [*kept, *rest]])
    names = [_plain_name(table, str(row[0])) for row in [*kept, *rest]]
    return Table(
        table.key,
        table.title,
        (table.columns[0], (table.columns[1][0], ColumnKind.TEXT)),
        [
            (name, count if exact or not isinstance(count, int) else _round(count))
            for name, count in zip(names, shown, strict=True)
        ],
        is_public=True,
    )


def _plain_name(table: Table, name: str) -> str:
    """A place that is no town could be a site or a firm's address: it is not named."""
    if table.key != "places" or name == NOT_SAID or name.startswith("其余 "):
        return name
    return name if name.endswith(("镇", "乡", "街道", "开发区", "工业园", "新区")) else OTHERS


def hide_small(counts: Sequence[int]) -> list[Cell]:
    """Hide counts under five, and as many more as it takes that none of them can be reckoned.

    Returns:
        For each count the number, 少于 5, or 不公布. Where all of them together leave no choice,
        nothing but 不公布.
    """
    small = [number for number, count in enumerate(counts) if count < SMALLEST]
    larger = sorted(set(range(len(counts))) - set(small), key=lambda number: counts[number])
    also: list[int] = []
    while small and larger[len(also) :] and _choices(counts, small, also, larger) < _LEAST_CHOICES:
        also.append(larger[len(also)])
    if small and _choices(counts, small, also, larger) < _LEAST_CHOICES:
        return [ALSO_HIDDEN] * len(counts)
    return [
        HIDDEN if number in small else ALSO_HIDDEN if number in also else count
        for number, count in enumerate(counts)
    ]


def _choices(
    counts: Sequence[int], small: Sequence[int], also: Sequence[int], larger: Sequence[int]
) -> int:
    """How many numbers a small count could be, for whoever knows the total and how we hide."""
    rest = sum(counts[number] for number in [*small, *also])
    shown = larger[len(also) :]
    # Those hidden beside are at least five each, and no larger than the smallest that is shown.
    most_also = 0
    if also:
        most_also = len(also) * counts[shown[0]] if shown else rest
    most_small = SMALLEST - 1
    low = max(0, rest - most_also - most_small * (len(small) - 1))
    high = min(most_small, rest - SMALLEST * len(also))
    return high - low + 1


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
