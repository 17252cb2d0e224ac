"""Anything may come in: there is an answer or a clear refusal, in bounded time."""

from time import perf_counter

import pytest

from models.normalise import MAX_CHARACTERS, normalise
from models.reader import ClaimReader, ReadingInput
from monitor.domain import DocumentKind
from monitor.errors import InputTooLargeError


@pytest.fixture(scope="module")
def reader() -> ClaimReader:
    """Give the working reader."""
    return ClaimReader.load()


STRANGE = {
    "nothing": "",
    "blanks": " \t\n\u3000" * 50,
    "one sign": "欠" * 50_000,
    "pay again and again": "工资" * 30_000,
    "numbers": "1" * 50_000,
    "chinese numbers": "一二三万" * 10_000,
    "firms": "公司" * 20_000,
    "commas": "，" * 50_000,
    "control signs": "".join(map(chr, range(32))) * 500,
    "another script": "Мне не платят зарплату. " * 500 + "لم أستلم راتبي" * 200,
    "half a surrogate": "老板\ud83d欠工资\udc00不给" * 100,
    "markup": "<p>老板<b>拖欠</b>工资</p><script>alert(1)</script>" * 300,
    "emoji": "😭🙏" * 5_000,
    "months": "12个月" * 10_000,
    "no stop": "我们在工地干活老板不给工资" * 3_000,
}


@pytest.mark.parametrize("name", sorted(STRANGE))
def test_strange_text_is_answered_in_bounded_time(reader: ClaimReader, name: str) -> None:
    started = perf_counter()
    reading = reader.assess("", STRANGE[name])
    assert 0.0 <= reading.score <= 1.0
    assert reading.kind in set(DocumentKind)
    assert perf_counter() - started < 10


def test_a_text_of_five_megabytes_is_refused_clearly(reader: ClaimReader) -> None:
    with pytest.raises(InputTooLargeError, match="at most"):
        reader.assess("", "工资没发。" * (MAX_CHARACTERS // 4))


def test_a_strange_title_is_read_as_well(reader: ClaimReader) -> None:
    assert reader.assess("\ud800\x01\x00", "老板拖欠工资三个月不给").kind is DocumentKind.CLAIM


def test_no_text_is_unrelated_and_says_nothing(reader: ClaimReader) -> None:
    reading = reader.assess("", "")
    assert reading.kind is DocumentKind.UNRELATED
    assert reading.why == ()


def test_reading_many_is_reading_each(reader: ClaimReader) -> None:
    items = [ReadingInput("", text) for text in ("老板欠薪三个月不给", "路灯坏了", "工资已经结清")]
    assert reader.assess_many(items) == [reader.assess("", item.text) for item in items]
    assert [score.kind for score in reader.score_many(items)] == [
        reading.kind for reading in reader.assess_many(items)
    ]


def test_no_texts_give_no_readings(reader: ClaimReader) -> None:
    assert reader.assess_many([]) == []
    assert reader.score_many([]) == []


@pytest.mark.parametrize("text", sorted(STRANGE.values()))
def test_normalising_keeps_every_place(text: str) -> None:
    assert len(normalise(text)) == len(text)
