"""No pattern of the reader takes more than its time, whatever a page holds."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import spiders
from spiders.masking_sought import Sought

LENGTH = 8_000
SUSPICIOUS_SECONDS = 0.1
# What patterns are made of: runs of one character and of pairs, with an end that fits nothing.
PIECES = (
    "1", "a", "A", " ", "\n", "-", ".", "=", "<", "&", "#", "0x", "&#", "<meta ", "<a", "中",
    "我叫", "电话", "13", "1 ", "1-", "，", "1,", "路1", "号", "省市", "〔", "年1", "李李", "、李",
    "()", "（记者", "作者：", "@a", "a@", "a.", "回复 ", "charset=", "<?xml ", "发表于 ", "[", "]]",
)  # fmt: skip
# Only ever asked whether they match the whole of a short text: a rule of ours, or one tag.
WHOLE = frozenset(
    {
        "spiders.families.paging._GROWING",
        "spiders.scrambling._SMALL_NUMBER",
        "spiders.scrambling._TAG",
    }
)


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    for module in pkgutil.walk_packages(spiders.__path__, "spiders."):
        loaded = importlib.import_module(module.name)
        for name, value in sorted(vars(loaded).items()):
            if isinstance(value, re.Pattern):
                yield f"{module.name}.{name}", value
            elif isinstance(value, Sought):
                for part in ("pattern", "needs", "begins"):
                    pattern = getattr(value, part)
                    if pattern is not None:
                        yield f"{module.name}.{name}.{part}", pattern


FOUND = dict(patterns())


def test_there_are_patterns_to_look_at() -> None:
    assert len(FOUND) > 30


def seconds(name: str, piece: str, length: int) -> float:
    pattern = FOUND[name]
    text = piece * (length // len(piece)) + "\x00"
    given: str | bytes = text.encode() if isinstance(pattern.pattern, bytes) else text
    began = time.process_time()
    if name in WHOLE:
        pattern.fullmatch(given)  # type: ignore[arg-type]
        return time.process_time() - began
    for _ in pattern.finditer(given):  # type: ignore[arg-type]
        pass
    return time.process_time() - began


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", FOUND)
def test_a_pattern_takes_time_in_proportion_to_the_text(name: str) -> None:
    for piece in PIECES:
        if seconds(name, piece, LENGTH) < SUSPICIOUS_SECONDS:
            continue
        # Slow, or only a slow machine: twice the text must not take much more than twice the time.
        once = min(seconds(name, piece, LENGTH) for _ in range(3))
        twice = min(seconds(name, piece, 2 * LENGTH) for _ in range(3))
        assert twice < 3 * max(once, SUSPICIOUS_SECONDS / 4), f"{piece!r}: {once:.2f}, {twice:.2f}"
