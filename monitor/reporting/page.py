"""A report as one HTML file that stands alone: no script, nothing fetched, fit for A4."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from monitor.reporting.cells import is_moment, is_number, show_cell
from monitor.reporting.charts import Pictures, draw_pictures
from monitor.reporting.links import Links
from monitor.reports.nouns import ColumnKind, Figure, Report, Section, Table
from monitor.reports.words import format_difference, format_moment, show_figure

MOST_CASES = 400
"""A quarter's thousands of cases would make a page that no phone opens; the xlsx has them all."""

_MOST_ROWS = 200


def write_page(report: Report, desk_url: str, pictures: Pictures | None = None) -> bytes:
    """Write the page.

    Args:
        report: The report.
        desk_url: Where the desk is, without a slash at the end; numbers and cases link to it.
        pictures: Those of this report, where somebody has drawn them already.
    """
    if pictures is None:
        pictures = draw_pictures(report, for_word=False)
    shown = replace(report, cases=_shorten(report.cases, MOST_CASES), sections=_short(report))
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=shown,
            links=Links(report, desk_url),
            # matplotlib's own output, made of numbers and outlines: nothing that anybody wrote.
            pictures={key: Markup(each.svg) for key, each in pictures.items()},  # noqa: S704
        )
        .encode()
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests |= {"number": is_number, "moment": is_moment}
    environment.filters |= {
        "cell": show_cell,
        "moment": format_moment,
        "figure": show_figure,
        "difference": _difference,
        "first_count": first_count,
    }
    return environment


def _difference(figure: Figure) -> str:
    return format_difference(figure, "上期")


def first_count(columns: Sequence[tuple[str, ColumnKind]]) -> int:
    """The place of the first column with counts, which is the one that leads to a list."""
    return next((n for n, (_, kind) in enumerate(columns) if kind is ColumnKind.COUNT), -1)


def _short(report: Report) -> list[Section]:
    return [
        replace(each, tables=[_shorten(table, _MOST_ROWS) for table in each.tables])
        for each in report.sections
    ]


def _shorten(table: Table, most: int) -> Table:
    """Cut a long table, and say so under its title."""
    if len(table.rows) <= most:
        return table
    return replace(
        table,
        rows=table.rows[:most],
        list_keys=table.list_keys[:most],
        case_ids=table.case_ids[:most],
        note=f"{table.note}列前 {most} 行，全部 {len(table.rows)} 行见同名的 xlsx。",
    )
