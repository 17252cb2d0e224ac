"""The part on how the watch held: gaps, coverage of every source, issues, the duty table. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from monitor.domain import DutyRole, Issue
from monitor.reports.counts import Counts, SourceCount
from monitor.reports.material import Material
from monitor.reports.nouns import ColumnKind, Figure, Section, Table, Unit
from monitor.reports.owed import tell_gaps_of_watch
from monitor.reports.silence import sum_hours
from monitor.reports.sums import in_hours
from monitor.reports.words import (
    DUTY_NAMES,
    ISSUE_NAMES,
    clean,
    compare,
    format_figure,
)


def tell_watch(material: Material, figures: Sequence[Figure]) -> Section:
    """Tell how the watch held."""
    named = {each.key: each for each in figures}
    counts, last = material.counts, material.period.last_word
    silent = sum(each.documents == 0 for each in counts.sources)
    unknown = sum(each.coverage is None for each in counts.sources)
    hours = sum(
        in_hours(each.ends_at - each.starts_at)
        for each in counts.gaps
        if each.duty is DutyRole.OFFICER
    )
    officer_gaps = format_figure(round(hours, 1), Unit.HOURS)
    return Section(
        "四、值守情况",
        [
            tell_gaps_of_watch(material),
            f"共 {len(counts.sources)} 个来源，其中 {silent} 个这一期没有读到文书"
            + (f"，{unknown} 个文书太少，缺口无法推断。" if unknown else "。"),
            f"{compare(named['issues'], last)}；这一期里有过的值守问题共 {len(counts.issues)} 次。",
            f"值班表空档 {len(counts.gaps)} 段，其中值班员空档合计 {officer_gaps}。",
        ],
        [
            silence_table(counts),
            source_table(counts),
            unread_table(counts),
            issue_table(counts),
            gap_table(counts),
            climbed_table(counts),
        ],
    )


def silence_table(counts: Counts) -> Table:
    """Gaps of the whole watch."""
    return Table(
        "silences",
        "整体值守缺口",
        (("从", ColumnKind.MOMENT), ("到", ColumnKind.MOMENT), ("时长（小时）", ColumnKind.HOURS)),
        [(each.starts_at, each.ends_at, round(each.hours, 1)) for each in counts.silences],
        note="所有来源都没有读到文书，且长得不能用偶然解释；或采集没有运行。",
    )


def source_table(counts: Counts) -> Table:
    """Every source: documents, coverage, gaps."""
    return Table(
        "sources",
        "来源",
        (
            ("来源", ColumnKind.TEXT),
            ("文书", ColumnKind.COUNT),
            ("覆盖率", ColumnKind.PERCENT),
            ("缺口段数", ColumnKind.COUNT),
            ("缺口（小时）", ColumnKind.HOURS),
            ("最长缺口（小时）", ColumnKind.HOURS),
        ),
        [_source_row(each) for each in counts.sources],
        note="覆盖率：这一期里没有缺口的时间所占的比例；— 是文书太少，无法推断。",
    )


def _source_row(source: SourceCount) -> tuple[str | int | float | None, ...]:
    coverage = source.coverage
    return (
        clean(source.title),
        source.documents,
        None if coverage is None else round(coverage * 100, 1),
        None if coverage is None else len(source.unread),
        None if coverage is None else round(sum_hours(source.unread), 1),
        None
        if coverage is None
        else round(max((each.hours for each in source.unread), default=0.0), 1),
    )


def unread_table(counts: Counts) -> Table:
    """Every gap of every source."""
    return Table(
        "unread",
        "来源缺口",
        (
            ("来源", ColumnKind.TEXT),
            ("从", ColumnKind.MOMENT),
            ("到", ColumnKind.MOMENT),
            ("时长（小时）", ColumnKind.HOURS),
        ),
        [
            (clean(source.title), each.starts_at, each.ends_at, round(each.hours, 1))
            for source in counts.sources
            for each in source.unread
        ],
    )


def issue_table(counts: Counts) -> Table:
    """Issues by their code; their words stay behind."""
    return Table(
        "issues",
        "值守问题",
        (
            ("代号", ColumnKind.TEXT),
            ("是什么", ColumnKind.TEXT),
            ("在哪里", ColumnKind.TEXT),
            ("开始", ColumnKind.MOMENT),
            ("结束", ColumnKind.MOMENT),
            ("在这一期内（小时）", ColumnKind.HOURS),
        ),
        [
            (
                each.code,
                ISSUE_NAMES.get(each.code, "见日志"),
                clean(each.subject),
                each.opened_at,
                each.closed_at if each.closed_at and each.closed_at <= counts.until else None,
                _hours_within(each, counts),
            )
            for each in counts.issues
        ],
    )


def gap_table(counts: Counts) -> Table:
    """Gaps of the duty table."""
    return Table(
        "gaps",
        "值班表空档",
        (
            ("职责", ColumnKind.TEXT),
            ("从", ColumnKind.MOMENT),
            ("到", ColumnKind.MOMENT),
            ("时长（小时）", ColumnKind.HOURS),
        ),
        [
            (
                DUTY_NAMES[each.duty],
                each.starts_at,
                each.ends_at,
                round(in_hours(each.ends_at - each.starts_at), 1),
            )
            for each in counts.gaps
        ],
    )


def climbed_table(counts: Counts) -> Table:
    """Alerts past their step: nobody answered in time, and the next on the ladder was told."""
    climbed = [each for each in counts.raised if each.climbed]
    return Table(
        "climbed",
        "超时升级的提醒",
        (
            ("线索编号", ColumnKind.TEXT),
            ("发起", ColumnKind.MOMENT),
            ("送出", ColumnKind.MOMENT),
            ("确认", ColumnKind.MOMENT),
            ("到确认（分钟）", ColumnKind.MINUTES),
        ),
        [
            (
                each.number,
                each.started_at,
                each.sent_at,
                each.acknowledged_at,
                round((each.acknowledged_at - each.started_at) / timedelta(minutes=1), 1)
                if each.acknowledged_at
                else None,
            )
            for each in climbed
        ],
        case_ids=[each.case_id for each in climbed],
        note="一步时限内没有人确认，已通知下一级；没有确认时间的到期末仍没有人确认。",
    )


def _hours_within(issue: Issue, counts: Counts) -> float:
    ended_at = min(issue.closed_at or counts.until, counts.until)
    return round(in_hours(ended_at - max(issue.opened_at, counts.since)), 1)
