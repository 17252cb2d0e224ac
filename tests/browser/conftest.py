"""A desk on loopback, with the invented office behind it, for a real browser."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from litestar.stores.memory import MemoryStore
from playwright.sync_api import Browser

from monitor.web.app import create_app
from monitor.web.options import WebSettings
from tests.browser.screens import CHROMIUM, open_browser
from tests.integration.desk_samples import NOON, make_office
from tests.integration.fake_desk import FakeDesk


@dataclass(frozen=True)
class RunningDesk:
    """A desk that answers at `base_url`, and the office behind it."""

    base_url: str
    office: FakeDesk


@contextmanager
def run_desk(office: FakeDesk) -> Iterator[RunningDesk]:
    """Serve an office on a port that the system gives."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = create_app(
        office,
        clock=lambda: NOON,
        settings=WebSettings(
            bytes(range(32)), base_url, cookie_secure=False, sign_ins_per_minute=99
        ),
        session_store=MemoryStore(),
        limit_store=MemoryStore(),
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.02)
    try:
        yield RunningDesk(base_url, office)
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@pytest.fixture
def desk() -> Iterator[RunningDesk]:
    with run_desk(make_office()) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file: while it is open an event loop runs, in which no other test could."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Debian's chromium is not installed (apt-get install chromium)")
    with open_browser() as opened:
        yield opened
