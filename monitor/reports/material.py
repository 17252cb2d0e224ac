"""What a report is made of, and its figures. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.domain import CaseStep
from monitor.reports.counts import (
    Counts,
    WeekPoint,
    acknowledged_after,
    cases_of_step,
    count_documents,
    count_unacknowledged,
    count_workers,
    find_median,
    find_median_minutes,
    list_new_issues,
    paid_after,
    sum_amount,
    sum_gap_hours,
    told_after,
)
from monitor.reports.nouns import Against, Figure, Unit
from monitor.reports.periods import Campaign, Period
from monitor.reports.rates import (
    Comparison,
    Tally,
    compare_rates,
    estimate_dispersion,
    not_comparable,
)
from monitor.reports.silence import sum_hours
from monitor.reports.words import NOT_RECORDED, format_number

MOST_MISSING_OF_A_WEEK = 0.1 * 7 * 24
"""Hours of gaps from which a week is not taken for the course and the scatter."""


@dataclass(frozen=True, slots=True)
class Standard:
    """From when on a difference counts; from the settings.

    `confidence` in (0, 1); `most_missing` is the share of a period that may be unwatched before it
    is not compared; `cluster_at` how many messages about one party make a cluster.
    """

    confidence: float = 0.95
    most_missing: float = 0.1
    cluster_at: int = 3


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that a report is told from.

    `before` and `last_year` are counted over a stretch of the same length; None where there is none
    or nobody watched it from its beginning. `history` are the whole weeks of the year up to its
    end, oldest first; `campaign` runs at its end, and `campaign_weeks` are the whole weeks of it
    before this period.
    """

    period: Period
    counts: Counts
    before: Counts | None
    last_year: Counts | None
    history: Sequence[WeekPoint]
    campaigns: Sequence[Campaign]
    campaign: Campaign | None
    campaign_weeks: Sequence[WeekPoint]
    watched_since: datetime | None
    made_at: datetime
    office: str = ""
    standard: Standard = field(default_factory=Standard)

    @property
    def dispersion(self) -> float:
        """How much more the weeks before scatter than chance; gaps left out."""
        before = [each for each in self.history if each.starts_at < self.period.starts_at]
        return estimate_dispersion([each.tally for each in before if is_fit(each)])


def is_fit(week: WeekPoint) -> bool:
    """A week that no gap of any weight touches."""
    return week.hours > 0 and week.missing_hours <= MOST_MISSING_OF_A_WEEK


def count_figures(material: Material) -> list[Figure]:
    """All figures of a report."""
    return [*_owed(material), *_handled(material), *_told(material), *_watch(material)]


def compare_opened(
    material: Material, count: Callable[[Counts], int], comparisons: int = 1
) -> dict[Against, Comparison]:
    """Compare a count of new cases with the period before, a year ago, and the campaign so far."""
    found = {}
    for against, other, name in (
        (Against.BEFORE, material.before, material.period.last_word),
        (Against.LAST_YEAR, material.last_year, "去年同期"),
    ):
        if other is not None:
            found[against] = compare_counts(material, count, other, name, comparisons)
    return found


def compare_counts(
    material: Material,
    count: Callable[[Counts], int],
    other: Counts,
    name: str,
    comparisons: int = 1,
) -> Comparison:
    """Compare one count of two stretches, where both were watched well enough."""
    counts, standard = material.counts, material.standard
    now = Tally(count(counts), counts.watched.hours)
    then = Tally(count(other), other.watched.hours)
    for each, word in ((counts, material.period.this_word), (other, name)):
        if not each.watched.is_fit(standard.most_missing):
            missing = format_number(round(each.watched.touching_hours, 1))
            return not_comparable(
                now, then, standard.confidence, f"{word}受值守缺口影响（缺口共 {missing} 小时）"
            )
    return compare_rates(
        now,
        then,
        confidence=standard.confidence,
        dispersion=material.dispersion,
        comparisons=comparisons,
    )


def _compare_campaign(material: Material) -> Comparison | None:
    weeks = [each for each in material.campaign_weeks if is_fit(each)]
    if not weeks or not material.counts.watched.is_fit(material.standard.most_missing):
        return None
    return compare_rates(
        Tally(len(material.counts.opened), material.counts.watched.hours),
        Tally(sum(each.opened for each in weeks), sum(each.hours for each in weeks)),
        confidence=material.standard.confidence,
        dispersion=material.dispersion,
    )


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
    campaign = _compare_campaign(material)
    if campaign is not None:
        compared[Against.CAMPAIGN] = campaign
    new = {"list_key": "opened", "sheet": "新增线索", "is_public": True}
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

    found = _figure(material, (key, title, unit), count, is_public=True, sheet="支付")
    if found.value is not None:
        return found
    return Figure(key, title, unit, None, why_none=NOT_RECORDED)


def _told(material: Material) -> list[Figure]:
    return [
        _figure(
            material,
            ("read", "读到文书", Unit.DOCUMENTS),
            count_documents,
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
