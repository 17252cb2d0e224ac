"""Where WeCom calls when somebody presses a card's button; every call is signed and sealed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import MediaType, Request, Response, Router, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import TooManyRequestsException
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK, HTTP_403_FORBIDDEN
from litestar.types import Middleware

from alerts.channels.wecom_callback import (
    CallbackBox,
    CallbackError,
    Press,
    Signed,
    read_envelope,
    read_press,
    write_button,
)
from monitor.web.incoming import hold_up


@dataclass(frozen=True, slots=True)
class CardButtons:
    """The buttons of one application: what opens its calls, and who acts on a press."""

    box: CallbackBox
    corp_id: str
    act: Callable[[Press, datetime], str]


Buttons = Mapping[str, CardButtons]
"""By the channel's name in the settings."""

_REFUSED = Response("", status_code=HTTP_403_FORBIDDEN, media_type=MediaType.TEXT)


@get("/callback/{channel:str}", public=True, media_type=MediaType.TEXT)
async def prove(request: Request[Any, Any, Any], channel: FromPath[str]) -> Response[str]:
    """Prove to the vendor that the address is ours, when it is entered there."""
    buttons: Buttons = request.app.state.buttons
    known = buttons.get(channel)
    if known is None:
        return _REFUSED
    try:
        opened = known.box.open(request.query_params.get("echostr", ""), _signed(request))
    except CallbackError:
        return _REFUSED
    return Response(opened.decode("utf-8", "replace"), media_type=MediaType.TEXT)


@post(
    "/callback/{channel:str}",
    public=True,
    exclude_from_csrf=True,
    media_type=MediaType.XML,
    status_code=HTTP_200_OK,
)
async def take_press(request: Request[Any, Any, Any], channel: FromPath[str]) -> Response[Any]:
    """Take a call; a pressed button acknowledges, everything else is answered with nothing."""
    buttons: Buttons = request.app.state.buttons
    known = buttons.get(channel)
    if known is None:
        return _REFUSED
    signed = _signed(request)
    try:
        press = read_press(known.box.open(read_envelope(await request.body()), signed))
    except CallbackError:
        return _REFUSED
    if press is None:
        return Response("", media_type=MediaType.TEXT, status_code=HTTP_200_OK)
    now = request.app.state.house.clock()
    words = await sync_to_thread(known.act, press, now)
    at = str(int(now.timestamp()))
    answer = write_button(words, press, known.corp_id, at)
    sealed = known.box.seal(answer, timestamp=at, nonce=signed.nonce)
    return Response(sealed, media_type=MediaType.XML, status_code=HTTP_200_OK)


def _signed(request: Request[Any, Any, Any]) -> Signed:
    find = request.query_params.get
    return Signed(find("msg_signature", ""), find("timestamp", ""), find("nonce", ""))


def make_buttons(limit: Middleware) -> Router:
    """Make the routes; `limit` counts the calls of an address."""
    return Router(
        "/",
        route_handlers=[prove, take_press],
        middleware=[limit],
        exception_handlers={TooManyRequestsException: hold_up},
        include_in_schema=False,
    )
