"""The channels of the settings: how each is made, and what its vendor allows."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import singledispatch

from alerts.buckets import Limit
from alerts.channels.dingtalk import DingtalkChannel, DingtalkSettings
from alerts.channels.email import EmailChannel, EmailSettings, MailSecurity
from alerts.channels.feishu import FeishuChannel, FeishuSettings
from alerts.channels.port import Channel, Measuring
from alerts.channels.sms_aliyun import AliyunSmsChannel
from alerts.channels.sms_settings import SmsSettings
from alerts.channels.sms_tencent import TencentSmsChannel
from alerts.channels.terminal import TerminalChannel, TerminalSettings
from alerts.channels.webhook import WebhookChannel, WebhookSettings
from alerts.channels.wecom_app import WecomAppChannel, WecomAppSettings
from alerts.channels.wecom_bot import WecomBotChannel, WecomBotSettings
from alerts.channels.wecom_callback import CallbackBox
from alerts.grouping import Gathering
from alerts.rules import FREE, ChannelRule
from monitor.settings import (
    ChannelSettings,
    DingtalkChannelSettings,
    EmailChannelSettings,
    FeishuChannelSettings,
    Settings,
    SmsChannelSettings,
    TerminalChannelSettings,
    WebhookChannelSettings,
    WecomAppChannelSettings,
    WecomBotChannelSettings,
)

Clock = Callable[[], datetime]

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(hours=24)
_ENDPOINTS = {
    "sms_aliyun": "https://dysmsapi.aliyuncs.com",
    "sms_tencent": "https://sms.tencentcloudapi.com",
}
_MOST_IN_A_MAIL = 200
_AT_ONCE_BY_SMS = 1


def make_channels(settings: Settings, clock: Clock) -> dict[str, Channel]:
    """Make every channel of the settings, by its name."""
    return {name: _make(each, name, clock) for name, each in settings.channels.items()}


def make_rules(settings: Settings, channels: Mapping[str, Channel]) -> dict[str, ChannelRule]:
    """Say of every channel what its vendor allows and how its messages are gathered."""
    alerts = settings.alerts
    gathering = Gathering(wait=alerts.gather_for, urgent_singles=alerts.urgent_singles)
    return {
        name: _rule(each, channels[name], gathering, alerts.reserved_for_urgent)
        for name, each in settings.channels.items()
    }


def list_push_secrets(settings: Settings) -> dict[str, str]:
    """The secret of every channel whose vendor may push receipts and answers to the desk."""
    return {
        name: each.push_secret.get_secret_value()
        for name, each in settings.channels.items()
        if isinstance(each, SmsChannelSettings) and each.push_secret is not None
    }


def list_callbacks(settings: Settings) -> dict[str, tuple[CallbackBox, str]]:
    """What opens the calls of every application whose buttons acknowledge, and its company."""
    return {
        name: (CallbackBox(each.callback_token, each.callback_key, each.corp_id), each.corp_id)
        for name, each in settings.channels.items()
        if isinstance(each, WecomAppChannelSettings) and each.callback_token and each.callback_key
    }


@singledispatch
def _make(settings: ChannelSettings, name: str, clock: Clock) -> Channel:
    del clock
    raise TypeError(f"{name}: {type(settings).__name__} has no channel")


@_make.register
def _(settings: TerminalChannelSettings, name: str, _clock: Clock) -> Channel:
    del settings
    return TerminalChannel(TerminalSettings(name=name))


@_make.register
def _(settings: EmailChannelSettings, name: str, _clock: Clock) -> Channel:
    return EmailChannel(
        EmailSettings(
            host=settings.host,
            port=settings.port,
            sender=settings.sender,
            security=MailSecurity(settings.security),
            name=name,
            sender_name=settings.sender_name,
            user=settings.user,
            password=settings.password,
            timeout=settings.timeout,
            ca_file=settings.ca_file,
        )
    )


@_make.register
def _(settings: WecomBotChannelSettings, name: str, _clock: Clock) -> Channel:
    return WecomBotChannel(WecomBotSettings(url=settings.url, name=name, timeout=settings.timeout))


@_make.register
def _(settings: WecomAppChannelSettings, name: str, _clock: Clock) -> Channel:
    return WecomAppChannel(
        WecomAppSettings(
            corp_id=settings.corp_id,
            agent_id=settings.agent_id,
            secret=settings.secret,
            name=name,
            endpoint=settings.endpoint.rstrip("/"),
            timeout=settings.timeout,
            calls_back=settings.callback_key is not None,
        )
    )


@_make.register
def _(settings: DingtalkChannelSettings, name: str, clock: Clock) -> Channel:
    return DingtalkChannel(
        DingtalkSettings(settings.url, settings.secret, name=name, timeout=settings.timeout), clock
    )


@_make.register
def _(settings: FeishuChannelSettings, name: str, clock: Clock) -> Channel:
    return FeishuChannel(
        FeishuSettings(settings.url, settings.secret, name=name, timeout=settings.timeout), clock
    )


@_make.register
def _(settings: SmsChannelSettings, name: str, clock: Clock) -> Channel:
    made = SmsSettings(
        key_id=settings.key_id,
        key=settings.key,
        sign_name=settings.sign_name,
        template=settings.template,
        endpoint=(settings.endpoint or _ENDPOINTS[settings.kind]).rstrip("/"),
        app_id=settings.app_id,
        words=settings.words,
        variables=settings.variables,
        most_parts=settings.most_parts,
        name=name,
        region=settings.region,
        timeout=settings.timeout,
    )
    if settings.kind == "sms_aliyun":
        return AliyunSmsChannel(made, clock)
    return TencentSmsChannel(made, clock)


@_make.register
def _(settings: WebhookChannelSettings, name: str, _clock: Clock) -> Channel:
    return WebhookChannel(
        WebhookSettings(url=settings.url, key=settings.key, name=name, timeout=settings.timeout)
    )


def _rule(
    settings: ChannelSettings, channel: Channel, gathering: Gathering, reserved: int
) -> ChannelRule:
    """Say what one channel's vendor allows.

    Source: the vendors' pages named in each channel's file; `docs/channels.md` has the table.
    """
    fits = channel.fits if isinstance(channel, Measuring) else FREE.fits
    match settings:
        case WecomBotChannelSettings() | DingtalkChannelSettings():
            bot = (Limit(settings.per_minute, _MINUTE, reserved),)
            return ChannelRule(limits=bot, gathering=gathering, fits=fits)
        case FeishuChannelSettings():
            second = Limit(4, timedelta(seconds=1))
            limits = (second, Limit(settings.per_minute, _MINUTE, reserved))
            return ChannelRule(limits=limits, gathering=gathering, fits=fits)
        case WecomAppChannelSettings():
            member = (Limit(settings.per_minute, _MINUTE, reserved), Limit(950, _HOUR))
            return ChannelRule(address_limits=member, gathering=gathering, fits=fits)
        case SmsChannelSettings():
            # An SMS has no room for several names: it tells how many, and all are on the desk.
            number = (Limit(settings.per_day, _DAY, settings.per_day // 3),)
            together = Gathering(gathering.wait, urgent_singles=_AT_ONCE_BY_SMS)
            return ChannelRule(address_limits=number, gathering=together)
        case EmailChannelSettings():
            mail = Gathering(gathering.wait, gathering.urgent_singles, _MOST_IN_A_MAIL)
            return ChannelRule(gathering=mail)
        case _:
            return FREE
