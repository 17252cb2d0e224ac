"""Did a source keep what it promises? Pure.

Silence is judged by how likely it is. A source that brings twenty posts on a working day is silent
after a day without any; one that brings two a week is not. Weekends, public holidays and nights
count for less, so that a quiet festival is no fault.
"""

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from monitor.domain import SHANGHAI, Expectations, Source
from spiders.days import DayKind, kind_of
from spiders.ports import Claim

BROKEN, QUIET, GAP, WRONG_TIMES = "S408", "S414", "S410", "S418"

UNLIKELY = 1e-6
"""A silence that comes about by chance less often than this is told.

Source:
    `tests/story/test_a_quiet_year.py`: with bursts, weekends, festivals and outages of the model
    stated there, 60 sources raise fewer than one false alarm a week.
"""

UNLIKELY_SHARE = 1e-5
"""The same for a share that is below what was promised."""

_FEWEST_READ = 5
_MOST_REMEMBERED = 60
_FEWEST_WORKDAYS, _FEWEST_WEEKEND_DAYS = 10, 6
_UNKNOWN_BURSTS = 4.0
_BURSTS = (1.5, 25.0)
_DAY_BEGINS, _DAY_ENDS = time(7), time(23)
_LONGEST_SILENCE = timedelta(days=200)


class BrokenPromise(NamedTuple):
    """A promise that was not kept: the issue's code and what happened, without a page's words."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Tally:
    """What was read since shares were judged last; see `PollOutcome`.

    `new` counts documents of items that were never seen before, `aged` those of them that say they
    were written long before the last good poll.
    """

    read: int = 0
    with_text: int = 0
    documents: int = 0
    with_time: int = 0
    new: int = 0
    aged: int = 0

    def plus(self, other: "Tally") -> "Tally":
        """Add two tallies."""
        return Tally(
            self.read + other.read,
            self.with_text + other.with_text,
            self.documents + other.documents,
            self.with_time + other.with_time,
            self.new + other.new,
            self.aged + other.aged,
        )


@dataclass(frozen=True, slots=True)
class Rate:
    """Posts on an ordinary working day, the shares of other days, and how they come in bursts.

    `bursts` is the variance of a day's posts over their mean: 1 when each comes by itself.
    """

    per_workday: float
    weekend_share: float
    holiday_share: float
    bursts: float = _UNKNOWN_BURSTS


# ---------------------------------------------------------------- shares


def broken_shares(source: Source, tally: Tally) -> tuple[list[BrokenPromise], Tally]:
    """Judge the shares of what was read, and return what is to be judged with the next poll.

    A share is broken when what was read would hardly come about if the promise held: one bad post
    of five proves nothing, six of six do. What is neither is kept, and forgotten by halves.
    """
    broken: list[BrokenPromise] = []
    expect, left = source.expect, tally
    if is_below(tally.with_text, tally.read, expect.text_share):
        share = tally.with_text / tally.read
        message = f"有正文的占 {share:.0%}，应不少于 {expect.text_share:.0%}"
        broken.append(BrokenPromise(BROKEN, message))
        left = replace(left, read=0, with_text=0)
    if is_below(tally.with_time, tally.documents, expect.published_share):
        share = tally.with_time / tally.documents
        message = f"有时间的占 {share:.0%}，应不少于 {expect.published_share:.0%}"
        broken.append(BrokenPromise(WRONG_TIMES, message))
        left = replace(left, documents=0, with_time=0)
    if tally.new >= _FEWEST_READ:
        if tally.aged == tally.new:
            message = f"新出现的 {tally.new} 条都写着很久以前的时间，日期可能读错了"
            broken.append(BrokenPromise(WRONG_TIMES, message))
        left = replace(left, new=0, aged=0)
    return broken, _forgetting(left)


def kept_shares(source: Source, tally: Tally) -> set[str]:
    """Return the codes of the shares that enough was read of to say that they are kept."""
    kept: set[str] = set()
    expect = source.expect
    if tally.read >= _FEWEST_READ and tally.with_text >= expect.text_share * tally.read:
        kept.add(BROKEN)
    timely = tally.with_time >= expect.published_share * tally.documents
    if tally.documents >= _FEWEST_READ and timely and tally.aged < max(1, tally.new):
        kept.add(WRONG_TIMES)
    return kept


def is_below(good: int, all_of: int, promised: float) -> bool:
    """Tell whether so few good ones would hardly come about if the promised share held.

    Args:
        good: How many were good.
        all_of: How many there were; 0 proves nothing.
        promised: Share in [0, 1].
    """
    if good >= promised * all_of:
        return False
    chance = sum(
        math.comb(all_of, n) * promised**n * (1.0 - promised) ** (all_of - n)
        for n in range(good + 1)
    )
    return chance < UNLIKELY_SHARE


def _forgetting(tally: Tally) -> Tally:
    while max(tally.read, tally.documents) > _MOST_REMEMBERED:
        tally = Tally(
            tally.read // 2,
            tally.with_text // 2,
            tally.documents // 2,
            tally.with_time // 2,
            tally.new,
            tally.aged,
        )
    return tally


# ---------------------------------------------------------------- silence


def find_silence(source: Source, claim: Claim, now: datetime) -> BrokenPromise | None:
    """Tell whether a source has been without anything new for longer than can be chance.

    One that never brought anything is quiet since it was first watched. Until enough is known of
    how much it brings, `quiet_after` decides, counted in ordinary working days.
    """
    newest = claim.last_new_at or claim.watched_since
    if now <= newest:
        return None
    hours = (now - newest).total_seconds() / 3600
    rate = stated_rate(source.expect) or learned_rate(source.expect, claim, now)
    if rate is None:
        expect = source.expect
        plain = Rate(1.0, expect.weekend_share, expect.holiday_share)
        if ordinary_days(newest, now, plain) <= expect.quiet_after / timedelta(days=1):
            return None
        return BrokenPromise(QUIET, f"已有 {hours:.0f} 小时没有新内容")
    expected = rate.per_workday * ordinary_days(newest, now, rate)
    if chance_of_none(expected, rate.bursts) >= UNLIKELY:
        return None
    message = f"已有 {hours:.0f} 小时没有新内容，按平时应有约 {expected:.0f} 条"
    return BrokenPromise(QUIET, message)


def stated_rate(expect: Expectations) -> Rate | None:
    """Return what the source file promises; None when it does not say."""
    if expect.posts_per_day is None:
        return None
    return Rate(expect.posts_per_day, expect.weekend_share, expect.holiday_share)


def learned_rate(expect: Expectations, claim: Claim, now: datetime) -> Rate | None:
    """Learn from the last weeks how much a source brings; None before there are ten working days.

    The days on which it was first watched, and today, are not whole and do not count.
    """
    first = claim.watched_since.astimezone(SHANGHAI).date() + timedelta(days=2)
    today = now.astimezone(SHANGHAI).date()
    counts = _by_kind(claim.posts, first, today)
    workdays = counts[DayKind.WORKDAY]
    if len(workdays) < _FEWEST_WORKDAYS:
        return None
    mean = statistics.fmean(workdays)
    if mean == 0:
        return None
    share = expect.weekend_share
    weekends = counts[DayKind.WEEKEND]
    if len(weekends) >= _FEWEST_WEEKEND_DAYS:
        share = min(1.0, statistics.fmean(weekends) / mean)
    bursts = statistics.variance(workdays) / mean
    return Rate(
        mean,
        share,
        min(share, expect.holiday_share),
        min(max(bursts, _BURSTS[0]), _BURSTS[1]),
    )


def _by_kind(posts: Mapping[date, int], first: date, end: date) -> dict[DayKind, list[int]]:
    """Gather the counts of whole days [first, end) by their kind; a day without a count has 0."""
    counts: dict[DayKind, list[int]] = {kind: [] for kind in DayKind}
    earliest = max(first, end - timedelta(days=56))
    for number in range(max(0, (end - earliest).days)):
        day = earliest + timedelta(days=number)
        counts[kind_of(day)].append(posts.get(day, 0))
    return counts


def ordinary_days(since: datetime, until: datetime, rate: Rate) -> float:
    """Measure a time in ordinary working days: nights count nothing, quiet days their share."""
    since = max(since, until - _LONGEST_SILENCE).astimezone(SHANGHAI)
    until = until.astimezone(SHANGHAI)
    shares = {
        DayKind.WORKDAY: 1.0,
        DayKind.WEEKEND: rate.weekend_share,
        DayKind.HOLIDAY: rate.holiday_share,
    }
    total = 0.0
    day = since.date()
    while day <= until.date():
        begins = max(since, datetime.combine(day, _DAY_BEGINS, SHANGHAI))
        ends = min(until, datetime.combine(day, _DAY_ENDS, SHANGHAI))
        awake = (_DAY_ENDS.hour - _DAY_BEGINS.hour) * 3600
        total += shares[kind_of(day)] * max(0.0, (ends - begins).total_seconds()) / awake
        day += timedelta(days=1)
    return total


def chance_of_none(expected: float, bursts: float) -> float:
    """Return the chance that nothing comes where so many are expected, in [0, 1].

    Args:
        expected: The mean; 0 or more.
        bursts: Variance over mean, at least 1: the counts are taken for negative binomial.
    """
    if bursts <= 1.0:
        return math.exp(-expected)
    return math.exp(-expected * math.log(bursts) / (bursts - 1.0))
