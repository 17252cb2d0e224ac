"""Why: the words that moved a score, and by how much."""

import re
from collections.abc import Sequence
from typing import Final

from models.concepts import STOP, TITLE_END, TITLE_MARK, concept_table
from models.features import Shape, is_hot
from models.relations import DOUBTS, RELATIONS, SUPPORTS
from monitor.domain import Evidence

MOST: Final = 6
"""How many pieces of evidence are shown; the heaviest first."""
LONGEST: Final = 40
"""Longer quotations are not shown, in characters."""
_ENDS: Final = re.compile(f"[{re.escape(STOP)}{re.escape(TITLE_MARK)}]")
_WEIGHED: Final = (*RELATIONS, *DOUBTS, *SUPPORTS)


def explain(shape: Shape) -> tuple[Evidence, ...]:
    """List the words, as they stand in the text, that spoke most for and against a claim.

    Only sentences in which something says that pay is not paid are shown. Weights are log-odds.
    """
    found: dict[str, float] = {}
    places: Sequence[int] | None = None
    start = 0
    for sentence in _ENDS.split(shape.letters):
        matched = _matches(sentence) if is_hot(sentence) else []
        if matched:
            places = places or _places(shape.words)
            for weight, first, last in matched:
                quote = _quote(shape.words, places, start + first, start + last)
                if quote and len(quote) <= LONGEST:
                    found[quote] = max(found.get(quote, weight), weight, key=abs)
        start += len(sentence) + 1
    ranked = sorted(found.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    return tuple([Evidence(words, round(weight, 2)) for words, weight in ranked[:MOST]])


def _matches(sentence: str) -> list[tuple[float, int, int]]:
    """List weight, first and last letter of what is found in a sentence that has a relation."""
    if not any(pattern.search(sentence) for _, _, pattern in RELATIONS):
        return []
    found = [(weight, pattern.search(sentence)) for _, weight, pattern in _WEIGHED]
    return [
        (weight, match.start(), match.end() - 1)
        for weight, match in found
        if match is not None and match.end() > match.start()
    ]


def _places(words: Sequence[str]) -> list[int]:
    """Say for each letter which word it belongs to."""
    table = concept_table()
    return [at for at, word in enumerate(words) for _ in table[word]]


def _quote(words: Sequence[str], places: Sequence[int], first: int, last: int) -> str:
    """Join the words under a run of letters."""
    return "".join(words[places[first] : places[last] + 1]).replace(TITLE_END, " ").strip()
