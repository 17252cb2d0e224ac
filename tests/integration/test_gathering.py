"""Claims on a real database: limits, lanes, gathering, and what ends while it waits."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from alerts.buckets import Limit
from alerts.grouping import Gathering
from alerts.outbox import DeliverCount, RetryPolicy, deliver_due
from alerts.rendering import count_bytes, render_markdown
from alerts.rules import ChannelRule
from monitor.domain import DeliveryState, Through
from monitor.errors import DeliveryError
from monitor.sending import StoringOutbox
from monitor.storage.outbox import Which
from monitor.storage.session import Storage
from tests.fakes_outbox import FakeChannel
from tests.messages import link_of, put_message

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LEASE = 60 * SECOND
RULE = ChannelRule(
    limits=(Limit(15, 60 * SECOND, reserved=5),),
    gathering=Gathering(wait=90 * SECOND),
    fits=lambda card: count_bytes(render_markdown(card, limit_bytes=None)) <= 4096,
)


@dataclass
class Office:
    """A database with an outbox, a channel that takes everything, and a clock that is pushed."""

    storage: Storage
    rule: ChannelRule = RULE
    now: datetime = NOON
    channel: FakeChannel = field(default_factory=lambda: FakeChannel("bot"))
    alerts: list[int] = field(default_factory=list)

    def raise_alert(self, *, urgent: bool = True, address: str = "wang") -> int:
        with self.storage.work() as rows:
            alert_id = put_message(
                rows, len(self.alerts) + 1, now=self.now, address=address, urgent=urgent
            )
        self.alerts.append(alert_id)
        return alert_id

    def deliver(self, which: Which | None = None) -> DeliverCount:
        return deliver_due(
            StoringOutbox(self.storage, {"bot": self.rule}, which),
            {"bot": self.channel},
            clock=lambda: self.now,
            lease=LEASE,
            retry=RetryPolicy(),
            limit=1000,
        )

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def states(self) -> list[DeliveryState]:
        with self.storage.look() as rows:
            return [each.state for each in rows.alerts.list_deliveries(self.alerts)]

    def texts(self) -> list[str]:
        return [render_markdown(card) for card, _, _ in self.channel.taken]


@pytest.fixture
def office(storage: Storage) -> Office:
    return Office(storage)


def test_the_first_message_never_waits_and_what_follows_is_gathered(office: Office) -> None:
    office.raise_alert(urgent=False)
    assert office.deliver().sent == 1
    for _ in range(3):
        office.forward(10)
        office.raise_alert(urgent=False)
        assert office.deliver() == DeliverCount()
    office.forward(59)
    assert office.deliver() == DeliverCount()
    office.forward(1)
    assert office.deliver().sent == 1
    assert len(office.channel.taken) == 2
    assert all(f"QX2026-{number:06}" in office.texts()[1] for number in (2, 3, 4))
    assert office.states() == [DeliveryState.SENT] * 4


def test_after_a_quiet_time_the_next_is_a_first_again(office: Office) -> None:
    office.raise_alert(urgent=False)
    office.deliver()
    office.forward(91)
    office.raise_alert(urgent=False)
    assert office.deliver().sent == 1


def test_an_urgent_alert_waits_for_no_gathering(office: Office) -> None:
    office.raise_alert(urgent=False)
    office.deliver()
    office.forward(1)
    office.raise_alert(urgent=False)
    office.raise_alert(urgent=True)
    assert office.deliver().sent == 1
    assert "QX2026-000003" in office.texts()[1] or "第3公司" in office.texts()[1]


def test_the_urgent_go_before_what_waited_longer(office: Office) -> None:
    office.rule = ChannelRule()
    office.raise_alert(urgent=False)
    office.forward(1)
    office.raise_alert(urgent=True)
    office.deliver()
    assert ["第2公司" in text for text in office.texts()] == [True, False]


def test_two_hundred_cases_in_a_minute_become_few_messages_that_name_them_all(
    office: Office,
) -> None:
    for number in range(200):
        office.raise_alert(urgent=number % 2 == 0)
        if number % 10 == 9:
            office.forward(3)
            office.deliver()
    rounds = 0
    while DeliveryState.DUE in office.states():
        office.forward(5)
        office.deliver()
        rounds += 1
        assert rounds < 60
    told = "\n".join(office.texts())
    assert [n for n in range(1, 201) if link_of(n) not in told] == []
    assert len(office.channel.taken) <= 40
    assert office.now - NOON < timedelta(minutes=4)
    assert all(count_bytes(text) <= 4096 for text in office.texts())


def test_the_bots_minute_is_never_passed_and_five_places_stay_for_the_urgent(
    office: Office,
) -> None:
    office.rule = ChannelRule(limits=(Limit(15, 60 * SECOND, reserved=5),))
    for _ in range(30):
        office.raise_alert(urgent=False)
    assert office.deliver().sent == 10
    for _ in range(9):
        office.raise_alert(urgent=True)
    assert office.deliver().sent == 5
    office.forward(60)
    assert office.deliver() == DeliverCount()
    office.forward(1)
    assert office.deliver().sent == 4 + 6, "four urgent that waited, and the normal lane's share"


def test_two_senders_share_one_bucket(office: Office) -> None:
    office.rule = ChannelRule(limits=(Limit(4, 60 * SECOND),))
    for _ in range(10):
        office.raise_alert()
    second = Office(office.storage, office.rule)
    assert office.deliver(Which(only="bot")).sent == 4
    assert second.deliver().sent == 0


def test_an_address_has_a_limit_of_its_own(office: Office) -> None:
    office.rule = ChannelRule(address_limits=(Limit(2, 60 * SECOND),))
    for address in ("wang", "wang", "wang", "li"):
        office.raise_alert(address=address)
    assert office.deliver().sent == 3
    assert sorted(address for _, address, _ in office.channel.taken) == ["li", "wang", "wang"]
    office.forward(61)
    assert office.deliver().sent == 1


def test_a_gathered_message_that_failed_goes_out_again_as_it_was(office: Office) -> None:
    for _ in range(8):
        office.raise_alert()
    office.channel.failures = [DeliveryError("busy", permanent=False, answer="-1")]
    assert office.deliver().retried == 1
    office.raise_alert()
    office.forward(5)
    assert office.deliver().sent == 2
    keys = [key for _, _, key in office.channel.taken]
    bundle = next(key for key in keys if key.startswith("bundle-"))
    card = next(card for card, _, key in office.channel.taken if key == bundle)
    assert len(card.entries) == 8
    assert office.states() == [DeliveryState.SENT] * 9


def test_a_gathered_message_whose_sender_died_comes_back_to_the_last_byte(office: Office) -> None:
    for _ in range(8):
        office.raise_alert()
    outbox = StoringOutbox(office.storage, {"bot": RULE})
    first = outbox.claim_next_due(NOON, LEASE)
    office.raise_alert()
    again = StoringOutbox(office.storage, {"bot": RULE})
    found = [again.claim_next_due(NOON + LEASE, LEASE) for _ in range(3)]
    second = next(each for each in found if each is not None and each.gathered)
    assert first is not None
    assert (second.card, second.idempotency_key) == (first.card, first.idempotency_key)
    assert len(second.gathered) == 7
    assert second.tries == 2
    assert found[2] is None


def test_what_was_acknowledged_while_it_waited_is_in_no_message(office: Office) -> None:
    office.raise_alert(urgent=False)
    office.deliver()
    waiting = [office.raise_alert(urgent=False) for _ in range(3)]
    with office.storage.work() as rows:
        rows.alerts.acknowledge_ladder("case-2", "wang", Through.DESK, office.now)
        rows.alerts.acknowledge_alert_only(waiting[1], "wang", Through.DESK, office.now)
    office.forward(90)
    done = office.deliver()
    assert (done.sent, done.called_off) == (1, 1)
    assert "第4公司" in office.texts()[1]
    assert "QX2026-000002" not in office.texts()[1]


def test_a_gathered_message_is_called_off_only_when_nobody_needs_any_of_it(office: Office) -> None:
    for _ in range(8):
        office.raise_alert()
    outbox = StoringOutbox(office.storage, {"bot": RULE})
    delivery = outbox.claim_next_due(NOON, LEASE)
    assert delivery is not None
    with office.storage.work() as rows:
        for number in range(1, 8):
            rows.alerts.acknowledge_ladder(f"case-{number}", "wang", Through.DESK, office.now)
    assert outbox.is_still_wanted(delivery)
    with office.storage.work() as rows:
        rows.alerts.acknowledge_ladder("case-8", "wang", Through.DESK, office.now)
    assert not outbox.is_still_wanted(delivery)


def test_every_try_of_a_gathered_message_is_kept_for_each_alert(office: Office) -> None:
    from sqlalchemy import text

    for _ in range(8):
        office.raise_alert()
    office.channel.failures = [DeliveryError("busy", permanent=False, answer="-1")]
    office.deliver()
    office.forward(5)
    office.deliver()
    with office.storage.engine.connect() as connection:
        rows = connection.execute(
            text("SELECT delivery_id, outcome FROM delivery_attempts ORDER BY delivery_id, id")
        ).all()
    assert [row[1] for row in rows] == ["put_off", "sent"] * 8


def test_a_permanent_refusal_of_a_gathered_message_fails_each_of_its_alerts(
    office: Office,
) -> None:
    for _ in range(8):
        office.raise_alert()
    office.channel.failures = [DeliveryError("gone", permanent=True, answer="93000")]
    assert office.deliver().failed == 1
    assert office.states() == [DeliveryState.FAILED] * 8
    with office.storage.look() as rows:
        assert rows.alerts.list_failed_steps(office.alerts) == set(office.alerts)
