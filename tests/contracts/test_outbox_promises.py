"""What every outbox promises the sender: `alerts.outbox.Outbox`."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.domain import DeliveryState, Receipt
from tests.contracts.outbox_cases import OUTBOX_CASES, OutboxCase

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


@pytest.fixture(params=["fake", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OutboxCase]:
    address = (
        request.getfixturevalue("postgres_address")
        if request.param == "postgres"
        else f"sqlite:///{tmp_path / 'qingxin.db'}"
    )
    with OUTBOX_CASES[request.param](address) as made:
        yield made


def fail(case: OutboxCase, delivery_id: int, next_due_at: datetime | None) -> None:
    delivery = case.outbox.claim_next_due(NOON, LEASE)
    assert delivery is not None
    assert delivery.delivery_id == delivery_id
    case.outbox.record_failure(
        delivery,
        error_text="refused",
        answer="no",
        permanent=next_due_at is None,
        next_due_at=next_due_at,
        now=NOON,
    )


def test_an_empty_outbox_gives_nothing(case: OutboxCase) -> None:
    assert case.outbox.claim_next_due(NOON, LEASE) is None


def test_a_message_is_not_given_out_before_it_is_due(case: OutboxCase) -> None:
    case.seed(NOON + SECOND)
    assert case.outbox.claim_next_due(NOON, LEASE) is None
    assert case.outbox.claim_next_due(NOON + SECOND, LEASE) is not None


def test_a_claimed_message_is_not_given_out_twice(case: OutboxCase) -> None:
    case.seed(NOON)
    assert case.outbox.claim_next_due(NOON, LEASE) is not None
    assert case.outbox.claim_next_due(NOON, LEASE) is None


def test_a_message_whose_sender_died_comes_back_after_the_lease(case: OutboxCase) -> None:
    case.seed(NOON)
    first = case.outbox.claim_next_due(NOON, LEASE)
    assert case.outbox.claim_next_due(NOON + LEASE - SECOND, LEASE) is None
    second = case.outbox.claim_next_due(NOON + LEASE, LEASE)
    assert first is not None
    assert second is not None
    assert second.delivery_id == first.delivery_id


def test_a_message_that_comes_back_is_the_same_to_the_last_byte(case: OutboxCase) -> None:
    case.seed(NOON)
    first = case.outbox.claim_next_due(NOON, LEASE)
    second = case.outbox.claim_next_due(NOON + LEASE, LEASE)
    assert first is not None
    assert second is not None
    assert (second.card, second.contact, second.idempotency_key) == (
        first.card,
        first.contact,
        first.idempotency_key,
    )


def test_every_claim_counts_as_a_try(case: OutboxCase) -> None:
    case.seed(NOON)
    tries = []
    for number in range(3):
        delivery = case.outbox.claim_next_due(NOON + number * LEASE, LEASE)
        assert delivery is not None
        tries.append(delivery.tries)
    assert tries == [1, 2, 3]


def test_a_claim_says_when_it_runs_out(case: OutboxCase) -> None:
    case.seed(NOON)
    delivery = case.outbox.claim_next_due(NOON, LEASE)
    assert delivery is not None
    assert delivery.due_at == NOON + LEASE
    assert delivery.state is DeliveryState.DUE


def test_the_message_that_has_waited_longest_goes_first(case: OutboxCase) -> None:
    late = case.seed(NOON - SECOND)
    early = case.seed(NOON - 2 * SECOND)
    claimed = [case.outbox.claim_next_due(NOON, LEASE) for _ in range(2)]
    assert [delivery.delivery_id for delivery in claimed if delivery] == [early, late]


def test_a_sent_message_never_comes_back(case: OutboxCase) -> None:
    number = case.seed(NOON)
    delivery = case.outbox.claim_next_due(NOON, LEASE)
    assert delivery is not None
    case.outbox.record_sent(delivery, Receipt("ok"), NOON)
    assert case.state_of(number) is DeliveryState.SENT
    assert case.outbox.claim_next_due(NOON + 10 * LEASE, LEASE) is None


def test_a_temporary_failure_is_tried_again_when_it_was_said(case: OutboxCase) -> None:
    number = case.seed(NOON)
    fail(case, number, NOON + 30 * SECOND)
    assert case.state_of(number) is DeliveryState.DUE
    assert case.outbox.claim_next_due(NOON + 29 * SECOND, LEASE) is None
    again = case.outbox.claim_next_due(NOON + 30 * SECOND, LEASE)
    assert again is not None
    assert again.tries == 2


def test_a_permanent_failure_is_never_tried_again(case: OutboxCase) -> None:
    number = case.seed(NOON)
    fail(case, number, None)
    assert case.state_of(number) is DeliveryState.FAILED
    assert case.outbox.claim_next_due(NOON + 10 * LEASE, LEASE) is None


def test_a_waiting_message_is_wanted(case: OutboxCase) -> None:
    case.seed(NOON)
    delivery = case.outbox.claim_next_due(NOON, LEASE)
    assert delivery is not None
    assert case.outbox.is_still_wanted(delivery)


def test_a_message_is_not_wanted_once_its_alert_was_acknowledged(case: OutboxCase) -> None:
    number = case.seed(NOON)
    delivery = case.outbox.claim_next_due(NOON, LEASE)
    assert delivery is not None
    case.end_alert(number)
    assert not case.outbox.is_still_wanted(delivery)


def test_a_message_that_another_sender_sent_is_not_wanted(case: OutboxCase) -> None:
    case.seed(NOON)
    slow = case.outbox.claim_next_due(NOON, LEASE)
    quick = case.outbox.claim_next_due(NOON + LEASE, LEASE)
    assert slow is not None
    assert quick is not None
    case.outbox.record_sent(quick, Receipt("ok"), NOON + LEASE)
    assert not case.outbox.is_still_wanted(slow)


def test_a_message_that_was_called_off_never_comes_back(case: OutboxCase) -> None:
    number = case.seed(NOON)
    delivery = case.outbox.claim_next_due(NOON, LEASE)
    assert delivery is not None
    case.outbox.record_called_off(delivery, NOON)
    assert case.state_of(number) is DeliveryState.CALLED_OFF
    assert case.outbox.claim_next_due(NOON + 10 * LEASE, LEASE) is None


def test_a_failure_told_late_does_not_undo_a_message_that_was_sent(case: OutboxCase) -> None:
    number = case.seed(NOON)
    slow = case.outbox.claim_next_due(NOON, LEASE)
    quick = case.outbox.claim_next_due(NOON + LEASE, LEASE)
    assert slow is not None
    assert quick is not None
    case.outbox.record_sent(quick, Receipt("ok"), NOON + LEASE)
    for next_due_at in (NOON + LEASE, None):
        case.outbox.record_failure(
            slow,
            error_text="timed out",
            answer="",
            permanent=next_due_at is None,
            next_due_at=next_due_at,
            now=NOON + LEASE,
        )
    assert case.state_of(number) is DeliveryState.SENT
    assert case.outbox.claim_next_due(NOON + 10 * LEASE, LEASE) is None


def test_a_success_told_late_is_the_truth_even_when_the_lease_has_run_out(case: OutboxCase) -> None:
    number = case.seed(NOON)
    slow = case.outbox.claim_next_due(NOON, LEASE)
    case.outbox.claim_next_due(NOON + LEASE, LEASE)
    assert slow is not None
    case.outbox.record_sent(slow, Receipt("ok"), NOON + 2 * LEASE)
    assert case.state_of(number) is DeliveryState.SENT


def test_a_message_that_was_taken_counts_as_sent_though_it_was_called_off_meanwhile(
    case: OutboxCase,
) -> None:
    number = case.seed(NOON)
    delivery = case.outbox.claim_next_due(NOON, LEASE)
    assert delivery is not None
    case.end_alert(number)
    case.outbox.record_sent(delivery, Receipt("ok"), NOON)
    assert case.state_of(number) is DeliveryState.SENT


def test_calling_off_late_does_not_undo_a_message_that_was_sent(case: OutboxCase) -> None:
    number = case.seed(NOON)
    delivery = case.outbox.claim_next_due(NOON, LEASE)
    assert delivery is not None
    case.outbox.record_sent(delivery, Receipt("ok"), NOON)
    case.outbox.record_called_off(delivery, NOON)
    assert case.state_of(number) is DeliveryState.SENT


def test_six_senders_at_once_are_never_given_the_same_message(case: OutboxCase) -> None:
    numbers = {case.seed(NOON) for _ in range(40)}

    def claim_all() -> list[int]:
        claimed = []
        while (delivery := case.outbox.claim_next_due(NOON, LEASE)) is not None:
            claimed.append(delivery.delivery_id)
        return claimed

    with ThreadPoolExecutor(6) as senders:
        runs = [senders.submit(claim_all) for _ in range(6)]
        claimed = [number for run in runs for number in run.result()]
    # One that lost a race may stop early, so what is left is claimed here.
    claimed += claim_all()
    assert sorted(claimed) == sorted(numbers)


def test_a_channel_that_rests_is_given_no_message_and_no_try_is_counted(case: OutboxCase) -> None:
    for _ in range(2):
        case.seed(NOON)
    first = case.outbox.claim_next_due(NOON, LEASE)
    assert first is not None
    case.outbox.rest(first.contact.channel, NOON + 30 * SECOND)
    case.outbox.rest(first.contact.channel, NOON + 20 * SECOND)
    assert case.outbox.claim_next_due(NOON + 29 * SECOND, LEASE) is None
    second = case.outbox.claim_next_due(NOON + 30 * SECOND, LEASE)
    assert second is not None
    assert second.tries == 1
