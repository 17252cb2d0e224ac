"""A whole installation in a folder: real processes, a real SMTP server, the sample county served by
the test itself, so that it outlives every process that is killed."""

import email
import email.policy
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psutil
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from monitor.bootstrap.app import App, build
from monitor.domain import Contact, DutyRole, Person, Role, Shift
from monitor.storage.session import Storage
from sample_county.running import RunningCounty, running_county
from sample_county.world import World
from tests.conftest import ROOT, find_free_port, write_settings

T = TypeVar("T")
ROLES = ("collect", "work", "desk")
OFFICERS = (
    ("zhou", "周值班", Role.DUTY_OFFICER, DutyRole.OFFICER),
    ("zheng", "郑备班", Role.CASE_OFFICER, DutyRole.BACKUP),
    ("han", "韩带班", Role.LEADER, DutyRole.LEADER),
    ("lv", "吕局长", Role.LEADER, DutyRole.BUREAU_LEADER),
)


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class Mailbox:
    """A real SMTP server's handler: keeps every message that it has taken."""

    messages: list[bytes] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content
        self.messages.append(content if isinstance(content, bytes) else str(content).encode())
        return "250 taken"

    def texts(self) -> list[str]:
        """The plain text of every message, oldest first."""
        bodies = (
            email.message_from_bytes(raw, policy=email.policy.default).get_body(("plain",))
            for raw in self.messages
        )
        return [str(body.get_content()) for body in bodies if body is not None]


@dataclass
class Installation:
    """Everything of one office, in one folder."""

    folder: Path
    settings: Path
    app: App
    county: RunningCounty
    mailbox: Mailbox
    environment: dict[str, str]
    parent: subprocess.Popen[bytes] | None = None

    @property
    def storage(self) -> Storage:
        return self.app.storage

    def start(self) -> None:
        """Start `qingxin run`."""
        log = (self.folder / "run.log").open("ab")
        self.parent = subprocess.Popen(
            [sys.executable, "-m", "monitor.cli", "run", "--settings", self.settings],
            stdout=log,
            stderr=log,
            cwd=ROOT,
            env=self.environment,
        )
        log.close()

    def stop(self) -> int:
        """Stop it as an administrator would; return its exit status."""
        assert self.parent
        self.parent.send_signal(signal.SIGTERM)
        return self.parent.wait(timeout=60)

    def find_role(self, role: str) -> psutil.Process | None:
        """The process of a role that the parent has started."""
        assert self.parent
        try:
            children = psutil.Process(self.parent.pid).children()
            for child in children:
                if child.cmdline()[1:4] == ["-m", "monitor.cli", role]:
                    return child
        except psutil.NoSuchProcess:
            pass
        return None

    def kill(self, name: str) -> bool:
        """Kill a role or the parent with SIGKILL; False when it was not there to be killed."""
        assert self.parent
        if name == "parent":
            children = psutil.Process(self.parent.pid).children()
            self.parent.kill()
            self.parent.wait()
            wait_for(
                lambda: not any(is_alive(each) for each in children),
                seconds=60,
                why="the roles notice that their parent is gone",
            )
            self.start()
            return True
        process = self.find_role(name)
        if process is None:
            return False
        try:
            process.kill()
        except psutil.NoSuchProcess:
            return False
        return True

    def log(self) -> str:
        return (self.folder / "run.log").read_text("utf-8", errors="replace")


def is_alive(process: psutil.Process) -> bool:
    """True unless it is gone or waits only to be buried."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def wait_for(what: Callable[[], T], *, seconds: float, why: str) -> T:
    """Ask again and again until the answer is true."""
    end = time.monotonic() + seconds
    while True:
        answer = what()
        if answer:
            return answer
        assert time.monotonic() < end, f"waited {seconds} s in vain: {why}"
        time.sleep(0.2)


def write_sources(folder: Path, address: str, *, poll_every: str = "PT2S") -> None:
    """Copy the sample sources, pointed at another address and asked more often."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in (ROOT / "spiders" / "sources").glob("sample-*.toml"):
        lines = []
        for line in path.read_text("utf-8").splitlines():
            key = line.split("=")[0].strip()
            given = {"poll_every": f'poll_every = "{poll_every}"', "delay": 'delay = "PT0.01S"'}
            lines.append(given.get(key, line.replace("http://127.0.0.1:18930", address)))
        (folder / path.name).write_text("\n".join(lines), "utf-8")


def add_officers(app: App, contacts: tuple[str, ...] = ("mail",)) -> None:
    """Four officers on duty for a month, reached through the named channels."""
    now = clock()
    with app.storage.work() as rows:
        for name, shown, role, duty in OFFICERS:
            person = Person(
                name, shown, role, tuple(Contact(each, f"{name}@example.org") for each in contacts)
            )
            rows.users.add(person, None, now)
            rows.duty.replace(
                [Shift(duty, name, now - timedelta(days=1), now + timedelta(days=30))]
            )


@contextmanager
def open_installation(
    folder: Path, *, database: str | None = None, backlog: bool = False, **changes: str
) -> Iterator[Installation]:
    """Set an office up; nothing runs yet except the county and the mail server."""
    mailbox = Mailbox()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=find_free_port())
    smtp.start()
    world = World.open(folder / "county", 7, clock(), pace=timedelta(days=300), backlog=backlog)
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    with running_county(world, clock) as county:
        write_sources(folder / "sources", county.address)
        port = find_free_port()
        settings = write_settings(
            folder,
            desk__port=str(port),
            desk__base_url=f'"http://127.0.0.1:{port}"',
            sample__enabled="false",
            collect__contact='"office@example.org"',
            sources__folder=f'"{folder / "sources"}"',
            alerts__lease='"PT6S"',
            alerts__gather_for='"PT3S"',
            alerts__fallback_person='"lv"',
            work__lease='"PT3S"',
            collect__lease='"PT10S"',
            **changes,
        )
        with settings.open("a", encoding="utf-8") as file:
            file.write(
                '\n[channels.mail]\nkind = "email"\nhost = "127.0.0.1"\n'
                f'port = {smtp.port}\nsecurity = "none"\ntimeout = "PT2S"\n'
                'sender = "qingxin@example.org"\n'
            )
        if database:
            environment["MONITOR_DATABASE__ADDRESS"] = database
            os.environ["MONITOR_DATABASE__ADDRESS"] = database
        app = build(settings)
        os.environ.pop("MONITOR_DATABASE__ADDRESS", None)
        app.prepare()
        add_officers(app)
        opened = Installation(folder, settings, app, county, mailbox, environment)
        try:
            yield opened
        finally:
            _stop_all(opened)
            app.storage.close()
            smtp.stop()


def _stop_all(opened: Installation) -> None:
    if opened.parent is None:
        return
    try:
        children: list[Any] = psutil.Process(opened.parent.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        children = []
    opened.parent.terminate()
    try:
        opened.parent.wait(timeout=30)
    except subprocess.TimeoutExpired:
        opened.parent.kill()
    for child in children:
        if child.is_running():
            child.kill()


def in_thread(work: Callable[[], None]) -> threading.Thread:
    """Run something beside the test."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    return thread
