"""The weekly report as one HTML file that stands alone: no script, nothing fetched, fit for A4."""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from monitor.reporting.cells import is_moment, is_number, show_cell
from monitor.reporting.tables import list_cases
from monitor.reports.nouns import Table, WeeklyReport
from monitor.reports.words import format_difference, format_figure, format_moment

_BAR_HEIGHT, _BAR_STEP, _LONGEST, _WIDTH = 12, 34, 300.0, 380
_MOST_LABEL = 24
_LEAST_FOR_CHART = 2


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart, in the units of its drawing."""

    label: str
    shown: str
    length: float
    top: int


def make_bars(table: Table) -> list[Bar]:
    """The bars of a table's first two columns; empty when there is nothing to tell apart."""
    counts = [row[1] if isinstance(row[1], int | float) else 0 for row in table.rows]
    most = max(counts, default=0)
    if most < _LEAST_FOR_CHART:
        return []
    return [
        Bar(_shorten(str(row[0])), f"{count:,}", _LONGEST * count / most, number * _BAR_STEP)
        for number, (row, count) in enumerate(zip(table.rows, counts, strict=True))
    ]


def _shorten(label: str) -> str:
    return label if len(label) <= _MOST_LABEL else label[: _MOST_LABEL - 1] + "…"


def write_page(report: WeeklyReport, desk_url: str) -> bytes:
    """Write the page.

    Args:
        report: The week.
        desk_url: Where the desk is, without a slash at the end; each case links to its page there.
    """
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "bars": make_bars,
        "bar_step": _BAR_STEP,
        "bar_height": _BAR_HEIGHT,
        "chart_width": _WIDTH,
    }
    environment.tests |= {"number": is_number, "moment": is_moment}
    environment.filters |= {"cell": show_cell, "moment": format_moment}
    return (
        environment.get_template("week.html")
        .render(
            report=report,
            figures=[
                (each.title, format_figure(each.value, each.unit), format_difference(each))
                for each in report.figures
            ],
            cases=list_cases(report.cases),
            links=[f"{desk_url}/cases/{each.case.case_id}" for each in report.cases],
        )
        .encode()
    )
