"""A gateway that behaves like Feishu's for group bots.

100 messages in any 60 seconds and 5 in any second for each bot (11232), at most 20 KB. With a
secret, `timestamp` (seconds, at most an hour off) and `sign` in the body are checked (19021). Its
own modes: busy, no_keyword.
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

MOST_BYTES = 20 * 1024
STATES = {"busy": (11_233, "system busy"), "no_keyword": (19_024, "Key Words Not Found")}


@dataclass
class FakeFeishu(Gateway):
    """One bot; `hook` is the secret part of its address, `secret` signs (None: not signed)."""

    hook: str = "feishu-hook-0123456789"
    secret: str | None = "feishu-sign-secret"
    wall_clock: Callable[[], float] = time.time
    minute: Window = field(default_factory=lambda: Window(100, 60))
    second: Window = field(default_factory=lambda: Window(5, 1))

    @property
    def url(self) -> str:
        return f"{self.origin}/open-apis/bot/v2/hook/{self.hook}"

    def judge(self, asked: Asked) -> dict[str, Any]:
        code, said = self._judge(asked)
        self.refused += code != 0
        return {"code": code, "msg": said, "data": {}}

    def _judge(self, asked: Asked) -> tuple[int, str]:
        if not asked.path.rstrip("/").endswith(f"/hook/{self.hook}"):
            return 19_001, f"param invalid: incoming webhook access token invalid ({asked.path})"
        message = asked.json()
        if not isinstance(message, dict):
            return 9_499, "Bad Request"
        if not self._is_signed(message):
            return 19_021, "sign match fail or timestamp is not within one hour from current time"
        if self.mode in STATES:
            return STATES[self.mode]
        if message.get("msg_type") not in {"text", "interactive", "post"}:
            return 9_499, "Bad Request"
        if len(asked.body) > MOST_BYTES:
            return 9_499, "Bad Request: body too large"
        now = self.clock()
        if not (self.second.admits(self.hook, now) and self.minute.admits(self.hook, now)):
            return 11_232, "frequency limited psm[lark.oapi.app_platform_runtime]"
        if self.mode != "silent_drop":
            self.taken.append(message)
            self.bodies.append(asked.body)
        return 0, "success"

    def _is_signed(self, message: dict[str, Any]) -> bool:
        if self.secret is None:
            return True
        timestamp = str(message.get("timestamp", "0"))
        if not timestamp.isdigit() or abs(int(timestamp) - self.wall_clock()) > 3_600:
            return False
        key = f"{timestamp}\n{self.secret}".encode()
        expected = base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode("ascii")
        return hmac.compare_digest(str(message.get("sign", "")), expected)


def running_feishu(**settings: Any) -> AbstractContextManager[FakeFeishu]:
    """Run a gateway on a port that the system gives."""
    return running(FakeFeishu(**settings))
