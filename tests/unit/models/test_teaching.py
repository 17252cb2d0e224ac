"""Reviewers change what the reader gets wrong and leave the rest; nobody teaches it protest."""

from math import log
from pathlib import Path

import pytest

from models.artefact import ARTEFACT_DIRECTORY, load_artefact, save_artefact
from models.candidate import compare_on_labels, judge_reader
from models.invariance import ADDED
from models.learned import MOST
from models.lessons import Lesson
from models.reader import ClaimReader, ReadingInput
from models.teaching import teach
from monitor.domain import CASE_KINDS
from monitor.errors import ArtefactIncompatibleError

HALF = "{p}的{s}这个月工资只发了一半，剩下{n}千让我们等。"
OTHERS_SHOP = "{p}的{s}说工资拖了{n}个月的事，是别的店，不是我们店。"
FALSE_ALARM = "{p}{s}关门了，还欠着员工工资，我充的卡还有{n}百块没用完，怎么退。"
NEWS = "近日，{p}一家{s}拖欠员工工资的案件开庭，{n}名员工到场。"
ORDINARY = "{p}的{s}门口路灯坏了{n}天，没人修。"
PLACES, SHOPS = (
    ["城东", "城西", "河口", "新区", "老街", "南门", "北关"],
    ["奶茶店", "超市", "健身房", "理发店", "餐馆"],
)


def lessons(pattern: str, count: int, *, is_claim: bool, first: int = 0) -> list[Lesson]:
    return [
        Lesson(
            at,
            f"forum t{at}",
            "",
            pattern.format(p=PLACES[at % 7], s=SHOPS[at * 3 % 5], n=at + 2),
            is_claim=is_claim,
        )
        for at in range(first, first + count)
    ]


def teach_new(folder: Path, taught: list[Lesson]) -> ClaimReader:
    shipped = load_artefact(ARTEFACT_DIRECTORY)
    save_artefact(folder, shipped.arrays, shipped.card)
    teach(folder, taught, lambda _line: None, anchors=600)
    return ClaimReader.load(folder)


# With the reader of short posts the ten unseen texts of the first pattern stay as they were.
_NOT_YET = pytest.mark.xfail(strict=True, reason="a correction does not reach this short post")


@pytest.mark.parametrize("pattern", [pytest.param(OTHERS_SHOP, marks=_NOT_YET), FALSE_ALARM, HALF])
def test_what_reviewers_correct_is_read_their_way_and_the_rest_as_before(
    tmp_path: Path, pattern: str
) -> None:
    # Whatever the shipped reader says of these, the reviewers here say the opposite.
    working = ClaimReader.load()
    text = lessons(pattern, 1, is_claim=True)[0].text
    is_claim = working.score_many([ReadingInput("", text)])[0].kind not in CASE_KINDS
    taught = lessons(pattern, 14, is_claim=is_claim) + lessons(ORDINARY, 6, is_claim=False)
    candidate = teach_new(tmp_path, taught)
    unseen = lessons(pattern, 10, is_claim=is_claim, first=50)
    ordinary = lessons(ORDINARY, 10, is_claim=False, first=50)
    found = compare_on_labels(working, candidate, [*unseen, *ordinary])
    assert found.candidate.right == (20, 20)
    assert found.better >= 8
    assert found.worse == 0
    assert found.chance < 0.01
    assert judge_reader(candidate).unfair == ()
    assert candidate.version != working.version
    assert load_artefact(tmp_path).card["corrections"] == 20


def test_what_was_learned_is_told_with_the_words_that_it_moved(tmp_path: Path) -> None:
    candidate = teach_new(tmp_path, lessons(HALF, 12, is_claim=False))
    text = lessons(HALF, 1, is_claim=False, first=50)[0].text
    *_, learned = candidate.assess("", f"上个月去上访。{text}").why
    assert learned.weight < -1
    assert learned.text in text
    assert candidate.assess("", "路灯坏了").why == ()


def test_news_that_is_none_is_unlearned_too(tmp_path: Path) -> None:
    unseen = [ReadingInput("", each.text) for each in lessons(NEWS, 5, is_claim=False, first=50)]
    kinds = {score.kind for score in ClaimReader.load().score_many(unseen)}
    assert kinds <= CASE_KINDS
    candidate = teach_new(tmp_path, lessons(NEWS, 20, is_claim=False))
    assert not any(score.kind in CASE_KINDS for score in candidate.score_many(unseen))
    assert judge_reader(candidate).unfair == ()


def test_no_reviewer_can_teach_it_to_listen_for_protest_or_for_who_speaks(tmp_path: Path) -> None:
    # Every message with such words is said to be a claim, every one without them to be none.
    loud = [sentence for sentences in ADDED.values() for sentence in sentences]
    plain = "老板拖欠我们工资，至今没有给"
    taught = [
        Lesson(at, f"t{at}", "", f"{plain}。{loud[at % len(loud)]}", is_claim=True)
        for at in range(60)
    ]
    taught += [Lesson(at, f"t{at}", "", f"{plain}。", is_claim=False) for at in range(60, 120)]
    candidate = teach_new(tmp_path, taught)
    assert judge_reader(candidate).unfair == ()


def test_a_text_that_names_no_pay_is_never_corrected(tmp_path: Path) -> None:
    candidate = teach_new(tmp_path, lessons(ORDINARY, 30, is_claim=True))
    said = candidate.score_many([ReadingInput("", "明天上午市政府门口集合，把横幅带上。")])
    assert said == ClaimReader.load().score_many(
        [ReadingInput("", "明天上午市政府门口集合，把横幅带上。")]
    )


def test_one_lesson_alone_teaches_nothing(tmp_path: Path) -> None:
    one = teach_new(tmp_path / "one", lessons(FALSE_ALARM, 1, is_claim=False))
    text = [ReadingInput("", lessons(FALSE_ALARM, 1, is_claim=False, first=9)[0].text)]
    assert one.score_many(text) == ClaimReader.load().score_many(text)


def test_wrong_lessons_move_a_score_only_so_far_and_the_floors_catch_them(tmp_path: Path) -> None:
    wrong = lessons("老板拖欠{p}{s}{n}人工资", 90, is_claim=False)
    working, many = ClaimReader.load(), teach_new(tmp_path, wrong)
    texts = [ReadingInput("", each.text) for each in wrong[:10]]
    for one, other in zip(working.score_many(texts), many.score_many(texts), strict=True):
        moved = log_odds(one.score) - log_odds(other.score)
        assert 1.0 < moved <= MOST + 0.01
    after, before = judge_reader(many), judge_reader(working)
    assert after.figures.case_recall < before.figures.case_recall
    assert before.shortfalls == ()
    assert after.shortfalls != ()


def log_odds(score: float) -> float:
    return log(score / (1 - score))


def test_the_same_lessons_give_the_same_reader(tmp_path: Path) -> None:
    taught = lessons(FALSE_ALARM, 8, is_claim=False)
    one, two = teach_new(tmp_path / "1", taught), teach_new(tmp_path / "2", taught)
    assert one.version == two.version
    assert one.version != teach_new(tmp_path / "3", taught[:6]).version


def test_a_taught_reader_without_its_weights_is_refused(tmp_path: Path) -> None:
    teach_new(tmp_path, lessons(FALSE_ALARM, 8, is_claim=False))
    artefact = load_artefact(tmp_path)
    arrays = {key: value for key, value in artefact.arrays.items() if key != "learned_weights"}
    save_artefact(tmp_path, arrays, artefact.card)
    with pytest.raises(ArtefactIncompatibleError):
        ClaimReader.load(tmp_path)
