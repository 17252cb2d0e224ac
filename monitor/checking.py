"""`qingxin check`: every problem of sources, roster, model, database and channels, at once."""

import socket
from collections.abc import Sequence
from datetime import datetime, timedelta

from alerts.ladder import check_ladders
from alerts.roster import DoubleBooking
from alerts.wording import DUTY_WORDS
from monitor.bootstrap.app import App
from monitor.bootstrap.calendars import read_roster_rules
from monitor.bootstrap.duty import read_ladders
from monitor.bootstrap.reading import make_shelf
from monitor.bootstrap.sources import load_sources, name_collector
from monitor.domain import SHANGHAI, DutyGap, Problem, Severity
from monitor.errors import InputError, ModelError, MonitorError, StorageError
from monitor.responsible import find_people
from monitor.roster_book import read_troubles
from monitor.storage.repositories import Rows
from spiders.permission import find_forbidden

_SHOWN = 5
# Met by the collector: these places are not ours to read, whatever their file says.
_BARRED = {
    "S404": "这个地方要登录才能看，不能作为来源：换一个，或写 enabled = false",
    "S409": "robots.txt 不许读：换一个来源，或请网站允许",
}


def find_problems(app: App, now: datetime) -> list[Problem]:
    """Find every problem that can be found without sending anything; worst first.

    The settings themselves were checked when `app` was built (M101 to M107).
    """
    problems: list[Problem] = []
    for check in (_sources, _model, _channels, _template):
        problems += check(app)
    problems += _database(app, now)
    return sorted(problems, key=lambda each: each.severity is not Severity.ERROR)


def find_taken_ports(app: App) -> list[Problem]:
    """Find the ports that we are about to serve on and that something holds already.

    Only a warning: after a kill the roles of the start before may hold theirs for a moment more,
    and a role that finds its port taken is started again until it is free.
    """
    served = {"desk.port": (app.settings.desk.host, app.settings.desk.port)}
    if app.settings.sample.enabled:
        served["sample.port"] = (app.settings.sample.host, app.settings.sample.port)
    return [
        Problem(
            "M108",
            where,
            f"端口 {port} 已被占用，也许清薪已经在运行",
            "停掉占用它的程序，或换一个端口；空出来后会自动用上",
            Severity.WARNING,
        )
        for where, (host, port) in served.items()
        if is_taken(host, port)
    ]


def is_taken(host: str, port: int) -> bool:
    """Say whether somebody answers on a port of this machine."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def _template(app: App) -> list[Problem]:
    """Whether the office's own report template can be filled in."""
    template = app.settings.report.template
    if template is None:
        return []
    from monitor.reporting.paper import open_template  # noqa: PLC0415 - loads Word and pictures

    try:
        open_template(template)
    except InputError as error:
        what, _, cure = str(error).partition("；")
        return [Problem("R701", "report.template", what, cure, Severity.WARNING)]
    return []


def _sources(app: App) -> list[Problem]:
    sources, problems = load_sources(app)
    try:
        _ = name_collector(app)
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
    if any(each.enabled and each.browser for each in sources) and (missing := _lacks_browser()):
        problems += [
            Problem("S434", f"{each.name}.toml: browser", "这个来源要用浏览器读", missing)
            for each in sources
            if each.enabled and each.browser
        ]
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


def _lacks_browser() -> str:
    from spiders.browsing import missing_browser  # noqa: PLC0415 - loads Scrapy

    return missing_browser()


def find_barred_sources(app: App) -> list[Problem]:
    """Find sources that may not be read, by asking their sites and by what the collector met.

    Apart from `find_problems`: one site's robots.txt must not keep the office from starting.
    """
    sources, _ = load_sources(app)
    try:
        problems = find_forbidden(sources, name_collector(app))
    except MonitorError:
        return []  # the contact is wrong, which is told already
    told = {each.where for each in problems}
    names = {each.name for each in sources if each.enabled}
    try:
        with app.storage.look() as rows:
            issues = rows.operations.list_open_issues() if app.storage.is_current() else []
    except StorageError:
        return problems
    return problems + [
        Problem(each.code, f"{each.subject}.toml: url", each.message, _BARRED[each.code])
        for each in issues
        if each.code in _BARRED
        and each.subject in names
        and f"{each.subject}.toml: url" not in told
    ]


def _model(app: App) -> list[Problem]:
    try:
        loaded = make_shelf(app).load_working()
    except ModelError as error:
        return [Problem("T601", str(app.settings.model.folder), str(error), "运行 qingxin train")]
    except StorageError:
        return []  # told as the database's own problem
    return [
        Problem(
            "T602",
            "model",
            f"启用的模型用不了，由 {loaded.reader.version} 代替：{fault}",
            "qingxin train 重新训练再启用，或 qingxin model undo 撤销",
            Severity.WARNING,
        )
        for fault in loaded.faults
    ]


def _audit(app: App) -> list[Problem]:
    """Walk along the audit's chain; whoever changed or cut it is noticed."""
    with app.storage.look() as rows:
        verdict = rows.audit.verify()
    if verdict.broken_at is None:
        return []
    return [
        Problem(
            "D303",
            f"audit {verdict.broken_at}",
            f"审计记录从第 {verdict.broken_at} 条起对不上：被改过、删过或截断过",
            "保留现在的数据库，查日志中 audit.head 记录的最近一次封印，再从备份核对",
        )
    ]


def _channels(app: App) -> list[Problem]:
    lease = app.settings.alerts.lease
    slow = [
        Problem(
            "A402",
            f"channels.{name}.timeout",
            f"超时 {timeout.total_seconds():.0f} 秒，一次发送最长要 "
            f"{(timeout * waits).total_seconds():.0f} 秒，超过 alerts.lease",
            "缩短 timeout 或加长 lease，否则一条消息会发两次",
        )
        for name, channel in app.settings.channels.items()
        # Connecting, sending and the answer may each take the whole timeout; an application of
        # WeCom may ask four times: for a token, in vain, for a new one, and again.
        if (timeout := getattr(channel, "timeout", timedelta(0)))
        * (waits := 12 if channel.kind == "wecom_app" else 3)
        > lease
    ]
    ladders = check_ladders(read_ladders(app.settings), channels=app.settings.channels.keys())
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
            found = [*_people(app, rows), *_roster(app, rows, now)]
        return [*_audit(app), *found]
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
    problems += [
        Problem(
            "P203",
            f"alerts.responsible {part}",
            f"没有名为 {name} 的人，抄送不到",
            "改这一项，或 qingxin user add",
            Severity.WARNING,
        )
        for part, responsible in app.settings.alerts.responsible.items()
        for name in responsible
        if name not in names
    ]
    problems += [
        Problem(
            "P204",
            written,
            "单位或项目登记的劳动监察员没有账号，抄送不到",
            "在该单位的页面改成用户的姓名，或 qingxin user add",
            Severity.WARNING,
        )
        for written in rows.parties.list_inspectors()
        if not find_people(written, people)
    ]
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


def _roster(app: App, rows: Rows, now: datetime) -> list[Problem]:
    roster = app.settings.roster
    until = now + roster.look_ahead
    found = read_troubles(rows, read_roster_rules(app.settings), roster.required, now, until)
    return [*_gaps(found.gaps), *_doubles(found.doubles)]


def _gaps(gaps: Sequence[DutyGap]) -> list[Problem]:
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


def _doubles(doubles: Sequence[DoubleBooking]) -> list[Problem]:
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
