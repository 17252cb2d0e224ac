"""A step that fails becomes an issue, the next good one closes it, and the role goes on."""

from collections.abc import Callable

import pytest

from monitor.bootstrap.app import App
from monitor.errors import LeaseLostError, StorageBusyError, StorageFullError
from monitor.pulse import Pulse
from monitor.rounds import guard


def fail_with(error: Exception) -> Callable[[], None]:
    def step() -> None:
        raise error

    return step


def open_codes(app: App) -> list[str]:
    with app.storage.look() as rows:
        return [each.code for each in rows.operations.list_open_issues()]


@pytest.fixture
def pulse(built: App) -> Pulse:
    return built.make_pulse("work", {"digest"})


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ValueError("孩子的学费"), "J501"),
        (StorageBusyError(), "J502"),
        (StorageFullError(), "J502"),
    ],
)
def test_a_failed_step_is_an_issue_until_the_next_good_one(
    built: App, pulse: Pulse, error: Exception, code: str
) -> None:
    guard("digest", fail_with(error), built, pulse)()
    assert open_codes(built) == [code]
    with built.storage.look() as rows:
        (issue,) = rows.operations.list_open_issues()
    assert "学费" not in issue.message, "an issue holds no word of a message"
    guard("digest", lambda: None, built, pulse)()
    assert open_codes(built) == []


def test_a_step_that_another_process_does_is_no_issue(built: App, pulse: Pulse) -> None:
    guard("digest", fail_with(LeaseLostError()), built, pulse)()
    assert open_codes(built) == []


def test_a_role_that_cannot_even_write_its_issue_goes_on(built: App, pulse: Pulse) -> None:
    built.storage.engine.dispose()
    (built.settings.data.folder / "qingxin.db").unlink()
    guard("digest", fail_with(StorageFullError()), built, pulse)()


def test_a_pulse_tells_a_success_only_when_every_step_has_succeeded(built: App) -> None:
    pulse = built.make_pulse("work", {"digest", "deliver"})
    pulse.succeeded("digest")
    pulse.start()
    pulse.stop()
    with built.storage.look() as rows:
        (beat,) = rows.operations.list_heartbeats()
    assert beat.last_success_at is None
    again = built.make_pulse("work", {"digest", "deliver"})
    again.succeeded("digest")
    again.succeeded("deliver")
    again.start()
    again.stop()
    with built.storage.look() as rows:
        (beat,) = rows.operations.list_heartbeats()
    assert beat.last_success_at is not None
