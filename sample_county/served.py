"""What the server answers, before it meets the network, and what it knows of who asks."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
"""All page templates; values are escaped unless they are Markup."""

_ROBOT_WORDS = ("bot", "crawl", "spider", "slurp")
# A part of the forum software's own list: any of these inside the user agent gets the touch pages.
_PHONE_WORDS = ("phone", "mobile", "wap", "java", "series", "sony", "samsung", "huawei", "nokia",
                "android", "maui", "bird", "spice", "lg", "nec", "tcl", "mot", "alcatel", "haier",
                "benq")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, and when; `prefix` is the path before forum.php, as in /forum/."""

    now: datetime
    agent: str = ""
    has_cookie: bool = False

    @property
    def is_robot(self) -> bool:
        """Whether the forum software takes this user agent for a robot."""
        return any(word in self.agent.lower() for word in _ROBOT_WORDS)

    @property
    def is_phone(self) -> bool:
        """Whether the forum software takes it for a phone, by any of its short words."""
        agent = self.agent.lower()
        return not self.is_robot and any(word in agent for word in _PHONE_WORDS)


@dataclass(frozen=True, slots=True)
class Served:
    """One answer: the bytes, their type with the charset that it declares, and more headers."""

    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()


def redirect(address: str, status: int = 302) -> Served:
    """Answer with a redirect."""
    return Served(b"", status=status, headers={"location": address})


def encode(text: str, charset: str) -> bytes:
    """Encode a page; what the charset lacks becomes a numeric reference."""
    return text.encode(charset, "xmlcharrefreplace")
