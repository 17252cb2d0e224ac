"""The written corpus: every message has a kind, claims are marked, and nobody can be called up."""

import json
import re
from collections import Counter

from models.corpus.grammar import FOLDS
from models.corpus.written import WRITTEN_DIRECTORY, list_authors, read_written
from monitor.domain import DocumentKind

CLAIM = DocumentKind.CLAIM


def rows() -> list[dict[str, str]]:
    files = sorted(WRITTEN_DIRECTORY.glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


def test_claims_and_nothing_else_are_marked() -> None:
    for row in rows():
        whole = row["title"] + row["text"]
        assert ("⟦" in whole) == (row["kind"] == CLAIM), whole
        assert whole.count("⟦") == whole.count("⟧")


def test_marks_are_taken_out_and_say_which_sentences_are_the_claim() -> None:
    for message in read_written():
        assert "⟦" not in message.title + message.text
        assert {piece.kind for piece in message.pieces} <= {message.kind}
    claims = [message for message in read_written() if message.kind is CLAIM]
    assert all(message.pieces for message in claims)
    letters = [message for message in claims if len(message.text) > 300]
    marked = sum(len(piece.text) for message in letters for piece in message.pieces)
    assert marked < 0.5 * sum(len(message.text) for message in letters)


def test_every_author_is_in_one_fold_and_every_kind_is_there() -> None:
    authors = list_authors()
    everything = list(read_written())
    parts = [list(read_written(only_fold=fold)) for fold in range(FOLDS)]
    rests = [list(read_written(without_fold=fold)) for fold in range(FOLDS)]
    assert len(authors) >= FOLDS
    assert sum(map(len, parts)) == len(everything)
    for part, rest in zip(parts, rests, strict=True):
        assert part
        assert len(part) + len(rest) == len(everything)
        assert not {one.text for one in part} & {one.text for one in rest}
    assert set(Counter(message.kind for message in everything)) == set(DocumentKind)


def test_no_message_holds_a_number_to_call_or_an_address_to_write_to() -> None:
    for row in rows():
        assert not re.search(r"\d{9,}|https?:|www\.", row["title"] + row["text"])
