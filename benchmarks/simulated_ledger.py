"""What the ledger of the simulated county keeps: deadlines, payments, reviewers' labels.

Chance comes from a seed of its own, so that the county itself stays as it is.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from monitor.casework import ClockKind
from monitor.domain import SHANGHAI, CaseStep, DocumentKind
from monitor.storage.ledger_tables import CaseClockRow, LabelRow, PaymentRow
from monitor.storage.tables import Row

_DAYS = {
    ClockKind.ACCEPT: (None, 7),
    ClockKind.INVESTIGATE: (CaseStep.ACCEPT, 84),
    ClockKind.PAY_ORDER: (CaseStep.ORDER, 15),
}
"""From which step (None: the opening) each deadline runs, and for how many days."""

_DECIDED = frozenset({CaseStep.NOT_A_CLAIM, CaseStep.RECORD_PAID, CaseStep.CLOSE, CaseStep.REFER})

Line = tuple[type[Row], dict[str, Any]]


class LedgerWriter:
    """Writes the rows that belong to a case or a document."""

    def __init__(self, seed: int) -> None:
        """Begin with a seed."""
        self._random = random.Random(seed + 1)

    def write_clocks(
        self, case_id: int, opened_at: datetime, steps: Sequence[tuple[str, datetime, str]]
    ) -> Iterator[Line]:
        """The deadlines of a case as the ledger keeps them: stopped on the day of the last step."""
        taken = {step: at for step, at, _ in steps}
        for kind, (step, days) in _DAYS.items():
            begun = opened_at if step is None else taken.get(step.value)
            if begun is None:
                continue
            stops = (
                bool(taken) if kind is ClockKind.ACCEPT else any(one in taken for one in _DECIDED)
            )
            yield (
                CaseClockRow,
                {
                    "case_id": case_id,
                    "kind": kind.value,
                    "starts_on": _day(begun),
                    "due_on": _day(begun) + timedelta(days=days),
                    "working_days": None,
                    "provisional": False,
                    "edition": "simulated",
                    "stopped_on": _day(steps[-1][1]) if stops else None,
                    "reminded_on": None,
                },
            )

    def write_payments(
        self,
        case_id: int,
        steps: Sequence[tuple[str, datetime, str]],
        workers: int | None,
        amount: float | None,
    ) -> Iterator[Line]:
        """What was paid on the day before it was recorded: the whole, or a part of it."""
        recorded_at = next((at for step, at, _ in steps if step == CaseStep.RECORD_PAID), None)
        if recorded_at is None:
            return
        share = self._random.choice((1.0, 1.0, 0.8, 0.5))
        yield (
            PaymentRow,
            {
                "case_id": case_id,
                "paid_on": _day(recorded_at) - timedelta(days=1),
                "workers": max(1, round((workers or 3) * share)),
                "amount_yuan": round((amount or 20_000.0) * share, 2),
                "whose": "employer",
                "proof": "",
                "recorded_by": "zhou",
                "recorded_at": recorded_at,
                "voided_by": None,
                "void_reason": "",
            },
        )

    def write_label(
        self, document_id: int, read_at: datetime, kind: DocumentKind
    ) -> Iterator[Line]:
        """Now and then a reviewer looks at a reading; one in sixteen is corrected."""
        called = kind is DocumentKind.CLAIM
        if self._random.random() < (0.05 if called else 0.002):
            yield (
                LabelRow,
                {
                    "document_id": document_id,
                    "is_claim": called is not (self._random.random() < 1 / 16),
                    "by": "zheng",
                    "at": read_at + timedelta(hours=self._random.uniform(1, 60)),
                    "model": "simulated",
                    "score": 0.9 if called else 0.1,
                },
            )


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
