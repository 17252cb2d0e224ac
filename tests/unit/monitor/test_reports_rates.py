"""When a count may be called a rise, how a gap is known, and when a party is a cluster."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from monitor.reports.clusters import find_clusters
from monitor.reports.rates import (
    Tally,
    Verdict,
    compare_rates,
    estimate_dispersion,
    share_interval,
)
from monitor.reports.silence import Stretch, cut, find_silences, join_stretches, longest_quiet

START = datetime(2026, 11, 16, tzinfo=UTC)
HOUR = timedelta(hours=1)


def draw(source: random.Random, rate: float) -> int:
    """A Poisson count, by waiting for one after another."""
    count, time = 0, source.expovariate(rate)
    while time < 1:
        count, time = count + 1, time + source.expovariate(rate)
    return count


# ---------------------------------------------------------------- rates


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_interval_is_that_of_the_exact_binomial_test(now: int, then: int) -> None:
    found = compare_rates(Tally(now, 168), Tally(then, 168), confidence=0.95)
    if now + then == 0:
        assert (found.low, found.high, found.verdict) == (None, None, Verdict.NOT_CLEAR)
        return
    exact = binomtest(now, now + then, 0.5).proportion_ci(0.95, "exact")

    assert found.low == pytest.approx(exact.low / (1 - exact.low))
    if exact.high < 1:
        assert found.high == pytest.approx(exact.high / (1 - exact.high))
    else:
        assert found.high is None


@pytest.mark.parametrize("rate", [3.0, 20.0, 190.0])
def test_where_nothing_changed_a_rise_is_called_no_oftener_than_said(rate: float) -> None:
    source = random.Random(f"null {rate}")
    pairs = 3000
    rises = sum(
        compare_rates(
            Tally(draw(source, rate), 168), Tally(draw(source, rate), 168), confidence=0.95
        ).verdict
        is Verdict.RISE
        for _ in range(pairs)
    )

    # 2.5 % at most, and three standard errors of the trial itself.
    assert rises / pairs <= 0.025 + 3 * (0.025 * 0.975 / pairs) ** 0.5


def test_of_a_whole_table_together_a_rise_is_called_no_oftener_than_said() -> None:
    source = random.Random("towns")
    tables, towns = 400, 12
    wrong = sum(
        any(
            compare_rates(
                Tally(draw(source, 16), 168),
                Tally(draw(source, 16), 168),
                confidence=0.95,
                comparisons=towns,
            ).verdict
            is Verdict.RISE
            for _ in range(towns)
        )
        for _ in range(tables)
    )

    assert wrong / tables <= 0.025 + 3 * (0.025 * 0.975 / tables) ** 0.5


def test_counts_that_scatter_more_than_chance_are_not_called_rises_for_it() -> None:
    source = random.Random("scatter")

    def scattered() -> int:
        return draw(source, source.gammavariate(20, 190 / 20))

    series = [Tally(scattered(), 168) for _ in range(52)]
    dispersion = estimate_dispersion(series)
    pairs = [(Tally(scattered(), 168), Tally(scattered(), 168)) for _ in range(600)]

    def count_rises(dispersion: float) -> int:
        return sum(
            compare_rates(now, then, confidence=0.95, dispersion=dispersion).verdict is Verdict.RISE
            for now, then in pairs
        )

    assert dispersion > 4
    assert count_rises(1.0) > 100  # the harm that is avoided
    assert count_rises(dispersion) <= 600 * 0.05


def test_one_surge_in_a_year_does_not_hide_the_next() -> None:
    source = random.Random("surge")
    series = [Tally(draw(source, 190), 168) for _ in range(52)]
    series[20] = Tally(400, 168)

    assert estimate_dispersion(series) < 1.8


def test_a_true_rise_is_found() -> None:
    assert compare_rates(Tally(380, 168), Tally(190, 168), confidence=0.95).verdict is Verdict.RISE
    assert compare_rates(Tally(95, 168), Tally(190, 168), confidence=0.95).verdict is Verdict.FALL


def test_fewer_hours_are_not_fewer_cases() -> None:
    found = compare_rates(Tally(109, 96), Tally(190, 168), confidence=0.95)

    assert found.ratio == pytest.approx(1.004, abs=0.001)
    assert found.verdict is Verdict.NOT_CLEAR


def test_where_nobody_watched_nothing_is_compared() -> None:
    found = compare_rates(Tally(0, 0), Tally(190, 168), confidence=0.95)

    assert found.verdict is Verdict.NOT_COMPARABLE
    assert found.why_not


def test_a_share_of_nothing_has_no_interval() -> None:
    assert share_interval(0, 0, 0.95) is None
    assert share_interval(0, 10, 0.95) == pytest.approx((0.0, 0.3085), abs=1e-4)
    assert share_interval(10, 10, 0.95) == pytest.approx((0.6915, 1.0), abs=1e-4)


# ---------------------------------------------------------------- silence


def test_a_long_silence_is_found_and_an_ordinary_night_is_not() -> None:
    read = [(START + HOUR * hour, START + HOUR * hour) for hour in [*range(48), *range(120, 168)]]
    quiet = longest_quiet(34 * 168, 168.0)
    assert quiet is not None

    found = find_silences(read, START, START + 168 * HOUR, quiet)
    assert found == [Stretch(START + 47 * HOUR, START + 120 * HOUR)]
    assert quiet > 9 * HOUR


def test_the_end_may_be_silent_too() -> None:
    assert find_silences([(START, START)], START, START + 50 * HOUR, 10 * HOUR) == [
        Stretch(START, START + 50 * HOUR)
    ]


def test_a_place_that_brings_little_tells_nothing_by_its_silence() -> None:
    assert longest_quiet(0, 672.0) is None
    quiet = longest_quiet(3, 672.0)
    assert quiet is not None
    assert quiet > timedelta(days=28)


def test_stretches_are_joined_and_cut() -> None:
    one, two = Stretch(START, START + 5 * HOUR), Stretch(START + 3 * HOUR, START + 8 * HOUR)

    assert join_stretches([two, one]) == [Stretch(START, START + 8 * HOUR)]
    assert cut([one, two], START + 4 * HOUR, START + 6 * HOUR) == [
        Stretch(START + 4 * HOUR, START + 5 * HOUR),
        Stretch(START + 4 * HOUR, START + 6 * HOUR),
    ]


# ---------------------------------------------------------------- clusters


@dataclass(frozen=True)
class Said:
    case_id: int
    joined_at: datetime
    item_key: str
    employer: str | None = "甲"
    employer_key: str | None = "甲"
    project: str | None = None
    project_key: str | None = None
    source: str = "forum"


def said(days: float, item: str, **changes: str | None) -> Said:
    return Said(1, START + timedelta(days=days), item, **changes)  # type: ignore[arg-type]


def test_a_party_is_named_in_the_period_in_which_its_third_message_comes() -> None:
    messages = [said(-20, "a"), said(-3, "b"), said(2, "c"), said(3, "d", source="news")]

    (found,) = find_clusters(messages, START, cluster_at=3)
    assert (found.name, found.messages, found.sources) == ("甲", 4, 2)
    assert found.reached_at == START + timedelta(days=2)


def test_what_was_named_before_is_not_named_again() -> None:
    messages = [said(-20, "a"), said(-3, "b"), said(-2, "c"), said(3, "d")]

    assert find_clusters(messages, START, cluster_at=3) == []


def test_one_thread_counts_once_however_often_it_is_answered() -> None:
    messages = [said(1, "a"), said(2, "a"), said(3, "a"), said(4, "b")]

    assert find_clusters(messages, START, cluster_at=3) == []


def test_messages_far_apart_are_no_cluster() -> None:
    messages = [said(-27, "a"), said(-26, "b"), said(3, "c")]

    assert find_clusters(messages, START, cluster_at=3) == []


def test_a_project_is_a_party_of_its_own() -> None:
    messages = [
        said(day, str(day), employer=None, employer_key=None, project="新城", project_key="新城")
        for day in (1, 2, 3)
    ]

    (found,) = find_clusters(messages, START, cluster_at=3)
    assert found.is_project
