"""The English pages on a real ledger: nothing of ours is Chinese, whatever is asked or refused."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest

from monitor.domain import Person
from monitor.storage.session import Storage
from tests.county import County
from tests.integration.ledger_office import PEOPLE, Ledger

CHINESE = re.compile(r"[\u3400-\u9fff]")
ENGLISH_CLAIM = "ACME欠 Longhe 工资，没发工资，3 workers"
"""Chinese only where a message is shown; the employer's name is read as ACME."""

PATHS = (
    "/ /cases /cases/1 /cases/2 /cases/1/reply /parties /parties/1 /towns /search?q=nothing /audit "
    "/account /sources /duty /cases?state=nonsense /cases/999 /review /audit?before=x"
)
"""Parted by blanks."""

DATA = frozenset(
    ("message", "draft", "reasons", "quiet-data", "timeline", "card", "brand-bureau", "document")
)
"""The classes of what holds words that people or messages wrote, or that were stored in Chinese."""


class WordReader(HTMLParser):
    """Collects the words of a page that stand outside what holds data."""

    VOID = frozenset(("meta", "link", "input", "br", "img", "rect", "path"))

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        is_data = bool(DATA & set(values.get("class", "").split())) or values.get("lang") == "zh-CN"
        if tag not in self.VOID:
            self.open.append((tag, is_data))
        if not is_data:
            self.words += [values[name] for name in ("title", "aria-label") if name in values]

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(is_data for _, is_data in self.open):
            self.words.append(data)


@pytest.fixture
def ledger(storage: Storage) -> Iterator[Ledger]:
    opened = Ledger(County(storage))
    with storage.work() as rows:
        for name, role in PEOPLE.items():
            rows.users.save(Person(name, name.title(), role))
    yield opened
    opened.close()


def find_chinese(page: str) -> list[str]:
    reader = WordReader()
    reader.feed(page)
    assert len(reader.words) > 20, "there was a page to read"
    return [each.strip() for each in reader.words if CHINESE.search(each)]


def live(ledger: Ledger) -> None:
    """Two cases, of which one has been through everything up to the witnesses."""
    ledger.post(ENGLISH_CLAIM)
    ledger.post("Bravo欠 us，没发工资", key="t2")
    day = "2026-11-23"
    with ledger.visit("zheng") as officer:
        officer.act(1, "accept")
        officer.act(1, "order", number="No 7", addressee="ACME", on=day, until="2026-12-01")
        officer.act(
            1, "pay", on=day, workers="3", amount="9", whose="employer", proof="x", in_full="1"
        )
        officer.act(2, "refer", body="court", reason="by law")


def test_no_page_in_english_holds_chinese_words_of_ours(ledger: Ledger) -> None:
    live(ledger)
    found: dict[str, list[str]] = {}
    for name, paths in {
        "han": PATHS,
        "guan": "/users /audit /account",
        "fenxi": "/cases/1",
    }.items():
        with ledger.visit(name) as visitor:
            visitor.get("/?lang=en")
            for path in paths.split():
                if words := find_chinese(visitor.get(path).text):
                    found[f"{name} {path}"] = words
    assert found == {}


def test_what_is_refused_is_refused_in_english(ledger: Ledger) -> None:
    live(ledger)
    ledger.post("Charlie欠 us，没发工资", key="t3")
    tries = [
        ("zheng", "/cases/3/merge", {"number": "QX-9", "reason": "x"}, "There is no case QX-9."),
        ("zheng", "/cases/1/team", {"people": "ghost"}, "This step takes a leader"),
        ("zheng", "/cases/1/offer", {"to": "ghost", "reason": "x"}, "does not exist"),
        ("fenxi", "/parties/1/name", {"name": "x"}, "Your role may not do this step."),
        ("han", "/cases/1/close", {}, "The second witness is missing"),
        ("guan", "/users", {"username": "han", "name": "x", "role": "leader"}, "a user han"),
    ]
    for name, path, values, words in tries:
        with ledger.visit(name) as visitor:
            visitor.get("/?lang=en")
            number = re.match(r"/cases/(\d+)/", path)
            version = ledger.case(int(number[1])).version if number else None
            page = visitor.force(path, version, **values)
            assert page.status_code in {400, 403, 409}, path
            assert words in page.text, f"{path}: {page.text}"
            assert find_chinese(page.text) == []


def test_a_name_that_looks_like_markup_stays_a_name(ledger: Ledger) -> None:
    """Words of lower layers are translated on the page; an employer's name may be among them."""
    ledger.post("<b>100%s</b>欠我们，没发工资", key="odd")
    with ledger.visit("zheng") as officer:
        page = officer.get("/cases/1").text
    assert "<b>100" not in page
    assert "&lt;b&gt;100%s" in page
