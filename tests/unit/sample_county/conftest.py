"""A county of its own for every test, and a server for those that need one."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sample_county.running import RunningCounty, running_county
from sample_county.world import World
from tests.unit.sample_county.county_clock import NOON, Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def new_county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a county that has just opened; to be copied, never changed."""
    folder = tmp_path_factory.mktemp("county")
    World.open(folder, 7, NOON)
    return folder


@pytest.fixture
def world(tmp_path: Path, new_county: Path) -> World:
    shutil.copytree(new_county, tmp_path / "county")
    return World.open(tmp_path / "county", 7, NOON)


@pytest.fixture
def county(world: World, clock: Clock) -> Iterator[RunningCounty]:
    with running_county(world, clock) as running:
        found = httpx.get(f"{running.address}/.well-known/qingxin-sample", trust_env=False)
        assert found.json()["marker"] == running.marker
        yield running


@pytest.fixture
def web(county: RunningCounty) -> Iterator[httpx.Client]:
    # The desktop agent of a reader that names itself; without "bot", "crawl" or a phone word.
    agent = {"user-agent": "wage-reader/1.0"}
    with httpx.Client(base_url=county.address, headers=agent, trust_env=False) as client:
        yield client
