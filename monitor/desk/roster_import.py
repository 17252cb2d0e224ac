"""A duty table that somebody wants to import: what it says, what speaks against it, what changes.

The command line and the desk read it with the same words; nothing is kept before it is taken.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from alerts.wording import DUTY_WORDS
from monitor.domain import SHANGHAI, DutyRole, Person, Problem, Severity, Shift
from monitor.errors import IllegalStepError
from monitor.roster_book import read_tables
from monitor.storage.repositories import Rows


@dataclass(frozen=True, slots=True)
class DraftCell:
    """A shift of the table. `before` names whoever the plan has there now, if that is another."""

    person_name: str
    starts_at: datetime
    ends_at: datetime
    note: str
    before: Sequence[str]


@dataclass(frozen=True, slots=True)
class DraftDay:
    """The shifts that begin on one day, Asia/Shanghai."""

    day: date
    cells: Mapping[DutyRole, Sequence[DraftCell]]


@dataclass(frozen=True, slots=True)
class TableDraft:
    """A table that was read and is not in force.

    `problems` are in the order of the file. `still` is what will hold over the table: swaps,
    overrides, absences. `basis` stands for the plan that the changes were compared with.
    """

    name: str
    shifts: Sequence[Shift]
    problems: Sequence[Problem]
    still: Sequence[Problem]
    days: Sequence[DraftDay]
    changed: int
    basis: str

    @property
    def errors(self) -> int:
        """How many problems keep the table from being taken."""
        return sum(each.severity is Severity.ERROR for each in self.problems)

    @property
    def can_be_taken(self) -> bool:
        """Say whether the table may take effect."""
        return bool(self.shifts) and not self.errors


def read_draft(
    rows: Rows, content: bytes, name: str, *, day_starts: time, now: datetime
) -> TableDraft:
    """Read a table and compare it with the plan; changes nothing.

    Args:
        rows: An open transaction.
        content: The file, xlsx or csv.
        name: What the file is called in problems.
        day_starts: When one day's duty hands over to the next, local time.
        now: Dates without a year are understood by it.
    """
    from alerts.duty_table import read_duty_table  # noqa: PLC0415 - loads openpyxl

    people = rows.users.list_all()
    shifts, problems = read_duty_table(
        content, name, people, today=now.astimezone(SHANGHAI).date(), day_starts=day_starts
    )
    planned = _list_planned(rows, shifts)
    days = _view_days(shifts, planned, {each.username: each.display_name for each in people})
    return TableDraft(
        name=name,
        shifts=shifts,
        problems=problems,
        still=find_what_still_holds(rows, shifts, now) if shifts else (),
        days=days,
        changed=sum(
            bool(cell.before) for day in days for cells in day.cells.values() for cell in cells
        ),
        basis=_fingerprint(planned),
    )


def take_draft(
    rows: Rows, shifts: Sequence[Shift], basis: str, *, by: Person, name: str, now: datetime
) -> None:
    """Let a table take effect that was shown before.

    Raises:
        IllegalStepError: The plan has changed since it was shown.
    """
    if _fingerprint(_list_planned(rows, shifts)) != basis:
        raise IllegalStepError("核对期间值班表被别人改动过，请重新上传核对。")
    rows.duty.replace(shifts)
    rows.audit.add(by.username, "roster.imported", "roster", now, f"{name}：{len(shifts)} 个班次")


def find_what_still_holds(rows: Rows, shifts: Sequence[Shift], now: datetime) -> list[Problem]:
    """Swaps, overrides and absences hold over a new table; whoever imports it must know."""
    starts_at = max(now, min(each.starts_at for each in shifts))
    ends_at = max(each.ends_at for each in shifts)
    if ends_at <= starts_at:
        return []
    changes = rows.rosters.list_changes(starts_at, ends_at)
    absences = rows.rosters.list_absences(starts_at, ends_at)
    return [
        *(
            Problem(
                "R311",
                f"调整 {each.change_id}",
                f"{DUTY_WORDS[each.duty]} {_local(each.starts_at)} 起仍由 {each.person or '无人'} "
                f"值班（{'换班' if each.swap_id else '调整'}）",
                "不再需要就 qingxin roster withdraw，或在值班表页面撤回",
                Severity.WARNING,
            )
            for each in changes
        ),
        *(
            Problem(
                "R312",
                f"请假 {each.absence_id}",
                f"{each.person} {_local(each.starts_at)} 起请假，代班 {each.substitute or '无人'}",
                "已经回来就 qingxin roster back，或在值班表页面销假",
                Severity.WARNING,
            )
            for each in absences
        ),
    ]


def _list_planned(rows: Rows, shifts: Sequence[Shift]) -> list[Shift]:
    """What the plan has now where the table would replace it: by duty, in the time it covers."""
    planned: list[Shift] = []
    for duty in sorted({each.duty for each in shifts}):
        of_duty = [each for each in shifts if each.duty is duty]
        tables = read_tables(
            rows, min(each.starts_at for each in of_duty), max(each.ends_at for each in of_duty)
        )
        planned += [each for each in tables.shifts if each.duty is duty]
    return planned


def _view_days(
    shifts: Sequence[Shift], planned: Sequence[Shift], names: Mapping[str, str]
) -> list[DraftDay]:
    days: dict[date, dict[DutyRole, list[DraftCell]]] = {}
    for shift in shifts:
        before = [
            names.get(each.person, each.person)
            for each in planned
            if each.duty is shift.duty
            and each.starts_at < shift.ends_at
            and each.ends_at > shift.starts_at
            and each.person != shift.person
        ]
        cell = DraftCell(
            names.get(shift.person, shift.person),
            shift.starts_at,
            shift.ends_at,
            shift.note,
            tuple(dict.fromkeys(before)),
        )
        day = shift.starts_at.astimezone(SHANGHAI).date()
        days.setdefault(day, {}).setdefault(shift.duty, []).append(cell)
    return [DraftDay(day, cells) for day, cells in sorted(days.items())]


def _fingerprint(planned: Sequence[Shift]) -> str:
    lines = sorted(
        f"{each.duty.value} {each.person} {each.starts_at.isoformat()} {each.ends_at.isoformat()}"
        for each in planned
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="minutes")
