"""JSON as sites send it: loose, wrapped in a callback, with rows under any name."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import chompjs

Row = Mapping[str, Any]
"""One object of an answer."""

_CALLBACK = re.compile(r"^[\w.$]{1,100}\s*\(\s*(.*?)\s*\)\s*;?\s*$", re.DOTALL)
_DEEPEST = 6
_BRACES = ("{", "[")


def looks_like_json(text: str) -> bool:
    """Tell whether an answer is JSON or a script's literal, and no page."""
    shown = text.lstrip("\ufeff \t\r\n")
    if shown.startswith(_BRACES):
        return True
    match = _CALLBACK.match(shown)
    return match is not None and match[1].startswith(_BRACES)


def read_json(text: str) -> Any:
    """Read JSON, or what a browser's script would still understand as a literal.

    Raises:
        ValueError: It is neither.
    """
    shown = text.strip("\ufeff \t\r\n")
    if (match := _CALLBACK.match(shown)) is not None:
        shown = match[1]
    try:
        return json.loads(shown, strict=False)
    except ValueError:
        return chompjs.parse_js_object(shown)


def value_at(found: Any, path: str) -> Any:
    """Return what stands at a path such as `data.rows` or `list.0.name`; None where it ends."""
    for step in path.split("."):
        if isinstance(found, Mapping):
            found = found.get(step)
        elif isinstance(found, Sequence) and not isinstance(found, str) and step.isdigit():
            found = found[int(step)] if int(step) < len(found) else None
        else:
            return None
    return found


def text_at(found: Any, path: str) -> str:
    """Return the value at a path as text; empty for nothing, for lists and for objects."""
    value = value_at(found, path)
    if value is None or isinstance(value, bool | Mapping | list):
        return ""
    return str(value).strip()


def first_text(row: Row, names: Sequence[str]) -> str:
    """Return the first of these fields that says something; case does not matter."""
    lowered = {str(name).lower(): name for name in row}
    for name in names:
        known = lowered.get(name.lower())
        text = text_at(row, known) if known is not None else text_at(row, name)
        if text:
            return text
    return ""


def rows_of(answer: Any, path: str | None) -> list[Row]:
    """Return the rows of an answer: at the path, else the longest list of objects in it."""
    if path is not None:
        found = value_at(answer, path) if path else answer
        return _objects(found) if isinstance(found, list) else []
    return max((_objects(each) for each in _lists_in(answer, 0)), key=len, default=[])


def _objects(found: list[Any]) -> list[Row]:
    return [each for each in found if isinstance(each, Mapping)]


def _lists_in(found: Any, depth: int) -> Iterator[list[Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(found, list):
        yield found
    elif isinstance(found, Mapping):
        for value in found.values():
            yield from _lists_in(value, depth + 1)
