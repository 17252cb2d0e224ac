"""`qingxin check`: every problem of sources, roster, model, database and channels, at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from alerts.ladder import check_ladders
from alerts.roster import find_double_bookings, find_gaps
from alerts.wording import DUTY_WORDS
from monitor.bootstrap import App
from monitor.domain import SHANGHAI, DutyRole, Problem, Severity, Shift
from monitor.errors import ModelError, MonitorError, StorageError
from monitor.storage.repositories import Rows

LOOK_AHEAD = timedelta(days=60)
_SHOWN = 5


def find_problems(app: App, now: datetime) -> list[Problem]:
    """Find every problem that can be found without sending anything; worst first.

    The settings themselves were checked when `app` was built (M101 to M107).
    """
    problems: list[Problem] = []
    for check in (_sources, _model, _channels):
        problems += check(app)
    problems += _database(app, now)
    return sorted(problems, key=lambda each: each.severity is not Severity.ERROR)


def _sources(app: App) -> list[Problem]:
    sources, problems = app.load_sources()
    try:
        _ = app.user_agent
    except MonitorError as error:
        problems.append(
            Problem("S191", "collect.contact", str(error), "换一个不含这些字母的联系方式")
        )
    if app.settings.collect.contact.endswith("example.invalid") and not app.settings.sample.enabled:
        problems.append(
            Problem(
                "S192",
                "collect.contact",
                "还是样例里的联系方式，网站的人找不到我们",
                "写上单位的邮箱或网址",
            )
        )
    if not any(each.enabled for each in sources):
        problems.append(
            Problem(
                "S190",
                str(app.settings.sources.folder),
                "没有可读的来源",
                "加一个来源文件，见 docs/sources.md",
            )
        )
    return problems


def _model(app: App) -> list[Problem]:
    try:
        _ = app.reader
    except ModelError as error:
        return [Problem("T601", str(app.settings.model.folder), str(error), "运行 qingxin train")]
    return []


def _channels(app: App) -> list[Problem]:
    lease = app.settings.alerts.lease
    slow = [
        Problem(
            "A402",
            f"channels.{name}.timeout",
            f"{timeout.total_seconds():.0f} 秒的超时用到 alerts.lease 的三分之一以上",
            "缩短 timeout 或加长 lease，否则一条消息会发两次",
        )
        for name, channel in app.settings.channels.items()
        # Connecting, sending and the answer may each take the whole timeout.
        if (timeout := getattr(channel, "timeout", timedelta(0))) * 3 > lease
    ]
    ladders = check_ladders(app.ladders, channels=app.settings.channels.keys())
    return [*ladders, *slow, *_canary(app)]


def _canary(app: App) -> list[Problem]:
    settings = app.settings.canary
    if settings.enabled and settings.channel not in app.settings.channels:
        return [
            Problem(
                "C502",
                "canary.channel",
                f"没有名为“{settings.channel}”的渠道",
                f"改用已设的渠道：{'、'.join(sorted(app.settings.channels))}",
            )
        ]
    if not settings.enabled and not app.settings.sample.enabled:
        return [
            Problem(
                "C503",
                "canary.enabled",
                "没有打开全程自检：中间哪一环停了，没有人会知道",
                "写 enabled = true",
                Severity.WARNING,
            )
        ]
    return []


def _database(app: App, now: datetime) -> list[Problem]:
    where = app.storage.dialect
    try:
        if not app.storage.is_current():
            return [
                Problem(
                    "D301",
                    where,
                    "数据库还没有建立或版本旧",
                    "运行 qingxin run，启动时自动升级",
                    Severity.WARNING,
                )
            ]
        with app.storage.look() as rows:
            return [*_people(app, rows), *_roster(rows, now)]
    except StorageError as error:
        return [Problem("D302", where, str(error), "检查 [database] 的地址、权限和磁盘空间")]


def _people(app: App, rows: Rows) -> list[Problem]:
    people = [each for each in rows.users.list_all() if not each.disabled]
    problems = [
        Problem(
            "P201",
            each.username,
            "没有任何能用的通知渠道，收不到提醒",
            "qingxin user contact NAME --channel 渠道名",
            Severity.WARNING,
        )
        for each in people
        if not any(contact.channel in app.settings.channels for contact in each.contacts)
    ]
    names = {each.username for each in people}
    if app.settings.alerts.fallback_person not in names and not app.settings.sample.enabled:
        problems.append(
            Problem(
                "P202",
                "alerts.fallback_person",
                f"没有名为 {app.settings.alerts.fallback_person} 的人",
                "qingxin user add，或改这一项",
            )
        )
    return problems


def _roster(rows: Rows, now: datetime) -> list[Problem]:
    shifts = rows.duty.list_between(now - timedelta(days=2), now + LOOK_AHEAD)
    return [*_gaps(shifts, now), *_doubles(shifts)]


def _gaps(shifts: Sequence[Shift], now: datetime) -> list[Problem]:
    gaps = find_gaps(shifts, tuple(DutyRole), now, now + LOOK_AHEAD)
    shown = [
        Problem(
            "R301",
            DUTY_WORDS[gap.duty],
            f"{_day(gap.starts_at)} 至 {_day(gap.ends_at)} 无人值班",
            "qingxin roster import 补上",
            Severity.WARNING,
        )
        for gap in gaps[:_SHOWN]
    ]
    return _with_rest(shown, len(gaps), "R301")


def _doubles(shifts: Sequence[Shift]) -> list[Problem]:
    doubles = find_double_bookings(shifts)
    shown = [
        Problem(
            "R302",
            f"{DUTY_WORDS[each.first.duty]}、{DUTY_WORDS[each.second.duty]}",
            f"{_day(each.starts_at)} 起 {each.first.person} 与 {each.second.person} 重叠",
            "改值班表后重新导入",
            Severity.WARNING,
        )
        for each in doubles[:_SHOWN]
    ]
    return _with_rest(shown, len(doubles), "R302")


def _with_rest(shown: list[Problem], total: int, code: str) -> list[Problem]:
    if total > len(shown):
        shown.append(
            Problem(
                code,
                "值班表",
                f"还有 {total - len(shown)} 处同样的问题",
                "qingxin roster gaps",
                Severity.WARNING,
            )
        )
    return shown


def _day(at: datetime) -> str:
    return at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")
