"""SMS through Aliyun (阿里云短信服务): `SendSms`, signed with ACS3-HMAC-SHA256.

`Code` in the body decides. The vendor sends at most 50 messages of one template to one number in
any 24 hours, counted from the submission whatever becomes of it; a day's limit that is reached
fails for good, so that the ladder goes on at once. "OK" means taken, not delivered: that comes
later as a receipt (`fetch`, or pushed to the desk).
Source: https://help.aliyun.com/zh/sms/ (API 2017-05-25, codes) and
https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from pydantic import SecretStr

from alerts.channels.codes import check_status
from alerts.channels.http import Answer, ask, keep_addresses_out_of_the_log
from alerts.channels.port import Pending, masked_answer
from alerts.channels.sms_settings import SmsSettings, number_of, values_of
from alerts.sms import bare_number
from monitor.domain import SHANGHAI, AlertCard, DeliveryReceipt, Receipt, SmsReply
from monitor.errors import DeliveryError

_VERSION = "2017-05-25"
_TAKEN = "OK"
_LIMITED = "isv.BUSINESS_LIMIT_CONTROL"
_TEMPORARY = ("isp.", "Throttling", "ServiceUnavailable", "InternalError", "SignatureNonceUsed")
_FOR_GOOD = (
    "isv.",
    "isp.RAM_PERMISSION_DENY",
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "Forbidden",
    "NoPermission",
    "MissingParameter",
    "InvalidParameter",
    "InvalidAction",
)
_REFUSED_STATUSES = frozenset({400, 401, 403, 404})
_DELIVERED, _FAILED = 3, 2


class AliyunSmsChannel:
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
        values = json.dumps(values_of(card, self._settings), ensure_ascii=False, sort_keys=True)
        answer = self._call(
            "SendSms",
            {
                "PhoneNumbers": number,
                "SignName": self._settings.sign_name,
                "TemplateCode": self._settings.template,
                "TemplateParam": values,
                "OutId": idempotency_key,
            },
        )
        said = self._masked(answer, number)
        found = answer.as_mapping()
        _check(answer, str(found.get("Code") or ""), str(found.get("Message") or ""), said)
        return Receipt(said, vendor_id=str(found.get("BizId") or ""))

    def fetch(self, pending: Sequence[Pending]) -> list[DeliveryReceipt]:
        """Ask what became of messages that were taken; those still on their way are left out.

        Raises:
            DeliveryError: The vendor did not answer; what was learned before is lost for now only,
                because the vendor tells it again.
        """
        receipts: list[DeliveryReceipt] = []
        for each in pending:
            number = number_of(each.address)
            answer = self._call(
                "QuerySendDetails",
                {
                    "PhoneNumber": number,
                    "BizId": each.vendor_id,
                    "SendDate": f"{each.sent_at.astimezone(SHANGHAI):%Y%m%d}",
                    "PageSize": "10",
                    "CurrentPage": "1",
                },
            )
            check_status(answer, self._masked(answer, number), "阿里云短信")
            receipts += _read_details(answer, each.vendor_id, self._clock())
        return receipts

    def _call(self, action: str, query: Mapping[str, str]) -> Answer:
        host = urlsplit(self._settings.endpoint).netloc
        written = "&".join(f"{_quote(name)}={_quote(query[name])}" for name in sorted(query))
        headers = sign(
            action,
            written,
            host=host,
            key_id=self._settings.key_id,
            key=self._settings.key,
            now=self._clock(),
            nonce=secrets.token_hex(16),
        )
        url = SecretStr(f"{self._settings.endpoint}/?{written}")
        return ask("POST", url, b"", headers=headers, timeout=self._settings.timeout)

    def _masked(self, answer: Answer, number: str) -> str:
        secret = self._settings.key.get_secret_value()
        return masked_answer(answer.text, secret, self._settings.key_id, number)


def sign(
    action: str,
    query: str,
    *,
    host: str,
    key_id: str,
    key: SecretStr,
    now: datetime,
    nonce: str,
) -> dict[str, str]:
    """Sign a POST without a body.

    Args:
        action: The vendor's name of the call.
        query: Percent-encoded pairs, sorted by name.
        host: Of the endpoint, with its port if it has one of its own.
        key_id: Names the key.
        key: The secret.
        now: In UTC; the vendor refuses one that is more than a quarter of an hour off.
        nonce: Never used before.

    Returns:
        The headers of the request, the signature among them.
    """
    hashed = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": hashed,
        "x-acs-date": f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce,
        "x-acs-version": _VERSION,
    }
    signed = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    request = f"POST\n/\n{query}\n{lines}\n{signed}\n{hashed}"
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(key.get_secret_value().encode(), text.encode(), hashlib.sha256).hexdigest()
    headers["authorization"] = (
        f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={signed},Signature={signature}"
    )
    return headers


def _check(answer: Answer, code: str, words: str, said: str) -> None:
    """Raise unless the message was taken."""
    if code == _TAKEN and answer.is_success:
        return
    if not code or (not answer.is_success and answer.status not in _REFUSED_STATUSES):
        check_status(answer, said, "阿里云短信")
        raise DeliveryError("应答不是阿里云短信的（没有 Code）", permanent=False, answer=said)
    if code == _LIMITED:
        raise _limited(words, said)
    for_good = code.startswith(_FOR_GOOD) and not (
        code.startswith(_TEMPORARY) and code != "isp.RAM_PERMISSION_DENY"
    )
    raise DeliveryError(f"阿里云短信没有收下（{code[:80]}）", permanent=for_good, answer=said)


def _limited(words: str, said: str) -> DeliveryError:
    """Tell the vendor's three limits for a number apart: only its words say which it was."""
    if "天级" in words or "日" in words or "月" in words:
        return DeliveryError(
            "阿里云短信：此号码今天的条数已用完（isv.BUSINESS_LIMIT_CONTROL）",
            permanent=True,
            answer=said,
        )
    # Of this number only: the channel does not rest for others, so no wait is named.
    return DeliveryError(
        "阿里云短信：给此号码发得太频繁（isv.BUSINESS_LIMIT_CONTROL）",
        permanent=False,
        answer=said,
    )


def _read_details(answer: Answer, vendor_id: str, now: datetime) -> list[DeliveryReceipt]:
    listed = answer.as_mapping().get("SmsSendDetailDTOs")
    details = listed.get("SmsSendDetailDTO") if isinstance(listed, dict) else None
    receipts = []
    for each in details if isinstance(details, list) else []:
        if not isinstance(each, dict) or each.get("SendStatus") not in {_DELIVERED, _FAILED}:
            continue
        receipts.append(
            DeliveryReceipt(
                vendor_id=vendor_id,
                delivered=each["SendStatus"] == _DELIVERED,
                at=parse_time(each.get("ReceiveDate"), now),
                answer=masked_answer(str(each.get("ErrCode") or "")),
                out_id=str(each.get("OutId") or ""),
            )
        )
    return receipts


def parse_push(pushed: object, now: datetime) -> tuple[list[DeliveryReceipt], list[SmsReply]]:
    """Read what the vendor pushes: receipts (with `biz_id`) and answers (with `content`).

    Args:
        pushed: The JSON of the request; entries that are neither are passed over.
        now: Taken where an entry names no time.
    """
    entries = (
        [each for each in pushed if isinstance(each, dict)] if isinstance(pushed, list) else []
    )
    receipts = [
        DeliveryReceipt(
            vendor_id=str(each["biz_id"]),
            delivered=each.get("success") is True,
            at=parse_time(each.get("report_time"), now),
            answer=masked_answer(str(each.get("err_code") or "")),
            out_id=str(each.get("out_id") or ""),
        )
        for each in entries
        if each.get("biz_id") and "success" in each
    ]
    replies = [
        SmsReply(
            address=bare_number(str(each.get("phone_number") or "")),
            text=str(each["content"]),
            at=parse_time(each.get("send_time"), now),
        )
        for each in entries
        if "content" in each
    ]
    return receipts, replies


def parse_time(written: object, now: datetime) -> datetime:
    """Read the vendor's time, which is that of Beijing; `now` when it cannot be read."""
    try:
        at = datetime.fromisoformat(str(written))
    except ValueError:
        return now
    return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC)


def _quote(text: str) -> str:
    return quote(text, safe="-_.~")
