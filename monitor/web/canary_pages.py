"""The pages on which `collect` finds the canary of this half hour."""

from litestar import MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from monitor.canary import list_page, message_page
from monitor.web.visit import Here


@get("/canary/index.html", public=True, sync_to_thread=False, media_type=MediaType.HTML)
def show_canaries(visit: Here) -> Response[str]:
    """List the canary of this half hour."""
    return Response(list_page(visit.now), media_type=MediaType.HTML)


@get("/canary/{name:str}", public=True, sync_to_thread=False, media_type=MediaType.HTML)
def show_canary(visit: Here, name: FromPath[str]) -> Response[str]:
    """Show one canary; older ones are gone, so that none is read again."""
    page = message_page(name.removesuffix(".html"), visit.now)
    if page is None:
        raise NotFoundException
    return Response(page, media_type=MediaType.HTML)


CANARY = [show_canaries, show_canary]
