"""From a reviewer's word to a candidate and its page, on real databases with a small corpus."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.corpus.generate import DEFAULT_MESSAGES
from models.lessons import is_held_back
from monitor.bootstrap.app import App, build, read_clock
from monitor.bootstrap.worker import Worker
from monitor.cli import app
from monitor.domain import DocumentKind
from monitor.learning.judgement import Judgement, MovedDocument, dump_judgement, load_judgement
from monitor.learning.making import Recipe, make_candidate, read_lessons
from monitor.learning.page import keep_page, refresh_pages, write_page
from monitor.learning.saying import list_lines, say_share, say_verdict
from monitor.storage.session import Storage
from tests.conftest import write_settings
from tests.learning_county import FEW, LEADER, START, LearningOffice

DESK = "http://desk.example"


@pytest.fixture
def office(storage: Storage) -> LearningOffice:
    return LearningOffice(storage)


@pytest.fixture(scope="module")
def trained_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with messages, labels and one candidate of a tiny corpus; to be copied."""
    path = tmp_path_factory.mktemp("trained") / "qingxin.db"
    shutil.copy(migrated_file, path)
    office = LearningOffice(Storage(f"sqlite:///{path}"))
    office.fill(20)
    office.train()
    office.storage.close()
    return path


@pytest.fixture
def quick(trained_file: Path, tmp_path: Path) -> Iterator[LearningOffice]:
    """An office of one's own with that candidate."""
    shutil.copy(trained_file, tmp_path / "trained.db")
    office = LearningOffice(Storage(f"sqlite:///{tmp_path / 'trained.db'}"), is_new=False)
    yield office
    office.storage.close()


def candidate(office: LearningOffice) -> Judgement:
    return load_judgement(office.shelf.list_readers()[1].judgement)


def test_a_candidate_is_made_of_labels_judged_and_kept(office: LearningOffice) -> None:
    numbers = office.fill(40)
    office.label(numbers[0], is_claim=False)  # a second thought: the newest word holds
    with office.storage.work() as rows:
        rows.retention.forget_texts(numbers[-4:])
    split, without_words = read_lessons(office.storage)
    said = {each.document_id: each.is_claim for each in (*split.learned, *split.held_back)}
    assert said[numbers[0]] is False
    assert said[numbers[1]] is True
    assert without_words == 4
    assert all(not is_held_back(each.thread) for each in split.learned)
    judgement = office.train()
    labels = judgement.labels
    assert labels
    assert (labels.reviewed, labels.without_words) == (40, 4)
    assert (labels.learned, labels.held_back) == (len(split.learned), len(split.held_back))
    assert judgement.read == 36
    assert judgement.on_labels
    assert judgement.on_labels.working.texts == len(split.held_back)
    assert judgement.on_labels.are_few
    assert judgement.unfair == ()
    (shipped, kept) = office.shelf.list_readers()
    assert shipped.is_working, "nothing works by itself"
    assert kept.version == judgement.candidate
    assert kept.card["corrections"] == labels.learned
    assert load_judgement(kept.judgement) == judgement
    assert office.shelf.load(kept.version).version == kept.version
    with office.storage.look() as rows:
        texts = rows.readers.find_texts(numbers)
    stored = json.dumps(dump_judgement(judgement), ensure_ascii=False)
    assert not any(each.text in stored for each in texts.values())


@pytest.mark.slow
def test_the_same_labels_make_the_same_candidate_and_none_make_another(
    quick: LearningOffice,
) -> None:
    first = candidate(quick)
    assert quick.train(now=START + timedelta(hours=1)).candidate == first.candidate
    plain = quick.train(with_labels=False)
    assert plain.labels is None
    assert plain.on_labels is None
    assert plain.candidate != first.candidate
    assert "没有用复核意见" in "".join(list_lines(plain))
    assert "无从比较" in "".join(list_lines(plain))


# ---------------------------------------------------------------- the page


def test_the_page_says_what_would_change_and_links_to_the_desk(
    quick: LearningOffice, tmp_path: Path
) -> None:
    office, judgement = quick, candidate(quick)
    numbers = office.post([f"第{n}号<b>工地</b>的工资三个月没发。" for n in range(2, 6)])
    claim, other = DocumentKind.CLAIM, DocumentKind.UNRELATED
    judgement = replace(
        judgement,
        moved=(
            MovedDocument(numbers[0], other, 0.31, claim, 0.84, is_added=True),
            MovedDocument(numbers[1], claim, 0.71, other, 0.12, is_added=False),
        ),
    )
    page = write_page(office.storage, judgement, DESK)
    assert "0.31" in page
    assert "0.84" in page
    assert f"{DESK}/model/documents/{numbers[0]}" in page
    assert "第2号&lt;b&gt;工地&lt;/b&gt;的工资三个月没发" in page, "escaped"
    assert "会多立案的（1）" in page
    assert "会少立案的（1）" in page
    assert "http" not in page.replace(DESK, ""), "it stands alone"
    assert "<script" not in page
    # What is forgotten in the database is forgotten on the page.
    version = judgement.candidate
    with office.storage.work() as rows:
        kept = rows.readers.find(version)
        arrays = rows.readers.find_arrays(version)
        assert kept
        assert arrays
        kept.judgement.clear()
        kept.judgement.update(dump_judgement(judgement))
        rows.readers.keep(kept, arrays)
    folder = tmp_path / "models"
    path = keep_page(office.storage, judgement, DESK, folder)
    assert path.stat().st_mode & 0o077 == 0, "only its owner reads it"
    assert refresh_pages(office.storage, DESK, folder) == 0
    with office.storage.work() as rows:
        rows.retention.forget_texts([numbers[0]])
    assert refresh_pages(office.storage, DESK, folder) == 1
    page = path.read_text("utf-8")
    assert "第2号" not in page
    assert "原文已清除" in page
    assert "第3号" in page
    (folder / "reader-gone.html").write_text("x", "utf-8")
    assert refresh_pages(office.storage, DESK, folder) == 1
    assert not (folder / "reader-gone.html").exists()


def test_shares_are_told_with_their_interval() -> None:
    assert say_share(9, 10) == "9/10，90%（95% 区间 55%–100%）"
    assert say_share(0, 0) == "无从计算（0 条）"


def test_an_unfair_candidate_is_said_to_be_out_of_the_question(quick: LearningOffice) -> None:
    judgement = replace(candidate(quick), unfair=("petition: …",))
    assert not judgement.passes
    assert "不能启用" in say_verdict(judgement)
    assert "没有例外" in write_page(quick.storage, judgement, DESK)


# ---------------------------------------------------------------- the command line


def qingxin(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.stdout, f"{result.stderr}{result.exception or ''}"


@pytest.fixture
def settings(tmp_path: Path, migrated_file: Path) -> Path:
    (tmp_path / "data").mkdir()
    shutil.copy(migrated_file, tmp_path / "data" / "qingxin.db")
    return write_settings(tmp_path)


def open_office(settings: Path) -> tuple[App, LearningOffice]:
    built = build(settings)
    return built, LearningOffice(built.storage)


def test_from_training_to_promotion_and_back_by_command(settings: Path, tmp_path: Path) -> None:
    built, office = open_office(settings)
    office.fill(20)
    ends = ("--settings", settings)
    few = ("train", "--messages", "100", "--no-labels", "--page")
    code, _, err = qingxin(*few, "/no/such/place.html", *ends)
    assert code == 1
    assert "候选模型已经保存" in err
    code, out, err = qingxin("train", "--messages", str(FEW), "--json", *ends)
    answer = json.loads(out)
    assert code == (0 if not answer["shortfalls"] else 1)
    version = answer["candidate"]
    assert "复核意见：学" in err, "progress goes to standard error"
    assert "第 1/" in err
    assert Path(answer["page"]).read_text("utf-8").startswith("<!doctype html>")
    assert qingxin("model", "promote", version, "--reason", "试一试看", *ends)[0] == 1
    code, _, err = qingxin(
        "model", "promote", version, "--by", "nobody", "--reason", "试试看", *ends
    )
    assert (code, "没有用户 nobody" in err) == (1, True)
    by = ("--by", LEADER.username, "--reason", "复核过的都判对了")
    code, _, err = qingxin("model", "promote", version, "--despite-shortfalls", *by, *ends)
    assert code == 0, err
    code, out, _ = qingxin("model", "list", *ends)
    assert code == 0
    assert f"{version}  现用 候选" in out
    assert "复核过的都判对了" in out
    code, out, _ = qingxin("model", "list", "--json", *ends)
    assert [json.loads(line)["working"] for line in out.splitlines()] == [False, False, True]
    line = '{"id": 1, "text": "老板拖欠工资"}'
    said = CliRunner().invoke(app, ["assess", "--settings", str(settings)], input=line)
    assert json.loads(said.stdout)["model"] == version
    assert qingxin("model", "undo", "--by", "han", "--reason", "又想了想", *ends)[0] == 0
    assert json.loads(qingxin("model", "list", "--json", *ends)[1].splitlines()[0])["working"]
    code, _, err = qingxin("model", "undo", "--by", "han", "--reason", "又想了想", *ends)
    assert (code, "没有可以撤销" in err) == (1, True)
    built.storage.close()


def test_the_worker_changes_over_and_stamps_the_new_version(
    trained_file: Path, settings: Path
) -> None:
    shutil.copy(trained_file, settings.parent / "data" / "qingxin.db")
    built = build(settings)
    office = LearningOffice(built.storage, is_new=False)
    worker = Worker(built, lambda: False)
    office.store(["我在工地干了三个月，老板一分钱工资没发。"])
    worker.digest()
    found = candidate(office)
    office.shelf.promote(
        found.candidate, LEADER, "换上试试看", read_clock(), despite_shortfalls=True
    )
    office.store(["厂里拖欠我们两个月工资，找谁都推。"])
    worker.digest()
    with built.storage.look() as rows:
        models = [each.model for each in rows.readers.walk_texts(START - timedelta(9))]
    assert models[-2:] == [found.working, found.candidate]
    worker.close()
    built.storage.close()


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_whole_corpus_makes_a_candidate_that_passes(quick: LearningOffice) -> None:
    recipe = Recipe(messages=DEFAULT_MESSAGES)
    said: list[str] = []
    judgement = make_candidate(quick.storage, quick.shelf, recipe, START, said.append)
    assert judgement.passes, judgement.shortfalls
    assert len(said) > 5, "somebody who waits sees how far it is"
