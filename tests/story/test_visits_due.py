"""Visits that are due ring once a day, in office hours, with whoever has to make them."""

from collections.abc import Iterator

import pytest

from monitor.casework import PartyCard, PartyClass, PartyKind, PatrolResult
from monitor.duty_watch import WatchPolicy, watch_duty
from monitor.pipeline import Turn
from monitor.storage.parties import PartyQuery
from monitor.storage.session import Storage
from tests.county import LEASE, County
from tests.integration.ledger_office import Ledger

WATCH = WatchPolicy(needed=())


@pytest.fixture
def ledger(storage: Storage) -> Iterator[Ledger]:
    opened = Ledger(County(storage))
    yield opened
    opened.close()


def look(ledger: Ledger) -> list[tuple[str, str]]:
    """Run the duty step and the sender; whom it told, and what (visits only)."""
    county = ledger.county
    county.now = county.phone.now = ledger.clock.now
    before = len(county.phone.sent)
    watch_duty(ledger.storage.work, county.duty, WATCH, Turn("w1", ledger.clock.now, LEASE))
    county.send()
    return [
        (address, "\n".join(card.lines))
        for _, address, card, _ in county.phone.sent[before:]
        if "巡查" in card.title
    ]


def test_the_inspector_is_told_once_a_day_until_the_visit_is_made(ledger: Ledger) -> None:
    ledger.post()
    county = ledger.county
    with ledger.storage.look() as rows:
        (party,) = rows.parties.list_page(PartyQuery(kind=PartyKind.EMPLOYER), offset=0, limit=9)
        people = {each.username: each for each in rows.users.list_all()}
    assert party.party_class is PartyClass.B
    desk = ledger.office.parties
    desk.save_card(party.party_id, PartyCard(inspector="zheng"), people["han"], ledger.clock.now)
    county.send()
    assert look(ledger) == [], "a week has to pass first"

    ledger.clock.forward(days=7)
    ((told, words),) = look(ledger)
    assert told == "zheng"
    assert "宏图公司" in words
    assert "到期的巡查 1 家" in words
    assert look(ledger) == [], "once a day"

    ledger.clock.forward(hours=12)
    assert look(ledger) == [], "nobody is woken for a visit"

    ledger.clock.forward(hours=12)
    second = look(ledger)
    assert len(second) == 2, "nobody acknowledged: the leader hears of it too"
    assert all("最早的已超 1 天" in words for _, words in second)
    assert any("上一次提醒没有人确认" in words for _, words in second)

    (visit,) = [
        each for each in desk.view(party.party_id, people["zheng"]).patrols if not each.done_on
    ]
    desk.end_patrol(
        party.party_id,
        visit.patrol_id,
        result=PatrolResult.IN_ORDER,
        note="专户有余额",
        person=people["zheng"],
        now=ledger.clock.now,
    )
    ledger.clock.forward(days=1)
    assert look(ledger) == [], "it was made"


def test_what_was_given_to_nobody_goes_to_the_leader(ledger: Ledger) -> None:
    ledger.post()
    ledger.clock.forward(days=8)
    ((_, words),) = look(ledger)
    assert "还没有写明劳动监察员" in words
