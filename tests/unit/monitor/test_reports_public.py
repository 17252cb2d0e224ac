"""What may be published, and what a second edition says."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import CaseStep
from monitor.reporting.page import write_page
from monitor.reports.changes import content_of, says_the_same, tell_changes
from monitor.reports.counts import Cluster, CountedCase, StepTaken
from monitor.reports.nouns import Report
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
        "清河镇": 6,
        "其他": ALSO_HIDDEN,
        "东坡乡": HIDDEN,
    }
    shown = {each.key: (each.value, each.why_none) for each in public.figures}
    assert shown["close"] == (None, HIDDEN)
    assert shown["opened"] == (23, "")


@given(st.lists(st.integers(0, 30), min_size=1, max_size=12))
def test_whoever_takes_the_shown_from_the_total_learns_no_small_count(counts: list[int]) -> None:
    shown = hide_small(counts)
    hidden = [count for count, cell in zip(counts, shown, strict=True) if isinstance(cell, str)]

    assert all(count >= SMALLEST for count in shown if isinstance(count, int))
    if hidden and sum(counts) >= SMALLEST:
        assert len(hidden) > 1 or len(counts) == 1
        assert sum(hidden) >= SMALLEST


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
