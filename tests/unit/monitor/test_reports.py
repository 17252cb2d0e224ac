"""A week of counts becomes figures and sentences: nothing that was not counted, nothing hidden."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain import (
    SHANGHAI,
    CaseState,
    CaseStep,
    DocumentKind,
    DutyGap,
    DutyRole,
    Issue,
    UrgencyLevel,
)
from monitor.errors import InputError
from monitor.reporting.page import make_bars
from monitor.reports import words
from monitor.reports.counts import OpenedCase, SourceCount, WeekCounts
from monitor.reports.nouns import Figure, Section, Table, Unit, WeeklyReport
from monitor.reports.weekly import build_weekly_report
from monitor.reports.weeks import Week, parse_week, week_of
from monitor.web.labels import LABELS
from tests.factories import make_case

WEEK = Week(date(2026, 11, 16))
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def make_counts(week: Week = WEEK, **changes: object) -> WeekCounts:
    fields: dict[str, object] = {"since": week.starts_at, "until": week.ends_at}
    return WeekCounts(**(fields | changes))  # type: ignore[arg-type]


def make_report(
    counts: WeekCounts,
    before: WeekCounts | None = None,
    watched_since: datetime | None = LONG_AGO,
) -> WeeklyReport:
    return build_weekly_report(
        WEEK,
        counts,
        before or make_counts(WEEK.before),
        watched_since=watched_since,
        made_at=NOW,
    )


def get_figure(report: WeeklyReport, key: str) -> Figure:
    return next(each for each in report.figures if each.key == key)


def get_table(report: WeeklyReport, key: str) -> Table:
    return next(
        table for section in report.sections for table in section.tables if table.key == key
    )


def read_aloud(report: WeeklyReport) -> str:
    return "\n".join(
        [*report.notes, *(line for each in report.sections for line in each.sentences)]
    )


# ---------------------------------------------------------------- weeks


def test_a_week_begins_on_monday_in_shanghai_not_in_utc() -> None:
    sunday_evening_in_utc = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # Monday 00:30 there

    assert week_of(sunday_evening_in_utc).name == "2026-W48"
    assert WEEK.starts_at == datetime(2026, 11, 15, 16, 0, tzinfo=UTC)
    assert WEEK.ends_at - WEEK.starts_at == timedelta(days=7)
    assert WEEK.ends_on == date(2026, 11, 22)


def test_without_a_name_the_last_week_that_is_over_is_meant() -> None:
    assert parse_week(None, NOW).name == "2026-W47"


def test_the_running_week_may_be_asked_for() -> None:
    assert parse_week("2026-W48", NOW).name == "2026-W48"


@pytest.mark.parametrize(
    "given_name",
    [
        "",
        "2026W47",
        "2026-47",
        "2026-W00",
        "2026-W54",
        "2025-W53",
        "last",
        "1999-W10",
        "２０２６-W47",
    ],
)
def test_what_is_no_week_is_refused_with_an_example(given_name: str) -> None:
    with pytest.raises(InputError, match="2026-W47"):
        parse_week(given_name, NOW)


def test_a_week_that_has_not_begun_is_refused_and_says_which_one_can_be_had() -> None:
    with pytest.raises(InputError, match=r"还没有到.*2026-W47"):
        parse_week("2026-W49", NOW)


@given(
    st.integers(1_000_000_000, 4_000_000_000).map(
        lambda seconds: datetime.fromtimestamp(seconds, UTC)
    )
)
def test_every_instant_is_in_exactly_the_week_that_its_name_leads_back_to(at: datetime) -> None:
    week = week_of(at)

    assert week.starts_at <= at < week.ends_at
    assert week.before.ends_at == week.starts_at
    assert parse_week(week.name, at) == week


# ---------------------------------------------------------------- figures


def test_an_empty_week_is_told_as_zeros_and_invents_no_median() -> None:
    report = make_report(make_counts())

    assert get_figure(report, "opened").value == 0
    assert get_figure(report, "amount").value == 0
    assert get_figure(report, "told_after").value is None
    assert "新增线索 0 件，与上周相同。" in read_aloud(report)
    assert "没有可以计算的" in read_aloud(report)
    assert get_table(report, "employers").rows == []
    assert [row[1] for row in get_table(report, "levels").rows] == [0, 0, 0, 0]


def test_workers_and_sums_are_added_only_where_they_are_said() -> None:
    report = make_report(
        make_counts(
            opened=[
                OpenedCase(make_case(case_id=1, workers=12, amount_yuan=80_000.5)),
                OpenedCase(make_case(case_id=2, workers=None, amount_yuan=20_000.0)),
                OpenedCase(make_case(case_id=3, workers=3, amount_yuan=None)),
            ]
        )
    )

    assert get_figure(report, "workers").value == 15
    assert get_figure(report, "amount").value == 100_000.5
    assert "其中 2 件写明人数，合计 15 人；2 件写明金额，合计 100,000.50 元。" in read_aloud(report)


def test_a_difference_is_called_a_difference_and_nothing_more() -> None:
    more = [OpenedCase(make_case(case_id=number)) for number in range(9)]
    report = make_report(make_counts(opened=more), make_counts(WEEK.before, opened=more[:2]))

    assert "新增线索 9 件，比上周多 7 件。" in read_aloud(report)
    for claim in ("上升", "下降", "增长", "激增", "恶化", "好转", "高发"):
        assert claim not in read_aloud(report)


def test_a_week_before_that_was_not_watched_whole_is_not_compared_with() -> None:
    watched_since = WEEK.before.starts_at + timedelta(days=2)
    report = make_report(
        make_counts(opened=[OpenedCase(make_case())], documents={DocumentKind.CLAIM: 4}),
        watched_since=watched_since,
    )

    assert {each.before for each in report.figures} == {None}
    assert "上周没有值守满，不作比较。" in report.notes
    assert "比上周" not in read_aloud(report)
    assert get_table(report, "kinds").rows[0] == ("反映欠薪", 4, None)


def test_a_week_in_which_nobody_watched_is_not_passed_off_as_a_week_without_arrears() -> None:
    for watched_since in (None, WEEK.ends_at):
        report = make_report(make_counts(), watched_since=watched_since)
        assert any("没有开始值守" in note and "不说明没有欠薪" in note for note in report.notes)


def test_a_running_week_says_until_when_it_was_counted() -> None:
    until = WEEK.starts_at + timedelta(days=1)
    report = make_report(make_counts(until=until))

    assert any("还没有结束" in note and "2026-11-17 00:00" in note for note in report.notes)


def test_medians_are_of_what_was_measured_and_say_of_how_many() -> None:
    report = make_report(
        make_counts(
            told_after=[timedelta(minutes=minutes) for minutes in (1, 2, 60)],
            told_unmeasured=4,
            acknowledged_after=[timedelta(seconds=90)],
        )
    )

    assert get_figure(report, "told_after").value == 2.0
    assert get_figure(report, "acknowledged_after").value == 1.5
    assert "从发布到第一次提醒送出：2 分钟" in read_aloud(report)
    assert "按 3 条线索计算" in read_aloud(report)
    assert "另有 4 件没有准确的发布时间" in read_aloud(report)


def test_alerts_that_nobody_acknowledged_are_what_is_left_of_those_raised() -> None:
    report = make_report(make_counts(raised=10, acknowledged=6, called_off=1))

    assert get_figure(report, "unacknowledged").value == 3
    assert "发起提醒 10 次，期末已确认 6 次，已撤回 1 次，无人确认 3 次" in read_aloud(report)


# ---------------------------------------------------------------- tables


def test_groups_stand_by_number_and_what_nobody_said_stands_last() -> None:
    opened = [
        OpenedCase(make_case(case_id=1, employer=None)),
        OpenedCase(make_case(case_id=2, employer=None)),
        OpenedCase(make_case(case_id=3, employer="乙厂", workers=2)),
        OpenedCase(make_case(case_id=4, employer="甲厂", workers=5)),
        OpenedCase(make_case(case_id=5, employer="甲厂", workers=None)),
    ]
    rows = get_table(make_report(make_counts(opened=opened)), "employers").rows

    assert [row[:3] for row in rows] == [("甲厂", 2, 5), ("乙厂", 1, 2), (words.NOT_SAID, 2, 30)]


@given(st.lists(st.sampled_from("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"), max_size=60))
def test_every_case_is_in_exactly_one_group_of_each_table(names: list[str]) -> None:
    opened = [
        OpenedCase(make_case(case_id=number, place=name, level=UrgencyLevel(number % 4 + 1)))
        for number, name in enumerate(names)
    ]
    report = make_report(make_counts(opened=opened))

    for key in ("levels", "places", "employers", "sectors"):
        assert sum(int(str(row[1])) for row in get_table(report, key).rows) == len(names)


def test_issues_are_counted_within_the_week_and_new_ones_apart() -> None:
    old = make_issue(WEEK.starts_at - timedelta(days=3), WEEK.starts_at + timedelta(hours=6))
    new = make_issue(WEEK.ends_at - timedelta(hours=2), None)
    report = make_report(make_counts(issues=[old, new]))

    assert get_figure(report, "issues").value == 1
    hours = [row[-1] for row in get_table(report, "issues").rows]
    assert hours == [6.0, 2.0]
    assert "这一周里有过的值守问题共 2 次" in read_aloud(report)


def make_issue(opened_at: datetime, closed_at: datetime | None) -> Issue:
    return Issue("S401", "清河论坛", "", opened_at, opened_at, 1, closed_at)


def test_gaps_of_the_duty_table_are_told_with_their_length() -> None:
    gap = DutyGap(
        DutyRole.OFFICER,
        datetime(2026, 11, 18, 20, tzinfo=SHANGHAI),
        datetime(2026, 11, 19, 8, tzinfo=SHANGHAI),
    )
    report = make_report(make_counts(gaps=[gap]))

    assert get_figure(report, "gaps").value == 12.0
    assert "值班员空档合计 12 小时" in read_aloud(report)


def test_a_source_that_brought_nothing_is_counted_out_loud() -> None:
    report = make_report(
        make_counts(sources=[SourceCount("论坛", 8, NOW), SourceCount("信箱", 0, None)])
    )

    assert "共 2 个来源，其中 1 个这一周没有读到文书。" in read_aloud(report)


def test_steps_and_open_cases_are_told_by_their_names() -> None:
    report = make_report(
        make_counts(
            steps={CaseStep.ACCEPT: 3, CaseStep.CLOSE: 1},
            open_at_end={CaseState.NEW: 2, CaseState.REFERRED: 5},
        )
    )

    assert "本周受理 3 件，转办 0 件，判定不属欠薪 0 件，销号 1 件。" in read_aloud(report)
    assert get_figure(report, "open").value == 7
    assert get_table(report, "open_states").rows == [("待处置", 2), ("已转办", 5)]


def test_names_that_no_file_format_takes_become_one_plain_line() -> None:
    assert words.clean("宏图\x00建筑\n公司\ud800 ") == "宏图 建筑 公司"


def test_no_name_of_a_closed_list_differs_from_what_the_desk_calls_it() -> None:
    for names in (words.KIND_NAMES, words.LEVEL_NAMES, words.STATE_NAMES, words.DUTY_NAMES):
        kind = type(next(iter(names)))
        assert dict(LABELS[kind]) == names


def test_a_chart_of_nothing_is_not_drawn_and_the_longest_bar_is_the_most() -> None:
    assert make_bars(get_table(make_report(make_counts()), "levels")) == []
    opened = [OpenedCase(make_case(level=UrgencyLevel.HIGH))] * 3
    bars = make_bars(get_table(make_report(make_counts(opened=opened)), "levels"))
    assert [(each.label, each.length) for each in bars if each.length] == [("紧急", 300.0)]


def test_a_figure_that_could_not_be_counted_is_not_shown_as_zero() -> None:
    figure = Figure("told_after", "中位数", Unit.MINUTES, None, 3.0)

    assert words.format_figure(figure.value, figure.unit) == "无"
    assert words.format_difference(figure) == ""


def test_the_parts_have_no_place_for_a_message_or_for_who_wrote_it() -> None:
    # Sections are made of these fields only; a new one has to be argued for here.
    assert set(Section.__slots__) == {"title", "sentences", "tables"}
    assert set(OpenedCase.__slots__) == {"case", "sector"}
