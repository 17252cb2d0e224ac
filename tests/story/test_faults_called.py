"""A source that is unwell for too long: who is called, until somebody answers or it is over."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.desk.watch_views import SourceHealthView
from monitor.desk.watching import view_sources
from monitor.domain import Basis, Family, Source
from monitor.pipeline import Turn
from monitor.source_alerts import alert_faults
from monitor.storage.session import Storage
from spiders.ports import SeenPage
from tests.county import County

pytestmark = pytest.mark.story

BOARD = Source("board", "临川论坛", Family.DISCUZ, Basis.HELP_SECTION, "http://bbs.example.com/")
PAGE = SeenPage(BOARD.url, 200, "标题 〔4 字〕")


class Watch(County):
    """A county whose sources may be unwell."""

    def see(self, code: str, message: str = "没有行") -> None:
        self.sink.record_issue(code, "board", message, self.now, PAGE)

    def recover(self, *codes: str) -> None:
        self.sink.close_issues("board", codes, self.now)

    def push(self, minutes: float, holder: str = "w1") -> None:
        end = self.now + timedelta(minutes=minutes)
        while self.now < end:
            far = end - self.now > timedelta(minutes=10)
            self.now += timedelta(minutes=5 if far else 1)
            turn = Turn(holder, self.now, timedelta(seconds=10))
            alert_faults(self.storage.work, [BOARD], self.duty, turn)
            self.forward(0)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    storage = Storage(f"sqlite:///{tmp_path / 'qingxin.db'}")
    storage.migrate()
    yield Watch(storage)
    storage.close()


def test_faults_are_called_on_both_databases(storage: Storage) -> None:
    watch = Watch(storage)
    watch.see("S414")
    watch.push(2)
    watch.expect_message_to("zhou")
    watch.expect_nobody_else()


def test_nobody_is_called_before_the_allowance_is_over_and_then_the_officer_once(
    watch: Watch,
) -> None:
    watch.see("S403")
    watch.push(59)
    watch.expect_nobody_else()
    watch.push(2)
    card = watch.expect_message_to("zhou")
    assert "版式变了" in card.title
    assert any("临川论坛" in line for line in card.lines)
    watch.expect_nobody_else()


def test_who_does_not_answer_is_followed_by_the_next_and_an_answer_ends_it(watch: Watch) -> None:
    watch.see("S401")
    watch.push(121)
    watch.expect_message_to("zhou")
    watch.push(5)
    card = watch.expect_message_to("zheng")
    code = card.link.rsplit("/", 1)[-1]
    view = watch.desk.find_acknowledgement(code, watch.now)
    assert view is not None
    assert view.case is None
    assert view.notice is not None
    assert view.notice.path == "/sources"
    assert watch.desk.acknowledge_by_code(code, watch.now).acted
    watch.push(180)
    watch.expect_nobody_else()


def test_what_is_well_again_calls_nobody_else_and_a_new_fault_calls_anew(watch: Watch) -> None:
    watch.see("S405")
    watch.push(121)
    watch.expect_message_to("zhou")
    watch.recover("S405")
    watch.push(60)
    watch.expect_nobody_else()
    watch.see("S405")
    watch.push(121)
    watch.expect_message_to("zhou")


def test_silence_has_waited_already_and_what_needs_nobody_calls_nobody(watch: Watch) -> None:
    watch.see("S406")
    watch.see("S410")
    watch.push(10)
    watch.expect_nobody_else()
    watch.see("S414", "已有 80 小时没有新内容")
    watch.push(1)
    watch.expect_message_to("zhou")


def test_the_desk_names_the_fault_and_shows_the_page(watch: Watch) -> None:
    watch.see("S417")
    (view,) = watching_views(watch)
    assert [issue.code for issue in view.issues] == ["S417"]
    assert view.pages["S417"].outline == "标题 〔4 字〕"


def watching_views(watch: Watch) -> list[SourceHealthView]:
    with watch.storage.look() as rows:
        return [*view_sources(rows, {"board": BOARD}, watch.now)]
