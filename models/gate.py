"""The gate: a reader that reads worse than the pinned floors is refused."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from models.artefact import ARTEFACT_DIRECTORY
from models.evaluation import LabelledText, evaluate
from models.reader import ClaimReader, ReadingInput
from monitor.domain import DocumentKind
from monitor.errors import ArtefactCorruptError, ArtefactMissingError

MESSAGES_PATH: Final = Path(__file__).parent / "corpus" / "gate_messages.txt"
BASELINE_NAME: Final = "baseline.json"
_PARTS: Final = 3
FIGURE_NAMES: Final = {
    "precision": "查准",
    "recall": "查全",
    "pr_auc": "PR-AUC",
    "brier": "Brier（越小越好）",
    "kind_accuracy": "类别正确",
    "case_recall": "该立案的找到",
}
"""The figures' names as officers read them."""


@dataclass(frozen=True, slots=True)
class GateFigures:
    """What is measured on the gate's messages; shares in [0, 1]."""

    precision: float
    recall: float
    pr_auc: float
    brier: float
    kind_accuracy: float
    case_recall: float


@dataclass(frozen=True, slots=True)
class Baseline:
    """The floors, and the fingerprint of the messages that they were measured on."""

    fingerprint: str
    floors: GateFigures


@dataclass(frozen=True, slots=True)
class GateMessage:
    """One message of the gate."""

    kind: DocumentKind
    title: str
    text: str


def load_gate_messages(path: Path = MESSAGES_PATH) -> list[GateMessage]:
    """Read the gate's messages, in the file's order.

    Raises:
        ArtefactMissingError: The file is not there.
        ArtefactCorruptError: A line is not of the form "kind | title | text".
    """
    if not path.is_file():
        raise ArtefactMissingError(f"the gate's messages {path.name} are not there")
    messages = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip() for part in line.split("|", _PARTS - 1)]
        if len(parts) != _PARTS or parts[0] not in set(DocumentKind):
            raise ArtefactCorruptError(f"{path.name}, line {number}: not kind | title | text")
        messages.append(GateMessage(DocumentKind(parts[0]), parts[1], parts[2]))
    return messages


def fingerprint(messages: list[GateMessage]) -> str:
    """Hash the messages, so that floors are never compared with figures of other messages."""
    text = "\n".join(f"{message.kind}|{message.title}|{message.text}" for message in messages)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def score_gate(reader: ClaimReader, messages: list[GateMessage]) -> GateFigures:
    """Read the gate's messages and count.

    `case_recall` is the share of claims and third-party messages that are read as one of the two.
    """
    claim = DocumentKind.CLAIM
    lines = [LabelledText(m.title, m.text, m.kind is claim) for m in messages]
    figures = evaluate(reader, lines)
    said = reader.score_many([ReadingInput(m.title, m.text) for m in messages])
    right = sum(score.kind is message.kind for score, message in zip(said, messages, strict=True))
    opens = (claim, DocumentKind.THIRD_PARTY)
    cases = [
        score.kind in opens for score, m in zip(said, messages, strict=True) if m.kind in opens
    ]
    return GateFigures(
        precision=figures.precision,
        recall=figures.recall,
        pr_auc=figures.pr_auc,
        brier=figures.brier,
        kind_accuracy=right / len(messages) if messages else 0.0,
        case_recall=sum(cases) / len(cases) if cases else 0.0,
    )


def load_baseline(directory: Path = ARTEFACT_DIRECTORY) -> Baseline:
    """Read the pinned floors.

    Raises:
        ArtefactMissingError: There are none.
        ArtefactCorruptError: They cannot be read.
    """
    try:
        body = json.loads((directory / BASELINE_NAME).read_text(encoding="utf-8"))
        return Baseline(str(body["fingerprint"]), GateFigures(**body["floors"]))
    except FileNotFoundError as error:
        raise ArtefactMissingError(f"no {BASELINE_NAME} in {directory.name}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ArtefactCorruptError(f"{BASELINE_NAME} cannot be read") from error


def save_baseline(directory: Path, baseline: Baseline) -> None:
    """Pin floors; a person decides to."""
    text = json.dumps(asdict(baseline), indent=2, sort_keys=True)
    (directory / BASELINE_NAME).write_text(text + "\n", encoding="utf-8")


def holds_floor(name: str, value: float, floor: float) -> bool:
    """Say whether a figure is no worse than its floor; of Brier scores the smaller is better."""
    return value <= floor if name == "brier" else value >= floor


def list_below(figures: GateFigures, floors: GateFigures) -> list[str]:
    """List, one line each, the figures that are worse than their floors."""
    least = asdict(floors)
    return [
        f"{FIGURE_NAMES[name]} {value:.3f}，底线 {least[name]:.3f}"
        for name, value in asdict(figures).items()
        if not holds_floor(name, value, least[name])
    ]


def find_shortfalls(figures: GateFigures, baseline: Baseline, print_of: str) -> list[str]:
    """List, one line each, why a reader must not be let through; empty when it may pass."""
    if print_of != baseline.fingerprint:
        return ["底线用的消息变了：要重新量底线，并写明为什么"]
    return list_below(figures, baseline.floors)
