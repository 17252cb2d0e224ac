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
_SENTENCE_ENDS: Final = frozenset((STOP, TITLE_MARK))
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
    return drop_and_mark(words)[0]


def drop_and_mark(words: Sequence[str]) -> tuple[Sequence[str], list[str], str]:
    """Do what `drop_asides` does, and give the letters of `marked_table` of the words that stay.

    Words are looked up once for both: this is the longest loop of reading a text.

    Returns:
        The words that stay, the letters of each, and all letters in one string.
    """
    codes = list(map(marked_table().__getitem__, words))
    marked = "".join(codes)
    if ASIDE not in marked:
        return words, codes, marked
    asides = aside_words()
    kept: list[str] = []
    kept_codes: list[str] = []
    done, number = 0, len(words)
    for _ in range(codes.count(ASIDE)):
        try:
            at = codes.index(ASIDE, done)
        except ValueError:  # the others went with the clauses of earlier ones
            break
        start, end = at, at + 1
        while start > done and codes[start - 1] not in _ENDS:
            start -= 1
        while end < number and codes[end - 1] not in _ENDS:
            end += 1
        kept += words[done:start]
        kept_codes += codes[done:start]
        clause = codes[start:end]
        marks = [words[place] for place in range(at, end) if codes[place] == ASIDE]
        # What is no person's word weighs more than what is.
        mark = next((word for word in marks if not asides[word]), marks[-1])
        if _matters(clause, is_of_person=asides[mark]):
            kept += words[start:end]
            kept_codes += clause
        else:
            kept.append(mark)
            kept_codes.append(ASIDE)
            if clause[-1] in _SENTENCE_ENDS:
                kept.append(words[end - 1])
                kept_codes.append(clause[-1])
        done = end
    kept += words[done:]
    kept_codes += codes[done:]
    return kept, kept_codes, "".join(kept_codes)


def _matters(clause: Sequence[str], *, is_of_person: bool) -> bool:
    """Say whether a clause, as letters of `marked_table`, names pay (or work) beside its aside."""
    return not (_OF_WORK if is_of_person else _OF_PAY).isdisjoint("".join(clause))
