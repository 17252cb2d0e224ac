"""WeCom application (企业微信应用消息): a card with a button to one member.

One alert is a button card; several alerts are one markdown message, because a card has room for one
link only. The body's `errcode` decides, and so does `invaliduser`: the vendor says 0 and sends
nothing when the application may not see the member. More than 30 messages a minute or 1,000 an hour
for one member are dropped without a word, so those limits are kept before sending. The vendor's own
duplicate check is asked for: a second try has the same bytes and is shown once.
Source: https://developer.work.weixin.qq.com/document/path/90236, 91039 (token), 90313 (codes).
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from urllib.parse import urlencode

from pydantic import SecretStr

from alerts.channels.codes import Codes
from alerts.channels.http import Answer, ask, keep_addresses_out_of_the_log, post_json
from alerts.channels.port import masked_answer
from alerts.channels.wecom_callback import task_id_of
from alerts.rendering import count_bytes, render_markdown
from monitor.domain import AlertCard, Receipt
from monitor.errors import DeliveryError

MOST_BYTES = 2_048
"""Of one markdown message. Source: the vendor's page on application messages."""

_STALE_TOKEN = frozenset({40_001, 40_014, 42_001})
_TOKEN_ENDS_EARLY_SECONDS = 300.0
_DUPLICATES_WITHIN_SECONDS = 1_800
_MOST_FACTS = 6
_LONGEST_FACT_NAME = 5
_CODES = Codes(
    vendor="企业微信",
    key="errcode",
    permanent={
        40_003: "成员不存在",
        40_008: "消息类型无效",
        40_013: "企业 ID 无效",
        40_056: "应用 ID 无效",
        40_058: "消息不合要求（过长或参数错误）",
        44_004: "消息内容为空",
        48_002: "应用没有调用权限",
        60_011: "应用无权给此成员发消息",
        60_020: "本机的地址不在企业可信 IP 里",
        60_111: "成员不存在",
        81_013: "成员不在应用的可见范围内",
        301_002: "应用 ID 与密钥不符",
    },
    temporary={
        45_009: ("调用太频繁", 60.0),
        45_033: ("并发太多", None),
        -1: ("系统繁忙", None),
        40_001: ("应用密钥或令牌不被接受", 60.0),
        40_014: ("令牌不被接受", None),
        42_001: ("令牌已过期", None),
    },
)


@dataclass(frozen=True, slots=True)
class WecomAppSettings:
    """One application of one company. `endpoint` is where the vendor's interface is reached.

    `calls_back` says that the vendor tells the desk when a button is pressed.
    """

    corp_id: str
    agent_id: int
    secret: SecretStr
    name: str = "wecom_app"
    endpoint: str = "https://qyapi.weixin.qq.com"
    timeout: timedelta = timedelta(seconds=10)
    calls_back: bool = False


class WecomAppChannel:
    """Sends a card to a member; an address is the member's user id."""

    def __init__(self, settings: WecomAppSettings) -> None:
        """Keep the settings; nothing is opened until a message is sent."""
        keep_addresses_out_of_the_log()
        self._settings = settings
        self._lock = Lock()
        self._token = SecretStr("")
        self._token_ends_at = 0.0  # on the monotonic clock, in seconds

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self._settings.name

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
        """Post the card; see `Channel.send`. A token that is refused is fetched anew, once."""
        if not address or "|" in address or address.startswith("@"):
            raise DeliveryError("没有填成员的企业微信账号，请在人员设置中更正", permanent=True)
        body = build_body(
            card,
            address,
            idempotency_key,
            self._settings.agent_id,
            calls_back=self._settings.calls_back,
        )
        token = self._get_token()
        answer = self._post(body, token)
        if answer.as_mapping().get("errcode") in _STALE_TOKEN:
            token = self._get_token(instead_of=token)
            answer = self._post(body, token)
        said = self._masked(answer, token)
        _CODES.check(answer, said)
        self._check_reached(answer.as_mapping(), address, said)
        return Receipt(said, vendor_id=str(answer.as_mapping().get("msgid", "")))

    @staticmethod
    def fits(card: AlertCard) -> bool:
        """Say whether the whole of a gathered card can be sent."""
        return count_bytes(render_markdown(card, limit_bytes=None)) <= MOST_BYTES

    @staticmethod
    def _check_reached(said: Mapping[str, object], address: str, kept: str) -> None:
        invalid = str(said.get("invaliduser") or "").lower().split("|")
        if address.lower() in invalid:
            raise DeliveryError(
                "企业微信没有发给此成员：账号不存在或不在应用的可见范围内（invaliduser）",
                permanent=True,
                answer=kept,
            )

    def _post(self, body: bytes, token: SecretStr) -> Answer:
        query = urlencode({"access_token": token.get_secret_value()})
        url = SecretStr(f"{self._settings.endpoint}/cgi-bin/message/send?{query}")
        return post_json(url, body, headers={}, timeout=self._settings.timeout)

    def _get_token(self, instead_of: SecretStr | None = None) -> SecretStr:
        """Give the token that is kept; fetch one when there is none or `instead_of` is it."""
        with self._lock:
            is_good = time.monotonic() < self._token_ends_at and self._token != instead_of
            if not is_good:
                self._fetch_token()
            return self._token

    def _fetch_token(self) -> None:
        query = urlencode(
            {
                "corpid": self._settings.corp_id,
                "corpsecret": self._settings.secret.get_secret_value(),
            }
        )
        url = SecretStr(f"{self._settings.endpoint}/cgi-bin/gettoken?{query}")
        answer = ask("GET", url, b"", headers={}, timeout=self._settings.timeout)
        _CODES.check(answer, self._masked(answer, SecretStr("")))
        token = answer.as_mapping().get("access_token")
        if not isinstance(token, str) or not token:
            raise DeliveryError("企业微信没有给令牌", permanent=False, answer="no access_token")
        lasts = answer.as_mapping().get("expires_in")
        seconds = float(lasts) if isinstance(lasts, int) else 0.0
        self._token = SecretStr(token)
        self._token_ends_at = time.monotonic() + max(0.0, seconds - _TOKEN_ENDS_EARLY_SECONDS)

    def _masked(self, answer: Answer, token: SecretStr) -> str:
        secrets = (token.get_secret_value(), self._settings.secret.get_secret_value())
        return masked_answer(answer.text, *secrets)


def build_body(
    card: AlertCard,
    address: str,
    idempotency_key: str,
    agent_id: int,
    *,
    calls_back: bool = False,
) -> bytes:
    """Write the message: the same bytes for the same card, address and key."""
    message: dict[str, object] = {
        "touser": address,
        "agentid": agent_id,
        "enable_duplicate_check": 1,
        "duplicate_check_interval": _DUPLICATES_WITHIN_SECONDS,
    }
    if card.link:
        message |= {
            "msgtype": "template_card",
            "template_card": _button_card(card, idempotency_key, calls_back=calls_back),
        }
    else:
        content = render_markdown(card, limit_bytes=MOST_BYTES)
        message |= {"msgtype": "markdown", "markdown": {"content": content}}
    return json.dumps(message, ensure_ascii=False, sort_keys=True).encode("utf-8")


def _button_card(card: AlertCard, idempotency_key: str, *, calls_back: bool) -> dict[str, object]:
    facts = [line.split("：", 1) for line in card.lines if _is_fact(line)][:_MOST_FACTS]
    shown = {"：".join(fact) for fact in facts}
    rest = [line for line in card.lines if line not in shown]
    return {
        "card_type": "button_interaction",
        "source": {"desc": "清薪", "desc_color": 2 if card.urgent else 0},
        "main_title": {"title": card.title},
        "sub_title_text": "\n".join(rest),
        "horizontal_content_list": [{"keyname": name, "value": value} for name, value in facts],
        "card_action": {"type": 1, "url": card.link},
        # The vendor refuses a second card with the same number; a retry has the same one.
        "task_id": task_id_of(idempotency_key),
        "button_list": _buttons(card, calls_back=calls_back),
    }


def _buttons(card: AlertCard, *, calls_back: bool) -> list[dict[str, object]]:
    """A button that acknowledges where the vendor calls back, else one that opens the page."""
    code = card.link.rpartition("/a/")[2] if "/a/" in card.link else ""
    if not (calls_back and code):
        return [{"text": "查看并确认", "style": 1, "type": 1, "url": card.link}]
    return [
        {"text": "确认", "style": 1, "key": code},
        {"text": "查看", "style": 2, "type": 1, "url": card.link},
    ]


def _is_fact(line: str) -> bool:
    name, mark, value = line.partition("：")
    return bool(mark and value) and len(name) <= _LONGEST_FACT_NAME
