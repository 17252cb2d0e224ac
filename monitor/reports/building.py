"""Counts become a report. Pure.

Nothing is written that is not counted: every sentence is a template filled from figures. A
difference is called a rise or a fall only where the interval of the ratio lies beyond 1. There is
no place for the words of a message, for who wrote it, or for anything but wages, places, employers
and how the watch held.
"""

from monitor.reports.deadlines import tell_due
from monitor.reports.figures import count_figures
from monitor.reports.groups import PLACES, Lists, tell_risers
from monitor.reports.handled import tell_deadlines, tell_handled, tell_paid, tell_referred
from monitor.reports.material import Material
from monitor.reports.nouns import Figure, Report
from monitor.reports.owed import (
    course_of,
    tell_clusters,
    tell_gaps_of_watch,
    tell_open,
    tell_owed,
    tell_said,
    tell_verdicts,
)
from monitor.reports.reading import tell_reading
from monitor.reports.sheets import behind, case_table
from monitor.reports.watch import tell_watch
from monitor.reports.words import compare, format_moment, show_figure

_MOST_CLUSTERS = 3


def build_report(material: Material) -> Report:
    """Tell a period from what was counted of it."""
    figures, lists, counts = count_figures(material), Lists(), material.counts
    lists.keep("opened", [each.case.case_id for each in counts.opened])
    lists.keep("open", [each.case.case_id for each in counts.standing])
    sections = [
        tell_owed(material, figures, lists),
        tell_handled(material, figures, lists),
        tell_reading(material, figures, lists),
        tell_watch(material, figures),
    ]
    course = course_of(material)
    return Report(
        period=material.period,
        until=counts.until,
        made_at=material.made_at,
        office=material.office,
        notes=_notes(material),
        leader=_leader(material, figures),
        figures=figures,
        sections=sections,
        cases=case_table("cases", "新增线索", counts.opened, counts.overdue),
        leader_charts=[course] if course else [],
        sheets=behind(material),
        lists=lists.found,
    )


def _leader(material: Material, figures: list[Figure]) -> list[str]:
    """The page for the leader: what is owed, where, is it getting better, did the watch hold."""
    named = {each.key: each for each in figures}
    counts, last = material.counts, material.period.last_word
    verdicts = tell_verdicts(material, named["opened"])
    clusters = tell_clusters(counts.clusters)
    more = len(clusters) - _MOST_CLUSTERS
    return [
        f"{compare(named['opened'], last)}。" + "".join(tell_said(material)),
        *verdicts,
        *tell_risers(material, PLACES)[:_MOST_CLUSTERS],
        *clusters[:_MOST_CLUSTERS],
        *([f"另有新的集中 {more} 处，见后。"] if more > 0 else []),
        tell_open(named, last),
        f"受理 {show_figure(named['accept'])}，销号 {show_figure(named['close'])}。"
        + tell_paid(counts, named),
        *tell_deadlines(material),
        *([tell_due(counts)] if counts.deadlines else []),
        tell_referred(counts),
        (
            f"从发布到提醒送出（中位数）{show_figure(named['told_after'])}，"
            f"从送出到确认 {show_figure(named['acknowledged_after'])}，"
            f"期末无人确认 {show_figure(named['unacknowledged'])}。"
        ),
        tell_gaps_of_watch(material),
    ]


def _notes(material: Material) -> list[str]:
    counts, period, since = material.counts, material.period, material.watched_since
    notes = []
    if counts.until < period.ends_at:
        notes.append(
            f"{period.this_word}还没有结束，以下截至 {format_moment(counts.until)}；"
            f"与{period.last_word}同一时段比较。"
        )
    if since is None or since >= counts.until:
        notes.append("这一期还没有开始值守，以下都是零，不说明没有欠薪。")
    elif since > counts.since:
        notes.append(f"值守从 {format_moment(since)} 开始，此前的不在其内。")
    if material.before is None and period.before is not None:
        notes.append(f"{period.last_word}没有值守满，不作比较。")
    gone = sum(each.text_is_gone for each in counts.opened)
    if gone:
        notes.append(
            f"新增线索里有 {gone} 件的消息原文已按保留期删除：件数不受影响，"
            "行业、项目资金和读到的文书按还在的计，可能偏少。"
        )
    notes.append("人数、金额只计写明的，不估算；取自到期末为止的记载，可能重复，也可能有误报。")
    notes.append(_how_called(material))
    return notes


def _how_called(material: Material) -> str:
    standard = material.standard
    wrong = (1 - standard.confidence) / 2
    return (
        "上升、下降只在每小时值守的比率之比的区间不含 1 时说（条件精确检验，"
        f"区间 {standard.confidence:.0%}，单次误称上升的可能不超过 {wrong:.1%}；"
        f"同一张表合在一起不超过 {wrong:.1%}）；此前各周的离散程度 {material.dispersion:.2f} "
        "已计入区间。"
    )
