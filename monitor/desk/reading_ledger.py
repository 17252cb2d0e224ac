"""Reads the ledger in order, page by page, for exports and other programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.casework import CaseDetails, Clock, Party
from monitor.domain import Case
from monitor.storage.repositories import Rows

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Cases in the order of their numbers; `next_after` is None at the end."""

    cases: Sequence[Case]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One case with what a spreadsheet of the bureau shows beside it."""

    case: Case
    details: CaseDetails
    employer: Party | None
    project: Party | None
    next_clock: Clock | None
    paid_workers: int
    paid_yuan: float
    order_numbers: str


def join_lines(rows: Rows, cases: Sequence[Case]) -> list[LedgerLine]:
    """Add what stands beside a page of cases; a fixed number of look-ups for each page."""
    ids = [case.case_id for case in cases]
    details: Mapping[int, CaseDetails] = rows.casework.get_details_of(ids)
    wanted = {
        each
        for one in details.values()
        for each in (one.employer_party, one.project_party)
        if each is not None
    }
    parties = rows.parties.get_many(sorted(wanted))
    clocks = rows.casework.find_next_due(ids)
    paid = rows.casework.sum_payments(ids)
    orders = rows.casework.list_order_numbers(ids)
    lines = []
    for case in cases:
        one = details.get(case.case_id, CaseDetails(case.case_id))
        workers, yuan = paid.get(case.case_id, (0, 0.0))
        lines.append(
            LedgerLine(
                case,
                one,
                parties.get(one.employer_party or 0),
                parties.get(one.project_party or 0),
                clocks.get(case.case_id),
                workers,
                yuan,
                orders.get(case.case_id, ""),
            )
        )
    return lines


def read_all(rows: Rows) -> Iterator[list[LedgerLine]]:
    """Every case, in pages."""
    after = 0
    while cases := rows.cases.list_after(after, limit=AT_ONCE):
        yield join_lines(rows, cases)
        after = cases[-1].case_id
