"""E-mail against a real mail server, and against servers without manners."""

import email
import socket
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from pydantic import SecretStr

from alerts.channels.email import EmailChannel, EmailSettings, MailSecurity, build_message
from alerts.rendering import render_text
from monitor.domain import AlertCard
from monitor.errors import DeliveryError
from tests.gateways.mail import (
    Certificate,
    make_certificate,
    running_mail_server,
    running_rude_server,
)

CARD = AlertCard(
    title="【清薪】紧急·新发现欠薪：平原第二建筑公司",
    lines=("用人单位：平原第二建筑公司", "涉及人数：23 人", "拖欠金额：34.56 万元"),
    link="https://desk.example/a/c0de",
    urgent=True,
    made_at=datetime(2026, 11, 23, 4, 0, tzinfo=UTC),
)
TO = "wang@office.example"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    # The client checks the certificate against the real time.
    return make_certificate(tmp_path_factory.mktemp("tls"), datetime.now(UTC))


def channel(port: int, **settings: object) -> EmailChannel:
    plain: dict[str, object] = {
        "host": "127.0.0.1",
        "port": port,
        "sender": "duty@office.example",
        "security": MailSecurity.NONE,
        "timeout": timedelta(seconds=2),
    }
    return EmailChannel(EmailSettings(**(plain | settings)))  # type: ignore[arg-type]


def failure(to: EmailChannel, address: str = TO) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        to.send(CARD, address, "key-1")
    return caught.value


def parsed(raw: bytes | str | None) -> EmailMessage:
    assert isinstance(raw, bytes)
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def body_of(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    content: str = part.get_content()
    return content


def test_a_card_arrives_as_text_and_as_html() -> None:
    with running_mail_server() as server:
        receipt = channel(server.port).send(CARD, TO, "key-1")
    [taken] = server.taken
    message = parsed(taken.original_content)
    assert taken.rcpt_tos == [TO]
    assert message["subject"] == CARD.title
    assert message["from"] == "清薪 <duty@office.example>"
    assert body_of(message, "plain").replace("\r\n", "\n").strip() == render_text(CARD)
    assert "平原第二建筑公司" in body_of(message, "html")
    assert message["importance"] == "high"
    assert message["auto-submitted"] == "auto-generated"
    assert message["date"].datetime == CARD.made_at
    assert receipt.answer


def test_two_tries_are_the_same_to_the_last_byte() -> None:
    with running_mail_server() as server:
        for _ in range(2):
            channel(server.port).send(CARD, TO, "key-1")
        channel(server.port).send(CARD, TO, "key-2")
    first, second, other = (parsed(each.original_content) for each in server.taken)
    assert first.as_bytes() == second.as_bytes()
    assert first["message-id"] == second["message-id"] != other["message-id"]


def test_every_line_of_a_message_is_short_enough_for_every_server() -> None:
    settings = EmailSettings(host="h", port=25, sender="duty@office.example")
    card = AlertCard("长" * 300, ("薪" * 5000,), "https://desk.example/", urgent=False)
    raw = build_message(card, TO, "key", settings).as_bytes()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.isascii()
    assert parsed(raw)["date"] is None


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "permanent"), [("451 4.3.0 try later", False), ("550 5.7.1 not here", True)]
)
def test_the_servers_code_tells_whether_to_try_again(
    stage: str, answer: str, *, permanent: bool
) -> None:
    with running_mail_server(refusals={stage: answer}) as server:
        error = failure(channel(server.port))
    assert error.permanent is permanent
    assert answer in error.answer
    assert server.taken == []


@pytest.mark.parametrize("manner", ["silent", "busy", "drop_mid_body", "drop_after_body"])
def test_a_line_that_breaks_is_tried_again(manner: str) -> None:
    with running_rude_server(manner) as server:
        error = failure(channel(server.port, timeout=timedelta(seconds=0.3)))
    assert not error.permanent


def test_a_server_that_takes_the_message_and_never_says_so_is_tried_again_in_time() -> None:
    with running_rude_server("hang_after_body") as server:
        error = failure(channel(server.port, timeout=timedelta(seconds=0.3)))
    assert not error.permanent
    assert len(server.bodies) == 1


@pytest.mark.timeout(5)
def test_a_server_that_lets_bytes_drip_does_not_hold_the_sender() -> None:
    with running_rude_server("dribble") as server:
        error = failure(channel(server.port, timeout=timedelta(seconds=0.5)))
    assert not error.permanent


@pytest.mark.timeout(5)
def test_bytes_that_drip_through_tls_do_not_hold_the_sender_either(
    certificate: Certificate,
) -> None:
    with running_rude_server("dribble", certificate.server) as server:
        error = failure(
            channel(
                server.port,
                timeout=timedelta(seconds=0.5),
                security=MailSecurity.TLS,
                ca_file=certificate.ca_file,
            )
        )
    assert not error.permanent


def test_a_message_that_was_taken_stays_taken_whatever_the_good_bye() -> None:
    with running_rude_server("bad_quit") as server:
        channel(server.port).send(CARD, TO, "key-1")
    assert len(server.bodies) == 1


def test_nobody_listening_is_tried_again() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert not failure(channel(port)).permanent


@pytest.mark.parametrize(
    "address",
    ["", "wang", "wang@", "a@b.cn\r\nRCPT TO:<x@y.cn>", "王@b.cn", "<a@b.cn>", "a b@c.cn"],
)
def test_an_address_that_is_none_is_never_sent_to(address: str) -> None:
    with running_mail_server() as server:
        error = failure(channel(server.port), address)
    assert error.permanent
    assert server.taken == []


def test_a_title_cannot_add_a_header() -> None:
    card = AlertCard("题目\r\nBcc: x@evil.example", (), "https://desk.example/", urgent=False)
    settings = EmailSettings(host="h", port=25, sender="duty@office.example")
    assert parsed(build_message(card, TO, "key", settings).as_bytes())["bcc"] is None


# ---------------------------------------------------------------- a protected line


def test_starttls_protects_the_line_before_signing_in(certificate: Certificate) -> None:
    with running_mail_server(starttls=certificate.server, must_sign_in=True) as server:
        channel(
            server.port,
            security=MailSecurity.STARTTLS,
            ca_file=certificate.ca_file,
            user="qingxin",
            password=SecretStr("correct horse"),
        ).send(CARD, TO, "key-1")
    assert server.was_protected == [True]


def test_tls_from_the_first_byte(certificate: Certificate) -> None:
    with running_mail_server(tls=certificate.server) as server:
        channel(server.port, security=MailSecurity.TLS, ca_file=certificate.ca_file).send(
            CARD, TO, "key-1"
        )
    assert len(server.taken) == 1


def test_a_wrong_password_is_not_tried_again_and_not_told(certificate: Certificate) -> None:
    with running_mail_server(starttls=certificate.server, must_sign_in=True) as server:
        error = failure(
            channel(
                server.port,
                security=MailSecurity.STARTTLS,
                ca_file=certificate.ca_file,
                user="qingxin",
                password=SecretStr("not the password"),
            )
        )
    assert error.permanent
    assert "not the password" not in f"{error} {error.answer}"
    assert server.taken == []


@pytest.mark.parametrize("security", [MailSecurity.STARTTLS, MailSecurity.TLS])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    certificate: Certificate, security: MailSecurity
) -> None:
    kind = "tls" if security is MailSecurity.TLS else "starttls"
    with running_mail_server(**{kind: certificate.server}) as server:  # type: ignore[arg-type]
        error = failure(channel(server.port, security=security))
    assert error.permanent
    assert server.taken == []


def test_a_server_that_cannot_protect_the_line_gets_nothing() -> None:
    with running_mail_server() as server:
        error = failure(channel(server.port, security=MailSecurity.STARTTLS))
    assert error.permanent
    assert server.taken == []


def test_a_ca_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with running_mail_server() as server:
        error = failure(
            channel(server.port, security=MailSecurity.TLS, ca_file=tmp_path / "none.pem")
        )
    assert "FileNotFoundError" in str(error)
