"""A gateway that behaves like WeCom's for group bots: its limits, its codes and its lies.

It answers HTTP 200 whatever happened; `errcode` tells. Limits from the vendor's public pages: 20
messages in any 60 seconds for each bot, 4,096 bytes of markdown, 2,048 bytes of text.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

MARKER = "qingxin fake wecom gateway"
MOST_A_MINUTE = 20
STATES = {
    "busy": (-1, "system busy"),
    "disabled": (93_004, "robot disabled"),
    "unknown": (4_711, "something new"),
}
LIMITS = {"markdown": 4_096, "text": 2_048}


@dataclass
class FakeWecom:
    """What the gateway took, and how it behaves.

    `mode` is one of: normal, busy, disabled, unknown, not_json, no_code, http_500, http_429,
    half_open (never answers), took_then_hung_up (takes, then closes without an answer), dribble
    (a byte now and then), flood (an answer without end).
    """

    key: str = "0f0f-secret-key"
    mode: str = "normal"
    clock: Callable[[], float] = time.monotonic
    taken: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    port: int = 0
    closing: Event = field(default_factory=Event)
    _recent: deque[float] = field(default_factory=deque)
    _lock: Lock = field(default_factory=Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/cgi-bin/webhook/send?key={self.key}"

    def judge(self, key: str, body: bytes) -> tuple[int, str]:
        """Decide what becomes of a message, as the vendor does."""
        if key != self.key:
            return 93_000, f"invalid webhook url, hint: [{key}]"
        if self.mode in STATES:
            return STATES[self.mode]
        try:
            message = json.loads(body)
            kind = message["msgtype"]
            content = message[kind]["content"]
        except (ValueError, KeyError, TypeError):
            return 40_008, "invalid message type"
        if not content:
            return 44_004, "empty content"
        if len(content.encode("utf-8")) > LIMITS.get(kind, 0):
            return 40_058, f"{kind}.content exceed max length {LIMITS.get(kind)}"
        return self._take(message, body)

    def _take(self, message: dict[str, Any], body: bytes) -> tuple[int, str]:
        with self._lock:
            now = self.clock()
            while self._recent and self._recent[0] <= now - 60:
                self._recent.popleft()
            if len(self._recent) >= MOST_A_MINUTE:
                return 45_009, "api freq out of limit"
            self._recent.append(now)
            self.taken.append(message)
            self.bodies.append(body)
        return 0, "ok"


def _handler(gateway: FakeWecom) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(200, MARKER.encode())

        def do_POST(self) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if gateway.mode == "half_open":
                gateway.closing.wait()
                self.close_connection = True
                return
            key = parse_qs(address.query).get("key", [""])[0]
            code, said = gateway.judge(key, body)
            if gateway.mode == "took_then_hung_up":
                self.close_connection = True
                return
            self._answer_in_mode(json.dumps({"errcode": code, "errmsg": said}).encode())

        def _answer_in_mode(self, answer: bytes) -> None:
            match gateway.mode:
                case "http_500":
                    self._answer(500, b"bad gateway")
                case "http_429":
                    self._answer(429, b"slow down", **{"retry-after": "17"})
                case "not_json":
                    self._answer(200, b"<html>please sign in to the network</html>")
                case "no_code":
                    self._answer(200, b'{"errcode": true}')
                case "dribble":
                    self._dribble(answer + b" " * 1000)
                case "flood":
                    self._answer(200, answer + b" " * (20 * 1024 * 1024))
                case _:
                    self._answer(200, answer)

        def _dribble(self, answer: bytes) -> None:
            self.send_response(200)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            for number in range(len(answer)):
                self.wfile.write(answer[number : number + 1])
                self.wfile.flush()
                if gateway.closing.wait(0.02):
                    return

        def _answer(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json; charset=UTF-8")
            self.send_header("content-length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
            """Say nothing."""

    return Handler


@contextmanager
def running_wecom(**settings: Any) -> Iterator[FakeWecom]:
    """Run a gateway on a port that the system gives."""
    gateway = FakeWecom(**settings)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(gateway))
    server.daemon_threads = True
    gateway.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
