"""The model gate: the working reader stands above the pinned floors."""

from dataclasses import replace
from pathlib import Path

import pytest

from models.gate import (
    Baseline,
    find_shortfalls,
    fingerprint,
    load_baseline,
    load_gate_messages,
    save_baseline,
    score_gate,
)
from models.reader import ClaimReader
from models.training import train
from monitor.errors import ArtefactCorruptError, ArtefactMissingError


def test_the_working_reader_passes_the_gate() -> None:
    messages = load_gate_messages()
    figures = score_gate(ClaimReader.load(), messages)
    assert find_shortfalls(figures, load_baseline(), fingerprint(messages)) == []


def test_a_worse_reader_is_refused_and_told_why() -> None:
    messages = load_gate_messages()
    baseline = load_baseline()
    worse = replace(score_gate(ClaimReader.load(), messages), recall=0.1, brier=0.9)
    lines = find_shortfalls(worse, baseline, fingerprint(messages))
    assert [line.split(" ")[0] for line in lines] == ["查全", "Brier（越小越好）"]


def test_floors_of_other_messages_are_not_compared() -> None:
    baseline = load_baseline()
    lines = find_shortfalls(baseline.floors, baseline, "another")
    assert lines == ["底线用的消息变了：要重新量底线，并写明为什么"]


def test_a_baseline_is_written_and_read_back(tmp_path: Path) -> None:
    with pytest.raises(ArtefactMissingError):
        load_baseline(tmp_path)
    kept = Baseline("abc", load_baseline().floors)
    save_baseline(tmp_path, kept)
    assert load_baseline(tmp_path) == kept


def test_a_line_that_is_no_message_is_named(tmp_path: Path) -> None:
    path = tmp_path / "messages.txt"
    path.write_text("claim | only a title\n", encoding="utf-8")
    with pytest.raises(ArtefactCorruptError, match="line 1"):
        load_gate_messages(path)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_training_twice_gives_the_same_reader(tmp_path: Path) -> None:
    told: list[str] = []
    one = train(tmp_path / "one", told.append, messages=600)
    two = train(tmp_path / "two", told.append, messages=600)
    assert one["version"] == two["version"]
    assert told
    assert ClaimReader.load(tmp_path / "one").version == one["version"]
