"""Fixtures that every test may use: databases of both kinds, a built application, sample people."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from monitor.bootstrap.app import App

from monitor.storage.session import Storage

ROOT = Path(__file__).resolve().parent.parent


def find_free_port() -> int:
    """A port on loopback that the system gives."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _find_postgres() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL of our own on a socket and a port of its own; gives its address.

    QINGXIN_TEST_POSTGRES names another server, on which databases may be made and dropped.
    """
    named = os.environ.get("QINGXIN_TEST_POSTGRES")
    if named:
        yield named
        return
    binaries = _find_postgres()
    if binaries is None:
        pytest.skip("Debian's postgresql is not installed")
    folder = Path(tempfile.mkdtemp(prefix="qingxin-pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    port = find_free_port()
    data = folder / "data"
    subprocess.run(
        [
            *as_user,
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "qingxin",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ],
        check=True,
        capture_output=True,
        cwd="/",
    )
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    subprocess.run(
        [
            *as_user,
            binaries / "pg_ctl",
            "-D",
            data,
            "-o",
            options,
            "-l",
            folder / "log",
            "-w",
            "start",
        ],
        check=True,
        capture_output=True,
        cwd="/",
    )
    try:
        yield f"postgresql://qingxin@127.0.0.1:{port}"
    finally:
        subprocess.run(
            [*as_user, binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
            check=False,
            capture_output=True,
            cwd="/",
        )
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_address(postgres_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database on the real server."""
    import psycopg

    name = f"t{abs(hash(request.node.nodeid)) % 10**12}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
    yield f"{postgres_server}/{name}"
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'qingxin.db'}"
    address: str = request.getfixturevalue("postgres_address")
    return address


@pytest.fixture
def storage(database_address: str) -> Iterator[Storage]:
    """A migrated database, once of each kind."""
    opened = Storage(database_address)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def low_floors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Floors that any reader passes: for what is not about how good the shipped one is."""
    from models.gate import Baseline, GateFigures, fingerprint, load_gate_messages

    low = Baseline(fingerprint(load_gate_messages()), GateFigures(0.5, 0.5, 0.5, 0.5, 0.5, 0.5))
    monkeypatch.setattr("models.candidate.load_baseline", lambda: low)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every table and nothing in them; to be copied, not used."""
    path = tmp_path_factory.mktemp("migrated") / "qingxin.db"
    opened = Storage(f"sqlite:///{path}")
    opened.migrate()
    opened.close()  # the last one to leave puts everything into the one file
    return path


@pytest.fixture
def quick_storage(migrated_file: Path, tmp_path: Path) -> Iterator[Storage]:
    """A SQLite database without the wait for its tables, for what is not about SQL."""
    shutil.copy(migrated_file, tmp_path / "qingxin.db")
    opened = Storage(f"sqlite:///{tmp_path / 'qingxin.db'}")
    yield opened
    opened.close()


def write_settings(folder: Path, **changes: str) -> Path:
    """Copy the shipped settings into a folder, with lines replaced; return the copy.

    Args:
        folder: Where the copy and its data go.
        changes: For a section's key, e.g. `desk__port="0"`, the new right-hand side.
    """
    lines, section = [], ""
    wanted = {tuple(key.split("__")): value for key, value in changes.items()}
    for line in (ROOT / "settings.toml").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.split("]")[0].strip("[")
        key = (section, line.split("=")[0].strip())
        lines.append(f"{key[1]} = {wanted.pop(key)}" if key in wanted else line)
    assert not wanted, f"no such knob: {wanted}"
    text = "\n".join(lines).replace('"spiders/sources"', f'"{ROOT}/spiders/sources"')
    path = folder / "settings.toml"
    path.write_text(text.replace('"models/artefacts"', f'"{ROOT}/models/artefacts"'), "utf-8")
    return path


@pytest.fixture
def built(tmp_path: Path) -> "Iterator[App]":
    """The application with the shipped settings, its data in a folder of the test's own."""
    from monitor.bootstrap.app import build

    app = build(write_settings(tmp_path))
    app.prepare()
    yield app
    app.storage.close()
