"""What a report takes from the ledger: payments, class C, deadlines, reviewers' labels."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select

from monitor.casework import ClockKind
from monitor.reporting.tables import write_tables
from monitor.reports.changes import content_of
from monitor.storage.ledger_tables import (
    CaseClockRow,
    CaseDetailsRow,
    LabelRow,
    PartyRow,
    PaymentRow,
)
from monitor.storage.session import Storage
from monitor.storage.tables import AssessmentRow, CaseDocumentRow
from tests.integration.test_reporting import MONDAY, WEEK, ZHOU, Office
from tests.recount import Recount


@pytest.fixture
def office(storage: Storage) -> Office:
    opened = Office(storage)
    opened.now = MONDAY - timedelta(days=14)
    opened.watch()
    opened.now = MONDAY
    opened.publish("甲厂欠我们没发工资", key="t1")
    return opened


def test_what_was_paid_and_who_is_in_class_c_come_from_the_ledger(office: Office) -> None:
    case_id = office.find("甲厂")
    paid = {
        "case_id": case_id,
        "workers": 3,
        "amount_yuan": 4500.5,
        "whose": "employer",
        "proof": "银行回单",
        "recorded_by": "zhou",
        "recorded_at": office.now,
    }
    inside, after = WEEK.ends_on, WEEK.next.starts_on
    party = {"kind": "employer", "name": "甲厂", "part": "none", "party_class": "C"}
    with office.storage.work() as rows:
        database = rows.joined._db
        database.execute(
            insert(PaymentRow),
            [
                paid | {"paid_on": inside, "voided_by": None},
                paid | {"paid_on": inside, "voided_by": "zhou"},
                paid | {"paid_on": after, "voided_by": None},
            ],
        )
        number = database.execute(
            insert(PartyRow)
            .values(**party, class_reasons=[], created_at=office.now)
            .returning(PartyRow.id)
        ).scalar_one()
        database.execute(delete(CaseDetailsRow).where(CaseDetailsRow.case_id == case_id))
        database.execute(
            insert(CaseDetailsRow).values(
                case_id=case_id, case_version=1, employer_party=number, large_reasons=[]
            )
        )

    counts = office.count()
    assert counts.payments is not None
    assert (counts.payments.workers, counts.payments.amount_yuan) == (3, 4500.5)
    assert counts.class_c is not None
    assert [(each.person, [*each.open_cases]) for each in counts.class_c] == [(None, [case_id])]
    assert "实际补发 3 人，4,500.50 元" in "".join(office.report().leader)


def test_deadlines_and_corrections_come_from_the_ledger(office: Office) -> None:
    case_id = office.find("甲厂")
    office.now = MONDAY + timedelta(days=1)
    office.desk.accept(case_id, ZHOU, 1, office.now)
    clock = {
        "case_id": case_id,
        "starts_on": WEEK.starts_on,
        "provisional": False,
        "edition": "2026",
        "stopped_on": WEEK.ends_on,  # the ledger's day moves with every later step
    }
    label = {"by": "zheng", "at": office.now, "score": 0.9}
    with office.storage.work() as rows:
        database = rows.joined._db
        read = database.execute(
            select(AssessmentRow.document_id, AssessmentRow.model)
            .join(CaseDocumentRow, CaseDocumentRow.document_id == AssessmentRow.document_id)
            .where(CaseDocumentRow.case_id == case_id)
        ).first()
        assert read is not None
        database.execute(delete(CaseClockRow).where(CaseClockRow.case_id == case_id))
        database.execute(
            insert(CaseClockRow),
            [
                clock | {"kind": "accept", "due_on": WEEK.starts_on + timedelta(days=3)},
                clock
                | {"kind": "investigate", "due_on": WEEK.starts_on + timedelta(days=4)}
                | {"stopped_on": None},
            ],
        )
        database.execute(
            insert(LabelRow),
            [
                label | {"document_id": read.document_id, "model": read.model, "is_claim": said}
                for said in (True, False)  # the last word holds
            ],
        )

    counts = office.count()
    assert [(each.kind, each.is_kept) for each in counts.deadlines] == [
        (ClockKind.ACCEPT, True),
        (ClockKind.INVESTIGATE, False),
    ]
    assert [(each.was_called, each.is_claim) for each in counts.reading.reviewed] == [(True, False)]
    report = office.report()
    recount = Recount(write_tables(report, "https://desk.example"))
    assert recount.told() == recount.counted()
    assert recount.told()["没有按时办结的时限"] == 1
    assert recount.told()["改正的判读"] == 1
    assert report.lists["missed"] == [case_id]
    assert "zheng" not in str(content_of(report))
