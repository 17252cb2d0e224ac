"""A candidate beside the working reader: what would change if a person promoted it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from models.evaluation import Evaluation, LabelledText, evaluate
from models.gate import find_shortfalls, fingerprint, load_baseline, load_gate_messages, score_gate
from models.reader import ClaimReader, ReadingInput
from monitor.domain import CASE_KINDS

NEAR: Final = 0.25
"""How far from the threshold a score is still worth a reviewer's look."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a candidate would change; positions count in the texts that were given.

    `added` would open a case that the working reader does not, `dropped` the reverse.
    `shortfalls` is empty when the candidate passes the gate. The figures are of the held-back
    labels, None without any.
    """

    working: str
    candidate: str
    added: tuple[int, ...]
    dropped: tuple[int, ...]
    shortfalls: tuple[str, ...]
    working_figures: Evaluation | None
    candidate_figures: Evaluation | None


def compare_readers(
    working: ClaimReader,
    candidate: ClaimReader,
    *,
    recent: Sequence[ReadingInput],
    held_back: Sequence[LabelledText],
) -> Comparison:
    """Read recent texts and held-back labels with both readers.

    Raises:
        InputTooLargeError: A text is longer than a reader accepts.
        ArtefactMissingError: The gate's messages or floors are not there.
        ArtefactCorruptError: The gate's messages or floors cannot be read.
    """
    before = [score.kind in CASE_KINDS for score in working.score_many(recent)]
    after = [score.kind in CASE_KINDS for score in candidate.score_many(recent)]
    messages = load_gate_messages()
    figures = score_gate(candidate, messages)
    return Comparison(
        working=working.version,
        candidate=candidate.version,
        added=tuple(at for at, was in enumerate(before) if after[at] and not was),
        dropped=tuple(at for at, was in enumerate(before) if was and not after[at]),
        shortfalls=tuple(find_shortfalls(figures, load_baseline(), fingerprint(messages))),
        working_figures=evaluate(working, held_back) if held_back else None,
        candidate_figures=evaluate(candidate, held_back) if held_back else None,
    )


def review_order(scores: Sequence[float], threshold: float) -> list[int]:
    """List the positions of uncertain scores, the most uncertain first.

    Args:
        scores: In [0, 1].
        threshold: The working threshold, in (0, 1).
    """
    near = [at for at, score in enumerate(scores) if abs(score - threshold) <= NEAR]
    return sorted(near, key=lambda at: (abs(scores[at] - threshold), at))
