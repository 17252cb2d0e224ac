"""E-mail by SMTP: plain text and HTML of one card to one address.

The server's code decides: 4xx is tried again, 5xx is not (RFC 5321, section 4.2.1). What was taken
stays taken, whatever happens while saying good-bye.
"""

import hashlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from alerts.channels.port import masked_answer
from alerts.rendering import render_html, render_text
from monitor.domain import AlertCard, Receipt
from monitor.errors import DeliveryError

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")
_PERMANENT_FROM = 500


class MailSecurity(StrEnum):
    """How the line to the server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """A mail server. `timeout` bounds connecting, each answer, and all of one message.

    `user` None sends without signing in. `ca_file` names the certificates that are trusted; None
    takes the system's. `sender` is an address that the server lets this user send from.
    """

    host: str
    port: int
    sender: str
    security: MailSecurity = MailSecurity.STARTTLS
    name: str = "email"
    sender_name: str = "清薪"
    user: str | None = None
    password: SecretStr | None = None
    timeout: timedelta = timedelta(seconds=20)
    ca_file: Path | None = None


class _Line(smtplib.SMTP):
    """A line that is cut when all of a message takes longer than its timeout.

    A server that lets a byte fall now and then would outlast any wait for a single answer.
    """

    _guard: threading.Timer | None = None

    def connect(
        self,
        host: str = "localhost",
        port: int = 0,
        source_address: Any = None,
    ) -> tuple[int, bytes]:
        self._guard = threading.Timer(float(self.timeout), self._cut)
        self._guard.daemon = True
        self._guard.start()
        return super().connect(host, port, source_address)

    def close(self) -> None:
        if self._guard is not None:
            self._guard.cancel()
        super().close()

    def _cut(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                # Under TLS too it is the bare line that is cut: the reader then finds it closed.
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class _TlsLine(_Line, smtplib.SMTP_SSL):
    """The same, protected from the first byte."""


class EmailChannel:
    """Sends a card as e-mail; an address is an e-mail address."""

    def __init__(self, settings: EmailSettings) -> None:
        """Keep the settings; nothing is opened until a message is sent."""
        self._settings = settings

    @property
    def name(self) -> str:
        """The name in the settings."""
        return self._settings.name

    def send(self, card: AlertCard, address: str, idempotency_key: str) -> Receipt:
        """Send the card; see `Channel.send`."""
        if not _ADDRESS.fullmatch(address):
            raise DeliveryError("邮箱地址无效，请在人员设置中更正", permanent=True)
        message = build_message(card, address, idempotency_key, self._settings)
        with self._translated(), self._connected() as server:
            self._prepare(server)
            server.send_message(message, self._settings.sender, [address])
        return Receipt("accepted by the mail server")

    def _prepare(self, server: smtplib.SMTP) -> None:
        """Protect the line and sign in, as the settings ask."""
        if self._settings.security is MailSecurity.STARTTLS:
            server.starttls(context=self._trust())
        if self._settings.user is not None:
            server.login(self._settings.user, self._password())

    def _password(self) -> str:
        return self._settings.password.get_secret_value() if self._settings.password else ""

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self._settings.ca_file)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """Open the line, and close it without a word about how the closing went."""
        # The last one is our name in the greeting; the library would ask the name servers for it.
        where = (self._settings.host, self._settings.port, _domain(self._settings.sender))
        seconds = self._settings.timeout.total_seconds()
        server: smtplib.SMTP = (
            _TlsLine(*where, timeout=seconds, context=self._trust())
            if self._settings.security is MailSecurity.TLS
            else _Line(*where, timeout=seconds)
        )
        try:
            yield server
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn every failure of the line into a `DeliveryError`."""
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise self._refused(code, said) from error
        except smtplib.SMTPResponseException as error:
            raise self._refused(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise DeliveryError("邮件服务器不支持设置所要求的方式", permanent=True) from error
        except ssl.SSLCertVerificationError as error:
            raise DeliveryError(
                f"邮件服务器的证书不可信（{error.verify_message}）", permanent=True
            ) from error
        except UnicodeError as error:
            raise DeliveryError("服务器名或密码里有不能用的字符", permanent=True) from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(
                f"与邮件服务器的连接失败（{type(error).__name__}）", permanent=False
            ) from error

    def _refused(self, code: int, said: bytes | str) -> DeliveryError:
        text = said.decode("utf-8", errors="replace") if isinstance(said, bytes) else said
        return DeliveryError(
            f"邮件服务器拒收（{code}）",
            permanent=code >= _PERMANENT_FROM,
            answer=masked_answer(f"{code} {text}", self._password()),
        )


def build_message(
    card: AlertCard, address: str, idempotency_key: str, settings: EmailSettings
) -> EmailMessage:
    """Write the e-mail: the same bytes for the same card, address and key."""
    mark = hashlib.sha256(idempotency_key.encode("utf-8")).hexdigest()[:32]
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(card.title.split())
    message["From"] = formataddr((settings.sender_name, settings.sender))
    message["To"] = address
    message["Message-ID"] = f"<{mark}@{_domain(settings.sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    if card.made_at is not None:
        message["Date"] = format_datetime(card.made_at)
    if card.urgent:
        message["Importance"] = "high"
    message.set_content(render_text(card), cte="base64")
    message.add_alternative(render_html(card), subtype="html", cte="base64")
    message.set_boundary(f"qingxin-{mark}")
    return message


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
