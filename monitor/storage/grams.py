"""How a text is cut for searching: pairs of neighbouring characters, which need no dictionary."""

import re

_RUNS = re.compile(r"\w+")
SHORTEST = 2
"""The shortest phrase that can be looked for."""


def cut_grams(text: str | None) -> str:
    """Cut a text into its pairs of characters, in order, parted by spaces.

    Each run of letters, digits or Chinese characters is cut by itself; a run of one character is
    kept whole. Cases are levelled, so that WeChat and wechat are found alike.
    """
    pieces: list[str] = []
    for run in _RUNS.findall((text or "").casefold()):
        pieces += [run[at : at + 2] for at in range(len(run) - 1)] or [run]
    return " ".join(pieces)
