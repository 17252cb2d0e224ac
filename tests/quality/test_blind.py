"""Messages by an author who had seen neither reader nor corpus: how much of them is heard.

The floors lie below what was measured (`docs/model-card.md`): precision .83, recall .68, PR-AUC
.85. Nothing may be learned from these messages, nor their errors looked at.
"""

import json
from pathlib import Path

from models.corpus.written import read_written
from models.evaluation import LabelledText, evaluate
from models.reader import ClaimReader

BLIND = Path(__file__).parent / "blind_messages.jsonl"


def rows() -> list[dict[str, str]]:
    return [json.loads(line) for line in BLIND.read_text("utf-8").splitlines()]


def test_most_blind_claims_are_heard_and_most_that_is_heard_is_a_claim() -> None:
    reader, messages = ClaimReader.load(), rows()
    found = evaluate(
        reader, [LabelledText(row["title"], row["text"], bool(row["label"])) for row in messages]
    )
    assert found.precision >= 0.80
    assert found.recall >= 0.65
    assert found.pr_auc >= 0.82


def test_no_blind_message_is_in_the_corpus() -> None:
    learned = "\n".join(f"{message.title}\n{message.text}" for message in read_written())
    assert not [row["id"] for row in rows() if row["text"] in learned]
