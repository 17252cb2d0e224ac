"""Mail servers: a real one (aiosmtpd) that can be told to refuse, and one without manners."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from socket import socket
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class MailServer:
    """What was taken, and what is refused: `refusals` maps MAIL, RCPT or DATA to an answer."""

    refusals: dict[str, str] = field(default_factory=dict)
    user: str = "qingxin"
    password: str = "correct horse"
    taken: list[Envelope] = field(default_factory=list)
    was_protected: list[bool] = field(default_factory=list)
    port: int = 0

    async def handle_MAIL(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.refusals.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "RCPT" not in self.refusals:
            envelope.rcpt_tos.append(address)
        return self.refusals.get("RCPT", "250 OK")

    async def handle_DATA(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if "DATA" not in self.refusals:
            self.taken.append(envelope)
            self.was_protected.append(session.ssl is not None)
        return self.refusals.get("DATA", "250 OK queued")

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        known = isinstance(given, LoginPassword) and given == LoginPassword(
            self.user.encode(), self.password.encode()
        )
        return AuthResult(success=known, handled=False)


@contextmanager
def running_mail_server(
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    must_sign_in: bool = False,
    **settings: Any,
) -> Iterator[MailServer]:
    """Run a mail server on a port that the system gives."""
    mail = MailServer(**settings)
    loop = asyncio.new_event_loop()

    def make() -> SMTP:
        return SMTP(
            mail,
            hostname="mail.example",
            loop=loop,
            tls_context=starttls,
            require_starttls=starttls is not None,
            authenticator=mail.authenticate,
            auth_required=must_sign_in,
            auth_require_tls=starttls is not None,
        )

    server = loop.run_until_complete(loop.create_server(make, "127.0.0.1", 0, ssl=tls))
    mail.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield mail
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@dataclass
class RudeServer:
    """A mail server without manners.

    `manner` is one of: silent (never greets), busy (greets with 421), drop_mid_body,
    drop_after_body (takes everything, then closes without an answer), hang_after_body, bad_quit
    (takes the message, then answers QUIT with an error), dribble (answers a byte now and then).
    """

    manner: str
    bodies: list[bytes] = field(default_factory=list)
    port: int = 0
    closing: Event = field(default_factory=Event)

    def serve(self, line: socket) -> None:
        if self.manner == "silent":
            self.closing.wait()
            return
        if self.manner == "busy":
            line.sendall(b"421 mail.example too busy\r\n")
            return
        line.sendall(b"220 mail.example ESMTP\r\n")
        stream = line.makefile("rb")
        with stream:
            while command := stream.readline():
                if not self._answer(line, stream, command.upper()):
                    return

    def _answer(self, line: socket, stream: Any, command: bytes) -> bool:
        """Answer one command; False to hang up."""
        if command.startswith(b"DATA"):
            line.sendall(b"354 go on\r\n")
            return self._take_body(line, stream)
        if command.startswith(b"QUIT"):
            line.sendall(b"502 no\r\n" if self.manner == "bad_quit" else b"221 bye\r\n")
            return False
        if self.manner == "dribble" and command.startswith(b"MAIL"):
            for _ in range(500):
                line.sendall(b"2")
                if self.closing.wait(0.02):
                    return False
        line.sendall(b"250 OK\r\n")
        return True

    def _take_body(self, line: socket, stream: Any) -> bool:
        body = b""
        while not body.endswith(b"\r\n.\r\n"):
            body += stream.readline()
            if self.manner == "drop_mid_body":
                return False
        self.bodies.append(body)
        if self.manner == "drop_after_body":
            return False
        if self.manner == "hang_after_body":
            self.closing.wait()
            return False
        line.sendall(b"250 OK queued\r\n")
        return True


@contextmanager
def running_rude_server(manner: str, tls: ssl.SSLContext | None = None) -> Iterator[RudeServer]:
    """Run a rude server on a port that the system gives."""
    rude = RudeServer(manner)

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                if tls is None:
                    rude.serve(self.request)
                else:
                    with tls.wrap_socket(self.request, server_side=True) as line:
                        rude.serve(line)

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    rude.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield rude
    finally:
        rude.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass(frozen=True)
class Certificate:
    """A certificate for 127.0.0.1 that signs itself; `ca_file` makes a client trust it."""

    ca_file: Path
    server: ssl.SSLContext


def make_certificate(folder: Path, now: datetime) -> Certificate:
    """Make a certificate that is valid for a day around `now`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - timedelta(days=1))
        .not_valid_after(now.astimezone(UTC) + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file = folder / "key.pem"
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(ca_file, key_file)
    return Certificate(ca_file, context)
