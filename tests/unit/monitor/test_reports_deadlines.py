"""Deadlines counted from the history of their cases."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from monitor.casework import ClockKind
from monitor.clocks import CLOCK_SOURCES
from monitor.domain import CaseStep
from monitor.reports.counts import Counts, Deadline
from monitor.reports.deadlines import (
    CLOCK_NAMES,
    clock_table,
    find_met,
    list_due,
    list_missed,
    list_over,
    list_soon,
    tell_due,
)
from monitor.reports.groups import Lists
from monitor.web.labels import LABELS

SINCE, UNTIL = datetime(2026, 11, 15, 16, tzinfo=UTC), datetime(2026, 11, 22, 16, tzinfo=UTC)
"""Monday 16 November to the end of Sunday 22 November, in Asia/Shanghai."""

ACCEPT, ORDER, PAID, REFER, REOPEN = (
    CaseStep.ACCEPT,
    CaseStep.ORDER,
    CaseStep.RECORD_PAID,
    CaseStep.REFER,
    CaseStep.REOPEN,
)


def day(number: int) -> date:
    return date(2026, 11, number)


@pytest.mark.parametrize(
    ("kind", "steps", "met"),
    [
        (ClockKind.ACCEPT, [], None),
        (ClockKind.ACCEPT, [(ACCEPT, day(9)), (PAID, day(20))], day(9)),
        (ClockKind.INVESTIGATE, [(ACCEPT, day(9)), (ORDER, day(12))], None),
        (ClockKind.INVESTIGATE, [(ACCEPT, day(9)), (REFER, day(12))], day(12)),
        (ClockKind.PAY_ORDER, [(ORDER, day(9)), (REFER, day(12))], None),
        (ClockKind.PAY_ORDER, [(ORDER, day(9)), (PAID, day(12))], day(12)),
        (ClockKind.CAMPAIGN, [(PAID, day(12)), (REOPEN, day(13))], None),
        (ClockKind.CAMPAIGN, [(PAID, day(12)), (REOPEN, day(13)), (PAID, day(15))], day(15)),
        (ClockKind.LISTED, [(PAID, day(4))], None),
    ],
)
def test_what_meets_a_deadline(
    kind: ClockKind, steps: Sequence[tuple[CaseStep, date]], met: date | None
) -> None:
    assert find_met(kind, day(5), steps) == met


def deadline(case_id: int, due_on: date, met_on: date | None = None) -> Deadline:
    return Deadline(case_id, f"QX{case_id}", ClockKind.PAY_ORDER, day(1), due_on, met_on)


ALL = [
    deadline(1, day(16), day(16)),  # kept on its last day
    deadline(2, day(16), day(17)),  # a day late
    deadline(3, day(22)),  # past when the week ends
    deadline(4, day(10)),  # was past before
    deadline(5, day(23)),  # comes
    deadline(6, date(2026, 12, 7)),  # too far away
    deadline(7, day(25), day(20)),  # met early
]


def numbers(found: Sequence[Deadline]) -> list[int]:
    return [each.case_id for each in found]


def test_a_deadline_is_due_kept_missed_past_or_coming() -> None:
    counts = Counts(SINCE, UNTIL, deadlines=ALL)

    assert numbers(list_due(counts)) == [1, 2, 3]
    assert numbers(list_missed(counts)) == [2, 3]
    assert numbers(list_over(counts)) == [3, 4]
    assert numbers(list_soon(counts)) == [5]
    assert tell_due(counts) == (
        "期内到期的时限 3 项，按时办结 1 项，没有按时办结 2 项；"
        "期末超期仍未办结 2 项，之后 14 天内到期 1 项。"
    )


def test_a_day_that_is_not_over_is_not_missed() -> None:
    noon = datetime(2026, 11, 22, 4, tzinfo=UTC)
    counts = Counts(SINCE, noon, deadlines=ALL)

    assert numbers(list_due(counts)) == [1, 2]
    assert numbers(list_soon(counts)) == [3, 5]


def test_the_table_leads_to_its_cases() -> None:
    lists = Lists()
    table = clock_table(Counts(SINCE, UNTIL, deadlines=ALL), lists)

    assert table.rows == [("责令支付期限", 3, 2, 2, 1)]
    assert lists.found["clocks-pay_order"] == [1, 2, 3, 4, 5]
    assert lists.found["missed"] == [2, 3]


def test_deadlines_are_named_as_on_the_desk() -> None:
    assert {kind: str(label) for kind, label in LABELS[ClockKind].items()} == CLOCK_NAMES
    assert set(CLOCK_SOURCES) == set(CLOCK_NAMES)
