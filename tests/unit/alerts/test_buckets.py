"""The vendor's limit is never passed, and as much goes out as it allows."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from alerts.buckets import SLACK, Bucket, Limit, count_free, free_at, take
from monitor.domain import Lane

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
BOT = (Limit(15, MINUTE, reserved=5),)


def fill(bucket: Bucket, times: int, lane: Lane, now: datetime = NOON) -> Bucket:
    for _ in range(times):
        assert free_at(bucket, BOT, lane, now) == now
        bucket = take(bucket, BOT, now)
    return bucket


def test_the_normal_lane_leaves_places_for_the_urgent() -> None:
    bucket = fill(Bucket(), 10, Lane.NORMAL)
    assert free_at(bucket, BOT, Lane.NORMAL, NOON) == NOON + MINUTE + SLACK
    assert count_free(bucket, BOT, Lane.NORMAL, NOON) == 0
    assert count_free(bucket, BOT, Lane.URGENT, NOON) == 5
    bucket = fill(bucket, 5, Lane.URGENT)
    assert free_at(bucket, BOT, Lane.URGENT, NOON) == NOON + MINUTE + SLACK


def test_a_place_comes_back_when_its_message_leaves_the_window() -> None:
    bucket = fill(Bucket(), 14, Lane.URGENT)
    bucket = fill(bucket, 1, Lane.URGENT, NOON + 30 * SECOND)
    at = free_at(bucket, BOT, Lane.URGENT, NOON + 31 * SECOND)
    assert at == NOON + MINUTE + SLACK
    assert count_free(bucket, BOT, Lane.URGENT, at) == 14


def test_a_channel_that_rests_gives_nothing_to_either_lane() -> None:
    bucket = Bucket(rests_until=NOON + 10 * MINUTE)
    assert free_at(bucket, (), Lane.URGENT, NOON) == NOON + 10 * MINUTE
    assert free_at(bucket, (), Lane.URGENT, NOON + 10 * MINUTE) == NOON + 10 * MINUTE


def test_without_a_limit_nothing_is_counted() -> None:
    assert count_free(Bucket(), (), Lane.NORMAL, NOON) is None
    assert take(Bucket(), (), NOON).taken == ()


def test_the_tightest_of_several_limits_holds() -> None:
    limits = (Limit(5, SECOND), Limit(100, MINUTE))
    bucket = Bucket(tuple(NOON - 30 * SECOND for _ in range(98)))
    assert count_free(bucket, limits, Lane.URGENT, NOON) == 2
    bucket = take(take(bucket, limits, NOON), limits, NOON)
    assert free_at(bucket, limits, Lane.URGENT, NOON) == NOON + 31 * SECOND


def test_a_lane_that_would_get_nothing_still_gets_one() -> None:
    assert Limit(3, MINUTE, reserved=9).share(Lane.NORMAL) == 1


@given(
    st.lists(st.tuples(st.floats(0, 20), st.sampled_from(Lane)), max_size=80),
    st.integers(1, 20),
    st.integers(0, 5),
)
def test_no_window_ever_holds_more_than_the_limit(
    arrivals: list[tuple[float, Lane]], most: int, reserved: int
) -> None:
    limits = (Limit(most, MINUTE, reserved),)
    now, bucket, sent = NOON, Bucket(), []
    for pause, lane in arrivals:
        now += timedelta(seconds=pause)
        now = free_at(bucket, limits, lane, now)
        bucket = take(bucket, limits, now)
        sent.append(now)
    for start in sent:
        assert sum(start <= at < start + MINUTE for at in sent) <= most


@given(st.integers(1, 30), st.integers(1, 5))
def test_a_full_queue_uses_at_least_95_of_100_places(most: int, minutes: int) -> None:
    limits = (Limit(most, MINUTE),)
    now, bucket, sent = NOON, Bucket(), 0
    while now < NOON + minutes * MINUTE:
        at = free_at(bucket, limits, Lane.URGENT, now)
        if at == now:
            bucket, sent = take(bucket, limits, now), sent + 1
        now = at
    assert sent >= 0.95 * most * minutes
