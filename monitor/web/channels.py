"""The page of the channels: how each is doing, and a test message to oneself."""

from typing import Any

from litestar import Response, get, post
from litestar.response import Template

from monitor.desk.channels import ChannelBoard
from monitor.errors import NotFoundError
from monitor.web.visit import Here, Visit


@get("/channels", sync_to_thread=True)
def show_channels(visit: Here) -> Template:
    """How every channel is doing, and the newest test messages."""
    board = find_board(visit)
    return visit.page(
        "channels.html",
        channels=board.list_channels(visit.person, visit.now),
        tests=board.list_tests(),
    )


@post("/channels/test", sync_to_thread=True)
def send_test(visit: Here) -> Response[Any]:
    """Send a marked test message through every channel of the one who asks."""
    find_board(visit).send_test(visit.person, visit.now)
    return visit.redirect("/channels?done=tested")


def find_board(visit: Visit) -> ChannelBoard:
    """The board of this desk.

    Raises:
        NotFoundError: This desk was built without one.
    """
    board: ChannelBoard | None = visit.request.app.state.channels
    if board is None:
        raise NotFoundError
    return board


CHANNELS = [show_channels, send_test]
