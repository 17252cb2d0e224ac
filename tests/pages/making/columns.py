"""Lists of articles."""

from collections.abc import Iterator
from typing import Any

from tests.pages.making.kinds import Saved, ago
from tests.pages.making.systems import System
from tests.pages.making.words import article


def listing(
    system: System, name: str, rows: list[tuple[str, str, str]], frame: str, row: str, **more: Any
) -> Saved:
    """A list page: `rows` are addresses as written, titles and dates."""
    inner = "\n".join(
        row.format(href=href, title=title, date=date, n=at)
        for at, (href, title, date) in enumerate(rows, 1)
    )
    charset = f'<meta http-equiv="Content-Type" content="text/html; charset={system.charset}" />'
    text = f"<!DOCTYPE html><html><head>{charset}<title>要闻_清河</title></head><body>{frame.format(rows=inner)}</body></html>\n"
    return Saved(name, system.family, "list", more.pop("url"), text, sent=system.sent(), **more)


NAV = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>'


def rows_of(
    system: System, start: int, dated: str
) -> tuple[list[tuple[str, str, str]], list[dict[str, Any]]]:
    """Rows of a list and what must be read of them."""
    rows, items = [], []
    for n in range(start, start + 8):
        url, title = system.where(n), article(n).title
        rows.append(("/" + url.removeprefix(system.site), title, ago(days=n % 40).strftime(dated)))
        items.append({"key": system.named(n), "title": title, "url": url})
    return rows, items


def lists(
    system: System,
    frame: str,
    row: str,
    *,
    url: str,
    pager: str,
    next_url: str,
    dated: str = "%Y-%m-%d",
) -> Iterator[Saved]:
    """A first list page with a link onward, and a last one without."""
    rows, items = rows_of(system, 203, dated)
    yield listing(
        system,
        "list",
        rows,
        NAV + frame + pager,
        row,
        url=system.site + url,
        items=items,
        next_url=system.site + next_url,
    )
    rows, items = rows_of(system, 221, dated)
    yield listing(
        system, "last-list-page", rows, NAV + frame, row, url=system.site + next_url, items=items
    )
