"""How promises are judged: silences, shares, and the arithmetic of chance."""

import math
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.domain import Basis, Expectations, Family, Source
from spiders.decisions import choose_interval, next_poll_at, next_visit_at, retry_at
from spiders.expectations import (
    Rate,
    Tally,
    broken_shares,
    chance_of_none,
    find_silence,
    is_below,
    kept_shares,
    ordinary_days,
)
from spiders.ports import Claim, KnownItem, PollOutcome
from tests.factories import make_document

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SOURCE = Source("news", "新闻", Family.NEWS_LIST, Basis.NEWS, "http://news.example.com/")
CLAIM = Claim("news", unfinished=False, failures=0, watched_since=NOW, last_new_at=NOW)


def test_until_enough_is_known_silence_is_told_after_quiet_after_and_not_before() -> None:
    before = NOW + SOURCE.expect.quiet_after
    assert find_silence(SOURCE, CLAIM, before) is None
    told = find_silence(SOURCE, CLAIM, before + timedelta(minutes=1))
    assert told is not None
    assert told.code == "S414"
    never = replace(CLAIM, last_new_at=None)
    assert find_silence(SOURCE, never, before + timedelta(minutes=1)) == told


def test_a_weekend_and_a_night_count_for_less() -> None:
    friday_evening = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # 23:00 in Shanghai
    monday_morning = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # 07:00
    rate = Rate(10.0, weekend_share=0.5, holiday_share=0.2)
    assert ordinary_days(friday_evening, monday_morning, rate) == pytest.approx(1.0)
    assert ordinary_days(friday_evening, friday_evening + timedelta(hours=8), rate) == 0


def test_what_the_file_promises_counts_before_what_was_learned() -> None:
    busy = replace(SOURCE, expect=Expectations(posts_per_day=100))
    rare = replace(SOURCE, expect=Expectations(posts_per_day=0.5))
    later = NOW + timedelta(days=4)
    assert find_silence(busy, CLAIM, later) is not None
    assert find_silence(rare, CLAIM, later) is None  # though quiet_after is over


def test_a_source_that_was_seen_to_bring_little_may_be_silent_for_long() -> None:
    since = NOW - timedelta(days=40)
    posts = {date(2026, 10, 19) + timedelta(days=7 * week): 1 for week in range(5)}
    claim = replace(CLAIM, watched_since=since, posts=posts)
    assert find_silence(SOURCE, claim, NOW + timedelta(days=10)) is None


@pytest.mark.parametrize("expected", [0.0, 1.0, 30.0])
def test_the_chance_of_nothing_falls_with_what_is_expected_and_rises_with_bursts(
    expected: float,
) -> None:
    assert chance_of_none(expected, 1.0) == pytest.approx(math.exp(-expected))
    assert chance_of_none(expected, 1.0) <= chance_of_none(expected, 4.0) <= 1.0


@pytest.mark.parametrize(
    ("good", "all_of", "promised", "is_broken"),
    [
        (0, 0, 0.9, False),
        (4, 5, 0.9, False),
        (0, 4, 0.9, False),
        (0, 6, 0.9, True),
        (0, 8, 0.8, True),
        (5, 6, 1.0, True),
        (30, 60, 0.9, True),
        (50, 60, 0.9, False),
        (0, 9, 0.0, False),
    ],
)
def test_a_share_is_broken_only_when_chance_cannot_explain_it(
    good: int,
    all_of: int,
    promised: float,
    is_broken: bool,  # noqa: FBT001
) -> None:
    assert is_below(good, all_of, promised) is is_broken


def test_what_is_too_little_to_judge_is_kept_for_the_next_poll() -> None:
    some = Tally(read=3)
    broken, left = broken_shares(SOURCE, some)
    assert (broken, left) == ([], some)
    broken, left = broken_shares(SOURCE, left.plus(some))
    assert [each.code for each in broken] == ["S408"]
    assert left.read == 0
    assert kept_shares(SOURCE, Tally(9, 9, 9, 9)) == {"S408", "S418"}
    assert kept_shares(SOURCE, some) == set()


def test_only_all_of_five_old_dates_are_a_fault() -> None:
    assert broken_shares(SOURCE, Tally(5, 5, 5, 5, new=5, aged=4))[0] == []
    (told,) = broken_shares(SOURCE, Tally(5, 5, 5, 5, new=5, aged=5))[0]
    assert told.code == "S418"


def test_young_items_are_read_again_because_lists_do_not_show_edits() -> None:
    def wait(age: timedelta) -> timedelta | None:
        document = make_document(published_at=NOW - age)
        at = next_visit_at(KnownItem("c", NOW, NOW), [document], SOURCE, NOW)
        return None if at is None else at - NOW

    assert wait(timedelta(minutes=1)) == 5 * SOURCE.poll_every
    assert wait(timedelta(hours=20)) == timedelta(hours=5)
    assert wait(timedelta(days=4)) is None


def test_what_fails_is_tried_ever_later_and_then_given_up() -> None:
    waits = []
    for tries in range(1, 6):
        at = retry_at(tries, SOURCE, NOW)
        assert at is not None
        waits.append(at - NOW)
    assert waits == sorted(waits)
    assert retry_at(6, SOURCE, NOW) is None


def test_the_pause_follows_what_comes_between_the_bounds_and_is_fixed_without_them() -> None:
    bounded = replace(SOURCE, poll_fastest=timedelta(minutes=2), poll_slowest=timedelta(minutes=20))
    busy = PollOutcome("news", NOW, complete=True, stored=3)
    idle = replace(busy, stored=0)
    assert choose_interval(SOURCE, CLAIM, busy, gap=True) == SOURCE.poll_every
    claim = CLAIM
    for outcome, bound in ((busy, bounded.poll_fastest), (idle, bounded.poll_slowest)):
        for _ in range(40):
            chosen = choose_interval(bounded, claim, outcome, gap=False)
            claim = replace(claim, interval=chosen)
        assert claim.interval == bound
    assert choose_interval(bounded, claim, idle, gap=True) == bounded.poll_fastest


def test_being_late_once_does_not_move_the_schedule() -> None:
    due = NOW - timedelta(seconds=20)
    claim = replace(CLAIM, interval=SOURCE.poll_every, due_at=due)
    outcome = PollOutcome("news", NOW, complete=True, interval=SOURCE.poll_every)
    assert next_poll_at(SOURCE, claim, outcome, NOW) == due + SOURCE.poll_every


def test_sources_that_begin_together_are_spread_and_none_waits_longer_than_it_may() -> None:
    outcome = PollOutcome("news", NOW, complete=True, interval=SOURCE.poll_every)
    at = [
        next_poll_at(replace(SOURCE, name=f"s{n}"), CLAIM, outcome, NOW) - NOW for n in range(500)
    ]
    assert max(at) <= SOURCE.poll_every
    assert len({round(each.total_seconds()) for each in at}) > 100


def test_first_crawls_that_end_together_do_not_come_back_together() -> None:
    began = NOW - SOURCE.poll_every * 0.75
    outcome = PollOutcome("news", began, complete=True, interval=SOURCE.poll_every)
    at = [next_poll_at(replace(SOURCE, name=f"s{n}"), CLAIM, outcome, NOW) for n in range(500)]
    in_a_second = Counter(round((each - NOW).total_seconds()) for each in at)
    assert max(at) <= began + SOURCE.poll_every
    assert max(in_a_second.values()) < 5 * 500 / (0.25 * SOURCE.poll_every.total_seconds())
