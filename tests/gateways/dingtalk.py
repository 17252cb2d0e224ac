"""A gateway that behaves like DingTalk's for group bots.

20 messages in any 60 seconds for each bot; the one too many is answered with 130101 and blocks the
bot for ten minutes, whatever comes meanwhile. At most 20,000 bytes. With a secret, `timestamp` (in
milliseconds, at most an hour off) and `sign` are checked. Its own modes: busy, no_keyword.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from tests.gateways.serving import Asked, Gateway, Window, running

MOST_A_MINUTE = 20
MOST_BYTES = 20_000
PENALTY_SECONDS = 600
STATES = {
    "busy": (-1, "系统繁忙"),
    "no_keyword": (310_000, "keywords not in content"),
}
CONTENT = {"text": "content", "markdown": "text", "actionCard": "text"}


@dataclass
class FakeDingtalk(Gateway):
    """One bot; `token` is the secret part of its address, `secret` signs (None: not signed)."""

    token: str = "dingtalk-token-0123456789"
    secret: str | None = "SEC0123456789abcdef"
    wall_clock: Callable[[], float] = time.time
    minute: Window = field(default_factory=lambda: Window(MOST_A_MINUTE, 60))
    blocked_until: float = float("-inf")

    @property
    def url(self) -> str:
        return f"{self.origin}/robot/send?access_token={self.token}"

    def judge(self, asked: Asked) -> dict[str, Any]:
        code, said = self._judge(asked)
        self.refused += code != 0
        return {"errcode": code, "errmsg": said}

    def _judge(self, asked: Asked) -> tuple[int, str]:
        if asked.query.get("access_token") != self.token:
            return 300_001, "token is not exist"
        if not self._is_signed(asked):
            return 310_000, "sign not match, more: [https://vendor.example/sign]"
        if self.mode in STATES:
            return STATES[self.mode]
        message = asked.json()
        kind = message.get("msgtype", "") if isinstance(message, dict) else ""
        if kind not in CONTENT or kind not in message:
            return 400_105, "unsupported msgtype"
        if not message[kind].get(CONTENT[kind]):
            return 40_035, "缺少参数 text"
        if len(asked.body) > MOST_BYTES:
            return 460_101, "message too long"
        now = self.clock()
        if now < self.blocked_until:
            return 130_101, "send too fast, exceed 20 times per minute"
        if not self.minute.admits(self.token, now):
            self.blocked_until = now + PENALTY_SECONDS
            return 130_101, "send too fast, exceed 20 times per minute"
        if self.mode != "silent_drop":
            self.taken.append(message)
            self.bodies.append(asked.body)
        return 0, "ok"

    def _is_signed(self, asked: Asked) -> bool:
        if self.secret is None:
            return True
        timestamp = asked.query.get("timestamp", "0")
        if not timestamp.isdigit() or abs(int(timestamp) / 1000 - self.wall_clock()) > 3_600:
            return False
        signed = f"{timestamp}\n{self.secret}".encode()
        expected = hmac.new(self.secret.encode(), signed, hashlib.sha256).digest()
        return hmac.compare_digest(
            asked.query.get("sign", ""), base64.b64encode(expected).decode("ascii")
        )


def running_dingtalk(**settings: Any) -> AbstractContextManager[FakeDingtalk]:
    """Run a gateway on a port that the system gives."""
    return running(FakeDingtalk(**settings))
