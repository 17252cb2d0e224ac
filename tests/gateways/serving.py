"""What every fake gateway has in common: HTTP on loopback, and the ways in which a line fails.

`mode` is one of: normal; half_open (takes the request, never answers); took_then_hung_up (takes it,
then closes without an answer); slow (answers after `delay`); dribble (a byte now and then); flood
(an answer without end); http_500 (takes it all the same); http_429 (does not, and names 17 s);
not_json (a page that asks to sign in to the network); no_code (JSON without the vendor's code); or
a mode of the vendor's own.
Standard library only: the comparison with other senders runs it in another environment.
"""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

SIGN_IN_PAGE = b"<html>please sign in to the network</html>"


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    raw_query: str = ""

    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass
class Gateway:
    """A vendor: what it took, and how it behaves. `clock` gives seconds; a test may push it."""

    mode: str = "normal"
    delay: float = 0.0
    clock: Callable[[], float] = time.monotonic
    taken: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    refused: int = 0
    hung_up: int = 0
    serving: int = 0
    port: int = 0
    closing: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    MARKER = "qingxin fake gateway"

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def judge(self, asked: Asked) -> dict[str, Any]:
        """Decide what becomes of a request, as the vendor does; gives the body of the answer."""
        raise NotImplementedError

    def status_of(self, answer: Mapping[str, Any]) -> int:
        """The HTTP status of an answer; these vendors say 200 whatever happened."""
        return 200


class Window:
    """Counts in a window that slides, as the vendors do."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most = most
        self.seconds = seconds
        self._at: dict[str, list[float]] = {}

    def admits(self, key: str, now: float) -> bool:
        """Count one in, or say that there is no room."""
        recent = [at for at in self._at.get(key, []) if at > now - self.seconds]
        self._at[key] = recent
        if len(recent) >= self.most:
            return False
        recent.append(now)
        return True


def _handler(gateway: Gateway) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/":
                self._answer(200, gateway.MARKER.encode())
            else:
                self._serve()

        def do_POST(self) -> None:
            self._serve()

        def _serve(self) -> None:
            address = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            asked = Asked(
                self.command,
                address.path,
                {key: values[-1] for key, values in parse_qs(address.query).items()},
                {name.lower(): value for name, value in self.headers.items()},
                body,
                address.query,
            )
            if gateway.mode == "half_open":
                gateway.closing.wait()
                self.close_connection = True
                return
            with gateway.lock:
                gateway.asked.append(asked)
                answer = {} if gateway.mode == "http_429" else gateway.judge(asked)
            if gateway.mode == "took_then_hung_up":
                self.close_connection = True
                return
            if gateway.mode == "slow":
                gateway.closing.wait(gateway.delay)
            self._answer_in_mode(json.dumps(answer).encode(), gateway.status_of(answer))

        def _answer_in_mode(self, answer: bytes, status: int) -> None:
            match gateway.mode:
                case "http_500":
                    self._answer(500, b"bad gateway")
                case "http_429":
                    self._answer(429, b"slow down", **{"retry-after": "17"})
                case "not_json":
                    self._answer(200, SIGN_IN_PAGE)
                case "no_code":
                    self._answer(200, b'{"errcode": true, "code": "x"}')
                case "dribble":
                    self._dribble(answer + b" " * 1000)
                case "flood":
                    self._answer(200, answer + b" " * (20 * 1024 * 1024))
                case _:
                    self._answer(status, answer)

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
            with gateway.lock:
                gateway.serving += 1
            try:
                super().handle()
            except (ConnectionError, ValueError):
                # Hung up, or killed half-way through a request: as a real server shrugs it off.
                self.close_connection = True
            finally:
                with gateway.lock:
                    gateway.hung_up += 1
                    gateway.serving -= 1

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
            """Say nothing."""

    return Handler


AnyGateway = TypeVar("AnyGateway", bound=Gateway)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def running(gateway: AnyGateway) -> Iterator[AnyGateway]:
    """Run a gateway on a port that the system gives."""
    server = _Server(("127.0.0.1", 0), _handler(gateway))
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
