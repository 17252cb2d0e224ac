"""Every kind of channel is made from the settings, keeps its limits, and shows no secret."""

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from typer.testing import CliRunner

from alerts.channels.port import Answerable, Channel, Measuring, Receipted
from alerts.outbox import DeliverCount
from monitor.bootstrap.app import App, build
from monitor.bootstrap.desk import make_presses
from monitor.cli import app as commands
from monitor.delivering import Deliverer
from monitor.domain import AlertCard, Contact, DeliveryState, Lane, Person, Receipt, Role
from monitor.errors import DeliveryError, SettingsError
from monitor.outlets import list_push_secrets, make_channels, make_rules
from monitor.storage.session import Storage
from tests.conftest import write_settings
from tests.integration.test_gathering import Office

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
SECRETS = {
    "MONITOR_CHANNELS__BOT__URL": "https://127.0.0.1:1/cgi-bin/webhook/send?key=bot-secret-1",
    "MONITOR_CHANNELS__APP__SECRET": "app-secret-2",
    "MONITOR_CHANNELS__APP__CALLBACK_TOKEN": "callbacktoken13",
    "MONITOR_CHANNELS__APP__CALLBACK_KEY": "callbackkey14" + "k" * 30,
    "MONITOR_CHANNELS__DING__URL": "https://127.0.0.1:1/robot/send?access_token=ding-secret-3",
    "MONITOR_CHANNELS__DING__SECRET": "ding-sign-secret-4",
    "MONITOR_CHANNELS__FEISHU__URL": "https://127.0.0.1:1/open-apis/bot/v2/hook/feishu-secret-5",
    "MONITOR_CHANNELS__FEISHU__SECRET": "feishu-sign-secret-6",
    "MONITOR_CHANNELS__ALI__KEY": "aliyun-secret-7",
    "MONITOR_CHANNELS__ALI__PUSH_SECRET": "push-secret-8-and-a-long-one",
    "MONITOR_CHANNELS__TEN__KEY": "tencent-secret-9",
    "MONITOR_CHANNELS__HOOK__URL": "https://127.0.0.1:1/in?token=hook-secret-10",
    "MONITOR_CHANNELS__HOOK__KEY": "hook-key-secret-11",
    "MONITOR_CHANNELS__MAIL__PASSWORD": "mail-secret-12",
}
PARTS = [value.rpartition("=")[2].rpartition("/")[2] for value in SECRETS.values()]
WRITTEN = """
[channels.bot]
kind = "wecom_bot"
[channels.app]
kind = "wecom_app"
corp_id = "ww01"
agent_id = 1000002
endpoint = "http://127.0.0.1:1"
[channels.ding]
kind = "dingtalk"
[channels.feishu]
kind = "feishu"
[channels.ali]
kind = "sms_aliyun"
key_id = "LTAI-1"
sign_name = "清河人社"
template = "SMS_1"
endpoint = "http://127.0.0.1:1"
[channels.ten]
kind = "sms_tencent"
key_id = "AKID-1"
sign_name = "清河人社"
template = "1"
app_id = "1400000000"
endpoint = "http://127.0.0.1:1"
[channels.hook]
kind = "webhook"
[channels.mail]
kind = "email"
host = "127.0.0.1"
port = 1
sender = "a@example.org"
user = "a"
"""


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    path = write_settings(tmp_path)
    path.write_text(path.read_text("utf-8") + WRITTEN, "utf-8")
    return path


@pytest.fixture
def office(settings_file: Path) -> Iterator[App]:
    app = build(settings_file)
    app.prepare()
    yield app
    app.storage.close()


def test_every_kind_is_made_and_says_what_it_can(office: App) -> None:
    channels = make_channels(office.settings, lambda: NOON)
    assert {name: channel.name for name, channel in channels.items()} == {
        name: name for name in office.settings.channels
    }
    measuring = {name for name, each in channels.items() if isinstance(each, Measuring)}
    assert measuring == {"bot", "app", "ding", "feishu"}
    assert {name for name, each in channels.items() if isinstance(each, Receipted)} == {
        "ali",
        "ten",
    }
    assert {name for name, each in channels.items() if isinstance(each, Answerable)} == {"ten"}
    assert list_push_secrets(office.settings) == {"ali": "push-secret-8-and-a-long-one"}


def test_every_vendors_limit_is_kept_with_room_to_spare(office: App) -> None:
    rules = make_rules(office.settings, make_channels(office.settings, lambda: NOON))
    minute = timedelta(minutes=1)

    def share(name: str, per: timedelta, lane: Lane = Lane.URGENT) -> int:
        rule = rules[name]
        return min(
            each.share(lane) for each in (*rule.limits, *rule.address_limits) if each.per == per
        )

    assert share("bot", minute) == share("ding", minute) == 15, "of 20"
    assert share("bot", minute, Lane.NORMAL) == 10
    assert share("app", minute) < 30
    assert share("app", timedelta(hours=1)) < 1_000
    assert share("feishu", minute) < 100
    assert share("feishu", timedelta(seconds=1)) < 5
    assert share("ali", timedelta(hours=24)) < 50
    assert rules["terminal"].gathering is None
    assert rules["hook"].gathering is None


def test_a_tencent_channel_without_its_application_is_refused(settings_file: Path) -> None:
    text = settings_file.read_text("utf-8").replace('app_id = "1400000000"\n', "")
    settings_file.write_text(text, "utf-8")
    with pytest.raises(SettingsError) as caught:
        build(settings_file)
    [problem] = caught.value.problems
    assert problem.code == "M103"
    assert "app_id" in problem.message


@pytest.mark.parametrize("missing", ["TOKEN", "KEY"])
def test_half_a_callback_is_refused(
    settings_file: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.delenv(f"MONITOR_CHANNELS__APP__CALLBACK_{missing}")
    with pytest.raises(SettingsError) as caught:
        build(settings_file)
    [problem] = caught.value.problems
    assert "give both or neither" in problem.message
    assert "callbackkey14" not in str(caught.value)


def test_an_application_that_is_called_back_has_its_buttons(office: App) -> None:
    presses = make_presses(office)
    assert [(name, corp_id) for name, (_, corp_id, _) in presses.items()] == [("app", "ww01")]


@pytest.mark.parametrize("key", ["push_secret", "secret", "key", "callback_token", "callback_key"])
def test_a_secret_in_the_file_is_refused(settings_file: Path, key: str) -> None:
    with settings_file.open("a", encoding="utf-8") as file:
        file.write(f'[channels.more]\nkind = "dingtalk"\nurl = "x"\n{key} = "stands-in-the-file"\n')
    with pytest.raises(SettingsError) as caught:
        build(settings_file)
    assert "M107" in {each.code for each in caught.value.problems}
    assert "stands-in-the-file" not in str(caught.value)


def test_no_secret_is_in_settings_errors_logs_tables_or_what_the_command_says(
    office: App, settings_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with office.storage.work() as rows:
        contacts = tuple(
            Contact(name, "13800001111" if name in {"ali", "ten"} else "wang@example.org")
            for name in office.settings.channels
        )
        rows.users.add(Person("wang", "王芳", Role.DUTY_OFFICER, contacts), None, NOON)
    with caplog.at_level(logging.DEBUG):
        tested = CliRunner().invoke(
            commands, ["alert", "test", "wang", "--settings", str(settings_file)]
        )
        checked = CliRunner().invoke(commands, ["check", "--settings", str(settings_file)])
    assert tested.exit_code == 1, "only the terminal can be reached"
    assert "✓ terminal" in tested.output
    assert all(
        f"✗ {name}" in tested.output for name in office.settings.channels if name != "terminal"
    )
    said = "".join((tested.output, checked.output, caplog.text, repr(office.settings)))
    for channel in make_channels(office.settings, lambda: NOON).values():
        said += repr(getattr(channel, "_settings"))  # noqa: B009 - not of the port
    database = (settings_file.parent / "data" / "qingxin.db").read_bytes().decode("latin-1")
    assert [part for part in PARTS if part in said or part in database] == []


# ---------------------------------------------------------------- a thread for every channel


@dataclass
class StuckChannel:
    """Takes a message and does not come back until it is let go."""

    name: str = "stuck"
    let_go: Event = field(default_factory=Event)
    begun: Event = field(default_factory=Event)

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
        self.begun.set()
        assert self.let_go.wait(30)
        return Receipt("at last")


def make_deliverer(storage: Storage, **channels: Channel) -> Deliverer:
    return Deliverer(storage, channels, {}, clock=lambda: NOON, lease=timedelta(seconds=60))


def raise_on(office: Office, channel: str) -> None:
    office.raise_alert()
    with office.storage.engine.begin() as connection:
        from sqlalchemy import text

        connection.execute(
            text("UPDATE deliveries SET channel = :channel WHERE alert_id = :alert"),
            {"channel": channel, "alert": office.alerts[-1]},
        )


def test_a_channel_that_does_not_answer_holds_up_no_other(storage: Storage) -> None:
    office, stuck = Office(storage), StuckChannel()
    deliverer = make_deliverer(storage, stuck=stuck, bot=office.channel)
    raise_on(office, "stuck")
    deliverer.start_round()
    assert stuck.begun.wait(10)
    for number in range(2, 5):
        raise_on(office, "bot")
        end = time.monotonic() + 10
        while len(office.channel.taken) < number - 1 and time.monotonic() < end:
            deliverer.start_round()
            time.sleep(0.01)
        assert len(office.channel.taken) == number - 1
    stuck.let_go.set()
    deliverer.wait()
    deliverer.close()
    assert office.states() == [DeliveryState.SENT] * 4


def test_a_sender_that_stops_finishes_what_it_sends_and_begins_nothing(storage: Storage) -> None:
    office, stuck = Office(storage), StuckChannel()
    deliverer = make_deliverer(storage, stuck=stuck)
    for _ in range(3):
        raise_on(office, "stuck")
    deliverer.start_round()
    assert stuck.begun.wait(10)
    closing = Thread(target=deliverer.close)
    closing.start()
    assert deliverer._stopping.wait(10)
    stuck.let_go.set()
    closing.join(20)
    assert not closing.is_alive()
    states = sorted(office.states())
    assert states[0] is DeliveryState.DUE
    assert states.count(DeliveryState.SENT) < 3


def test_a_message_for_a_channel_that_was_taken_out_of_the_settings_fails_and_is_counted(
    storage: Storage,
) -> None:
    office = Office(storage)
    deliverer = make_deliverer(storage, bot=office.channel)
    raise_on(office, "pigeon")
    deliverer.start_round()
    assert deliverer.wait() == DeliverCount(failed=1)
    deliverer.close()
    assert office.states() == [DeliveryState.FAILED]


def test_what_ends_a_round_is_told_by_the_next_and_the_others_go_on(storage: Storage) -> None:
    class Broken:
        name = "broken"

        def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
            raise RuntimeError("a fault of ours")

    office = Office(storage)
    deliverer = make_deliverer(storage, broken=Broken(), bot=office.channel)
    raise_on(office, "broken")
    raise_on(office, "bot")
    deliverer.start_round()
    with pytest.raises(RuntimeError, match="a fault of ours"):
        deliverer.wait()
    deliverer.close()
    assert office.states() == [DeliveryState.DUE, DeliveryState.SENT]


def test_a_refusal_for_good_is_counted_so_that_the_ladder_goes_on_at_once(
    storage: Storage,
) -> None:
    office = Office(storage)
    office.channel.failures = [DeliveryError("gone", permanent=True, answer="93000")]
    deliverer = make_deliverer(storage, bot=office.channel)
    raise_on(office, "bot")
    deliverer.start_round()
    assert deliverer.wait().failed == 1
    deliverer.close()
