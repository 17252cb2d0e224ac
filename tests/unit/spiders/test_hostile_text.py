"""No pattern of the reader takes more than its time, whatever a page holds."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import spiders

LENGTH = 8_000
SECONDS = 0.25
# What patterns are made of: runs of one character and of pairs, with an end that fits nothing.
PIECES = (
    "1", "a", "A", " ", "\n", "-", ".", "=", "<", "&", "#", "0x", "&#", "<meta ", "<a", "中",
    "我叫", "电话", "13", "1 ", "1-", "，", "1,", "路1", "号", "省市", "〔", "年1", "李李", "、李",
    "()", "（记者", "作者：", "@a", "a@", "a.", "回复 ", "charset=", "<?xml ", "发表于 ", "[", "]]",
)  # fmt: skip


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    for module in pkgutil.walk_packages(spiders.__path__, "spiders."):
        loaded = importlib.import_module(module.name)
        for name, value in sorted(vars(loaded).items()):
            if isinstance(value, re.Pattern):
                yield f"{module.name}.{name}", value


FOUND = dict(patterns())


def test_there_are_patterns_to_look_at() -> None:
    assert len(FOUND) > 30


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", FOUND)
def test_a_pattern_takes_time_in_proportion_to_the_text(name: str) -> None:
    pattern = FOUND[name]
    slowest = 0.0
    for piece in PIECES:
        text = piece * (LENGTH // len(piece)) + "\x00"
        began = time.process_time()
        if isinstance(pattern.pattern, bytes):
            list(pattern.finditer(text.encode()))
        else:
            list(pattern.finditer(text))
        slowest = max(slowest, time.process_time() - began)
    assert slowest < SECONDS, f"{slowest:.2f} s for {LENGTH} characters"
