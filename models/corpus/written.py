"""The written corpus: whole messages by several authors, with the words that make a claim marked.

Templates repeat themselves; these messages do not. Each author has a folder of `written/`, wrote
without seeing the reader, its templates or the others' messages, and is a fold by himself or with
one other: what one writes is judged by what was learned of the rest.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from models.corpus.grammar import CORPUS_DIRECTORY, FOLDS, Message, Piece
from monitor.domain import DocumentKind, Sentiment

WRITTEN_DIRECTORY: Final = CORPUS_DIRECTORY / "written"
STYLE: Final = "written"
"""The style of these messages begins so; their kind follows."""
_OPEN, _CLOSE = "⟦", "⟧"
"""Stand around the words that by themselves say that pay is owed."""
_MARKS: Final = str.maketrans("", "", _OPEN + _CLOSE)
_SENTENCE: Final = re.compile(r"[^。！!？?；;\n\r]+[。！!？?；;\n\r]*")


def list_authors(directory: Path = WRITTEN_DIRECTORY) -> list[str]:
    """List the authors, sorted; an author's fold is the place here modulo `FOLDS`."""
    return sorted(path.stem for path in directory.glob("*.jsonl"))


def read_written(
    *, without_fold: int | None = None, only_fold: int | None = None
) -> Iterator[Message]:
    """Read the written messages, in a fixed order, without or only with the authors of a fold."""
    for at, author in enumerate(list_authors()):
        fold = at % FOLDS
        if fold != without_fold and only_fold in (None, fold):
            yield from _read_author(author)


@cache
def _read_author(author: str) -> tuple[Message, ...]:
    lines = (WRITTEN_DIRECTORY / f"{author}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple([_as_message(json.loads(line)) for line in lines])


def _as_message(row: dict[str, str]) -> Message:
    kind = DocumentKind(row["kind"])
    title, text = row["title"], row["text"]
    pieces = [*_cut(title, kind), *_cut(text, kind)]
    return Message(
        title.translate(_MARKS),
        text.translate(_MARKS),
        kind,
        Sentiment.NEUTRAL,
        f"{STYLE} {kind}",
        tuple(pieces),
    )


def _cut(text: str, kind: DocumentKind) -> Iterator[Piece]:
    """Cut a text into sentences: of a claim only those that are marked, of the others all.

    What else stands in a claim may be part of it or not, so nothing is learned from it alone.
    """
    inside = False
    for sentence in _SENTENCE.findall(text):
        marked = inside or _OPEN in sentence
        if _OPEN in sentence or _CLOSE in sentence:
            inside = sentence.rfind(_OPEN) > sentence.rfind(_CLOSE)
        if marked or kind is not DocumentKind.CLAIM:
            yield Piece(sentence.translate(_MARKS), kind)
