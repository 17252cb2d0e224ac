"""Mailbox lists written by hand: cells and links that are never closed, rows outside a table."""

from datetime import UTC, datetime

import pytest

from monitor.domain import Basis, Family, Page, Source
from monitor.errors import LayoutChangedError
from spiders.families import mailbox

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
ADDRESS = "http://xz.example.gov.cn/list.asp"
SOURCE = Source("letters", "县长信箱", Family.MAILBOX, Basis.ADDRESSED_TO_AUTHORITY, ADDRESS)
ROWS = {
    "cells without an end": "<tr><td><a href=show.asp?id={0}>工资的事{0}</a><td>2026-11-0{0}",
    "links without an end": "<tr><td><a href=show.asp?id={0}>工资的事{0}<td>2026-11-0{0}<td>已回复",
    "a month and a day": "<tr><td><a href=show.asp?id={0}>工资的事{0}</a><td>11月{0}日",
}
LOOSE = {
    "cells outside a table": "<tr><td><a href=show.asp?id={0}>工资的事{0}</a><td>2026-11-0{0}",
    "lines": "<a href=show.asp?id={0}>工资的事{0}</a> 2026-11-0{0} 已回复<br>",
    "paragraphs": "<p><a href=show.asp?id={0}>工资的事{0}</a> 2026-11-0{0} 已回复",
}


def open_list(body: str) -> Page:
    menu = "<meta charset=utf-8><a href=/>首页</a> <a href=write.asp>写信</a>"
    text = f"{menu}{body}<a href=/a>关于</a>"
    return Page("letters", ADDRESS, 200, {}, text.encode(), NOW)


@pytest.mark.parametrize(
    "row",
    [f"<table border=1>{{}}</table>|{each}" for each in ROWS.values()]
    + [f"{{}}|{each}" for each in LOOSE.values()],
    ids=[*ROWS, *LOOSE],
)
def test_rows_without_their_ends_are_read(row: str) -> None:
    around, each = row.split("|")
    page = open_list(around.format("".join(each.format(number) for number in (1, 2, 3))))
    listed = mailbox.read_list(page, SOURCE, NOW)
    assert [(item.key, item.title) for item in listed.items] == [
        (f"m{number}", f"工资的事{number}") for number in (1, 2, 3)
    ]


def test_an_answer_changes_the_key_of_a_loose_row() -> None:
    line = "<a href=show.asp?id=1>工资的事</a> 2026-11-01 {}<br>"
    keys = {
        mailbox.read_list(open_list(line.format(state)), SOURCE, NOW).items[0].change_key
        for state in ("办理中", "已回复")
    }
    assert len(keys) == 2


def test_links_without_a_day_or_a_state_are_no_letters() -> None:
    menu = "".join(f"<a href=show.asp?id={number}>栏目{number}</a><br>" for number in (1, 2, 3))
    with pytest.raises(LayoutChangedError):
        mailbox.read_list(open_list(menu), SOURCE, NOW)
