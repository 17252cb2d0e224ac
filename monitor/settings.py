"""`settings.toml` and MONITOR_… variables become one frozen, checked tree; read once, in bootstrap.

Every knob stands in `settings.toml` with its unit; secrets come from the environment only. Whatever
a person can get wrong is found at once and named with a code and a cure (`load_settings`).
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from monitor.domain import DutyRole, Problem, Role, UrgencyLevel
from monitor.errors import SettingsError

PREFIX = "MONITOR_"
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Points = Annotated[int, Field(ge=0, le=1000)]
Port = Annotated[int, Field(ge=0, le=65535)]


def _positive(low_seconds: float, high_seconds: float) -> Any:
    return Field(ge=timedelta(seconds=low_seconds), le=timedelta(seconds=high_seconds))


class Section(BaseModel):
    """A part of the settings: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class DataSettings(Section):
    """Where what we write goes."""

    folder: Path


class DatabaseSettings(Section):
    """Which database; an address with a password belongs into MONITOR_DATABASE__ADDRESS."""

    address: SecretStr


class SourcesSettings(Section):
    """Where the source files are."""

    folder: Path


class CollectSettings(Section):
    """How sources are read."""

    contact: Annotated[str, Field(min_length=3, max_length=200)]
    lease: Annotated[timedelta, _positive(10, 3600)]


class ModelSettings(Section):
    """Which reader."""

    folder: Path


class CasesSettings(Section):
    """How cases are opened and joined."""

    same_text_at: Share
    triage_within: Annotated[timedelta, _positive(60, 30 * 86_400)]


Steps = tuple[tuple[Annotated[float, Field(ge=0)], Points], ...]
"""Pairs of (least, points), highest first."""


class UrgencySettings(Section):
    """The score card: points for what the text says, and how many make a level."""

    worker_steps: Steps
    amount_steps: Steps
    month_steps: Steps
    deadline_steps: Steps
    public_project: Points
    employer_fled: Points
    employer_class_c: Points
    danger_to_life: Points
    raised_at: Points
    high_at: Points
    critical_at: Points

    @model_validator(mode="after")
    def _levels_rise(self) -> "UrgencySettings":
        if not self.raised_at < self.high_at < self.critical_at:
            raise ValueError("raised_at, high_at and critical_at must rise")
        if self.danger_to_life < self.critical_at:
            raise ValueError("danger_to_life must reach critical_at: it always comes first")
        return self


class LadderStepSettings(Section):
    """After `wait` without an acknowledgement, tell whoever has this duty."""

    wait: Annotated[timedelta, _positive(0, 86_400)]
    duty: DutyRole
    channels: tuple[str, ...] = ()


class AlertsSettings(Section):
    """How alerts are sent and repeated."""

    lease: Annotated[timedelta, _positive(5, 600)]
    code_valid_for: Annotated[timedelta, _positive(600, 30 * 86_400)]
    repeat_every: Annotated[timedelta, _positive(30, 86_400)]
    fallback_person: str
    ladder: Mapping[
        Literal["routine", "raised", "high", "critical"], tuple[LadderStepSettings, ...]
    ]


class TerminalChannelSettings(Section):
    """Draws the card where `work` runs."""

    kind: Literal["terminal"]


class EmailChannelSettings(Section):
    """Sends by SMTP; the password is MONITOR_CHANNELS__<NAME>__PASSWORD."""

    kind: Literal["email"]
    host: str
    port: Port
    sender: str
    sender_name: str = "清薪"
    security: Literal["none", "starttls", "tls"] = "starttls"
    user: str | None = None
    password: SecretStr | None = None
    ca_file: Path | None = None
    timeout: Annotated[timedelta, _positive(1, 300)] = timedelta(seconds=10)


class WecomBotChannelSettings(Section):
    """A WeCom group bot; its whole address is a secret: MONITOR_CHANNELS__<NAME>__URL."""

    kind: Literal["wecom_bot"]
    url: SecretStr
    timeout: Annotated[timedelta, _positive(1, 300)] = timedelta(seconds=10)


class WebhookChannelSettings(Section):
    """A signed webhook; address and key are secrets: MONITOR_CHANNELS__<NAME>__URL and …__KEY."""

    kind: Literal["webhook"]
    url: SecretStr
    key: SecretStr
    timeout: Annotated[timedelta, _positive(1, 300)] = timedelta(seconds=10)


ChannelSettings = Annotated[
    TerminalChannelSettings
    | EmailChannelSettings
    | WecomBotChannelSettings
    | WebhookChannelSettings,
    Field(discriminator="kind"),
]


class RosterSettings(Section):
    """How the duty table is understood; local time of the county (Asia/Shanghai)."""

    day_starts: time


class WorkSettings(Section):
    """How often the steps of `work` run, and how long one may hold them."""

    digest_every: Annotated[timedelta, _positive(0.1, 60)]
    deliver_every: Annotated[timedelta, _positive(0.1, 60)]
    escalate_every: Annotated[timedelta, _positive(0.1, 60)]
    lease: Annotated[timedelta, _positive(2, 300)]
    batch: Annotated[int, Field(ge=1, le=5000)]


class DeskSettings(Section):
    """The web pages."""

    host: str
    port: Port
    base_url: str
    cookie_secure: bool
    session_idle: Annotated[timedelta, _positive(60, 86_400)]
    session_absolute: Annotated[timedelta, _positive(60, 7 * 86_400)]
    sign_ins_per_minute: Annotated[int, Field(ge=1, le=1000)]
    secret: SecretStr | None = None


class CanarySettings(Section):
    """The message that we write to ourselves every half hour; see docs/collecting.md."""

    enabled: bool
    channel: str
    address: str


class HealthSettings(Section):
    """When a role counts as late; whom outside we tell that we live (MONITOR_HEALTH__PING_URL)."""

    role_late_after: Annotated[timedelta, _positive(5, 86_400)]
    ping_every: Annotated[timedelta, _positive(10, 86_400)]
    ping_url: SecretStr | None = None


class LogSettings(Section):
    """What is logged."""

    level: Literal["debug", "info", "warning", "error"]


class SamplePerson(Section):
    """An invented officer of the sample county."""

    username: str
    display_name: str
    role: Role
    duty: DutyRole | None = None


class SampleSettings(Section):
    """The invented county that `make run` watches; switch it off in a real office."""

    enabled: bool
    host: Literal["127.0.0.1", "::1"]
    port: Port
    pace: Annotated[timedelta, _positive(0.05, 86_400)]
    seed: int
    people: tuple[SamplePerson, ...] = ()


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    data: DataSettings
    database: DatabaseSettings
    sources: SourcesSettings
    collect: CollectSettings
    model: ModelSettings
    cases: CasesSettings
    urgency: UrgencySettings
    alerts: AlertsSettings
    channels: Mapping[str, ChannelSettings]
    roster: RosterSettings
    work: WorkSettings
    desk: DeskSettings
    canary: CanarySettings
    health: HealthSettings
    log: LogSettings
    sample: SampleSettings

    SECRETS: ClassVar[tuple[str, ...]] = ("password", "key", "url", "secret", "ping_url")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Rank the environment above the file; read nothing else."""
        del settings_cls, dotenv_settings, file_secret_settings
        return env_settings, init_settings

    def ladder_of(self, level: UrgencyLevel) -> tuple[LadderStepSettings, ...]:
        """The ladder of one level; empty when the file has none."""
        return self.alerts.ladder.get(level.name.lower(), ())  # type: ignore[call-overload,no-any-return]


def load_settings(path: Path) -> Settings:
    """Read a settings file; relative paths in it are taken from its own folder.

    Raises:
        SettingsError: With every problem at once: M101 unknown key, M102 missing key, M103 value
            out of bounds or of the wrong kind, M104 no such file, M105 not TOML, M106 a MONITOR_
            variable that names no knob, M107 a secret in the file.
    """
    written = _read(path)
    problems = [*_unknown_variables(os.environ), *_secrets_in(written, path.name)]
    try:
        settings = Settings(**written)
    except ValidationError as error:
        problems += [_as_problem(each, path.name) for each in error.errors()]
        raise SettingsError(tuple(problems)) from None  # the cause would print secret values
    if problems:
        raise SettingsError(tuple(problems))
    return _anchored(settings, path.resolve().parent)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError(
            (Problem("M104", str(path), "no such file", "name the file with --settings"),)
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            (
                Problem(
                    "M104", str(path), f"cannot be read: {error}", "check its rights and encoding"
                ),
            )
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            (Problem("M105", str(path), f"not valid TOML: {error}", "mend the line that is named"),)
        ) from error


def _unknown_variables(environment: Mapping[str, str]) -> list[Problem]:
    known = set(Settings.model_fields)
    return [
        Problem(
            "M106",
            name,
            "names no section of the settings",
            f"sections: {', '.join(sorted(known))}",
        )
        for name in sorted(environment)
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).split("__")[0].lower() not in known
    ]


def _secrets_in(written: Mapping[str, Any], where: str) -> list[Problem]:
    sections = {name: written.get(name, {}) for name in ("desk", "health")} | {
        f"channels.{name}": channel for name, channel in written.get("channels", {}).items()
    }
    return [
        Problem(
            "M107",
            f"{where} {section}.{key}",
            "a secret may not stand in the file",
            f"set {PREFIX}{section.replace('.', '__').upper()}__{key.upper()} instead",
        )
        for section, keys in sections.items()
        if isinstance(keys, dict)
        for key in keys
        if key in Settings.SECRETS
    ]


def _as_problem(error: ErrorDetails, where: str) -> Problem:
    tags = {get_args(each.model_fields["kind"].annotation)[0] for each in _channel_kinds()}
    path = ".".join(str(part) for part in error["loc"] if part not in tags)
    match error["type"]:
        case "extra_forbidden":
            return Problem(
                "M101", f"{where} {path}", "unknown key", "check the spelling or remove it"
            )
        case "missing":
            return Problem("M102", f"{where} {path}", "missing", "add it; settings.toml shows how")
        case _:
            return Problem("M103", f"{where} {path}", error["msg"], "see the comment beside it")


def _channel_kinds() -> tuple[type[Section], ...]:
    return (
        TerminalChannelSettings,
        EmailChannelSettings,
        WecomBotChannelSettings,
        WebhookChannelSettings,
    )


def _anchored(settings: Settings, folder: Path) -> Settings:
    """Make every relative path absolute, so that the working directory does not matter."""

    def at(path: Path) -> Path:
        return path if path.is_absolute() else folder / path

    address = settings.database.address.get_secret_value()
    prefix = "sqlite:///"
    if address.startswith(prefix) and not address.startswith(prefix + "/"):
        address = f"{prefix}{at(Path(address.removeprefix(prefix)))}"
    return settings.model_copy(
        update={
            "data": DataSettings(folder=at(settings.data.folder)),
            "sources": SourcesSettings(folder=at(settings.sources.folder)),
            "model": ModelSettings(folder=at(settings.model.folder)),
            "database": DatabaseSettings(address=SecretStr(address)),
        }
    )
