"""A desk on loopback, with the invented office behind it, for a real browser."""

import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from litestar.stores.memory import MemoryStore
from playwright.sync_api import Browser

from models.artefact import ARTEFACT_DIRECTORY
from monitor.desk.channels import ChannelBoard, StoredChannelBoard
from monitor.desk.codes import hash_code
from monitor.desk.duty_views import DutyDesk
from monitor.desk.office import LedgerOffice
from monitor.desk.stored_desk import DeskPolicy
from monitor.desk.stored_duty import StoredDutyDesk
from monitor.desk.views import Desk
from monitor.learning.board import ModelBoard
from monitor.shelf import Shelf
from monitor.storage.session import Storage
from monitor.web.app import create_app
from monitor.web.options import WebSettings
from tests.browser.screens import CHROMIUM, open_browser
from tests.county import County
from tests.integration.desk_samples import NOON, make_office
from tests.integration.fake_desk import FakeDesk
from tests.integration.ledger_office import Ledger


@dataclass(frozen=True)
class RunningDesk:
    """A desk that answers at `base_url`, and the office behind it."""

    base_url: str
    office: FakeDesk


@contextmanager
def run_app(
    desk: Desk,
    *,
    clock: Callable[[], datetime],
    office: LedgerOffice | None = None,
    models: ModelBoard | None = None,
    duty: DutyDesk | None = None,
    channels: ChannelBoard | None = None,
) -> Iterator[str]:
    """Serve any desk on a port that the system gives; gives its address."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    app = create_app(
        desk,
        clock=clock,
        settings=WebSettings(
            bytes(range(32)), base_url, cookie_secure=False, sign_ins_per_minute=99
        ),
        session_store=MemoryStore(),
        limit_store=MemoryStore(),
        office=office,
        models=models,
        duty=duty,
        channels=channels,
    )
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.02)
    try:
        yield base_url
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


@contextmanager
def run_desk(office: FakeDesk) -> Iterator[RunningDesk]:
    """Serve the invented office."""
    with run_app(office, clock=lambda: NOON) as base_url:
        yield RunningDesk(base_url, office)


@dataclass(frozen=True)
class RunningLedger:
    """The whole desk with its ledger, on a real database."""

    base_url: str
    ledger: Ledger

    def make_sign_in(self, name: str) -> str:
        """A one-time code for somebody."""
        code = secrets.token_urlsafe(12)
        with self.ledger.storage.work() as rows:
            rows.users.add_sign_in_code(
                hash_code(code), name, self.ledger.clock.now + timedelta(hours=1)
            )
        return code


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningLedger]:
    """A county with cases on SQLite, and its desk on loopback."""
    storage = Storage(f"sqlite:///{tmp_path / 'qingxin.db'}")
    storage.migrate()
    ledger = Ledger(County(storage))
    models = ModelBoard(storage, Shelf(storage, ARTEFACT_DIRECTORY))
    policy = DeskPolicy(timedelta(hours=2), timedelta(minutes=2), desk_url="http://desk.example")
    with run_app(
        ledger.desk,
        clock=ledger.clock,
        office=ledger.office,
        models=models,
        duty=StoredDutyDesk(storage, policy),
        channels=StoredChannelBoard(storage, {"phone": "sms_aliyun"}, "http://desk.example"),
    ) as base_url:
        yield RunningLedger(base_url, ledger)
    storage.close()


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
