"""One entry of a feed or of a list."""

import html
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from tests.pages.making.kinds import NOW, Wanted, ago, iso
from tests.pages.making.words import REPORTERS, Said, article

BLOG = "http://blog.qinghe.example/"


class Entry:
    """One entry of a feed or a list."""

    def __init__(self, number: int, **over: Any) -> None:
        """Take the number's words."""
        self.number = number
        self.said: Said = over.get("said", article(number))
        self.at: datetime = over.get("at", ago(days=1 + number % 20, hours=3, seconds=number % 60))
        self.url = over.get("url", f"{BLOG}?p={number}")
        self.guid = over.get("guid", self.url)
        self.key = over.get("key", f"a{number}")
        self.precision = over.get("precision", "second")
        self.author = REPORTERS[number % len(REPORTERS)]

    @property
    def content(self) -> str:
        """The whole text as markup."""
        return "".join(
            f"<p>{html.escape(each, quote=False)}</p>\n" for each in self.said.paragraphs
        )

    def item(self) -> dict[str, Any]:
        """What the list must tell of it."""
        return {"key": self.key, "title": self.said.title, "url": self.url}

    def wanted(self) -> Wanted:
        """What must be read of it."""
        return Wanted(
            f"{self.key}/article",
            "article",
            self.said.title,
            self.said.text,
            iso(self.at, self.precision),
            self.precision,
        )


def entries(start: int, count: int = 5, **over: Any) -> list[Entry]:
    """A run of entries."""
    return [Entry(number, **over) for number in range(start, start + count)]


def rss(
    found: list[Entry],
    *,
    whole: bool = True,
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>',
    date: str = "",
    extra: str = "",
) -> str:
    """Write RSS 2.0."""
    parts = []
    for each in found:
        content = f"<content:encoded><![CDATA[{each.content}]]></content:encoded>" if whole else ""
        shown = each.at.strftime(date) if date else format_datetime(each.at.astimezone(UTC))
        parts.append(
            f"\t<item>\n\t\t<title>{html.escape(each.said.title)}</title>\n\t\t<link>{html.escape(each.url)}</link>\n\t\t<dc:creator><![CDATA[{each.author}]]></dc:creator>\n"
            f'\t\t<pubDate>{shown}</pubDate>\n\t\t<category><![CDATA[未分类]]></category>\n\t\t<guid isPermaLink="false">{html.escape(each.guid)}</guid>\n'
            f"\t\t<description><![CDATA[摘要 [&#8230;]]]></description>\n\t\t{content}\n{extra}\t</item>\n"
        )
    spaces = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
    return f'{declaration}<rss version="2.0" {spaces}>\n<channel>\n\t<title>清河工友之家</title>\n\t<link>{BLOG}</link>\n\t<description>讨薪、维权</description>\n\t<lastBuildDate>{format_datetime(NOW.astimezone(UTC))}</lastBuildDate>\n{"".join(parts)}</channel>\n</rss>\n'
