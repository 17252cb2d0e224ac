"""A gateway that behaves like Tencent Cloud's SMS: `SendSms` and the two pulls, TC3-HMAC-SHA256.

HTTP 200 whatever happened. The same words to one number once in 30 s; `day` a number a day; a
variable has at most 35 characters and no address. Receipts and replies are pulled, and what was
pulled is gone. Its own modes: busy, no_money.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.gateways.serving import Asked, Gateway, Window, running
from tests.gateways.sms_limits import NUMBER, count_parts, find_bad_variable

STATES = {
    "busy": ("InternalError.SendAndRecvFail", "send and recv failed"),
    "no_money": ("FailedOperation.InsufficientBalanceInSmsPackage", "套餐包余量不足"),
}


@dataclass
class FakeTencent(Gateway):
    """One account with one application, signature and template of four variables."""

    key_id: str = "AKID-test-key-id"
    key: str = "tencent-secret-key"
    app_id: str = "1400000000"
    sign_name: str = "清河人社"
    template: str = "1234567"
    words: str = "{1}欠薪线索：{2}，{3}，{4}。回复1确认接手。"
    wall_clock: Callable[[], float] = time.time
    day: Window = field(default_factory=lambda: Window(50, 24 * 3_600))
    same: Window = field(default_factory=lambda: Window(1, 30))
    receipts: list[dict[str, Any]] = field(default_factory=list)
    replies: list[dict[str, Any]] = field(default_factory=list)

    def judge(self, asked: Asked) -> dict[str, Any]:
        if not self._is_signed(asked):
            self.refused += 1
            return _error("AuthFailure.SignatureFailure", "the signature is wrong")
        request = asked.json()
        match asked.headers.get("x-tc-action"):
            case "SendSms":
                return self._send(request, asked.body)
            case "PullSmsSendStatus":
                return self._pull("PullSmsSendStatusSet", self.receipts, request["Limit"])
            case "PullSmsReplyStatus":
                return self._pull("PullSmsReplyStatusSet", self.replies, request["Limit"])
            case other:
                return _error("InvalidAction", f"unknown action {other}")

    def _pull(self, name: str, waiting: list[dict[str, Any]], limit: int) -> dict[str, Any]:
        given, waiting[:] = waiting[:limit], waiting[limit:]
        return {"Response": {name: given, "RequestId": "R-2"}}

    def _send(self, request: dict[str, Any], body: bytes) -> dict[str, Any]:
        if request.get("SmsSdkAppId") != self.app_id:
            self.refused += 1
            return _error("UnauthorizedOperation.SdkAppIdIsDisabled", "no such application")
        number = request["PhoneNumberSet"][0]
        code, said = self._judge(number, request)
        self.refused += code != "Ok"
        serial = f"2640:{len(self.taken):012}"
        if code == "Ok":
            self.bodies.append(body)
        status = {
            "SerialNo": serial if code == "Ok" else "",
            "PhoneNumber": number,
            "Fee": int(code == "Ok"),
            "SessionContext": request.get("SessionContext", ""),
            "Code": code,
            "Message": said,
            "IsoCode": "CN",
        }
        return {"Response": {"SendStatusSet": [status], "RequestId": "R-1"}}

    def _judge(self, number: str, request: dict[str, Any]) -> tuple[str, str]:
        if self.mode in STATES:
            return STATES[self.mode]
        if not NUMBER.fullmatch(number) or not number.startswith("+86"):
            return "InvalidParameterValue.IncorrectPhoneNumber", "号码格式错误"
        if request.get("SignName") != self.sign_name:
            return "FailedOperation.SignatureIncorrectOrUnapproved", "签名未审批或不存在"
        if request.get("TemplateId") != self.template:
            return "FailedOperation.TemplateIncorrectOrUnapproved", "模板未审批或不存在"
        values = request["TemplateParamSet"]
        if find_bad_variable(values) is not None:
            return (
                "InvalidParameterValue.TemplateParameterLengthLimit",
                "单个模板变量字符数超过规定",
            )
        text = f"【{self.sign_name}】{self.words}"
        for position, value in enumerate(values, start=1):
            text = text.replace(f"{{{position}}}", value)
        now = self.clock()
        if not self.same.admits(f"{number} {text}", now):
            return "LimitExceeded.PhoneNumberThirtySecondLimit", "30秒内相同内容"
        if not self.day.admits(number, now):
            return "LimitExceeded.PhoneNumberDailyLimit", "号码日下发上限"
        serial = f"2640:{len(self.taken) + 1:012}"
        self.taken.append(
            {"number": number, "text": text, "parts": count_parts(text), "serial": serial}
        )
        return "Ok", "send success"

    def _is_signed(self, asked: Asked) -> bool:
        """Compute the signature anew, from what came over the line."""
        head = asked.headers
        at = head.get("x-tc-timestamp", "0")
        if not at.isdigit() or abs(int(at) - self.wall_clock()) > 300:
            return False
        day = datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%d")
        given = head.get("authorization", "")
        signed = given.partition("SignedHeaders=")[2].partition(",")[0]
        if not {"content-type", "host"} <= set(signed.split(";")):
            return False
        lines = "".join(
            f"{name}:{head.get(name, '').strip().lower()}\n" for name in signed.split(";")
        )
        hashed = hashlib.sha256(asked.body).hexdigest()
        request = f"POST\n/\n\n{lines}\n{signed}\n{hashed}"
        scope = f"{day}/sms/tc3_request"
        text = "\n".join(
            ("TC3-HMAC-SHA256", at, scope, hashlib.sha256(request.encode()).hexdigest())
        )
        key = f"TC3{self.key}".encode()
        for part in (day, "sms", "tc3_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        expected = (
            f"TC3-HMAC-SHA256 Credential={self.key_id}/{scope}, "
            f"SignedHeaders={signed}, Signature={signature}"
        )
        return hmac.compare_digest(given, expected)


def _error(code: str, said: str) -> dict[str, Any]:
    return {"Response": {"Error": {"Code": code, "Message": said}, "RequestId": "R-0"}}


def make_receipt(message: dict[str, Any], description: str = "") -> dict[str, Any]:
    """One entry of what `PullSmsSendStatus` gives."""
    return {
        "UserReceiveTime": 1_795_406_409,
        "CountryCode": "86",
        "SubscriberNumber": message["number"].removeprefix("+86"),
        "PhoneNumber": message["number"],
        "SerialNo": message["serial"],
        "ReportStatus": "FAIL" if description else "SUCCESS",
        "Description": description or "DELIVRD",
        "SessionContext": "",
    }


def make_reply(number: str, text: str, at: int) -> dict[str, Any]:
    """One entry of what `PullSmsReplyStatus` gives."""
    return {
        "ExtendCode": "",
        "CountryCode": "86",
        "PhoneNumber": f"+86{number}",
        "SignName": "清河人社",
        "ReplyContent": text,
        "ReplyTime": at,
        "SubscriberNumber": number,
    }


def running_tencent(**settings: Any) -> AbstractContextManager[FakeTencent]:
    """Run a gateway on a port that the system gives."""
    return running(FakeTencent(**settings))
