"""How a cell of a report's table is written for people."""

from datetime import date, datetime

from monitor.reports.nouns import Cell, ColumnKind
from monitor.reports.words import format_moment

_NUMBERS = frozenset(
    {
        ColumnKind.COUNT,
        ColumnKind.YUAN,
        ColumnKind.HOURS,
        ColumnKind.MINUTES,
        ColumnKind.PERCENT,
    }
)

_WRITTEN = {
    ColumnKind.YUAN: "{:,.2f}",
    ColumnKind.HOURS: "{:,.1f}",
    ColumnKind.MINUTES: "{:,.1f}",
    ColumnKind.PERCENT: "{:.1f}%",
}


def is_number(kind: ColumnKind) -> bool:
    """Say whether a column holds numbers, which stand to the right."""
    return kind in _NUMBERS


def is_moment(kind: ColumnKind) -> bool:
    """Say whether a column holds instants, which are not broken over lines."""
    return kind is ColumnKind.MOMENT


def show_cell(cell: Cell, kind: ColumnKind) -> str:
    """Write one cell; a dash where there is nothing."""
    if cell is None:
        return "—"
    if isinstance(cell, datetime):
        return format_moment(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str):
        return cell
    return (
        _WRITTEN.get(kind, "{:,}")
        .format(cell)
        .removesuffix(".00" if kind is ColumnKind.YUAN else "")
    )
