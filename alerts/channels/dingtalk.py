"""DingTalk group bot (钉钉群机器人): a card with a button, or a message that calls on a member.

`errcode` in the body decides. 20 messages a minute for each bot; one more and the bot is blocked
for ten minutes (130101), so the channel rests that long. With a secret every call is signed: the
signature stands in the address, the body is the same on every try.
Source: https://open.dingtalk.com/document/robots/custom-robot-access (limits, signature, codes).
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from pydantic import SecretStr

from alerts.channels.codes import Codes
from alerts.channels.http import keep_addresses_out_of_the_log, post_json, secrets_of
from alerts.channels.port import masked_answer
from alerts.rendering import fit_bytes, render_paragraphs
from monitor.domain import AlertCard, Receipt

MOST_BYTES = 20_000
"""Of one request. Source: the vendor's page on custom bots."""

_ROOM_AROUND_BYTES = 1_000  # keys, title, mention
_PENALTY_SECONDS = 600.0
_CODES = Codes(
    vendor="钉钉",
    key="errcode",
    permanent={
        40_035: "缺少参数",
        300_001: "机器人地址无效",
        300_005: "机器人地址无效",
        310_000: "签名、关键词或 IP 不符合机器人的安全设置",
        400_013: "群已被解散",
        400_101: "机器人地址无效",
        400_102: "机器人已停用",
        400_105: "消息类型无效",
        400_106: "机器人不存在",
        430_101: "含有不安全的外链",
        430_102: "含有不合适的文本",
        430_104: "含有不合适的内容",
        460_101: "消息过长",
    },
    temporary={
        130_101: ("发送太频繁，机器人被停用十分钟", _PENALTY_SECONDS),
        302_033: ("发送太频繁，机器人被停用十分钟", _PENALTY_SECONDS),
        410_100: ("发送太频繁", 60.0),
        -1: ("系统繁忙", None),
    },
)


@dataclass(frozen=True, slots=True)
class DingtalkSettings:
    """One bot. `url` is the whole address, its token included; `secret` None is not signed."""

    url: SecretStr
    secret: SecretStr | None = None
    name: str = "dingtalk"
    timeout: timedelta = timedelta(seconds=10)


class DingtalkChannel:
    """Sends a card into the bot's group; an address is the mobile number to call on, or none."""

    def __init__(self, settings: DingtalkSettings, clock: Callable[[], datetime]) -> None:
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
        url = self._signed_address()
        answer = post_json(
            url, build_body(card, address), headers={}, timeout=self._settings.timeout
        )
        secret = self._settings.secret.get_secret_value() if self._settings.secret else ""
        said = masked_answer(answer.text, *secrets_of(url), *secrets_of(self._settings.url), secret)
        _CODES.check(answer, said)
        return Receipt(said)

    @staticmethod
    def fits(card: AlertCard) -> bool:
        """Say whether the whole of a card can be sent."""
        text = render_paragraphs(card)
        # As JSON, in which a quotation mark or a line's end takes two bytes.
        return len(json.dumps(text, ensure_ascii=False).encode()) <= MOST_BYTES - _ROOM_AROUND_BYTES

    def _signed_address(self) -> SecretStr:
        url = self._settings.url.get_secret_value()
        if self._settings.secret is None:
            return self._settings.url
        timestamp = str(int(self._clock().timestamp() * 1000))
        query = {"timestamp": timestamp, "sign": sign(timestamp, self._settings.secret)}
        return SecretStr(f"{url}{'&' if '?' in url else '?'}{urlencode(query)}")


def sign(timestamp: str, secret: SecretStr) -> str:
    """Sign a time in milliseconds, as the vendor asks: HMAC-SHA256 in base64."""
    key = secret.get_secret_value()
    digest = hmac.new(key.encode(), f"{timestamp}\n{key}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")


def build_body(card: AlertCard, address: str) -> bytes:
    """Write the message: the same bytes for the same card and address."""
    limit = MOST_BYTES - _ROOM_AROUND_BYTES
    title = fit_bytes(card.title, 300)
    message: dict[str, object]
    if address or not card.link:
        # Only plain messages can call on a member; a card with a button cannot.
        mention = f"@{address}" if address else ""
        text = render_paragraphs(card, mention=mention, limit_bytes=limit)
        message = {
            "msgtype": "markdown",
            "markdown": {"title": title, "text": text},
            "at": {"atMobiles": [address] if address else [], "isAtAll": False},
        }
    else:
        text = render_paragraphs(card, with_link=False, limit_bytes=limit)
        message = {
            "msgtype": "actionCard",
            "actionCard": {
                "title": title,
                "text": text,
                "singleTitle": "查看并确认",
                "singleURL": card.link,
            },
        }
    return json.dumps(message, ensure_ascii=False, sort_keys=True).encode("utf-8")
