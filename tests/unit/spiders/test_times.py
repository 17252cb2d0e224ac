from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import SHANGHAI, TimePrecision
from spiders.times import NO_MOMENT, parse_published_at

NOW = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # 12:30 in Shanghai

S, M, H, D = (
    TimePrecision.SECOND,
    TimePrecision.MINUTE,
    TimePrecision.HOUR,
    TimePrecision.DAY,
)
G = TimePrecision.YEAR_GUESSED


@pytest.mark.parametrize(
    ("text", "local", "precision"),
    [
        ("2026-11-23 12:29:13", "2026-11-23 12:29:13", S),
        ("发表于 2026-11-3 9:05", "2026-11-03 09:05:00", M),
        ("2026-11-3", "2026-11-03 00:00:00", D),
        ("[2019-03-05]", "2019-03-05 00:00:00", D),
        ("提交时间：2019/03/05", "2019-03-05 00:00:00", D),
        ("2026.01.19", "2026-01-19 00:00:00", D),
        ("2026/01/19 10:00", "2026-01-19 10:00:00", M),
        ("2026年11月3日", "2026-11-03 00:00:00", D),
        ("2026年11月3日 下午3时05分", "2026-11-03 15:05:00", M),
        ("２０２６年１１月３日　０９：０５", "2026-11-03 09:05:00", M),
        ("二〇二六年十一月三日", "2026-11-03 00:00:00", D),
        ("二○二六年十月二十一日", "2026-10-21 00:00:00", D),
        ("2026-11-10T08:00:00+08:00", "2026-11-10 08:00:00", S),
        ("2026-11-10T08:00:00Z", "2026-11-10 16:00:00", S),
        ("Mon, 23 Nov 2026 04:00:00 GMT", "2026-11-23 12:00:00", S),
        ("Mon, 23 Nov 2026 12:00:00 +0800", "2026-11-23 12:00:00", S),
        ("Mon, 23 Nov 2026 11:00:00", "2026-11-23 11:00:00", S),
        ("1763872200", "2025-11-23 12:30:00", S),
        ("1763872200000", "2025-11-23 12:30:00", S),
        ("刚刚", "2026-11-23 12:30:00", M),
        ("5\u00a0秒前", "2026-11-23 12:29:55", S),
        ("3\u00a0分钟前", "2026-11-23 12:27:00", M),
        ("半小时前", "2026-11-23 12:00:00", H),
        ("2 小时前", "2026-11-23 10:30:00", H),
        ("２小时前", "2026-11-23 10:30:00", H),
        ("今天 08:30", "2026-11-23 08:30:00", M),
        ("昨天\u00a021:05", "2026-11-22 21:05:00", M),
        ("前天 08:01", "2026-11-21 08:01:00", M),
        ("昨天", "2026-11-22 00:00:00", D),
        ("3\u00a0天前", "2026-11-20 00:00:00", D),
        ("三天前", "2026-11-20 00:00:00", D),
        ("今日08:30", "2026-11-23 08:30:00", M),
        ("昨日 21:05:09", "2026-11-22 21:05:09", S),
        ("昨晚 9:05", "2026-11-22 21:05:00", M),
        ("昨晚 21:05", "2026-11-22 21:05:00", M),
        ("今早 7:50", "2026-11-23 07:50:00", M),
        ("前日 08:01", "2026-11-21 08:01:00", M),
        ("大前天 08:01", "2026-11-20 08:01:00", M),
        ("一个半小时前", "2026-11-23 11:00:00", H),
        ("两周前", "2026-11-09 00:00:00", D),
        ("2个小时前", "2026-11-23 10:30:00", H),
    ],
)
def test_a_form_that_sites_use_is_read_exactly(
    text: str, local: str, precision: TimePrecision
) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI).astimezone(UTC)
    assert parse_published_at(text, NOW) == (at, precision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "22:41",
        "3个月前",
        "2027-01-01",  # the future
        "2026-11-23 12:40:00",
        "2026-13-01",
        "2026-02-30",
        "2026-11-23 25:10",
        "20261-11-1",
        "1963-01-01",
        "昨天 99:10",
        "99999天前" * 30,
        "来自清河",
        "第3-5期",
        "13-40",
        "12-15人",
        "2-3 个月",
        "02-30",
    ],
)
def test_what_is_not_said_or_cannot_be_is_not_guessed(text: str) -> None:
    assert parse_published_at(text, NOW) == NO_MOMENT


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("03-05 22:41", "2026-03-05 22:41:00"),
        ("3月5日", "2026-03-05 00:00:00"),
        ("12月31日 23:59", "2025-12-31 23:59:00"),  # not the one that has not come yet
        ("11-23 12:29", "2026-11-23 12:29:00"),
        ("11-23 12:40", "2025-11-23 12:40:00"),
        ("11/02", "2026-11-02 00:00:00"),
        ("1/2 07:05", "2026-01-02 07:05:00"),
        ("发布时间：03-05 来源：清河网", "2026-03-05 00:00:00"),
        ("02-29", "2024-02-29 00:00:00"),
    ],
)
def test_a_date_without_a_year_says_that_the_year_was_guessed(text: str, local: str) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI).astimezone(UTC)
    assert parse_published_at(text, NOW) == (at, G)


def test_a_clock_that_runs_ahead_a_little_makes_a_post_written_now() -> None:
    assert parse_published_at("2026-11-23 12:33:00", NOW) == (NOW, S)


@given(st.text(alphabet="0123456789年月日时分秒前昨天半小 -/:.T+Z二〇十一\u00a0", max_size=40))
def test_nothing_is_ever_in_the_future_and_nothing_raises(text: str) -> None:
    at, precision = parse_published_at(text, NOW)
    assert at is None or at <= NOW
    assert (at is None) == (precision is TimePrecision.UNKNOWN)


@given(st.integers(946_684_800, 1_795_400_000))
def test_a_written_time_is_read_back(unix: int) -> None:
    at = datetime.fromtimestamp(unix, SHANGHAI)
    shown = f"{at.year}-{at.month}-{at.day} {at:%H:%M:%S}"
    assert parse_published_at(shown, NOW)[0] == at.astimezone(UTC)


@given(st.integers(1, 23))
def test_hours_ago_are_counted_from_the_fetching(hours: int) -> None:
    assert parse_published_at(f"{hours}小时前", NOW) == (NOW - timedelta(hours=hours), H)
