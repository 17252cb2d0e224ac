"""The figures of a report's first page. Pure."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from monitor.domain import CaseStep
from monitor.reports.counts import Counts
from monitor.reports.deadlines import list_due, list_missed, list_over
from monitor.reports.material import (
    Material,
    compare_campaign,
    compare_opened,
    not_to_compare,
)
from monitor.reports.nouns import Against, Figure, Unit
from monitor.reports.rates import Comparison
from monitor.reports.silence import sum_hours
from monitor.reports.sums import (
    acknowledged_after,
    cases_of_step,
    count_documents,
    count_unacknowledged,
    count_workers,
    find_median,
    find_median_minutes,
    list_new_issues,
    paid_after,
    share_of,
    sum_amount,
    sum_gap_hours,
    told_after,
)
from monitor.reports.words import NOT_RECORDED


def count_figures(material: Material) -> list[Figure]:
    """All figures of a report."""
    return [*_owed(material), *_handled(material), *_told(material), *_watch(material)]


def _figure(
    material: Material,
    title: tuple[str, str, Unit],
    count: Callable[[Counts], float | None],
    *,
    list_key: str = "",
    sheet: str = "",
    comparisons: Mapping[Against, Comparison] | None = None,
    is_public: bool = False,
) -> Figure:
    key, name, unit = title
    return Figure(
        key,
        name,
        unit,
        count(material.counts),
        count(material.before) if material.before else None,
        count(material.last_year) if material.last_year else None,
        comparisons=comparisons or {},
        list_key=list_key,
        sheet=sheet,
        is_public=is_public,
    )


def _owed(material: Material) -> list[Figure]:
    compared = compare_opened(material, lambda each: len(each.opened))
    campaign = compare_campaign(material)
    if campaign is not None:
        compared[Against.CAMPAIGN] = campaign
    new = {
        "list_key": "opened",
        "sheet": "新增线索",
        "is_public": True,
        "comparisons": not_to_compare(compared),
    }
    return [
        _figure(
            material,
            ("opened", "新增线索", Unit.CASES),
            lambda each: len(each.opened),
            comparisons=compared,
            list_key="opened",
            sheet="新增线索",
            is_public=True,
        ),
        _figure(
            material,
            ("workers", "新增线索写明人数", Unit.PEOPLE),
            lambda each: count_workers(each.opened),
            **new,  # type: ignore[arg-type]
        ),
        _figure(
            material,
            ("amount", "新增线索写明金额", Unit.YUAN),
            lambda each: sum_amount(each.opened),
            **new,  # type: ignore[arg-type]
        ),
        _figure(
            material,
            ("open", "期末未了结", Unit.CASES),
            lambda each: len(each.standing),
            list_key="open",
            sheet="期末未了结线索",
            is_public=True,
        ),
        _figure(
            material,
            ("overdue", "逾期未处置", Unit.CASES),
            lambda each: len(each.overdue),
            list_key="overdue",
            sheet="期末未了结线索",
        ),
    ]


def _handled(material: Material) -> list[Figure]:
    def step(key: CaseStep, title: str, *, is_public: bool = False) -> Figure:
        return _figure(
            material,
            (key.value, title, Unit.CASES),
            lambda each: len(cases_of_step(each, key)),
            list_key=f"step-{key.value}",
            sheet="办理步骤",
            is_public=is_public,
        )

    return [
        step(CaseStep.ACCEPT, "受理", is_public=True),
        step(CaseStep.REFER, "转办", is_public=True),
        step(CaseStep.NOT_A_CLAIM, "判定不属欠薪"),
        step(CaseStep.ORDER, "责令支付"),
        step(CaseStep.RECORD_PAID, "登记已支付"),
        step(CaseStep.CLOSE, "销号", is_public=True),
        _payment(material, "paid_workers", "实际补发人数", Unit.PEOPLE),
        _payment(material, "paid_amount", "实际补发金额", Unit.YUAN),
        *(
            _figure(
                material,
                (key, title, Unit.ITEMS),
                lambda each, find=find: len(find(each)),  # type: ignore[misc]
                list_key=key,
                sheet="时限明细",
            )
            for key, title, find in (
                ("due", "期内到期的时限", list_due),
                ("missed", "没有按时办结的时限", list_missed),
                ("over", "期末超期的时限", list_over),
            )
        ),
        _figure(
            material,
            ("paid_after", "发现到支付（中位数）", Unit.DAYS),
            lambda each: find_median(paid_after(each), timedelta(days=1)),
            list_key="step-record_paid",
            sheet="办理步骤",
        ),
    ]


def _payment(material: Material, key: str, title: str, unit: Unit) -> Figure:
    def count(counts: Counts) -> float | None:
        paid = counts.payments
        if paid is None:
            return None
        return paid.workers if unit is Unit.PEOPLE else paid.amount_yuan

    found = _figure(
        material, (key, title, unit), count, is_public=True, list_key="paid", sheet="支付"
    )
    if found.value is not None:
        return found
    return Figure(key, title, unit, None, why_none=NOT_RECORDED)


def _told(material: Material) -> list[Figure]:
    return [
        _figure(
            material,
            ("read", "读到文书", Unit.DOCUMENTS),
            count_documents,
            comparisons=not_to_compare(compare_opened(material, count_documents)),
            sheet="文书",
            is_public=True,
        ),
        _figure(
            material,
            ("told_after", "发布到提醒送出（中位数）", Unit.MINUTES),
            lambda each: find_median_minutes(told_after(each)),
            list_key="told",
            sheet="首次提醒",
            is_public=True,
        ),
        _figure(
            material,
            ("acknowledged_after", "提醒送出到确认（中位数）", Unit.MINUTES),
            lambda each: find_median_minutes(acknowledged_after(each)),
            list_key="answered",
            sheet="提醒",
            is_public=True,
        ),
        _figure(
            material,
            ("raised", "发起提醒", Unit.TIMES),
            lambda each: len(each.raised),
            list_key="raised",
            sheet="提醒",
        ),
        _figure(
            material,
            ("unacknowledged", "期末无人确认的提醒", Unit.TIMES),
            count_unacknowledged,
            list_key="unacknowledged",
            sheet="提醒",
        ),
        _figure(
            material,
            ("climbed", "超时升级的提醒", Unit.TIMES),
            lambda each: sum(one.climbed for one in each.raised),
            list_key="climbed",
            sheet="提醒",
        ),
        *_reader(material),
    ]


def _reader(material: Material) -> list[Figure]:
    return [
        _figure(
            material,
            ("precision", "判读准确率（经人处置的线索）", Unit.PERCENT),
            lambda each: share_of(
                each.reading.confirmed, each.reading.confirmed + each.reading.not_claims
            ),
            list_key="decided",
            sheet="办理步骤",
        ),
        _figure(
            material,
            ("reviewed", "复核标注", Unit.DOCUMENTS),
            lambda each: len(each.reading.reviewed),
            sheet="复核标注",
        ),
        _figure(
            material,
            ("corrected", "改正的判读", Unit.DOCUMENTS),
            lambda each: sum(one.is_corrected for one in each.reading.reviewed),
            sheet="复核标注",
        ),
    ]


def _watch(material: Material) -> list[Figure]:
    return [
        _figure(
            material,
            ("silent", "整体值守缺口", Unit.HOURS),
            lambda each: round(sum_hours(each.silences), 1),
            sheet="整体值守缺口",
            is_public=True,
        ),
        _figure(
            material,
            ("issues", "新出现的值守问题", Unit.TIMES),
            lambda each: len(list_new_issues(each)),
            sheet="值守问题",
        ),
        _figure(
            material,
            ("gaps", "值班表空档（各职责合计）", Unit.HOURS),
            sum_gap_hours,
            sheet="值班表空档",
        ),
    ]
