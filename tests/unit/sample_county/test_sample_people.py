"""Invented numbers look real, sums mean what they say, and all that is served is listed."""

import re
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from sample_county.nouns import Secret
from sample_county.people import make_card, make_identity, make_phone, spell_phone
from sample_county.secrets import served_secrets
from sample_county.spellings import bank_number, chinese_number
from sample_county.world import World
from tests.unit.sample_county.county_clock import NOON

_DIGITS = {c: v for v, c in enumerate("零一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def read_chinese(text: str) -> int:
    total = section = digit = 0
    for character in text:
        if character == "万":
            total, section, digit = (total + section + digit) * 10_000, 0, 0
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + section + digit


@given(st.integers(1, 99_999_999))
def test_a_number_in_characters_reads_back(value: int) -> None:
    assert read_chinese(chinese_number(value)) == value


@pytest.mark.parametrize(
    ("value", "written"),
    [(36_000, "叁万陆仟"), (120, "壹佰贰拾"), (12, "壹拾贰"), (10_050, "壹万零伍拾")],
)
def test_a_sum_is_written_as_on_a_receipt(value: int, written: str) -> None:
    assert bank_number(value) == written


@given(st.randoms(use_true_random=False))
def test_numbers_have_valid_check_digits(rng: Random) -> None:
    assert luhn.is_valid(make_card(rng))
    identity = make_identity(rng)
    assert ric.calc_check_digit(identity) == identity[-1]
    assert ric.get_birth_date(identity).year < 2004
    assert re.fullmatch(r"1[3-9]\d{9}", make_phone(rng))


def test_a_phone_number_is_spelt_in_many_ways() -> None:
    rng = Random(1)
    spellings = {spell_phone(rng, "13800138000") for _ in range(300)}
    assert {
        "13800138000",
        "138-0013-8000",
        "１３８００１３８０００",
        "一三八零零一三八零零零",
    } <= spellings


def test_every_personal_value_of_every_item_is_listed_even_after_an_edit(world: World) -> None:
    world.advance(NOON + timedelta(hours=1))
    secrets = set(served_secrets(world))
    for item in world.list_items():
        for post in item.posts:
            assert set(post.secrets) <= secrets
            assert Secret("handle", post.author.handle) in secrets
            assert Secret("name", post.author.name) in secrets
            for secret in post.secrets:
                assert secret.kind == "phone" or secret.value in post.text or post.edited_at
    phones = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
    listed = {secret.value for secret in secrets}
    found = [m for p in world.posted_items() for m in phones.findall(p.text)]
    assert found
    assert set(found) <= listed


def test_no_personal_value_stands_by_accident_in_a_text(world: World) -> None:
    world.advance(NOON + timedelta(hours=2))
    names = {s.value for s in served_secrets(world) if s.kind in ("name", "handle")}
    for item in world.list_items():
        for post in item.posts:
            said = f"{item.title}\n{post.text}"
            for secret in post.secrets:
                said = said.replace(secret.value, "")
            assert not [name for name in names if name in said]
