"""A signed webhook: the card as JSON to an address of one's own.

The receiver checks `x-qingxin-signature: sha256=<hex>`, an HMAC-SHA256 of the body's bytes, and
drops what it has seen by `idempotency-key`. Neither changes between tries.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta

from pydantic import SecretStr

from alerts.channels.http import keep_addresses_out_of_the_log, post_json, secrets_of
from alerts.channels.port import masked_answer
from monitor.domain import AlertCard, Receipt
from monitor.errors import DeliveryError

_TEMPORARY = frozenset({408, 409, 425, 429})
_SERVER_ERRORS_FROM = 500


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Where to, and the key that is shared with the receiver. The address may hold a secret too."""

    url: SecretStr
    key: SecretStr
    name: str = "webhook"
    timeout: timedelta = timedelta(seconds=10)


class WebhookChannel:
    """Posts a card; an address is handed on as `to`, for the receiver to read."""

    def __init__(self, settings: WebhookSettings) -> None:
        """Keep the settings; nothing is opened until a message is sent."""
        keep_addresses_out_of_the_log()
        self._settings = settings

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self._settings.name

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
        """Post the card; see `Channel.send`. Any status from 200 to 299 means that it was taken."""
        body = _body(card, address, idempotency_key)
        headers = {
            "idempotency-key": idempotency_key,
            "x-qingxin-signature": f"sha256={sign(body, self._settings.key)}",
        }
        answer = post_json(
            self._settings.url, body, headers=headers, timeout=self._settings.timeout
        )
        secrets = (*secrets_of(self._settings.url), self._settings.key.get_secret_value())
        said = masked_answer(f"HTTP {answer.status} {answer.text}", *secrets)
        if not answer.is_success:
            temporary = answer.status in _TEMPORARY or answer.status >= _SERVER_ERRORS_FROM
            raise DeliveryError(
                f"接收方没有收下（HTTP {answer.status}）",
                permanent=not temporary,
                answer=said,
                retry_after_seconds=answer.retry_after_seconds,
            )
        return Receipt(said)


def sign(body: bytes, key: SecretStr) -> str:
    """Sign a body: HMAC-SHA256, in hexadecimal."""
    return hmac.new(key.get_secret_value().encode("utf-8"), body, hashlib.sha256).hexdigest()


def _body(card: AlertCard, address: str, idempotency_key: str) -> bytes:
    message = {
        "idempotency_key": idempotency_key,
        "to": address,
        "title": card.title,
        "lines": list(card.lines),
        "link": card.link,
        "urgent": card.urgent,
        "made_at": card.made_at.isoformat() if card.made_at else None,
    }
    return json.dumps(message, ensure_ascii=False, sort_keys=True).encode("utf-8")
