"""An alert as the variables of an approved SMS template. Pure.

The words of an SMS are approved by the vendor beforehand; only the variables are ours. A variable
has at most 35 characters and no address, so an SMS carries no link: its reader answers 1 or opens
the desk. A message of up to 70 characters is one SMS; a longer one is cut into parts of 67.
Source: the vendors' pages on template variables and on the counting of characters.
"""

import math
import re
from collections.abc import Mapping, Sequence

from monitor.domain import AlertCard

LONGEST_VARIABLE = 35
ONE_PART = 70
PART_OF_SEVERAL = 67

NAMES = ("level", "subject", "detail", "number")
"""What a template may ask for, in the order in which a template without names gets them."""

_UNKNOWN = "未说明"
_ADDRESS = re.compile(r"(https?[:：/]*|www\.)\S*|[\w.-]+\.(com|cn|net|org|gov)\b\S*", re.IGNORECASE)
_MARK = re.compile(r"^【[^】]{1,12}】")


def variables_of(card: AlertCard) -> dict[str, str]:
    """Say an alert in four variables: level, subject, detail, number; none is empty."""
    short = card.short
    if short is None:
        title = _MARK.sub("", card.title)
        return {
            "level": "通知",
            "subject": fit_variable(title),
            "detail": "详见值班台",
            "number": _UNKNOWN,
        }
    level = "人命关天" if card.danger_to_life else short.level
    return {
        "level": fit_variable(level),
        "subject": fit_variable(short.subject),
        "detail": fit_variable(short.detail),
        "number": fit_variable(short.number),
    }


def fit_variable(text: str) -> str:
    """Make a value one that the vendors take: at most 35 characters, no address, not empty."""
    words = " ".join(_ADDRESS.sub("", text).split())
    if len(words) > LONGEST_VARIABLE:
        words = words[: LONGEST_VARIABLE - 1] + "…"
    return words or _UNKNOWN


def shorten(
    variables: Mapping[str, str], *, words: str, sign_name: str, most_parts: int
) -> dict[str, str]:
    """Shorten the detail, then the subject, until the whole message has no more than its parts.

    Args:
        variables: As `variables_of` gives them.
        words: The approved text with `{level}` and the like where a variable stands; empty when
            the office did not give it: then nothing is shortened.
        sign_name: The approved signature, which stands before it in 【】.
        most_parts: 1 or more.
    """
    fitted = dict(variables)
    limit = ONE_PART if most_parts == 1 else PART_OF_SEVERAL * most_parts
    for name in ("detail", "subject"):
        excess = len(fill(fitted, words=words, sign_name=sign_name)) - limit
        if not words or excess <= 0:
            break
        kept = max(1, len(fitted[name]) - excess - 1)
        fitted[name] = fitted[name][:kept] + "…"
    return fitted


def fill(variables: Mapping[str, str], *, words: str, sign_name: str) -> str:
    """Write the message as its reader will see it."""
    text = f"【{sign_name}】{words}"
    for name, value in variables.items():
        text = text.replace("{" + name + "}", value)
    return text


def count_parts(text: str) -> int:
    """Count the SMS that a text is sent as, and paid for as."""
    return 1 if len(text) <= ONE_PART else math.ceil(len(text) / PART_OF_SEVERAL)


def find_unknown(names: Sequence[str]) -> list[str]:
    """Name the variables that no alert can fill."""
    return [name for name in names if name not in NAMES]


def is_acknowledgement(text: str) -> bool:
    """Say whether an answer by SMS means: I have it. The figure 1, alone, however it is typed."""
    return text.strip().strip("。.！! 　").translate(str.maketrans("１①", "11")) == "1"


def bare_number(number: str) -> str:
    """Write a mobile number of the mainland in its eleven figures; empty when it is none."""
    figures = re.sub(r"[\s-]", "", number).removeprefix("+86").removeprefix("0086")
    if len(figures) == len("8613800000000"):
        figures = figures.removeprefix("86")
    return figures if re.fullmatch(r"1[3-9]\d{9}", figures) else ""
