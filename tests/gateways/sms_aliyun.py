"""A gateway that behaves like Aliyun's SMS: `SendSms`, `QuerySendDetails`, ACS3-HMAC-SHA256.

50 a rolling 24 hours for one number and template (a submission counts, whatever becomes of it),
one a minute and five an hour where `strict` (the vendor's own setting for new templates); a
variable has at most 35 characters and no address. Refusals come with HTTP 200 and a `Code`, except
a wrong signature, which is HTTP 400. Receipts come by `push_receipts`, lost, doubled or out of
order as a test asks. Its own modes: busy, no_money.
"""

import hashlib
import hmac
import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from tests.gateways.serving import Asked, Gateway, Window, running
from tests.gateways.sms_limits import NUMBER, count_parts, find_bad_variable

STATES = {
    "busy": ("isp.SYSTEM_ERROR", "isp.SYSTEM_ERROR"),
    "no_money": ("isv.AMOUNT_NOT_ENOUGH", "账户余额不足"),
}
DAY = 24 * 3_600


@dataclass
class FakeAliyun(Gateway):
    """One account with one signature and one template."""

    key_id: str = "LTAI-test-key-id"
    key: str = "aliyun-access-key-secret"
    sign_name: str = "清河人社"
    template: str = "SMS_123456789"
    words: str = "${level}欠薪线索：${subject}，${detail}，${number}。回复1确认接手。"
    strict: bool = False
    day: Window = field(default_factory=lambda: Window(50, DAY))
    hour: Window = field(default_factory=lambda: Window(5, 3_600))
    minute: Window = field(default_factory=lambda: Window(1, 60))
    delivered: dict[str, str] = field(default_factory=dict)

    def judge(self, asked: Asked) -> dict[str, Any]:
        action = asked.headers.get("x-acs-action", "")
        if not self._is_signed(asked):
            self.refused += 1
            return {"Code": "SignatureDoesNotMatch", "Message": "Specified signature is wrong"}
        if action == "QuerySendDetails":
            return self._query(asked)
        code, said = self._send(asked)
        self.refused += code != "OK"
        number = f"biz{len(self.taken):012}^0"
        return {"Code": code, "Message": said, "RequestId": "R-1"} | (
            {"BizId": number} if code == "OK" else {}
        )

    def status_of(self, answer: Any) -> int:
        return 400 if answer.get("Code") == "SignatureDoesNotMatch" else 200

    def _send(self, asked: Asked) -> tuple[str, str]:
        if self.mode in STATES:
            return STATES[self.mode]
        given = asked.query
        number = given.get("PhoneNumbers", "")
        if not NUMBER.fullmatch(number):
            return "isv.MOBILE_NUMBER_ILLEGAL", f"{number}号码不正确"
        if given.get("SignName") != self.sign_name:
            return "isv.SMS_SIGNATURE_ILLEGAL", "签名不合法"
        if given.get("TemplateCode") != self.template:
            return "isv.SMS_TEMPLATE_ILLEGAL", "模版不合法"
        values: dict[str, str] = json.loads(given.get("TemplateParam", "{}"))
        if bad := find_bad_variable([*values.values()]):
            return "isv.PARAM_LENGTH_LIMIT", f"参数超出长度限制：{bad}"
        now = self.clock()
        key = f"{number} {self.template}"
        if self.strict and not self.minute.admits(key, now):
            return "isv.BUSINESS_LIMIT_CONTROL", "触发分钟级流控Permits:1"
        if self.strict and not self.hour.admits(key, now):
            return "isv.BUSINESS_LIMIT_CONTROL", "触发小时级流控Permits:5"
        if not self.day.admits(key, now):
            return "isv.BUSINESS_LIMIT_CONTROL", "触发天级流控Permits:50"
        text = f"【{self.sign_name}】{self.words}"
        for name, value in values.items():
            text = text.replace("${" + name + "}", value)
        biz_id = f"biz{len(self.taken) + 1:012}^0"
        self.taken.append(
            {"number": number, "text": text, "parts": count_parts(text), "biz_id": biz_id}
            | {"out_id": given.get("OutId", "")}
        )
        self.bodies.append(given.get("TemplateParam", "").encode())
        return "OK", "OK"

    def _query(self, asked: Asked) -> dict[str, Any]:
        biz_id = asked.query.get("BizId", "")
        details = [
            {
                "PhoneNum": each["number"],
                "OutId": each["out_id"],
                "SendStatus": 1
                if biz_id not in self.delivered
                else 2 + (not self.delivered[biz_id]),
                "ErrCode": self.delivered.get(biz_id) or "DELIVERED",
                "ReceiveDate": "2026-11-23 12:00:09",
            }
            for each in self.taken
            if each["biz_id"] == biz_id
        ]
        return {
            "Code": "OK",
            "Message": "OK",
            "TotalCount": str(len(details)),
            "SmsSendDetailDTOs": {"SmsSendDetailDTO": details},
        }

    def _is_signed(self, asked: Asked) -> bool:
        """Compute the signature anew, from what came over the line."""
        head = asked.headers
        given = dict(
            part.split("=", 1)
            for part in head.get("authorization", "").removeprefix("ACS3-HMAC-SHA256 ").split(",")
            if "=" in part
        )
        if given.get("Credential") != self.key_id:
            return False
        hashed = hashlib.sha256(asked.body).hexdigest()
        if head.get("x-acs-content-sha256") != hashed:
            return False
        query = "&".join(
            f"{quote(name, safe='-_.~')}={quote(asked.query[name], safe='-_.~')}"
            for name in sorted(asked.query)
        )
        signed = given.get("SignedHeaders", "")
        lines = "".join(f"{name}:{head.get(name, '').strip()}\n" for name in signed.split(";"))
        request = f"{asked.method}\n{asked.path}\n{query}\n{lines}\n{signed}\n{hashed}"
        text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(request.encode()).hexdigest()
        expected = hmac.new(self.key.encode(), text.encode(), hashlib.sha256).hexdigest()
        return hmac.compare_digest(given.get("Signature", ""), expected)


def make_receipt(message: dict[str, Any], error: str = "") -> dict[str, Any]:
    """One entry of what the vendor pushes to an office's address when a message has arrived."""
    return {
        "phone_number": message["number"],
        "send_time": "2026-11-23 12:00:00",
        "report_time": "2026-11-23 12:00:09",
        "success": not error,
        "err_code": error or "DELIVERED",
        "err_msg": "用户接收成功" if not error else "失败",
        "sms_size": str(message["parts"]),
        "biz_id": message["biz_id"],
        "out_id": message["out_id"],
    }


def make_reply(number: str, text: str, at: str, sequence: int) -> dict[str, Any]:
    """One entry of what the vendor pushes when somebody answered."""
    return {
        "phone_number": number,
        "send_time": at,
        "content": text,
        "sign_name": "清河人社",
        "dest_code": "10690001",
        "sequence_id": sequence,
    }


def running_aliyun(**settings: Any) -> AbstractContextManager[FakeAliyun]:
    """Run a gateway on a port that the system gives."""
    return running(FakeAliyun(**settings))
