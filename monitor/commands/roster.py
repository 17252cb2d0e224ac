"""`roster`: import, who is on duty, gaps, and the calendar on a phone."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from alerts.announcing import shown_double, shown_gap
from alerts.duty_calendar import write_calendar
from alerts.roster import on_duty
from alerts.wording import DUTY_WORDS
from monitor.bootstrap.app import App, read_clock
from monitor.bootstrap.calendars import read_roster_rules
from monitor.commands.opening import note_act, open_app
from monitor.commands.terms import JsonOption, SettingsOption, emit, say
from monitor.desk.codes import hash_code
from monitor.desk.roster_import import read_draft
from monitor.domain import SHANGHAI, DutyRole, Severity, Shift
from monitor.errors import InputError, NotFoundError
from monitor.roster_book import read_roster, read_roster_around, read_troubles

rosters = typer.Typer(help="值班表。", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="用户名")]
BY = "console"
"""Who made a change that came from the command line."""

CALENDAR_BACK = timedelta(days=30)
CALENDAR_AHEAD = timedelta(days=180)


@rosters.command("import")
def import_roster(file: Path, settings: SettingsOption = None) -> None:
    """导入值班表（xlsx 或 csv）；每个有问题的行都会指出来。"""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} 读不了：{error.strerror}") from error
    with open_app(settings) as built:
        now = read_clock()
        day_starts = built.settings.roster.day_starts
        with built.storage.look() as rows:
            table = read_draft(rows, content, file.name, day_starts=day_starts, now=now)
        for problem in table.problems:
            say(f"{'错误' if problem.severity is Severity.ERROR else '提醒'} {problem}")
        if not table.can_be_taken:
            say("有错误，值班表没有改动。改好后再导入。")
            raise typer.Exit(1)
        with built.storage.work() as rows:
            rows.duty.replace(table.shifts)
            note_act(rows, "roster.imported", "roster", f"{len(table.shifts)} 个班次")
    for problem in table.still:
        say(f"提醒 {problem}")
    say(f"导入 {len(table.shifts)} 个班次，{len(table.problems) + len(table.still)} 个提醒。")


@rosters.command("show")
def show_roster(
    at: Annotated[str | None, typer.Option("--at", help="时刻，ISO 8601；缺省是现在")] = None,
    days: Annotated[
        int | None, typer.Option("--days", min=1, max=400, help="列出从这时起多少天的班")
    ] = None,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """这个时刻谁在值班；换班、调整、请假都算在内。"""
    with open_app(settings) as built:
        instant, rules = parse_instant(at), read_roster_rules(built.settings)
        with built.storage.look() as rows:
            names = {each.username: each.display_name for each in rows.users.list_all()}
            if days is not None:
                until = instant + timedelta(days=days)
                _list_shifts(read_roster(rows, rules, instant, until), names, as_json=as_json)
                return
            shifts = read_roster_around(rows, rules, instant)
    found = {duty: on_duty(shifts, duty, instant) for duty in DutyRole}
    if as_json:
        emit({"at": instant.isoformat()} | {duty.value: who for duty, who in found.items()})
        return
    for duty, who in found.items():
        typer.echo(f"{DUTY_WORDS[duty]}：{names.get(who, who) if who else '无人'}")


def _list_shifts(shifts: list[Shift], names: dict[str, str], *, as_json: bool) -> None:
    for each in shifts:
        starts_at, ends_at = _local(each.starts_at), _local(each.ends_at)
        if as_json:
            emit(
                {
                    "duty": each.duty.value,
                    "person": each.person,
                    "starts_at": starts_at,
                    "ends_at": ends_at,
                    "note": each.note,
                }
            )
        else:
            typer.echo(
                f"{starts_at} 至 {ends_at}  {DUTY_WORDS[each.duty]}  "
                f"{names.get(each.person, each.person)}  {each.note}".rstrip()
            )


@rosters.command("gaps")
def show_gaps(
    days: Annotated[int, typer.Option("--days", min=1, max=400, help="看今后多少天")] = 60,
    settings: SettingsOption = None,
    as_json: JsonOption = False,
) -> None:
    """今后哪些时段没有人值班、哪些排重了；有的话退出码是 1。"""
    with open_app(settings) as built:
        now = read_clock()
        until = now + timedelta(days=days)
        with built.storage.look() as rows:
            found = read_troubles(
                rows, read_roster_rules(built.settings), built.settings.roster.required, now, until
            )
            names = {each.username: each.display_name for each in rows.users.list_all()}
    for gap in found.gaps:
        if as_json:
            local = {"starts_at": _local(gap.starts_at), "ends_at": _local(gap.ends_at)}
            emit({"kind": "gap", "duty": gap.duty.value, **local})
        else:
            typer.echo(shown_gap(gap, now))
    for double in found.doubles:
        if as_json:
            pair = (double.first, double.second)
            emit(
                {
                    "kind": "double",
                    "duties": [each.duty.value for each in pair],
                    "people": [each.person for each in pair],
                    "starts_at": _local(double.starts_at),
                    "ends_at": _local(double.ends_at),
                }
            )
        else:
            typer.echo(shown_double(double, names))
    if found:
        raise typer.Exit(1)
    say(f"今后 {days} 天没有空档，也没有排重。")


# ---------------------------------------------------------------- calendars


@rosters.command("calendar")
def save_calendar(
    name: NameArgument,
    out: Annotated[Path, typer.Option("--out", help="写到哪个 .ics 文件")],
    settings: SettingsOption = None,
) -> None:
    """把一个人的班写成日历文件（iCalendar）。"""
    with open_app(settings) as built:
        content = make_calendar(built, name, read_clock())
    try:
        out.write_bytes(content)
    except OSError as error:
        raise InputError(f"{out} 写不了：{error.strerror}") from error
    say(f"已写 {out}，可以导入手机或电脑的日历。")


def make_calendar(built: App, name: str, now: datetime) -> bytes:
    """Write a person's calendar.

    Raises:
        NotFoundError: There is no such person.
    """
    with built.storage.look() as rows:
        person = rows.users.find(name)
        if person is None:
            raise NotFoundError(f"没有用户 {name}")
        rules = read_roster_rules(built.settings)
        shifts = read_roster(rows, rules, now - CALENDAR_BACK, now + CALENDAR_AHEAD)
    return write_calendar(
        shifts, name, person.display_name, desk_url=built.settings.desk.base_url, now=now
    )


@rosters.command("calendar-address")
def make_calendar_address(name: NameArgument, settings: SettingsOption = None) -> None:
    """给一个人的日历一个秘密地址，手机日历可以订阅；旧地址立即失效。"""
    with open_app(settings) as built, built.storage.work() as rows:
        if rows.users.find(name) is None:
            raise NotFoundError(f"没有用户 {name}")
        token = secrets.token_urlsafe(24)
        rows.rosters.set_calendar_address(name, hash_code(token), read_clock())
        note_act(rows, "roster.calendar", f"user:{name}")
        typer.echo(f"{built.settings.desk.base_url.rstrip('/')}/calendar/{token}.ics")
    say("只显示这一次；只给本人，不要转发。")


# ---------------------------------------------------------------- reading what was typed


def parse_instant(given: str | None) -> datetime:
    """Read an instant; without a zone it is Asia/Shanghai, and None is now.

    Raises:
        InputError: It cannot be read.
    """
    if given is None:
        return read_clock()
    try:
        at = datetime.fromisoformat(given)
    except ValueError:
        raise InputError(f"时刻 {given} 看不懂，例如 2026-11-23T08:00") from None
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def _local(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="minutes")
