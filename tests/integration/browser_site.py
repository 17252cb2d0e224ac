"""A site on loopback that shows nothing without its scripts, and a trap beside it."""

import http.server
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import ClassVar

LETTERS = {
    "1001": ("反映河堤工程拖欠工资", "我们九个人在河堤工程干了三个月，一共欠六万三千元。"),
    "1002": ("咨询社保转移", "请问社保关系怎样转到外省。"),
}
LIST = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>书记信箱</title></head><body>
<div id="app">正在加载</div><img src="/picture.png"><script src="/app.js"></script></body></html>"""
APP = """
const app = document.getElementById("app");
if (location.pathname === "/letters") {
  fetch("/api/list", {method: "POST", body: "page=1"}).then(a => a.json()).then(rows => {
    app.innerHTML = "<ul class='letters'>" + rows.map(r =>
      `<li><a href="/letter/${r.id}.html">${r.title}</a><span>2026-11-20</span></li>`
    ).join("") + "</ul>";
  });
} else if (location.pathname.startsWith("/letter/")) {
  const id = location.pathname.match(/[0-9]+/)[0];
  fetch("/api/letter/" + id).then(a => a.json()).then(r => {
    app.innerHTML = `<h1>${r.title}</h1><div class="zw">${r.text}</div>`
      + "<time>2026-11-20 09:30:00</time>";
  });
}
TRAPS
"""
TRAPS = """
for (const url of [
  "http://127.0.0.1:TRAP/inside", "http://localhost:TRAP/inside", "http://[::1]:TRAP/inside",
  "/hop", "/api/login?x=1", "/secret/x", "http://169.254.169.254/latest/meta-data/",
]) {
  fetch(url).catch(() => 0);
  const script = document.createElement("script"); script.src = url; document.head.append(script);
}
fetch("/api/remove", {method: "DELETE"}).catch(() => 0);
new WebSocket("ws://127.0.0.1:TRAP/inside");
navigator.sendBeacon("http://127.0.0.1:TRAP/inside", "x");
window.open("http://127.0.0.1:TRAP/inside");
new Image().src = "http://127.0.0.1:TRAP/inside";
const frame = document.createElement("iframe"); frame.src = "http://127.0.0.1:TRAP/inside";
document.body.append(frame);
const link = document.createElement("link"); link.rel = "prefetch";
link.href = "http://127.0.0.1:TRAP/inside"; document.head.append(link);
new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:TRAP"}]}).createDataChannel("x");
"""


@dataclass
class Seen:
    """What a server was asked for."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    now: int = 0
    most: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    def paths(self) -> list[str]:
        return [path for _, path in self.asked]


class _Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: ClassVar[Seen]
    trap: ClassVar[int]

    def do_GET(self) -> None:
        seen = self.seen
        with seen.lock:
            seen.now += 1
            seen.most = max(seen.most, seen.now)
            seen.asked.append((self.command, self.path))
            seen.agents.add(self.headers["User-Agent"])
        if length := int(self.headers.get("Content-Length", 0)):
            self.rfile.read(length)
        status, kind, body = self._answer()
        self.send_response(status)
        if status == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.trap}/inside")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with seen.lock:
            seen.now -= 1
        self.wfile.write(body)

    do_POST = do_DELETE = do_GET  # noqa: N815 - the library's names

    def _answer(self) -> tuple[int, str, bytes]:
        path, script = self.path, "text/javascript"
        rows = [{"id": key, "title": title} for key, (title, _) in LETTERS.items()]
        fixed: dict[str, tuple[int, str, str]] = {
            "/robots.txt": (200, "text/plain", "User-agent: *\nDisallow: /secret/\n"),
            "/hop": (302, "text/plain", " "),
            "/app.js": (200, script, APP.replace("TRAPS", TRAPS).replace("TRAP", str(self.trap))),
            "/endless.js": (200, script, "for(;;){}"),
            "/large.js": (200, script, "document.body.append('x'.repeat(9e6))"),
            "/api/list": (200, "application/json", json.dumps(rows)),
            "/endless": (200, "text/html; charset=utf-8", LIST.replace("/app", "/endless")),
            "/large": (200, "text/html; charset=utf-8", LIST.replace("/app", "/large")),
        }
        if path in fixed:
            status, kind, text = fixed[path]
        elif path.startswith("/api/letter/"):
            title, letter = LETTERS[path.rsplit("/", 1)[1]]
            status, kind = 200, "application/json"
            text = json.dumps({"title": title, "text": letter})
        elif path == "/letters" or path.startswith("/letter/"):
            status, kind, text = 200, "text/html; charset=utf-8", LIST
        else:
            status, kind, text = 404, "text/plain", "nothing here"
        return status, kind, text.encode()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent."""


class _Trap(_Site):
    """A place inside, which nobody may ask."""


@contextmanager
def script_site() -> Iterator[tuple[str, Seen, Seen]]:
    """Serve the site and the trap; give the site's address, what it saw, and what the trap saw."""
    servers = []
    for handler in (_Trap, _Site):
        handler.seen = Seen()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
    _Trap.trap = _Site.trap = servers[0].server_port
    yield f"http://127.0.0.1:{servers[1].server_port}", _Site.seen, _Trap.seen
    for server in servers:
        server.shutdown()
        server.server_close()
