"""Handlers of the four sites, whole or broken."""

from typing import Any

from litestar import Request, get
from litestar.types import ASGIApp

from sample_county.faults import Fault, answer_fault
from sample_county.nouns import Site
from sample_county.responses import respond
from sample_county.shown import Here, Shown
from sample_county.sites import NOT_FOUND


@get(["/forum", "/forum/{rest:path}"])
async def forum(request: Request[Any, Any, Any], county: Here) -> ASGIApp:
    """Answer as the UTF-8 forum."""
    return await _answer(Site.FORUM, request, county)


@get(["/oldbbs", "/oldbbs/{rest:path}"])
async def oldbbs(request: Request[Any, Any, Any], county: Here) -> ASGIApp:
    """Answer as the GBK forum."""
    return await _answer(Site.OLDBBS, request, county)


@get(["/mailbox", "/mailbox/{rest:path}"])
async def mailbox(request: Request[Any, Any, Any], county: Here) -> ASGIApp:
    """Answer as the county mailbox."""
    return await _answer(Site.MAILBOX, request, county)


@get(["/news", "/news/{rest:path}"])
async def news(request: Request[Any, Any, Any], county: Here) -> ASGIApp:
    """Answer as the news site."""
    return await _answer(Site.NEWS, request, county)


@get(["/faults/{name:str}", "/faults/{name:str}/{rest:path}"])
async def broken(request: Request[Any, Any, Any], county: Here) -> ASGIApp:
    """Answer as the forum would with this fault; an unknown fault is a missing page."""
    name = request.path_params["name"]
    if name not in list(Fault):
        return respond(NOT_FOUND)
    served = county.sites.serve(Site.FORUM, _rest_of(request), request)
    return await answer_fault(Fault(name), request.query_params, served)


async def _answer(site: Site, request: Request[Any, Any, Any], county: Shown) -> ASGIApp:
    served = county.sites.serve(site, _rest_of(request), request)
    fault = county.faults.of(site)
    if fault is None:
        return respond(served)
    return await answer_fault(fault, request.query_params, served)


def _rest_of(request: Request[Any, Any, Any]) -> str:
    """Return the path after the prefix, without a slash before it; may be empty."""
    return str(request.path_params.get("rest", "")).lstrip("/")
