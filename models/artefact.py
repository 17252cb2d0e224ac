"""The trained reader as a file: plain arrays and a card of words; nothing in it can run."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from monitor.errors import ArtefactCorruptError, ArtefactIncompatibleError, ArtefactMissingError

FORMAT: Final = 1
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


def save_artefact(directory: Path, arrays: Arrays, card: Mapping[str, Any]) -> dict[str, Any]:
    """Write arrays and card; return the card with format and checksum filled in."""
    directory.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(directory / ARRAYS_NAME, **arrays)  # type: ignore[arg-type]
    full = {"format": FORMAT, "checksum": content_hash(arrays), **card}
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
        body = BytesIO((directory / ARRAYS_NAME).read_bytes())
        with np.load(body, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except FileNotFoundError as error:
        raise ArtefactMissingError(
            f"no trained reader in {directory}; run `qingxin train`"
        ) from error
    except (ValueError, KeyError, EOFError, OSError, BadZipFile, AttributeError) as error:
        raise ArtefactCorruptError(f"the trained reader in {directory} cannot be read") from error
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        raise ArtefactIncompatibleError(f"the reader in {directory} is not of format {FORMAT}")
    if card.get("checksum") != content_hash(arrays):
        raise ArtefactCorruptError(f"the trained reader in {directory} differs from its checksum")
    return Artefact(arrays, card)
