"""How the reader reads: concepts, sentences, reasons and the corpus it learns from."""

from collections.abc import Sequence
from itertools import islice

import pytest

from models.asides import drop_and_mark, without_marks
from models.concepts import concept_table, load_compounds, load_lexicon
from models.corpus.generate import DEFAULT_MESSAGES, generate_messages
from models.features import Hot, hot_sentences, letters_of, shape_of
from models.normalise import normalise
from models.reader import ClaimReader
from models.relations import weigh
from models.segment import segment
from monitor.domain import DocumentKind, Sentiment


@pytest.fixture(scope="module")
def reader() -> ClaimReader:
    """Give the working reader."""
    return ClaimReader.load()


def letters(text: str) -> str:
    """Write a text as concept letters."""
    return letters_of(segment(normalise(text)))


def test_a_word_belongs_to_the_first_concept_that_lists_it() -> None:
    first: dict[str, str] = {}
    for code, words in load_lexicon().values():
        for word in words:
            first.setdefault(word, code)
    compounds, table = load_compounds(), concept_table()
    assert all(table[word] == compounds.get(word, code) for word, code in first.items())


@pytest.mark.parametrize(
    "word", ["上访", "横幅", "记者", "法院", "狗官", "四川", "女人", "彝族", "谢谢"]
)
def test_words_about_protest_or_person_stand_for_nothing(word: str) -> None:
    assert concept_table()[word] == ""


def cut(words: Sequence[str], codes: Sequence[str]) -> list[Hot]:
    return hot_sentences(words, codes, without_marks("".join(codes)), beside_pay=True)


def test_only_sentences_that_name_pay_are_read() -> None:
    words, codes, _ = drop_and_mark(segment("路灯坏了没人修。工资三个月没发。孩子上学远。"))
    assert [hot.letters for hot in cut(words, codes)] == [letters("工资三个月没发")]


def test_words_are_learned_from_clauses_that_say_something_only() -> None:
    words, codes, _ = drop_and_mark(segment("工资三个月没发，昨日下雨，去上访"))
    [hot] = cut(words, codes)
    assert set(hot.words) == {"工资", "三个月", "没发"}


def test_long_sentences_are_cut_into_windows_with_their_own_words() -> None:
    clauses = [f"第{at}处工地的工资没有发放给工人们" for at in "一二三四五六七八九"]
    words, codes, _ = drop_and_mark(segment("，".join([*clauses, "加班费也没有"])))
    windows = cut(words, codes)
    assert len(windows) > 1
    assert "加班费" in windows[-1].words
    assert "加班费" not in windows[0].words


def test_not_owing_weighs_less_than_owing() -> None:
    assert weigh(letters("公司拖欠工人工资"))[0] > weigh(letters("公司不得拖欠工人工资"))[0] + 2


def test_a_claim_is_found_in_the_last_line_of_a_long_letter(reader: ClaimReader) -> None:
    long = "村口的路坑坑洼洼，下雨全是泥，学生上学很危险，希望早日修好。" * 40
    assert reader.assess("修路", long).kind is DocumentKind.UNRELATED
    assert reader.assess("修路", long + "另外厂里拖欠我三个月工资一直不给。").kind is (
        DocumentKind.CLAIM
    )


def test_every_reason_stands_in_the_text(reader: ClaimReader) -> None:
    text = "包工头拖欠我们十五个工人工资三万八，到现在一分没给。"
    why = reader.assess("", text).why
    assert why[0].weight > 0
    assert all(evidence.text in text for evidence in why)


def test_need_is_told_from_complaint(reader: ClaimReader) -> None:
    complaint = reader.assess("", "公司拖欠我两个月工资不给")
    distress = reader.assess("", "公司拖欠我两个月工资不给，家里揭不开锅，孩子没钱看病")
    assert complaint.sentiment is Sentiment.COMPLAINT
    assert distress.sentiment is Sentiment.DISTRESS
    assert reader.assess("", "工资已经全部结清，谢谢").sentiment is Sentiment.THANKS


def test_traditional_and_full_width_signs_are_read(reader: ClaimReader) -> None:
    reading = reader.assess("", "老闆拖欠工資３８０００元沒給")
    assert reading.kind is DocumentKind.CLAIM
    assert reading.facts.amount_yuan is not None
    assert reading.facts.amount_yuan.value == 38000


def test_the_same_seed_writes_the_same_messages() -> None:
    assert list(islice(generate_messages(200), 200)) == list(generate_messages(200))


def test_held_back_templates_are_not_used() -> None:
    kept = {piece.text for m in generate_messages(300, without_fold=0) for piece in m.pieces}
    held = {piece.text for m in generate_messages(300, only_fold=0) for piece in m.pieces}
    assert kept != held


@pytest.mark.slow
def test_the_corpus_is_large_and_speaks_of_every_kind() -> None:
    messages = list(generate_messages())
    assert len(messages) == DEFAULT_MESSAGES
    assert len({message.text for message in messages}) >= 8_000
    assert {message.kind for message in messages} == set(DocumentKind)


def test_an_empty_text_has_no_sentences() -> None:
    assert shape_of("", "").sentences == ()
