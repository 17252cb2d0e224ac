"""A receiver of signed webhooks that checks signatures and drops what it has seen."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


@dataclass
class FakeReceiver:
    """What was taken, once for each idempotency key, and the status of every answer."""

    key: str = "shared-secret"
    status: int = 200
    retry_after: str = ""
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    bodies: list[bytes] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/in?token=hidden-token"

    def take(self, signature: str, key: str, body: bytes) -> int:
        expected = hmac.new(self.key.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(signature, f"sha256={expected}"):
            return 401
        self.bodies.append(body)
        if self.status == 200:
            self.taken.setdefault(key, json.loads(body))
        return self.status


@contextmanager
def running_receiver(**settings: Any) -> Iterator[FakeReceiver]:
    """Run a receiver on a port that the system gives."""
    receiver = FakeReceiver(**settings)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = receiver.take(
                self.headers["x-qingxin-signature"], self.headers["idempotency-key"], body
            )
            self.send_response(status)
            if receiver.retry_after:
                self.send_header("retry-after", receiver.retry_after)
            if status == 302:
                self.send_header("location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()
            self.wfile.write(f"said to {self.path}".encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
