"""What the desk is told about where and how it runs."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class WebSettings:
    """How the desk is set up; made by `bootstrap` from the settings file.

    `secret_key` signs the CSRF tokens: at least 32 bytes, the same on every host of one desk, and
    kept over a restart. `base_url` is the address that officers use, without a slash at the end.
    `cookie_secure` is false only on loopback. A session ends after `session_idle` without a request
    and in any case `session_absolute` after the sign-in. The limits count requests of one client
    address in a minute. `second_factor` asks everybody but the read-only role for a code from the
    phone. `metrics_token` opens /metrics to others than this host; None opens it to
    nobody else. `expected_roles` are the roles without which /healthz says that the watch stands.
    """

    secret_key: bytes
    base_url: str
    cookie_secure: bool
    session_idle: timedelta = timedelta(hours=8)
    session_absolute: timedelta = timedelta(hours=24)
    sign_ins_per_minute: int = 10
    links_per_minute: int = 30
    api_per_minute: int = 120
    pushes_per_minute: int = 600
    second_factor: bool = False
    metrics_token: str | None = None
    expected_roles: tuple[str, ...] = ("collect", "work")
    bureau: str = "劳动保障监察"

    def __post_init__(self) -> None:
        """Refuse a key that is too short to sign with."""
        if len(self.secret_key) < 32:  # noqa: PLR2004 - the length of the digest that it keys
            message = "secret_key must have at least 32 bytes"
            raise ValueError(message)
