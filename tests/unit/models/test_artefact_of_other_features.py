"""An artefact that was trained for other features is refused, with the cure, and not met later."""

from pathlib import Path

import pytest

from models.artefact import load_artefact, save_artefact
from models.reader import ClaimReader
from monitor.errors import ArtefactIncompatibleError


def test_an_artefact_with_other_features_is_refused(tmp_path: Path) -> None:
    artefact = load_artefact()
    arrays = dict(artefact.arrays)
    arrays["text_weights"] = arrays["text_weights"][:-1]
    save_artefact(tmp_path, arrays, {k: v for k, v in artefact.card.items() if k != "checksum"})
    with pytest.raises(ArtefactIncompatibleError):
        ClaimReader.load(tmp_path)
