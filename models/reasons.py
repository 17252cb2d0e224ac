"""Why: the words that moved a score, and by how much."""

from typing import Final

from models.concepts import COMMA, GAP, STOP, concept_table
from models.features import letters_of
from models.relations import DOUBTS, RELATIONS, SUPPORTS
from models.segment import segment
from monitor.domain import Evidence

MOST: Final = 6
"""How many pieces of evidence are shown; the heaviest first."""
_LONGEST: Final = 40


def explain(title: str, text: str) -> tuple[Evidence, ...]:
    """List the words, as they stand in the text, that spoke most for and against a claim."""
    found: dict[str, float] = {}
    for part in (title, text):
        words = segment(part)
        table = concept_table()
        lengths = [len(table[word]) for word in words]
        _collect(words, lengths, letters_of(words), found)
    ranked = sorted(found.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    return tuple(Evidence(words, round(weight, 2)) for words, weight in ranked[:MOST])


def _collect(words: list[str], lengths: list[int], letters: str, found: dict[str, float]) -> None:
    """Add the words under each pattern that matches in a sentence that has a relation."""
    owner = [at for at, length in enumerate(lengths) for _ in range(length)]
    start = 0
    for sentence in letters.split(STOP):
        if any(pattern.search(sentence) for _, _, pattern in RELATIONS):
            for _, weight, pattern in (*RELATIONS, *DOUBTS, *SUPPORTS):
                match = pattern.search(sentence)
                if match is not None and match.end() > match.start():
                    first = owner[start + match.start()]
                    last = owner[start + match.end() - 1]
                    quote = "".join(words[first : last + 1]).strip()
                    if len(quote) <= _LONGEST:
                        found[quote] = max(found.get(quote, weight), weight, key=abs)
        start += len(sentence) + 1


__all__ = ["COMMA", "GAP", "MOST", "explain"]
