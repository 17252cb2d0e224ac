"""Concepts: what a word stands for, and a sentence written as a short string of concept letters."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

LEXICON_PATH: Final = Path(__file__).parent / "lexicon.toml"

GAP: Final = "-"
"""Stands for a word without a concept."""
COMMA: Final = ","
"""Stands for a mark between clauses."""
STOP: Final = "."
"""Stands for a mark or a line break between sentences."""
NUMBER: Final = "#"
"""Stands for a number, in digits or Chinese numerals."""

TITLE_END: Final = "\x01"
"""Put between title and text before cutting; no normalised text holds it."""
TITLE_MARK: Final = "|"
"""Stands for `TITLE_END`."""

_CLAUSE_MARKS: Final = "，,、：:（）()“”\"'「」《》【】[]…~～—-·"
_STOP_MARKS: Final = "。！!？?；;\n\r"
_NUMERALS: Final = "0123456789.零〇一二两三四五六七八九十百千万亿几多余"


@cache
def load_compounds() -> dict[str, str]:
    """Read the words that stand for two concepts at once: word to its letters."""
    with LEXICON_PATH.open("rb") as file:
        letters: dict[str, str] = tomllib.load(file)["compound"]["letters"]
    return letters


@cache
def load_lexicon() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Read the dictionary: concept name to its letter and its words, in the file's order."""
    with LEXICON_PATH.open("rb") as file:
        sections = tomllib.load(file)
    return {
        name: (body["code"], tuple(body["words"].split()))
        for name, body in sections.items()
        if "code" in body
    }


@cache
def labour_words() -> frozenset[str]:
    """Read the words of a job that is argued about."""
    with LEXICON_PATH.open("rb") as file:
        return frozenset(tomllib.load(file)["labour"]["words"].split())


@cache
def life_words() -> frozenset[str]:
    """Read the words of what citizens write about when they do not write about pay."""
    with LEXICON_PATH.open("rb") as file:
        return frozenset(tomllib.load(file)["life"]["words"].split())


@cache
def aside_words() -> dict[str, bool]:
    """Read the words that are dropped with their clause: True for those of who somebody is.

    The others are those of protest, petition, press, court, praise and insult of officials.
    """
    lexicon = load_lexicon()
    return {
        **dict.fromkeys(lexicon["person"][1], True),
        **dict.fromkeys(lexicon["aside"][1], False),
    }


class ConceptTable(dict[str, str]):
    """Word to concept letter; an unknown word is a gap, a number `#`, a muted word empty."""

    def __missing__(self, word: str) -> str:
        """Say what an unknown word is, and remember it while there is room."""
        if word.isspace():
            letter = ""
        elif all(sign in _NUMERALS for sign in word):
            letter = NUMBER
        else:
            letter = GAP
        if len(self) < _MEMORY_LIMIT:
            self[word] = letter
        return letter


_MEMORY_LIMIT: Final = 60_000


@cache
def concept_table() -> ConceptTable:
    """Build the table of the dictionary's words and of the marks between clauses and sentences."""
    table = ConceptTable(load_compounds())
    for code, words in load_lexicon().values():
        for word in words:
            table.setdefault(word, code)
    for mark in _CLAUSE_MARKS:
        table[mark] = COMMA
    for mark in _STOP_MARKS:
        table[mark] = STOP
    table["\r\n"] = STOP
    table[TITLE_END] = TITLE_MARK
    return table


def lexicon_words() -> tuple[str, ...]:
    """List every word of the dictionary once, sorted."""
    words = {word for _, listed in load_lexicon().values() for word in listed}
    return tuple(sorted(words | load_compounds().keys() | labour_words() | life_words()))
