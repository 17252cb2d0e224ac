"""The trained reader as a file: plain arrays and a card of words; nothing in it can run."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from monitor.errors import ArtefactCorruptError, ArtefactIncompatibleError, ArtefactMissingError

FORMAT: Final = 2
ARTEFACT_DIRECTORY: Final = Path(__file__).parent / "artefacts"
ARRAYS_NAME: Final = "reader.npz"
CARD_NAME: Final = "card.json"

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Artefact:
    """A trained reader: its arrays and its card (version, threshold, libraries, figures)."""

    arrays: dict[str, NDArray[Any]]
    card: dict[str, Any]


def content_hash(arrays: Arrays) -> str:
    """Hash names, shapes, types and bytes of the arrays: the same content, the same version."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def complete_card(arrays: Arrays, card: Mapping[str, Any]) -> dict[str, Any]:
    """Give the card with format and checksum filled in."""
    return {**card, "format": FORMAT, "checksum": content_hash(arrays)}


def save_artefact(directory: Path, arrays: Arrays, card: Mapping[str, Any]) -> dict[str, Any]:
    """Write arrays and card; return the card with format and checksum filled in."""
    directory.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(directory / ARRAYS_NAME, **arrays)  # type: ignore[arg-type]
    full = complete_card(arrays, card)
    text = json.dumps(full, ensure_ascii=False, indent=2, sort_keys=True)
    (directory / CARD_NAME).write_text(text + "\n", encoding="utf-8")
    return full


def load_artefact(directory: Path = ARTEFACT_DIRECTORY) -> Artefact:
    """Read arrays and card, and check format and checksum.

    Raises:
        ArtefactMissingError: A file is not there.
        ArtefactIncompatibleError: Another format wrote it.
        ArtefactCorruptError: It cannot be read, or its content is not what the card says.
    """
    try:
        card = json.loads((directory / CARD_NAME).read_text(encoding="utf-8"))
        body = (directory / ARRAYS_NAME).read_bytes()
    except FileNotFoundError as error:
        raise ArtefactMissingError(
            f"no trained reader in {directory}; run `qingxin train`"
        ) from error
    except (ValueError, OSError) as error:
        raise ArtefactCorruptError(f"the trained reader in {directory} cannot be read") from error
    return read_artefact(card, body, str(directory))


def read_artefact(card: Any, body: bytes, where: str) -> Artefact:
    """Read the arrays from the bytes of their file, and check format and checksum.

    Args:
        card: What the card's JSON held.
        body: The bytes of `reader.npz`.
        where: How an error names the place.

    Raises:
        ArtefactIncompatibleError: Another format wrote it.
        ArtefactCorruptError: It cannot be read, or its content is not what the card says.
    """
    try:
        with np.load(BytesIO(body), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (ValueError, KeyError, EOFError, OSError, BadZipFile, AttributeError) as error:
        raise ArtefactCorruptError(f"the trained reader in {where} cannot be read") from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ArtefactIncompatibleError(f"the reader in {where} is not of format {FORMAT}")
    if card.get("checksum") != content_hash(arrays):
        raise ArtefactCorruptError(f"the trained reader in {where} differs from its checksum")
    return Artefact(arrays, card)


def find_library_changes(card: Mapping[str, Any]) -> list[str]:
    """List the libraries that are of another version than when the reader was trained.

    The arrays are plain numbers, so another version is worth a word and no refusal: whether the
    reader still reads as it did is asked of its probes (`models.probes`).
    """
    changes = []
    for name, trained in sorted(card.get("libraries", {}).items()):
        try:
            here = version(name)
        except PackageNotFoundError:
            here = "–"
        if here != trained:
            changes.append(f"{name} {trained} → {here}")
    return changes
