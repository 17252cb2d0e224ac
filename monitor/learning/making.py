"""Making a candidate: from corpus and labels to a kept reader with its judgement."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from models.candidate import Comparison, compare_readers, find_changes
from models.corpus.generate import DEFAULT_MESSAGES
from models.gate import load_baseline
from models.lessons import Lesson, Split, split_lessons
from models.normalise import MAX_CHARACTERS
from models.reader import ClaimReader, ReadingInput
from models.teaching import ANCHORS, teach
from models.training import Progress, train
from monitor.learning.drifting import make_reference
from monitor.learning.judgement import Judgement, dump_judgement, make_judgement
from monitor.shelf import Note, Shelf
from monitor.storage.readers import ReadText
from monitor.storage.session import Storage

LOOKED_BACK = timedelta(days=30)
"""Of how long ago messages are read anew, to say what would change."""

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a candidate is made of. `messages` is how many of the corpus each pass writes."""

    with_labels: bool = True
    messages: int = DEFAULT_MESSAGES


def make_candidate(
    storage: Storage,
    shelf: Shelf,
    recipe: Recipe,
    now: datetime,
    progress: Progress,
    *,
    note: Note = lambda _rows, _version: None,
) -> Judgement:
    """Train, judge and keep a candidate; nothing works otherwise than before.

    Args:
        storage: Where labels and messages are read, in short look-ups.
        shelf: Keeps the candidate, and knows the working reader.
        recipe: What it is made of.
        now: An aware time; messages of `LOOKED_BACK` before it are read anew.
        progress: Told in one line what has been done.
        note: Writes who made it, in the transaction that keeps it.

    Raises:
        ModelError: No reader works that the candidate could be held against.
        StorageError: The database does not answer.
    """
    working = shelf.load_working().reader
    split, without_words = read_lessons(storage) if recipe.with_labels else (None, 0)
    if split:
        progress(
            f"复核意见：学 {len(split.learned)} 条，留出 {len(split.held_back)} 条，"
            f"{without_words} 条的原文已清除"
        )
    with tempfile.TemporaryDirectory(prefix="qingxin-train-") as made:
        folder = Path(made)
        train(folder, progress, messages=recipe.messages)
        if split and split.learned:
            teach(folder, split.learned, progress, anchors=min(ANCHORS, recipe.messages))
        candidate = ClaimReader.load(folder)
        texts = read_recent(storage, now - LOOKED_BACK)
        compared = compare_on(working, candidate, texts, split, progress)
        judgement = make_judgement(
            compared,
            baseline=load_baseline(),
            split=split,
            without_words=without_words,
            document_ids=[each.document_id for each in texts],
            made_at=now,
            since=now - LOOKED_BACK,
        )
        shelf.keep(folder, dump_judgement(judgement), now, note)
        reference = make_reference(texts, candidate)
    if reference is not None:
        with storage.work() as rows:
            rows.readers.keep_reference(judgement.candidate, reference, now)
    return judgement


def read_lessons(storage: Storage) -> tuple[Split, int]:
    """Read what reviewers said, parted; and of how many texts no word is left."""
    with storage.look() as rows:
        labelled, without_words = rows.readers.list_labelled()
    lessons = [
        Lesson(
            each.document_id,
            f"{each.source} {each.item_key}",
            each.title,
            each.text,
            bool(each.is_claim),
        )
        for each in labelled
        if _is_readable(each)
    ]
    return split_lessons(lessons), without_words


def read_recent(storage: Storage, since: datetime) -> list[ReadText]:
    """Read the messages fetched since then that still have their words."""
    with storage.look() as rows:
        return [each for each in rows.readers.walk_texts(since) if _is_readable(each)]


def _is_readable(text: ReadText) -> bool:
    """Whether a reader would accept it; what is longer was set aside when it came."""
    return max(len(text.title), len(text.text)) <= MAX_CHARACTERS


def compare_on(
    working: ClaimReader,
    candidate: ClaimReader,
    texts: Sequence[ReadText],
    split: Split | None,
    progress: Progress,
) -> Comparison:
    """Compare on recent messages, part by part, so that somebody who waits sees how far it is."""
    compared = compare_readers(
        working, candidate, recent=[], held_back=split.held_back if split else ()
    )
    changes = []
    for start in range(0, len(texts), _AT_ONCE):
        part = texts[start : start + _AT_ONCE]
        inputs = [ReadingInput(each.title, each.text, each.published_at) for each in part]
        changes += [
            replace(each, at=each.at + start) for each in find_changes(working, candidate, inputs)
        ]
        progress(f"重读最近的消息：{start + len(part)}/{len(texts)}")
    return replace(compared, read=len(texts), changes=tuple(changes))
