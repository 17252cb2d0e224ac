"""A gateway that behaves like WeCom's for group bots: its limits, its codes and its lies.

It answers HTTP 200 whatever happened; `errcode` tells. Limits from the vendor's public pages: 20
messages in any 60 seconds for each bot, 4,096 bytes of markdown, 2,048 bytes of text.
Its own modes: busy, disabled, unknown (a code that is in no list), silent_drop (says 0, shows
nothing).
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from tests.gateways.serving import Asked, Gateway, Window, running

MARKER = "qingxin fake gateway"
MOST_A_MINUTE = 20
STATES = {
    "busy": (-1, "system busy"),
    "disabled": (93_004, "robot disabled"),
    "unknown": (4_711, "something new"),
}
LIMITS = {"markdown": 4_096, "text": 2_048}


@dataclass
class FakeWecom(Gateway):
    """One bot; `key` is the secret part of its address."""

    key: str = "0f0f-secret-key"
    minute: Window = field(default_factory=lambda: Window(MOST_A_MINUTE, 60))

    @property
    def url(self) -> str:
        return f"{self.origin}/cgi-bin/webhook/send?key={self.key}"

    def judge(self, asked: Asked) -> dict[str, Any]:
        code, said = self._judge(asked)
        self.refused += code != 0
        return {"errcode": code, "errmsg": said}

    def _judge(self, asked: Asked) -> tuple[int, str]:
        key = asked.query.get("key", "")
        if key != self.key:
            return 93_000, f"invalid webhook url, hint: [{key}]"
        if self.mode in STATES:
            return STATES[self.mode]
        message = asked.json()
        try:
            kind = message["msgtype"]
            content = message[kind]["content"]
        except (KeyError, TypeError):
            return 40_008, "invalid message type"
        if not content:
            return 44_004, "empty content"
        if len(content.encode("utf-8")) > LIMITS.get(kind, 0):
            return 40_058, f"{kind}.content exceed max length {LIMITS.get(kind)}"
        if not self.minute.admits(key, self.clock()):
            return 45_009, "api freq out of limit"
        if self.mode != "silent_drop":
            self.taken.append(message)
            self.bodies.append(asked.body)
        return 0, "ok"


def running_wecom(**settings: Any) -> AbstractContextManager[FakeWecom]:
    """Run a gateway on a port that the system gives."""
    return running(FakeWecom(**settings))
