"""The mixes of messages for which scores are calibrated, and the threshold that follows."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.corpus.written import STYLE
from models.scoring import KINDS, Floats
from monitor.domain import DocumentKind

BOARD: Final = {
    "claim_short": 0.03,
    "claim_letter": 0.06,
    "claim_hidden": 0.03,
    "third": 0.02,
    "paid": 0.01,
    "question": 0.08,
    "other_debt": 0.14,
    "hot_none": 0.20,
    "neutral_only": 0.01,
    "ordinary": 0.42,
}
"""The mix of a government board's letters for which scores are calibrated: style to share.

The corpus has far more hard neighbours than a board; without this a score would be far too low.
The shares are assumed, not measured: of four weights of the hard neighbours (once to four times
as many) twice as many was chosen, because scores between 0.4 and 0.9 were too high with fewer.
"""
POSTS: Final = {
    DocumentKind.CLAIM: 0.45,
    DocumentKind.THIRD_PARTY: 0.06,
    DocumentKind.PAID: 0.04,
    DocumentKind.QUESTION: 0.08,
    DocumentKind.OTHER_DEBT: 0.15,
    DocumentKind.UNRELATED: 0.22,
}
"""The mix of short posts for which scores are calibrated: kind to share, of the posts of which
anything is read. On a forum most posts speak of nothing that is read, and count for nothing here.

The shares are assumed, not measured.
"""
WRITTEN: Final = {
    DocumentKind.CLAIM: 0.12,
    DocumentKind.THIRD_PARTY: 0.02,
    DocumentKind.PAID: 0.01,
    DocumentKind.QUESTION: 0.06,
    DocumentKind.OTHER_DEBT: 0.14,
    DocumentKind.UNRELATED: 0.65,
}
"""The mix of letters once more, for those that authors wrote: kind to share, assumed as well."""
WRITTEN_SHARE: Final = 0.4
"""What written letters count beside one of composed ones.

Their authors sought ways of saying it that the reader might miss, so that they are harder than a
board's letters: counted in full they made scores too low for plain claims and the threshold so low
that other letters passed it; not counted at all, claims in other words were missed. Chosen of five
values with the figures of the measuring file and of the blind messages in view.
"""
ASSUMED_SHARE: Final = sum(share for style, share in BOARD.items() if style.startswith("claim"))
"""The share of claims in that mix."""
AS_GOOD: Final = 0.01
"""Thresholds whose F1 differs by less than this count as equally good."""


def board_weights(styles: Sequence[str]) -> Floats:
    """Weigh messages so that each style counts as in the assumed mix of letters; their mean is 1.

    A short post from a template weighs nothing.
    """
    written = {f"{STYLE} {kind}": WRITTEN_SHARE * share for kind, share in WRITTEN.items()}
    mix = BOARD | written
    counts = Counter(styles)
    weight = np.array([mix[style] / counts[style] if style in mix else 0.0 for style in styles])
    result: Floats = weight / weight[weight > 0].mean()
    return result


def post_weights(kinds: NDArray[np.int64], short: NDArray[np.bool_]) -> Floats:
    """Weigh short posts so that each kind counts as in their assumed mix; others weigh nothing."""
    weight = np.zeros(len(kinds))
    for number, kind in enumerate(KINDS):
        mine = short & (kinds == number)
        weight[mine] = POSTS[kind] / max(1, mine.sum())
    result: Floats = weight / weight[short].mean()
    return result


def choose_threshold(scores: Floats, claims: Floats, weight: Floats) -> float:
    """Choose the working threshold on held-back messages, weighed to the assumed mix.

    The rule: of the scores in steps of 0.01 whose F1 is within `AS_GOOD` of the greatest, the
    highest, because of equally good thresholds it wakes the fewest people for nothing.
    """
    best = []
    for step in range(1, 100):
        said = scores >= step / 100
        right = float(weight[said & (claims == 1)].sum())
        best.append(2 * right / float(weight[said].sum() + weight[claims == 1].sum()))
    return max(at for at, f1 in enumerate(best, start=1) if f1 >= max(best) - AS_GOOD) / 100
