"""Lengths for the bars on the pages (pure): SVG attributes, as the pages allow no inline style."""

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.domain import Evidence


@dataclass(frozen=True, slots=True)
class WeightBar:
    """One word's bar on a scale of 0 to 100 with the zero in the middle."""

    word: str
    weight: float
    start: float
    length: float


def share_length(count: int, most: int) -> float:
    """The length of a bar in [0, 100]; anything above nothing stays visible (at least 2)."""
    if count <= 0 or most <= 0:
        return 0.0
    return round(max(2.0, 100.0 * count / most), 2)


def weight_bars(why: Sequence[Evidence]) -> list[WeightBar]:
    """One bar a word, strongest first; words for a claim go right, words against it left."""
    strongest = max((abs(each.weight) for each in why), default=0.0)
    bars = []
    for each in sorted(why, key=lambda evidence: -abs(evidence.weight)):
        length = round(50.0 * abs(each.weight) / strongest, 2) if strongest else 0.0
        start = 50.0 if each.weight >= 0 else 50.0 - length
        bars.append(WeightBar(each.text, each.weight, start, length))
    return bars
