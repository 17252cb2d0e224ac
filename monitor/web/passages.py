"""Cut a message at the places where its facts were read, so that a page can mark them (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import pairwise

from monitor.domain import Document, Fact, Facts


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of text, and the names of the facts that were read from it (often none)."""

    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A document's title and text, each cut into passages; joined they give the original."""

    title: Sequence[Passage]
    text: Sequence[Passage]


def fact_spans(facts: Facts) -> list[tuple[int, int, str]]:
    """List (start, end, name of the fact) for every fact that the text states."""
    return [
        (fact.span[0], fact.span[1], each.name)
        for each in fields(facts)
        if isinstance(fact := getattr(facts, each.name), Fact)
    ]


def cut_passages(text: str, spans: Sequence[tuple[int, int, str]]) -> list[Passage]:
    """Cut the text at the spans; spans may overlap, and what lies outside the text is ignored."""
    inside = [(max(0, a), min(b, len(text)), name) for a, b, name in spans]
    inside = [span for span in inside if span[0] < span[1]]
    edges = sorted({0, len(text)} | {edge for a, b, _ in inside for edge in (a, b)})
    return [
        Passage(text[start:end], tuple(name for a, b, name in inside if a <= start and end <= b))
        for start, end in pairwise(edges)
    ]


def mark_document(document: Document, facts: Facts) -> MarkedText:
    """Mark a document; the spans count in `title + newline + text`, as in the facts."""
    spans = fact_spans(facts)
    shift = len(document.title) + 1
    return MarkedText(
        cut_passages(document.title, spans),
        cut_passages(document.text, [(a - shift, b - shift, name) for a, b, name in spans]),
    )


AROUND = 60
"""How many characters before and after a phrase a search shows."""


def cut_around(text: str, phrase: str) -> list[Passage]:
    """Cut a piece of a text around the first place of a phrase, which is marked as `found`."""
    wanted = phrase.casefold().split()[0] if phrase.split() else ""
    at = text.casefold().find(wanted)
    if at < 0 or not wanted:
        return [Passage(text[: 2 * AROUND])]
    start, end = max(0, at - AROUND), min(len(text), at + len(wanted) + AROUND)
    before = ("…" if start else "") + text[start:at]
    after = text[at + len(wanted) : end] + ("…" if end < len(text) else "")
    return [Passage(before), Passage(text[at : at + len(wanted)], ("found",)), Passage(after)]
