"""Deadlines: which fell in a period, which were kept, which are past, which come soon. Pure.

The ledger reckons the days (`monitor.clocks`, where the law is named); here they are only counted.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from monitor.casework import ClockKind
from monitor.domain import SHANGHAI, CaseStep
from monitor.reports.counts import Counts, Deadline
from monitor.reports.groups import Lists
from monitor.reports.nouns import ColumnKind, Table

SOON = timedelta(days=14)
"""How far after the end of a period a deadline is told as coming."""

CLOCK_NAMES: Mapping[ClockKind, str] = {
    ClockKind.ACCEPT: "受理期限（内部时钟）",
    ClockKind.INVESTIGATE: "调查期限",
    ClockKind.CAMPAIGN: "冬季行动清零期限",
    ClockKind.PAY_ORDER: "责令支付期限",
    ClockKind.LISTED: "挂牌督办期限",
}

_CLEARED = frozenset({CaseStep.RECORD_PAID, CaseStep.CLOSE, CaseStep.NOT_A_CLAIM, CaseStep.MERGE})
_MEETS: Mapping[ClockKind, frozenset[CaseStep]] = {
    ClockKind.ACCEPT: frozenset(set(CaseStep) - {CaseStep.REOPEN}),
    ClockKind.INVESTIGATE: _CLEARED | {CaseStep.REFER},
    ClockKind.CAMPAIGN: _CLEARED,
    ClockKind.PAY_ORDER: _CLEARED,
    ClockKind.LISTED: _CLEARED,
}
"""What a deadline waits for, as in `monitor.clocks.reckon_clocks`."""


def find_met(
    kind: ClockKind, starts_on: date, steps: Iterable[tuple[CaseStep, date]]
) -> date | None:
    """The day on which a case did what a deadline waits for; None where it has not.

    Args:
        kind: Which deadline.
        starts_on: From when on it runs.
        steps: The case's steps in their order with their days; one that opens it again undoes it.
    """
    met: date | None = None
    for step, day in steps:
        if step is CaseStep.REOPEN:
            met = None
        elif met is None and step in _MEETS[kind] and day >= starts_on:
            met = day
    return met


# ---- what is counted


def list_due(counts: Counts) -> list[Deadline]:
    """Those whose last day lay in the period and is over."""
    return [each for each in counts.deadlines if counts.since < _end_of(each) <= counts.until]


def list_missed(counts: Counts) -> list[Deadline]:
    """Of those, the ones that were not kept."""
    return [each for each in list_due(counts) if not each.is_kept]


def list_over(counts: Counts) -> list[Deadline]:
    """Those that were past at the end while what they wait for had not happened."""
    return [
        each for each in counts.deadlines if each.met_on is None and _end_of(each) <= counts.until
    ]


def list_soon(counts: Counts) -> list[Deadline]:
    """Those that still run and end within two weeks of the end of the period."""
    return [
        each
        for each in counts.deadlines
        if each.met_on is None and counts.until < _end_of(each) <= counts.until + SOON
    ]


def _end_of(deadline: Deadline) -> datetime:
    """When its last day is over."""
    return datetime.combine(deadline.due_on + timedelta(days=1), time(), SHANGHAI)


# ---- what is told


def tell_due(counts: Counts) -> str:
    """One sentence on deadlines."""
    due, missed, over, soon = (
        len(find(counts)) for find in (list_due, list_missed, list_over, list_soon)
    )
    provisional = sum(each.provisional for each in list_soon(counts))
    said = (
        f"期内到期的时限 {due} 项，按时办结 {due - missed} 项，没有按时办结 {missed} 项；"
        f"期末超期仍未办结 {over} 项，之后 {SOON.days} 天内到期 {soon} 项"
    )
    return said + (f"（其中 {provisional} 项按未公布的日历暂定）。" if provisional else "。")


def clock_table(counts: Counts, lists: Lists) -> Table:
    """Deadlines by what they are for."""
    found = {
        kind: [_of(kind, find(counts)) for find in (list_due, list_missed, list_over, list_soon)]
        for kind in CLOCK_NAMES
    }
    shown = {kind: parts for kind, parts in found.items() if any(parts)}
    for key, find in (("due", list_due), ("missed", list_missed), ("over", list_over)):
        lists.keep(key, _cases(find(counts)))
    return Table(
        "clocks",
        "时限",
        (
            ("时限", ColumnKind.TEXT),
            ("期内到期", ColumnKind.COUNT),
            ("没有按时办结", ColumnKind.COUNT),
            ("期末超期", ColumnKind.COUNT),
            (f"{SOON.days} 天内到期", ColumnKind.COUNT),
        ),
        [(CLOCK_NAMES[kind], *(len(part) for part in parts)) for kind, parts in shown.items()],
        list_keys=[
            lists.keep(f"clocks-{kind}", _cases([each for part in parts for each in part]))
            for kind, parts in shown.items()
        ],
        note="截止日按现在的台账；是否按时办结按线索的办理记录。",
    )


def _of(kind: ClockKind, deadlines: Sequence[Deadline]) -> list[Deadline]:
    return [each for each in deadlines if each.kind is kind]


def _cases(deadlines: Sequence[Deadline]) -> list[int]:
    return [*dict.fromkeys(each.case_id for each in deadlines)]


def deadline_sheet(counts: Counts) -> Table:
    """The rows behind: one a deadline."""
    return Table(
        "clock_rows",
        "时限明细",
        (
            ("线索编号", ColumnKind.TEXT),
            ("时限", ColumnKind.TEXT),
            ("起算", ColumnKind.DAY),
            ("截止", ColumnKind.DAY),
            ("办结", ColumnKind.DAY),
            ("暂定", ColumnKind.TEXT),
        ),
        [
            (
                each.number,
                CLOCK_NAMES[each.kind],
                each.starts_on,
                each.due_on,
                each.met_on,
                "是" if each.provisional else "否",
            )
            for each in counts.deadlines
        ],
        case_ids=[each.case_id for each in counts.deadlines],
    )
