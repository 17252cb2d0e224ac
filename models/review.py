"""Which message a reviewer is asked about next: the uncertain ones, and a share by lot. Pure.

What is asked because it is uncertain says nothing of how good the reader is on the whole: it was
chosen for being hard. So a part of the messages is drawn by lot, one in five of those that the
reader made a case of and one in fifty of the rest, and is never offered for any other reason. On
that part alone the reader's precision, and what it overlooks, are counted without bias, because
whether a message is in it depends on nothing but its number and on which side the reader put it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

DRAWN_OF_CASES: Final = 5
"""One in so many of what the reader makes a case of is drawn by lot."""
DRAWN_OF_OTHERS: Final = 50
"""One in so many of the rest."""
LOT_EVERY: Final = 5
"""Every so many questions one is of the drawn."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message without a reviewer's word: what the reader said, and whether an officer disagreed.

    `is_case` says that the reader made a case of it.
    """

    document_id: int
    score: float
    is_case: bool
    disagrees: bool


def is_drawn(document_id: int, *, is_case: bool) -> bool:
    """Say whether a message was drawn by lot; for one number and side always the same answer."""
    digest = hashlib.sha256(f"drawn {document_id}".encode()).digest()
    one_in = DRAWN_OF_CASES if is_case else DRAWN_OF_OTHERS
    return int.from_bytes(digest[:8], "big") % one_in == 0


def choose_next(waiting: Sequence[Waiting], asked: int, threshold: float) -> Waiting | None:
    """Choose the message to ask about; None when none waits.

    Args:
        waiting: Newest first.
        asked: How many were answered so far; every fifth question is one of the drawn.
        threshold: The working threshold, in (0, 1).
    """
    drawn = [each for each in waiting if is_drawn(each.document_id, is_case=each.is_case)]
    others = [each for each in waiting if not is_drawn(each.document_id, is_case=each.is_case)]
    if drawn and (not others or asked % LOT_EVERY == LOT_EVERY - 1):
        # By turns of either side, newest first: what was drawn is never sorted by its score.
        side = (asked // LOT_EVERY) % 2 == 0
        return next((each for each in drawn if each.is_case == side), drawn[0])
    return min(
        others,
        key=lambda each: (not each.disagrees, abs(each.score - threshold), each.document_id),
        default=None,
    )
