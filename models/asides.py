"""Clauses about protest, press, court, officials or who somebody is are left out before reading.

Such words carry no concept, but the words beside them do ("three months have gone since the
judgment"). Without their clause they change nothing, whether a full stop or a comma joins them on.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

from models.concepts import (
    COMMA,
    STOP,
    TITLE_MARK,
    ConceptTable,
    aside_words,
    concept_table,
)

_ENDS: Final = frozenset((COMMA, STOP, TITLE_MARK))
_OF_PAY: Final = frozenset("PAaVvWdhOonkBeJ")
"""A clause that names pay, money, owing or not paying is kept, without the words themselves."""
_OF_WORK: Final = _OF_PAY | frozenset("KED")
"""A clause about a person is kept where it names a worker, an employer or work as well."""

OF_NO_PAY: Final = frozenset(
    ("没人管", "无人管", "没人理", "没说法", "没有说法", "没下文", "没有下文")
)
"""Like "not paid", but people say it of authorities too: beside an aside it does not count."""

ASIDE: Final = "!"
"""Stands for a word of an aside in `marked_table`."""
UNHEEDED: Final = "?"
"""Stands in `marked_table` for a word of `OF_NO_PAY` that else is one of not being paid."""
UNHANDED: Final = "k"
"""What else it is."""


@cache
def marked_table() -> ConceptTable:
    """Build the table of concepts once more, in which asides can be told from other words."""
    known = concept_table()
    table = ConceptTable(known)
    table.update(dict.fromkeys(aside_words(), ASIDE))
    table.update({word: UNHEEDED for word in OF_NO_PAY if known[word] == UNHANDED})
    return table


def without_marks(marked: str) -> str:
    """Give the concept letters of what `marked_table` wrote."""
    return marked.replace(ASIDE, "").replace(UNHEEDED, UNHANDED)


def drop_asides(words: Sequence[str]) -> Sequence[str]:
    """Leave out the clauses that hold a word of `aside_words` and nothing that matters for pay.

    One such word stays in a clause's place; it has no concept, so that nothing is read across it
    as if the words on both sides had stood together in the text.
    """
    asides = aside_words()
    if asides.keys().isdisjoint(words):
        return words
    found = [at for at, word in enumerate(words) if word in asides]
    table = concept_table()
    kept: list[str] = []
    done = 0
    for at in found:
        if at < done:
            continue
        start, end = at, at + 1
        while start > done and table[words[start - 1]] not in _ENDS:
            start -= 1
        while end < len(words) and table[words[end - 1]] not in _ENDS:
            end += 1
        clause = list(words[start:end])
        marks = [word for word in clause if word in asides]
        # What is no person's word weighs more than what is.
        mark = next((word for word in marks if not asides[word]), marks[-1])
        kept += words[done:start]
        kept += _kept_of(clause, mark)
        done = end
    kept += words[done:]
    return kept


def _kept_of(clause: list[str], mark: str) -> list[str]:
    """Give what stays of a clause: all of it, or the aside and the mark of a sentence's end."""
    table = concept_table()
    matters = _OF_WORK if aside_words()[mark] else _OF_PAY
    if not matters.isdisjoint("".join([table[w] for w in clause if w not in OF_NO_PAY])):
        return clause
    return [mark, clause[-1]] if table[clause[-1]] in {STOP, TITLE_MARK} else [mark]
