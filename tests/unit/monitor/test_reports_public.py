"""What may be published, and what a second edition says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.domain import CaseStep
from monitor.reporting.page import write_page
from monitor.reports.changes import content_of, says_the_same, tell_changes
from monitor.reports.counts import Cluster, CountedCase, StepTaken
from monitor.reports.nouns import Report
from monitor.reports.periods import PeriodKind, period_of
from monitor.reports.public import ALSO_HIDDEN, HIDDEN, SMALLEST, hide_small, make_public
from tests.factories import make_case
from tests.unit.monitor.test_reports import NOW, WEEK, make_counts, make_report

NAMES = ("宏图建筑公司", "新城三标段", "人民路88号工地", "QX2026-0")


def make_town_report() -> Report:
    places = ["城关镇"] * 9 + ["清河镇"] * 6 + ["东坡乡"] * 2 + ["人民路88号工地"] * 6
    opened = [
        CountedCase(
            make_case(
                case_id=number,
                number=f"QX2026-0{number}",
                place=place,
                project="新城三标段",
                employer="宏图建筑公司",
            ),
            sector="建筑" if number % 2 else "餐饮",
        )
        for number, place in enumerate(places)
    ]
    cluster = Cluster(
        name="新城三标段",
        is_project=True,
        messages=5,
        sources=2,
        case_ids=[1, 2],
        first_at=NOW,
        reached_at=NOW,
    )
    steps = [StepTaken(1, "QX2026-01", NOW, CaseStep.CLOSE, NOW)]
    return make_report(make_counts(opened=opened, clusters=[cluster], steps=steps))


def test_a_public_edition_holds_no_name_of_a_party_and_no_case() -> None:
    report = make_town_report()
    page = write_page(make_public(report), "https://desk.example").decode()

    assert all(name in write_page(report, "https://desk.example").decode() for name in NAMES)
    for name in NAMES:
        assert name not in page
    assert "desk.example" not in page
    assert "公开版" in page


def test_small_counts_are_not_published_and_cannot_be_reckoned() -> None:
    public = make_public(make_town_report())
    places = next(
        table for each in public.sections for table in each.tables if table.key == "places"
    )

    assert dict((str(row[0]), row[1]) for row in places.rows) == {  # noqa: C402 - rows are longer
        "城关镇": 9,
        "清河镇": ALSO_HIDDEN,  # with 其他 alone, 东坡乡 could only be 2 or 3
        "其他": ALSO_HIDDEN,
        "东坡乡": HIDDEN,
    }
    shown = {each.key: (each.value, each.why_none) for each in public.figures}
    assert shown["close"] == (None, HIDDEN)
    assert shown["opened"] == (23, "")


def reckon(shown: Sequence[object], total: int) -> list[set[int]]:
    """What each hidden count can be, tried out: every way in which they add up to the rest."""
    rest = total - sum(each for each in shown if isinstance(each, int))
    most = min((each for each in shown if isinstance(each, int)), default=rest)
    ranges = [
        range(SMALLEST) if each == HIDDEN else range(SMALLEST, most + 1)
        for each in shown
        if isinstance(each, str)
    ]
    possible = [way for way in product(*ranges) if sum(way) == rest]
    return [{way[place] for way in possible} for place in range(len(ranges))]


@settings(deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=5))
@example([0, 5])
@example([4, 4, 20, 30])
@example([4, 1, 5, 5, 5])
def test_whoever_takes_the_shown_from_the_total_learns_no_small_count(counts: list[int]) -> None:
    shown = hide_small(counts)

    assert all(count >= SMALLEST for count in shown if isinstance(count, int))
    assert all(
        count < SMALLEST for count, cell in zip(counts, shown, strict=True) if cell == HIDDEN
    )
    hidden = [cell for cell in shown if isinstance(cell, str)]
    for cell, possible in zip(hidden, reckon(shown, sum(counts)), strict=True):
        assert cell != HIDDEN or len(possible) >= 3


def test_where_nothing_else_helps_a_table_shows_nothing() -> None:
    assert hide_small([4, 4]) == [ALSO_HIDDEN, ALSO_HIDDEN]
    assert hide_small([0, 5]) == [ALSO_HIDDEN, ALSO_HIDDEN]


def test_a_month_is_rounded_so_that_a_quarter_gives_no_month_away() -> None:
    month = period_of(PeriodKind.MONTH, date(2026, 10, 15))
    opened = [
        CountedCase(make_case(case_id=number, place="城关镇", amount_yuan=12_345.6))
        for number in range(23)
    ]
    public = make_public(make_report(make_counts(month, opened=opened), period=month))
    shown = {each.key: each.value for each in public.figures}

    assert (shown["opened"], shown["amount"]) == (25, 280_000.0)
    places = next(t for each in public.sections for t in each.tables if t.key == "places")
    assert places.rows == [("城关镇", 25)]
    assert "取整到 5" in "".join(public.notes)


def test_a_period_that_runs_is_not_published() -> None:
    report = make_report(make_counts(until=WEEK.starts_at + timedelta(days=2)))
    public = make_public(report)

    assert (public.figures, public.sections, public.leader, public.leader_charts) == (
        [],
        [],
        [],
        [],
    )
    assert "还没有结束" in write_page(public, "").decode()


# ---------------------------------------------------------------- editions


def test_the_same_said_twice_is_one_edition() -> None:
    report = make_town_report()
    again = replace(report, made_at=report.made_at + timedelta(days=3))

    assert says_the_same(content_of(report), content_of(again))


def test_a_second_edition_says_which_figures_and_tables_changed() -> None:
    first = make_report(make_counts(opened=[CountedCase(make_case(workers=3))]))
    second = make_report(make_counts(opened=[CountedCase(make_case(workers=8))]))
    told = tell_changes(content_of(first), content_of(second), edition=2, whole_at=WEEK.ends_at)

    assert told[0] == "第 2 版，改正第 1 版："
    assert "新增线索写明人数：原 3 人，现 8 人。" in told
    assert "“新增线索”" in told[-1]
    assert not says_the_same(content_of(first), content_of(second))


def test_the_whole_week_does_not_correct_the_half_one() -> None:
    half = make_report(make_counts(until=WEEK.starts_at + timedelta(days=2)))
    told = tell_changes(
        content_of(half), content_of(make_report(make_counts())), edition=2, whole_at=WEEK.ends_at
    )

    assert told == ["第 2 版：第 1 版只计到 2026-11-18 00:00。"]
