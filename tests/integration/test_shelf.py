"""Readers on the shelf: listed, promoted with a reason, undone."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.artefact import ARTEFACT_DIRECTORY
from monitor.errors import InputError, NotFoundError
from monitor.shelf import Shelf

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    shutil.copytree(ARTEFACT_DIRECTORY, tmp_path / "models" / "candidate-1")
    card = tmp_path / "models" / "candidate-1" / "card.json"
    shipped = Shelf(tmp_path / "none", ARTEFACT_DIRECTORY).list_readers()[0].version
    card.write_text(card.read_text("utf-8").replace(shipped, "candidate-1"), "utf-8")
    return Shelf(tmp_path / "models", ARTEFACT_DIRECTORY)


def working(shelf: Shelf) -> list[str]:
    return [each.version for each in shelf.list_readers() if each.is_working]


def test_the_shipped_reader_works_until_a_person_says_otherwise(shelf: Shelf) -> None:
    shipped = shelf.list_readers()[0]
    assert shipped.is_shipped
    assert working(shelf) == [shipped.version]
    shelf.promote("candidate-1", reason="查全更高", now=NOON)
    assert working(shelf) == ["candidate-1"]
    assert shelf.find_working_folder().name == "candidate-1"
    shelf.promote(shipped.version, reason="误报太多，退回", now=NOON)
    assert working(shelf) == [shipped.version]


def test_a_promotion_needs_a_reason_and_a_reader(shelf: Shelf) -> None:
    with pytest.raises(InputError):
        shelf.promote("candidate-1", reason=" ", now=NOON)
    with pytest.raises(NotFoundError):
        shelf.promote("reader-of-nobody", reason="试试", now=NOON)
    assert working(shelf) == [shelf.list_readers()[0].version]


def test_a_broken_candidate_is_listed_as_broken(shelf: Shelf) -> None:
    (shelf.folder / "candidate-1" / "card.json").write_text("{", "utf-8")
    assert [each.version for each in shelf.list_readers()][1] == "candidate-1（坏）"
