"""Feishu group bot (飞书群机器人): an interactive card with a button.

`code` in the body decides. 100 messages a minute and 5 a second for each bot, 20 KB each. The
vendor wants the signature and its time inside the body, at most an hour old: the time is counted in
steps of half an hour from the making of the card, so that tries within one step are the same bytes.
Source: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (limits, codes).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr

from alerts.channels.codes import Codes
from alerts.channels.http import keep_addresses_out_of_the_log, post_json, secrets_of
from alerts.channels.port import masked_answer
from alerts.rendering import render_paragraphs
from monitor.domain import AlertCard, Receipt

MOST_BYTES = 20 * 1024
"""Of one request. Source: the vendor's page on custom bots."""

_ROOM_AROUND_BYTES = 2_000  # keys, title, button, signature
_SIGNED_FOR = timedelta(minutes=30)
_CODES = Codes(
    vendor="飞书",
    key="code",
    permanent={
        9_499: "消息不合要求",
        19_001: "机器人地址无效",
        19_002: "消息不合要求",
        19_021: "签名不符或本机时钟不准",
        19_022: "本机的地址不在机器人的 IP 白名单里",
        19_024: "不含机器人要求的关键词",
    },
    temporary={
        11_232: ("发送太频繁", 60.0),
        11_233: ("系统繁忙", None),
        11_247: ("系统繁忙", None),
    },
)


@dataclass(frozen=True, slots=True)
class FeishuSettings:
    """One bot. `url` is the whole address, its hook included; `secret` None is not signed."""

    url: SecretStr
    secret: SecretStr | None = None
    name: str = "feishu"
    timeout: timedelta = timedelta(seconds=10)


class FeishuChannel:
    """Sends a card into the bot's group; an address is the member's id to call on, or none."""

    def __init__(self, settings: FeishuSettings, clock: Callable[[], datetime]) -> None:
        """Keep the settings; `clock` gives the time that is signed."""
        keep_addresses_out_of_the_log()
        self._settings = settings
        self._clock = clock

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self._settings.name

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:  # noqa: ARG002 - bots have no duplicate check
        """Post the card; see `Channel.send`."""
        message = build_message(card, address)
        if self._settings.secret is not None:
            at = str(int(signed_time(card.made_at, self._clock()).timestamp()))
            message |= {"timestamp": at, "sign": sign(at, self._settings.secret)}
        body = json.dumps(message, ensure_ascii=False, sort_keys=True).encode("utf-8")
        answer = post_json(self._settings.url, body, headers={}, timeout=self._settings.timeout)
        url = self._settings.url.get_secret_value()
        secret = self._settings.secret.get_secret_value() if self._settings.secret else ""
        hook = url.rstrip("/").rpartition("/")[2]
        said = masked_answer(answer.text, *secrets_of(self._settings.url), hook, secret)
        _CODES.check(answer, said)
        return Receipt(said)

    @staticmethod
    def fits(card: AlertCard) -> bool:
        """Say whether the whole of a card can be sent."""
        text = json.dumps(render_paragraphs(card), ensure_ascii=False)
        return len(text.encode()) <= MOST_BYTES - _ROOM_AROUND_BYTES


def signed_time(made_at: datetime | None, now: datetime) -> datetime:
    """Say which time is signed: at most half an hour old, and the same for tries close together."""
    if made_at is None or made_at > now:
        return now
    return made_at + (now - made_at) // _SIGNED_FOR * _SIGNED_FOR


def sign(timestamp: str, secret: SecretStr) -> str:
    """Sign a time in seconds, as the vendor asks: it is the key, and nothing is the message."""
    key = f"{timestamp}\n{secret.get_secret_value()}".encode()
    return base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode("ascii")


def build_message(card: AlertCard, address: str) -> dict[str, object]:
    """Write the message; the signature is not in it."""
    mention = f"<at id={address}></at>" if address else ""
    text = render_paragraphs(
        card,
        mention=mention,
        with_title=False,
        with_link=False,
        limit_bytes=MOST_BYTES - _ROOM_AROUND_BYTES,
    )
    elements: list[dict[str, object]] = [{"tag": "markdown", "content": text}]
    if card.link:
        button = {
            "tag": "button",
            "text": {"tag": "plain_text", "content": "查看并确认"},
            "type": "danger" if card.urgent else "primary",
            "url": card.link,
        }
        elements.append({"tag": "action", "actions": [button]})
    return {
        "msg_type": "interactive",
        "card": {
            "config": {"wide_screen_mode": True},
            "header": {
                "title": {"tag": "plain_text", "content": card.title},
                "template": "red" if card.urgent else "blue",
            },
            "elements": elements,
        },
    }
