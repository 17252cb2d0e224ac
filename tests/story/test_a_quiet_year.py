"""A year of ordinary traffic over sixty sources, on a pushed clock: hardly a false alarm.

The model of chance, stated so that it can be argued with. Each source has, all drawn once:

- posts on a working day: log-normal, median 9, from one in three days to hundreds;
- bursts: a day's rate is gamma-distributed around its mean, so that the counts have a variance of
  1.5 to 9 times their mean (one topic brings many posts);
- weekends: 20 to 90 % of a working day; public holidays of 2026: 3 to 40 %;
- a season: the rate swings by up to 30 % over the year, and doubles in the weeks before the Spring
  Festival, when wages are asked for;
- hours: as people write, most between 8 and 23, a few at night;
- readings: 1 to 6 % of items without text (hidden, members only), 0 to 5 % of times not told, where
  the source promises 90 % and 80 %;
- first sight of old threads: 3 % of new items.

Sources promise nothing about their rate: it is learned. The first alarm of a silence counts once.
"""

import math
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import pytest

from monitor.domain import SHANGHAI, Basis, Expectations, Family, Source
from spiders.days import DayKind, kind_of
from spiders.expectations import Tally, broken_shares, find_silence
from spiders.ports import Claim

pytestmark = [pytest.mark.story, pytest.mark.slow]

SOURCES = 60
FIRST_DAY = date(2026, 1, 1)
DAYS = 365
WEEKS = DAYS / 7
BEFORE_SPRING = (date(2026, 1, 12), date(2026, 2, 15))
# Share of a day's posts that are written in each hour in Shanghai.
BY_HOUR = [1, 0.5, 0.3, 0.2, 0.2, 0.4, 1, 3, 6, 8, 8, 7, 6, 5, 6, 7, 7, 6, 5, 6, 7, 7, 5, 3]


@dataclass(frozen=True)
class Habits:
    """What a source is like; see above."""

    per_workday: float
    bursts: float
    weekend: float
    holiday: float
    season: float
    phase: float
    without_text: float
    without_time: float


def draw_habits(chance: random.Random) -> Habits:
    return Habits(
        per_workday=min(400.0, max(0.3, math.exp(chance.gauss(math.log(9), 1.3)))),
        bursts=chance.uniform(1.5, 9.0),
        weekend=chance.uniform(0.2, 0.9),
        holiday=chance.uniform(0.03, 0.4),
        season=chance.uniform(0.0, 0.3),
        phase=chance.uniform(0.0, 2 * math.pi),
        without_text=chance.uniform(0.01, 0.06),
        without_time=chance.uniform(0.0, 0.05),
    )


def draw_posts(habits: Habits, day: date, chance: random.Random) -> list[datetime]:
    """The posts of one day, in order."""
    share = {DayKind.WORKDAY: 1.0, DayKind.WEEKEND: habits.weekend, DayKind.HOLIDAY: habits.holiday}
    angle = 2 * math.pi * (day - FIRST_DAY).days / DAYS + habits.phase
    mean = habits.per_workday * share[kind_of(day)] * (1 + habits.season * math.sin(angle))
    if BEFORE_SPRING[0] <= day < BEFORE_SPRING[1]:
        mean *= 2
    # Gamma and Poisson together: variance = bursts × mean.
    rate = chance.gammavariate(mean / (habits.bursts - 1), habits.bursts - 1)
    count = draw_poisson(rate, chance)
    hours = chance.choices(range(24), BY_HOUR, k=count)
    midnight = datetime.combine(day, time(0), SHANGHAI)
    return sorted(
        midnight + timedelta(hours=hour, seconds=chance.random() * 3600) for hour in hours
    )


def draw_poisson(mean: float, chance: random.Random) -> int:
    count, left = 0, mean
    while (left := left - chance.expovariate(1.0)) > 0:
        count += 1
    return count


def false_silences(source: Source, habits: Habits, chance: random.Random) -> Iterator[datetime]:
    """Every silence that was told although nothing was wrong, at the end of the silence.

    The longer a silence lasts the less likely it is, and what is learned changes at midnight; so it
    is enough to look before each post and at the end of each day.
    """
    watched_since = datetime.combine(FIRST_DAY, time(9), SHANGHAI).astimezone(UTC)
    newest: datetime = watched_since
    counted: Counter[date] = Counter()
    told = False
    for number in range(DAYS):
        day = FIRST_DAY + timedelta(days=number)
        claim = Claim(
            source.name,
            unfinished=False,
            failures=0,
            watched_since=watched_since,
            last_new_at=None,
            posts=dict(counted),
        )
        ends = datetime.combine(day, time(23, 59), SHANGHAI)
        for post in [*draw_posts(habits, day, chance), ends]:
            at = post.astimezone(UTC)
            if not told and at - newest > timedelta(hours=3):
                asked = Claim(
                    **{f: getattr(claim, f) for f in Claim.__slots__} | {"last_new_at": newest}
                )
                if find_silence(source, asked, at) is not None:
                    told = True
                    yield at
            if post is not ends:
                newest, told = at, False
                counted[day] += 1


def false_shares(source: Source, habits: Habits, chance: random.Random) -> int:
    """How often shares were called broken in a year of polls that each read a few items."""
    alarms, tally = 0, Tally()
    for _ in range(DAYS * 20):
        items = draw_poisson(habits.per_workday / 20, chance)
        for _ in range(items):
            documents = chance.choice((1, 1, 1, 2, 3))
            has_text = chance.random() >= habits.without_text
            timed = sum(chance.random() >= habits.without_time for _ in range(documents))
            is_old = chance.random() < 0.03
            if has_text:
                tally = tally.plus(
                    Tally(1, 1, documents, timed, documents, documents if is_old else 0)
                )
            else:
                tally = tally.plus(Tally(read=1))
        if items:
            broken, tally = broken_shares(source, tally)
            alarms += len(broken)
    return alarms


def make_source(number: int) -> Source:
    expect = Expectations(text_share=0.9, published_share=0.8)
    return Source(f"s{number}", "来源", Family.DISCUZ, Basis.HELP_SECTION, "http://e.example/",
                  expect=expect)  # fmt: skip


def test_a_year_of_ordinary_traffic_raises_fewer_than_one_false_alarm_a_week() -> None:
    chance = random.Random(20260101)
    silences: list[tuple[str, datetime]] = []
    shares = 0
    posts = 0.0
    for number in range(SOURCES):
        source, habits = make_source(number), draw_habits(chance)
        posts += habits.per_workday
        silences += [(source.name, at) for at in false_silences(source, habits, chance)]
        shares += false_shares(source, habits, chance)
    on_holidays = [
        s for s in silences if kind_of(s[1].astimezone(SHANGHAI).date()) is DayKind.HOLIDAY
    ]
    print(
        f"{SOURCES} sources, {posts:.0f} posts on a working day: {len(silences)} false silences "
        f"({len(on_holidays)} on public holidays) and {shares} false shares in {WEEKS:.0f} weeks, "
        f"{(len(silences) + shares) / WEEKS:.2f} a week"
    )
    assert len(silences) + shares < WEEKS
    assert not on_holidays


@pytest.mark.parametrize(("per_workday", "within_hours"), [(200, 14), (40, 36), (10, 100)])
def test_a_source_that_falls_silent_is_told_as_soon_as_chance_allows(
    per_workday: float, within_hours: float
) -> None:
    source = make_source(1)
    since = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    posts = {date(2026, 3, 2) + timedelta(days=n): round(per_workday * (0.6 if n % 2 else 1.4))
             for n in range(42)}  # fmt: skip
    newest = datetime(2026, 4, 13, 4, 0, tzinfo=UTC)  # a Monday, noon in Shanghai
    claim = Claim(
        "s1", unfinished=False, failures=0, watched_since=since, last_new_at=newest, posts=posts
    )
    told = next(
        hours
        for hours in range(1, 1000)
        if find_silence(source, claim, newest + timedelta(hours=hours)) is not None
    )
    assert told <= within_hours


def test_the_spring_festival_is_no_silence_and_a_month_is() -> None:
    source = make_source(1)
    posts = {date(2025, 12, 20) + timedelta(days=n): 30 for n in range(58)}
    newest = datetime(2026, 2, 15, 12, 0, tzinfo=UTC)
    claim = Claim(
        "s1",
        unfinished=False,
        failures=0,
        watched_since=datetime(2025, 12, 1, tzinfo=UTC),
        last_new_at=newest,
        posts=posts,
    )
    assert find_silence(source, claim, datetime(2026, 2, 17, 4, 0, tzinfo=UTC)) is None
    told = find_silence(source, claim, datetime(2026, 3, 15, 4, 0, tzinfo=UTC))
    assert told is not None
    assert told.code == "S414"
