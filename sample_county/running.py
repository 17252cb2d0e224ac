"""Runs the server: in this process until told to stop, or in a thread for a test."""

import asyncio
import json
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import uvicorn

from monitor.errors import PortTakenError
from sample_county.faults import Faults
from sample_county.request_log import RequestLog
from sample_county.server import create_app
from sample_county.world import World

_START_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class RunningCounty:
    """A county that listens at `address` (such as http://127.0.0.1:40123)."""

    address: str
    marker: str
    world: World
    faults: Faults
    requests: RequestLog


class _Announcing(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell whoever waits."""
        await super().startup(sockets=sockets)
        if self.started:
            self._announce()


def serve(
    folder: Path,
    *,
    host: str,
    port: int,
    seed: int,
    pace: timedelta,
    clock: Callable[[], datetime],
) -> None:
    """Serve the county in `folder` until the process is told to stop.

    When it listens, one line of JSON goes to standard output: address, marker, seed. Port 0 takes
    a free one.

    Raises:
        OSError: The address cannot be had, or the folder cannot be written.
    """
    # The port first: who cannot have it must not touch the county that another one serves.
    listener, marker = _listen(host, port), secrets.token_hex(8)
    address, world = _address_of(listener), World.open(folder, seed, clock(), pace=pace)

    def announce() -> None:
        line = {"address": address, "marker": marker, "seed": world.seed}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    app = create_app(world, clock, marker=marker)
    for stop in (signal.SIGTERM, signal.SIGINT):
        # The server stops by itself and then raises the signal again; being told to stop is no
        # failure, so the second one does nothing.
        signal.signal(stop, lambda *_: None)
    server = _Announcing(_configure(app), announce)
    asyncio.run(server.serve(sockets=[listener]))


@contextmanager
def running_county(
    world: World,
    clock: Callable[[], datetime],
    *,
    alive: bool = False,
    host: str = "127.0.0.1",
) -> Iterator[RunningCounty]:
    """Serve a world in a thread of this process, at a port given by the system, for a test.

    The county stands still unless `alive`; change it through the world in the meantime.

    Raises:
        TimeoutError: It did not listen within ten seconds.
    """
    listener, marker, faults = _listen(host, 0), secrets.token_hex(8), Faults()
    app = create_app(world, clock, marker=marker, faults=faults, alive=alive)
    listening = threading.Event()
    server = _Announcing(_configure(app), listening.set)
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True
    )
    thread.start()
    try:
        if not listening.wait(_START_SECONDS):
            raise TimeoutError("the sample county did not start to listen")
        yield RunningCounty(_address_of(listener), marker, world, faults, app.state.shown.requests)
    finally:
        server.should_exit = True
        thread.join(_START_SECONDS)
        listener.close()


def _configure(app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=1,
        server_header=False,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named by its protocol, or the event loop leaves Nagle on and every answer waits 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTakenError(host, port) from error
    listener.listen(128)
    listener.setblocking(False)  # noqa: FBT003 - the library has no keyword here
    return listener


def _address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
