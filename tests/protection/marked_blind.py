"""Messages written whole, not made from templates, to measure the mask on what it was not tuned on.

`marked/blind-1.txt` and `blind-2.txt` were both written before either was measured. A batch is
blind once; after somebody has looked at what it missed, it is a set like the others.
"""

import re
from collections.abc import Iterator

from tests.protection.marked_set import FOLDER, Marked

BATCHES = ("blind-1", "blind-2", "blind-3")
FORM = "written"
_MARK = re.compile(
    r"\{(?P<personal>[a-z]+)\|(?P<value>[^}]*)\}|\[(?P<kept>[a-z]+)\|(?P<stays>[^]]*)\]"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def read_batch(batch: str) -> Iterator[Marked]:
    """Read a batch: one message a line; values carry (start, end, kind, form)."""
    lines = (FOLDER / f"{batch}.txt").read_text("utf-8").splitlines()
    messages = [line.replace("\\n", "\n") for line in lines if line and not line.startswith("#")]
    for number, line in enumerate(messages):
        yield _read_message(f"{batch}-{number}", line)


def _read_message(number: str, line: str) -> Marked:
    pieces: list[str] = []
    personal, kept = [], []
    length = done = 0
    for found in _MARK.finditer(line):
        before = line[done : found.start()]
        done = found.end()
        length += len(before)
        if found["kept"]:
            value = found["stays"]
            kept.append((length, length + len(value), found["kept"]))
        else:
            value = _with_check_digit(found["personal"], found["value"])
            personal.append((length, length + len(value), found["personal"], FORM))
        pieces += [before, value]
        length += len(value)
    pieces.append(line[done:])
    return Marked(number, "".join(pieces), tuple(personal), tuple(kept))


def _with_check_digit(kind: str, value: str) -> str:
    """Put the right check digit where the writer of the batch left a star, as wide as the rest."""
    if kind not in {"identity", "card"} or value[-1] not in "*＊":
        return value
    digits = [int(sign) for sign in value if sign.isdecimal()]
    found = _identity_check(digits) if kind == "identity" else _luhn_check(digits)
    return value[:-1] + (found.translate(_WIDE) if value[-1] == "＊" else found)


def _identity_check(digits: list[int]) -> str:
    """The last sign of an identity number after GB 11643."""
    total = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def _luhn_check(digits: list[int]) -> str:
    """The last digit of a card number after ISO/IEC 7812."""
    doubled = [digit * 2 if at % 2 == 0 else digit for at, digit in enumerate(reversed(digits))]
    return str(-sum(digit // 10 + digit % 10 for digit in doubled) % 10)
