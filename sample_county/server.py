"""The server: four sites, robots.txt, the page for people and the questions that tests ask."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

from litestar import Litestar, Request, get, post
from litestar.types import ASGIApp

from sample_county.county_page import render_county_page
from sample_county.discuz import DiscuzSite
from sample_county.faults import Fault, Faults, answer_fault
from sample_county.mailbox import MailboxSite
from sample_county.news import NewsSite
from sample_county.nouns import Site
from sample_county.request_log import RequestLog
from sample_county.responses import respond
from sample_county.secrets import served_secrets
from sample_county.served import Served, Visit, redirect
from sample_county.world import World

MARKER_PATH = "/.well-known/qingxin-sample"
ROBOTS = """User-agent: *
Disallow: /forum/api/
Disallow: /forum/source/
Disallow: /forum/search.php
Disallow: /forum/member.php
Disallow: /forum/misc.php
Disallow: /forum/forum.php?mod=redirect*
Disallow: /forum/forum.php?mod=post*
Disallow: /forum/home.php?mod=spacecp*
Disallow: /oldbbs/search.php
Disallow: /oldbbs/member.php
Disallow: /oldbbs/misc.php
Disallow: /oldbbs/forum.php?mod=redirect*
Disallow: /oldbbs/forum.php?mod=post*
Disallow: /mailbox/query.html
Disallow: /mailbox/write.html
Disallow: /faults/denied/
Disallow: /*?mod=misc*
Disallow: /*?mod=attachment*
Disallow: /*mobile=yes*
"""
_TICK_SECONDS = 0.25
_TITLE_LENGTH, _TEXT_LENGTH = 80, 4000
_NOT_FOUND = Served(b"<h1>404 Not Found</h1>", status=404)


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
                return self._articles(rest, home, request.headers) or _NOT_FOUND

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
                return _NOT_FOUND

    def _letters(self, rest: str, query: Mapping[str, str], visit: Visit) -> Served:
        if rest in ("", "index.html"):
            return self._mailbox.list_page(query)
        return self._mailbox.letter_page(query, visit) if rest == "letter.html" else _NOT_FOUND

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


def create_app(
    world: World,
    clock: Callable[[], datetime],
    *,
    marker: str = "sample",
    faults: Faults | None = None,
    alive: bool = True,
) -> Litestar:
    """Return the server's application.

    Args:
        world: The county to show.
        clock: Tells the time that the sites show and at which things happen; aware, UTC.
        marker: What the marker page answers, so that a test knows its own server.
        faults: The switches; kept in `app.state.faults`.
        alive: Whether the county lives by itself; False leaves all changes to the caller.
    """
    sites, switches = Sites(world, clock), faults or Faults()
    log = RequestLog(clock)

    async def answer(site: Site, rest: str, request: Request[Any, Any, Any]) -> ASGIApp:
        served = sites.serve(site, rest, request)
        fault = switches.of(site)
        if fault is None:
            return respond(served)
        return await answer_fault(fault, request.query_params, served)

    @get(["/forum", "/forum/{rest:path}"])
    async def forum(request: Request[Any, Any, Any], rest: str = "") -> ASGIApp:
        return await answer(Site.FORUM, rest.lstrip("/"), request)

    @get(["/oldbbs", "/oldbbs/{rest:path}"])
    async def oldbbs(request: Request[Any, Any, Any], rest: str = "") -> ASGIApp:
        return await answer(Site.OLDBBS, rest.lstrip("/"), request)

    @get(["/mailbox", "/mailbox/{rest:path}"])
    async def mailbox(request: Request[Any, Any, Any], rest: str = "") -> ASGIApp:
        return await answer(Site.MAILBOX, rest.lstrip("/"), request)

    @get(["/news", "/news/{rest:path}"])
    async def news(request: Request[Any, Any, Any], rest: str = "") -> ASGIApp:
        return await answer(Site.NEWS, rest.lstrip("/"), request)

    @get(["/faults/{name:str}", "/faults/{name:str}/{rest:path}"])
    async def broken(request: Request[Any, Any, Any], name: str, rest: str = "") -> ASGIApp:
        if name not in list(Fault):
            return respond(_NOT_FOUND)
        served = sites.serve(Site.FORUM, rest.lstrip("/"), request)
        return await answer_fault(Fault(name), request.query_params, served)

    @asynccontextmanager
    async def living(_: Litestar) -> AsyncIterator[None]:
        life = asyncio.create_task(_live(world, clock)) if alive else None
        try:
            yield
        finally:
            if life is not None:
                life.cancel()
                await asyncio.gather(life, return_exceptions=True)

    app = Litestar(
        [forum, oldbbs, mailbox, news, broken, *_own_pages(world, clock, marker, log, switches)],
        lifespan=[living],
        middleware=[log.watch],
        openapi_config=None,
    )
    app.state.world, app.state.faults, app.state.requests = world, switches, log
    return app


def _own_pages(
    world: World, clock: Callable[[], datetime], marker: str, log: RequestLog, faults: Faults
) -> list[Any]:
    """Return the handlers that belong to the sample and to no site of it."""

    @get("/")
    async def county(posted: int = 0) -> ASGIApp:
        return respond(render_county_page(world, posted))

    @post("/post")
    async def write(request: Request[Any, Any, Any]) -> ASGIApp:
        form = await request.form()
        title = str(form.get("title", "")).strip()[:_TITLE_LENGTH]
        text = str(form.get("text", "")).replace("\r\n", "\n").strip()[:_TEXT_LENGTH]
        if not title or not text:
            return respond(redirect("/?posted=-1", 303))
        return respond(
            redirect(f"/?posted={world.post_visitor(title, text, clock()).item_id}", 303)
        )

    @get("/robots.txt")
    async def robots() -> ASGIApp:
        return respond(Served(ROBOTS.encode(), content_type="text/plain; charset=utf-8"))

    @get(MARKER_PATH)
    async def mark() -> dict[str, Any]:
        return {"marker": marker, "seed": world.seed, "step": world.step, "at": clock().isoformat()}

    @get(f"{MARKER_PATH}/requests")
    async def requests() -> dict[str, Any]:
        shown = [asdict(request) for request in log.list_requests()]
        return {"most_at_once": log.most_at_once(), "requests": shown}

    @get(f"{MARKER_PATH}/claims")
    async def claims() -> list[dict[str, Any]]:
        return [asdict(claim) for claim in world.posted_claims()]

    @get(f"{MARKER_PATH}/secrets")
    async def secrets() -> list[dict[str, Any]]:
        return [asdict(secret) for secret in served_secrets(world)]

    @post(f"{MARKER_PATH}/claims/{{site:str}}")
    async def claim(site: Site) -> dict[str, Any]:
        return asdict(world.post_claim(site, clock()))

    @post(f"{MARKER_PATH}/faults/{{site:str}}/{{name:str}}", status_code=204)
    async def break_site(site: Site, name: str) -> None:
        if name == "none":
            faults.clear(site)
        else:
            faults.set(site, Fault(name))

    return [county, write, robots, mark, requests, claims, secrets, claim, break_site]


async def _live(world: World, clock: Callable[[], datetime]) -> None:
    """Let the county live; after the machine slept it goes on from now, not from then."""
    while True:
        now = clock()
        if world.is_behind(now):
            world.resume(now)
        world.advance(now)
        await asyncio.sleep(_TICK_SECONDS)
