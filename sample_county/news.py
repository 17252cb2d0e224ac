"""The news site: static pages with a publication date in the head, and two feeds.

Being static files, pages and feeds carry ETag and Last-Modified, and answer 304 to both.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from math import ceil
from typing import Any

from sample_county.nouns import Item, Site
from sample_county.served import TEMPLATES, Served
from sample_county.views import CHINA, path_of
from sample_county.world import World

ARTICLES_PER_PAGE, FEED_ENTRIES = 8, 20
_SUMMARY = 120


class NewsSite:
    """清河新闻网: newest article first; page two of the list is index_1.html."""

    def __init__(self, world: World) -> None:
        self._world = world

    def list_page(self, number: int, asked: Mapping[str, str]) -> Served | None:
        """Answer list page `number`, from 0; None beyond the end, which is a missing file."""
        articles = self._articles()
        pages = max(1, ceil(len(articles) / ARTICLES_PER_PAGE))
        if number >= pages:
            return None
        shown = articles[number * ARTICLES_PER_PAGE : (number + 1) * ARTICLES_PER_PAGE]
        view = {"articles": [_view(a) for a in shown], "number": number, "pages": pages}
        return self._static("news_list.html", view, articles[:1], asked)

    def article_page(self, item_id: int, path: str, asked: Mapping[str, str]) -> Served | None:
        """Answer the article's page; None when the article, or this path to it, is unknown."""
        item = self._world.find(Site.NEWS, item_id)
        if item is None or path_of(item) != path:
            return None
        return self._static("news_article.html", {"article": _view(item)}, [item], asked)

    def feed(self, name: str, home: str, asked: Mapping[str, str]) -> Served:
        """Answer rss.xml or atom.xml; `home` is the server's address, as feeds name it in full."""
        shown = self._articles()[:FEED_ENTRIES]
        view = {"articles": [_view(a) for a in shown], "home": home, "newest": _newest(shown)}
        return self._static(f"news_{name}", view, shown[:1], asked)

    def _articles(self) -> list[Item]:
        articles = [item for item in self._world.list_items(Site.NEWS) if not item.deleted]
        articles.reverse()
        return articles

    def _static(
        self, name: str, view: dict[str, Any], newest: list[Item], asked: Mapping[str, str]
    ) -> Served:
        body = TEMPLATES.get_template(name).render(**view).encode()
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = {"etag": etag, "last-modified": format_datetime(_newest(newest), usegmt=True)}
        kind = "text/html; charset=utf-8"
        if name.endswith(".xml"):
            family = "atom" if "atom" in name else "rss"
            kind = f"application/{family}+xml; charset=utf-8"
        if asked.get("if-none-match") == etag:
            return Served(b"", status=304, content_type=kind, headers=headers)
        return Served(body, content_type=kind, headers=headers)


def _newest(items: list[Item]) -> datetime:
    times = [item.first.edited_at or item.first.posted_at for item in items]
    newest = max(times, default=datetime(2026, 1, 1, tzinfo=UTC))
    return newest.astimezone(UTC).replace(microsecond=0)


def _view(item: Item) -> dict[str, Any]:
    local = item.first.posted_at.astimezone(CHINA)
    return {
        "item": item,
        "path": path_of(item),
        "link": "." + path_of(item).removeprefix("/news"),
        "day": f"{local:%Y-%m-%d}",
        "minute": f"{local:%Y-%m-%d %H:%M}",
        "rss": format_datetime(local),
        "iso": local.isoformat(timespec="seconds"),
        "lines": item.first.text.split("\n"),
        "summary": item.first.text[:_SUMMARY],
        "source": "清河融媒",
    }
