"""`export ledger`: what leaves the database as a file."""

from pathlib import Path
from typing import Annotated

import typer

from monitor.bootstrap import read_clock
from monitor.commands.terms import SettingsOption, open_app, say
from monitor.domain import SHANGHAI, Case
from monitor.errors import InputError
from monitor.storage.cases import CaseQuery

exports = typer.Typer(help="导出。", no_args_is_help=True)
_PAGE = 1000
_HEAD = (
    ("线索编号", 18),
    ("状态", 12),
    ("紧急程度", 10),
    ("用人单位", 32),
    ("项目", 32),
    ("地点", 20),
    ("欠薪人数", 10),
    ("欠薪金额（元）", 16),
    ("立案时间", 18),
    ("最近变动", 18),
    ("承办人", 12),
    ("移送单位", 24),
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(exports, name="export")


@exports.command("ledger")
def export_ledger(
    out: Annotated[Path, typer.Option("--out", help="xlsx 文件")], settings: SettingsOption = None
) -> None:
    """把台账导出成 xlsx：数字是数字，日期是日期。"""
    from monitor.commands.spreadsheet import new_book  # noqa: PLC0415 - loads openpyxl

    book, sheet = new_book("台账", _HEAD)
    count = 0
    with open_app(settings) as built, built.storage.look() as rows:
        names = {each.username: each.display_name for each in rows.users.list_all()}
        while cases := rows.cases.list_page(CaseQuery(), offset=count, limit=_PAGE):
            for case in cases:
                sheet.append(_row(case, names))
            count += len(cases)
            say(f"已写 {count} 个线索")
    try:
        book.save(out)
    except OSError as error:
        raise InputError(f"{out} 写不了：{error.strerror}") from error
    say(f"{out}：{count} 个线索，{read_clock().astimezone(SHANGHAI):%Y-%m-%d %H:%M}")


def _row(case: Case, names: dict[str, str]) -> list[object]:
    local = [
        each.astimezone(SHANGHAI).replace(tzinfo=None) for each in (case.opened_at, case.changed_at)
    ]
    return [
        case.number,
        case.state.value,
        int(case.level),
        _plain(case.employer),
        _plain(case.project),
        _plain(case.place),
        case.workers,
        case.amount_yuan,
        *local,
        names.get(case.owner, case.owner) if case.owner else None,
        case.referred_to.value if case.referred_to else None,
    ]


def _plain(text: str | None) -> str | None:
    # A name that begins like a formula would be carried out by the spreadsheet that opens it.
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text
