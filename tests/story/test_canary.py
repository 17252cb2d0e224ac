"""The message that we write to ourselves: through every stage, never a case, missed when lost."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor import canary
from monitor.canary import CanaryPolicy, key_at, list_page, message_page
from monitor.domain import Contact, Page
from monitor.pipeline import Turn, assess_documents
from monitor.storage.session import Storage
from monitor.storage.tables import AlertRow, CaseRow, DeliveryRow, DocumentRow
from spiders import extract
from tests.county import County, WordReader, score

pytestmark = pytest.mark.story

SOURCE = canary.make_source(18931)
POLICY = CanaryPolicy(Contact("phone", "canary"), lambda name: name.strip())


class Readers(WordReader):
    """Takes the canary for a claim, as the real reader does, unless it is told to be blind."""

    blind = False

    def read(self, documents):  # type: ignore[no-untyped-def]
        from monitor.domain import DocumentKind
        from tests.factories import make_reading

        kind = DocumentKind.UNRELATED if self.blind else DocumentKind.CLAIM
        return [make_reading(kind, employer="自检测试建筑劳务有限公司") for _ in documents]


class Chain(County):
    """A county in which canaries fly."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage)
        self.reader = Readers()
        self.began = self.now

    def page(self, url: str, html: str) -> Page:
        headers = {"Content-Type": "text/html; charset=utf-8"}
        return Page(SOURCE.name, url, 200, headers, html.encode(), self.now)

    def collect(self) -> None:
        """What `collect` does with the desk's pages."""
        listed = extract.read_list(self.page(SOURCE.url, list_page(self.now)), SOURCE, self.now)
        (item,) = listed.items
        html = message_page(key_at(self.now), self.now)
        assert html is not None
        read = extract.read_item(self.page(item.url, html), SOURCE, item, self.now)
        self.sink.store_item(SOURCE.name, item, read.documents, self.now)

    def work(self, *, sending: bool = True) -> None:
        turn = Turn("w1", self.now, timedelta(seconds=10))
        assess_documents(self.storage.work, self.reader, score, turn, limit=100)
        canary.pass_canaries(self.storage.work, POLICY, turn)
        self.digest()
        if sending:
            self.send()
        canary.return_canaries(self.storage.work, turn, since=self.began)

    def count(self, *tables: type) -> list[int]:
        from sqlalchemy import func, select

        with self.storage.engine.connect() as connection:
            return [
                connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables
            ]

    def open_codes(self) -> set[str]:
        with self.storage.look() as rows:
            return {issue.code for issue in rows.operations.list_open_issues()}


@pytest.fixture
def chain(tmp_path: Path) -> Iterator[Chain]:
    storage = Storage(f"sqlite:///{tmp_path / 'qingxin.db'}")
    storage.migrate()
    yield Chain(storage)
    storage.close()


def test_a_canary_flies_on_both_databases(storage: Storage) -> None:
    chain = Chain(storage)
    chain.collect()
    chain.work()
    assert chain.count(CaseRow, DocumentRow, AlertRow, DeliveryRow) == [0, 0, 0, 0]


def test_a_canary_flies_through_every_stage_and_leaves_nothing_behind(chain: Chain) -> None:
    chain.collect()
    chain.work()
    ((_, address, card, _),) = chain.phone.sent
    assert address == "canary"
    assert "无需处理" in card.title
    assert chain.count(CaseRow, DocumentRow, AlertRow, DeliveryRow) == [0, 0, 0, 0]
    with chain.storage.look() as rows:
        newest = rows.canaries.find_newest_return()
        assert newest is not None
        assert newest.key == key_at(chain.now)
        assert rows.reporting.count_all_documents() == 0
    assert chain.open_codes() == set()


def test_it_is_no_case_and_in_no_report_while_it_is_on_its_way(chain: Chain) -> None:
    chain.collect()
    chain.work(sending=False)
    assert chain.count(CaseRow, DocumentRow, AlertRow) == [0, 1, 1]
    with chain.storage.look() as rows:
        since, until = chain.now - timedelta(days=1), chain.now + timedelta(days=1)
        assert rows.reporting.count_documents(since, until) == []
        assert rows.reporting.list_ladders(since, until) == []
        assert rows.reporting.count_all_documents() == 0


@pytest.mark.parametrize(
    ("broken", "told"),
    [("collect", "没有被采集到"), ("reader", "没有被认作欠薪"), ("channel", "没有送达测试渠道")],
)
def test_a_canary_that_is_lost_is_missed_and_its_stage_is_named(
    chain: Chain, broken: str, told: str
) -> None:
    chain.now += timedelta(minutes=1)
    assert isinstance(chain.reader, Readers)
    chain.reader.blind = broken == "reader"
    for _ in range(2):
        if broken != "collect":
            chain.collect()
        chain.work(sending=broken != "channel")
        assert chain.open_codes() == set()
        chain.now += timedelta(minutes=26)
    chain.now += timedelta(minutes=4)
    chain.work(sending=broken != "channel")
    assert chain.open_codes() == {"C501"}
    with chain.storage.look() as rows:
        (issue,) = rows.operations.list_open_issues()
    assert told in issue.message
    chain.reader.blind = False
    chain.now += timedelta(minutes=30)
    chain.collect()
    chain.work()
    assert chain.open_codes() == set()
    assert chain.count(CaseRow) == [0]


def test_only_the_page_of_this_half_hour_is_there(chain: Chain) -> None:
    key = key_at(chain.now)
    assert message_page(key, chain.now) is not None
    assert message_page(key, chain.now + timedelta(minutes=31)) is None
    assert message_page("../../etc/passwd", chain.now) is None
