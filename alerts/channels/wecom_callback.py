"""What WeCom sends back when somebody presses a card's button: opened, checked, answered. Pure.

Every call is signed with the application's token and sealed with its key (AES-256-CBC, filled up to
32 bytes); the company's number stands inside, behind the message. The ciphers are `cryptography`'s.
Source: https://developer.work.weixin.qq.com/document/path/90930 (calls), 90968 (signature, seal),
90240 (template_card_event), 90241 (answers, update_button).
"""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass
from hmac import compare_digest
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pydantic import SecretStr

_BLOCK = 32
_IV = 16
_LENGTH = 4
_KEY_BYTES = 32
_LARGEST = 64 * 1024


class CallbackError(ValueError):
    """A call that is not the vendor's, or that is damaged; says nothing of what it had."""


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody pressed: whose account, which key, on which card."""

    user: str
    key: str
    task_id: str


@dataclass(frozen=True, slots=True)
class Signed:
    """What stands in the address of a call."""

    signature: str
    timestamp: str
    nonce: str


class CallbackBox:
    """Opens and seals the calls of one application."""

    def __init__(self, token: SecretStr, key: SecretStr, corp_id: str) -> None:
        """Keep the secrets.

        Args:
            token: Signs, as entered at the vendor.
            key: 43 characters (EncodingAESKey), as entered at the vendor.
            corp_id: The company; a call for another one is refused.

        Raises:
            ValueError: The key is no such key.
        """
        try:
            self._key = base64.b64decode(key.get_secret_value() + "=", validate=True)
        except binascii.Error:
            self._key = b""
        if len(self._key) != _KEY_BYTES:
            raise ValueError("EncodingAESKey 要有 43 个字母或数字")
        self._token = token.get_secret_value()
        self._corp_id = corp_id

    def open(self, sealed: str, signed: Signed) -> bytes:
        """Give the message of a call.

        Raises:
            CallbackError: Signature, seal or company are not ours.
        """
        expected = self._sign(signed.timestamp, signed.nonce, sealed)
        if not compare_digest(expected.encode(), signed.signature.encode()):
            raise CallbackError("signature")
        try:
            content = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError):
            raise CallbackError("base64") from None
        if not content or len(content) % _IV:
            raise CallbackError("length")
        opener = self._cipher().decryptor()
        plain = opener.update(content) + opener.finalize()
        filled = plain[-1]
        if not 1 <= filled <= _BLOCK:
            raise CallbackError("filling")
        plain = plain[:-filled]
        end = _IV + _LENGTH + int.from_bytes(plain[_IV : _IV + _LENGTH], "big")
        if plain[end:].decode("utf-8", "replace") != self._corp_id:
            raise CallbackError("company")
        return plain[_IV + _LENGTH : end]

    def seal(self, message: bytes, *, timestamp: str, nonce: str) -> bytes:
        """Write an answer as the vendor wants it: sealed and signed, in XML."""
        plain = secrets.token_bytes(_IV) + len(message).to_bytes(_LENGTH, "big") + message
        plain += self._corp_id.encode()
        filled = _BLOCK - len(plain) % _BLOCK
        plain += bytes([filled]) * filled
        closer = self._cipher().encryptor()
        sealed = base64.b64encode(closer.update(plain) + closer.finalize()).decode("ascii")
        return _write(
            {
                "Encrypt": sealed,
                "MsgSignature": self._sign(timestamp, nonce, sealed),
                "TimeStamp": timestamp,
                "Nonce": nonce,
            }
        )

    def _cipher(self) -> Cipher[modes.CBC]:
        # The vendor's protocol: the first half of the key is the initialisation vector.
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:_IV]))

    def _sign(self, timestamp: str, nonce: str, sealed: str) -> str:
        parts = "".join(sorted((self._token, timestamp, nonce, sealed)))
        return hashlib.sha1(parts.encode("utf-8")).hexdigest()  # noqa: S324 - the vendor's protocol


def read_envelope(body: bytes) -> str:
    """Give the sealed part of a call's body.

    Raises:
        CallbackError: It has none.
    """
    sealed = _read(body).findtext("Encrypt")
    if not sealed:
        raise CallbackError("no Encrypt")
    return sealed


def read_press(message: bytes) -> Press | None:
    """Read an opened message; None for any event that is no pressed button.

    Raises:
        CallbackError: It is no XML.
    """
    found = _read(message)
    if found.findtext("Event") != "template_card_event":
        return None
    user, key, task_id = (
        (found.findtext(name) or "").strip() for name in ("FromUserName", "EventKey", "TaskId")
    )
    return Press(user, key, task_id) if user and key and task_id else None


def write_button(words: str, press: Press, corp_id: str, timestamp: str) -> bytes:
    """Write the answer that changes the pressed button's words, before it is sealed."""
    answer = Element("xml")
    for name, value in (
        ("ToUserName", press.user),
        ("FromUserName", corp_id),
        ("CreateTime", timestamp),
        ("MsgType", "update_button"),
    ):
        SubElement(answer, name).text = value
    SubElement(SubElement(answer, "Button"), "ReplaceName").text = words
    written: bytes = tostring(answer, encoding="utf-8")
    return written


def task_id_of(idempotency_key: str) -> str:
    """The number of a card: the same for every try of a message, and of no other message."""
    return hashlib.sha256(idempotency_key.encode("utf-8")).hexdigest()[:32]


def _read(content: bytes) -> Element:
    if len(content) > _LARGEST:
        raise CallbackError("too large")
    try:
        found: Element = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise CallbackError("no XML") from None
    return found


def _write(values: dict[str, str]) -> bytes:
    written = Element("xml")
    for name, value in values.items():
        SubElement(written, name).text = value
    content: bytes = tostring(written, encoding="utf-8")
    return content
