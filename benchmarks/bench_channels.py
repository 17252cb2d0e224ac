"""What becomes of messages at the vendors' limits and lies: Apprise's plug-ins beside ours.

`python -m benchmarks.bench_channels --apprise /path/to/python` prints a Markdown table; that Python
belongs to an environment of its own, in which Apprise is installed (`pip install apprise`).
"""

import argparse
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from typing import Any

from pydantic import SecretStr

from alerts.channels.dingtalk import DingtalkChannel, DingtalkSettings
from alerts.channels.feishu import FeishuChannel, FeishuSettings
from alerts.channels.port import Channel
from alerts.channels.wecom_app import WecomAppChannel, WecomAppSettings
from alerts.channels.wecom_bot import WecomBotChannel, WecomBotSettings
from benchmarks.machine import ROOT, as_table, say
from monitor.bootstrap.app import read_clock
from monitor.domain import AlertCard
from monitor.errors import DeliveryError
from tests.gateways.dingtalk import FakeDingtalk
from tests.gateways.feishu import FakeFeishu
from tests.gateways.serving import Gateway, running
from tests.gateways.wecom import FakeWecom
from tests.gateways.wecom_app import FakeWecomApp

TIMEOUT = timedelta(seconds=2)
SHORT = "清河县第一建筑劳务有限公司，23 人，45 万元"
LONG = "薪" * 3_000


@dataclass(frozen=True)
class Side:
    """One vendor: its gateway, Apprise's address for it, and our channel."""

    name: str
    make: Callable[[], Gateway]
    url: Callable[[Any], str]
    channel: Callable[[Any], Channel]
    address: str


def _settings(gateway: FakeWecomApp) -> WecomAppSettings:
    return WecomAppSettings(
        gateway.corp_id,
        gateway.agent_id,
        SecretStr(gateway.secret),
        endpoint=gateway.origin,
        timeout=TIMEOUT,
    )


SIDES = (
    Side(
        "WeCom bot",
        lambda: FakeWecom(key="0f0fbotkey"),
        lambda gateway: f"wecombot://{gateway.key}",
        lambda gateway: WecomBotChannel(WecomBotSettings(SecretStr(gateway.url), timeout=TIMEOUT)),
        "",
    ),
    Side(
        "WeCom application",
        lambda: FakeWecomApp(corp_id="ww0123456789abcdef", secret="s" * 43),
        lambda gateway: f"wechat://{gateway.corp_id}:{gateway.secret}@{gateway.agent_id}/wangfang/",
        lambda gateway: WecomAppChannel(_settings(gateway)),
        "wangfang",
    ),
    Side(
        "DingTalk bot, signed",
        lambda: FakeDingtalk(token="a1" * 32, secret="SEC" + "0a" * 32),
        lambda gateway: f"dingtalk://{gateway.secret}@{gateway.token}/",
        lambda gateway: DingtalkChannel(
            DingtalkSettings(SecretStr(gateway.url), SecretStr(gateway.secret), timeout=TIMEOUT),
            read_clock,
        ),
        "",
    ),
    Side(
        "DingTalk bot, not signed",
        lambda: FakeDingtalk(token="a1" * 32, secret=None),
        lambda gateway: f"dingtalk://{gateway.token}/",
        lambda gateway: DingtalkChannel(
            DingtalkSettings(SecretStr(gateway.url), None, timeout=TIMEOUT), read_clock
        ),
        "",
    ),
    Side(
        "Feishu bot, signed",
        lambda: FakeFeishu(hook="a1b2c3d4e5f6"),
        lambda gateway: f"feishu://{gateway.hook}/",
        lambda gateway: FeishuChannel(
            FeishuSettings(SecretStr(gateway.url), SecretStr(gateway.secret), timeout=TIMEOUT),
            read_clock,
        ),
        "",
    ),
    Side(
        "Feishu bot, not signed",
        lambda: FakeFeishu(hook="a1b2c3d4e5f6", secret=None),
        lambda gateway: f"feishu://{gateway.hook}/",
        lambda gateway: FeishuChannel(
            FeishuSettings(SecretStr(gateway.url), None, timeout=TIMEOUT), read_clock
        ),
        "",
    ),
)


@dataclass(frozen=True)
class Scene:
    """Something that a vendor does; `prepare` sets the gateway up for it."""

    name: str
    bodies: tuple[str, ...]
    mode: str = "normal"
    prepare: Callable[[Any], None] = lambda _gateway: None
    only: tuple[str, ...] = ()


def _rename_member(gateway: FakeWecomApp) -> None:
    gateway.members = frozenset({"liqiang"})


def _wrong_key(gateway: Any) -> None:
    for name in ("key", "token", "hook"):
        if hasattr(gateway, name):
            setattr(gateway, name, "another")


SCENES = (
    Scene("one short message", (SHORT,)),
    Scene("refused with HTTP 200 (system busy)", (SHORT,), mode="busy"),
    Scene(
        "the address is wrong, HTTP 200",
        (SHORT,),
        prepare=_wrong_key,
        only=("WeCom bot", "DingTalk bot, not signed", "Feishu bot, not signed"),
    ),
    Scene("9,000 bytes in one message", (LONG,)),
    Scene("25 messages, one straight after another", tuple(f"{SHORT} {n}" for n in range(25))),
    Scene("a sign-in page of the network instead of an answer", (SHORT,), mode="not_json"),
    Scene("taken, then hung up without an answer", (SHORT,), mode="took_then_hung_up"),
    Scene(
        "the application may not see the member",
        (SHORT,),
        prepare=_rename_member,
        only=("WeCom application",),
    ),
)


def by_apprise(python: str, side: Side, gateway: Any, bodies: tuple[str, ...]) -> list[bool]:
    """What Apprise says of each message."""
    order = {"url": side.url(gateway), "origin": gateway.origin, "bodies": bodies}
    ended = subprocess.run(
        [python, "benchmarks/apprise_side.py"],
        input=json.dumps(order) + "\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=400,
    )
    answer = json.loads(ended.stdout.splitlines()[-1])
    if not answer["known"]:
        raise SystemExit(f"Apprise does not know {side.name}'s address")
    return [bool(each) for each in answer["said"]]


def by_us(side: Side, gateway: Any, bodies: tuple[str, ...]) -> list[bool]:
    """What our channel says of each message, handed over without the bucket that goes before it."""
    channel = side.channel(gateway)
    said = []
    for number, body in enumerate(bodies):
        card = AlertCard(body, (), "", urgent=True, made_at=read_clock())
        try:
            channel.send(card, side.address, f"key-{number}")
        except DeliveryError:
            said.append(False)
        else:
            said.append(True)
    return said


def describe(said: list[bool], gateway: Gateway, seconds: float) -> str:
    """Put together what was said and what arrived; a difference is set in bold."""
    believed, arrived = sum(said), len(gateway.taken)
    if len(said) == 1:
        shown = f"says {'sent' if believed else 'failed'}, arrived: {arrived}"
        wrong = bool(believed) and not arrived
    else:
        shown = f"says {believed} sent, arrived: {arrived} ({seconds:.0f} s)"
        wrong = believed > arrived
    return f"**{shown}**" if wrong else shown


def main() -> None:
    """Play every scene with both, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apprise", required=True, help="a Python with Apprise installed")
    python = parser.parse_args().apprise
    version = subprocess.run(
        [python, "-c", "import apprise; print(apprise.__version__)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    rows = []
    for scene in SCENES:
        for side in SIDES:
            if scene.only and side.name not in scene.only:
                continue
            say(f"{scene.name}: {side.name}")
            row = [scene.name, side.name]
            for send in (lambda *given: by_apprise(python, *given), by_us):
                gateway = side.make()
                gateway.mode = scene.mode
                with running(gateway):
                    before = _prepared(scene, side, gateway)
                    began = perf_counter()
                    said = send(before, gateway, scene.bodies)
                    row.append(describe(said, gateway, perf_counter() - began))
            rows.append(row)
    print(as_table(["scene", "vendor", f"Apprise {version}", "Qingxin's channel"], rows))


def _prepared(scene: Scene, side: Side, gateway: Any) -> Side:
    """Fix the addresses as they are now, then let the scene change the gateway."""
    url, channel = side.url(gateway), side.channel(gateway)
    scene.prepare(gateway)
    return Side(side.name, side.make, lambda _: url, lambda _: channel, side.address)


if __name__ == "__main__":
    main()
