"""The three parts of a weekly report, each from its counts. Pure."""

from collections.abc import Callable, Sequence

from monitor.domain import CaseStep, DocumentKind, DutyRole, Issue
from monitor.reports.counts import (
    OpenedCase,
    WeekCounts,
    count_unacknowledged,
    count_workers,
    in_hours,
    sum_amount,
)
from monitor.reports.nouns import Cell, ColumnKind, Figure, Section, Table, Unit
from monitor.reports.words import (
    DUTY_NAMES,
    ISSUE_NAMES,
    KIND_NAMES,
    LEVEL_NAMES,
    NOT_SAID,
    STATE_NAMES,
    clean,
    compare,
    format_figure,
    format_yuan,
)

_TOP = 15


# ---- cases


def tell_cases(counts: WeekCounts, figures: Sequence[Figure]) -> Section:
    """Tell what is owed, by whom and where, and what was done."""
    opened, named = counts.opened, {each.key: each for each in figures}
    with_workers = sum(each.case.workers is not None for each in opened)
    with_amount = sum(each.case.amount_yuan is not None for each in opened)
    sentences = [f"{compare(named['opened'])}。"]
    if opened:
        sentences.append(
            f"其中 {with_workers} 件写明人数，合计 {count_workers(opened):,} 人；"
            f"{with_amount} 件写明金额，合计 {format_yuan(sum_amount(opened))}。"
        )
    sentences.append(
        f"本周受理 {counts.steps.get(CaseStep.ACCEPT, 0)} 件，"
        f"转办 {counts.steps.get(CaseStep.REFER, 0)} 件，"
        f"判定不属欠薪 {counts.steps.get(CaseStep.NOT_A_CLAIM, 0)} 件，"
        f"销号 {counts.steps.get(CaseStep.CLOSE, 0)} 件。"
    )
    sentences.append(f"{compare(named['open'])}；已转办的没有结果前仍算未了结。")
    return Section(
        "一、欠薪线索",
        sentences,
        [
            _group(
                "levels", "按紧急程度", "紧急程度", opened, _level, fixed=_levels(), has_chart=True
            ),
            _group(
                "places", "按地点", "地点", opened, lambda each: each.case.place, has_chart=True
            ),
            _group("employers", "按用人单位", "用人单位", opened, lambda each: each.case.employer),
            _group("sectors", "按行业", "行业", opened, lambda each: each.sector),
            Table(
                "open_states",
                "期末未了结",
                (("状态", ColumnKind.TEXT), ("件数", ColumnKind.COUNT)),
                [
                    (STATE_NAMES[state], counts.open_at_end[state])
                    for state in STATE_NAMES
                    if counts.open_at_end.get(state)
                ],
            ),
        ],
    )


def _level(opened: OpenedCase) -> str:
    return LEVEL_NAMES[opened.case.level]


def _levels() -> list[str]:
    return list(LEVEL_NAMES.values())


def _group(
    key: str,
    title: str,
    head: str,
    opened: Sequence[OpenedCase],
    name_of: Callable[[OpenedCase], str | None],
    *,
    fixed: Sequence[str] = (),
    has_chart: bool = False,
) -> Table:
    """Count cases by a name, most first; the names beyond the first ones are added up in a row."""
    groups: dict[str, list[OpenedCase]] = {name: [] for name in fixed}
    for each in opened:
        groups.setdefault(clean(name_of(each)) or NOT_SAID, []).append(each)
    if fixed:
        ordered = list(groups)
    else:
        ordered = sorted(groups, key=lambda name: (name == NOT_SAID, -len(groups[name]), name))
    said = [name for name in ordered if name != NOT_SAID]
    shown = said[:_TOP]
    rest = [each for name in said[_TOP:] for each in groups[name]]
    rows = [_group_row(name, groups[name]) for name in shown]
    if rest:
        rows.append(_group_row(f"其余 {len(said) - _TOP} 个", rest))
    if NOT_SAID in groups:
        rows.append(_group_row(NOT_SAID, groups[NOT_SAID]))
    columns = (
        (head, ColumnKind.TEXT),
        ("件数", ColumnKind.COUNT),
        ("写明人数", ColumnKind.COUNT),
        ("写明金额（元）", ColumnKind.YUAN),
    )
    return Table(key, title, columns, rows, has_chart=has_chart)


def _group_row(name: str, opened: Sequence[OpenedCase]) -> tuple[Cell, ...]:
    # Cases that all leave it out owe something unknown, not nothing.
    says_workers = not opened or any(each.case.workers is not None for each in opened)
    says_amount = not opened or any(each.case.amount_yuan is not None for each in opened)
    return (
        name,
        len(opened),
        count_workers(opened) if says_workers else None,
        sum_amount(opened) if says_amount else None,
    )


# ---- reading and telling


def tell_reading(
    counts: WeekCounts, before: WeekCounts | None, figures: Sequence[Figure]
) -> Section:
    """Tell what was read, and how soon a person knew and answered."""
    named = {each.key: each for each in figures}
    kinds: list[DocumentKind | None] = [*KIND_NAMES]
    if counts.documents.get(None) or (before and before.documents.get(None)):
        kinds.append(None)
    return Section(
        "二、读到什么，多快告诉人",
        [
            f"{compare(named['read'])}；同一文书修改后再读一次，另算一份。",
            _tell_wait(
                "从发布到第一次提醒送出", named["told_after"], len(counts.told_after), "条线索"
            ),
            *(
                [f"另有 {counts.told_unmeasured} 件没有准确的发布时间，或在值守开始前发布，不计。"]
                if counts.told_unmeasured
                else []
            ),
            _tell_wait(
                "从提醒送出到有人确认",
                named["acknowledged_after"],
                len(counts.acknowledged_after),
                "次确认",
            ),
            _tell_alerts(counts),
        ],
        [
            Table(
                "kinds",
                "读到的文书",
                (
                    ("类别", ColumnKind.TEXT),
                    ("本周", ColumnKind.COUNT),
                    ("上周", ColumnKind.COUNT),
                ),
                [
                    (
                        KIND_NAMES[kind] if kind else "还没有判读",
                        counts.documents.get(kind, 0),
                        before.documents.get(kind, 0) if before else None,
                    )
                    for kind in kinds
                ],
                has_chart=True,
            )
        ],
    )


def _tell_alerts(counts: WeekCounts) -> str:
    return (
        f"本周发起提醒 {counts.raised} 次，期末已确认 {counts.acknowledged} 次，"
        f"已撤回 {counts.called_off} 次，无人确认 {count_unacknowledged(counts)} 次。"
    )


def _tell_wait(what: str, figure: Figure, measured: int, unit: str) -> str:
    if figure.value is None:
        return f"{what}：没有可以计算的。"
    return f"{what}：{compare(figure, with_title=False)}，按 {measured} {unit}计算。"


# ---- the watch


def tell_watch(counts: WeekCounts, figures: Sequence[Figure]) -> Section:
    """Tell how the watch held: sources, issues, gaps of the duty table."""
    named = {each.key: each for each in figures}
    silent = sum(each.documents == 0 for each in counts.sources)
    hours = sum(
        in_hours(each.ends_at - each.starts_at)
        for each in counts.gaps
        if each.duty is DutyRole.OFFICER
    )
    officer_gaps = format_figure(round(hours, 1), Unit.HOURS)
    return Section(
        "三、值守情况",
        [
            f"共 {len(counts.sources)} 个来源，其中 {silent} 个这一周没有读到文书。",
            f"{compare(named['issues'])}；这一周里有过的值守问题共 {len(counts.issues)} 次。",
            f"值班表空档 {len(counts.gaps)} 段，其中值班员空档合计 {officer_gaps}。",
        ],
        [_source_table(counts), _issue_table(counts), _gap_table(counts)],
    )


def _source_table(counts: WeekCounts) -> Table:
    return Table(
        "sources",
        "来源",
        (
            ("来源", ColumnKind.TEXT),
            ("本周文书", ColumnKind.COUNT),
            ("最近一次读取成功（制表时）", ColumnKind.MOMENT),
        ),
        [(clean(each.title), each.documents, each.last_success_at) for each in counts.sources],
    )


def _issue_table(counts: WeekCounts) -> Table:
    return Table(
        "issues",
        "值守问题",
        (
            ("代号", ColumnKind.TEXT),
            ("是什么", ColumnKind.TEXT),
            ("在哪里", ColumnKind.TEXT),
            ("开始", ColumnKind.MOMENT),
            ("结束", ColumnKind.MOMENT),
            ("在本周内（小时）", ColumnKind.HOURS),
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


def _gap_table(counts: WeekCounts) -> Table:
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


def _hours_within(issue: Issue, counts: WeekCounts) -> float:
    ended_at = min(issue.closed_at or counts.until, counts.until)
    return round(in_hours(ended_at - max(issue.opened_at, counts.since)), 1)
