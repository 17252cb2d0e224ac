"""The model's pages: who may look, what they say, promotion and its undoing by a person."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from litestar.stores.memory import MemoryStore
from litestar.testing import TestClient

from models.drift import BINS, Profile, Rise, compare_profiles
from models.review import is_drawn
from monitor.desk.casework import Casework
from monitor.desk.codes import hash_code
from monitor.desk.office import open_office
from monitor.desk.stored_desk import DeskPolicy, StoredDesk
from monitor.domain import CASE_KINDS, DocumentKind, Person, Role
from monitor.learning import drifting
from monitor.learning.board import ModelBoard, count_drawn, count_tenths
from monitor.learning.judgement import MovedDocument
from monitor.pipeline import Turn
from monitor.storage.labels import Answered
from monitor.storage.session import Storage
from monitor.web.app import create_app
from monitor.web.options import WebSettings
from tests.integration.desk_client import Visitor, read_forms
from tests.integration.fake_desk import FakeDesk
from tests.learning_county import LEADER, START, LearningOffice, keep_copy, make_judgement

PEOPLE = {"fuhe": Role.REVIEWER, "guan": Role.ADMINISTRATOR, "fenxi": Role.ANALYST}

pytestmark = pytest.mark.usefixtures("low_floors")


class ModelDesk:
    """A desk with the model's pages, and a candidate that passes."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self.office = LearningOffice(storage)
        self.now = START + timedelta(hours=3)
        self.numbers = self.office.fill(24)
        with storage.work() as rows:
            for name, role in PEOPLE.items():
                rows.users.add(Person(name, f"{name}同志", role), None, START)
        casework = Casework(storage)
        self.app = create_app(
            StoredDesk(storage, [], DeskPolicy(timedelta(hours=2), timedelta(minutes=2)), casework),
            clock=lambda: self.now,
            settings=WebSettings(bytes(range(32)), "http://desk.example", cookie_secure=False),
            session_store=MemoryStore(),
            limit_store=MemoryStore(),
            office=open_office(
                storage, casework, find_threshold=self.office.shelf.find_working_threshold
            ),
            models=ModelBoard(storage, self.office.shelf),
        )
        self.folder = folder

    def keep(self, version: str, **changes: object) -> str:
        """A candidate as good as the shipped reader."""
        judgement = make_judgement(
            self.office.reader.version,
            version,
            [
                self.move(0, DocumentKind.UNRELATED, DocumentKind.CLAIM),
                self.move(20, DocumentKind.CLAIM, DocumentKind.UNRELATED),
            ],
        )
        kept = replace(judgement, **changes)  # type: ignore[arg-type]
        keep_copy(self.office.shelf, self.folder, kept)
        return version

    def move(self, at: int, before: DocumentKind, after: DocumentKind) -> MovedDocument:
        return MovedDocument(
            self.numbers[at], before, 0.41, after, 0.83, is_added=after in CASE_KINDS
        )

    @contextmanager
    def visit(self, name: str) -> Iterator[Visitor]:
        code = secrets.token_urlsafe(12)
        with self.office.storage.work() as rows:
            rows.users.add_sign_in_code(hash_code(code), name, self.now + timedelta(hours=1))
        with TestClient(self.app) as client:
            path = f"/sign-in/once/{code}"
            client.post(path, data=read_forms(client.get(path))[path].fields)
            yield Visitor(client, FakeDesk())


@pytest.fixture
def desk(quick_storage: Storage, tmp_path: Path) -> ModelDesk:
    return ModelDesk(quick_storage, tmp_path)


def test_the_page_says_which_works_and_how_far_to_trust_it(desk: ModelDesk) -> None:
    desk.keep("reader-aa")
    with desk.visit("fuhe") as reviewer:
        page = reviewer.get("/model").text
        assert desk.office.reader.version in page
        assert "随软件提供" in page
        assert "/model/candidates/reader-aa" in page
        assert "95% 区间" in page
        assert "还没有看过" in page
        assert "复核过的 24 条" in page
        picture = reviewer.get("/model/reliability.png")
        assert picture.content.startswith(b"\x89PNG")
        english = reviewer.get("/model?lang=en").text
        assert "How far to trust it" in english
        assert 'href="/model"' in page


def test_the_page_says_what_was_found_when_drift_was_looked_at_last(desk: ModelDesk) -> None:
    version = desk.office.reader.version
    turn = Turn("w1", desk.now, timedelta(seconds=30))
    drifting.watch_drift(desk.office.storage, version, turn)
    with desk.visit("fuhe") as reviewer:
        page = reviewer.get("/model").text
        assert "还没有可比的参照" in page
        assert "还没有看过" not in page
    found = compare_profiles(
        Profile(400, (40,) * BINS, 0.3, 0.01, {}), Profile(80, (8,) * BINS, 0.3, 0.01, {})
    )
    moved = replace(found, rises=(Rise("硬钱包", 1, 30),))
    report = drifting.DriftReport(version, desk.now, 80, moved)
    with desk.office.storage.work() as rows:
        rows.readers.keep_drift(version, report.dump(), desk.now)
    with desk.office.storage.look() as rows:
        assert drifting.find_last(rows, version) == report
    with desk.visit("fuhe") as reviewer:
        page = reviewer.get("/model").text
        assert "硬钱包" in page
        assert "看于" in page
        assert "Looked at" in reviewer.get("/model?lang=en").text


def test_a_candidates_page_shows_what_would_change_while_its_words_are_there(
    desk: ModelDesk,
) -> None:
    desk.keep("reader-aa")
    first, last = desk.numbers[0], desk.numbers[20]
    with desk.visit("fuhe") as reviewer:
        page = reviewer.get("/model/candidates/reader-aa").text
        assert "我在2号工地干了三个月" in page
        assert f"/model/documents/{last}" in page
        alone = reviewer.get(f"/model/documents/{first}").text
        assert "我在2号工地干了三个月" in alone
        with desk.office.storage.work() as rows:
            rows.retention.forget_texts([first])
        page = reviewer.get("/model/candidates/reader-aa").text
        assert "我在2号工地干了三个月" not in page
        assert "原文已按保存期清除" in page
        assert reviewer.get(f"/model/documents/{first}").status_code == 404
        assert reviewer.get("/model/candidates/reader-bb").status_code == 404
    with desk.office.storage.look() as rows:
        seen = {(each.action, each.subject) for each in rows.audit.list_newest()}
    assert ("model.viewed", "model:reader-aa") in seen
    assert ("document.viewed", f"document:{first}") in seen


def test_a_person_promotes_with_a_reason_and_takes_it_back(desk: ModelDesk) -> None:
    version = desk.keep("reader-aa")
    path = f"/model/candidates/{version}"
    with desk.visit("han") as leader:
        page = leader.get(path)
        assert leader.submit(page, f"{path}/promote", reason=" ").status_code == 400
        done = leader.submit(page, f"{path}/promote", reason="误报少了，与值班组商量过")
        assert done.status_code == 303
        page = leader.get("/model?done=promoted")
        assert "误报少了，与值班组商量过" in page.text
        assert "韩队长" in page.text
        assert "在这里训练" in page.text
        assert f"{path}/promote" not in leader.get(path).text, "it works already"
        assert leader.submit(page, "/model/undo", reason="清河路的漏了").status_code == 303
        assert "清河路的漏了" in leader.get("/model").text
    assert [each.is_working for each in desk.office.shelf.list_readers()] == [True, False]


def test_what_does_not_pass_has_no_button_and_no_way_around(desk: ModelDesk) -> None:
    version = desk.keep("reader-aa", unfair=("petition: claim 0.3 → claim 0.9",))
    path = f"/model/candidates/{version}"
    with desk.visit("han") as leader:
        page = leader.get(path)
        assert "没有例外" in page.text
        assert f"{path}/promote" not in read_forms(page)
        assert "不公平，不能启用" in leader.get("/model").text


def test_only_those_who_correct_or_answer_for_the_model_see_it(desk: ModelDesk) -> None:
    version = desk.keep("reader-aa")
    with desk.visit("fenxi") as analyst:
        for path in ("/model", f"/model/candidates/{version}", "/model/reliability.png"):
            assert analyst.get(path).status_code == 403
        assert 'href="/model"' not in analyst.get("/cases").text
    with desk.visit("zhou") as duty:
        assert duty.get("/model").status_code == 403
    with desk.visit("guan") as administrator:
        assert administrator.get("/model").status_code == 200


def test_a_broken_candidate_is_shown_as_broken(desk: ModelDesk) -> None:
    version = desk.keep("reader-aa")
    with desk.office.storage.work() as rows:
        kept = rows.readers.find(version)
        assert kept
        rows.readers.keep(kept, b"PK")
    with desk.visit("han") as leader:
        assert "用不了" in leader.get("/model").text
        assert "/promote" not in leader.get(f"/model/candidates/{version}").text


def test_by_lot_the_model_is_not_heard_first(desk: ModelDesk) -> None:
    # Everything was reviewed; of what comes now only what was drawn is left at last.
    desk.office.post([f"我在{n}号工地干活，老板三个月没发工资。" for n in range(900, 910)])
    seen = set()
    with desk.visit("fuhe") as reviewer:
        for _ in range(12):
            page = reviewer.get("/review")
            if "/review" not in read_forms(page):
                break
            number = int(read_forms(page)["/review"].fields["document"])
            drawn = is_drawn(number, is_case=True)
            assert ("抽签问到的" in page.text) == drawn
            assert (desk.office.reader.version in page.text) != drawn
            seen.add(drawn)
            reviewer.submit(page, "/review", answer="yes")
    assert seen == {True, False}


# ---------------------------------------------------------------- counting


def test_only_what_was_drawn_counts_for_precision() -> None:
    answered = [Answered(n, "claim", 0.9, n % 4 != 0) for n in range(1, 401)]
    answered += [Answered(n, "unrelated", 0.1, n == 7) for n in range(401, 1401)]
    found = count_drawn(answered)
    assert 50 < found.alarms < 110
    assert 0.6 < found.true_alarms / found.alarms < 0.9
    assert 5 < found.quiet < 40
    assert found.overlooked == 0


def test_tenths_leave_news_out_and_hold_their_interval() -> None:
    answered = [Answered(n, "claim", 0.95, n < 9) for n in range(10)]
    answered += [Answered(n, "third_party", 0.02, is_claim=True) for n in range(10, 20)]
    (tenth,) = count_tenths(answered)
    assert (tenth.claims, tenth.texts, tenth.share) == (9, 10, 0.9)
    assert tenth.low < 0.6
    assert tenth.high > 0.99
    assert count_tenths([]) == []


def test_a_desk_without_the_board_has_no_such_page(desk: ModelDesk) -> None:
    desk.app.state.models = None
    with desk.visit(LEADER.username) as leader:
        assert leader.get("/model").status_code == 404
        assert 'href="/model"' not in leader.get("/cases").text
