"""What reviewers said, as something to learn from and something to be measured by. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from models.normalise import normalise

HELD_BACK_ONE_IN: Final = 4
"""One thread in so many is never learned from, so that there is something to measure by."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A text and a reviewer's word: does it say that somebody is owed pay?

    `thread` names the thread, letter or article that it is of, with its source.
    """

    document_id: int
    thread: str
    title: str
    text: str
    is_claim: bool


@dataclass(frozen=True, slots=True)
class Split:
    """Lessons to learn from and lessons to measure by; `repeated` were put to neither.

    They are held-back texts that stand word for word among what is learned from.
    """

    learned: tuple[Lesson, ...]
    held_back: tuple[Lesson, ...]
    repeated: int


def is_held_back(thread: str) -> bool:
    """Say whether a thread is never learned from: for one name always the same answer.

    By the thread and not by chance at training, so that no later candidate learns what an earlier
    one was measured by, and no revision or reply stands on both sides.
    """
    digest = hashlib.sha256(thread.encode()).digest()
    return int.from_bytes(digest[:8], "big") % HELD_BACK_ONE_IN == 0


def split_lessons(lessons: Sequence[Lesson]) -> Split:
    """Part the lessons; the same lessons are always parted in the same way."""
    learned = tuple(each for each in lessons if not is_held_back(each.thread))
    known = {_words(each) for each in learned}
    held = [each for each in lessons if is_held_back(each.thread)]
    kept = tuple(each for each in held if _words(each) not in known)
    return Split(learned, kept, len(held) - len(kept))


def _words(lesson: Lesson) -> str:
    return normalise(f"{lesson.title}\n{lesson.text}")
