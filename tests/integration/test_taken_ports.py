"""A port that another program holds: said in one sentence, never with a traceback."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.bootstrap.app import App, build
from monitor.checking import find_taken_ports
from monitor.cli import main
from monitor.domain import Severity
from tests.conftest import write_settings


@pytest.fixture
def held() -> Iterator[socket.socket]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder


def test_a_start_says_which_port_is_taken_and_goes_on(tmp_path: Path, held: socket.socket) -> None:
    port = held.getsockname()[1]
    built: App = build(write_settings(tmp_path, desk__port=str(port), sample__enabled="false"))
    (problem,) = find_taken_ports(built)
    assert (problem.code, problem.where) == ("M108", "desk.port")
    assert str(port) in problem.message
    assert problem.severity is Severity.WARNING
    held.close()
    assert find_taken_ports(built) == []
    built.storage.close()


def test_the_sample_county_says_in_one_line_that_its_port_is_taken(
    tmp_path: Path,
    held: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    port = held.getsockname()[1]
    path = write_settings(tmp_path, sample__port=str(port))
    monkeypatch.setattr("sys.argv", ["qingxin", "sample", "--settings", str(path)])
    monkeypatch.setattr("monitor.commands.sample.start_logging", lambda _built, _role: None)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    (said,) = capsys.readouterr().err.strip().splitlines()
    assert f"127.0.0.1:{port}" in said
    assert "占用" in said
