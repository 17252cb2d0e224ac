"""How alike two texts are: MinHash signatures of their 3-character pieces. Pure.

Only words are compared. Who wrote them is not known here, and cannot be.
"""

import re
from array import array
from dataclasses import dataclass

from rensa import RMinHash

ALGORITHM = "rensa-rminhash-96-3gram-1"
"""Kept beside every signature: those of another algorithm or library version are not compared."""

_PERMUTATIONS = 96
_BANDS = 16
_ROWS = _PERMUTATIONS // _BANDS
_SEED = 20_260_501
_PIECE = 3
_NOISE = re.compile(r"[\s\W_]+|〔[^〕]{1,6}〕")
_MOST_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Signature:
    """96 numbers of 32 bits, little-endian, and the 16 bands by which likely twins are found.

    Two texts with 70 % common pieces share a band in 87 % of cases, with 80 % in 99 %.
    """

    numbers: bytes
    bands: tuple[int, ...]


def sign(text: str) -> Signature | None:
    """Sign a text; None when it is too short (under 12 characters) to say that two are the same."""
    clean = _NOISE.sub("", text[:_MOST_CHARACTERS])
    if len(clean) < 4 * _PIECE:
        return None
    pieces = {clean[start : start + _PIECE] for start in range(len(clean) - _PIECE + 1)}
    minhash = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    minhash.update(sorted(pieces))
    numbers = array("I", minhash.digest())
    return Signature(numbers.tobytes(), tuple(_band(numbers, band) for band in range(_BANDS)))


def _band(numbers: "array[int]", band: int) -> int:
    # FNV-1a over the rows: stable over processes (hash() is not), and fits a signed 64-bit column.
    value = 0xCBF29CE484222325 ^ band
    for number in numbers[band * _ROWS : (band + 1) * _ROWS]:
        value = ((value ^ number) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value - (1 << 64) if value >= 1 << 63 else value


def estimate_share(one: bytes, other: bytes) -> float:
    """Estimate the share of common pieces of two signed texts, in [0, 1]."""
    first, second = array("I", one), array("I", other)
    return sum(a == b for a, b in zip(first, second, strict=True)) / len(first)
