"""The part on what is owed: new cases, where, by whom, clusters, the course of the weeks. Pure."""

from collections.abc import Sequence

from monitor.reports.counts import Cluster
from monitor.reports.groups import (
    EMPLOYERS,
    LEVELS,
    OWNERSHIP,
    PLACES,
    SECTORS,
    Lists,
    bars_of,
    table_of,
    tell_risers,
)
from monitor.reports.material import Material, is_fit
from monitor.reports.nouns import (
    Against,
    Chart,
    ColumnKind,
    Course,
    Figure,
    Section,
    Table,
    Unit,
)
from monitor.reports.sums import count_workers, sum_amount
from monitor.reports.words import (
    clean,
    compare,
    format_figure,
    format_moment,
    format_number,
    format_yuan,
    tell_comparison,
)


def tell_owed(material: Material, figures: Sequence[Figure], lists: Lists) -> Section:
    """Tell what is owed, by whom and where."""
    named = {each.key: each for each in figures}
    last = material.period.last_word
    sentences = [
        f"{compare(named['opened'], last)}。",
        *tell_verdicts(material, named["opened"]),
        *tell_said(material),
        *[line for each in (PLACES, SECTORS, OWNERSHIP) for line in tell_risers(material, each)],
        *tell_clusters(material.counts.clusters),
    ]
    tables = [
        table_of(material, each, lists) for each in (LEVELS, PLACES, SECTORS, OWNERSHIP, EMPLOYERS)
    ]
    drawn = [bars_of(material, each) for each in tables[1:3]]
    return Section(
        "一、欠薪线索",
        sentences,
        [*tables, cluster_table(material.counts.clusters, lists)],
        [each for each in drawn if each is not None],
    )


def tell_said(material: Material) -> list[str]:
    """How many workers and how much money the new cases name."""
    opened = material.counts.opened
    if not opened:
        return []
    with_workers = sum(each.case.workers is not None for each in opened)
    with_amount = sum(each.case.amount_yuan is not None for each in opened)
    return [
        (
            f"其中 {with_workers} 件写明人数，合计 {count_workers(opened):,} 人；"
            f"{with_amount} 件写明金额，合计 {format_yuan(sum_amount(opened))}。"
        )
    ]


def tell_verdicts(material: Material, opened: Figure) -> list[str]:
    """Say of new cases what the counts carry: rise, fall, or neither; each with its interval."""
    words = {
        Against.BEFORE: material.period.last_word,
        Against.LAST_YEAR: "去年同期",
        Against.CAMPAIGN: f"{material.campaign.title}此前各周" if material.campaign else "",
    }
    return [
        f"新增线索{tell_comparison(comparison, words[against], opened.unit)}。"
        for against, comparison in opened.comparisons.items()
    ]


def tell_clusters(clusters: Sequence[Cluster]) -> list[str]:
    """Name employers and projects of which several messages tell for the first time."""
    return [
        f"新的集中：{'项目' if each.is_project else '用人单位'} {clean(each.name)}，四周内 "
        f"{each.messages} 条消息、{each.sources} 个来源、{len(each.case_ids)} 件线索，"
        f"{format_moment(each.reached_at)} 达到。"
        for each in clusters
    ]


def cluster_table(clusters: Sequence[Cluster], lists: Lists) -> Table:
    """The clusters, most messages first."""
    return Table(
        "clusters",
        "新的集中",
        (
            ("用人单位或项目", ColumnKind.TEXT),
            ("是", ColumnKind.TEXT),
            ("四周内消息", ColumnKind.COUNT),
            ("来源", ColumnKind.COUNT),
            ("线索", ColumnKind.COUNT),
            ("第一条", ColumnKind.MOMENT),
            ("达到", ColumnKind.MOMENT),
        ),
        [
            (
                clean(each.name),
                "项目" if each.is_project else "用人单位",
                each.messages,
                each.sources,
                len(each.case_ids),
                each.first_at,
                each.reached_at,
            )
            for each in clusters
        ],
        list_keys=[
            lists.keep(f"clusters-{number}", each.case_ids) for number, each in enumerate(clusters)
        ],
        note="四周内多条消息说到同一用人单位或项目，并且在这一期首次达到。",
    )


# ---- the course of the weeks


def course_of(material: Material) -> Chart | None:
    """The picture of the weeks: new cases and those struck off; gaps and campaigns are shaded."""
    weeks = [each for each in material.history if each.hours + each.missing_hours > 0]
    if len(weeks) < 2:  # noqa: PLR2004 - a course has at least two points
        return None
    gaps = [number for number, each in enumerate(weeks) if not is_fit(each)]
    campaigns = []
    for campaign in material.campaigns:
        inside = [
            number
            for number, each in enumerate(weeks)
            if campaign.starts_on <= each.starts_at.date() <= campaign.ends_on
        ]
        if inside:
            campaigns.append((inside[0], inside[-1]))
    most = max(weeks, key=lambda each: each.opened)
    said = (
        f"{weeks[0].name} 至 {weeks[-1].name} 每周新增和销号。新增最多的是 {most.name}，"
        f"{most.opened} 件；最后一周新增 {weeks[-1].opened} 件，销号 {weeks[-1].closed} 件。"
    )
    if gaps:
        listed = "、".join(weeks[number].name for number in gaps)
        said += f"值守有缺口的周：{listed}；这些周的数偏少或含补读，不说明欠薪多少。"
    return Course(
        "course",
        "每周新增和销号（件）",
        [each.name for each in weeks],
        [each.opened for each in weeks],
        [each.closed for each in weeks],
        gaps,
        campaigns,
        said,
        is_public=True,
    )


def course_table(material: Material) -> Table:
    """The weeks behind the picture."""
    return Table(
        "course",
        "各周",
        (
            ("周", ColumnKind.TEXT),
            ("新增线索", ColumnKind.COUNT),
            ("销号", ColumnKind.COUNT),
            ("值守时间（小时）", ColumnKind.HOURS),
            ("缺口（小时）", ColumnKind.HOURS),
        ),
        [
            (each.name, each.opened, each.closed, round(each.hours, 1), each.missing_hours)
            for each in material.history
        ],
    )


def tell_gaps_of_watch(material: Material) -> str:
    """One sentence on gaps of the whole watch, for the leader."""
    silences = material.counts.silences
    hours = format_number(round(sum(each.hours for each in silences), 1))
    if not silences:
        return "没有发现整体值守缺口。"
    longest = max(silences, key=lambda each: each.hours)
    return (
        f"整体值守缺口 {len(silences)} 段，合计 {hours} 小时，最长从 "
        f"{format_moment(longest.starts_at)} 到 {format_moment(longest.ends_at)}；"
        "这段时间没有读到任何文书，线索少不说明欠薪少。"
    )


def tell_open(figures: dict[str, Figure], last: str) -> str:
    """One sentence on what is open and overdue."""
    overdue = format_figure(figures["overdue"].value, Unit.CASES)
    return f"{compare(figures['open'], last)}；其中逾期未处置 {overdue}。"
