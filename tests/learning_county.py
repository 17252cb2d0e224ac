"""An office with messages, labels and a shelf, for the tests of learning."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.artefact import ARTEFACT_DIRECTORY, load_artefact, save_artefact
from models.gate import load_baseline
from models.reader import ClaimReader, ReadingInput
from monitor.domain import Assessment, Person, Role, Urgency, UrgencyLevel
from monitor.learning.judgement import Judgement, MovedDocument, dump_judgement
from monitor.learning.making import Recipe, make_candidate
from monitor.shelf import Shelf
from monitor.storage.documents import Stage
from monitor.storage.labels import Label
from monitor.storage.session import Storage
from tests.factories import make_document

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
LEADER = Person("han", "韩队长", Role.LEADER)
OFFICER = Person("zhou", "周值班", Role.DUTY_OFFICER)
FEW = 150
"""Messages of the corpus a pass: enough for a candidate, in a second or two."""

CLAIMS = (
    "我在{n}号工地干了三个月，老板一分钱工资没发，一共{n}千元。",
    "厂里拖欠我们{n}个人两个月工资，找谁都推。",
    "饭店关门{n}天了，还欠着我的工资不给。",
)
OTHERS = (
    "小区{n}号楼的路灯坏了，没有人来修。",
    "{n}路公交车总是晚点，希望改一改。",
    "请问{n}月份的社保怎么补缴。",
)


def make_judgement(working: str, candidate: str, moved: Sequence[MovedDocument]) -> Judgement:
    """A judgement of a candidate that is just as good as the working reader."""
    floors = load_baseline().floors
    return Judgement(
        working=working,
        candidate=candidate,
        made_at=START,
        since=START - timedelta(days=30),
        read=24,
        labels=None,
        floors=floors,
        working_figures=floors,
        figures=floors,
        shortfalls=(),
        unfair=(),
        on_labels=None,
        moved=tuple(moved),
    )


def keep_copy(shelf: Shelf, folder: Path, judgement: Judgement) -> None:
    """Keep the shipped reader under the name of the candidate that was judged."""
    artefact = load_artefact(ARTEFACT_DIRECTORY)
    changes = {"version": judgement.candidate, "corrections": 18, "working_threshold": 0.6}
    save_artefact(folder / judgement.candidate, artefact.arrays, artefact.card | changes)
    shelf.keep(folder / judgement.candidate, dump_judgement(judgement), START)


class LearningOffice:
    """Messages come in and are read with the shipped reader; reviewers say yes or no."""

    def __init__(self, storage: Storage, *, is_new: bool = True) -> None:
        self.storage = storage
        self.shelf = Shelf(storage, ARTEFACT_DIRECTORY)
        self.reader = ClaimReader.load()
        if is_new:
            with storage.work() as rows:
                for person in (LEADER, OFFICER):
                    rows.users.add(person, None, START)

    def store(self, texts: list[str], *, at: datetime = START, source: str = "forum") -> None:
        """Store texts, each a thread of its own; they wait to be read."""
        offset = len(self.numbers())
        with self.storage.work() as rows:
            rows.documents.add_many(
                [
                    make_document(
                        source=source,
                        key=f"t{offset + at_}/p1",
                        item_key=f"t{offset + at_}",
                        title="",
                        text=text,
                        fetched_at=at,
                        published_at=at,
                    )
                    for at_, text in enumerate(texts)
                ]
            )

    def post(self, texts: list[str], *, at: datetime = START, source: str = "forum") -> list[int]:
        """Store and read texts, each a thread of its own; their numbers."""
        self.store(texts, at=at, source=source)
        with self.storage.work() as rows:
            waiting = rows.documents.list_in_stage(Stage.ASSESS, len(texts))
            readings = self.reader.assess_many([ReadingInput("", text) for text in texts])
            calm = Urgency(UrgencyLevel.ROUTINE, 0, ())
            rows.documents.add_assessments(
                [
                    Assessment(each.document_id, reading, calm, at)
                    for each, reading in zip(waiting, readings, strict=True)
                ]
            )
            numbers = [each.document_id for each in waiting]
            rows.documents.move_to_stage(numbers, Stage.DONE)
        return numbers

    def numbers(self) -> list[int]:
        with self.storage.look() as rows:
            return [each.document_id for each in rows.readers.walk_texts(START - timedelta(900))]

    def label(self, document_id: int, *, is_claim: bool, at: datetime = START) -> None:
        with self.storage.work() as rows:
            found = rows.documents.find_reading(document_id)
            assert found
            model, score = found
            rows.labels.add(Label(document_id, is_claim, "fuhe", at, model, score))

    def fill(self, count: int = 60) -> list[int]:
        """So many messages, half of them claims, each labelled rightly."""
        half = count // 2
        claims = self.post([CLAIMS[n % 3].format(n=n + 2) for n in range(half)])
        others = self.post([OTHERS[n % 3].format(n=n + 2) for n in range(count - half)])
        for number in claims:
            self.label(number, is_claim=True)
        for number in others:
            self.label(number, is_claim=False)
        return [*claims, *others]

    def train(self, *, with_labels: bool = True, now: datetime = START) -> Judgement:
        recipe = Recipe(with_labels=with_labels, messages=FEW)
        return make_candidate(self.storage, self.shelf, recipe, now, lambda _line: None)


def open_folder(folder: Path) -> LearningOffice:
    """An office on a SQLite file of its own."""
    storage = Storage(f"sqlite:///{folder / 'qingxin.db'}")
    storage.migrate()
    return LearningOffice(storage)
