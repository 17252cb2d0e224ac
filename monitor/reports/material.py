"""What a report is made of, and its figures. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from monitor.reports.counts import Counts, WeekPoint
from monitor.reports.nouns import Against
from monitor.reports.periods import Campaign, Period
from monitor.reports.rates import (
    Comparison,
    Tally,
    Verdict,
    compare_rates,
    estimate_dispersion,
    not_comparable,
)
from monitor.reports.words import format_number

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


def compare_campaign(material: Material) -> Comparison | None:
    """Compare new cases with the weeks of the campaign so far; None where it cannot be."""
    weeks = [each for each in material.campaign_weeks if is_fit(each)]
    if not weeks or not material.counts.watched.is_fit(material.standard.most_missing):
        return None
    return compare_rates(
        Tally(len(material.counts.opened), material.counts.watched.hours),
        Tally(sum(each.opened for each in weeks), sum(each.hours for each in weeks)),
        confidence=material.standard.confidence,
        dispersion=material.dispersion,
    )


def not_to_compare(compared: Mapping[Against, Comparison]) -> dict[Against, Comparison]:
    """What a gap of the watch keeps from being compared, for figures that come with the cases."""
    return {
        against: each
        for against, each in compared.items()
        if each.verdict is Verdict.NOT_COMPARABLE
    }
