"""Does a kept reader still read as on the day on which it was judged?

A candidate's arrays are learned for the words and patterns of that day's program. After an upgrade
the same arrays may read otherwise, and nobody has judged that reader. So its card holds what it
said of a few fixed messages, and whoever loads it asks again.
"""

from collections.abc import Mapping
from typing import Any, Final

from models.gate import load_gate_messages
from models.reader import ClaimReader, ReadingInput
from monitor.errors import ArtefactIncompatibleError

PROBES: Final = "probes"
TOLERANCE: Final = 0.005
"""Scores are kept with three digits."""


def take_probes(reader: ClaimReader) -> list[list[Any]]:
    """Read the gate's messages: for each kind and score, as the card keeps them."""
    messages = [ReadingInput(each.title, each.text) for each in load_gate_messages()]
    return [[said.kind.value, round(said.score, 3)] for said in reader.score_many(messages)]


def check_probes(reader: ClaimReader, card: Mapping[str, Any]) -> None:
    """Let a reader pass that reads as its card says.

    Raises:
        ArtefactIncompatibleError: It reads otherwise, or its card does not say.
    """
    kept = card.get(PROBES)
    now = take_probes(reader)
    if not isinstance(kept, list) or len(kept) != len(now):
        raise ArtefactIncompatibleError(
            f"{reader.version} was judged on other messages than today's; train again"
        )
    other = sum(
        kind != was_kind or abs(score - was_score) > TOLERANCE
        for (kind, score), (was_kind, was_score) in zip(now, kept, strict=True)
    )
    if other:
        raise ArtefactIncompatibleError(
            f"{reader.version} reads {other} of {len(now)} messages otherwise than when it was "
            "judged, because the program has changed since; train again"
        )
