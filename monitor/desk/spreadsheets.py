"""The ledger and the list of parties as xlsx, with the columns that bureaus use."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from monitor.casework import Party
from monitor.desk.reading_ledger import LedgerLine, read_all
from monitor.domain import SHANGHAI
from monitor.storage.parties import PartyQuery
from monitor.storage.repositories import Rows

_AT_ONCE = 500

LEDGER_HEAD: Sequence[tuple[str, float]] = (
    ("序号", 8),
    ("线索编号", 18),
    ("状态", 14),
    ("紧急程度", 10),
    ("用人单位", 32),
    ("项目名称", 32),
    ("行业", 12),
    ("乡镇（街道）", 16),
    ("是否政府或国企项目", 12),
    ("欠薪人数", 10),
    ("欠薪金额（元）", 16),
    ("已支付人数", 10),
    ("已支付金额（元）", 16),
    ("立案时间", 18),
    ("办理期限", 14),
    ("期限是否暂定", 12),
    ("责令支付文书号", 24),
    ("承办人", 12),
    ("属地责任领导", 14),
    ("行业监管员", 14),
    ("劳动监察员", 14),
    ("移送单位", 24),
    ("是否重大", 10),
    ("最近变动", 18),
)

PARTY_HEAD: Sequence[tuple[str, float]] = (
    ("编号", 8),
    ("类型", 10),
    ("名称", 36),
    ("其他名称", 36),
    ("行业", 14),
    ("乡镇（街道）", 16),
    ("是否政府或国企资金", 12),
    ("在工程中的角色", 16),
    ("等级", 8),
    ("定级理由", 50),
    ("属地责任领导", 14),
    ("行业监管员", 14),
    ("劳动监察员", 14),
)


def new_book(title: str, head: Sequence[tuple[str, float]]) -> tuple[Workbook, Any]:
    """Begin a book with one sheet that is written row by row, its heading row staying in view.

    Args:
        title: Of the sheet.
        head: For each column its heading and its width in characters.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for column, (_, width) in enumerate(head, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    cells = []
    for text, _ in head:
        cell = WriteOnlyCell(sheet, text)
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
    return book, sheet


def write_ledger(rows: Rows, words: Mapping[str, str]) -> tuple[bytes, int]:
    """Write every case; return the file and how many cases are in it.

    Args:
        rows: The tables.
        words: What people read for a member's value: states, levels ("1" to "4"), bodies.
    """
    book, sheet = new_book("台账", LEDGER_HEAD)
    names = {each.username: each.display_name for each in rows.users.list_all()}
    count = 0
    for lines in read_all(rows):
        for line in lines:
            count += 1
            sheet.append(_ledger_row(count, line, names, words))
    return _save(book), count


def _ledger_row(
    number: int, line: LedgerLine, names: Mapping[str, str], words: Mapping[str, str]
) -> list[object]:
    case, clock = line.case, line.next_clock
    party = line.project or line.employer
    card = party.card if party else None
    return [
        number,
        case.number,
        words[case.state.value],
        words[str(int(case.level))],
        plain(case.employer),
        plain(case.project),
        plain(card.sector) if card else None,
        plain((card.town if card else "") or case.place),
        "是" if line.details.public_money else "否",
        case.workers,
        case.amount_yuan,
        line.paid_workers or None,
        line.paid_yuan or None,
        _local(case.opened_at),
        clock.due_on if clock else None,
        "暂定" if clock and clock.provisional else None,
        plain(line.order_numbers),
        plain(names.get(case.owner, case.owner)) if case.owner else None,
        plain(card.local_leader) if card else None,
        plain(card.sector_officer) if card else None,
        plain(card.inspector) if card else None,
        words[case.referred_to.value] if case.referred_to else None,
        "是" if line.details.large_reasons else None,
        _local(case.changed_at),
    ]


def write_parties(rows: Rows, words: Mapping[str, str]) -> tuple[bytes, int]:
    """Write every party that stands for itself; return the file and how many are in it."""
    book, sheet = new_book("单位和项目", PARTY_HEAD)
    count = 0
    while parties := rows.parties.list_page(PartyQuery(), offset=count, limit=_AT_ONCE):
        for party in parties:
            sheet.append(_party_row(party, words))
        count += len(parties)
    return _save(book), count


def _party_row(party: Party, words: Mapping[str, str]) -> list[object]:
    card = party.card
    public = {True: "是", False: "否", None: "未核实"}[card.public_money]
    return [
        party.party_id,
        words[party.kind.value],
        plain(party.name),
        plain("、".join(party.other_names)),
        plain(card.sector),
        plain(card.town),
        public,
        words[f"part:{card.part.value}"],
        party.party_class.value,
        plain("；".join(party.class_reasons)),
        plain(card.local_leader),
        plain(card.sector_officer),
        plain(card.inspector),
    ]


def _local(at: datetime) -> datetime:
    return at.astimezone(SHANGHAI).replace(tzinfo=None)


def _save(book: Workbook) -> bytes:
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def plain(text: str | None) -> str | None:
    """Give back a text that no spreadsheet takes for a formula, and None for an empty one."""
    if not text:
        return None
    kept = "".join(each for each in text if each.isprintable())
    return f"'{kept}" if kept and kept[0] in "=+-@" else kept
