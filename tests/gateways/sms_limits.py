"""What both SMS vendors check: numbers, lengths in characters, variables, counts a number."""

import math
import re

NUMBER = re.compile(r"(\+86)?1[3-9]\d{9}")
MOST_VARIABLE = 35
ADDRESS = re.compile(r"https?:|www\.|\.(com|cn|net)\b", re.IGNORECASE)


def count_parts(text: str) -> int:
    """70 characters in one, 67 in each of several; every character counts one, Chinese or not."""
    return 1 if len(text) <= 70 else math.ceil(len(text) / 67)


def find_bad_variable(values: list[str]) -> str | None:
    """The first variable that is too long or holds an address; None when all are well."""
    for value in values:
        if len(value) > MOST_VARIABLE or ADDRESS.search(value):
            return value
    return None
