"""The cheap scans before the mask's patterns never change what is found."""

import random
import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders import (
    masking_accounts,
    masking_homes,
    masking_name_shapes,
    masking_name_signs,
    masking_nicknames,
    masking_numbers,
)
from spiders.masking_sought import Sought
from spiders.masking_spans import _SPOKEN, _WIDTH, Reading
from spiders.masking_words import ENDS_OFFICE, OFFICE_BEFORE
from tests.protection.measure_masking import PARTS, list_messages

MODULES = (masking_accounts, masking_homes, masking_name_signs, masking_nicknames, masking_numbers)
PATTERNS = {
    f"{module.__name__}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, Sought)
}
assert len(PATTERNS) > 20


def readings() -> Iterator[Reading]:
    """The marked messages, and pieces of them beside each other."""
    texts = [message.text for part in PARTS for message in list_messages(part)]
    yield from map(Reading.of, texts)
    chance = random.Random(20261125)
    for _ in range(800):
        pieces = []
        for text in chance.choices(texts, k=4):
            start = chance.randrange(len(text))
            pieces.append(text[start : start + chance.randint(1, 14)])
        yield Reading.of("".join(pieces))


READINGS = list(readings())


def spans_without_scans(sought: Sought, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in sought.pattern.finditer(text)]


def spans(sought: Sought, text: str) -> list[tuple[int, int]]:
    return [match.span() for match in sought.finditer(text)]


@pytest.mark.parametrize("name", PATTERNS)
def test_scans_find_the_same_in_the_messages(name: str) -> None:
    sought = PATTERNS[name]
    for reading in READINGS:
        for text in {reading.plain, reading.spoken}:
            assert spans(sought, text) == spans_without_scans(sought, text), text


@pytest.mark.parametrize("name", PATTERNS)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_scans_find_the_same_in_what_the_pattern_itself_describes(
    name: str, data: st.DataObject
) -> None:
    sought = PATTERNS[name]
    pieces = st.from_regex(sought.pattern) | st.sampled_from(READINGS).map(lambda one: one.plain)
    text = "".join(data.draw(st.lists(pieces, min_size=1, max_size=3)))
    assert spans(sought, text) == spans_without_scans(sought, text)


@settings(max_examples=120, deadline=None)
@given(st.from_regex(OFFICE_BEFORE))
def test_words_of_an_office_end_with_the_characters_that_are_looked_at(text: str) -> None:
    assert OFFICE_BEFORE.search(text)
    assert masking_name_shapes.is_of_office(text, len(text)) == bool(
        OFFICE_BEFORE.search(text, max(0, len(text) - 10))
    )
    assert text[-1] in ENDS_OFFICE or text[-1].isspace()


CHARACTERS = st.sampled_from(sorted(map(chr, {*_WIDTH, *_SPOKEN})))


@settings(max_examples=120, deadline=None)
@given(st.text(CHARACTERS | st.characters(), max_size=120))
def test_a_reading_is_what_the_tables_say(text: str) -> None:
    plain = text.translate(_WIDTH)
    assert Reading.of(text) == Reading(plain, plain.translate(_SPOKEN))


@pytest.mark.parametrize(
    ("scans", "pattern", "form"),
    [
        (
            (masking_homes._MAY_INTRODUCE, masking_homes._MAY_BE_DOOR),
            masking_homes._INTRODUCED,
            "spoken",
        ),
        ((masking_accounts._MAY_HAVE_HANDLE,), masking_accounts._WECHAT, "plain"),
        ((masking_accounts._MAY_HAVE_HANDLE,), masking_accounts._HANDLE, "plain"),
        ((masking_accounts._MAY_HAVE_HANDLE,), masking_accounts._WXID, "plain"),
        ((masking_accounts._MAY_BEGIN_QQ,), masking_accounts._QQ, "spoken"),
        ((masking_numbers._MAY_RUN,), masking_numbers._RUN, "plain"),
        ((masking_numbers._MAY_RUN,), masking_numbers._RUN_SPOKEN, "spoken"),
    ],
    ids=("home", "wechat", "handle", "wxid", "qq", "run", "run-spoken"),
)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_whatever_matches_passes_the_scans(scans, pattern, form, data) -> None:  # type: ignore[no-untyped-def]
    texts = st.from_regex(pattern) | st.sampled_from(READINGS).map(lambda one: getattr(one, form))
    text = data.draw(texts)
    if pattern.search(text):
        assert all(scan.search(text) for scan in scans)


def test_every_word_of_an_office_is_seen() -> None:
    written = re.findall("[\u4e00-\u9fff]+", OFFICE_BEFORE.pattern)
    for word in {*written, *(each[:-1] for each in written)}:
        if OFFICE_BEFORE.search(word):
            assert masking_name_shapes.is_of_office(word, len(word)), word
