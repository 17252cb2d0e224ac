"""WeCom group bot (企业微信群机器人): a markdown message into one group.

The vendor answers HTTP 200 whatever happened; only `errcode` in the body decides.
Limits: 20 messages a minute for each bot, 4,096 bytes of markdown.
Source: https://developer.work.weixin.qq.com/document/path/91770 and .../path/90313 (return codes).
"""

import json
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from alerts.channels.codes import Codes
from alerts.channels.http import keep_addresses_out_of_the_log, post_json, secrets_of
from alerts.channels.port import masked_answer
from alerts.rendering import MARKDOWN_LIMIT_BYTES, count_bytes, render_markdown
from monitor.domain import AlertCard, Receipt

_CODES = Codes(
    vendor="企业微信",
    key="errcode",
    permanent={
        40_008: "消息类型无效",
        40_058: "消息不合要求（过长或参数错误）",
        44_004: "消息内容为空",
        93_000: "机器人地址无效",
        93_004: "机器人已停用",
        93_008: "机器人不在群里",
    },
    temporary={45_009: ("发送太频繁", 60.0), -1: ("系统繁忙", None)},
)


@dataclass(frozen=True, slots=True)
class WecomBotSettings:
    """One bot. `url` is the whole address that the vendor gave, its key included."""

    url: SecretStr
    name: str = "wecom_bot"
    timeout: timedelta = timedelta(seconds=10)


class WecomBotChannel:
    """Sends a card into the bot's group; an address is the user id of the member to call on."""

    def __init__(self, settings: WecomBotSettings) -> None:
        """Keep the settings; nothing is opened until a message is sent."""
        keep_addresses_out_of_the_log()
        self._settings = settings

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self._settings.name

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:  # noqa: ARG002 - bots have no duplicate check
        """Post the card; see `Channel.send`."""
        content = render_markdown(card, mention=address)
        message = {"msgtype": "markdown", "markdown": {"content": content}}
        body = json.dumps(message, ensure_ascii=False).encode("utf-8")
        answer = post_json(self._settings.url, body, headers={}, timeout=self._settings.timeout)
        said = masked_answer(answer.text, *secrets_of(self._settings.url))
        _CODES.check(answer, said)
        return Receipt(said)

    @staticmethod
    def fits(card: AlertCard) -> bool:
        """Say whether the whole of a card can be sent, with somebody to call on."""
        mention = "x" * 64  # the longest user id
        return (
            count_bytes(render_markdown(card, mention=mention, limit_bytes=None))
            <= MARKDOWN_LIMIT_BYTES
        )
