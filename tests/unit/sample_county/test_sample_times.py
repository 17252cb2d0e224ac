"""Times are shown as the forum software shows them."""

from datetime import datetime, timedelta

import pytest

from sample_county.times import plain_time, relative_time, time_span
from tests.unit.sample_county.county_clock import NOON


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(0), "刚刚"),
        (timedelta(seconds=20), "20\u00a0秒前"),
        (timedelta(minutes=5), "5\u00a0分钟前"),
        (timedelta(minutes=40), "半小时前"),
        (timedelta(hours=3), "3\u00a0小时前"),
        (timedelta(hours=14), "昨天\u00a022:00"),
        (timedelta(hours=37), "前天\u00a023:00"),
        (timedelta(days=3), "3\u00a0天前"),
        (timedelta(days=7), "7\u00a0天前"),
        (timedelta(days=8), None),
    ],
)
def test_a_time_is_relative_for_seven_days(ago: timedelta, shown: str | None) -> None:
    assert relative_time(NOON - ago, NOON) == shown


def test_the_title_tells_the_exact_time_and_an_old_time_has_no_title() -> None:
    span = time_span(NOON - timedelta(minutes=5), NOON, form="second")
    assert str(span) == '<span title="2026-11-23 11:55:00">5&nbsp;分钟前</span>'
    assert str(time_span(NOON - timedelta(days=20), NOON, form="day")) == "2026-11-3"


def test_month_and_day_have_no_leading_zero() -> None:
    at = datetime.fromisoformat("2026-03-05T01:07:09+00:00")
    assert plain_time(at, seconds=True) == "2026-3-5 09:07:09"
