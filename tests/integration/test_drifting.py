"""Drift as `work` sees it: a reference, an issue that says what to do, and no alarm for nothing."""

import json
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from monitor.cli import app
from monitor.errors import LeaseLostError
from monitor.learning import drifting
from monitor.pipeline import Turn
from monitor.storage.session import Storage
from tests.conftest import write_settings
from tests.learning_county import CLAIMS, OTHERS, START, LearningOffice

LEASE = timedelta(seconds=30)


@pytest.fixture
def office(storage: Storage, monkeypatch: pytest.MonkeyPatch) -> LearningOffice:
    monkeypatch.setattr(drifting, "LEAST_TEXTS", 200)
    return LearningOffice(storage)


def write(office: LearningOffice, count: int, *, days: int, claims: float, word: str = "") -> None:
    """So many threads over so many days, from `days` before START on."""
    rng = Random(count)
    texts = [
        rng.choice(CLAIMS if rng.random() < claims else OTHERS).format(n=at) + word
        for at in range(count)
    ]
    half = count // 2
    office.post(texts[:half], at=START - timedelta(days=days))
    office.post(texts[half:], at=START - timedelta(days=days - 8 if days > 8 else 0))


def watch(office: LearningOffice, holder: str = "w1") -> drifting.DriftReport:
    turn = Turn(holder, START, LEASE)
    return drifting.watch_drift(office.storage, office.reader.version, turn)


def issues(office: LearningOffice) -> dict[str, str]:
    with office.storage.look() as rows:
        return {each.code: each.message for each in rows.operations.list_open_issues()}


def test_scores_and_words_that_moved_are_issues_until_they_are_back(office: LearningOffice) -> None:
    write(office, 220, days=30, claims=0.2)
    report = watch(office)
    assert report.drift, "what was read first is the reference"
    assert not report.drift.is_enough, "nothing was read in the last week"
    json.dumps(report.as_dict(), allow_nan=False)
    assert issues(office) == {}
    write(office, 80, days=3, claims=0.2)
    report = watch(office)
    assert report.drift
    assert (report.drift.before, report.drift.now) == (220, 80)
    assert issues(office) == {}, "more of the same is no drift"
    write(office, 120, days=2, claims=0.9, word="数字人民币硬钱包没有显示。")
    told = watch(office)
    assert told.drift
    assert told.drift.has_shifted
    with office.storage.look() as rows:
        assert drifting.find_last(rows, office.reader.version) == told, "what the page shows"
    found = issues(office)
    assert set(found) == {drifting.SCORES_MOVED, drifting.WORDS_MOVED}
    assert "来源" in found[drifting.SCORES_MOVED]
    assert "qingxin train" in found[drifting.SCORES_MOVED]
    assert "人民币" in found[drifting.WORDS_MOVED] or "钱包" in found[drifting.WORDS_MOVED]
    with pytest.raises(LeaseLostError):
        watch(office, "w2")
    numbers = office.numbers()
    with office.storage.work() as rows:
        rows.retention.forget_texts(numbers[-120:])
    watch(office)
    assert issues(office) == {}


def test_few_messages_make_neither_reference_nor_alarm(quick_storage: Storage) -> None:
    office = LearningOffice(quick_storage)
    write(office, 60, days=30, claims=0.1)
    assert watch(office).drift is None
    assert "还没有参照" in drifting.list_drift_lines(watch(office))[0]


def test_a_reference_holds_no_text(office: LearningOffice) -> None:
    write(office, 220, days=30, claims=0.2)
    watch(office)
    with office.storage.look() as rows:
        content = rows.readers.find_reference(office.reader.version)
        texts = [each.text for each in rows.readers.walk_texts(START - timedelta(99))]
    stored = json.dumps(content, ensure_ascii=False)
    assert content
    assert not any(text in stored for text in texts)


def test_the_command_says_how_it_stands(tmp_path: Path) -> None:
    settings = write_settings(tmp_path)
    result = CliRunner().invoke(app, ["model", "drift", "--settings", str(settings)])
    assert result.exit_code == 0
    assert "还没有参照" in result.stdout
    result = CliRunner().invoke(app, ["model", "drift", "--json", "--settings", str(settings)])
    assert json.loads(result.stdout)["drift"] is None
