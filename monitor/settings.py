"""`settings.toml` and MONITOR_… variables become one frozen, checked tree; read once, in bootstrap.

Every knob stands in `settings.toml` with its unit; secrets come from the environment only. Whatever
a person can get wrong is found at once and named with a code and a cure (`load_settings`).
"""

import os
import tomllib
from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from monitor.domain import DutyRole, Problem, Role, UrgencyLevel
from monitor.errors import RefusedError, SettingsError
from monitor.refusals import check_names

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
    """Which reader, and how often its scores and words are held against its first ones."""

    folder: Path
    drift_every: Annotated[timedelta, _positive(60, 7 * 86_400)]


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


LevelName = Literal["routine", "raised", "high", "critical"]


class QuietSettings(Section):
    """When alerts of some levels are held; local time (Asia/Shanghai), may pass midnight."""

    levels: tuple[Literal["routine", "raised"], ...]
    starts: time
    ends: time


class AlertsSettings(Section):
    """How alerts are sent and repeated."""

    lease: Annotated[timedelta, _positive(5, 600)]
    code_valid_for: Annotated[timedelta, _positive(600, 30 * 86_400)]
    repeat_every: Annotated[timedelta, _positive(30, 86_400)]
    fallback_person: str
    gather_for: Annotated[timedelta, _positive(0, 600)]
    urgent_singles: Annotated[int, Field(ge=1, le=50)]
    reserved_for_urgent: Annotated[int, Field(ge=0, le=100)]
    ladder: Mapping[LevelName, tuple[LadderStepSettings, ...]]
    calm_repeat_every: Annotated[timedelta, _positive(3600, 7 * 86_400)]
    quiet: QuietSettings
    untouched_after: Mapping[LevelName, Annotated[timedelta, _positive(600, 60 * 86_400)]]
    responsible: Mapping[str, tuple[str, ...]] = {}


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


Minutely = Annotated[int, Field(ge=1, le=1000)]


class WecomBotChannelSettings(Section):
    """A WeCom group bot; its whole address is a secret: MONITOR_CHANNELS__<NAME>__URL."""

    kind: Literal["wecom_bot"]
    url: SecretStr
    per_minute: Minutely = 15
    timeout: Annotated[timedelta, _positive(1, 300)] = timedelta(seconds=10)


class WecomAppChannelSettings(Section):
    """A WeCom application; its secret is MONITOR_CHANNELS__<NAME>__SECRET.

    With …__CALLBACK_TOKEN and …__CALLBACK_KEY (both or neither) its cards' buttons acknowledge.
    """

    kind: Literal["wecom_app"]
    corp_id: str
    agent_id: Annotated[int, Field(ge=0)]
    secret: SecretStr
    callback_token: Annotated[SecretStr, Field(min_length=1, max_length=32)] | None = None
    callback_key: Annotated[SecretStr, Field(min_length=43, max_length=43)] | None = None
    endpoint: str = "https://qyapi.weixin.qq.com"
    per_minute: Minutely = 25
    timeout: Annotated[timedelta, _positive(1, 300)] = timedelta(seconds=4)

    @model_validator(mode="after")
    def _callback_is_whole(self) -> "WecomAppChannelSettings":
        if (self.callback_token is None) != (self.callback_key is None):
            raise ValueError("callback_token and callback_key go together: give both or neither")
        if self.callback_key and not self.callback_key.get_secret_value().isalnum():
            raise ValueError("callback_key must be 43 letters and figures (EncodingAESKey)")
        return self


class DingtalkChannelSettings(Section):
    """A DingTalk group bot; address and signing secret are secrets: …__URL and …__SECRET."""

    kind: Literal["dingtalk"]
    url: SecretStr
    secret: SecretStr | None = None
    per_minute: Minutely = 15
    timeout: Annotated[timedelta, _positive(1, 300)] = timedelta(seconds=10)


class FeishuChannelSettings(Section):
    """A Feishu group bot; address and signing secret are secrets: …__URL and …__SECRET."""

    kind: Literal["feishu"]
    url: SecretStr
    secret: SecretStr | None = None
    per_minute: Minutely = 75
    timeout: Annotated[timedelta, _positive(1, 300)] = timedelta(seconds=10)


SmsVariable = Literal["level", "subject", "detail", "number"]


class SmsChannelSettings(Section):
    """SMS by an approved template; …__KEY is the account's secret, …__PUSH_SECRET the path's."""

    kind: Literal["sms_aliyun", "sms_tencent"]
    key_id: str
    key: SecretStr
    sign_name: str
    template: str
    app_id: str = ""
    words: str = ""
    variables: tuple[SmsVariable, ...] = ("level", "subject", "detail", "number")
    most_parts: Annotated[int, Field(ge=1, le=7)] = 2
    per_day: Annotated[int, Field(ge=1, le=1000)] = 45
    endpoint: str | None = None
    region: str = "ap-guangzhou"
    push_secret: Annotated[SecretStr, Field(min_length=20)] | None = None
    timeout: Annotated[timedelta, _positive(1, 300)] = timedelta(seconds=10)

    @model_validator(mode="after")
    def _application_is_named(self) -> "SmsChannelSettings":
        if self.kind == "sms_tencent" and not self.app_id:
            raise ValueError("app_id is missing: the number of the SMS application (SmsSdkAppId)")
        return self


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
    | WecomAppChannelSettings
    | DingtalkChannelSettings
    | FeishuChannelSettings
    | SmsChannelSettings
    | WebhookChannelSettings,
    Field(discriminator="kind"),
]


class RosterSettings(Section):
    """How the duty table is understood; local time of the county (Asia/Shanghai)."""

    day_starts: time
    required: tuple[DutyRole, ...]
    look_ahead: Annotated[timedelta, _positive(86_400, 366 * 86_400)]
    near: Annotated[timedelta, _positive(3600, 14 * 86_400)]
    rest_days: tuple[date, ...]
    work_days: tuple[date, ...]
    handed_over: tuple[DutyRole, ...]
    sheet_before: Annotated[timedelta, _positive(0, 86_400)]
    accept_within: Annotated[timedelta, _positive(60, 86_400)]


class WatchSettings(Section):
    """What the auditor allows; it watches the watch."""

    audit_every: Annotated[timedelta, _positive(1, 600)]
    duty_every: Annotated[timedelta, _positive(1, 300)]
    grace: Annotated[timedelta, _positive(5, 3600)]
    stuck_after: Annotated[timedelta, _positive(30, 3600)]
    tell_again: Annotated[timedelta, _positive(60, 86_400)]
    silent_after: Mapping[
        Literal["collect", "work", "desk"], Annotated[timedelta, _positive(30, 86_400)]
    ]


class ClockSettings(Section):
    """Deadlines. `spring_festival_days_before`: 1 is the eve."""

    accept_days: Annotated[int, Field(ge=1, le=60)]
    investigate_days: Annotated[int, Field(ge=1, le=200)]
    extension_days: Annotated[int, Field(ge=0, le=100)]
    public_month: Annotated[int, Field(ge=1, le=12)]
    public_day: Annotated[int, Field(ge=1, le=31)]
    spring_festival_days_before: Annotated[int, Field(ge=0, le=60)]
    remind_days_before: Annotated[int, Field(ge=0, le=60)]
    entered_years: tuple[Annotated[int, Field(ge=2020, le=2100)], ...]

    @model_validator(mode="after")
    def _the_day_exists(self) -> "ClockSettings":
        date(2026, self.public_month, self.public_day)  # raises ValueError for 31 June
        return self


class LedgerSettings(Section):
    """Classes of parties and large cases; the numbers are the bureau's."""

    look_back_days: Annotated[int, Field(ge=30, le=3650)]
    b_cases: Annotated[int, Field(ge=1, le=1000)]
    b_public_money: bool
    c_cases: Annotated[int, Field(ge=1, le=1000)]
    c_open_cases: Annotated[int, Field(ge=1, le=1000)]
    c_open_amount_yuan: Annotated[float, Field(gt=0)]
    c_open_workers: Annotated[int, Field(ge=1)]
    c_reopened: Annotated[int, Field(ge=1)]
    c_overdue_orders: Annotated[int, Field(ge=1)]
    visit_days: tuple[
        Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1)]
    ]
    large_workers: Annotated[int, Field(ge=2)]
    large_amount_yuan: Annotated[float, Field(gt=0)]


class WorkSettings(Section):
    """How often the steps of `work` run, and how long one may hold them."""

    digest_every: Annotated[timedelta, _positive(0.1, 60)]
    deliver_every: Annotated[timedelta, _positive(0.1, 60)]
    escalate_every: Annotated[timedelta, _positive(0.1, 60)]
    register_every: Annotated[timedelta, _positive(0.1, 600)]
    receive_every: Annotated[timedelta, _positive(1, 3600)]
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
    second_factor: bool
    hotline: str
    secret: SecretStr | None = None


class CanarySettings(Section):
    """The message that we write to ourselves every half hour; see docs/collecting.md."""

    enabled: bool
    channel: str
    address: str


class CampaignSettings(Section):
    """A drive against unpaid wages, from the bureau's plan; days in Asia/Shanghai, included."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9一-鿿._-]{1,40}$")]
    title: Annotated[str, Field(min_length=1, max_length=60)]
    starts_on: date
    ends_on: date
    public_by: date
    others_by: date

    @model_validator(mode="after")
    def _days_rise(self) -> "CampaignSettings":
        if not self.starts_on <= self.ends_on:
            raise ValueError("starts_on must not be after ends_on")
        if min(self.public_by, self.others_by) < self.starts_on:
            raise ValueError("a deadline lies before the campaign begins")
        return self


class ReportSettings(Section):
    """The reports: heading, template, when, to whom, and what counts as a rise."""

    office: Annotated[str, Field(max_length=60)] = ""
    template: Path | None = None
    kinds: tuple[Literal["week", "month", "quarter"], ...] = ("week",)
    at: time = time(8, 7)
    people: tuple[str, ...] = ()
    confidence: Annotated[float, Field(ge=0.8, le=0.999)] = 0.95
    most_missing: Share = 0.1
    cluster_at: Annotated[int, Field(ge=2, le=100)] = 3
    campaigns: tuple[CampaignSettings, ...] = ()

    @field_validator("template", mode="before")
    @classmethod
    def _empty_is_ours(cls, given: object) -> object:
        return given or None

    @model_validator(mode="after")
    def _names_differ(self) -> "ReportSettings":
        names = [each.name for each in self.campaigns]
        if len(names) != len(set(names)):
            raise ValueError("two campaigns have one name")
        return self


class HealthSettings(Section):
    """When a role counts as late; whom outside we tell that we live (MONITOR_HEALTH__PING_URL)."""

    role_late_after: Annotated[timedelta, _positive(5, 86_400)]
    ping_every: Annotated[timedelta, _positive(10, 86_400)]
    ping_url: SecretStr | None = None


class RetentionSettings(Section):
    """How long things are kept; `monitor.retention.RetentionPolicy` says from when each counts."""

    closed_texts: Annotated[timedelta, _positive(86_400, 3 * 366 * 86_400)]
    not_a_claim_texts: Annotated[timedelta, _positive(86_400, 366 * 86_400)]
    no_claim_texts: Annotated[timedelta, _positive(86_400, 366 * 86_400)]
    sent_messages: Annotated[timedelta, _positive(7 * 86_400, 3 * 366 * 86_400)]
    closed_issues: Annotated[timedelta, _positive(7 * 86_400, 3 * 366 * 86_400)]
    longest_hold: Annotated[timedelta, _positive(86_400, 3 * 366 * 86_400)]
    purge_every: Annotated[timedelta, _positive(60, 86_400)]

    @model_validator(mode="after")
    def _what_is_no_claim_goes_first(self) -> "RetentionSettings":
        if max(self.no_claim_texts, self.not_a_claim_texts) > self.closed_texts:
            raise ValueError("what is no claim may not be kept longer than a claim")
        return self


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
    clocks: ClockSettings
    ledger: LedgerSettings
    watch: WatchSettings
    work: WorkSettings
    desk: DeskSettings
    canary: CanarySettings
    report: ReportSettings = ReportSettings()
    health: HealthSettings
    retention: RetentionSettings
    log: LogSettings
    sample: SampleSettings

    SECRETS: ClassVar[tuple[str, ...]] = (
        "password", "key", "url", "secret", "push_secret", "ping_url",
        "callback_token", "callback_key",
    )  # fmt: skip

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
    tags = {
        tag for each in _channel_kinds() for tag in get_args(each.model_fields["kind"].annotation)
    }
    path = ".".join(str(part) for part in error["loc"] if part not in tags)
    match error["type"]:
        case "extra_forbidden":
            try:
                check_names([f"{error['loc'][-1]} {error['input']}"], path)
            except RefusedError as refused:
                return Problem("M101", f"{where} {path}", str(refused), "删去这个键")
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
        WecomAppChannelSettings,
        DingtalkChannelSettings,
        FeishuChannelSettings,
        SmsChannelSettings,
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
            "model": settings.model.model_copy(update={"folder": at(settings.model.folder)}),
            "report": settings.report.model_copy(
                update={"template": settings.report.template and at(settings.report.template)}
            ),
            "database": DatabaseSettings(address=SecretStr(address)),
        }
    )
