"""What a page of the corpus is: its bytes as text, how it is sent, and what must be read of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

SHANGHAI = timezone(timedelta(hours=8))
NOW = datetime(2026, 11, 23, 12, 30, tzinfo=SHANGHAI)
"""When every page of the corpus was "fetched"."""

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    undefined=StrictUndefined,
    autoescape=False,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)


@dataclass(slots=True)
class Wanted:
    """A document that must be read."""

    key: str
    role: str
    title: str
    text: str
    published_at: str
    precision: str
    extraction: str = "rules"


@dataclass(slots=True)
class Saved:
    """One page of the corpus. `sent` are the fields of the TOML file that say how it is sent."""

    name: str
    family: str
    read: str
    url: str
    text: str
    key: str = ""
    sent: dict[str, Any] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)
    error: str = ""
    documents: list[Wanted] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    next_url: str = ""
    absent: list[str] = field(default_factory=list)
    ending: str = "html"

    def spec(self) -> Iterator[str]:
        """Give the lines of the TOML file."""
        yield f"family = {quoted(self.family)}"
        yield f"read = {quoted(self.read)}"
        yield f"url = {quoted(self.url)}"
        for name, value in {
            "key": self.key,
            "error": self.error,
            "next_url": self.next_url,
        }.items():
            if value:
                yield f"{name} = {quoted(value)}"
        for name, value in self.sent.items():
            yield f"{name} = {value if isinstance(value, int) else quoted(value)}"
        if self.absent:
            yield f"absent = [{', '.join(map(quoted, self.absent))}]"
        if self.rules:
            yield ""
            yield "[rules]"
            yield from (f"{name} = {quoted(rule)}" for name, rule in self.rules.items())
        for item in self.items:
            yield ""
            yield "[[items]]"
            for name, value in item.items():
                yield f"{name} = {'true' if value is True else quoted(value)}"
        for document in self.documents:
            yield ""
            yield "[[documents]]"
            for name in ("key", "role", "title", "published_at", "precision"):
                yield f"{name} = {quoted(getattr(document, name))}"
            if document.extraction != "rules":
                yield f"extraction = {quoted(document.extraction)}"
            yield f"text = {quoted(document.text)}"


def quoted(value: Any) -> str:
    """Write a TOML string in one line."""
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def fill(template: str, **fields: Any) -> str:
    """Fill a template."""
    return TEMPLATES.get_template(template).render(**fields)


def ago(**how: float) -> datetime:
    """A time before the fetching, in Shanghai."""
    return NOW - timedelta(**how)


def iso(at: datetime, precision: str = "second") -> str:
    """Write a time as the TOML file has it, cut to what the page tells."""
    cut = {
        "second": at,
        "minute": at.replace(second=0),
        "hour": at,
        "day": at.replace(hour=0, minute=0, second=0),
        "year_guessed": at.replace(second=0),
    }[precision]
    return cut.isoformat()
