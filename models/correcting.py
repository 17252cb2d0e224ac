"""From a reviewer's yes or no to a text with a kind that training can learn from."""

from collections.abc import Sequence

from models.lessons import Lesson
from models.reader import ClaimReader, ReadingInput
from models.training import Correction
from monitor.domain import CASE_KINDS, DocumentKind


def make_corrections(lessons: Sequence[Lesson], reader: ClaimReader) -> list[Correction]:
    """Give each lesson a kind: the likeliest, by the working reader, that agrees with the reviewer.

    A reviewer says only whether somebody is owed pay; which of the kinds it is, the reader guesses.
    """
    ranked = reader.rank_kinds([ReadingInput(each.title, each.text) for each in lessons])
    return [
        Correction(lesson.title, lesson.text, _first(kinds, is_claim=lesson.is_claim))
        for lesson, kinds in zip(lessons, ranked, strict=True)
    ]


def _first(kinds: Sequence[DocumentKind], *, is_claim: bool) -> DocumentKind:
    return next(kind for kind in kinds if (kind in CASE_KINDS) == is_claim)
