"""Readers on the shelf: listed, promoted by a person with a reason, undone; broken ones skipped."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from models.artefact import ARTEFACT_DIRECTORY, CARD_NAME, FORMAT, load_artefact, save_artefact
from models.candidate import judge_reader
from models.gate import load_baseline
from models.reader import ClaimReader
from monitor.domain import Person, Role
from monitor.errors import (
    ArtefactCorruptError,
    ArtefactIncompatibleError,
    InputError,
    NotAllowedError,
    NotFoundError,
)
from monitor.learning.working import WorkingReader
from monitor.promoting import SHIPPED, check_standing
from monitor.shelf import Shelf
from monitor.storage.session import Storage
from tests.factories import NOON, make_document
from tests.learning_county import LEADER, OFFICER
from tests.unit.models.test_candidate import ProtestReader

REASON = "查全更高，看过变动"

pytestmark = pytest.mark.usefixtures("low_floors")


class Bench:
    """A shelf, candidates made of the shipped reader, and what was told."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self.storage = storage
        self.folder = folder
        self.shelf = Shelf(storage, ARTEFACT_DIRECTORY)
        self.shipped = ClaimReader.load().version
        self.issues: list[tuple[str, str]] = []

    def add(self, version: str, *, threshold: float = 0.6) -> str:
        """A candidate that differs from the shipped reader in its threshold."""
        artefact = load_artefact(ARTEFACT_DIRECTORY)
        card = artefact.card | {"version": version, "working_threshold": threshold}
        save_artefact(self.folder / version, artefact.arrays, card)
        self.shelf.keep(self.folder / version, {}, NOON)
        return version

    def break_arrays(self, version: str) -> None:
        self.run("UPDATE readers SET arrays = :broken WHERE version = :version", b"PK", version)

    def change_card(self, version: str, **changes: object) -> None:
        with self.storage.look() as rows:
            kept = rows.readers.find(version)
            body = rows.readers.find_arrays(version)
        assert kept
        assert body
        kept.card.update(changes)
        with self.storage.work() as rows:
            rows.readers.keep(kept, body)

    def run(self, statement: str, broken: bytes, version: str) -> None:
        with self.storage.engine.begin() as connection:
            connection.execute(sql(statement), {"broken": broken, "version": version})

    @property
    def working(self) -> list[str]:
        return [each.version for each in self.shelf.list_readers() if each.is_working]

    def open_reader(self) -> WorkingReader:
        return WorkingReader(
            self.shelf,
            lambda code, _subject, message: self.issues.append((code, message)),
            lambda _subject, codes: self.issues.append(("closed", "".join(codes))),
        )


@pytest.fixture
def bench(quick_storage: Storage, tmp_path: Path) -> Bench:
    return Bench(quick_storage, tmp_path)


@pytest.fixture
def both(storage: Storage, tmp_path: Path) -> Bench:
    """The same on a database of each kind, for what SQL could spoil."""
    return Bench(storage, tmp_path)


def test_the_shipped_reader_works_until_a_person_says_otherwise(both: Bench) -> None:
    bench = both
    assert bench.working == [bench.shipped]
    first, second = bench.add("candidate-1"), bench.add("candidate-2")
    assert bench.working == [bench.shipped]
    bench.shelf.promote(first, LEADER, REASON, NOON)
    assert bench.working == [first]
    bench.shelf.promote(second, LEADER, REASON, NOON)
    assert bench.shelf.undo(LEADER, "误报太多，退回", NOON) == first
    assert bench.working == [first]
    assert bench.shelf.undo(LEADER, "再退一步", NOON) == bench.shipped
    assert bench.working == [bench.shipped]
    with pytest.raises(InputError, match="没有可以撤销"):
        bench.shelf.undo(LEADER, "再退一步", NOON)


def test_who_let_it_work_and_why_is_kept_and_audited(both: Bench) -> None:
    bench = both
    version = bench.add("candidate-1")
    bench.shelf.promote(version, LEADER, REASON, NOON)
    bench.shelf.undo(LEADER, "误报太多，退回", NOON)
    one, two = bench.shelf.list_promotions()
    assert (one.version, one.by, one.reason, one.undoes) == (version, "han", REASON, None)
    assert (two.version, two.reason, two.undoes) == (SHIPPED, "误报太多，退回", one.promotion_id)
    with bench.storage.look() as rows:
        audit = rows.audit.list_newest()
        assert rows.audit.verify().broken_at is None
    assert [(each.actor, each.action, each.subject) for each in audit] == [
        ("han", "model.undone", f"model:{bench.shipped}"),
        ("han", "model.promoted", f"model:{version}"),
    ]
    assert audit[1].detail == REASON


def test_a_promotion_needs_a_reason(bench: Bench) -> None:
    version = bench.add("candidate-1")
    for reason in ("", " ", "好", "\n\t  \n"):
        with pytest.raises(InputError, match="写明理由"):
            bench.shelf.promote(version, LEADER, reason, NOON)
    assert bench.working == [bench.shipped]


def test_a_promotion_needs_a_person_who_may_and_a_reader_that_is_there(bench: Bench) -> None:
    version = bench.add("candidate-1")
    gone = Person("liu", "刘", Role.LEADER, disabled=True)
    for person in (OFFICER, gone, Person("fenxi", "分析", Role.ANALYST)):
        with pytest.raises(NotAllowedError):
            bench.shelf.promote(version, person, REASON, NOON)
    with pytest.raises(NotFoundError, match="candidate-1"):
        bench.shelf.promote("reader-of-nobody", LEADER, REASON, NOON)
    with pytest.raises(InputError, match="已经是现用"):
        bench.shelf.promote(bench.shipped, LEADER, REASON, NOON)
    assert bench.shelf.list_promotions() == []


def test_below_a_floor_it_needs_to_be_said_and_is_written_down(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The floor is raised, and not the threshold: at .999 a rounding decides between fair pairs.
    pinned = load_baseline()
    raised = replace(pinned, floors=replace(pinned.floors, recall=1.01))
    monkeypatch.setattr("models.candidate.load_baseline", lambda: raised)
    version = bench.add("candidate-1")
    with pytest.raises(InputError, match="低于底线"):
        bench.shelf.promote(version, LEADER, REASON, NOON)
    bench.shelf.promote(version, LEADER, REASON, NOON, despite_shortfalls=True)
    with bench.storage.look() as rows:
        (line,) = rows.audit.list_newest()
    assert "低于底线" in line.detail
    assert "查全" in line.detail


def test_an_unfair_reader_never_works_whatever_is_said(bench: Bench) -> None:
    standing = judge_reader(ProtestReader.load())
    with pytest.raises(InputError, match="任何理由都不能启用"):
        check_standing(standing, despite_shortfalls=True)


def test_an_unfair_candidate_is_refused_at_the_shelf(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = bench.add("candidate-1")
    monkeypatch.setattr(bench.shelf, "load", lambda _version: ProtestReader.load())
    with pytest.raises(InputError, match="任何理由都不能启用"):
        bench.shelf.promote(version, LEADER, REASON, NOON, despite_shortfalls=True)
    assert bench.shelf.list_promotions() == []


def test_candidates_that_never_worked_are_dropped_in_time(
    both: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.shelf.MOST_CANDIDATES", 2)
    for number in range(1, 5):
        version = both.add(f"candidate-{number}")
        if number == 1:
            both.shelf.promote(version, LEADER, REASON, NOON)
            both.shelf.undo(LEADER, "先退回去", NOON)
        with both.storage.work() as rows:
            rows.readers.keep_reference(version, {}, NOON)
    kept = {each.version for each in both.shelf.list_readers()} - {both.shipped}
    assert "candidate-1" in kept, "it worked once"
    assert len(kept) == 3


# ---------------------------------------------------------------- broken readers


def test_a_broken_reader_does_not_stop_the_one_before_it(bench: Bench) -> None:
    first, second = bench.add("candidate-1"), bench.add("candidate-2")
    bench.shelf.promote(first, LEADER, REASON, NOON)
    bench.shelf.promote(second, LEADER, REASON, NOON)
    bench.break_arrays(second)
    loaded = bench.shelf.load_working()
    assert loaded.reader.version == first
    assert second in loaded.faults[0]
    bench.break_arrays(first)
    assert bench.shelf.load_working().reader.version == bench.shipped
    assert [each.fault != "" for each in bench.shelf.list_readers()] == [False, True, True]


def test_what_cannot_be_loaded_cannot_be_promoted(bench: Bench) -> None:
    version = bench.add("candidate-1")
    bench.break_arrays(version)
    with pytest.raises(ArtefactCorruptError):
        bench.shelf.promote(version, LEADER, REASON, NOON)
    other = bench.add("candidate-2")
    bench.change_card(other, checksum="0" * 64)
    with pytest.raises(ArtefactCorruptError, match="checksum"):
        bench.shelf.promote(other, LEADER, REASON, NOON)
    third = bench.add("candidate-3")
    bench.change_card(third, format=99)
    with pytest.raises(ArtefactIncompatibleError):
        bench.shelf.promote(third, LEADER, REASON, NOON)
    assert bench.shelf.list_promotions() == []


def test_a_reader_that_reads_otherwise_than_when_it_was_judged_is_not_used(bench: Bench) -> None:
    version = bench.add("candidate-1")
    bench.shelf.promote(version, LEADER, REASON, NOON)
    with bench.storage.look() as rows:
        kept = rows.readers.find(version)
    assert kept
    probes = [[kind, score / 2] for kind, score in kept.card["probes"]]
    bench.change_card(version, probes=probes)
    loaded = bench.shelf.load_working()
    assert loaded.reader.version == bench.shipped
    assert "train again" in loaded.faults[0]
    bench.change_card(version, probes=None)
    assert bench.shelf.load_working().reader.version == bench.shipped


def test_other_libraries_are_named(bench: Bench) -> None:
    version = bench.add("candidate-1")
    bench.shelf.promote(version, LEADER, REASON, NOON)
    assert bench.shelf.list_library_changes() == []
    bench.change_card(version, libraries={"numpy": "1.0.0", "no-such-library": "3"})
    changes = bench.shelf.list_library_changes()
    assert changes[0] == "no-such-library 3 → –"
    assert changes[1].startswith("numpy 1.0.0 → ")


# ---------------------------------------------------------------- in a running process


def test_a_running_process_changes_over_between_two_batches(bench: Bench) -> None:
    reader = bench.open_reader()
    document = make_document()
    assert reader.read([document])[0].model == bench.shipped
    version = bench.add("candidate-1", threshold=0.4)
    assert not reader.refresh()
    bench.shelf.promote(version, LEADER, REASON, NOON, despite_shortfalls=True)
    assert reader.read([document])[0].model == bench.shipped, "not in the middle of a batch"
    assert reader.refresh()
    assert reader.read([document])[0].model == version
    assert reader.working_threshold == 0.4
    assert not reader.refresh()
    bench.shelf.undo(LEADER, "先退回去", NOON)
    assert reader.refresh()
    assert reader.version == bench.shipped


def test_a_running_process_goes_on_with_what_can_be_loaded(bench: Bench) -> None:
    reader = bench.open_reader()
    version = bench.add("candidate-1")
    bench.shelf.promote(version, LEADER, REASON, NOON)
    bench.break_arrays(version)
    assert not reader.refresh()
    assert reader.version == bench.shipped
    (_, (code, message)) = bench.issues
    assert code == "T602"
    assert version in message
    assert "undo" in message
    assert not reader.refresh(), "tried once, not every second"
    assert len(bench.issues) == 2
    bench.shelf.undo(LEADER, "坏的，退回", NOON)
    reader.refresh()
    assert bench.issues[-1] == ("closed", "T602")


def test_without_a_database_the_shipped_reader_works_and_nothing_is_made(tmp_path: Path) -> None:
    shelf = Shelf(Storage(f"sqlite:///{tmp_path / 'none.db'}"), ARTEFACT_DIRECTORY)
    assert shelf.load_working().reader.version == ClaimReader.load().version
    assert [each.is_shipped for each in shelf.list_readers()] == [True]
    assert list(tmp_path.iterdir()) == []


def test_a_broken_shipped_reader_is_listed_as_broken(
    quick_storage: Storage, tmp_path: Path
) -> None:
    shutil.copytree(ARTEFACT_DIRECTORY, tmp_path / "shipped")
    card = tmp_path / "shipped" / CARD_NAME
    card.write_text(json.dumps({"format": FORMAT}), "utf-8")
    (found,) = Shelf(quick_storage, tmp_path / "shipped").list_readers()
    assert found.is_shipped
    assert "checksum" in found.fault
