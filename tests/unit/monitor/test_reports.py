"""Counts become figures and sentences: nothing that was not counted, nothing hidden."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

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
    ReferralBody,
    TimePrecision,
    UrgencyLevel,
)
from monitor.reports import words
from monitor.reports.building import build_report
from monitor.reports.counts import (
    CountedCase,
    Counts,
    DocumentTally,
    Paid,
    Payments,
    Raised,
    ReadingCheck,
    Reviewed,
    SourceCount,
    StepTaken,
    ToldCase,
    Watched,
    WatchedParty,
)
from monitor.reports.material import Material
from monitor.reports.nouns import Figure, Report, Section, Table, Unit
from monitor.reports.periods import Campaign, period_of_week
from monitor.reports.silence import Stretch
from monitor.reports.weeks import Week
from monitor.web.labels import LABELS
from tests.factories import make_case

WEEK = period_of_week(Week(date(2026, 11, 16)))
NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
WHOLE = Watched(168.0, 0.0, 0.0)
WINTER = Campaign(
    "2026-winter",
    "2026 年冬季专项行动",
    date(2026, 11, 15),
    date(2027, 2, 5),
    date(2026, 12, 31),
    date(2027, 2, 5),
)


def make_counts(week: Any = WEEK, **changes: Any) -> Counts:
    fields = {"since": week.starts_at, "until": week.ends_at, "watched": WHOLE}
    return Counts(**(fields | changes))


def make_report(counts: Counts, before: Counts | None = None, **changes: Any) -> Report:
    fields: dict[str, Any] = {
        "period": WEEK,
        "counts": counts,
        "before": make_counts(WEEK.before) if before is None else before,
        "last_year": None,
        "history": (),
        "campaigns": (),
        "campaign": None,
        "campaign_weeks": (),
        "watched_since": LONG_AGO,
        "made_at": NOW,
    }
    if not changes.pop("is_before_watched", True):
        changes["before"] = None
    return build_report(Material(**(fields | changes)))


def make_opened(count: int, **changes: Any) -> list[CountedCase]:
    return [CountedCase(make_case(case_id=number + 1, **changes)) for number in range(count)]


def get_figure(report: Report, key: str) -> Figure:
    return next(each for each in report.figures if each.key == key)


def get_table(report: Report, key: str) -> Table:
    return next(
        table for section in report.sections for table in section.tables if table.key == key
    )


def read_aloud(report: Report) -> str:
    return "\n".join(
        [
            *report.notes,
            *report.leader,
            *(line for each in report.sections for line in each.sentences),
        ]
    )


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
                CountedCase(make_case(case_id=1, workers=12, amount_yuan=80_000.5)),
                CountedCase(make_case(case_id=2, workers=None, amount_yuan=20_000.0)),
                CountedCase(make_case(case_id=3, workers=3, amount_yuan=None)),
            ]
        )
    )

    assert get_figure(report, "workers").value == 15
    assert get_figure(report, "amount").value == 100_000.5
    assert "其中 2 件写明人数，合计 15 人；2 件写明金额，合计 100,000.50 元。" in read_aloud(report)


def test_a_difference_that_the_counts_do_not_carry_is_called_a_difference_only() -> None:
    report = make_report(
        make_counts(opened=make_opened(9)), make_counts(WEEK.before, opened=make_opened(5))
    )

    assert "新增线索 9 件，比上周多 4 件。" in read_aloud(report)
    assert "不足以说明升降" in read_aloud(report)
    for claim in ("）上升", "）下降", "增长", "激增", "恶化", "好转", "高发"):
        assert claim not in read_aloud(report)


def test_a_rise_that_the_counts_carry_is_called_one_with_its_interval() -> None:
    report = make_report(
        make_counts(opened=make_opened(60)), make_counts(WEEK.before, opened=make_opened(20))
    )

    assert "新增线索比上周（20 件）上升，按每小时值守计是其 3.00 倍（95% 区间 1.7" in read_aloud(
        report
    )


def test_a_gap_of_the_watch_is_told_as_a_gap_and_not_as_a_fall() -> None:
    gap = Stretch(WEEK.starts_at + timedelta(days=2), WEEK.starts_at + timedelta(days=5))
    report = make_report(
        make_counts(opened=make_opened(20), silences=[gap], watched=Watched(96.0, 72.0, 72.0)),
        make_counts(WEEK.before, opened=make_opened(80)),
    )

    assert "下降" not in "".join(report.leader)
    assert "比上周少" not in report.leader[0]
    assert words.format_difference(get_figure(report, "workers")) == ""
    assert "与上周不作升降比较：本周受值守缺口影响（缺口共 72 小时）" in read_aloud(report)
    assert "整体值守缺口 1 段，合计 72 小时" in report.leader[-1]
    assert get_figure(report, "silent").value == 72


def test_a_week_before_that_was_not_watched_whole_is_not_compared_with() -> None:
    report = make_report(
        make_counts(
            opened=make_opened(1), documents=[DocumentTally("论坛", DocumentKind.CLAIM, 4)]
        ),
        is_before_watched=False,
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
    assert not report.is_whole


def make_told(minutes: float | None) -> ToldCase:
    wait = None if minutes is None else timedelta(minutes=minutes)
    return ToldCase(1, "QX1", NOW, TimePrecision.SECOND, NOW, wait)


def make_raised(number: int = 1, **changes: Any) -> Raised:
    fields: dict[str, Any] = {
        "case_id": number,
        "number": f"QX{number}",
        "started_at": WEEK.starts_at,
        "sent_at": WEEK.starts_at,
        "acknowledged_at": None,
        "is_called_off": False,
        "climbed": False,
    }
    return Raised(**(fields | changes))


def test_medians_are_of_what_was_measured_and_say_of_how_many() -> None:
    report = make_report(
        make_counts(
            told=[make_told(each) for each in (1, 2, 60, None, None, None, None)],
            alerts=[make_raised(acknowledged_at=WEEK.starts_at + timedelta(seconds=90))],
        )
    )

    assert get_figure(report, "told_after").value == 2.0
    assert get_figure(report, "acknowledged_after").value == 1.5
    assert "从发布到第一次提醒送出：2 分钟" in read_aloud(report)
    assert "按 3 条线索计算" in read_aloud(report)
    assert "另有 4 件没有准确的发布时间" in read_aloud(report)


def test_alerts_that_nobody_acknowledged_are_what_is_left_of_those_raised() -> None:
    answered = [
        make_raised(
            number, acknowledged_at=WEEK.starts_at + timedelta(minutes=1), climbed=number < 2
        )
        for number in range(6)
    ]
    report = make_report(
        make_counts(
            alerts=[
                *answered,
                make_raised(7, is_called_off=True),
                *(make_raised(number) for number in (8, 9, 10)),
            ]
        )
    )

    assert get_figure(report, "unacknowledged").value == 3
    assert get_figure(report, "climbed").value == 2
    assert "发起提醒 10 次，期末已确认 6 次，已撤回 1 次，无人确认 3 次" in read_aloud(report)
    assert report.lists["unacknowledged"] == [8, 9, 10]


def test_what_is_not_recorded_is_said_not_to_be_recorded() -> None:
    report = make_report(make_counts())

    assert words.show_figure(get_figure(report, "paid_amount")) == "没有记录"
    assert "实际补发的人数和金额没有记录" in read_aloud(report)
    assert "C 类用人单位和项目：没有记录。" in read_aloud(report)
    assert "复核标注：期内没有，对判读没有改正。" in read_aloud(report)


REVIEWED = [
    (DocumentKind.CLAIM, True),
    (DocumentKind.THIRD_PARTY, True),
    (DocumentKind.CLAIM, False),
    (DocumentKind.QUESTION, True),
    (DocumentKind.UNRELATED, False),
    (None, True),
]


def make_reviewed(said: tuple[DocumentKind | None, bool]) -> Reviewed:
    return Reviewed(WEEK.starts_at, "m1", *said)


def test_what_is_recorded_is_told() -> None:
    report = make_report(
        make_counts(
            payments=Payments([Paid(1, "QX1", date(2026, 11, 17), 12, 345_000.5)]),
            class_c=[WatchedParty("宏图", "zhou", (1, 2)), WatchedParty("鼎盛", None, ())],
            reading=ReadingCheck(18, 2, [make_reviewed(each) for each in REVIEWED]),
        )
    )

    assert "实际补发 12 人，345,000.50 元" in read_aloud(report)
    assert "C 类用人单位和项目 2 个，其中 1 个有未了结线索，1 个没有专人。" in read_aloud(report)
    assert (
        "复核标注 6 份文书，改正判读 2 份：判为欠薪而不是的 1 份，是欠薪而没有判出的 1 份；"
        "判为欠薪并经复核的 3 份里确属欠薪的占 66.7%（95% 区间 9.4% 至 99.2%）；"
        "另有 1 份原来的判读已不在，不计改正。"
    ) in read_aloud(report)
    assert get_figure(report, "reviewed").value == 6
    assert get_figure(report, "corrected").value == 2
    assert get_figure(report, "precision").value == 90.0
    assert "20 件里 18 件确属欠薪，准确率 90.0%（95% 区间 68.3% 至 98.8%）" in read_aloud(report)


def test_deadlines_are_told_with_the_days_that_are_left() -> None:
    public = CountedCase(make_case(case_id=1), public_project=True)
    private = CountedCase(make_case(case_id=2), public_project=False)
    unsaid = CountedCase(make_case(case_id=3))
    report = make_report(
        make_counts(standing=[public, private, unsaid]), campaign=WINTER, campaigns=[WINTER]
    )

    rows = get_table(report, "deadlines").rows
    assert [row[:4] for row in rows] == [
        ("政府投资和国有企业项目", "2026-12-31", 39, 1),
        ("其他（含没有写明的）", "2027-02-05", 75, 2),
    ]
    assert report.lists["deadlines-1"] == [2, 3]
    assert "2026-12-31 前清零，还有 39 天，还有 1 件未了结" in read_aloud(report)


def test_referrals_are_told_by_body_with_what_came_back() -> None:
    sent = StepTaken(1, "QX1", NOW, CaseStep.REFER, WEEK.starts_at, ReferralBody.COURT)
    waiting = CountedCase(
        make_case(case_id=2, state=CaseState.REFERRED, referred_to=ReferralBody.COURT),
        referred_at=WEEK.starts_at - timedelta(days=20),
    )
    report = make_report(
        make_counts(steps=[sent], standing=[waiting], returned={3: ReferralBody.UNION})
    )

    assert get_table(report, "referrals").rows == [("人民法院", 1, 0, 1), ("工会", 0, 1, 0)]
    assert "转办 1 件，期内转回或有结果 1 件；期末在外 1 件，其中超过 15 天 1 件。" in read_aloud(
        report
    )


# ---------------------------------------------------------------- tables


def test_groups_stand_by_number_and_what_nobody_said_stands_last() -> None:
    opened = [
        CountedCase(make_case(case_id=1, employer=None)),
        CountedCase(make_case(case_id=2, employer=None)),
        CountedCase(make_case(case_id=3, employer="乙厂", workers=2)),
        CountedCase(make_case(case_id=4, employer="甲厂", workers=5)),
        CountedCase(make_case(case_id=5, employer="甲厂", workers=None)),
    ]
    rows = get_table(make_report(make_counts(opened=opened)), "employers").rows

    assert [(row[0], row[1], row[3]) for row in rows] == [
        ("甲厂", 2, 5),
        ("乙厂", 1, 2),
        (words.NOT_SAID, 2, 30),
    ]


@pytest.mark.parametrize(
    ("place", "town"),
    [
        ("清河县城关镇人民路", "城关镇"),
        ("城关镇", "城关镇"),
        ("河西乡三组", "河西乡"),
        ("清河县经济开发区", "经济开发区"),
        ("高铁站旁", "高铁站旁"),
        (None, words.NOT_SAID),
    ],
)
def test_places_are_put_together_by_town(place: str | None, town: str) -> None:
    opened = [CountedCase(make_case(place=place))]

    assert get_table(make_report(make_counts(opened=opened)), "places").rows[0][0] == town


@given(st.lists(st.sampled_from("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"), max_size=60))
def test_every_case_is_in_exactly_one_group_of_each_table(names: list[str]) -> None:
    opened = [
        CountedCase(make_case(case_id=number, place=name, level=UrgencyLevel(number % 4 + 1)))
        for number, name in enumerate(names, 1)
    ]
    report = make_report(make_counts(opened=opened))

    for key in ("levels", "places", "employers", "sectors", "ownership"):
        table = get_table(report, key)
        assert sum(int(str(row[1])) for row in table.rows) == len(names)
        listed = [number for each in table.list_keys if each for number in report.lists[each]]
        assert sorted(listed) == [*range(1, len(names) + 1)]


def test_every_number_of_cases_leads_to_a_list_of_so_many() -> None:
    opened = make_opened(7)
    report = make_report(make_counts(opened=opened, standing=opened[:3], overdue=frozenset({2})))

    for figure in report.figures:
        if figure.list_key and figure.unit is Unit.CASES:
            assert len(report.lists.get(figure.list_key, ())) == figure.value
    for section in report.sections:
        for table in section.tables:
            for row, key in zip(table.rows, table.list_keys, strict=False):
                if key and table.key not in {"clusters", "referrals"}:
                    numbers = [cell for cell in row[1:] if isinstance(cell, int)]
                    assert len(report.lists[key]) in numbers


def test_issues_are_counted_within_the_week_and_new_ones_apart() -> None:
    old = make_issue(WEEK.starts_at - timedelta(days=3), WEEK.starts_at + timedelta(hours=6))
    new = make_issue(WEEK.ends_at - timedelta(hours=2), None)
    report = make_report(make_counts(issues=[old, new]))

    assert get_figure(report, "issues").value == 1
    hours = [row[-1] for row in get_table(report, "issues").rows]
    assert hours == [6.0, 2.0]
    assert "这一期里有过的值守问题共 2 次" in read_aloud(report)


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


def test_a_source_is_told_with_its_coverage_and_one_that_brought_nothing_out_loud() -> None:
    gap = Stretch(WEEK.starts_at, WEEK.starts_at + timedelta(hours=42))
    report = make_report(
        make_counts(
            sources=[
                SourceCount("论坛", 8, 168.0, [gap], is_known=True),
                SourceCount("信箱", 0, 168.0),
            ]
        )
    )

    assert "共 2 个来源，其中 1 个这一期没有读到文书，1 个文书太少，缺口无法推断。" in read_aloud(
        report
    )
    assert get_table(report, "sources").rows == [
        ("论坛", 8, 75.0, 1, 42.0, 42.0),
        ("信箱", 0, None, None, None, None),
    ]


def test_steps_and_open_cases_are_told_by_their_names() -> None:
    def step(number: int, step: CaseStep) -> StepTaken:
        return StepTaken(number, f"QX{number}", NOW, step, NOW)

    standing = [
        CountedCase(make_case(case_id=number, state=state))
        for number, state in enumerate([CaseState.NEW] * 2 + [CaseState.REFERRED] * 5)
    ]
    taken = [step(1, CaseStep.ACCEPT), step(2, CaseStep.ACCEPT), step(2, CaseStep.ACCEPT)]
    report = make_report(make_counts(steps=[*taken, step(3, CaseStep.CLOSE)], standing=standing))

    assert "本周受理 2 件，转办 0 件，判定不属欠薪 0 件，责令支付 0 件" in read_aloud(report)
    assert get_figure(report, "open").value == 7
    assert get_table(report, "open_states").rows == [("待处置", 2), ("已转办", 5)]


def test_names_that_no_file_format_takes_become_one_plain_line() -> None:
    assert words.clean("宏图\x00建筑\n公司\ud800 ") == "宏图 建筑 公司"


def test_no_name_of_a_closed_list_differs_from_what_the_desk_calls_it() -> None:
    for names in (
        words.KIND_NAMES,
        words.LEVEL_NAMES,
        words.STATE_NAMES,
        words.DUTY_NAMES,
        words.BODY_NAMES,
    ):
        kind = type(next(iter(names)))
        assert dict(LABELS[kind]) == names


def test_a_figure_that_could_not_be_counted_is_not_shown_as_zero() -> None:
    figure = Figure("told_after", "中位数", Unit.MINUTES, None, 3.0)

    assert words.format_figure(figure.value, figure.unit) == "无"
    assert words.format_difference(figure) == ""


def test_the_parts_have_no_place_for_a_message_or_for_who_wrote_it() -> None:
    # Sections are made of these fields only; a new one has to be argued for here.
    assert set(Section.__slots__) == {"title", "sentences", "tables", "charts"}
    assert set(CountedCase.__slots__) == {
        "case",
        "sector",
        "public_project",
        "referred_at",
        "text_is_gone",
    }


def test_no_column_figure_or_sentence_is_about_protest_petition_or_press() -> None:
    counts = make_counts(
        opened=make_opened(9),
        standing=make_opened(9),
        told=[make_told(1)],
        alerts=[make_raised()],
        payments=Payments([Paid(1, "QX1", date(2026, 11, 17), 1, 1.0)]),
        class_c=[WatchedParty("宏图", None, ())],
        clusters=(),
    )
    report = make_report(counts, campaign=WINTER, campaigns=[WINTER])
    tables = [*(t for s in report.sections for t in s.tables), report.cases, *report.sheets]
    said = read_aloud(report) + "".join(
        [each.title for each in tables]
        + [title for each in tables for title, _ in each.columns]
        + [each.title for each in report.figures]
    )

    for word in (
        "上访", "信访", "维权", "抗议", "聚众", "集会", "游行", "堵路", "罢工", "媒体", "记者",
        "舆情", "舆论", "网民", "发帖人", "煽动", "恶意", "谣言", "稳控", "敏感",
    ):  # fmt: skip
        assert word not in said
