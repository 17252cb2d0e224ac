"""The part on reading and telling: documents, waits, alerts, how the reader did. Pure."""

from collections.abc import Sequence

from monitor.domain import CASE_KINDS, DocumentKind
from monitor.reports.counts import Counts, Reviewed
from monitor.reports.groups import Lists
from monitor.reports.material import Material
from monitor.reports.nouns import ColumnKind, Figure, Section, Table
from monitor.reports.rates import share_interval
from monitor.reports.sums import (
    DECIDING,
    acknowledged_after,
    by_kind,
    count_documents,
    count_unacknowledged,
    list_answered,
    told_after,
)
from monitor.reports.words import KIND_NAMES, compare, format_share


def tell_reading(material: Material, figures: Sequence[Figure], lists: Lists) -> Section:
    """Tell what was read, how soon a person knew and answered, and how the reader did."""
    named = {each.key: each for each in figures}
    counts, last = material.counts, material.period.last_word
    unmeasured = sum(each.wait is None for each in counts.told)
    _keep_lists(counts, lists)
    return Section(
        "三、读到什么，多快告诉人",
        [
            f"{compare(named['read'], last)}；同一文书修改后再读一次，另算一份。",
            tell_wait(
                "从发布到第一次提醒送出",
                named["told_after"],
                len(told_after(counts)),
                "条线索",
                last,
            ),
            *(
                [f"另有 {unmeasured} 件没有准确的发布时间，或在值守开始前发布，不计。"]
                if unmeasured
                else []
            ),
            tell_wait(
                "从提醒送出到有人确认",
                named["acknowledged_after"],
                len(acknowledged_after(counts)),
                "次确认",
                last,
            ),
            tell_alerts(material),
            *tell_reader(material),
        ],
        [kind_table(material)],
    )


def _keep_lists(counts: Counts, lists: Lists) -> None:
    """The cases behind the waits and the alerts."""
    for key, case_ids in (
        ("told", [each.case_id for each in counts.told if each.wait is not None]),
        ("answered", [case_id for case_id, _ in list_answered(counts)]),
        ("raised", [each.case_id for each in counts.raised]),
        ("unacknowledged", [each.case_id for each in counts.raised if each.is_waiting]),
        ("climbed", [each.case_id for each in counts.raised if each.climbed]),
        ("decided", [each.case_id for each in counts.steps if each.step in DECIDING]),
    ):
        lists.keep(key, [*dict.fromkeys(case_ids)])


def tell_alerts(material: Material) -> str:
    """How the alerts of the period ended."""
    counts = material.counts
    raised = counts.raised
    acknowledged = sum(each.acknowledged_at is not None for each in raised)
    return (
        f"{material.period.this_word}发起提醒 {len(raised)} 次，期末已确认 {acknowledged} 次，"
        f"已撤回 {len(raised) - acknowledged - count_unacknowledged(counts)} 次，"
        f"无人确认 {count_unacknowledged(counts)} 次；"
        f"超过一步时限、通知了下一级的 {sum(each.climbed for each in raised)} 次。"
    )


def tell_wait(what: str, figure: Figure, measured: int, unit: str, last: str) -> str:
    """A median and of how many."""
    if figure.value is None:
        return f"{what}：没有可以计算的。"
    return f"{what}：{compare(figure, last, with_title=False)}，按 {measured} {unit}计算。"


def tell_reader(material: Material) -> list[str]:
    """How the reader did on what people looked at, with the interval that the numbers allow."""
    check, confidence = material.counts.reading, material.standard.confidence
    reviewed = check.confirmed + check.not_claims
    interval = share_interval(check.confirmed, reviewed, confidence)
    told = []
    if interval is None:
        told.append("判读：期内没有人复核过，准确率没有可以计算的。")
    else:
        told.append(
            f"判读：期内经人处置的 {reviewed} 件里 {check.confirmed} 件确属欠薪，准确率 "
            f"{format_share(check.confirmed / reviewed)}"
            f"（{confidence:.0%} 区间 {_span(interval)}）。"
        )
    told.append(_tell_reviewed(check.reviewed, confidence))
    return [*told, *_tell_drift(material.counts, confidence)]


def _tell_reviewed(reviewed: Sequence[Reviewed], confidence: float) -> str:
    """What reviewers corrected, and of the claims that the reader called how many were some."""
    if not reviewed:
        return "复核标注：期内没有，对判读没有改正。"
    called = [each for each in reviewed if each.was_called]
    right = sum(each.is_claim for each in called)
    overlooked = sum(each.is_corrected and each.is_claim for each in reviewed)
    said = (
        f"复核标注 {len(reviewed)} 份文书，改正判读 {len(called) - right + overlooked} 份："
        f"判为欠薪而不是的 {len(called) - right} 份，是欠薪而没有判出的 {overlooked} 份"
    )
    interval = share_interval(right, len(called), confidence)
    if interval is not None:
        said += (
            f"；判为欠薪并经复核的 {len(called)} 份里确属欠薪的占 "
            f"{format_share(right / len(called))}（{confidence:.0%} 区间 {_span(interval)}）"
        )
    gone = sum(each.was_called is None for each in reviewed)
    if gone:
        said += f"；另有 {gone} 份原来的判读已不在，不计改正"
    return f"{said}。先复核的是拿不准的，不代表全部文书。"


def review_sheet(counts: Counts) -> Table:
    """The rows behind: one a document, without its words and without who reviewed it."""
    return Table(
        "reviewed",
        "复核标注",
        (
            ("复核时间", ColumnKind.MOMENT),
            ("模型", ColumnKind.TEXT),
            ("判读类别", ColumnKind.TEXT),
            ("判为欠薪", ColumnKind.TEXT),
            ("复核为欠薪", ColumnKind.TEXT),
        ),
        [
            (
                each.at,
                each.model,
                KIND_NAMES[each.kind] if each.kind else None,
                None if each.was_called is None else _yes(each.was_called),
                _yes(each.is_claim),
            )
            for each in counts.reading.reviewed
        ],
    )


def _yes(said: bool) -> str:  # noqa: FBT001 - it is what is written
    return "是" if said else "否"


def _tell_drift(counts: Counts, confidence: float) -> list[str]:
    """Whether the share of claims lies where it lay in the four weeks before: two intervals."""
    kinds = by_kind(counts)
    claims, read = sum(kinds.get(each, 0) for each in CASE_KINDS), count_documents(counts)
    now = share_interval(claims, read, confidence)
    before = share_interval(
        counts.reading.claims_before, counts.reading.documents_before, confidence
    )
    if now is None or before is None:
        return []
    apart = now[0] > before[1] or now[1] < before[0]
    said = "两个区间不相交，读到的内容或判读有变化" if apart else "两个区间相交，看不出变化"
    share = format_share(counts.reading.claims_before / counts.reading.documents_before)
    return [
        (
            f"判为欠薪的文书占 {format_share(claims / read)}（区间 {_span(now)}），"
            f"此前四周占 {share}（区间 {_span(before)}）；{said}。"
        )
    ]


def _span(interval: tuple[float, float]) -> str:
    return f"{format_share(interval[0])} 至 {format_share(interval[1])}"


def kind_table(material: Material) -> Table:
    """Documents by kind, beside the period before."""
    kinds = by_kind(material.counts)
    before = by_kind(material.before) if material.before else {}
    listed: list[DocumentKind | None] = [*KIND_NAMES]
    if kinds.get(None) or before.get(None):
        listed.append(None)
    return Table(
        "kinds",
        "读到的文书",
        (
            ("类别", ColumnKind.TEXT),
            (material.period.this_word, ColumnKind.COUNT),
            (material.period.last_word, ColumnKind.COUNT),
        ),
        [
            (
                KIND_NAMES[kind] if kind else "还没有判读",
                kinds.get(kind, 0),
                before.get(kind, 0) if material.before else None,
            )
            for kind in listed
        ],
        is_public=True,
    )
