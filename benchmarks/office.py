"""An installation to measure in: the shipped settings, a database of its own, officers on duty."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from monitor.bootstrap.app import App, build, read_clock
from monitor.domain import Contact, DutyRole, Person, Role, Shift
from tests.conftest import find_free_port, write_settings

OFFICERS = (
    ("zhou", Role.DUTY_OFFICER, DutyRole.OFFICER),
    ("zheng", Role.CASE_OFFICER, DutyRole.BACKUP),
    ("han", Role.LEADER, DutyRole.LEADER),
)


@contextmanager
def open_office(folder: Path, address: str | None = None) -> Iterator[App]:
    """Build the application on an empty or an already filled database.

    Args:
        folder: Where its settings and, without an address, its SQLite file are.
        address: Another database than the SQLite file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    address = address or f"sqlite:///{folder / 'data' / 'qingxin.db'}"
    settings = write_settings(folder, database__address=f'"{address}"', sample__enabled="false")
    app = build(settings)
    app.prepare()
    with app.storage.work() as rows:
        if rows.users.count() == 0:
            now = read_clock()
            for name, role, duty in OFFICERS:
                contact = Contact("mail", f"{name}@example.org")
                rows.users.add(Person(name, name, role, (contact,)), None, now)
                rows.duty.replace(
                    [Shift(duty, name, now - timedelta(days=1), now + timedelta(days=30))]
                )
    try:
        yield app
    finally:
        app.storage.close()


def find_postgres() -> Path | None:
    """The folder of Debian's PostgreSQL programs; None when it is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def run_postgres(binaries: Path) -> Iterator[str]:
    """Run a server of our own, as durable as it is by default (fsync on); gives an address."""
    folder = Path(tempfile.mkdtemp(prefix="qingxin-bench-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    port, data = find_free_port(), folder / "data"

    def call(*words: str | Path, check: bool = True) -> None:
        subprocess.run([*as_user, *words], check=check, stdout=subprocess.DEVNULL, cwd="/")

    call(binaries / "initdb", "-D", data, "-U", "qingxin", "-A", "trust", "-E", "UTF8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    control = binaries / "pg_ctl"
    call(control, "-D", data, "-o", options, "-l", folder / "log", "-w", "start")
    try:
        yield f"postgresql://qingxin@127.0.0.1:{port}/postgres"
    finally:
        call(control, "-D", data, "-m", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)
