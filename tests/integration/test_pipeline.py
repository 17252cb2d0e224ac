"""The steps of `work` on real databases."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from monitor.domain import AlertState, Case, CaseState, Document, Reading, ReferralBody
from monitor.errors import IllegalStepError, LeaseLostError
from monitor.pipeline import Turn, assess_documents
from monitor.storage.case_lists import CaseQuery
from monitor.storage.session import Storage
from tests.county import County, score


@pytest.fixture
def county(storage: Storage) -> County:
    return County(storage)


def cases_of(county: County) -> list[Case]:
    with county.storage.look() as rows:
        return rows.case_lists.list_page(CaseQuery(), offset=0, limit=100)


def test_a_claim_becomes_one_case_with_an_alert_in_one_run(county: County) -> None:
    county.post("宏图公司欠我三个月，没发工资")
    (decided,) = county.digest()
    assert decided.opened
    (case,) = cases_of(county)
    assert case.employer == "宏图公司"
    assert case.number == f"QX2026-{case.case_id:06d}"
    with county.storage.look() as rows:
        (alert,) = rows.alerts.list_of_case(case.case_id)
    assert alert.state is AlertState.DUE
    assert alert.new.person == "zhou"


def test_running_a_step_twice_does_nothing_twice(county: County) -> None:
    county.post("宏图公司欠我三个月，没发工资")
    county.digest()
    assert county.digest() == []
    assert len(cases_of(county)) == 1


def test_the_same_trouble_on_another_site_joins_the_case(county: County) -> None:
    county.post("宏图公司欠我三个月，没发工资")
    county.post("宏图公司欠我三个月，没发工资！", source="mailbox", key="m7")
    first, second = county.digest()
    assert first.case_id == second.case_id
    assert second.because == "same_party"


def test_a_document_that_cannot_be_read_is_set_aside_and_stops_no_other(county: County) -> None:
    county.post("这一篇读不了", key="t1")
    county.post("远大公司欠我，没发工资", key="t2")
    (decided,) = county.digest()
    assert decided.opened
    with county.storage.look() as rows:
        (issue,) = rows.operations.list_open_issues()
        assert not rows.documents.has_waiting()
    assert issue.code == "P501"
    assert "读不了" not in issue.message.replace("读不了，已放到一边", "")


def test_a_document_that_cannot_be_decided_is_set_aside_and_stops_no_other(county: County) -> None:
    county.post("坏名字公司欠我，没发工资", key="t1")
    county.post("远大公司欠我，没发工资", key="t2")

    def normalise(name: str) -> str:
        if "坏" in name:
            raise KeyError(name)
        return name

    county.cases = type(county.cases)(0.5, 0.7, normalise)
    (decided,) = county.digest()
    assert decided.opened
    with county.storage.look() as rows:
        assert [each.code for each in rows.operations.list_open_issues()] == ["P502"]


def test_an_edit_becomes_a_revision_in_the_same_case(county: County) -> None:
    county.post("宏图公司欠我，没发工资")
    county.digest()
    assert county.post("宏图公司欠我，没发工资，快跳楼了") == 1
    (decided,) = county.digest()
    assert decided.because == "revision"
    (case,) = cases_of(county)
    assert case.danger_to_life


def test_storing_the_same_text_again_adds_nothing(county: County) -> None:
    assert county.post("宏图公司欠我，没发工资") == 1
    assert county.post("宏图公司欠我，没发工资") == 0


def test_a_worker_without_the_lease_changes_nothing(county: County) -> None:
    county.post("宏图公司欠我，没发工资")
    with county.storage.work() as rows:
        assert rows.operations.take_lease("assess", "other", county.now, timedelta(seconds=10))
    with pytest.raises(LeaseLostError):
        county.digest("late")
    assert cases_of(county) == []
    county.now += timedelta(seconds=11)
    assert len(county.digest("late")) == 1


def test_a_worker_that_loses_the_lease_midway_is_rolled_back(county: County) -> None:
    county.post("宏图公司欠我，没发工资")
    reader, steal = county.reader, county.storage

    class SlowReader:
        working_threshold = 0.5

        def read(self, documents: Sequence[Document]) -> list[Reading]:
            with steal.work() as rows:
                later = county.now + timedelta(seconds=11)
                assert rows.operations.take_lease("assess", "faster", later, timedelta(minutes=1))
            return reader.read(documents)

    turn = Turn("slow", county.now, timedelta(seconds=10))
    with pytest.raises(LeaseLostError):
        assess_documents(county.storage.work, SlowReader(), score, turn, limit=10)
    with county.storage.look() as rows:
        assert rows.documents.count_waiting() == 1


def test_two_officers_acting_at_once_one_wins_and_the_other_is_told(county: County) -> None:
    county.post("宏图公司欠我，没发工资")
    county.digest()
    (case,) = cases_of(county)
    zhou, zheng = county.officer("zhou"), county.officer("zheng")
    county.desk.accept(case.case_id, zhou, case.version, county.now)
    with pytest.raises(IllegalStepError):
        county.desk.refer(
            case.case_id,
            zheng,
            case.version,
            body=ReferralBody.ARBITRATION,
            reason="不归我们管",
            now=county.now,
        )
    (after,) = cases_of(county)
    assert (after.state, after.owner) == (CaseState.ACCEPTED, "zhou")


def test_a_claim_after_not_a_claim_opens_a_new_case(county: County) -> None:
    county.post("宏图公司欠我，没发工资")
    county.digest()
    (case,) = cases_of(county)
    zhou = county.officer("zhou")
    county.desk.not_a_claim(case.case_id, zhou, case.version, reason="是货款", now=county.now)
    county.post("宏图公司欠我，又没发工资", key="t2")
    (decided,) = county.digest()
    assert decided.opened


def test_paid_said_in_the_thread_stands_in_the_history_of_the_case(county: County) -> None:
    county.post("宏图公司欠我，没发工资")
    county.digest()
    county.reply("今天发了工资，谢谢")
    (decided,) = county.digest()
    assert decided.because == "said_paid"
    (case,) = cases_of(county)
    with county.storage.look() as rows:
        assert [each.action for each in rows.cases.list_events(case.case_id)] == [
            "opened",
            "said_paid",
        ]
