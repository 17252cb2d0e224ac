"""The ledger's filter, from an address and back: a list can be kept and shared as a link (pure)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from monitor.desk.views import AgeBand, CaseFilter, WaitingGroup
from monitor.domain import CaseState, UrgencyLevel
from monitor.errors import InputError

LONGEST_SEARCH = 100
LAST_PAGE = 1_000_000

Choice = TypeVar("Choice", bound=StrEnum)


def parse_filter(query: Mapping[str, str]) -> CaseFilter:
    """Read a filter from an address's query; an empty value means no restriction.

    Raises:
        InputError: A value is none of those that the pages write.
    """
    text = "".join(letter for letter in query.get("q", "") if letter.isprintable()).strip()
    return CaseFilter(
        state=parse_choice(CaseState, query.get("state", "")),
        level=parse_level(query.get("level", "")),
        group=parse_choice(WaitingGroup, query.get("group", "")),
        age=parse_choice(AgeBand, query.get("age", "")),
        text=text[:LONGEST_SEARCH],
        page=parse_page(query.get("page", "")),
    )


def parse_choice(kind: type[Choice], text: str) -> Choice | None:
    """Read a member of a closed list."""
    if not text:
        return None
    try:
        return kind(text)
    except ValueError as error:
        raise unreadable(text) from error


def unreadable(text: str) -> InputError:
    """The complaint about a value that no page of ours writes."""
    return InputError("地址里的“%(value)s”看不懂，请从页面上重新选择。", value=text[:40])


def parse_level(text: str) -> UrgencyLevel | None:
    """Read an urgency, 1 to 4."""
    if not text:
        return None
    if text not in {"1", "2", "3", "4"}:
        raise unreadable(text)
    return UrgencyLevel(int(text))


def parse_page(text: str) -> int:
    """Read a page's number, from 1."""
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= LAST_PAGE):
        raise unreadable(text)
    return int(text[:9])


def ledger_address(wanted: CaseFilter, page: int = 1) -> str:
    """The address under which this filter's list stands."""
    level = str(int(wanted.level)) if wanted.level else ""
    pairs = {
        "state": wanted.state or "",
        "level": level,
        "group": wanted.group or "",
        "age": wanted.age or "",
        "q": wanted.text,
        "page": str(page) if page > 1 else "",
    }
    query = urlencode({name: value for name, value in pairs.items() if value})
    return f"/cases?{query}" if query else "/cases"
