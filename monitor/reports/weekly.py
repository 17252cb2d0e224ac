"""A week of counts becomes a weekly report. Pure.

Nothing is written that is not counted, and a difference is called nothing but a difference: no
figure here carries a test that would let it be called a rise. There is no place for the words of a
message, for who wrote it, or for anything but wages, places, employers and how the watch held.
"""

from collections.abc import Callable
from datetime import datetime

from monitor.domain import CaseStep
from monitor.reports.counts import (
    WeekCounts,
    count_unacknowledged,
    count_workers,
    find_median_minutes,
    list_new_issues,
    sum_amount,
    sum_gap_hours,
)
from monitor.reports.nouns import Figure, Unit, WeeklyReport
from monitor.reports.sections import tell_cases, tell_reading, tell_watch
from monitor.reports.weeks import Week
from monitor.reports.words import format_moment


def build_weekly_report(
    week: Week,
    counts: WeekCounts,
    before: WeekCounts,
    *,
    watched_since: datetime | None,
    made_at: datetime,
) -> WeeklyReport:
    """Tell a week from its counts and those of the same stretch of the week before.

    Args:
        week: The week.
        counts: What was counted in it, to its end or, while it runs, to now.
        before: The same for the week before, over a stretch of the same length.
        watched_since: When the first source was first watched; None when none ever was.
        made_at: Now.
    """
    is_comparable = watched_since is not None and watched_since <= before.since
    figures = _figures(counts, before if is_comparable else None)
    return WeeklyReport(
        week=week,
        until=counts.until,
        made_at=made_at,
        notes=_notes(week, counts, watched_since, is_comparable=is_comparable),
        figures=figures,
        sections=[
            tell_cases(counts, figures),
            tell_reading(counts, before if is_comparable else None, figures),
            tell_watch(counts, figures),
        ],
        cases=counts.opened,
    )


def _notes(
    week: Week, counts: WeekCounts, watched_since: datetime | None, *, is_comparable: bool
) -> list[str]:
    notes = []
    if counts.until < week.ends_at:
        notes.append(
            f"本周还没有结束，以下截至 {format_moment(counts.until)}；与上周同一时段比较。"
        )
    if watched_since is None or watched_since >= counts.until:
        notes.append("这一周还没有开始值守，以下都是零，不说明没有欠薪。")
    elif watched_since > counts.since:
        notes.append(f"值守从 {format_moment(watched_since)} 开始，此前的不在其内。")
    if not is_comparable:
        notes.append("上周没有值守满，不作比较。")
    notes.append("人数、金额只计写明的，不估算；取自线索现在的记载，可能重复，也可能有误报。")
    return notes


def _figures(counts: WeekCounts, before: WeekCounts | None) -> list[Figure]:
    def figure(
        key: str, title: str, unit: Unit, count: Callable[[WeekCounts], float | None]
    ) -> Figure:
        return Figure(key, title, unit, count(counts), count(before) if before else None)

    def step(key: CaseStep, title: str) -> Figure:
        return figure(key.value, title, Unit.CASES, lambda each: each.steps.get(key, 0))

    return [
        figure("opened", "新增线索", Unit.CASES, lambda each: len(each.opened)),
        figure("workers", "新增线索写明人数", Unit.PEOPLE, lambda each: count_workers(each.opened)),
        figure("amount", "新增线索写明金额", Unit.YUAN, lambda each: sum_amount(each.opened)),
        figure("open", "期末未了结", Unit.CASES, lambda each: sum(each.open_at_end.values())),
        step(CaseStep.ACCEPT, "本周受理"),
        step(CaseStep.REFER, "本周转办"),
        step(CaseStep.NOT_A_CLAIM, "本周判定不属欠薪"),
        step(CaseStep.CLOSE, "本周销号"),
        figure("read", "读到文书", Unit.DOCUMENTS, lambda each: sum(each.documents.values())),
        figure(
            "told_after",
            "发布到提醒送出（中位数）",
            Unit.MINUTES,
            lambda each: find_median_minutes(each.told_after),
        ),
        figure(
            "acknowledged_after",
            "提醒送出到确认（中位数）",
            Unit.MINUTES,
            lambda each: find_median_minutes(each.acknowledged_after),
        ),
        figure("raised", "发起提醒", Unit.TIMES, lambda each: each.raised),
        figure("unacknowledged", "期末无人确认的提醒", Unit.TIMES, count_unacknowledged),
        figure("issues", "新出现的值守问题", Unit.TIMES, lambda each: len(list_new_issues(each))),
        figure("gaps", "值班表空档（各职责合计）", Unit.HOURS, sum_gap_hours),
    ]
