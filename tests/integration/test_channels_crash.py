"""A sender that is killed with SIGKILL, its database and the far end as they really are."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from alerts.channels.wecom_bot import WecomBotChannel, WecomBotSettings
from alerts.outbox import POINTS, DeliverCount, RetryPolicy, deliver_due
from monitor.domain import DeliveryState
from monitor.sending import StoringOutbox
from monitor.storage.session import Storage
from tests.contracts.outbox_cases import stored_case
from tests.gateways.wecom import running_wecom

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
MESSAGES = 3


def send_all(storage: Storage, url: str, now: datetime, deadly: str = "") -> DeliverCount:
    """Send what is due; die for good when the second message reaches a point."""
    reached = 0

    def die(point: str) -> None:
        nonlocal reached
        reached += point == deadly
        if point == deadly and reached == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    return deliver_due(
        StoringOutbox(storage),
        {"terminal": WecomBotChannel(WecomBotSettings(SecretStr(url)))},
        clock=lambda: now,
        lease=LEASE,
        retry=RetryPolicy(),
        limit=100,
        at=die,
    )


@pytest.mark.slow
@pytest.mark.crash
@pytest.mark.parametrize("point", POINTS)
def test_a_killed_sender_loses_nothing_and_doubles_at_most_one(point: str, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/outbox.db"
    with running_wecom() as gateway, stored_case(address) as case:
        numbers = [case.seed(NOON) for _ in range(MESSAGES)]
        killed = subprocess.run(
            [sys.executable, "-m", "tests.integration.test_channels_crash"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "CASE": f"{address} {gateway.url} {point}"},
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL
        storage = Storage(address)
        try:
            assert send_all(storage, gateway.url, NOON + LEASE - timedelta(seconds=1)).sent <= 1
            send_all(storage, gateway.url, NOON + LEASE)
        finally:
            storage.close()
        assert [case.state_of(number) for number in numbers] == [DeliveryState.SENT] * MESSAGES
        doubled = point in {"after_send", "before_record"}
        assert len(gateway.taken) == MESSAGES + doubled
        assert len(set(gateway.bodies)) == 1


if __name__ == "__main__":
    given_address, given_url, given_point = os.environ["CASE"].split()
    send_all(Storage(given_address), given_url, NOON, given_point)
