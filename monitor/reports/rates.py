"""When a count may be called a rise: exact intervals for the ratio of two rates. Pure.

Two counts over watched hours are compared by the conditional exact test: given their sum, the share
of the first is binomial (Przyborowski and Wilenski, 1940). Its Clopper-Pearson bounds come from
SciPy's beta distribution. Counts that scatter more than chance would have them (dispersion over 1)
are divided by their dispersion first, which widens the interval (quasi-likelihood). The chance of a
false rise is at most half of 1 - confidence for one comparison, and for a whole table together when
its comparisons are told how many they are (Bonferroni).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from statistics import mean

from scipy.stats import beta, chi2

_LEAST_PAIRS = 8
"""From fewer pairs of weeks no scatter is estimated."""

_TRIMMED = 0.1
"""The share of the largest steps that is left out: surges, which are what is looked for."""


class Verdict(StrEnum):
    """What may be said of a difference."""

    RISE = "rise"
    FALL = "fall"
    NOT_CLEAR = "not_clear"
    NOT_COMPARABLE = "not_comparable"


@dataclass(frozen=True, slots=True)
class Tally:
    """So many in so many watched hours."""

    count: int
    hours: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One rate beside another: their ratio with its interval; None where it cannot be said."""

    now: Tally
    then: Tally
    ratio: float | None
    low: float | None
    high: float | None
    verdict: Verdict
    confidence: float
    why_not: str = ""


def compare_rates(
    now: Tally, then: Tally, *, confidence: float, dispersion: float = 1.0, comparisons: int = 1
) -> Comparison:
    """Compare two rates.

    Args:
        now: The one that is told.
        then: The one it is compared with.
        confidence: In (0, 1), e.g. 0.95: false rises come with at most (1 - confidence) / 2.
        dispersion: How much more the counts scatter than chance alone; at least 1 is used.
        comparisons: How many comparisons are made side by side; all together keep the confidence.
    """
    if now.hours <= 0 or then.hours <= 0:
        return not_comparable(now, then, confidence, "没有值守的时间")
    low, high = _bounds(now, then, confidence, max(dispersion, 1.0), comparisons)
    ratio = (now.count / now.hours) / (then.count / then.hours) if then.count else None
    verdict = Verdict.NOT_CLEAR
    if low is not None and low > 1:
        verdict = Verdict.RISE
    elif high is not None and high < 1:
        verdict = Verdict.FALL
    return Comparison(now, then, ratio, low, high, verdict, confidence)


def not_comparable(now: Tally, then: Tally, confidence: float, why_not: str) -> Comparison:
    """A comparison that may not be made, and why."""
    return Comparison(now, then, None, None, None, Verdict.NOT_COMPARABLE, confidence, why_not)


def _bounds(
    now: Tally, then: Tally, confidence: float, dispersion: float, comparisons: int
) -> tuple[float | None, float | None]:
    """The interval of the ratio; None for an end that is at infinity or of no counts at all."""
    first, second = now.count / dispersion, then.count / dispersion
    if first + second == 0:
        return None, None
    tail = (1 - confidence) / 2 / max(comparisons, 1)
    exposure = then.hours / now.hours
    low_share = beta.ppf(tail, first, second + 1) if first else 0.0
    high_share = beta.ppf(1 - tail, first + 1, second) if second else 1.0
    low = float(low_share / (1 - low_share) * exposure)
    high = float(high_share / (1 - high_share) * exposure) if high_share < 1 else None
    return low, high


def share_interval(part: int, whole: int, confidence: float) -> tuple[float, float] | None:
    """The Clopper-Pearson interval of a share; None of nothing."""
    if whole <= 0:
        return None
    tail = (1 - confidence) / 2
    low = float(beta.ppf(tail, part, whole - part + 1)) if part else 0.0
    high = float(beta.ppf(1 - tail, part + 1, whole - part)) if part < whole else 1.0
    return low, high


def estimate_dispersion(series: Sequence[Tally]) -> float:
    """How much more counts of neighbouring weeks scatter than chance; 1.0 where it cannot be told.

    The mean of the squared standardised steps without the largest tenth, over what it is when
    chance alone is at work (a chi-square with one degree of freedom), so that one surge in a year
    does not hide the next. Never under 1: counts that scatter less prove nothing.
    """
    steps = [
        (one.count * other.hours - other.count * one.hours) ** 2
        / ((one.count + other.count) * one.hours * other.hours)
        for one, other in pairwise(series)
        if one.hours > 0 and other.hours > 0 and one.count + other.count > 0
    ]
    if len(steps) < _LEAST_PAIRS:
        return 1.0
    kept = sorted(steps)[: len(steps) - int(len(steps) * _TRIMMED)]
    share = len(kept) / len(steps)
    # The mean of a chi-square with one degree below its quantile is that with three by the share.
    expected = chi2.cdf(chi2.ppf(share, 1), 3) / share if share < 1 else 1.0
    return max(1.0, float(mean(kept) / expected))
