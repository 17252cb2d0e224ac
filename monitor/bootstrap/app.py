"""What every way in starts from: the settings, the database, the clock, and where to complain.

Nothing here knows of sources, readers, channels, pages or reports: those are put together by the
other files of this package, each for whoever needs it.
"""

import secrets
import socket
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

import structlog

from monitor.bootstrap.people import add_sample_people
from monitor.errors import StorageError
from monitor.pulse import Pulse
from monitor.settings import Settings, load_settings
from monitor.storage.session import Storage

_log: structlog.typing.FilteringBoundLogger = structlog.get_logger(__name__)

_SHIPPED = Path(__file__).resolve().parent.parent.parent / "settings.toml"


def read_clock() -> datetime:
    """The time now, in UTC. Everybody else is handed it."""
    return datetime.now(UTC)


def find_settings_file(named: Path | None) -> Path:
    """The file that was named, else `settings.toml` here, else the one beside the code."""
    if named is not None:
        return named
    here = Path("settings.toml")
    return here if here.is_file() else _SHIPPED


def build(settings_file: Path | None = None) -> "App":
    """Read the settings; nothing is opened yet.

    Raises:
        SettingsError: With every problem of the settings at once.
    """
    path = find_settings_file(settings_file)
    return App(load_settings(path), path)


def make_holder() -> str:
    """A name under which this process takes leases."""
    return f"{socket.gethostname()}-{secrets.token_hex(6)}"


class App:
    """One installation, as its settings describe it."""

    def __init__(self, settings: Settings, settings_file: Path) -> None:
        """Keep the settings; the database is opened when it is first asked for."""
        self.settings = settings
        self.settings_file = settings_file

    @cached_property
    def storage(self) -> Storage:
        """The database, not yet migrated."""
        return Storage(self.settings.database.address.get_secret_value())

    @property
    def desk_url(self) -> str:
        """Where the desk is, without a slash at the end."""
        return self.settings.desk.base_url.rstrip("/")

    def prepare(self) -> None:
        """Bring the database up to date and, with the sample county, add its invented officers."""
        self.settings.data.folder.mkdir(parents=True, exist_ok=True)
        self.storage.migrate()
        if self.settings.sample.enabled:
            add_sample_people(self.storage, self.settings, read_clock())

    # ---- issues and signs of life

    def record_issue(self, code: str, subject: str, message: str) -> None:
        """Open an issue; when even that fails the log has it."""
        try:
            with self.storage.work() as rows:
                rows.operations.record_issue(code, subject, message, read_clock())
        except StorageError as error:
            _log.warning("issue.not_stored", code=code, subject=subject, error=str(error))

    def close_issues(self, subject: str, codes: Sequence[str]) -> None:
        """Close issues of a subject, if any is open; costs no writer's lock when none is."""
        try:
            with self.storage.look() as rows:
                is_open = any(
                    each.subject == subject and each.code in codes
                    for each in rows.operations.list_open_issues()
                )
            if is_open:
                with self.storage.work() as rows:
                    rows.operations.close_issues(subject, tuple(codes), read_clock())
        except StorageError as error:
            _log.warning("issue.not_closed", subject=subject, error=str(error))

    def make_pulse(self, role: str, needed: Iterable[str] = ()) -> Pulse:
        """A sign of life for a role, written every few seconds."""
        return Pulse(self.storage, role, frozenset(needed), read_clock)
