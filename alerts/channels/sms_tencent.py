"""SMS through Tencent Cloud (腾讯云短信): `SendSms`, signed with TC3-HMAC-SHA256.

The body decides: `Response.Error`, or the `Code` of the one number. The same words go to one number
once in 30 seconds. Receipts and replies are pulled (`fetch`, `fetch_replies`); what was pulled is
gone at the vendor, so it is written down before anything is done with it.
Source: https://cloud.tencent.com/document/product/382/55981 (SendSms), 55977 and 55976 (pulls),
52077 (codes), 52072 (signature).
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from pydantic import SecretStr

from alerts.channels.codes import check_status
from alerts.channels.http import Answer, ask, keep_addresses_out_of_the_log
from alerts.channels.port import Pending, masked_answer
from alerts.channels.sms_settings import SmsSettings, number_of, values_of
from alerts.sms import bare_number
from monitor.domain import AlertCard, DeliveryReceipt, Receipt, SmsReply
from monitor.errors import DeliveryError

_VERSION = "2021-01-11"
_TAKEN = "Ok"
_MOST_AT_ONCE = 100
_SIGNED = "content-type;host;x-tc-action"
_JSON = "application/json; charset=utf-8"
_WAITS = {
    "LimitExceeded.PhoneNumberThirtySecondLimit": "30 秒内不能给同一号码发相同内容",
    "LimitExceeded.PhoneNumberOneHourLimit": "此号码一小时内的条数已用完",
    "LimitExceeded.DeliveryFrequencyLimit": "发送太频繁",
    "AuthFailure.SignatureExpire": "本机时钟不准",
}
_TEMPORARY = ("InternalError", "RequestLimitExceeded", "ResourceUnavailable", *_WAITS)
_FOR_GOOD = (
    "LimitExceeded",
    "FailedOperation",
    "InvalidParameter",
    "MissingParameter",
    "UnauthorizedOperation",
    "UnsupportedOperation",
    "AuthFailure",
    "InvalidAction",
    "ResourceNotFound",
)


class TencentSmsChannel:
    """Sends a card as an SMS of an approved template; an address is a mobile number."""

    def __init__(self, settings: SmsSettings, clock: Callable[[], datetime]) -> None:
        """Keep the settings; `clock` gives the time that is signed."""
        keep_addresses_out_of_the_log()
        self._settings = settings
        self._clock = clock

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self._settings.name

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
        """Submit the message; see `Channel.send`."""
        number = number_of(address)
        answer = self._call(
            "SendSms",
            {
                "PhoneNumberSet": [f"+86{number}"],
                "SmsSdkAppId": self._settings.app_id,
                "SignName": self._settings.sign_name,
                "TemplateId": self._settings.template,
                "TemplateParamSet": [*values_of(card, self._settings).values()],
                "SessionContext": idempotency_key,
            },
        )
        said = self._masked(answer, number)
        response = _read(answer, said)
        statuses = response.get("SendStatusSet")
        status = statuses[0] if isinstance(statuses, list) and statuses else {}
        code = status.get("Code") if isinstance(status, dict) else None
        if code != _TAKEN:
            raise _refusal(str(code or ""), said)
        return Receipt(said, vendor_id=str(status.get("SerialNo") or ""))

    def fetch(self, pending: Sequence[Pending]) -> list[DeliveryReceipt]:  # noqa: ARG002 - the vendor gives all there are
        """Pull the receipts that wait at the vendor.

        Raises:
            DeliveryError: The vendor did not answer.
        """
        return [
            DeliveryReceipt(
                vendor_id=str(each.get("SerialNo") or ""),
                delivered=each.get("ReportStatus") == "SUCCESS",
                at=_parse_seconds(each.get("UserReceiveTime"), self._clock()),
                answer=masked_answer(str(each.get("Description") or "")),
                out_id=str(each.get("SessionContext") or ""),
            )
            for each in self._pull("PullSmsSendStatus", "PullSmsSendStatusSet")
        ]

    def fetch_replies(self) -> list[SmsReply]:
        """Pull what people answered.

        Raises:
            DeliveryError: The vendor did not answer.
        """
        return [
            SmsReply(
                address=bare_number(str(each.get("PhoneNumber") or "")),
                text=str(each.get("ReplyContent") or ""),
                at=_parse_seconds(each.get("ReplyTime"), self._clock()),
            )
            for each in self._pull("PullSmsReplyStatus", "PullSmsReplyStatusSet")
        ]

    def _pull(self, action: str, key: str) -> list[Mapping[str, object]]:
        request = {"Limit": _MOST_AT_ONCE, "SmsSdkAppId": self._settings.app_id}
        answer = self._call(action, request)
        response = _read(answer, self._masked(answer, ""))
        listed = response.get(key)
        return (
            [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        )

    def _call(self, action: str, request: Mapping[str, object]) -> Answer:
        body = json.dumps(request, ensure_ascii=False, sort_keys=True).encode("utf-8")
        headers = sign(
            action,
            body,
            host=urlsplit(self._settings.endpoint).netloc,
            key_id=self._settings.key_id,
            key=self._settings.key,
            now=self._clock(),
        )
        headers["x-tc-region"] = self._settings.region
        url = SecretStr(f"{self._settings.endpoint}/")
        return ask("POST", url, body, headers=headers, timeout=self._settings.timeout)

    def _masked(self, answer: Answer, number: str) -> str:
        secret = self._settings.key.get_secret_value()
        return masked_answer(answer.text, secret, self._settings.key_id, number)


def sign(
    action: str, body: bytes, *, host: str, key_id: str, key: SecretStr, now: datetime
) -> dict[str, str]:
    """Sign a POST of JSON.

    Args:
        action: The vendor's name of the call.
        body: The very bytes that are sent.
        host: Of the endpoint, with its port if it has one of its own.
        key_id: Names the key.
        key: The secret.
        now: The vendor refuses one that is more than five minutes off.

    Returns:
        The headers of the request, the signature among them.
    """
    timestamp = str(int(now.timestamp()))
    day = f"{now.astimezone(UTC):%Y-%m-%d}"
    lines = f"content-type:{_JSON}\nhost:{host}\nx-tc-action:{action.lower()}\n"
    request = f"POST\n/\n\n{lines}\n{_SIGNED}\n{hashlib.sha256(body).hexdigest()}"
    scope = f"{day}/sms/tc3_request"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    text = f"TC3-HMAC-SHA256\n{timestamp}\n{scope}\n{hashed}"
    derived = f"TC3{key.get_secret_value()}".encode()
    for part in (day, "sms", "tc3_request"):
        derived = hmac.new(derived, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(derived, text.encode(), hashlib.sha256).hexdigest()
    return {
        "content-type": _JSON,
        "host": host,
        "x-tc-action": action,
        "x-tc-version": _VERSION,
        "x-tc-timestamp": timestamp,
        "authorization": (
            f"TC3-HMAC-SHA256 Credential={key_id}/{scope}, "
            f"SignedHeaders={_SIGNED}, Signature={signature}"
        ),
    }


def _read(answer: Answer, said: str) -> Mapping[str, object]:
    """Take the answer apart, or say what the vendor refuses."""
    check_status(answer, said, "腾讯云短信")
    response = answer.as_mapping().get("Response")
    if not isinstance(response, dict):
        raise DeliveryError("应答不是腾讯云短信的（没有 Response）", permanent=False, answer=said)
    error = response.get("Error")
    if isinstance(error, dict):
        raise _refusal(str(error.get("Code") or ""), said)
    return response


def _refusal(code: str, said: str) -> DeliveryError:
    temporary = not code.startswith(_FOR_GOOD) or code.startswith(_TEMPORARY)
    words = _WAITS.get(code, "没有收下")
    return DeliveryError(
        f"腾讯云短信：{words}（{code[:80]}）", permanent=not temporary, answer=said
    )


def _parse_seconds(written: object, now: datetime) -> datetime:
    is_number = isinstance(written, int) and not isinstance(written, bool) and written > 0
    return datetime.fromtimestamp(float(str(written)), UTC) if is_number else now
