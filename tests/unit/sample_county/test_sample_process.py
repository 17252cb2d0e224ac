"""The server as a process of its own."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from sample_county.world import World

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def started(
    folder: Path, *arguments: str
) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    command = [sys.executable, "-m", "sample_county", "--data", str(folder), *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process, json.loads(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.slow
def test_it_says_where_it_listens_lives_and_stops_when_told(tmp_path: Path) -> None:
    with started(tmp_path, "--pace", "0.6", "--seed", "5") as (process, said):
        marker = httpx.get(f"{said['address']}/.well-known/qingxin-sample", trust_env=False).json()
        assert marker["marker"] == said["marker"]
        assert marker["seed"] == 5
        claims = f"{said['address']}/.well-known/qingxin-sample/claims"
        before = len(httpx.get(claims, trust_env=False).json())
        posted = httpx.post(f"{claims}/oldbbs", trust_env=False).json()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    kept = World.read(tmp_path)
    assert len(kept.posted_claims()) > before
    assert posted["item_id"] in [c.item_id for c in kept.posted_claims()]


@pytest.mark.slow
@pytest.mark.crash
def test_a_killed_server_forgets_nothing_that_it_served(tmp_path: Path) -> None:
    served = set()
    for _ in range(3):
        with started(tmp_path, "--pace", "0.05") as (_process, said):
            claims = f"{said['address']}/.well-known/qingxin-sample/claims"
            for _ in range(5):
                posted = httpx.post(f"{claims}/forum", trust_env=False).json()
                assert posted["item_id"] not in served
                served.add(posted["item_id"])
    assert served <= {c.item_id for c in World.read(tmp_path).posted_claims()}


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "sample_county", "--data", str(tmp_path), "--port", port]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert port in done.stderr
    assert not (tmp_path / "journal.jsonl").exists()
