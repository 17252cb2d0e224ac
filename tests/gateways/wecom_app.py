"""A gateway that behaves like WeCom's for application messages.

Tokens run out and are taken back; a member that the application cannot see comes back in
`invaliduser` beside errcode 0; more than 30 a minute or 1,000 an hour for one member are dropped
without a word; the same JSON within 1,800 s is dropped when the sender asked for that check.
Its own modes: busy, no_right (60020, the address is not on the list).
"""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from tests.gateways.serving import Asked, Gateway, Window, running

KINDS = {"text": 2_048, "markdown": 2_048}
STATES = {"busy": (-1, "system busy"), "no_right": (60_020, "not allow to access from your ip")}


@dataclass
class FakeWecomApp(Gateway):
    """One application of one company."""

    corp_id: str = "ww0123456789"
    secret: str = "app-secret-0123456789"
    agent_id: int = 1_000_002
    members: frozenset[str] = frozenset({"wangfang", "liqiang"})
    token_seconds: float = 7_200
    tokens: dict[str, float] = field(default_factory=dict)
    tokens_given: int = 0
    dropped: int = 0
    minute: Window = field(default_factory=lambda: Window(30, 60))
    hour: Window = field(default_factory=lambda: Window(1_000, 3_600))
    seen: dict[bytes, float] = field(default_factory=dict)

    def judge(self, asked: Asked) -> dict[str, Any]:
        answer = self._give_token(asked) if asked.path.endswith("/gettoken") else self._send(asked)
        self.refused += answer["errcode"] != 0
        return answer

    def take_back_tokens(self) -> None:
        """Every token that was given stops working, as after a reset of the secret."""
        self.tokens.clear()

    def _give_token(self, asked: Asked) -> dict[str, Any]:
        if asked.query.get("corpid") != self.corp_id:
            return {"errcode": 40_013, "errmsg": "invalid corpid"}
        if asked.query.get("corpsecret") != self.secret:
            return {"errcode": 40_001, "errmsg": "invalid credential"}
        self.tokens_given += 1
        token = f"token-number-{self.tokens_given}-of-the-application"
        self.tokens[token] = self.clock() + self.token_seconds
        return {
            "errcode": 0,
            "errmsg": "ok",
            "access_token": token,
            "expires_in": int(self.token_seconds),
        }

    def _send(self, asked: Asked) -> dict[str, Any]:
        token = asked.query.get("access_token", "")
        if token not in self.tokens:
            return {"errcode": 40_014, "errmsg": f"invalid access_token {token}"}
        if self.tokens[token] <= self.clock():
            return {"errcode": 42_001, "errmsg": "access_token expired"}
        if self.mode in STATES:
            code, said = STATES[self.mode]
            return {"errcode": code, "errmsg": said}
        message = asked.json()
        problem = self._find_problem(message)
        if problem:
            return {"errcode": problem[0], "errmsg": problem[1]}
        return self._deliver(message, asked.body)

    def _find_problem(self, message: Any) -> tuple[int, str] | None:
        if not isinstance(message, dict) or message.get("agentid") != self.agent_id:
            return 40_056, "invalid agentid"
        kind = message.get("msgtype")
        if kind == "template_card":
            card = message["template_card"]
            if card.get("card_type") == "button_interaction" and not card.get("task_id"):
                return 42_014, "missing task_id"
            if not 1 <= len(card.get("button_list", [])) <= 6:
                return 42_017, "invalid button_list size"
            if len(card.get("horizontal_content_list", [])) > 6:
                return 42_018, "invalid horizontal_content_list size"
            return None
        if kind not in KINDS:
            return 40_008, "invalid message type"
        if len(message[kind]["content"].encode("utf-8")) > KINDS[kind]:
            return 40_058, f"{kind}.content exceed max length {KINDS[kind]}"
        return None

    def _deliver(self, message: dict[str, Any], body: bytes) -> dict[str, Any]:
        wanted = message.get("touser", "").split("|")
        invalid = [each for each in wanted if each not in self.members]
        reached = [each for each in wanted if each in self.members]
        if not reached:
            return {"errcode": 81_013, "errmsg": "user & party & tag all invalid"}
        now = self.clock()
        is_again = message.get("enable_duplicate_check") == 1 and (
            now - self.seen.get(body, float("-inf"))
            < message.get("duplicate_check_interval", 1_800)
        )
        self.seen[body] = now
        for member in reached:
            # Beyond the limits the vendor drops, and says that all is well.
            has_room = self.minute.admits(member, now) and self.hour.admits(member, now)
            if is_again or not has_room or self.mode == "silent_drop":
                self.dropped += 1
            else:
                self.taken.append(message | {"touser": member})
                self.bodies.append(body)
        number = len(self.asked)
        return {
            "errcode": 0,
            "errmsg": "ok",
            "invaliduser": "|".join(invalid),
            "msgid": f"msg-{number}",
            "response_code": json.dumps(number),
        }


def running_wecom_app(**settings: Any) -> AbstractContextManager[FakeWecomApp]:
    """Run a gateway on a port that the system gives."""
    return running(FakeWecomApp(**settings))
