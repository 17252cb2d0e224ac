"""The artefact: safe to load, and never loaded when it is not what its card says."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.artefact import ARRAYS_NAME, CARD_NAME, load_artefact, save_artefact
from models.reader import ClaimReader
from monitor.errors import ArtefactCorruptError, ArtefactIncompatibleError, ArtefactMissingError

ARRAYS = {"weights": np.arange(6, dtype=np.float32).reshape(2, 3)}


def test_what_was_saved_is_loaded(tmp_path: Path) -> None:
    save_artefact(tmp_path, ARRAYS, {"version": "v1"})
    artefact = load_artefact(tmp_path)
    assert artefact.card["version"] == "v1"
    assert np.array_equal(artefact.arrays["weights"], ARRAYS["weights"])


def test_a_missing_artefact_names_the_cure(tmp_path: Path) -> None:
    with pytest.raises(ArtefactMissingError, match="qingxin train"):
        load_artefact(tmp_path)


def test_another_format_is_refused(tmp_path: Path) -> None:
    card = save_artefact(tmp_path, ARRAYS, {"version": "v1"})
    (tmp_path / CARD_NAME).write_text(json.dumps({**card, "format": 99}), encoding="utf-8")
    with pytest.raises(ArtefactIncompatibleError):
        load_artefact(tmp_path)


def test_a_changed_weight_is_refused(tmp_path: Path) -> None:
    save_artefact(tmp_path, ARRAYS, {"version": "v1"})
    np.savez_compressed(tmp_path / ARRAYS_NAME, weights=ARRAYS["weights"] + 1)
    with pytest.raises(ArtefactCorruptError):
        load_artefact(tmp_path)


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04 not a zip", b"\x93NUMPY"])
def test_a_damaged_file_is_refused(tmp_path: Path, body: bytes) -> None:
    save_artefact(tmp_path, ARRAYS, {"version": "v1"})
    (tmp_path / ARRAYS_NAME).write_bytes(body)
    with pytest.raises(ArtefactCorruptError):
        load_artefact(tmp_path)


def test_arrays_of_objects_are_refused(tmp_path: Path) -> None:
    save_artefact(tmp_path, ARRAYS, {"version": "v1"})
    evil = np.array([{"a": 1}], dtype=object)
    np.savez_compressed(tmp_path / ARRAYS_NAME, weights=evil)
    with pytest.raises(ArtefactCorruptError):
        load_artefact(tmp_path)


def test_an_artefact_without_the_readers_arrays_is_refused(tmp_path: Path) -> None:
    save_artefact(tmp_path, ARRAYS, {"version": "v1", "working_threshold": 0.5})
    with pytest.raises(ArtefactIncompatibleError):
        ClaimReader.load(tmp_path)
