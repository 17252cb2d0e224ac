"""Who asked for what, and when: the proof that a reader asks one thing at a time and obeys."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

_KEPT = 20_000


@dataclass(slots=True)
class LoggedRequest:
    """One request.

    `started` and `ended` are seconds of a steady clock, for telling whether two overlapped;
    `ended` and `status` are None while the request is answered. `at` is the server's clock, UTC.
    """

    method: str
    path: str
    agent: str
    at: datetime
    started: float
    ended: float | None = None
    status: int | None = None


class RequestLog:
    """The newest 20,000 requests, oldest first, questions about the county itself left out."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._kept: deque[LoggedRequest] = deque(maxlen=_KEPT)

    def list_requests(self) -> list[LoggedRequest]:
        """List the requests, oldest first."""
        return list(self._kept)

    def most_at_once(self) -> int:
        """Return how many requests were being answered at the same moment, at the most."""
        moments = [(r.started, 1) for r in self._kept]
        moments += [(r.ended, -1) for r in self._kept if r.ended is not None]
        most = running = 0
        for _, change in sorted(moments):
            running += change
            most = max(most, running)
        return most

    def clear(self) -> None:
        """Forget everything so far."""
        self._kept.clear()

    def watch(self, app: ASGIApp) -> ASGIApp:
        """Wrap an application so that its requests are noted."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP or scope["path"].startswith(
                "/.well-known/qingxin-sample"
            ):
                await app(scope, receive, send)
                return
            query = scope["query_string"].decode("latin-1")
            agent = dict(scope["headers"]).get(b"user-agent", b"").decode("latin-1")
            noted = LoggedRequest(
                method=str(scope.get("method", "")),
                path=scope["path"] + (f"?{query}" if query else ""),
                agent=agent,
                at=self._clock(),
                started=time.perf_counter(),
            )
            self._kept.append(noted)

            async def note(message: Message) -> None:
                if message["type"] == "http.response.start":
                    noted.status = message["status"]
                await send(message)

            try:
                await app(scope, receive, note)
            finally:
                noted.ended = time.perf_counter()

        return watched
