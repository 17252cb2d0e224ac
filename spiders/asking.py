"""How a place is asked: an address, and for lists behind a form what is posted to it. Pure.

Paging, the table of known addresses and the logs all deal in addresses. So a form rides behind the
address, after `#post:` (`name=value&…`) or `#json:` (a JSON body), where no server ever sees it.
Dates may stand in for a part of either, because many offices' lists want a range of days:
`{day}` is today in Asia/Shanghai, `{day-30}` thirty days ago, `{moment-30}` the midnight (UTC)
thirty days ago in ISO 8601, for `modified_after`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from monitor.domain import SHANGHAI

_FORM = re.compile(r"#(post|json):")
_DATE = re.compile(r"\{(day|moment)(?:-(\d{1,4}))?\}")
_TYPES = {"post": "application/x-www-form-urlencoded", "json": "application/json"}


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: where to, how, and what is sent along."""

    url: str
    method: str = "GET"
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def ask_of(address: str, now: datetime) -> Ask:
    """Turn an address into what is sent; `now` (UTC) fills in the dates."""
    filled = _DATE.sub(lambda match: _written(match[1], int(match[2] or 0), now), address)
    url, kind, form = _parted(filled)
    if not kind:
        return Ask(url)
    headers = {"Content-Type": _TYPES[kind], "X-Requested-With": "XMLHttpRequest"}
    return Ask(url, "POST", form.encode(), headers)


def answered_as(asked: str, answered: str) -> str:
    """Return the address of the answer, with the form that was sent to get it."""
    _, kind, form = _parted(asked)
    return f"{answered}#{kind}:{form}" if kind else answered


def with_form(url: str, form: str) -> str:
    """Join an address and its form; a form that begins with a brace is sent as JSON."""
    if not form:
        return url
    kind = "json" if form.lstrip().startswith("{") and not _DATE.match(form.lstrip()) else "post"
    return f"{url}#{kind}:{form}"


def form_of(address: str) -> tuple[str, str]:
    """Return the bare address and the form behind it; the form is empty for a plain GET."""
    url, _, form = _parted(address)
    return url, form


def _parted(address: str) -> tuple[str, str, str]:
    match = _FORM.search(address)
    if match is None:
        return address, "", ""
    return address[: match.start()], match[1], address[match.end() :]


def _written(kind: str, days_ago: int, now: datetime) -> str:
    if kind == "day":
        return (now.astimezone(SHANGHAI) - timedelta(days=days_ago)).strftime("%Y-%m-%d")
    midnight = now.astimezone(UTC) - timedelta(days=days_ago)
    return midnight.strftime("%Y-%m-%dT00:00:00Z")
