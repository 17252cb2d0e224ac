"""What the worker adds to a case's urgency, and where it says that the audit ends."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from models.party import normalise_party
from monitor.bootstrap.app import App
from monitor.bootstrap.reading import read_urgency_card
from monitor.bootstrap.worker import Worker
from monitor.casework import PartyClass, PartyKind
from monitor.domain import Case
from monitor.storage.case_lists import CaseQuery
from tests.factories import make_document

NOW = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)  # far from every campaign's deadline
EMPLOYER = "临川宏图建筑工程有限公司"
TEXT = f"{EMPLOYER}拖欠我们十五个工人三个月工资，一共二十万元，到现在一分钱没发。"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time that the worker reads; changed by the test."""
    told = [NOW]
    monkeypatch.setattr("monitor.bootstrap.worker.read_clock", lambda: told[-1])
    return told


@pytest.fixture
def worker(built: App) -> Iterator[Worker]:
    made = Worker(built, lambda: False)
    yield made
    made.close()


def digest(built: App, worker: Worker, now: datetime) -> Case:
    """One post comes in and becomes a case."""
    document = make_document(title="", text=TEXT, fetched_at=now, published_at=now)
    with built.storage.work() as rows:
        rows.documents.add_many([document])
    worker.digest()
    with built.storage.look() as rows:
        (case,) = rows.case_lists.list_page(CaseQuery(), offset=0, limit=9)
    return case


def add_up(reasons: Iterable[str]) -> int:
    """The points that the reasons say that they are for."""
    return sum(int(each.rpartition("（+")[2].removesuffix("）")) for each in reasons)


@pytest.mark.parametrize("kind", ["employer", "nobody"])
def test_a_case_of_a_party_of_class_c_gets_the_points_and_says_why(
    built: App, worker: Worker, at: list[datetime], kind: str
) -> None:
    name = EMPLOYER if kind == "employer" else "青禾劳务有限公司"
    with built.storage.work() as rows:
        party = rows.parties.find_or_add(
            PartyKind.EMPLOYER, name, normalise_party(name), at[-1] - timedelta(days=9)
        )
        rows.parties.save_class(party, PartyClass.C, ["多次举报"], at[-1], chosen=True)
    case = digest(built, worker, at[-1])
    assert case.employer == EMPLOYER
    said = [each for each in case.reasons if "C 类名单" in each]
    worth = read_urgency_card(built.settings).employer_class_c
    assert said == ([f"雇主或项目在 C 类名单（+{worth}）"] if kind == "employer" else [])
    assert case.points == add_up(case.reasons)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (NOW, None),
        (datetime(2027, 1, 26, 4, tzinfo=UTC), "距清零期限还有 10 天"),  # to 5 February
        (datetime(2027, 2, 5, 4, tzinfo=UTC), "距清零期限还有 0 天"),
    ],
)
def test_a_case_near_the_campaign_s_deadline_is_more_urgent(
    built: App, worker: Worker, at: list[datetime], day: datetime, said: str | None
) -> None:
    at.append(day)
    case = digest(built, worker, day)
    near = [each for each in case.reasons if "清零期限" in each]
    assert len(near) == (said is not None)
    if said is not None:
        assert near[0].startswith(f"{said}（+")
    assert case.points == add_up(case.reasons)


def test_work_logs_where_the_audit_ends_at_most_every_ten_minutes(
    built: App, worker: Worker, at: list[datetime]
) -> None:
    def register() -> list[tuple[int, str]]:
        with capture_logs() as lines:
            worker.register()
        return [(e["entries"], e["seal"]) for e in lines if e["event"] == "audit.head"]

    def act() -> tuple[int, str]:
        with built.storage.work() as rows:
            rows.audit.add("zheng", "case.viewed", "case:1", at[-1])
            return rows.audit.find_head()

    assert register() == [], "nothing was done yet"
    head = act()
    assert register() == [head]
    assert register() == [], "nothing new"
    act()
    head = act()
    assert register() == [], "within the ten minutes"
    at.append(at[-1] + timedelta(minutes=11))
    assert register() == [head]
