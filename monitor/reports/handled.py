"""The part on what was done: steps, overdue, deadlines, referrals, payment, class C. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from monitor.domain import SHANGHAI, CaseState, CaseStep, ReferralBody
from monitor.reports.counts import CountedCase, Counts
from monitor.reports.deadlines import clock_table, tell_due
from monitor.reports.groups import OTHERS, PUBLIC, Lists, by_state, place_of
from monitor.reports.material import Material
from monitor.reports.nouns import Cell, ColumnKind, Figure, Section, Table
from monitor.reports.owed import tell_open
from monitor.reports.sums import cases_of_step, count_workers, paid_after, sum_amount
from monitor.reports.words import (
    BODY_NAMES,
    NOT_SAID,
    STATE_NAMES,
    STEP_NAMES,
    clean,
    format_yuan,
    show_figure,
)

_DAY = timedelta(days=1)


def tell_handled(material: Material, figures: Sequence[Figure], lists: Lists) -> Section:
    """Tell what was done about the cases, and what is due."""
    named = {each.key: each for each in figures}
    counts, this = material.counts, material.period.this_word
    for step in CaseStep:
        lists.keep(f"step-{step.value}", cases_of_step(counts, step))
    paid = counts.payments.lines if counts.payments else ()
    lists.keep("paid", [*dict.fromkeys(each.case_id for each in paid)])
    taken = "，".join(
        f"{STEP_NAMES[step]} {len(cases_of_step(counts, step))} 件" for step in STEP_NAMES
    )
    return Section(
        "二、办理情况",
        [
            f"{this}{taken}。",
            tell_open(named, material.period.last_word) + "已转办的没有结果前仍算未了结。",
            tell_paid(counts, named),
            tell_referred(counts),
            *tell_deadlines(material),
            tell_due(counts),
            tell_class_c(counts),
        ],
        [
            by_state(lists, counts.standing, STATE_NAMES),
            _overdue_table(counts, lists),
            clock_table(counts, lists),
            referral_table(counts, lists),
            *([deadline_table(material, lists)] if material.campaign else []),
            *([_class_c_table(counts, lists)] if counts.class_c is not None else []),
        ],
    )


def tell_paid(counts: Counts, named: Mapping[str, Figure]) -> str:
    """What was paid: by the ledger of payments where there is one, never by what was claimed."""
    waits = paid_after(counts)
    said = f"登记已支付 {len(waits)} 件"
    if waits:
        said += f"，从发现到支付的中位数 {show_figure(named['paid_after'])}"
    if counts.payments is None:
        return f"{said}；实际补发的人数和金额没有记录。"
    paid = counts.payments
    return f"{said}；实际补发 {paid.workers:,} 人，{format_yuan(paid.amount_yuan)}。"


# ---- overdue


def _overdue_table(counts: Counts, lists: Lists) -> Table:
    late = [each for each in counts.standing if each.case.case_id in counts.overdue]
    lists.keep("overdue", [each.case.case_id for each in late])
    groups: dict[str, list[CountedCase]] = {}
    for each in late:
        groups.setdefault(place_of(each), []).append(each)
    ordered = sorted(groups, key=lambda name: (name == NOT_SAID, -len(groups[name]), name))
    return Table(
        "overdue",
        "逾期未处置，按乡镇",
        (
            ("乡镇或地点", ColumnKind.TEXT),
            ("件数", ColumnKind.COUNT),
            ("写明人数", ColumnKind.COUNT),
            ("写明金额（元）", ColumnKind.YUAN),
        ),
        [
            (name, len(groups[name]), count_workers(groups[name]), sum_amount(groups[name]))
            for name in ordered
        ],
        list_keys=[
            lists.keep(f"overdue-{number}", [each.case.case_id for each in groups[name]])
            for number, name in enumerate(ordered)
        ],
        note="超过内部处置时限还没有受理、转办或判定的线索。",
    )


# ---- referrals


def tell_referred(counts: Counts) -> str:
    """How many were referred, came back, and still wait."""
    sent = cases_of_step(counts, CaseStep.REFER)
    waiting = [each for each in counts.standing if each.case.state is CaseState.REFERRED]
    long = [
        each for each in waiting if each.referred_at and counts.until - each.referred_at > 15 * _DAY
    ]
    return (
        f"转办 {len(sent)} 件，期内转回或有结果 {len(counts.returned)} 件；"
        f"期末在外 {len(waiting)} 件，其中超过 15 天 {len(long)} 件。"
    )


def referral_table(counts: Counts, lists: Lists) -> Table:
    """By body: referred in this time, came back, still out at the end."""
    sent: dict[ReferralBody | None, list[int]] = {}
    for each in counts.steps:
        if each.step is CaseStep.REFER:
            sent.setdefault(each.body, []).append(each.case_id)
    out: dict[ReferralBody | None, list[int]] = {}
    for waiting in counts.standing:
        if waiting.case.state is CaseState.REFERRED:
            out.setdefault(waiting.case.referred_to, []).append(waiting.case.case_id)
    back: dict[ReferralBody | None, list[int]] = {}
    for case_id, body in counts.returned.items():
        back.setdefault(body, []).append(case_id)
    bodies = [each for each in [*ReferralBody, None] if each in sent or each in out or each in back]
    return Table(
        "referrals",
        "转办",
        (
            ("转给", ColumnKind.TEXT),
            ("期内转出", ColumnKind.COUNT),
            ("期内有结果", ColumnKind.COUNT),
            ("期末在外", ColumnKind.COUNT),
        ),
        [
            (
                BODY_NAMES[each] if each else NOT_SAID,
                len(set(sent.get(each, ()))),
                len(back.get(each, ())),
                len(out.get(each, ())),
            )
            for each in bodies
        ],
        list_keys=[
            lists.keep(
                f"referrals-{number}",
                sorted({*sent.get(each, ()), *back.get(each, ()), *out.get(each, ())}),
            )
            for number, each in enumerate(bodies)
        ],
        note="期内有结果：转出之后又有受理、登记支付、销号或判定不属欠薪。",
    )


# ---- deadlines


def days_left(material: Material, deadline: date) -> int:
    """Days from the last counted day to a deadline; negative when it has passed."""
    last = (material.counts.until - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
    return (deadline - last).days


def _by_deadline(material: Material) -> list[tuple[str, date, list[CountedCase]]]:
    if material.campaign is None:
        return []
    public = [each for each in material.counts.standing if each.public_project]
    others = [each for each in material.counts.standing if not each.public_project]
    return [
        (PUBLIC, material.campaign.public_by, public),
        (f"{OTHERS}（含没有写明的）", material.campaign.others_by, others),
    ]


def tell_deadlines(material: Material) -> list[str]:
    """How many cases must be cleared by when."""
    told = []
    for name, deadline, cases in _by_deadline(material):
        left = days_left(material, deadline)
        when = f"还有 {left} 天" if left >= 0 else f"已过 {-left} 天"
        told.append(f"{name}：{deadline} 前清零，{when}，还有 {len(cases)} 件未了结。")
    return told


def deadline_table(material: Material, lists: Lists) -> Table:
    """The campaign's deadlines."""
    found = _by_deadline(material)
    rows: list[tuple[Cell, ...]] = [
        (
            name,
            deadline.isoformat(),
            days_left(material, deadline),
            len(cases),
            count_workers(cases),
            sum_amount(cases),
        )
        for name, deadline, cases in found
    ]
    return Table(
        "deadlines",
        "专项行动时限",
        (
            ("项目资金", ColumnKind.TEXT),
            ("清零日期", ColumnKind.TEXT),
            ("剩余天数", ColumnKind.COUNT),
            ("未了结", ColumnKind.COUNT),
            ("写明人数", ColumnKind.COUNT),
            ("写明金额（元）", ColumnKind.YUAN),
        ),
        rows,
        list_keys=[
            lists.keep(f"deadlines-{number}", [each.case.case_id for each in cases])
            for number, (_, _, cases) in enumerate(found)
        ],
    )


# ---- class C


def tell_class_c(counts: Counts) -> str:
    """How many parties are in class C, where classes are kept."""
    if counts.class_c is None:
        return "C 类用人单位和项目：没有记录。"
    with_cases = sum(bool(each.open_cases) for each in counts.class_c)
    without = sum(each.person is None for each in counts.class_c)
    return (
        f"C 类用人单位和项目 {len(counts.class_c)} 个，其中 {with_cases} 个有未了结线索，"
        f"{without} 个没有专人。"
    )


def _class_c_table(counts: Counts, lists: Lists) -> Table:
    parties = counts.class_c or ()
    return Table(
        "class_c",
        "C 类用人单位和项目",
        (
            ("名称", ColumnKind.TEXT),
            ("专人", ColumnKind.TEXT),
            ("未了结线索", ColumnKind.COUNT),
        ),
        [(clean(each.name), each.person or "没有", len(each.open_cases)) for each in parties],
        list_keys=[
            lists.keep(f"class_c-{number}", each.open_cases) for number, each in enumerate(parties)
        ],
    )
