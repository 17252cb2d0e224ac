"""Why: the words that moved a score, and by how much."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from heapq import nlargest
from itertools import accumulate
from operator import itemgetter
from typing import Final

from models.concepts import STOP, TITLE_END, TITLE_MARK, concept_table
from models.features import Shape, is_hot
from models.relations import find_rules, names_pay, weigh
from monitor.domain import Evidence

MOST: Final = 6
"""How many pieces of evidence are shown; the heaviest first."""
SENTENCES: Final = 3
"""Evidence is taken from so many sentences, the heaviest."""
LONGEST: Final = 40
"""Longer quotations are not shown, in characters."""
_EDGES: Final = " ，,、：:；;"
_ENDS: Final = re.compile(f"[{re.escape(STOP)}{re.escape(TITLE_MARK)}]")


def explain(shape: Shape) -> tuple[Evidence, ...]:
    """List the words, as they stand in the text, that spoke most for and against a claim.

    Only sentences in which something says that pay is not paid are shown. Weights are log-odds.
    """
    found: dict[str, float] = {}
    beside_pay = names_pay(shape.letters)
    heaviest = nlargest(SENTENCES, _speaking_sentences(shape.letters, beside_pay=beside_pay))
    ends = _word_ends(shape.words) if heaviest else []
    for _, start, sentence in heaviest:
        for rule in find_rules(sentence, beside_pay=beside_pay):
            match = rule.pattern.search(sentence)
            if match is not None and match.end() > match.start():
                quote = _quote(shape.words, ends, start + match.start(), start + match.end() - 1)
                if quote and len(quote) <= LONGEST:
                    found[quote] = max(found.get(quote, rule.weight), rule.weight, key=abs)
    ranked = sorted(found.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
    return tuple([Evidence(words, round(weight, 2)) for words, weight in ranked[:MOST]])


def quote_heaviest(shape: Shape) -> str:
    """Quote the start of the sentence that weighs most, without the words that never count."""
    start, heaviest = 0, (float("-inf"), 0, "")
    for sentence in _ENDS.split(shape.letters):
        if is_hot(sentence):
            heaviest = max(heaviest, (weigh(sentence)[0], start, sentence), key=itemgetter(0))
        start += len(sentence) + 1
    _, first, sentence = heaviest
    if not sentence:
        return ""
    quote = _quote(shape.words, _word_ends(shape.words), first, first + len(sentence) - 1)
    return quote[:LONGEST]


def _speaking_sentences(letters: str, *, beside_pay: bool) -> list[tuple[float, int, str]]:
    """List weight, first letter and letters of the sentences that say something of pay owed."""
    speaking, start = [], 0
    for sentence in _ENDS.split(letters):
        if is_hot(sentence):
            weight, names = weigh(sentence, beside_pay=beside_pay)
            if names:
                speaking.append((weight, start, sentence))
        start += len(sentence) + 1
    return speaking


def _word_ends(words: Sequence[str]) -> list[int]:
    """Say for each word at which letter of the whole text it ends."""
    return list(accumulate(map(len, map(concept_table().__getitem__, words))))


def _quote(words: Sequence[str], ends: Sequence[int], first: int, last: int) -> str:
    """Join the words under a run of letters: the longest part without a muted word."""
    table = concept_table()
    parts = [""]
    for word in words[bisect_right(ends, first) : bisect_right(ends, last) + 1]:
        if table[word] and word != TITLE_END:
            parts[-1] += word
        else:
            parts.append("")
    return max(parts, key=len).strip(_EDGES)
