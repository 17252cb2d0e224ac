"""What the handlers of the server share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from litestar.di import NamedDependency

from sample_county.faults import Faults
from sample_county.request_log import RequestLog
from sample_county.sites import Sites
from sample_county.world import World


@dataclass(frozen=True, slots=True)
class Shown:
    """One county as it is served.

    `clock` tells the time that the sites show (aware, UTC); `marker` is what the marker page
    answers, so that a test knows its own server.
    """

    world: World
    clock: Callable[[], datetime]
    marker: str
    faults: Faults
    requests: RequestLog
    sites: Sites


Here = NamedDependency[Shown]
"""What a handler asks for by the name `county`."""
