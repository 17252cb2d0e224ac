"""The server: puts the county, its four sites and its own pages behind one address."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from litestar import Litestar
from litestar.di import Provide

from sample_county import own_pages, site_pages
from sample_county.faults import Faults
from sample_county.request_log import RequestLog
from sample_county.shown import Shown
from sample_county.sites import Sites
from sample_county.world import World

_TICK_SECONDS = 0.25


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
        faults: The switches by which a test breaks sites; all whole when None.
        alive: Whether the county lives by itself; False leaves all changes to the caller.

    Returns:
        The application; `app.state.shown` holds what it serves.
    """
    requests = RequestLog(clock)
    shown = Shown(world, clock, marker, faults or Faults(), requests, Sites(world, clock))

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
        [
            site_pages.forum,
            site_pages.oldbbs,
            site_pages.mailbox,
            site_pages.news,
            site_pages.broken,
            own_pages.county_page,
            own_pages.write,
            own_pages.robots,
            own_pages.mark,
            own_pages.list_requests,
            own_pages.list_claims,
            own_pages.list_secrets,
            own_pages.post_claim,
            own_pages.break_site,
        ],
        dependencies={"county": Provide(lambda: shown, sync_to_thread=False)},
        lifespan=[living],
        middleware=[requests.watch],
        openapi_config=None,
        # The framework would else set up logging for the whole process, a test's or a tool's.
        logging_config=None,
    )
    app.state.shown = shown
    return app


async def _live(world: World, clock: Callable[[], datetime]) -> None:
    """Let the county live; after the machine slept it goes on from now, not from then."""
    while True:
        now = clock()
        if world.is_behind(now):
            world.resume(now)
        world.advance(now)
        await asyncio.sleep(_TICK_SECONDS)
