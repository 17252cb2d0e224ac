"""Handlers that belong to the sample and to no site of it: the page for people, and questions.

Tests ask under `/.well-known/qingxin-sample`; nothing there is logged as a request.
"""

import re
from dataclasses import asdict
from typing import Any

from litestar import Request, get, post
from litestar.types import ASGIApp

from sample_county.county_page import render_county_page
from sample_county.faults import Fault
from sample_county.nouns import Site
from sample_county.responses import respond
from sample_county.secrets import served_secrets
from sample_county.served import Served, redirect
from sample_county.shown import Here

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
_TITLE_LENGTH, _TEXT_LENGTH = 80, 4000


@get("/")
async def county_page(request: Request[Any, Any, Any], county: Here) -> ASGIApp:
    """Answer the page for people; `posted` is the thread that was just written."""
    posted = request.query_params.get("posted", "")
    number = int(posted) if re.fullmatch(r"-?\d{1,9}", posted, re.ASCII) else 0
    return respond(render_county_page(county.world, number))


@post("/post")
async def write(request: Request[Any, Any, Any], county: Here) -> ASGIApp:
    """Post what a visitor wrote to the help board, and lead back to the page."""
    form = await request.form()
    title = str(form.get("title", "")).strip()[:_TITLE_LENGTH]
    text = str(form.get("text", "")).replace("\r\n", "\n").strip()[:_TEXT_LENGTH]
    if not title or not text:
        return respond(redirect("/?posted=-1", 303))
    posted = county.world.post_visitor(title, text, county.clock())
    return respond(redirect(f"/?posted={posted.item_id}", 303))


@get("/robots.txt")
async def robots() -> ASGIApp:
    """Answer robots.txt of all four sites."""
    return respond(Served(ROBOTS.encode(), content_type="text/plain; charset=utf-8"))


@get(MARKER_PATH)
async def mark(county: Here) -> dict[str, Any]:
    """Say whose server this is."""
    world = county.world
    return {
        "marker": county.marker,
        "seed": world.seed,
        "step": world.step,
        "at": county.clock().isoformat(),
    }


@get(f"{MARKER_PATH}/requests")
async def list_requests(county: Here) -> dict[str, Any]:
    """List who asked for what."""
    shown = [asdict(request) for request in county.requests.list_requests()]
    return {"most_at_once": county.requests.most_at_once(), "requests": shown}


@get(f"{MARKER_PATH}/claims")
async def list_claims(county: Here) -> list[dict[str, Any]]:
    """List every claim with its truth."""
    return [asdict(claim) for claim in county.world.posted_claims()]


@get(f"{MARKER_PATH}/secrets")
async def list_secrets(county: Here) -> list[dict[str, Any]]:
    """List every personal value that was ever served."""
    return [asdict(secret) for secret in served_secrets(county.world)]


@post(f"{MARKER_PATH}/claims/{{site:str}}")
async def post_claim(request: Request[Any, Any, Any], county: Here) -> dict[str, Any]:
    """Post a claim about a new employer, and return it with its truth."""
    site = Site(request.path_params["site"])
    return asdict(county.world.post_claim(site, county.clock()))


@post(f"{MARKER_PATH}/faults/{{site:str}}/{{name:str}}", status_code=204)
async def break_site(request: Request[Any, Any, Any], county: Here) -> None:
    """Break a site, or make it whole again with the name `none`."""
    site, name = Site(request.path_params["site"]), request.path_params["name"]
    if name == "none":
        county.faults.clear(site)
    else:
        county.faults.set(site, Fault(name))
