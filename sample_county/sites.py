"""The four sites of one county, by path and query."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from litestar import Request

from sample_county.discuz import DiscuzSite
from sample_county.mailbox import MailboxSite
from sample_county.news import NewsSite
from sample_county.nouns import Site
from sample_county.served import Served, Visit
from sample_county.world import World

NOT_FOUND = Served(b"<h1>404 Not Found</h1>", status=404)
"""What any of the sites answers to a path that it does not have."""


class Sites:
    """The four sites of one county, each asked for a page by its path and query."""

    def __init__(self, world: World, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._forums = {s: DiscuzSite(world, s) for s in (Site.FORUM, Site.OLDBBS)}
        self._mailbox = MailboxSite(world)
        self._news = NewsSite(world)

    def serve(self, site: Site, rest: str, request: Request[Any, Any, Any]) -> Served:
        """Answer the page at `rest` (the path after the site's prefix, without a slash before)."""
        agent = request.headers.get("user-agent", "")
        visit = Visit(self._clock(), agent, has_cookie="cookie" in request.headers)
        query = request.query_params
        match site:
            case Site.FORUM | Site.OLDBBS:
                return self._forum(self._forums[site], rest, query, visit)
            case Site.MAILBOX:
                return self._letters(rest, query, visit)
            case Site.NEWS:
                home = str(request.base_url).rstrip("/")
                return self._articles(rest, home, request.headers) or NOT_FOUND

    def _forum(
        self, forum: DiscuzSite, rest: str, query: Mapping[str, str], visit: Visit
    ) -> Served:
        if rest in ("", "index.php", "forum.php"):
            return forum.serve(query, visit)
        parts = rest.removesuffix(".html").split("-")
        match parts:
            # The addresses of a site whose owner switched rewriting on; both forms answer.
            case ["forum", fid, page]:
                return forum.serve({"mod": "forumdisplay", "fid": fid, "page": page}, visit)
            case ["thread", tid, page, _]:
                return forum.serve({"mod": "viewthread", "tid": tid, "page": page}, visit)
            case [("home.php" | "search.php" | "member.php" | "misc.php")]:
                return forum.notice("抱歉，您需要先登录才能继续本操作")
            case _:
                return NOT_FOUND

    def _letters(self, rest: str, query: Mapping[str, str], visit: Visit) -> Served:
        if rest in ("", "index.html"):
            return self._mailbox.list_page(query)
        return self._mailbox.letter_page(query, visit) if rest == "letter.html" else NOT_FOUND

    def _articles(self, rest: str, home: str, asked: Mapping[str, str]) -> Served | None:
        if rest in ("rss.xml", "atom.xml"):
            return self._news.feed(rest, home, asked)
        stem = rest.removesuffix(".html")
        if rest in ("", "index.html"):
            return self._news.list_page(0, asked)
        if stem.startswith("index_") and stem[6:].isdigit():
            return self._news.list_page(int(stem[6:]), asked)
        number = stem.rpartition("_")[2]
        if not number.isascii() or not number.isdigit():
            return None
        return self._news.article_page(int(number), f"/news/{rest}", asked)
