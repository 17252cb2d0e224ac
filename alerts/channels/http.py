"""One request and its answer, for the channels that speak HTTP.

The addresses of bots are secrets. They are kept out of errors (a failure is named by its type only,
and never chained to the library's own error, which carries the request) and out of the log (the
library writes every address into it, so what it writes below a warning is dropped).
"""

import json
import logging
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import httpx
from pydantic import SecretStr

from monitor.errors import DeliveryError

_MOST_ANSWER_BYTES = 64 * 1024
_HTTP_OK = 200
_TALKATIVE = ("httpx", "httpcore.connection", "httpcore.http11", "httpcore.http2", "httpcore.proxy")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, the vendor's wait in seconds if it named one, and the body."""

    status: int
    retry_after_seconds: float | None
    text: str

    def as_mapping(self) -> Mapping[str, object]:
        """Read the body as a JSON object; empty when it is none."""
        try:
            value: object = json.loads(self.text)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def is_success(self) -> bool:
        """True for a status of 200 to 299."""
        return _HTTP_OK <= self.status < _HTTP_OK + 100


class _NoAddresses(logging.Filter):
    """Lets warnings and worse through; what is below names addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING


_NO_ADDRESSES = _NoAddresses()


def keep_addresses_out_of_the_log() -> None:
    """Drop what the HTTP library logs below a warning. May be called any number of times."""
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_NO_ADDRESSES)


def secrets_of(url: SecretStr) -> tuple[str, ...]:
    """List every part of an address that an answer might repeat and that may hold a secret.

    Returns:
        Longest first, so that what holds a shorter one is masked before it.
    """
    address = url.get_secret_value()
    host_and_rest = address.partition("://")[2]
    target = "/" + host_and_rest.partition("/")[2]
    query = target.partition("?")[2]
    values = [pair.partition("=")[2] for pair in query.split("&")]
    return tuple(sorted({address, target, query, *values}, key=len, reverse=True))


def post_json(
    url: SecretStr, body: bytes, *, headers: Mapping[str, str], timeout: timedelta
) -> Answer:
    """Post a body of JSON and read the answer; see `ask`."""
    headers = {"content-type": "application/json; charset=utf-8", **headers}
    return ask("POST", url, body, headers=headers, timeout=timeout)


def ask(
    method: str, url: SecretStr, body: bytes, *, headers: Mapping[str, str], timeout: timedelta
) -> Answer:
    """Send one request and read the answer, whatever its status.

    Redirects are not followed: a message goes where the settings say and nowhere else. Proxies of
    the environment are not used, for the same reason.

    Args:
        method: GET or POST.
        url: The address, which may hold a key.
        body: Bytes; empty for none.
        headers: Beside those that HTTP itself needs.
        timeout: The longest wait for the connection, for each piece of the answer, and for all
            pieces together.

    Raises:
        DeliveryError: No answer came in time; temporary, as the message may or may not have been
            taken. Permanent only when the address is none.
    """
    seconds = timeout.total_seconds()
    ends_at = time.monotonic() + seconds
    try:
        with (
            httpx.Client(timeout=seconds, trust_env=False, verify=_trust()) as client,
            client.stream(
                method, url.get_secret_value(), content=body or None, headers=dict(headers)
            ) as got,
        ):
            text = _read(got.iter_bytes(), ends_at)
            return Answer(got.status_code, _wait_named_by(got.headers), text)
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        failure = DeliveryError("地址无效，请检查渠道设置", permanent=True)
    except httpx.TimeoutException as error:
        failure = DeliveryError(f"对方没有及时应答（{type(error).__name__}）", permanent=False)
    except httpx.HTTPError as error:
        failure = DeliveryError(f"连接失败（{type(error).__name__}）", permanent=False)
    # Raised out here, unchained: the library's error holds the request and so the address.
    raise failure


@cache
def _trust() -> ssl.SSLContext:
    # Reading the list of authorities takes longer than sending a message: once a process is enough.
    return httpx.create_ssl_context(trust_env=False)


def _read(pieces: Iterable[bytes], ends_at: float) -> str:
    body = b""
    for piece in pieces:
        body += piece
        if len(body) > _MOST_ANSWER_BYTES:
            break
        if time.monotonic() > ends_at:
            raise DeliveryError("对方应答太慢", permanent=False)
    return body[:_MOST_ANSWER_BYTES].decode("utf-8", errors="replace")


def _wait_named_by(headers: httpx.Headers) -> float | None:
    """Read a wait in seconds; one given as a date is passed over."""
    named = headers.get("retry-after", "").strip()
    return float(named) if named.isascii() and named.isdigit() else None
