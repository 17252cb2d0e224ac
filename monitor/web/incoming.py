"""Where an SMS vendor pushes receipts and answers: one secret path a channel, and nothing to see.

The vendor signs nothing, so the path is the secret (MONITOR_CHANNELS__<NAME>__PUSH_SECRET); behind
a proxy it should be open to the vendor's addresses only. A wrong path is answered as no page, and
whoever tries several is held up.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from secrets import compare_digest
from typing import Any

from litestar import MediaType, Request, Response, post
from litestar.concurrency import sync_to_thread
from litestar.params import FromPath
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_400_BAD_REQUEST,
    HTTP_404_NOT_FOUND,
    HTTP_429_TOO_MANY_REQUESTS,
)

Take = Callable[[object], None]
"""Acts on the JSON that a vendor pushed."""

_PARTS = 3
"""Of an address: in, the channel, the secret."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What may be pushed: for each channel its secret path and who acts on what comes."""

    channels: Mapping[str, tuple[str, Take]]

    def find(self, channel: str, secret: str) -> Take | None:
        """Give whoever acts on what comes on a path; None when the path is not one of ours."""
        expected, take = self.channels.get(channel, ("", None))
        return take if take and compare_digest(secret.encode(), expected.encode()) else None


def is_wrong_path(request: Request[Any, Any, Any]) -> bool:
    """Tell a guess from a push: what is guessed is limited far below what a vendor may send."""
    intake: Intake = request.app.state.intake
    parts = request.url.path.strip("/").split("/")
    return len(parts) != _PARTS or intake.find(parts[1], parts[2]) is None


def hold_up(_request: Request[Any, Any, Any], _error: Exception) -> Response[dict[str, object]]:
    """Answer one push too many; our page for it would repeat the address."""
    said: dict[str, object] = {"code": 429, "msg": "too many requests"}
    return Response(said, status_code=HTTP_429_TOO_MANY_REQUESTS, media_type=MediaType.JSON)


@post(
    "/in/{channel:str}/{secret:str}", public=True, exclude_from_csrf=True, media_type=MediaType.JSON
)
async def take_push(
    request: Request[Any, Any, Any], channel: FromPath[str], secret: FromPath[str]
) -> Response[dict[str, object]]:
    """Take what a vendor pushes; answers code 0 only when all of it is written down."""
    intake: Intake = request.app.state.intake
    take = intake.find(channel, secret)
    if take is None:
        # Not our page for what is missing: that one repeats the address, which may hold a secret.
        return Response({"code": 404, "msg": "not found"}, status_code=HTTP_404_NOT_FOUND)
    try:
        pushed = json.loads(await request.body())
    except (ValueError, RecursionError):
        return Response({"code": 1, "msg": "not JSON"}, status_code=HTTP_400_BAD_REQUEST)
    await sync_to_thread(take, pushed)
    return Response({"code": 0, "msg": "成功"}, status_code=HTTP_200_OK)
